// SPDX-License-Identifier: GPL-2.0-or-later
#include "stream.h"

#include "network_internal.h"

#define BEGUN_MIN 2048u

void ims_stream_init(struct ims_stream *stream,
		     struct ims_connection *connection, unsigned side)
{
	*stream = (struct ims_stream){
		.connection = connection,
		.side = side,
		.waiting.data = stream,
		.holding.data = stream,
	};
}

void ims_stream_start(struct ims_stream *stream, uint32_t next)
{
	stream->state = IMS_STREAM_READING;
	stream->placed = true;
	stream->next = next;
}

static struct ims_flow flow_of(const struct ims_stream *stream,
			       const struct ims_stamp *stamp)
{
	const struct ims_connection *connection = stream->connection;

	return (struct ims_flow){
		.transport = IMS_TRANSPORT_TCP,
		.source = connection->ends[stream->side],
		.destination = connection->ends[!stream->side],
		.protected = connection->protected,
		.stamp = *stamp,
	};
}

/*
 * Of what a foreign stream lacks nobody wants to hear; whether it is foreign
 * may show later.
 */
static void report_missing(struct ims_network *network,
			   struct ims_stream *stream,
			   const struct ims_stamp *stamp)
{
	struct ims_flow flow = flow_of(stream, stamp);
	struct ims_event event;

	if (!stream->missing || !stream->connection->recognised)
		return;
	event = ims_event_of(&flow, IMS_EVENT_GAP);
	event.missing = stream->missing;
	stream->missing = 0;
	network->sink(network->user, &event);
}

static void emit(struct ims_network *network, struct ims_stream *stream,
		 const struct ims_stamp *stamp, enum ims_event_kind kind,
		 struct ims_slice bytes, bool cut)
{
	struct ims_flow flow = flow_of(stream, stamp);

	stream->connection->recognised = true;
	stream->tries = 0;
	report_missing(network, stream, stamp);
	ims_message_emit(network, &flow, kind, bytes, cut);
}

/* Keeps the queues in step with what the stream holds. */
static void update_queues(struct ims_network *network,
			  struct ims_stream *stream)
{
	struct ims_tcp *tcp = &network->tcp;
	bool holds = stream->begun || stream->runs.first;
	bool waits = stream->runs.first || (stream->ended && stream->begun);

	if (holds && !stream->is_holding)
		g_queue_push_tail_link(&tcp->holding, &stream->holding);
	else if (!holds && stream->is_holding)
		g_queue_unlink(&tcp->holding, &stream->holding);
	stream->is_holding = holds;
	if (waits && !stream->is_waiting) {
		stream->since_ns = network->now_ns;
		g_queue_push_tail_link(&tcp->waiting, &stream->waiting);
	} else if (!waits && stream->is_waiting) {
		g_queue_unlink(&tcp->waiting, &stream->waiting);
	}
	stream->is_waiting = waits;
}

static void drop_begun(struct ims_network *network, struct ims_stream *stream)
{
	network->tcp.budget.used -= stream->begun_size;
	g_free(stream->begun);
	stream->begun = NULL;
	stream->begun_len = 0;
	stream->begun_size = 0;
	stream->looked_at = 0;
	stream->wanted = 0;
}

/* Its end will not come: what is there goes out if it tells something. */
static void cut_begun(struct ims_network *network, struct ims_stream *stream)
{
	struct ims_found found;

	if (!stream->begun)
		return;
	found = ims_message_find(stream->begun, stream->begun_len);
	if (found.extent == IMS_EXTENT_PARTIAL &&
	    ims_message_tells(found.kind, stream->begun, stream->begun_len))
		emit(network, stream, &stream->begun_stamp, found.kind,
		     ims_slice(stream->begun, stream->begun_len), true);
	drop_begun(network, stream);
}

/* `missing` bytes are not to be had; the next segment may begin a message. */
static void lose(struct ims_network *network, struct ims_stream *stream,
		 uint64_t missing, const struct ims_stamp *stamp)
{
	cut_begun(network, stream);
	stream->missing += missing;
	stream->state = IMS_STREAM_LOST;
	report_missing(network, stream, stamp);
}

/* More room for a message that has begun; false: no memory. */
static bool reserve(struct ims_network *network, struct ims_stream *stream,
		    size_t len)
{
	size_t size = MAX(stream->begun_size, BEGUN_MIN);
	uint8_t *begun;

	if (len <= stream->begun_size)
		return true;
	while (size < len)
		size *= 2;
	begun = g_try_malloc(size);
	if (!begun)
		return false;
	if (stream->begun_len)
		memcpy(begun, stream->begun, stream->begun_len);
	g_free(stream->begun);
	network->tcp.budget.used += size - stream->begun_size;
	stream->begun = begun;
	stream->begun_size = size;
	return true;
}

static bool append(struct ims_network *network, struct ims_stream *stream,
		   const uint8_t *at, size_t len)
{
	if (!reserve(network, stream, stream->begun_len + len))
		return false;
	memcpy(stream->begun + stream->begun_len, at, len);
	stream->begun_len += len;
	return true;
}

