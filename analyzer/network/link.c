// SPDX-License-Identifier: GPL-2.0-or-later
/* Link layers and what stands between them and IP. */
#include "layers.h"

enum ether_type {
	ETHER_IPV4 = 0x0800,
	ETHER_ARP = 0x0806,
	ETHER_RARP = 0x8035,
	ETHER_BRIDGED = 0x6558, /* transparent Ethernet bridging */
	ETHER_VLAN = 0x8100,
	ETHER_IPV6 = 0x86dd,
	ETHER_SLOW = 0x8809, /* LACP */
	ETHER_PPP = 0x880b,
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_UPSTREAM = 0x8848,
	ETHER_PPPOE_DISCOVERY = 0x8863,
	ETHER_PPPOE = 0x8864,
	ETHER_EAPOL = 0x888e,
	ETHER_PROVIDER_VLAN = 0x88a8,
	ETHER_LLDP = 0x88cc,
	ETHER_PTP = 0x88f7,
	ETHER_LOOPBACK = 0x9000,
	ETHER_OLD_QINQ = 0x9100,
};

/* Below this an EtherType is a length, and LLC follows (IEEE 802.3 3.2.6). */
#define ETHER_TYPE_MIN 0x0600

static void behind(struct ims_cursor *cursor, size_t header,
		   enum ims_layer next)
{
	cursor->layer = next;
	if (!ims_span_skip(&cursor->bytes, header))
		cursor->layer = IMS_LAYER_BAD;
}

/* A header of `header` bytes with the EtherType of what follows at `at`. */
static void behind_type(struct ims_cursor *cursor, size_t header, size_t at)
{
	const uint8_t *bytes = cursor->bytes.at;

	behind(cursor, header, IMS_LAYER_TYPE);
	if (cursor->layer == IMS_LAYER_TYPE)
		cursor->type = ims_be16(bytes + at);
}

/* IEEE 802.2 LLC: only SNAP with an EtherType can carry IP. */
static void read_llc(struct ims_cursor *cursor)
{
	static const uint8_t snap[] = {0xaa, 0xaa, 0x03, 0, 0, 0};

	if (cursor->bytes.len >= 8 &&
	    memcmp(cursor->bytes.at, snap, sizeof(snap)) == 0)
		behind_type(cursor, 8, 6);
	else
		cursor->layer = IMS_LAYER_NOTHING;
	if (cursor->layer == IMS_LAYER_TYPE && cursor->type < ETHER_TYPE_MIN)
		cursor->layer = IMS_LAYER_NOTHING;
}

static void read_type(struct ims_cursor *cursor)
{
	switch (cursor->type) {
	case ETHER_IPV4:
	case ETHER_IPV6:
		cursor->layer = IMS_LAYER_IP;
		break;
	case ETHER_VLAN:
	case ETHER_PROVIDER_VLAN:
	case ETHER_OLD_QINQ:
		behind_type(cursor, 4, 2);
		if (cursor->layer == IMS_LAYER_TYPE)
			ims_layers_enter(cursor, IMS_LAYER_TYPE);
		break;
	case ETHER_MPLS:
	case ETHER_MPLS_UPSTREAM:
		ims_layers_enter(cursor, IMS_LAYER_MPLS);
		break;
	case ETHER_PPPOE: /* RFC 2516 4 */
		behind(cursor, 6, IMS_LAYER_PPP);
		if (cursor->layer == IMS_LAYER_PPP)
			ims_layers_enter(cursor, IMS_LAYER_PPP);
		break;
	case ETHER_PPP:
		ims_layers_enter(cursor, IMS_LAYER_PPP);
		break;
	case ETHER_BRIDGED:
		ims_layers_enter(cursor, IMS_LAYER_ETHERNET);
		break;
	case ETHER_ARP:
	case ETHER_RARP:
	case ETHER_SLOW:
	case ETHER_PPPOE_DISCOVERY:
	case ETHER_EAPOL:
	case ETHER_LLDP:
	case ETHER_PTP:
	case ETHER_LOOPBACK:
		cursor->layer = IMS_LAYER_NOTHING;
		break;
	default:
		cursor->layer = IMS_LAYER_BAD;
		if (cursor->type < ETHER_TYPE_MIN)
			read_llc(cursor);
		break;
	}
}

