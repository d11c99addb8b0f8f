// SPDX-License-Identifier: GPL-2.0-or-later
#include "messages.h"

#include "network_internal.h"

#define DIAMETER_HEADER 20

size_t ims_message_blank(const uint8_t *at, size_t len)
{
	size_t n = 0;

	while (n < len && (at[n] == '\r' || at[n] == '\n'))
		n++;
	return n;
}

struct ims_found ims_message_find(const uint8_t *at, size_t len)
{
	struct ims_found found = {.extent = IMS_EXTENT_FOREIGN};

	if (len == 0 || !ims_message_may_begin(at[0]))
		return found;
	if (at[0] == 1) {
		found.kind = IMS_EVENT_DIAMETER;
		found.extent =
			ims_diameter_extent(ims_slice(at, len), &found.length);
	} else {
		found.kind = IMS_EVENT_SIP;
		found.extent =
			ims_sip_extent(ims_slice(at, len), &found.length);
	}
	/* A message of no bytes would be found for ever. */
	if (found.extent == IMS_EXTENT_WHOLE &&
	    (found.length == 0 || found.length > len))
		found.extent = IMS_EXTENT_FOREIGN;
	return found;
}

void ims_message_foreign(struct ims_network *network, const uint8_t *at,
			 size_t len)
{
	struct ims_slice bytes = ims_slice(at, len);

	if (len == 0 || !ims_message_may_begin(at[0]))
		return;
	if (at[0] == 1 && ims_diameter_is_too_large(bytes))
		ims_network_let_go(network, IMS_NETWORK_BOUND_DIAMETER_MESSAGE);
	else if (at[0] != 1 && ims_sip_is_too_large(bytes))
		ims_network_let_go(network, IMS_NETWORK_BOUND_SIP_MESSAGE);
}

bool ims_message_tells(enum ims_event_kind kind, const uint8_t *at, size_t len)
{
	if (kind == IMS_EVENT_DIAMETER)
		return len >= DIAMETER_HEADER;
	return memchr(at, '\n', len) != NULL;
}

struct ims_event ims_event_of(const struct ims_flow *flow,
			      enum ims_event_kind kind)
{
	return (struct ims_event){
		.kind = kind,
		.transport = flow->transport,
		.frame = flow->stamp.frame,
		.time_ns = flow->stamp.time_ns,
		.source = flow->source,
		.destination = flow->destination,
		.ip_id = flow->ip_id,
		.protected = flow->protected,
		.fragmented = flow->fragmented,
	};
}

void ims_message_emit(struct ims_network *network, const struct ims_flow *flow,
		      enum ims_event_kind kind, struct ims_slice bytes,
		      bool cut)
{
	struct ims_event event = ims_event_of(flow, kind);
	struct ims_network_count *count =
		ims_network_counter(network, event.frame.capture);

	event.bytes = bytes;
	event.cut = cut;
	if (kind == IMS_EVENT_SIP)
		count->sip_messages++;
	else
		count->diameter_messages++;
	network->sink(network->user, &event);
}

/*
 * SIP takes up the rest (RFC 3261 18.3): where it would end by itself matters
 * only when the capture cut it.
 */
static size_t emit_sip(struct ims_network *network, const struct ims_flow *flow,
		       const struct ims_span *rest)
{
	struct ims_slice bytes = ims_slice(rest->at, rest->len);
	enum ims_extent extent = ims_sip_begins(bytes);
	size_t length = 0;

	if (extent == IMS_EXTENT_FOREIGN ||
	    (extent == IMS_EXTENT_PARTIAL &&
	     !ims_message_tells(IMS_EVENT_SIP, rest->at, rest->len)))
		return 0;
	ims_message_emit(network, flow, IMS_EVENT_SIP, bytes,
			 ims_span_is_cut(rest) &&
				 ims_sip_extent(bytes, &length) !=
					 IMS_EXTENT_WHOLE);
	return rest->len;
}

static size_t emit_diameter(struct ims_network *network,
			    const struct ims_flow *flow,
			    const struct ims_span *rest)
{
	struct ims_found found = ims_message_find(rest->at, rest->len);
	bool cut = found.extent == IMS_EXTENT_PARTIAL;
	size_t length = cut ? rest->len : found.length;

	if (found.extent == IMS_EXTENT_FOREIGN)
		ims_message_foreign(network, rest->at, rest->len);
	if (found.extent == IMS_EXTENT_FOREIGN ||
	    (cut && !ims_message_tells(found.kind, rest->at, rest->len)))
		return 0;
	ims_message_emit(network, flow, found.kind, ims_slice(rest->at, length),
			 cut);
	return length;
}

/* One message at the start; returns its size, 0 for none. */
static size_t emit_first(struct ims_network *network,
			 const struct ims_flow *flow,
			 const struct ims_span *rest)
{
	if (rest->len == 0 || !ims_message_may_begin(rest->at[0]))
		return 0;
	if (rest->at[0] != 1)
		return emit_sip(network, flow, rest);
	/* Diameter has no datagrams: over UDP it is something else. */
	return flow->transport == IMS_TRANSPORT_UDP
		       ? 0
		       : emit_diameter(network, flow, rest);
}

unsigned ims_message_datagram(struct ims_network *network,
			      const struct ims_flow *flow,
			      const struct ims_span *payload)
{
	struct ims_span rest = *payload;
	unsigned n = 0;

	for (;;) {
		size_t used = ims_message_blank(rest.at, rest.len);

		ims_span_skip(&rest, used);
		used = emit_first(network, flow, &rest);
		if (used == 0)
			return n;
		ims_span_skip(&rest, used);
		n++;
	}
}
