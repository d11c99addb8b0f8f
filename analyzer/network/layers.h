/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers of one packet, from the link layer inwards. A cursor walks over
 * them; each step reads one header, moves behind it and says what comes next.
 * Nothing here remembers anything from one packet to the next.
 */
#ifndef IMS_LAYERS_H
#define IMS_LAYERS_H

#include <ims/address.h>
#include <ims/attributes.h>

#include "bytes.h"
#include "packet.h"

enum ims_layer {
	/* Those that ims_layers_unwrap reads itself. */
	IMS_LAYER_ETHERNET,
	IMS_LAYER_TYPE, /* what `type`, an EtherType, says */
	IMS_LAYER_COOKED,
	IMS_LAYER_COOKED_2,
	IMS_LAYER_FAMILY, /* BSD null and loopback: an address family */
	IMS_LAYER_PPP,
	IMS_LAYER_MPLS,
	IMS_LAYER_IP,
	IMS_LAYER_TRANSPORT, /* what `ip.protocol` says */
	/* Those that it stops at. */
	IMS_LAYER_FRAGMENT,
	IMS_LAYER_UDP, /* behind the UDP header: ports are set */
	IMS_LAYER_TCP,
	IMS_LAYER_SCTP,
	IMS_LAYER_ESP,
	IMS_LAYER_ICMP,
	IMS_LAYER_NOTHING, /* known, and nothing for us: ARP and the like */
	IMS_LAYER_BAD,	   /* unknown, or its header does not add up */
};

enum ims_ip_protocol {
	IMS_IP_HOP_BY_HOP = 0,
	IMS_IP_ICMP = 1,
	IMS_IP_IPV4 = 4,
	IMS_IP_TCP = 6,
	IMS_IP_UDP = 17,
	IMS_IP_IPV6 = 41,
	IMS_IP_ROUTING = 43,
	IMS_IP_FRAGMENT = 44,
	IMS_IP_GRE = 47,
	IMS_IP_ESP = 50,
	IMS_IP_AH = 51,
	IMS_IP_ICMPV6 = 58,
	IMS_IP_DESTINATION = 60,
	IMS_IP_SCTP = 132,
	IMS_IP_MOBILITY = 135,
	IMS_IP_MPLS = 137,
};

/* The IP packet that the cursor is in: the innermost one read so far. */
struct ims_ip {
	struct ims_address source; /* family 0: no IP packet yet */
	struct ims_address destination;
	uint32_t id; /* IPv4's, or that of IPv6's fragment header */
	uint8_t protocol;
	bool more_fragments;
	bool reassembled; /* it came in fragments */
	uint32_t fragment_offset;
	struct ims_span payload; /* behind all its headers */
};

struct ims_cursor {
	const struct ims_packet *packet;
	struct ims_span bytes; /* not yet read */
	enum ims_layer layer;  /* what `bytes` begin with */
	unsigned depth;	       /* encapsulations so far */
	uint16_t type;
	bool protected;	      /* came out of ESP */
	uint16_t source_port; /* of UDP */
	uint16_t destination_port;
	struct ims_ip ip;
};

/* At the first byte of the packet. */
void ims_layers_start(struct ims_cursor *cursor,
		      const struct ims_packet *packet) IMS_NONNULL_ALL;

/* Reads one header. false, with nothing done, at a layer that it stops at. */
bool ims_layers_step(struct ims_cursor *cursor) IMS_NONNULL_ALL;

/* Reads headers until one of the layers that it stops at. */
void ims_layers_unwrap(struct ims_cursor *cursor) IMS_NONNULL_ALL;

/*
 * One header, of the kind that the name says, at the cursor. Each sets
 * cursor->layer to what comes behind it, IMS_LAYER_BAD among them.
 */
void ims_link_step(struct ims_cursor *cursor) IMS_NONNULL_ALL;
void ims_ip_step(struct ims_cursor *cursor) IMS_NONNULL_ALL;
void ims_tunnel_step(struct ims_cursor *cursor) IMS_NONNULL_ALL;

/*
 * The extension headers of IPv6, and AH, from ip.protocol on. Part of
 * ims_ip_step; again behind a reassembled datagram.
 */
void ims_ip_extensions(struct ims_cursor *cursor) IMS_NONNULL_ALL;

/* One encapsulation deeper, into `inner`; BAD when that is too deep. */
void ims_layers_enter(struct ims_cursor *cursor,
		      enum ims_layer inner) IMS_NONNULL_ALL;

#endif