/*
 * Takes the whole messages from the front of the bytes. Returns how many
 * bytes are done with; what is left begins a message.
 */
static size_t read_messages(struct ims_network *network,
			    struct ims_stream *stream, const uint8_t *at,
			    size_t len, const struct ims_stamp *stamp)
{
	size_t used = 0;

	for (;;) {
		struct ims_found found;

		used += ims_message_blank(at + used, len - used);
		if (used == len)
			return used;
		found = ims_message_find(at + used, len - used);
		if (found.extent == IMS_EXTENT_FOREIGN) {
			stream->state = IMS_STREAM_LOST;
			return len;
		}
		if (found.extent == IMS_EXTENT_PARTIAL) {
			stream->wanted = found.length;
			return used;
		}
		emit(network, stream, stamp, found.kind,
		     ims_slice(at + used, found.length), false);
		used += found.length;
	}
}

/* An empty line: the end of a SIP header may be there. */
static bool has_empty_line(const uint8_t *at, size_t len)
{
	const uint8_t *end = at + len;

	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		at++;
		if (at < end && *at == '\n')
			return true;
		if (end - at >= 2 && at[0] == '\r' && at[1] == '\n')
			return true;
	}
	return false;
}

/*
 * Whether looking at the message again can tell more than before. Looking
 * costs its whole length, so not at every small segment.
 */
static bool is_due(const struct ims_stream *stream)
{
	size_t from = stream->looked_at;

	if (stream->wanted)
		return stream->begun_len >= stream->wanted;
	if (stream->begun_len >= 2 * from)
		return true;
	from = from > 3 ? from - 3 : 0;
	return has_empty_line(stream->begun + from, stream->begun_len - from);
}

static void out_of_memory(struct ims_network *network,
			  struct ims_stream *stream)
{
	ims_network_let_go(network);
	drop_begun(network, stream);
	stream->state = IMS_STREAM_LOST;
}

/* What follows the message that has begun. */
static void continue_message(struct ims_network *network,
			     struct ims_stream *stream,
			     const struct ims_piece *piece)
{
	size_t used, left;

	if (!append(network, stream, piece->at, piece->len)) {
		out_of_memory(network, stream);
		return;
	}
	/* It is complete when the last to arrive of its bytes is there. */
	if (piece->stamp.order > stream->begun_stamp.order)
		stream->begun_stamp = piece->stamp;
	if (!is_due(stream))
		return;
	stream->wanted = 0;
	used = read_messages(network, stream, stream->begun, stream->begun_len,
			     &stream->begun_stamp);
	left = stream->begun_len - used;
	if (left == 0) {
		drop_begun(network, stream);
		return;
	}
	if (used) { /* the rest is of this piece alone */
		memmove(stream->begun, stream->begun + used, left);
		stream->begun_stamp = piece->stamp;
	}
	stream->begun_len = left;
	stream->looked_at = left;
}

/* The bytes at `next`. */
static void read_piece(struct ims_network *network, struct ims_stream *stream,
		       const struct ims_piece *piece)
{
	size_t used;

	if (stream->begun) {
		continue_message(network, stream, piece);
		return;
	}
	used = read_messages(network, stream, piece->at, piece->len,
			     &piece->stamp);
	if (used == piece->len)
		return;
	stream->begun_stamp = piece->stamp;
	stream->looked_at = piece->len - used;
	if (!append(network, stream, piece->at + used, piece->len - used))
		out_of_memory(network, stream);
}

/* Neither SIP nor Diameter: TLS, or something that is not for us. */
static void not_recognised(struct ims_network *network,
			   struct ims_stream *stream,
			   const struct ims_piece *piece)
{
	struct ims_connection *connection = stream->connection;
	bool signalling = ims_port_is_signalling(connection->ends[0].port) ||
			  ims_port_is_signalling(connection->ends[1].port);

	if (ims_tls_begins(piece->at, piece->len)) {
		connection->tls = signalling;
		stream->state = IMS_STREAM_FOREIGN;
		if (signalling) {
			struct ims_flow flow = flow_of(stream, &piece->stamp);

			ims_tls_see(network, &flow, &connection->tls_told_ns);
		}
	} else if (!connection->recognised && !signalling &&
		   ++stream->tries >= IMS_STREAM_TRIES) {
		stream->state = IMS_STREAM_FOREIGN;
	}
}

/* A segment while it is not known where messages begin. */
static void search(struct ims_network *network, struct ims_stream *stream,
		   struct ims_piece *piece)
{
	size_t blank = ims_message_blank(piece->at, piece->len);
	struct ims_found found =
		ims_message_find(piece->at + blank, piece->len - blank);

	stream->placed = true;
	stream->next = ims_piece_end(piece);
	if (found.extent == IMS_EXTENT_FOREIGN) {
		if (blank < piece->len)
			not_recognised(network, stream, piece);
		return;
	}
	stream->state = IMS_STREAM_READING;
	read_piece(network, stream, piece);
}

