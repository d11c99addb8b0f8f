// SPDX-License-Identifier: GPL-2.0-or-later
#include "esp.h"

#include "checksum.h"
#include "network_internal.h"

#define ESP_HEADER  8u
#define ESP_TRAILER 2u /* pad length, next header */

/* What stands around the payload. */
struct shape {
	uint8_t vector; /* initialization vector */
	uint8_t check;	/* integrity check value */
};

/*
 * HMAC-MD5-96 and HMAC-SHA-1-96 (TS 33.203 annex H) first, then 128 bits,
 * AES-GMAC with its vector (RFC 4543 3), and the rest.
 */
static const struct shape shapes[] = {
	{0, 12}, {0, 16}, {8, 16}, {0, 0}, {0, 20}, {0, 24}, {0, 32},
};

/* What is known of one security association. */
struct security {
	struct ims_entry entry;
	unsigned shape;	 /* index of the one that was right last */
	unsigned failed; /* packets that could not be read */
	bool read;	 /* one could */
};

void ims_esp_init(struct ims_esp *esp)
{
	ims_table_init(&esp->table);
}

void ims_esp_fini(struct ims_esp *esp)
{
	while (esp->table.oldest) {
		struct ims_entry *oldest = esp->table.oldest;

		ims_table_remove(&esp->table, oldest);
		g_free(oldest);
	}
	ims_table_fini(&esp->table);
}

/* NULL: no memory. */
static struct security *security_of(struct ims_network *network,
				    const struct ims_ip *ip, uint32_t spi)
{
	struct ims_table *table = &network->esp.table;
	struct ims_key key = {0};
	struct ims_entry *entry;

	ims_key_address(&key.word[0], &ip->destination);
	key.word[2] = spi;
	key.word[3] = ip->destination.family;
	entry = ims_table_find(table, &key);
	if (entry) {
		ims_table_touch(table, entry, network->now_ns);
		return (struct security *)entry;
	}
	if (table->n_entries >= IMS_ESP_MAX_ASSOCIATIONS) {
		entry = table->oldest;
		ims_table_remove(table, entry);
	} else {
		entry = g_try_malloc(sizeof(struct security));
	}
	if (!entry)
		return NULL;
	*(struct security *)entry = (struct security){0};
	ims_table_add(table, entry, &key, network->now_ns);
	return (struct security *)entry;
}

/* RFC 4303 2.4: the padding counts up from 1. */
static bool padding_is_right(const struct ims_span *inner, size_t length)
{
	const uint8_t *pad = inner->at + inner->len - length;

	for (size_t i = 0; i < length; i++)
		if (pad[i] != i + 1)
			return false;
	return true;
}

static bool checksum_is_right(const struct ims_cursor *cursor, uint8_t protocol,
			      const struct ims_span *inner)
{
	return ims_checksum_transport(&cursor->ip, protocol, inner) == 0;
}

/* Whether the bytes begin a message: the addresses may have been changed. */
static bool begins_message(const uint8_t *at, size_t len)
{
	return ims_message_find(at, len).extent != IMS_EXTENT_FOREIGN;
}

static bool is_udp(const struct ims_cursor *cursor,
		   const struct ims_span *inner)
{
	if (inner->len < 8 || ims_be16(inner->at + 4) != inner->len)
		return false;
	if (ims_be16(inner->at + 6) == 0) /* RFC 768: none was made */
		return true;
	return checksum_is_right(cursor, IMS_IP_UDP, inner) ||
	       begins_message(inner->at + 8, inner->len - 8);
}

static bool is_tcp(const struct ims_cursor *cursor,
		   const struct ims_span *inner)
{
	size_t header;

	if (inner->len < 20)
		return false;
	header = (size_t)(inner->at[12] >> 4) * 4;
	if (header < 20 || header > inner->len)
		return false;
	return checksum_is_right(cursor, IMS_IP_TCP, inner) ||
	       begins_message(inner->at + header, inner->len - header);
}

