// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcp.h"

#include "network_internal.h"

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,
};

#define TCP_HEADER 20

/*
 * A SYN is sent again after a second (RFC 6298 2.1), by the most impatient
 * after half of one. What comes sooner is a copy, taken at another point.
 */
#define SYN_AGAIN_NS (400 * INT64_C(1000000))

/* A segment's header, and whose it is. */
struct segment {
	struct ims_endpoint source;
	struct ims_endpoint destination;
	unsigned side; /* of the connection's ends, the source */
	uint32_t sequence;
	uint32_t acknowledged;
	unsigned flags;
	bool protected;
	struct ims_span payload;
	struct ims_stamp stamp;
};

void ims_tcp_init(struct ims_tcp *tcp)
{
	*tcp = (struct ims_tcp){
		.budget.limit = IMS_STREAM_MAX_BYTES,
		.waiting = G_QUEUE_INIT,
		.holding = G_QUEUE_INIT,
	};
	ims_table_init(&tcp->table);
}

static void connection_free(struct ims_tcp *tcp,
			    struct ims_connection *connection)
{
	for (unsigned i = 0; i < 2; i++) {
		struct ims_stream *stream = &connection->streams[i];

		if (stream->is_waiting)
			g_queue_unlink(&tcp->waiting, &stream->waiting);
		if (stream->is_holding)
			g_queue_unlink(&tcp->holding, &stream->holding);
		ims_runs_clear(&stream->runs, &tcp->budget);
		ims_begun_drop(&stream->begun, &tcp->budget);
	}
	ims_table_remove(&tcp->table, &connection->entry);
	g_free(connection);
}

void ims_tcp_fini(struct ims_tcp *tcp)
{
	while (tcp->table.oldest)
		connection_free(tcp,
				(struct ims_connection *)tcp->table.oldest);
	ims_table_fini(&tcp->table);
}

static void flush(struct ims_network *network,
		  struct ims_connection *connection)
{
	ims_stream_flush(network, &connection->streams[0]);
	ims_stream_flush(network, &connection->streams[1]);
}

static void forget(struct ims_network *network,
		   struct ims_connection *connection)
{
	flush(network, connection);
	connection_free(&network->tcp, connection);
}

void ims_tcp_expire(struct ims_network *network)
{
	struct ims_entry *oldest;

	ims_streams_expire(network);
	while ((oldest = network->tcp.table.oldest) &&
	       ims_elapsed(oldest->used_ns, network->now_ns) > IMS_TCP_IDLE_NS)
		forget(network, (struct ims_connection *)oldest);
}

void ims_tcp_finish(struct ims_network *network)
{
	while (network->tcp.table.oldest)
		forget(network,
		       (struct ims_connection *)network->tcp.table.oldest);
}

static bool is_foreign(const struct ims_connection *connection)
{
	return !connection->recognised && !connection->tls &&
	       (connection->streams[0].state == IMS_STREAM_FOREIGN ||
		connection->streams[1].state == IMS_STREAM_FOREIGN);
}

/* Whether forgetting it loses nothing. */
static bool is_done(const struct ims_connection *connection)
{
	return is_foreign(connection) || connection->refused ||
	       (connection->closed[0] && connection->closed[1]);
}

/* As new, between the same ends. */
static void reset(struct ims_connection *connection)
{
	struct ims_connection fresh = {
		.entry = connection->entry,
		.ends = {connection->ends[0], connection->ends[1]},
		.tls_told_ns = INT64_MIN,
	};

	*connection = fresh;
	ims_stream_init(&connection->streams[0], connection, 0);
	ims_stream_init(&connection->streams[1], connection, 1);
}

static struct ims_connection *connection_new(struct ims_network *network,
					     const struct segment *segment,
					     const struct ims_key *key)
{
	struct ims_table *table = &network->tcp.table;
	struct ims_connection *connection;

	while (table->n_entries >= IMS_NETWORK_MAX_STREAMS / 2) {
		connection = (struct ims_connection *)table->oldest;
		if (!is_done(connection))
			ims_network_let_go(network,
					   IMS_NETWORK_BOUND_CONNECTIONS);
		forget(network, connection);
	}
	connection = g_try_malloc(sizeof(*connection));
	if (!connection) {
		ims_network_let_go(network, IMS_NETWORK_BOUND_MEMORY);
		return NULL;
	}
	*connection = (struct ims_connection){0};
	connection->ends[segment->side] = segment->source;
	connection->ends[!segment->side] = segment->destination;
	reset(connection);
	ims_table_add(table, &connection->entry, key, network->now_ns);
	return connection;
}