/* A segment that begins at `next`, or anywhere when that is not known. */
static void accept(struct ims_network *network, struct ims_stream *stream,
		   struct ims_piece *piece)
{
	if (stream->state == IMS_STREAM_READING) {
		stream->next = ims_piece_end(piece);
		read_piece(network, stream, piece);
		if (stream->state == IMS_STREAM_LOST && !stream->begun)
			not_recognised(network, stream, piece);
	} else {
		search(network, stream, piece);
	}
	if (stream->state == IMS_STREAM_READING && piece->len < piece->span)
		lose(network, stream, piece->span - piece->len, &piece->stamp);
}

/* Goes on with what waited, up to the next hole. */
static void drain(struct ims_network *network, struct ims_stream *stream)
{
	struct ims_budget *budget = &network->tcp.budget;

	while (stream->runs.first && stream->state != IMS_STREAM_FOREIGN) {
		struct ims_piece piece = stream->runs.first->piece;
		uint32_t behind = stream->next - piece.start;
		struct ims_run *run;

		if (ims_before(stream->next, piece.start)) {
			if (stream->state == IMS_STREAM_READING)
				break;
			stream->missing += piece.start - stream->next;
			behind = 0;
		}
		run = ims_runs_pop(&stream->runs, budget);
		if (behind < piece.span) {
			ims_piece_trim(&piece, behind);
			accept(network, stream, &piece);
		}
		g_free(run);
	}
	if (stream->state == IMS_STREAM_FOREIGN)
		ims_runs_clear(&stream->runs, budget);
	update_queues(network, stream);
}

/* What is missing before the first that waits is given up. */
static void skip_hole(struct ims_network *network, struct ims_stream *stream)
{
	struct ims_piece piece = stream->runs.first->piece;

	lose(network, stream, piece.start - stream->next, &piece.stamp);
	stream->next = piece.start;
	drain(network, stream);
}

void ims_stream_flush(struct ims_network *network, struct ims_stream *stream)
{
	while (stream->runs.first)
		skip_hole(network, stream);
	cut_begun(network, stream);
	update_queues(network, stream);
}

static bool is_patient(const struct ims_network *network, int64_t since_ns)
{
	return ims_elapsed(since_ns, network->now_ns) <= IMS_STREAM_PATIENCE_NS;
}

void ims_streams_expire(struct ims_network *network)
{
	GQueue *waiting = &network->tcp.waiting;

	while (waiting->head) {
		struct ims_stream *stream = waiting->head->data;

		if (is_patient(network, stream->since_ns))
			return;
		g_queue_unlink(waiting, &stream->waiting);
		stream->is_waiting = false;
		if (!stream->runs.first)
			cut_begun(network, stream);
		while (stream->runs.first &&
		       !is_patient(network,
				   stream->runs.first->piece.stamp.time_ns))
			skip_hole(network, stream);
		update_queues(network, stream);
	}
}

/* Those that have held bytes longest give them up. */
static void keep_in_budget(struct ims_network *network)
{
	struct ims_tcp *tcp = &network->tcp;

	while (tcp->budget.used > tcp->budget.limit && tcp->holding.head) {
		ims_network_let_go(network);
		ims_stream_flush(network, tcp->holding.head->data);
	}
}

/* A segment from behind a hole. */
static void hold(struct ims_network *network, struct ims_stream *stream,
		 const struct ims_piece *piece)
{
	if (!ims_runs_add(&stream->runs, &network->tcp.budget, piece))
		ims_network_let_go(network);
	update_queues(network, stream);
	if (stream->runs.n_bytes > IMS_STREAM_MAX_BEHIND ||
	    stream->runs.n_runs > IMS_STREAM_MAX_SEGMENTS) {
		ims_network_let_go(network);
		skip_hole(network, stream);
	}
}

/*
 * Far from where the stream is: another connection of the same ports whose
 * beginning is not in the capture, or nonsense. What begins a message is
 * believed.
 */
static void jump(struct ims_network *network, struct ims_stream *stream,
		 struct ims_piece *piece)
{
	struct ims_found found = ims_message_find(piece->at, piece->len);

	if (found.extent == IMS_EXTENT_FOREIGN)
		return;
	ims_stream_flush(network, stream);
	stream->state = IMS_STREAM_LOST;
	accept(network, stream, piece);
}

void ims_stream_take(struct ims_network *network, struct ims_stream *stream,
		     struct ims_piece *piece)
{
	int32_t ahead = (int32_t)(piece->start - stream->next);

	if (stream->state == IMS_STREAM_FOREIGN)
		return;
	if (!stream->placed) {
		accept(network, stream, piece);
	} else if (ahead > IMS_STREAM_WINDOW || ahead < -IMS_STREAM_WINDOW) {
		jump(network, stream, piece);
	} else if (ahead > 0 && stream->state == IMS_STREAM_READING) {
		hold(network, stream, piece);
	} else {
		uint32_t old = ahead < 0 ? (uint32_t)-ahead : 0;

		if (old >= piece->span)
			return; /* a copy */
		ims_piece_trim(piece, old);
		accept(network, stream, piece);
	}
	drain(network, stream);
	keep_in_budget(network);
}

void ims_stream_end(struct ims_network *network, struct ims_stream *stream)
{
	stream->ended = true;
	update_queues(network, stream);
}
