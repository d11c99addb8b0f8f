// SPDX-License-Identifier: GPL-2.0-or-later
#include "media.h"

#include "bytes.h"
#include "layers.h"

enum {
	ETHER_IPV4 = 0x0800,
	ETHER_IPV6 = 0x86dd,
	PORT_ESP = 4500, /* what is in there may begin with any byte */
};

#define UDP_HEADER 8

/* The link layer's size, behind which IP begins; 0: none that is known. */
static size_t link_size(const struct ims_packet *packet)
{
	switch (packet->link_type) {
	case 1: /* LINKTYPE_ETHERNET */
		return 14;
	case 113: /* LINKTYPE_LINUX_SLL */
		return 16;
	default:
		return 0;
	}
}

/* The IP header's size where UDP follows it and ends it; 0 otherwise. */
static size_t ip_size(const uint8_t *ip, unsigned type, size_t wire)
{
	size_t total;

	if (type == ETHER_IPV4) {
		total = ims_be16(ip + 2);
		/* Neither more fragments nor an offset. */
		return ip[0] == 0x45 && ip[9] == IMS_IP_UDP &&
				       !(ims_be16(ip + 6) & 0x3fff) &&
				       total <= wire && total > 20 + UDP_HEADER
			       ? 20
			       : 0;
	}
	total = 40 + (size_t)ims_be16(ip + 4);
	return type == ETHER_IPV6 && ip[0] >> 4 == 6 && ip[6] == IMS_IP_UDP &&
			       total <= wire && total > 40 + UDP_HEADER
		       ? 40
		       : 0;
}

bool ims_media_is_plain(const struct ims_packet *packet)
{
	size_t link = link_size(packet);
	const uint8_t *ip = packet->bytes + link;
	size_t size;

	if (link == 0 || packet->captured < link + 20 ||
	    packet->wire < packet->captured)
		return false;
	size = ip_size(ip, ims_be16(ip - 2), packet->wire - link);
	return size && packet->captured > link + size + UDP_HEADER &&
	       ip[size + UDP_HEADER] >> 6 == 2 &&
	       ims_be16(ip + size) != PORT_ESP &&
	       ims_be16(ip + size + 2) != PORT_ESP &&
	       ims_be16(ip + size + 4) > UDP_HEADER;
}