static void emit(struct ims_network *network, const struct segment *segment,
		 enum ims_event_kind kind)
{
	struct ims_flow flow = {
		.transport = IMS_TRANSPORT_TCP,
		.source = segment->source,
		.destination = segment->destination,
		.protected = segment->protected,
		.stamp = segment->stamp,
	};
	struct ims_event event = ims_event_of(&flow, kind);

	network->sink(network->user, &event);
}

/*
 * Whether this side of the connection that is known began with another
 * number: ports are used again. Copies of a SYN, and one that comes after the
 * first data, do not say so.
 */
static bool began_elsewhere(const struct ims_connection *connection,
			    unsigned side, uint32_t first)
{
	const struct ims_stream *stream = &connection->streams[side];

	if (connection->first_known[side])
		return connection->first[side] != first;
	return stream->placed && stream->next - (first + 1) > IMS_STREAM_WINDOW;
}

/* Of a connection whose beginning is not in the capture only the end is. */
static bool is_after_end(const struct ims_connection *connection,
			 const struct segment *segment)
{
	return (connection->closed[0] || connection->closed[1]) &&
	       !connection->first_known[segment->side] &&
	       segment->stamp.time_ns > connection->closed_ns;
}

static bool is_anew(const struct ims_connection *connection,
		    const struct segment *segment)
{
	unsigned side = segment->side;

	if (began_elsewhere(connection, side, segment->sequence) ||
	    is_after_end(connection, segment))
		return true;
	if (segment->flags & TCP_ACK)
		return began_elsewhere(connection, !side,
				       segment->acknowledged - 1);
	/* An answer would have told the number of this SYN. */
	return !connection->first_known[side] &&
	       !connection->streams[side].placed &&
	       connection->streams[!side].placed;
}

static void learn_first(struct ims_connection *connection, unsigned side,
			uint32_t first)
{
	struct ims_stream *stream = &connection->streams[side];

	if (connection->first_known[side])
		return;
	connection->first_known[side] = true;
	connection->first[side] = first;
	if (!stream->placed)
		ims_stream_start(stream, first + 1);
}

/* Sent again it is told again: it was not answered. */
static void tell_opening(struct ims_network *network,
			 struct ims_connection *connection,
			 const struct segment *segment)
{
	int64_t now_ns = segment->stamp.time_ns;

	if (connection->opening &&
	    (connection->opened || connection->refused ||
	     ims_elapsed(connection->opening_ns, now_ns) < SYN_AGAIN_NS))
		return;
	connection->opening = true;
	connection->opening_ns = now_ns;
	emit(network, segment, IMS_EVENT_CONNECTION_OPENING);
}

static void take_syn(struct ims_network *network,
		     struct ims_connection *connection,
		     const struct segment *segment)
{
	unsigned side = segment->side;
	bool answer = segment->flags & TCP_ACK;

	if (is_anew(connection, segment)) {
		flush(network, connection);
		reset(connection);
	}
	learn_first(connection, side, segment->sequence);
	if (answer) {
		learn_first(connection, !side, segment->acknowledged - 1);
		if (!connection->opened)
			emit(network, segment, IMS_EVENT_CONNECTION_OPENED);
		connection->opened = true;
	} else {
		tell_opening(network, connection, segment);
	}
}

/* A RST in answer to a SYN has sequence number 0 (RFC 9293 3.5.2). */
static bool is_refusal(const struct segment *segment)
{
	return segment->flags & TCP_RST && segment->flags & TCP_ACK &&
	       segment->sequence == 0;
}

static void note_end(struct ims_connection *connection,
		     const struct segment *segment)
{
	if (!connection->closed[0] && !connection->closed[1])
		connection->closed_ns = segment->stamp.time_ns;
	connection->closed[segment->side] = true;
}

static void take_rst(struct ims_network *network,
		     struct ims_connection *connection,
		     const struct segment *segment)
{
	unsigned side = segment->side;
	bool stands =
		connection->opened || connection->recognised || connection->tls;

	if (connection->closed[side])
		return;
	note_end(connection, segment);
	if (stands && !is_foreign(connection)) {
		emit(network, segment, IMS_EVENT_CONNECTION_RESET);
	} else if (!stands && !connection->refused &&
		   (is_refusal(segment) ||
		    (connection->opening && connection->first_known[!side]))) {
		emit(network, segment, IMS_EVENT_CONNECTION_REFUSED);
		connection->refused = true;
		/* Its SYN may still come: it is the same attempt. */
		if (segment->flags & TCP_ACK)
			learn_first(connection, !side,
				    segment->acknowledged - 1);
	}
	ims_stream_end(network, &connection->streams[0]);
	ims_stream_end(network, &connection->streams[1]);
}

