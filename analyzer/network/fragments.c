// SPDX-License-Identifier: GPL-2.0-or-later
#include "fragments.h"

#include "network_internal.h"

struct datagram {
	struct ims_entry entry;
	struct ims_runs runs;
	struct ims_ip ip; /* the last fragment's; its payload is gone */
	bool protected;
	struct ims_stamp stamp; /* of the last fragment */
	uint32_t size;	/* behind the IP header; 0: the last is not there */
	bool done;	/* came out, or was given up: kept to know copies */
	uint32_t space; /* its number for the tap; 0: none yet */
	int64_t done_ns;
};

void ims_fragments_init(struct ims_fragments *fragments)
{
	*fragments = (struct ims_fragments){
		.budget.limit = IMS_FRAGMENTS_MAX_BYTES,
	};
	ims_table_init(&fragments->table);
}

static void forget(struct ims_fragments *fragments, struct datagram *datagram)
{
	ims_table_remove(&fragments->table, &datagram->entry);
	ims_runs_clear(&datagram->runs, &fragments->budget);
	g_free(datagram);
}

void ims_fragments_fini(struct ims_fragments *fragments)
{
	while (fragments->table.oldest)
		forget(fragments, (struct datagram *)fragments->table.oldest);
	ims_table_fini(&fragments->table);
	g_free(fragments->whole);
}

/* Whatever comes of it for a while is a copy, or of no use. */
static void finish(struct ims_network *network, struct datagram *datagram)
{
	ims_runs_clear(&datagram->runs, &network->fragments.budget);
	datagram->done = true;
	datagram->done_ns = network->now_ns;
}

static enum ims_transport transport_of(uint8_t protocol)
{
	switch (protocol) {
	case IMS_IP_UDP:
		return IMS_TRANSPORT_UDP;
	case IMS_IP_TCP:
		return IMS_TRANSPORT_TCP;
	case IMS_IP_SCTP:
		return IMS_TRANSPORT_SCTP;
	default:
		return IMS_TRANSPORT_NONE;
	}
}

/* With the first fragment the ports are known, and how a message began. */
static void tell_first(struct ims_event *event, const struct ims_run *first)
{
	if (!first || first->piece.start != 0 || first->piece.len < 8 ||
	    event->transport == IMS_TRANSPORT_NONE)
		return;
	event->source.port = ims_be16(first->data);
	event->destination.port = ims_be16(first->data + 2);
	if (event->transport == IMS_TRANSPORT_UDP)
		event->bytes = ims_slice(first->data + 8, first->piece.len - 8);
}

static void tell_parts(const struct ims_network *network,
		       const struct datagram *datagram)
{
	for (const struct ims_run *r = datagram->runs.first; r; r = r->next)
		ims_network_part(network, &datagram->stamp, &r->piece.stamp);
}

static void report(struct ims_network *network, const struct datagram *datagram)
{
	const struct ims_ip *ip = &datagram->ip;
	struct ims_flow flow = {
		.transport = transport_of(ip->protocol),
		.source.address = ip->source,
		.destination.address = ip->destination,
		.ip_id = ip->source.family == 4 ? ip->id : 0,
		.protected = datagram->protected,
		.stamp = datagram->stamp,
	};
	struct ims_event event = ims_event_of(&flow, IMS_EVENT_FRAGMENT_LOST);

	tell_first(&event, datagram->runs.first);
	tell_parts(network, datagram);
	network->sink(network->user, &event);
}

static void expire(struct ims_network *network, struct datagram *datagram)
{
	if (!datagram->done)
		report(network, datagram);
	forget(&network->fragments, datagram);
}

void ims_fragments_expire(struct ims_network *network)
{
	struct ims_fragments *fragments = &network->fragments;
	struct ims_entry *oldest;

	while ((oldest = fragments->table.oldest) &&
	       ims_elapsed(oldest->used_ns, network->now_ns) >
		       IMS_FRAGMENTS_TIMEOUT_NS)
		expire(network, (struct datagram *)oldest);
}

void ims_fragments_finish(struct ims_network *network)
{
	while (network->fragments.table.oldest)
		expire(network,
		       (struct datagram *)network->fragments.table.oldest);
}

static void let_oldest_go(struct ims_network *network,
			  enum ims_network_bound bound)
{
	struct datagram *oldest =
		(struct datagram *)network->fragments.table.oldest;

	if (!oldest->done)
		ims_network_let_go(network, bound);
	forget(&network->fragments, oldest);
}

static struct ims_key key_of(const struct ims_ip *ip)
{
	struct ims_key key = {0};

	ims_key_address(&key.word[0], &ip->source);
	ims_key_address(&key.word[2], &ip->destination);
	key.word[4] = (uint64_t)ip->source.family << 40 | ip->id;
	/* RFC 8200 4.5 leaves the protocol out: it may differ there. */
	if (ip->source.family == 4)
		key.word[4] |= (uint64_t)ip->protocol << 32;
	return key;
}

static struct datagram *datagram_new(struct ims_network *network,
				     const struct ims_key *key)
{
	struct ims_table *table = &network->fragments.table;
	struct datagram *datagram;

	while (table->n_entries >= IMS_NETWORK_MAX_FRAGMENTS)
		let_oldest_go(network, IMS_NETWORK_BOUND_DATAGRAMS);
	datagram = g_try_malloc(sizeof(*datagram));
	if (!datagram) {
		ims_network_let_go(network, IMS_NETWORK_BOUND_MEMORY);
		return NULL;
	}
	*datagram = (struct datagram){0};
	ims_table_add(table, &datagram->entry, key, network->now_ns);
	return datagram;
}

