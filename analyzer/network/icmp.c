// SPDX-License-Identifier: GPL-2.0-or-later
#include "icmp.h"

#include "network_internal.h"

#define ICMP_HEADER 8

/* Unreachable, time exceeded, parameter problem; too big is v6's 2. */
static bool is_error(uint8_t protocol, uint8_t type)
{
	if (protocol == IMS_IP_ICMPV6)
		return type >= 1 && type <= 4;
	return type == 3 || type == 11 || type == 12;
}

/* The header of a transport whose ports come first; 0: not ours. */
static size_t transport_header(enum ims_transport *transport, uint8_t protocol,
			       const struct ims_span *bytes)
{
	switch (protocol) {
	case IMS_IP_UDP:
		*transport = IMS_TRANSPORT_UDP;
		return 8;
	case IMS_IP_SCTP:
		*transport = IMS_TRANSPORT_SCTP;
		return 12;
	case IMS_IP_TCP:
		*transport = IMS_TRANSPORT_TCP;
		return bytes->len > 12 ? (size_t)(bytes->at[12] >> 4) * 4 : 20;
	default:
		return 0;
	}
}

/* Of the quoted packet only its own headers: tunnels stay as they are. */
static bool read_quoted(struct ims_event *event, struct ims_cursor *quoted)
{
	struct ims_span bytes;
	size_t header;

	ims_ip_step(quoted);
	if (quoted->layer != IMS_LAYER_TRANSPORT &&
	    quoted->layer != IMS_LAYER_FRAGMENT)
		return false;
	bytes = quoted->bytes;
	header = transport_header(&event->transport, quoted->ip.protocol,
				  &bytes);
	if (header == 0 || quoted->ip.fragment_offset || bytes.len < 4)
		return false;
	event->quoted_source.address = quoted->ip.source;
	event->quoted_source.port = ims_be16(bytes.at);
	event->quoted_destination.address = quoted->ip.destination;
	event->quoted_destination.port = ims_be16(bytes.at + 2);
	ims_span_skip(&bytes, MIN(header, bytes.len));
	event->bytes = ims_slice(bytes.at, bytes.len);
	return true;
}

void ims_icmp_take(struct ims_network *network, struct ims_cursor *cursor)
{
	const uint8_t *at = cursor->bytes.at;
	struct ims_cursor quoted = *cursor;
	struct ims_flow flow;
	struct ims_event event;

	if (!ims_span_skip(&quoted.bytes, ICMP_HEADER)) {
		cursor->layer = IMS_LAYER_BAD;
		return;
	}
	if (!is_error(cursor->ip.protocol, at[0]))
		return;
	flow = ims_network_flow(network, cursor, IMS_TRANSPORT_NONE);
	event = ims_event_of(&flow, IMS_EVENT_ICMP_ERROR);
	event.icmp_type = at[0];
	event.icmp_code = at[1];
	if (read_quoted(&event, &quoted))
		network->sink(network->user, &event);
}
