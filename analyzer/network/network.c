// SPDX-License-Identifier: GPL-2.0-or-later
#include "icmp.h"
#include "media.h"
#include "network_internal.h"

/*
 * Packets of several interfaces are not in order of time; one that is this
 * far back says that the clock was wrong before.
 */
#define CLOCK_SLACK_NS (60 * INT64_C(1000000000))

/*
 * Among media it is enough to look so often for what took too long: of the
 * engine's window of 1 s, patience leaves 100 ms.
 */
#define EXPIRE_EVERY_NS (10 * INT64_C(1000000))

_Static_assert(IMS_FRAGMENTS_MAX_BYTES + IMS_STREAM_MAX_BYTES +
			       IMS_SCTP_MAX_BYTES <=
		       IMS_NETWORK_MAX_BUFFERED,
	       "the parts hold no more than the whole may");

struct ims_network *ims_network_new(ims_event_fn *sink, void *user)
{
	struct ims_network *network = g_new0(struct ims_network, 1);

	network->sink = sink;
	network->user = user;
	network->now_ns = network->due_ns = INT64_MIN;
	network->counts =
		g_array_new(FALSE, TRUE, sizeof(struct ims_network_count));
	ims_fragments_init(&network->fragments);
	ims_tcp_init(&network->tcp);
	ims_sctp_init(&network->sctp);
	ims_esp_init(&network->esp);
	ims_dtls_init(&network->dtls);
	return network;
}

void ims_network_tap(struct ims_network *network, const struct ims_tap *tap)
{
	network->tap = tap;
}

void ims_network_tell_parts(struct ims_network *network, ims_part_fn *part)
{
	network->part = part;
}

bool ims_network_is_media(const struct ims_packet *packet)
{
	return ims_media_is_plain(packet);
}

void ims_network_free(struct ims_network *network)
{
	if (!network)
		return;
	ims_fragments_fini(&network->fragments);
	ims_tcp_fini(&network->tcp);
	ims_sctp_fini(&network->sctp);
	ims_esp_fini(&network->esp);
	ims_dtls_fini(&network->dtls);
	g_array_free(network->counts, TRUE);
	g_free(network);
}

struct ims_network_count *ims_network_counter(struct ims_network *network,
					      uint32_t capture)
{
	if (capture >= network->counts->len)
		g_array_set_size(network->counts, capture + 1);
	return &g_array_index(network->counts, struct ims_network_count,
			      capture);
}

struct ims_network_count ims_network_count(const struct ims_network *network,
					   uint32_t capture)
{
	if (capture >= network->counts->len)
		return (struct ims_network_count){0};
	return g_array_index(network->counts, struct ims_network_count,
			     capture);
}

void ims_network_let_go(struct ims_network *network,
			enum ims_network_bound bound)
{
	struct ims_network_count *count =
		ims_network_counter(network, network->capture);

	count->let_go++;
	count->let_go_at[bound]++;
}

struct ims_stamp ims_network_stamp(const struct ims_network *network,
				   const struct ims_packet *packet)
{
	return (struct ims_stamp){
		.frame = {packet->capture, packet->number},
		.time_ns = packet->time_ns,
		.order = network->n_packets,
	};
}

struct ims_flow ims_network_flow(const struct ims_network *network,
				 const struct ims_cursor *cursor,
				 enum ims_transport transport)
{
	const struct ims_ip *ip = &cursor->ip;

	return (struct ims_flow){
		.transport = transport,
		.source = {ip->source, cursor->source_port},
		.destination = {ip->destination, cursor->destination_port},
		.ip_id = ip->source.family == 4 ? ip->id : 0,
		.protected = cursor->protected,
		.fragmented = ip->reassembled,
		.stamp = ims_network_stamp(network, cursor->packet),
	};
}