/* Tunnel mode: its length is that of the rest. */
static bool is_ipv4(const struct ims_span *inner)
{
	size_t header;

	if (inner->len < 20 || inner->at[0] >> 4 != 4)
		return false;
	header = (size_t)(inner->at[0] & 0x0f) * 4;
	return header >= 20 && ims_be16(inner->at + 2) == inner->len &&
	       header <= inner->len && ims_checksum(0, inner->at, header) == 0;
}

static bool is_ipv6(const struct ims_span *inner)
{
	return inner->len >= 40 && inner->at[0] >> 4 == 6 &&
	       (size_t)ims_be16(inner->at + 4) + 40 == inner->len;
}

static bool is_icmp(const struct ims_span *inner)
{
	return inner->len >= 8 && ims_checksum(0, inner->at, inner->len) == 0;
}

static bool is_plain(const struct ims_cursor *cursor, uint8_t protocol,
		     const struct ims_span *inner)
{
	switch (protocol) {
	case IMS_IP_UDP:
		return is_udp(cursor, inner);
	case IMS_IP_TCP:
		return is_tcp(cursor, inner);
	case IMS_IP_IPV4:
		return is_ipv4(inner);
	case IMS_IP_IPV6:
		return is_ipv6(inner);
	case IMS_IP_ICMP:
		return is_icmp(inner);
	default:
		return false;
	}
}

/* Tries one shape; on success *inner and *protocol say what is inside. */
static bool fits(struct ims_span *inner, uint8_t *protocol,
		 const struct ims_cursor *cursor, const struct shape *shape)
{
	size_t around = ESP_HEADER + shape->vector + ESP_TRAILER + shape->check;
	size_t pad;

	*inner = cursor->bytes;
	if (inner->len < around)
		return false;
	ims_span_skip(inner, ESP_HEADER + shape->vector);
	ims_span_limit(inner, inner->len - shape->check - ESP_TRAILER);
	pad = inner->at[inner->len];
	*protocol = inner->at[inner->len + 1];
	if (pad > inner->len || !padding_is_right(inner, pad))
		return false;
	ims_span_limit(inner, inner->len - pad);
	return is_plain(cursor, *protocol, inner);
}

/* The shape that was right last goes first. */
static bool try_shapes(struct ims_cursor *cursor, struct security *security)
{
	struct ims_span inner;
	uint8_t protocol;

	for (unsigned i = 0; i < G_N_ELEMENTS(shapes); i++) {
		unsigned at = (security->shape + i) % G_N_ELEMENTS(shapes);

		if (!fits(&inner, &protocol, cursor, &shapes[at]))
			continue;
		security->shape = at;
		cursor->bytes = inner;
		cursor->ip.protocol = protocol;
		cursor->protected = true;
		ims_layers_enter(cursor, IMS_LAYER_TRANSPORT);
		return true;
	}
	return false;
}

/* One that ends before its trailer does not show what it is. */
static bool try_to_read(struct ims_cursor *cursor, struct security *security)
{
	if (ims_span_is_cut(&cursor->bytes))
		return false;
	if (!security->read && security->failed >= IMS_ESP_TRIES)
		return false;
	if (try_shapes(cursor, security)) {
		security->read = true;
		return true;
	}
	security->failed++;
	return false;
}

bool ims_esp_open(struct ims_network *network, struct ims_cursor *cursor)
{
	const uint8_t *at = cursor->bytes.at;
	struct security *security;
	struct ims_flow flow;
	struct ims_event event;

	if (cursor->bytes.len < ESP_HEADER) {
		cursor->layer = IMS_LAYER_BAD;
		return false;
	}
	ims_network_counter(network, cursor->packet->capture)->esp_packets++;
	security = security_of(network, &cursor->ip, ims_be32(at));
	if (security && try_to_read(cursor, security))
		return true;
	flow = ims_network_flow(network, cursor, IMS_TRANSPORT_NONE);
	event = ims_event_of(&flow, IMS_EVENT_ESP);
	event.spi = ims_be32(at);
	event.sequence = ims_be32(at + 4);
	network->sink(network->user, &event);
	return false;
}
