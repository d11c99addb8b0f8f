// SPDX-License-Identifier: GPL-2.0-or-later
#include "layers.h"

#include "network.h"

void ims_layers_enter(struct ims_cursor *cursor, enum ims_layer inner)
{
	cursor->layer = inner;
	if (++cursor->depth > IMS_NETWORK_MAX_TUNNELS)
		cursor->layer = IMS_LAYER_BAD;
}

/* LINKTYPE_ values: https://www.tcpdump.org/linktypes.html */
static enum ims_layer first_layer(uint32_t link_type)
{
	switch (link_type) {
	case 1:
		return IMS_LAYER_ETHERNET;
	case 0:
	case 108:
		return IMS_LAYER_FAMILY;
	case 9:
	case 50:
		return IMS_LAYER_PPP;
	case 12: /* DLT_RAW as some systems number it */
	case 14:
	case 101:
	case 228: /* IPv4 */
	case 229: /* IPv6 */
		return IMS_LAYER_IP;
	case 113:
		return IMS_LAYER_COOKED;
	case 276:
		return IMS_LAYER_COOKED_2;
	default:
		return IMS_LAYER_BAD;
	}
}

void ims_layers_start(struct ims_cursor *cursor,
		      const struct ims_packet *packet)
{
	*cursor = (struct ims_cursor){
		.packet = packet,
		.layer = first_layer(packet->link_type),
		.bytes = {packet->bytes, packet->captured, packet->wire},
	};
	/* A file may say less than it holds. */
	if (cursor->bytes.wire < cursor->bytes.len)
		cursor->bytes.wire = cursor->bytes.len;
}

bool ims_layers_step(struct ims_cursor *cursor)
{
	switch (cursor->layer) {
	case IMS_LAYER_ETHERNET:
	case IMS_LAYER_TYPE:
	case IMS_LAYER_COOKED:
	case IMS_LAYER_COOKED_2:
	case IMS_LAYER_FAMILY:
	case IMS_LAYER_PPP:
	case IMS_LAYER_MPLS:
		ims_link_step(cursor);
		return true;
	case IMS_LAYER_IP:
		ims_ip_step(cursor);
		return true;
	case IMS_LAYER_TRANSPORT:
		ims_tunnel_step(cursor);
		return true;
	default:
		return false;
	}
}

void ims_layers_unwrap(struct ims_cursor *cursor)
{
	while (ims_layers_step(cursor))
		;
}
