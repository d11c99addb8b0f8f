// SPDX-License-Identifier: GPL-2.0-or-later
/* The order of segments: what waits for what, and for how long. */
#include "stream.h"

#include "network_internal.h"

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

/* What stands behind the hole has waited since it came. */
static int64_t waits_since(const struct ims_network *network,
			   const struct ims_stream *stream)
{
	if (stream->runs.first)
		return stream->runs.first->piece.stamp.time_ns;
	if (stream->is_shown)
		return stream->shown_by.time_ns;
	return network->now_ns;
}

/*
 * The queue is in order of since when, so that its head is due first; of a
 * capture whose time runs backwards only nearly, or each look for a place
 * would pass all that wait.
 */
static void insert_waiting(GQueue *waiting, struct ims_stream *stream)
{
	GList *before = waiting->tail;

	for (unsigned i = 0; before && i < IMS_WAITING_STEPS; i++) {
		const struct ims_stream *other = before->data;

		if (other->since_ns <= stream->since_ns)
			break;
		before = before->prev;
	}
	if (before)
		g_queue_insert_after_link(waiting, before, &stream->waiting);
	else
		g_queue_push_head_link(waiting, &stream->waiting);
}

/* Keeps the queues in step with what the stream holds. */
static void update_queues(struct ims_network *network,
			  struct ims_stream *stream)
{
	struct ims_tcp *tcp = &network->tcp;
	bool holds = stream->begun.at || stream->runs.first;
	bool waits;

	stream->is_shown =
		stream->is_shown && ims_before(stream->next, stream->shown);
	waits = stream->runs.first || stream->is_shown ||
		(stream->ended && stream->begun.at);
	if (holds && !stream->is_holding)
		g_queue_push_tail_link(&tcp->holding, &stream->holding);
	else if (!holds && stream->is_holding)
		g_queue_unlink(&tcp->holding, &stream->holding);
	stream->is_holding = holds;
	if (waits && !stream->is_waiting) {
		stream->since_ns = waits_since(network, stream);
		insert_waiting(&tcp->waiting, stream);
	} else if (!waits && stream->is_waiting) {
		g_queue_unlink(&tcp->waiting, &stream->waiting);
	}
	stream->is_waiting = waits;
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
			ims_stream_accept(network, stream, &piece);
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

	ims_stream_lose(network, stream, piece.start - stream->next,
			&piece.stamp);
	stream->next = piece.start;
	drain(network, stream);
}

/* Nothing came behind what is missing but a sign that it was sent. */
static void give_up_tail(struct ims_network *network, struct ims_stream *stream)
{
	if (!stream->is_shown) {
		ims_stream_cut(network, stream);
		return;
	}
	ims_stream_lose(network, stream, stream->shown - stream->next,
			&stream->shown_by);
	stream->next = stream->shown;
}

/* It waits for nothing more then, and is in no queue. */
void ims_stream_flush(struct ims_network *network, struct ims_stream *stream)
{
	while (stream->runs.first)
		skip_hole(network, stream);
	give_up_tail(network, stream);
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
			give_up_tail(network, stream);
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
		ims_network_let_go(network, IMS_NETWORK_BOUND_STREAM_BYTES);
		ims_stream_flush(network, tcp->holding.head->data);
	}
}

/* A segment from behind a hole. */
static void hold(struct ims_network *network, struct ims_stream *stream,
		 const struct ims_piece *piece)
{
	if (!ims_runs_add(&stream->runs, &network->tcp.budget, piece))
		ims_network_let_go(network, IMS_NETWORK_BOUND_MEMORY);
	update_queues(network, stream);
	if (stream->runs.n_bytes > IMS_STREAM_MAX_BEHIND ||
	    stream->runs.n_runs > IMS_STREAM_MAX_SEGMENTS) {
		ims_network_let_go(network, IMS_NETWORK_BOUND_BEHIND_HOLE);
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
	ims_stream_accept(network, stream, piece);
}

void ims_stream_take(struct ims_network *network, struct ims_stream *stream,
		     struct ims_piece *piece)
{
	int32_t ahead = (int32_t)(piece->start - stream->next);

	if (stream->state == IMS_STREAM_FOREIGN)
		return;
	if (!stream->placed) {
		if (stream->is_floored && ahead > 0 &&
		    ahead <= IMS_STREAM_WINDOW)
			stream->missing += (uint32_t)ahead;
		ims_stream_accept(network, stream, piece);
	} else if (ahead > IMS_STREAM_WINDOW || ahead < -IMS_STREAM_WINDOW) {
		jump(network, stream, piece);
	} else if (ahead > 0 && stream->state == IMS_STREAM_READING) {
		hold(network, stream, piece);
	} else {
		uint32_t old = ahead < 0 ? (uint32_t)-ahead : 0;

		if (old >= piece->span)
			return; /* a copy */
		/* While messages have no beginning nobody waits for it. */
		if (ahead > 0)
			stream->missing += (uint32_t)ahead;
		ims_piece_trim(piece, old);
		ims_stream_accept(network, stream, piece);
	}
	drain(network, stream);
	keep_in_budget(network);
}

void ims_stream_show(struct ims_network *network, struct ims_stream *stream,
		     uint32_t sequence, const struct ims_stamp *stamp)
{
	int32_t ahead = (int32_t)(sequence - stream->next);

	if (stream->state == IMS_STREAM_FOREIGN)
		return;
	if (!stream->placed && !stream->is_floored) {
		stream->is_floored = true;
		stream->next = sequence;
		return;
	}
	if (ahead <= 0 || ahead > IMS_STREAM_WINDOW ||
	    (stream->is_shown && !ims_before(stream->shown, sequence)))
		return;
	stream->is_shown = true;
	stream->shown = sequence;
	stream->shown_by = *stamp;
	update_queues(network, stream);
}

void ims_stream_end(struct ims_network *network, struct ims_stream *stream)
{
	stream->ended = true;
	update_queues(network, stream);
}
