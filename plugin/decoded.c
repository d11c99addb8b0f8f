// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "decoded.h"
#include "messages.h"

static int proto_sip, proto_diameter, proto_tls, proto_dtls, proto_esp;

void ims_decoded_hand_off(void)
{
	proto_sip = proto_get_id_by_filter_name("sip");
	proto_diameter = proto_get_id_by_filter_name("diameter");
	proto_tls = proto_get_id_by_filter_name("tls");
	proto_dtls = proto_get_id_by_filter_name("dtls");
	proto_esp = proto_get_id_by_filter_name("esp");
}

/* What the frame is made of, as far as it matters here. */
struct layers {
	bool message;
	bool hidden; /* inside something that has keys */
	bool esp;
};

static struct layers layers_of(const packet_info *pinfo)
{
	struct layers layers = {0};

	for (wmem_list_frame_t *l = wmem_list_head(pinfo->layers); l;
	     l = wmem_list_frame_next(l)) {
		int layer = GPOINTER_TO_INT(wmem_list_frame_data(l));

		if (layer == proto_esp)
			layers.esp = layers.hidden = true;
		else if (layer == proto_tls || layer == proto_dtls)
			layers.hidden = true;
		else if (layer == proto_sip || layer == proto_diameter)
			layers.message = true;
	}
	return layers;
}

static enum ims_transport transport_of(const packet_info *pinfo)
{
	switch (pinfo->ptype) {
	case PT_UDP:
		return IMS_TRANSPORT_UDP;
	case PT_TCP:
		return IMS_TRANSPORT_TCP;
	case PT_SCTP:
		return IMS_TRANSPORT_SCTP;
	default:
		return IMS_TRANSPORT_NONE;
	}
}

static struct ims_endpoint endpoint_of(const address *at, guint32 port)
{
	struct ims_endpoint endpoint = {.port = (uint16_t)port};

	if (at->type == AT_IPv4)
		endpoint.address.family = 4;
	else if (at->type == AT_IPv6)
		endpoint.address.family = 6;
	if (endpoint.address.family)
		memcpy(endpoint.address.bytes, at->data,
		       MIN((size_t)at->len, sizeof(endpoint.address.bytes)));
	return endpoint;
}

static struct ims_event event_of(const packet_info *pinfo, bool protected)
{
	return (struct ims_event){
		.transport = transport_of(pinfo),
		.frame.number = pinfo->num,
		.time_ns = (int64_t)pinfo->abs_ts.secs * 1000000000 +
			   pinfo->abs_ts.nsecs,
		.source = endpoint_of(&pinfo->src, pinfo->srcport),
		.destination = endpoint_of(&pinfo->dst, pinfo->destport),
		.protected = protected,
	};
}

/* In front of a message there are headers and padding, but no words. */
static bool may_begin_at(const uint8_t *bytes, size_t at)
{
	return ims_message_may_begin(bytes[at]) &&
	       (at == 0 || !g_ascii_isalnum(bytes[at - 1]));
}

/* Who is told of the messages. */
struct taker {
	void (*take)(void *user, const struct ims_event *event);
	void *user;
};

/* Everything that is whole, wherever it begins. */
static void find_messages(const uint8_t *bytes, size_t len,
			  const struct taker *taker, struct ims_event *event)
{
	for (size_t at = 0; at < len;) {
		struct ims_found found = {.extent = IMS_EXTENT_FOREIGN};

		if (may_begin_at(bytes, at))
			found = ims_message_find(bytes + at, len - at);
		if (found.extent != IMS_EXTENT_WHOLE) {
			at++;
			continue;
		}
		event->kind = found.kind;
		event->bytes = ims_slice(bytes + at, found.length);
		taker->take(taker->user, event);
		at += found.length;
	}
}

void ims_decoded_messages(const packet_info *pinfo, int n_messages,
			  void (*take)(void *user,
				       const struct ims_event *event),
			  void *user)
{
	const struct taker taker = {take, user};
	GSList *source = pinfo->data_src;
	struct layers layers;
	struct ims_event event;

	if (n_messages > 0)
		return;
	/* The first is the frame as it is: what could be read there was. */
	if (source && n_messages == 0)
		source = source->next;
	if (!source)
		return;
	layers = layers_of(pinfo);
	if (!layers.message || (n_messages == 0 && !layers.hidden))
		return;
	event = event_of(pinfo, layers.esp);
	for (; source; source = source->next) {
		tvbuff_t *tvb = get_data_source_tvb(source->data);
		gint len = (gint)tvb_captured_length(tvb);

		if (len > 0)
			find_messages(tvb_get_ptr(tvb, 0, len), (size_t)len,
				      &taker, &event);
	}
}
