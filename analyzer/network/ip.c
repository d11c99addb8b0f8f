// SPDX-License-Identifier: GPL-2.0-or-later
/* IPv4 (RFC 791), IPv6 and its extension headers (RFC 8200). */
#include "layers.h"

#define IPV4_MORE_FRAGMENTS 0x2000
#define IPV4_OFFSET	    0x1fff

static void bad(struct ims_cursor *cursor)
{
	cursor->layer = IMS_LAYER_BAD;
}

static void set_address(struct ims_address *address, uint8_t family,
			const uint8_t *bytes)
{
	address->family = family;
	memset(address->bytes, 0, sizeof(address->bytes));
	memcpy(address->bytes, bytes, family == 4 ? 4 : 16);
}

static bool is_fragment(const struct ims_ip *ip)
{
	return ip->more_fragments || ip->fragment_offset;
}

static void read_ipv4(struct ims_cursor *cursor)
{
	const uint8_t *at = cursor->bytes.at;
	struct ims_ip *ip = &cursor->ip;
	size_t header, total;

	if (cursor->bytes.len < 20) {
		bad(cursor);
		return;
	}
	header = (size_t)(at[0] & 0x0f) * 4;
	total = ims_be16(at + 2);
	if (header < 20 || (total && total < header)) {
		bad(cursor);
		return;
	}
	/* 0: the kernel left it to the card to cut the packet up (TSO) */
	if (total)
		ims_span_limit(&cursor->bytes, total);
	ip->id = ims_be16(at + 4);
	ip->more_fragments = ims_be16(at + 6) & IPV4_MORE_FRAGMENTS;
	ip->fragment_offset = (ims_be16(at + 6) & IPV4_OFFSET) * 8u;
	ip->protocol = at[9];
	set_address(&ip->source, 4, at + 12);
	set_address(&ip->destination, 4, at + 16);
	if (!ims_span_skip(&cursor->bytes, header))
		bad(cursor);
	else if (is_fragment(ip))
		cursor->layer = IMS_LAYER_FRAGMENT;
	else
		ims_ip_extensions(cursor);
}

static void read_ipv6(struct ims_cursor *cursor)
{
	const uint8_t *at = cursor->bytes.at;
	struct ims_ip *ip = &cursor->ip;
	size_t length;

	if (!ims_span_skip(&cursor->bytes, 40)) {
		bad(cursor);
		return;
	}
	length = ims_be16(at + 4);
	if (length) /* 0: a jumbogram, or TSO as above */
		ims_span_limit(&cursor->bytes, length);
	ip->id = 0;
	ip->more_fragments = false;
	ip->fragment_offset = 0;
	ip->protocol = at[6];
	set_address(&ip->source, 6, at + 8);
	set_address(&ip->destination, 6, at + 24);
	ims_ip_extensions(cursor);
}

/* RFC 8200 4.5 */
static void read_fragment_header(struct ims_ip *ip, const uint8_t *at)
{
	ip->fragment_offset = ims_be16(at + 2) & 0xfff8;
	ip->more_fragments = at[3] & 1;
	ip->id = ims_be32(at + 4);
}

/* The size of an extension header that starts at `at`; 0: it is none. */
static size_t extension_size(const struct ims_ip *ip, const uint8_t *at)
{
	bool v6 = ip->source.family == 6;

	switch (ip->protocol) {
	case IMS_IP_HOP_BY_HOP:
	case IMS_IP_ROUTING:
	case IMS_IP_DESTINATION:
	case IMS_IP_MOBILITY:
		return v6 ? ((size_t)at[1] + 1) * 8 : 0;
	case IMS_IP_FRAGMENT:
		return v6 ? 8 : 0;
	case IMS_IP_AH: /* RFC 4302 2.2 */
		return ((size_t)at[1] + 2) * 4;
	default:
		return 0;
	}
}

void ims_ip_extensions(struct ims_cursor *cursor)
{
	struct ims_span *bytes = &cursor->bytes;
	struct ims_ip *ip = &cursor->ip;

	cursor->layer = IMS_LAYER_TRANSPORT;
	while (cursor->layer == IMS_LAYER_TRANSPORT && bytes->len >= 8) {
		const uint8_t *at = bytes->at;
		size_t size = extension_size(ip, at);

		if (size == 0)
			break;
		if (!ims_span_skip(bytes, size)) {
			bad(cursor);
			return;
		}
		if (ip->protocol == IMS_IP_FRAGMENT)
			read_fragment_header(ip, at);
		if (ip->protocol == IMS_IP_FRAGMENT && is_fragment(ip))
			cursor->layer = IMS_LAYER_FRAGMENT;
		ip->protocol = at[0];
	}
	ip->payload = *bytes;
}

void ims_ip_step(struct ims_cursor *cursor)
{
	unsigned version = cursor->bytes.len ? cursor->bytes.at[0] >> 4 : 0;

	cursor->source_port = 0; /* those of a tunnel around it */
	cursor->destination_port = 0;
	if (version == 4)
		read_ipv4(cursor);
	else if (version == 6)
		read_ipv6(cursor);
	else
		bad(cursor);
	if (cursor->layer == IMS_LAYER_FRAGMENT)
		cursor->ip.payload = cursor->bytes;
}
