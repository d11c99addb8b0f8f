// SPDX-License-Identifier: GPL-2.0-or-later
/* What IP carries: transports, and tunnels with another packet inside. */
#include "layers.h"

enum {
	PORT_GTPU = 2152,
	PORT_ESP = 4500,
	PORT_VXLAN = 4789,
};

enum gre_flag {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_VERSION = 0x0007,
};

enum gre_type {
	GRE_ERSPAN_2 = 0x88be,
	GRE_ERSPAN_3 = 0x22eb,
};

enum gtpu_flag {
	GTPU_VERSION = 0xe0,
	GTPU_VERSION_1 = 0x20,
	GTPU_NOT_PRIME = 0x10,
	GTPU_EXTENSION = 0x04,
	GTPU_OPTIONAL = 0x07, /* any of extension, sequence, N-PDU */
};

#define GTPU_T_PDU 255

static void enter_behind(struct ims_cursor *cursor, size_t header,
			 enum ims_layer inner)
{
	ims_layers_enter(cursor, inner);
	if (!ims_span_skip(&cursor->bytes, header))
		cursor->layer = IMS_LAYER_BAD;
}

/*
 * A copied frame. Type II has a header of 8 bytes and GRE's sequence number;
 * without the number it is type I, which has none. Type III has 12 bytes,
 * and 8 more when the last bit says so (draft-foschiano-erspan 4).
 */
static void read_erspan(struct ims_cursor *cursor, unsigned type, bool numbered)
{
	size_t header = numbered ? 8 : 0;

	if (type == GRE_ERSPAN_3) {
		header = 12;
		if (cursor->bytes.len >= 12 && cursor->bytes.at[11] & 1)
			header = 20;
	}
	enter_behind(cursor, header, IMS_LAYER_ETHERNET);
}

/* RFC 2784 2, RFC 2890 2 */
static void read_gre(struct ims_cursor *cursor)
{
	const uint8_t *at = cursor->bytes.at;
	size_t header = 4;
	unsigned flags;

	if (cursor->bytes.len < 4) {
		cursor->layer = IMS_LAYER_BAD;
		return;
	}
	flags = ims_be16(at);
	if (flags & (GRE_ROUTING | GRE_VERSION)) {
		cursor->layer = IMS_LAYER_NOTHING; /* PPTP and the like */
		return;
	}
	header += flags & GRE_CHECKSUM ? 4 : 0;
	header += flags & GRE_KEY ? 4 : 0;
	header += flags & GRE_SEQUENCE ? 4 : 0;
	cursor->type = ims_be16(at + 2);
	enter_behind(cursor, header, IMS_LAYER_TYPE);
	if (cursor->layer == IMS_LAYER_TYPE &&
	    (cursor->type == GRE_ERSPAN_2 || cursor->type == GRE_ERSPAN_3))
		read_erspan(cursor, cursor->type, flags & GRE_SEQUENCE);
}

/* The I flag and nothing else (RFC 7348 5); false: something else. */
static bool read_vxlan(struct ims_cursor *cursor)
{
	const uint8_t *at = cursor->bytes.at;

	if (cursor->bytes.len < 8 + 14 || ims_be32(at) != 0x08000000 || at[7])
		return false;
	enter_behind(cursor, 8, IMS_LAYER_ETHERNET);
	return true;
}

/* The size of GTP-U's headers (TS 29.281 5.1, 5.2); 0: they do not fit. */
static size_t gtpu_size(const struct ims_span *bytes)
{
	size_t size = 12;
	uint8_t next;

	if (!(bytes->at[0] & GTPU_OPTIONAL))
		return 8;
	if (bytes->len < size)
		return 0;
	next = bytes->at[0] & GTPU_EXTENSION ? bytes->at[11] : 0;
	while (next) {
		size_t units = size < bytes->len ? bytes->at[size] : 0;

		if (units == 0 || bytes->len - size < units * 4)
			return 0;
		size += units * 4;
		next = bytes->at[size - 1];
	}
	return size;
}

/* A user's IP packet in GTP-U version 1; false: something else. */
static bool read_gtpu(struct ims_cursor *cursor)
{
	struct ims_span inner = cursor->bytes;
	const uint8_t *at = inner.at;
	size_t header;

	if (inner.len < 8 || at[1] != GTPU_T_PDU ||
	    (at[0] & (GTPU_VERSION | GTPU_NOT_PRIME)) !=
		    (GTPU_VERSION_1 | GTPU_NOT_PRIME))
		return false;
	header = gtpu_size(&inner);
	if (header == 0 || !ims_span_skip(&inner, header) || inner.len == 0)
		return false;
	if (inner.at[0] >> 4 != 4 && inner.at[0] >> 4 != 6)
		return false;
	enter_behind(cursor, header, IMS_LAYER_IP);
	return true;
}

/*
 * ESP in UDP, which is neither IKE (four zeroes) nor a keep-alive of one
 * byte (RFC 3948 2); false: something else.
 */
static bool read_esp_in_udp(struct ims_cursor *cursor)
{
	if (cursor->bytes.len < 8 || ims_be32(cursor->bytes.at) == 0)
		return false;
	cursor->layer = IMS_LAYER_ESP;
	return true;
}

static bool has_port(const struct ims_cursor *cursor, uint16_t port)
{
	return cursor->source_port == port || cursor->destination_port == port;
}

static void read_udp(struct ims_cursor *cursor)
{
	const uint8_t *at = cursor->bytes.at;
	size_t length;

	if (!ims_span_skip(&cursor->bytes, 8)) {
		cursor->layer = IMS_LAYER_BAD;
		return;
	}
	cursor->layer = IMS_LAYER_UDP;
	cursor->source_port = ims_be16(at);
	cursor->destination_port = ims_be16(at + 2);
	length = ims_be16(at + 4);
	/* Less than its header: left to the card, as in IP. */
	if (length >= 8 && length - 8 < cursor->bytes.wire)
		ims_span_limit(&cursor->bytes, length - 8);
	if (has_port(cursor, PORT_GTPU) && read_gtpu(cursor))
		return;
	if (has_port(cursor, PORT_VXLAN) && read_vxlan(cursor))
		return;
	if (has_port(cursor, PORT_ESP))
		read_esp_in_udp(cursor);
}

void ims_tunnel_step(struct ims_cursor *cursor)
{
	switch (cursor->ip.protocol) {
	case IMS_IP_UDP:
		read_udp(cursor);
		break;
	case IMS_IP_TCP:
		cursor->layer = IMS_LAYER_TCP;
		break;
	case IMS_IP_SCTP:
		cursor->layer = IMS_LAYER_SCTP;
		break;
	case IMS_IP_ESP:
		cursor->layer = IMS_LAYER_ESP;
		break;
	case IMS_IP_ICMP:
	case IMS_IP_ICMPV6:
		cursor->layer = IMS_LAYER_ICMP;
		break;
	case IMS_IP_IPV4:
	case IMS_IP_IPV6:
		ims_layers_enter(cursor, IMS_LAYER_IP);
		break;
	case IMS_IP_GRE:
		read_gre(cursor);
		break;
	case IMS_IP_MPLS:
		ims_layers_enter(cursor, IMS_LAYER_MPLS);
		break;
	default:
		cursor->layer = IMS_LAYER_NOTHING;
		break;
	}
}
