// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * User messages out of chunks. They are handed on as soon as they are
 * complete, whatever their stream and order: who reads them goes by time.
 */
#include "network_internal.h"

/* A run's tag: the chunk's stream, and these. */
enum run_tag {
	RUN_BEGINS = 0x10000,
	RUN_ENDS = 0x20000,
	RUN_CUT = 0x40000,  /* its end was not captured */
	RUN_DONE = 0x80000, /* its bytes are no longer needed */
};

#define RUN_STREAM 0xffffu

static struct ims_flow flow_of(const struct ims_sctp_path *path,
			       const struct ims_stamp *stamp)
{
	const struct ims_association *association = path->association;

	return (struct ims_flow){
		.transport = IMS_TRANSPORT_SCTP,
		.source = association->ends[path->side],
		.destination = association->ends[!path->side],
		.protected = association->protected,
		.stamp = *stamp,
	};
}

static void deliver(struct ims_network *network, struct ims_sctp_path *path,
		    const struct ims_span *bytes, const struct ims_stamp *stamp)
{
	struct ims_association *association = path->association;
	struct ims_flow flow = flow_of(path, stamp);

	if (ims_message_datagram(network, &flow, bytes)) {
		association->recognised = true;
		return;
	}
	association->tries++;
	if (ims_dtls_begins(bytes->at, bytes->len) &&
	    (ims_port_is_signalling(flow.source.port) ||
	     ims_port_is_signalling(flow.destination.port)))
		ims_tls_see(network, &flow, &association->tls_told_ns);
}

/* The chunk's number is its space's: a user message is in several. */
static void tell_place(struct ims_network *network, struct ims_sctp_path *path,
		       const struct ims_sctp_data *data)
{
	const struct ims_tap *tap = network->tap;

	if (tap)
		tap->placed(tap->user, data->bytes.at, data->bytes.len,
			    ims_network_space(network, &path->space, data->tsn),
			    0);
}

static void tell_origin(struct ims_network *network, struct ims_sctp_path *path,
			const uint8_t *at, const struct ims_piece *piece)
{
	const struct ims_tap *tap = network->tap;

	if (tap)
		tap->origin(
			tap->user, at, piece->len,
			ims_network_space(network, &path->space, piece->start),
			0);
}

static bool is_done(const struct ims_run *run)
{
	return run->piece.tag & RUN_DONE;
}

/* Whether `b` goes on the user message where `a` leaves off. */
static bool continues(const struct ims_run *a, const struct ims_run *b)
{
	return b && !is_done(b) && b->piece.start == a->piece.start + 1 &&
	       !(a->piece.tag & (RUN_ENDS | RUN_CUT)) &&
	       !(b->piece.tag & RUN_BEGINS) &&
	       (a->piece.tag & RUN_STREAM) == (b->piece.tag & RUN_STREAM);
}

static struct ims_run *last_of(struct ims_run *run)
{
	while (continues(run, run->next))
		run = run->next;
	return run;
}

/*
 * The parts from `first` to `last` as one; they are done with then. More is
 * missing behind them unless the last one ends the user message.
 */
static void join(struct ims_network *network, struct ims_sctp_path *path,
		 struct ims_run *first, struct ims_run *last)
{
	struct ims_stamp stamp = first->piece.stamp;
	struct ims_span whole = {0};
	uint8_t *bytes;

	if (network->tap)
		network->tap->origin(network->tap->user, NULL, 0, 0, 0);
	for (struct ims_run *r = first; r != last->next; r = r->next)
		whole.wire += r->piece.len;
	bytes = g_try_malloc(whole.wire ? whole.wire : 1);
	if (!bytes)
		ims_network_let_go(network, IMS_NETWORK_BOUND_MEMORY);
	for (struct ims_run *r = first; r != last->next; r = r->next) {
		if (bytes) {
			memcpy(bytes + whole.len, r->data, r->piece.len);
			tell_origin(network, path, bytes + whole.len,
				    &r->piece);
		}
		whole.len += r->piece.len;
		if (r->piece.stamp.order > stamp.order)
			stamp = r->piece.stamp;
		r->piece.tag |= RUN_DONE;
	}
	if (!(last->piece.tag & RUN_ENDS) || last->piece.tag & RUN_CUT)
		whole.wire++;
	for (struct ims_run *r = first; r != last->next; r = r->next)
		ims_network_part(network, &stamp, &r->piece.stamp);
	whole.at = bytes;
	if (bytes)
		deliver(network, path, &whole, &stamp);
	g_free(bytes);
}