static void take_fin(struct ims_network *network,
		     struct ims_connection *connection,
		     const struct segment *segment)
{
	unsigned side = segment->side;

	if (connection->closed[side])
		return;
	note_end(connection, segment);
	if (!is_foreign(connection))
		emit(network, segment, IMS_EVENT_CONNECTION_CLOSED);
	ims_stream_end(network, &connection->streams[side]);
}

static void take_payload(struct ims_network *network,
			 struct ims_connection *connection,
			 const struct segment *segment)
{
	struct ims_stream *stream = &connection->streams[segment->side];
	struct ims_piece piece = {
		.start = segment->sequence + (segment->flags & TCP_SYN ? 1 : 0),
		.span = (uint32_t)segment->payload.wire,
		.at = segment->payload.at,
		.len = segment->payload.len,
		.stamp = segment->stamp,
	};

	if (connection->tls) {
		struct ims_flow flow = {
			.transport = IMS_TRANSPORT_TCP,
			.source = segment->source,
			.destination = segment->destination,
			.protected = segment->protected,
			.stamp = segment->stamp,
		};

		ims_tls_see(network, &flow, &connection->tls_told_ns);
		return;
	}
	ims_stream_tell(network, stream, &piece);
	ims_stream_take(network, stream, &piece);
}

/* Returns false when the header does not add up. */
static bool read_segment(struct segment *segment,
			 const struct ims_cursor *cursor)
{
	const uint8_t *at = cursor->bytes.at;
	size_t header;

	if (cursor->bytes.len < TCP_HEADER)
		return false;
	header = (size_t)(at[12] >> 4) * 4;
	segment->payload = cursor->bytes;
	if (header < TCP_HEADER || !ims_span_skip(&segment->payload, header))
		return false;
	segment->source.address = cursor->ip.source;
	segment->source.port = ims_be16(at);
	segment->destination.address = cursor->ip.destination;
	segment->destination.port = ims_be16(at + 2);
	segment->sequence = ims_be32(at + 4);
	segment->acknowledged = ims_be32(at + 8);
	segment->flags = at[13];
	segment->protected = cursor->protected;
	return true;
}

/* NULL: nothing that is worth remembering a connection for. */
static struct ims_connection *connection_of(struct ims_network *network,
					    struct segment *segment)
{
	struct ims_table *table = &network->tcp.table;
	struct ims_entry *entry;
	struct ims_key key;

	segment->side =
		ims_key_of_pair(&key, &segment->source, &segment->destination);
	entry = ims_table_find(table, &key);
	if (entry) {
		ims_table_touch(table, entry, network->now_ns);
		return (struct ims_connection *)entry;
	}
	if (!(segment->flags & (TCP_SYN | TCP_FIN)) && !segment->payload.wire &&
	    !is_refusal(segment))
		return NULL;
	return connection_new(network, segment, &key);
}

/*
 * A segment tells how far its sender is, and by its acknowledgement how far
 * the other end is: what is not in the capture by then was lost by it. FIN
 * takes a number of its own.
 */
static void show_progress(struct ims_network *network,
			  struct ims_connection *connection,
			  const struct segment *segment)
{
	unsigned side = segment->side;

	if (segment->flags & (TCP_SYN | TCP_RST))
		return;
	if (!segment->payload.wire && !connection->closed[side])
		ims_stream_show(network, &connection->streams[side],
				segment->sequence, &segment->stamp);
	if (segment->flags & TCP_ACK && !connection->closed[!side])
		ims_stream_show(network, &connection->streams[!side],
				segment->acknowledged, &segment->stamp);
}

void ims_tcp_take(struct ims_network *network, struct ims_cursor *cursor)
{
	struct ims_connection *connection;
	struct segment segment;

	if (!read_segment(&segment, cursor)) {
		cursor->layer = IMS_LAYER_BAD;
		return;
	}
	segment.stamp = ims_network_stamp(network, cursor->packet);
	connection = connection_of(network, &segment);
	if (!connection)
		return;
	connection->protected |= segment.protected;
	if (segment.flags & TCP_SYN)
		take_syn(network, connection, &segment);
	if (segment.payload.wire && !(segment.flags & TCP_RST))
		take_payload(network, connection, &segment);
	show_progress(network, connection, &segment);
	if (segment.flags & TCP_RST)
		take_rst(network, connection, &segment);
	else if (segment.flags & TCP_FIN)
		take_fin(network, connection, &segment);
}