static void take_udp(struct ims_network *network,
		     const struct ims_cursor *cursor)
{
	const struct ims_span *bytes = &cursor->bytes;
	struct ims_flow flow;

	if (bytes->len == 0)
		return;
	if (ims_message_may_begin(bytes->at[0]) || bytes->at[0] == '\r' ||
	    bytes->at[0] == '\n') {
		flow = ims_network_flow(network, cursor, IMS_TRANSPORT_UDP);
		ims_message_datagram(network, &flow, bytes);
	} else if ((ims_port_is_signalling(cursor->source_port) ||
		    ims_port_is_signalling(cursor->destination_port)) &&
		   ims_dtls_begins(bytes->at, bytes->len)) {
		flow = ims_network_flow(network, cursor, IMS_TRANSPORT_UDP);
		ims_dtls_see(network, &flow);
	}
}

/* On the port of ESP in UDP there may be something else after all. */
static bool is_message_in_udp(const struct ims_cursor *cursor)
{
	return cursor->ip.protocol == IMS_IP_UDP &&
	       ims_message_find(cursor->bytes.at, cursor->bytes.len).extent !=
		       IMS_EXTENT_FOREIGN;
}

/* Whether there is more inside; the cursor is at it then. */
static bool take_layer(struct ims_network *network, struct ims_cursor *cursor)
{
	switch (cursor->layer) {
	case IMS_LAYER_FRAGMENT:
		return ims_fragments_take(network, cursor);
	case IMS_LAYER_ESP:
		if (!is_message_in_udp(cursor))
			return ims_esp_open(network, cursor);
		take_udp(network, cursor);
		return false;
	case IMS_LAYER_UDP:
		take_udp(network, cursor);
		return false;
	case IMS_LAYER_TCP:
		ims_tcp_take(network, cursor);
		return false;
	case IMS_LAYER_SCTP:
		ims_sctp_take(network, cursor);
		return false;
	case IMS_LAYER_ICMP:
		ims_icmp_take(network, cursor);
		return false;
	default:
		return false;
	}
}

static void unwrap(struct ims_network *network, struct ims_cursor *cursor)
{
	const struct ims_tap *tap = network->tap;

	if (!tap) {
		ims_layers_unwrap(cursor);
		return;
	}
	do
		tap->layer(tap->user, cursor);
	while (ims_layers_step(cursor));
}

static void set_clock(struct ims_network *network, int64_t time_ns)
{
	if (time_ns > network->now_ns ||
	    ims_elapsed(time_ns, network->now_ns) > CLOCK_SLACK_NS)
		network->now_ns = time_ns;
}

G_GNUC_NO_INLINE static void expire(struct ims_network *network)
{
	if (__builtin_add_overflow(network->now_ns, EXPIRE_EVERY_NS,
				   &network->due_ns))
		network->due_ns = INT64_MAX;
	ims_fragments_expire(network);
	ims_tcp_expire(network);
	ims_sctp_expire(network);
}

/* Out of line, so that media is let go without ado. */
G_GNUC_NO_INLINE static bool read_layers(struct ims_network *network,
					 const struct ims_packet *packet)
{
	struct ims_cursor cursor;

	expire(network);
	ims_layers_start(&cursor, packet);
	do {
		unwrap(network, &cursor);
	} while (take_layer(network, &cursor));
	if (cursor.layer != IMS_LAYER_BAD)
		return true;
	ims_network_counter(network, packet->capture)->undecoded_packets++;
	return false;
}

bool ims_network_packet(struct ims_network *network,
			const struct ims_packet *packet)
{
	network->n_packets++;
	network->capture = packet->capture;
	network->selected = packet->selected;
	set_clock(network, packet->time_ns);
	if (network->tap || !ims_media_is_plain(packet))
		return read_layers(network, packet);
	if (network->now_ns > network->due_ns)
		expire(network);
	return true;
}

void ims_network_clock(struct ims_network *network, int64_t time_ns)
{
	if (time_ns <= network->now_ns)
		return;
	network->now_ns = time_ns;
	expire(network);
}

void ims_network_drops(struct ims_network *network, uint32_t capture,
		       uint64_t number, int64_t time_ns, uint64_t missing)
{
	struct ims_event event = {
		.kind = IMS_EVENT_DROPS,
		.frame = {capture, number},
		.time_ns = time_ns,
		.missing = missing,
	};

	network->sink(network->user, &event);
}

void ims_network_finish(struct ims_network *network)
{
	ims_fragments_finish(network);
	ims_tcp_finish(network);
	ims_sctp_finish(network);
}