/* Takes the first run out, for good. */
static void drop_first(struct ims_network *network, struct ims_sctp_path *path)
{
	g_free(ims_runs_pop(&path->runs, &network->sctp.budget));
}

/* Moves `next` over what is there, and lets go what is done with. */
static void advance(struct ims_network *network, struct ims_sctp_path *path)
{
	for (struct ims_run *r = path->runs.first; r; r = r->next)
		if (r->piece.start == path->next)
			path->next++;
	while (path->runs.first && is_done(path->runs.first) &&
	       ims_before(path->runs.first->piece.start, path->next))
		drop_first(network, path);
}

/*
 * The queue is in order of since when, so that its head is due first; of a
 * capture whose time runs backwards only nearly, or each look for a place
 * would pass all that wait.
 */
static void insert_waiting(GQueue *waiting, struct ims_sctp_path *path)
{
	GList *before = waiting->tail;

	for (unsigned i = 0; before && i < IMS_WAITING_STEPS; i++) {
		const struct ims_sctp_path *other = before->data;

		if (other->since_ns <= path->since_ns)
			break;
		before = before->prev;
	}
	if (before)
		g_queue_insert_after_link(waiting, before, &path->waiting);
	else
		g_queue_push_head_link(waiting, &path->waiting);
}

static void update_queue(struct ims_network *network,
			 struct ims_sctp_path *path)
{
	GQueue *waiting = &network->sctp.waiting;
	bool waits;

	path->is_shown = path->is_shown && ims_before(path->next, path->shown);
	waits = path->runs.first || path->is_shown;
	if (waits && !path->is_waiting) {
		path->since_ns = path->runs.first
					 ? path->runs.first->piece.stamp.time_ns
					 : path->shown_by.time_ns;
		insert_waiting(waiting, path);
	} else if (!waits && path->is_waiting) {
		g_queue_unlink(waiting, &path->waiting);
	}
	path->is_waiting = waits;
}

static void report_missing(struct ims_network *network,
			   struct ims_sctp_path *path, uint32_t chunks,
			   const struct ims_stamp *stamp)
{
	struct ims_flow flow = flow_of(path, stamp);
	struct ims_event event = ims_event_of(&flow, IMS_EVENT_GAP);

	if (!path->association->recognised || network->selected)
		return;
	event.missing = chunks;
	network->sink(network->user, &event);
}

/* The first run, and what it waits for, is given up. */
static void give_up(struct ims_network *network, struct ims_sctp_path *path)
{
	struct ims_run *first = path->runs.first;

	if (ims_before(path->next, first->piece.start)) {
		report_missing(network, path, first->piece.start - path->next,
			       &first->piece.stamp);
		path->next = first->piece.start;
	} else {
		if (!is_done(first) && first->piece.tag & RUN_BEGINS)
			join(network, path, first, last_of(first));
		drop_first(network, path);
	}
	advance(network, path);
}

/* Nothing came behind what is missing but the word that it arrived. */
static void give_up_tail(struct ims_network *network,
			 struct ims_sctp_path *path)
{
	if (!path->is_shown || !ims_before(path->next, path->shown))
		return;
	report_missing(network, path, path->shown - path->next,
		       &path->shown_by);
	path->next = path->shown;
}

void ims_sctp_data_flush(struct ims_network *network,
			 struct ims_sctp_path *path)
{
	while (path->runs.first)
		give_up(network, path);
	give_up_tail(network, path);
	update_queue(network, path);
}

static bool is_patient(const struct ims_network *network, int64_t since_ns)
{
	return ims_elapsed(since_ns, network->now_ns) <= IMS_SCTP_PATIENCE_NS;
}

void ims_sctp_data_expire(struct ims_network *network)
{
	GQueue *waiting = &network->sctp.waiting;

	while (waiting->head) {
		struct ims_sctp_path *path = waiting->head->data;

		if (is_patient(network, path->since_ns))
			return;
		g_queue_unlink(waiting, &path->waiting);
		path->is_waiting = false;
		while (path->runs.first &&
		       !is_patient(network,
				   path->runs.first->piece.stamp.time_ns))
			give_up(network, path);
		if (!path->runs.first &&
		    !is_patient(network, path->shown_by.time_ns))
			give_up_tail(network, path);
		update_queue(network, path);
	}
}

