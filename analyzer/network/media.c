// SPDX-License-Identifier: GPL-2.0-or-later
#include "media.h"

#include "bytes.h"
#include "layers.h"

enum {
	ETHER_IPV4 = 0x0800,
	ETHER_IPV6 = 0x86dd,
	PORT_ESP = 4500, /* what is in there may begin with any byte */
};

#define IPV4_HEADER 20
#define IPV6_HEADER 40
#define UDP_HEADER  8

/* An IP packet, as far as the capture has it. */
struct there {
	const uint8_t *ip;
	size_t captured;
	size_t wire;
};

/*
 * Whether UDP stands behind the IP header, in a packet of that total length,
 * and holds what begins as RTP.
 */
IMS_INLINE bool has_media(const struct there *there, size_t header,
			  size_t total)
{
	const uint8_t *udp = there->ip + header;

	return there->captured > header + UDP_HEADER &&
	       udp[UDP_HEADER] >> 6 == 2 && total > header + UDP_HEADER &&
	       total <= there->wire && ims_be16(udp) != PORT_ESP &&
	       ims_be16(udp + 2) != PORT_ESP && ims_be16(udp + 4) > UDP_HEADER;
}

/* No options; neither more fragments nor an offset. */
IMS_INLINE bool is_media_in_ipv4(const struct there *there)
{
	const uint8_t *ip = there->ip;

	return ip[0] == 0x45 && (ims_be32(ip + 6) & 0x3fff00ff) == IMS_IP_UDP &&
	       has_media(there, IPV4_HEADER, ims_be16(ip + 2));
}

IMS_INLINE bool is_media_in_ipv6(const struct there *there)
{
	const uint8_t *ip = there->ip;

	return ip[0] >> 4 == 6 && ip[6] == IMS_IP_UDP &&
	       has_media(there, IPV6_HEADER,
			 IPV6_HEADER + (size_t)ims_be16(ip + 4));
}

IMS_INLINE bool is_media_behind(const struct ims_packet *packet, size_t link)
{
	const struct there there = {
		.ip = packet->bytes + link,
		.captured = packet->captured - link,
		.wire = packet->wire - link,
	};

	if (packet->captured <= link + IPV4_HEADER + UDP_HEADER ||
	    packet->wire < packet->captured)
		return false;
	switch (ims_be16(there.ip - 2)) {
	case ETHER_IPV4:
		return is_media_in_ipv4(&there);
	case ETHER_IPV6:
		return is_media_in_ipv6(&there);
	default:
		return false;
	}
}

bool ims_media_is_plain(const struct ims_packet *packet)
{
	if (packet->link_type == 1) /* LINKTYPE_ETHERNET */
		return is_media_behind(packet, 14);
	if (packet->link_type == 113) /* LINKTYPE_LINUX_SLL */
		return is_media_behind(packet, 16);
	return false;
}