/*
 * An address family in the byte order of the host that captured (null), or
 * of the network (loopback): small, so the order shows. AF_INET is 2
 * everywhere, AF_INET6 is 10, 24, 28 or 30.
 */
static void read_family(struct ims_cursor *cursor)
{
	uint32_t family;

	if (cursor->bytes.len < 4) {
		cursor->layer = IMS_LAYER_BAD;
		return;
	}
	family = ims_be32(cursor->bytes.at);
	if (family > 0xffff)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
	case 10:
	case 24:
	case 28:
	case 30:
		behind(cursor, 4, IMS_LAYER_IP);
		break;
	default:
		cursor->layer = IMS_LAYER_BAD;
		break;
	}
}

/*
 * PPP (RFC 1661 2), with or without the address and control bytes of HDLC
 * (RFC 1662 3.1), its protocol field in one byte or two.
 */
static void read_ppp(struct ims_cursor *cursor)
{
	struct ims_span *bytes = &cursor->bytes;
	unsigned protocol;

	if (bytes->len >= 2 && bytes->at[0] == 0xff && bytes->at[1] == 0x03)
		ims_span_skip(bytes, 2);
	if (bytes->len < 2) {
		cursor->layer = IMS_LAYER_BAD;
		return;
	}
	protocol = bytes->at[0];
	if (protocol & 1) {
		ims_span_skip(bytes, 1);
	} else {
		protocol = ims_be16(bytes->at);
		ims_span_skip(bytes, 2);
	}
	if (protocol == 0x0021 || protocol == 0x0057)
		cursor->layer = IMS_LAYER_IP;
	else if (protocol == 0x0281 || protocol == 0x0283)
		ims_layers_enter(cursor, IMS_LAYER_MPLS);
	else if (protocol >= 0x8000) /* link and network control */
		cursor->layer = IMS_LAYER_NOTHING;
	else
		cursor->layer = IMS_LAYER_BAD;
}

/* Whether a frame, and no control word, begins here: its type is known. */
static bool is_ethernet(const struct ims_span *bytes)
{
	if (bytes->len < 14)
		return false;
	switch (ims_be16(bytes->at + 12)) {
	case ETHER_IPV4:
	case ETHER_IPV6:
	case ETHER_ARP:
	case ETHER_VLAN:
	case ETHER_PROVIDER_VLAN:
	case ETHER_MPLS:
	case ETHER_PPPOE:
		return true;
	default:
		return false;
	}
}

/*
 * A stack of labels (RFC 3032 2.1). Nothing says what is below it: IP shows
 * by its version; a pseudowire holds Ethernet, behind a control word that
 * starts with 0 (RFC 4448 4.6) or at once.
 */
static void read_mpls(struct ims_cursor *cursor)
{
	struct ims_span *bytes = &cursor->bytes;
	bool bottom = false;

	while (!bottom) {
		if (bytes->len < 5) {
			cursor->layer = IMS_LAYER_BAD;
			return;
		}
		bottom = bytes->at[2] & 1;
		ims_span_skip(bytes, 4);
	}
	switch (bytes->at[0] >> 4) {
	case 4:
	case 6:
		cursor->layer = IMS_LAYER_IP;
		break;
	case 0:
		cursor->layer = IMS_LAYER_ETHERNET;
		if (!is_ethernet(bytes))
			behind(cursor, 4, IMS_LAYER_ETHERNET);
		break;
	default:
		cursor->layer = IMS_LAYER_ETHERNET;
		break;
	}
}

void ims_link_step(struct ims_cursor *cursor)
{
	switch (cursor->layer) {
	case IMS_LAYER_ETHERNET:
		behind_type(cursor, 14, 12);
		break;
	case IMS_LAYER_COOKED:
		behind_type(cursor, 16, 14);
		break;
	case IMS_LAYER_COOKED_2:
		behind_type(cursor, 20, 0);
		break;
	case IMS_LAYER_FAMILY:
		read_family(cursor);
		break;
	case IMS_LAYER_PPP:
		read_ppp(cursor);
		break;
	case IMS_LAYER_MPLS:
		read_mpls(cursor);
		break;
	default:
		read_type(cursor);
		break;
	}
}