static void keep_in_bounds(struct ims_network *network,
			   struct ims_sctp_path *path)
{
	struct ims_sctp *sctp = &network->sctp;

	while (path->runs.n_runs > IMS_SCTP_MAX_CHUNKS) {
		ims_network_let_go(network, IMS_NETWORK_BOUND_CHUNKS);
		give_up(network, path);
	}
	update_queue(network, path);
	while (sctp->budget.used > sctp->budget.limit && sctp->waiting.head) {
		ims_network_let_go(network, IMS_NETWORK_BOUND_CHUNK_BYTES);
		ims_sctp_data_flush(network, sctp->waiting.head->data);
	}
}

/* Hands on each user message that is complete. */
static void join_complete(struct ims_network *network,
			  struct ims_sctp_path *path)
{
	for (struct ims_run *r = path->runs.first; r; r = r->next) {
		struct ims_run *last;

		if (is_done(r) || !(r->piece.tag & RUN_BEGINS))
			continue;
		last = last_of(r);
		if (last->piece.tag & (RUN_ENDS | RUN_CUT))
			join(network, path, r, last);
		r = last;
	}
}

/* Whether the chunk was here before. */
static bool is_copy(const struct ims_sctp_path *path, uint32_t tsn)
{
	if (ims_before(tsn, path->next))
		return true;
	for (const struct ims_run *r = path->runs.first; r; r = r->next)
		if (r->piece.start == tsn)
			return true;
	return false;
}

static void hold(struct ims_network *network, struct ims_sctp_path *path,
		 const struct ims_sctp_data *data, bool done)
{
	struct ims_piece piece = {
		.start = data->tsn,
		.span = 1,
		.at = data->bytes.at,
		.len = done ? 0 : data->bytes.len,
		.tag = data->stream,
		.stamp = data->stamp,
	};

	piece.tag |= data->begins ? RUN_BEGINS : 0;
	piece.tag |= data->ends ? RUN_ENDS : 0;
	piece.tag |= ims_span_is_cut(&data->bytes) ? RUN_CUT : 0;
	piece.tag |= done ? RUN_DONE : 0;
	if (!ims_runs_add(&path->runs, &network->sctp.budget, &piece))
		ims_network_let_go(network, IMS_NETWORK_BOUND_MEMORY);
}

void ims_sctp_data_take(struct ims_network *network, struct ims_sctp_path *path,
			const struct ims_sctp_data *data)
{
	int32_t ahead = (int32_t)(data->tsn - path->next);
	bool whole = data->begins && data->ends;

	if (ims_association_is_foreign(path->association))
		return;
	tell_place(network, path, data);
	if (path->placed &&
	    (ahead > IMS_SCTP_WINDOW || ahead < -IMS_SCTP_WINDOW)) {
		ims_sctp_data_flush(network, path);
		path->placed = false;
	}
	/* An acknowledgement may stand before what it acknowledges. */
	if (!path->placed &&
	    (!path->is_floored || ahead < 0 || ahead > IMS_SCTP_WINDOW))
		path->next = data->tsn;
	path->placed = true;
	if (is_copy(path, data->tsn))
		return;
	if (whole)
		deliver(network, path, &data->bytes, &data->stamp);
	if (whole && data->tsn == path->next && !path->runs.first) {
		path->next++;
		return;
	}
	hold(network, path, data, whole);
	if (!whole)
		join_complete(network, path);
	advance(network, path);
	keep_in_bounds(network, path);
}

void ims_sctp_data_show(struct ims_network *network, struct ims_sctp_path *path,
			uint32_t next, const struct ims_stamp *stamp,
			bool fresh)
{
	int32_t ahead;

	if (ims_association_is_foreign(path->association))
		return;
	if (!path->placed && !path->is_floored) {
		path->is_floored = true;
		path->next = fresh ? next - 1 : next;
	}
	ahead = (int32_t)(next - path->next);
	if (ahead <= 0 || ahead > IMS_SCTP_WINDOW ||
	    (path->is_shown && !ims_before(path->shown, next)))
		return;
	path->is_shown = true;
	path->shown = next;
	path->shown_by = *stamp;
	update_queue(network, path);
}