/* NULL: a copy of what is done with already, or no memory. */
static struct datagram *datagram_of(struct ims_network *network,
				    const struct ims_ip *ip)
{
	struct ims_fragments *fragments = &network->fragments;
	struct ims_key key = key_of(ip);
	struct datagram *datagram =
		(struct datagram *)ims_table_find(&fragments->table, &key);

	if (!datagram)
		return datagram_new(network, &key);
	if (!datagram->done)
		return datagram;
	if (ims_elapsed(datagram->done_ns, network->now_ns) <
	    IMS_FRAGMENTS_COPIES_NS)
		return NULL;
	forget(fragments, datagram); /* the number came around */
	return datagram_new(network, &key);
}

static bool is_whole(const struct datagram *datagram)
{
	uint32_t end = 0;

	if (datagram->size == 0)
		return false;
	for (const struct ims_run *r = datagram->runs.first; r; r = r->next) {
		if (r->piece.start != end)
			return false;
		end = ims_piece_end(&r->piece);
	}
	return end >= datagram->size;
}

/*
 * Copies the fragments into one. What stands behind a fragment that was cut
 * by the snapshot length is of no use.
 */
static bool put_together(struct ims_fragments *fragments,
			 const struct datagram *datagram,
			 struct ims_cursor *cursor)
{
	uint8_t *whole = g_try_malloc(datagram->size);
	size_t len = 0;

	if (!whole)
		return false;
	for (const struct ims_run *r = datagram->runs.first;
	     r && r->piece.start == len && len < datagram->size; r = r->next) {
		size_t n = MIN(r->piece.len, datagram->size - len);

		memcpy(whole + len, r->data, n);
		len += n;
	}
	/* The bytes at the cursor may be in the one before. */
	g_free(fragments->whole);
	fragments->whole = whole;
	cursor->bytes = (struct ims_span){whole, len, datagram->size};
	return true;
}

/* What the first fragment says goes for the whole (RFC 8200 4.5). */
static bool add(struct ims_network *network, struct datagram *datagram,
		const struct ims_cursor *cursor)
{
	const struct ims_ip *ip = &cursor->ip;
	uint8_t protocol = datagram->ip.protocol;
	struct ims_piece piece = {
		.start = ip->fragment_offset,
		.span = (uint32_t)cursor->bytes.wire,
		.at = cursor->bytes.at,
		.len = cursor->bytes.len,
		.stamp = ims_network_stamp(network, cursor->packet),
	};

	datagram->ip = *ip;
	if (ip->fragment_offset && datagram->runs.first)
		datagram->ip.protocol = protocol;
	datagram->protected = cursor->protected;
	datagram->stamp = piece.stamp;
	if (!ip->more_fragments && datagram->size == 0)
		datagram->size = ims_piece_end(&piece);
	return ims_runs_add(&datagram->runs, &network->fragments.budget,
			    &piece) &&
	       datagram->runs.n_runs <= IMS_FRAGMENTS_MAX_PIECES;
}

static void keep_in_budget(struct ims_network *network,
			   const struct datagram *datagram)
{
	struct ims_fragments *fragments = &network->fragments;

	while (fragments->budget.used > fragments->budget.limit &&
	       fragments->table.oldest != &datagram->entry)
		let_oldest_go(network, IMS_NETWORK_BOUND_FRAGMENT_BYTES);
}

/* The cursor goes on in the datagram, as if it had never been cut up. */
static void go_on(struct ims_network *network, struct ims_cursor *cursor,
		  struct datagram *datagram)
{
	const struct ims_tap *tap = network->tap;

	if (tap)
		tap->whole(tap->user, cursor->bytes.at, cursor->bytes.len,
			   ims_network_space(network, &datagram->space, 0));
	cursor->ip.protocol = datagram->ip.protocol;
	cursor->ip.more_fragments = false;
	cursor->ip.reassembled = true;
	cursor->ip.fragment_offset = 0;
	ims_ip_extensions(cursor);
}

static void tell_place(struct ims_network *network, struct datagram *datagram,
		       const struct ims_cursor *cursor)
{
	const struct ims_tap *tap = network->tap;

	if (tap)
		tap->placed(tap->user, cursor->bytes.at, cursor->bytes.len,
			    ims_network_space(network, &datagram->space, 0),
			    cursor->ip.fragment_offset);
}

bool ims_fragments_take(struct ims_network *network, struct ims_cursor *cursor)
{
	struct datagram *datagram;
	bool added, whole;

	if (cursor->bytes.wire == 0 ||
	    cursor->ip.fragment_offset + cursor->bytes.wire > UINT16_MAX) {
		cursor->layer = IMS_LAYER_BAD;
		return false;
	}
	datagram = datagram_of(network, &cursor->ip);
	if (!datagram)
		return false;
	tell_place(network, datagram, cursor);
	added = add(network, datagram, cursor);
	keep_in_budget(network, datagram);
	if (added && !is_whole(datagram))
		return false;
	whole = added && put_together(&network->fragments, datagram, cursor);
	if (whole)
		tell_parts(network, datagram);
	if (!whole)
		ims_network_let_go(network,
				   datagram->runs.n_runs >
						   IMS_FRAGMENTS_MAX_PIECES
					   ? IMS_NETWORK_BOUND_FRAGMENTS
					   : IMS_NETWORK_BOUND_MEMORY);
	finish(network, datagram);
	if (whole)
		go_on(network, cursor, datagram);
	return whole;
}
