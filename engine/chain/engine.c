// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine's door: events in, in order, to the chain they belong to. */
#include <ims/engine.h>

#include "core.h"
#include "draft.h"
#include "standing.h"

/* The year 2225. */
#define LATEST (INT64_MAX / 8 * 7)

static void apply(void *user, struct ims_facts *facts);

static void read_record(void *user, struct ims_facts *facts)
{
	struct ims_engine *engine = user;

	facts->is_void = !ims_facts_read(facts, engine->pool);
}

static void tell_copy(void *user, const struct ims_facts *copy,
		      const struct ims_facts *first)
{
	struct ims_engine *engine = user;

	ims_observe_copy(engine->observation, copy, first);
	if (engine->sink.copy)
		engine->sink.copy(engine->sink.user, copy->frame, first->frame);
}

static void set_options(struct ims_engine *engine,
			const struct ims_options *options)
{
	if (options)
		engine->options = *options;
	/* The nodes hold their own copy. */
	engine->options.hints = NULL;
	engine->options.n_hints = 0;
	if (engine->options.answer_timeout_ns <= 0)
		engine->options.answer_timeout_ns = 10 * IMS_SECOND;
	if (engine->options.slow_answer_ns <= 0)
		engine->options.slow_answer_ns = IMS_SECOND;
}

struct ims_engine *ims_engine_new(const struct ims_options *options,
				  const struct ims_sink *sink)
{
	const struct ims_window_calls calls = {read_record, apply, tell_copy};
	struct ims_engine *engine = g_new0(struct ims_engine, 1);

	engine->sink = *sink;
	set_options(engine, options);
	engine->nodes = ims_nodes_new(options ? options->hints : NULL,
				      options ? options->n_hints : 0);
	engine->pool = ims_pool_new();
	engine->stock = ims_stock_new();
	engine->window = ims_window_new(&calls, engine);
	engine->timers = ims_timers_new();
	g_queue_init(&engine->attempts);
	g_queue_init(&engine->calls);
	g_queue_init(&engine->resting);
	g_queue_init(&engine->exchanges);
	g_queue_init(&engine->links);
	engine->identities = ims_index_new(engine->stock);
	engine->ues = ims_address_table_new();
	engine->given_up = ims_cx_given_up_table_new();
	g_queue_init(&engine->given_up_ages);
	engine->links_found = g_ptr_array_new();
	engine->bindings = ims_bindings_new();
	engine->subscriptions = ims_subscriptions_new();
	engine->endings = ims_endings_new();
	engine->pairs = ims_pairs_new();
	engine->flaps = ims_flaps_new();
	engine->awaited = ims_awaited_new();
	engine->observation = ims_observation_new();
	engine->counts = ims_counts_new();
	engine->scopes = ims_scopes_new();
	engine->drafts = ims_drafts_new();
	return engine;
}

/* Some attribute of it has that value, which begins with a small letter: looked
   for from quote to quote. */
static bool quotes(struct ims_slice xml, const char *value)
{
	const char *end = xml.at + xml.len;
	const char *at = xml.at;

	while (at && at < end && (at = memchr(at, '"', (size_t)(end - at))))
		if (++at < end && (*at | 0x20) == value[0] &&
		    ims_slice_starts_nocase(ims_slice(at, (size_t)(end - at)),
					    value))
			return true;
	return false;
}

/* RFC 6665 4.1.3, RFC 3680 5.2: the subscription or what it is about. */
static bool tells_of_end(const struct ims_sip_facts *sip)
{
	return sip->is_request && sip->method == IMS_SIP_METHOD_NOTIFY &&
	       (ims_slice_starts_nocase(sip->subscription_state,
					"terminated") ||
		quotes(sip->reginfo, "terminated\""));
}

/* Bits of enum ims_heard. */
static unsigned heard_of(const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	unsigned what = IMS_HEARD_SIP;

	if (facts->kind == IMS_EVENT_ESP)
		return IMS_HEARD_ESP;
	if (facts->kind == IMS_EVENT_GAP)
		return IMS_HEARD_GAP;
	if (sip && sip->is_request && sip->method != IMS_SIP_METHOD_REGISTER)
		what |= IMS_HEARD_OTHER_REQUEST;
	if (sip && tells_of_end(sip))
		what |= IMS_HEARD_END;
	return what;
}

static void note_pair(struct ims_engine *engine, const struct ims_facts *facts)
{
	ims_pairs_note(engine->pairs, &facts->source.address,
		       &facts->destination.address, heard_of(facts),
		       facts->time_ns);
}

/* The capture lacks what says which transaction it is of. */
static bool is_placeless(const struct ims_facts *facts)
{
	return ims_slice_is_empty(facts->sip->call_id) ||
	       (facts->cut && !facts->sip->has_cseq &&
		facts->kind == IMS_EVENT_SIP);
}

static bool is_register_without_cseq(const struct ims_sip_facts *sip)
{
	return sip->method == IMS_SIP_METHOD_REGISTER && !sip->has_cseq;
}

static void tell_call(const struct ims_engine *engine,
		      const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	const struct ims_call_message message = {
		.frame = facts->frame,
		.time_ns = facts->time_ns,
		.call_id = sip->call_id,
		.event = sip->event,
		.from = sip->from.uri,
		.to = sip->to.uri,
	};

	if (engine->sink.call && sip->method != IMS_SIP_METHOD_REGISTER)
		engine->sink.call(engine->sink.user, &message);
}

static void apply_sip(struct ims_engine *engine, struct ims_facts *facts)
{
	bool icmp = facts->kind == IMS_EVENT_ICMP_ERROR;
	struct ims_thread *thread;

	if (is_placeless(facts))
		return;
	if (!icmp)
		ims_subscriptions_apply(engine->subscriptions, facts);
	thread = icmp ? ims_thread_find(engine, facts->sip->call_id)
		      : ims_thread_get(engine, facts->sip->call_id);
	if (!thread)
		return;
	if (facts->sip->method == IMS_SIP_METHOD_REGISTER)
		ims_attempt_apply(engine, thread, facts);
	else
		ims_call_apply(engine, thread, facts);
	ims_thread_release(engine, thread);
}

static void apply_kind(struct ims_engine *engine, struct ims_facts *facts)
{
	switch (facts->kind) {
	case IMS_EVENT_SIP:
		engine->summary.sip_messages++;
		note_pair(engine, facts);
		if (!facts->sip)
			break;
		tell_call(engine, facts);
		apply_sip(engine, facts);
		break;
	case IMS_EVENT_DIAMETER:
		engine->summary.diameter_messages++;
		if (facts->diameter)
			ims_cx_apply(engine, facts);
		break;
	case IMS_EVENT_ICMP_ERROR:
		if (!facts->sip)
			ims_link_event(engine, facts);
		else if (ims_slice_is_empty(facts->sip->call_id) ||
			 is_register_without_cseq(facts->sip))
			ims_attempt_icmp(engine, facts);
		else
			apply_sip(engine, facts);
		break;
	case IMS_EVENT_ESP:
		note_pair(engine, facts);
		ims_attempt_esp(engine, facts);
		break;
	case IMS_EVENT_GAP:
		note_pair(engine, facts);
		ims_link_event(engine, facts);
		break;
	case IMS_EVENT_CONNECTION_OPENING:
	case IMS_EVENT_CONNECTION_OPENED:
	case IMS_EVENT_CONNECTION_REFUSED:
	case IMS_EVENT_CONNECTION_CLOSED:
	case IMS_EVENT_CONNECTION_RESET:
		ims_link_event(engine, facts);
		break;
	case IMS_EVENT_FRAGMENT_LOST:
		if (facts->sip)
			ims_partial_apply(engine, facts);
		break;
	case IMS_EVENT_DROPS:
		ims_endings_sign_all(engine->endings, facts->time_ns);
		break;
	case IMS_EVENT_TLS:
		break;
	}
}

/* What is due becomes final at its own time: how busy the capture is
   otherwise makes no difference. */
static void pass_time(struct ims_engine *engine, int64_t now_ns)
{
	int64_t until = MAX(now_ns, engine->now_ns);
	int64_t due;

	while ((due = ims_timers_due(engine->timers, until)) <= until) {
		engine->now_ns = MAX(engine->now_ns, due);
		ims_timers_run(engine->timers, engine->now_ns, engine);
	}
	engine->now_ns = until;
	ims_standing_pass_time(engine, engine->now_ns);
}

/* The oldest of what is most: a flood of one kind must not cost the others.
   False: nothing is open. */
static bool let_go_one(struct ims_engine *engine)
{
	guint attempts = engine->attempts.length;
	guint calls = engine->calls.length;
	guint exchanges = engine->exchanges.length;

	if (!attempts && !calls && !exchanges)
		return false;
	if (attempts >= calls && attempts >= exchanges)
		ims_attempt_let_go(engine, engine->attempts.head->data,
				   IMS_BOUND_HELD);
	else if (calls >= exchanges)
		ims_calls_let_go(engine, IMS_BOUND_HELD);
	else
		ims_cx_let_go(engine, IMS_BOUND_HELD);
	return true;
}

/* However few things are open: what they hold is bounded too. */
static void make_room(struct ims_engine *engine)
{
	while (engine->held > IMS_MAX_HELD && let_go_one(engine))
		;
}

/* Nothing holds it, so nothing will be asked about it later; what a connection
   holds of the base protocol is judged as the connection's. */
static bool is_stray(const struct ims_facts *facts, uint32_t references)
{
	if (facts->kind == IMS_EVENT_SIP)
		return facts->sip && facts->references == references;
	return facts->kind == IMS_EVENT_DIAMETER && facts->diameter &&
	       (facts->references == references ||
		facts->diameter->application == IMS_APPLICATION_BASE);
}

static void apply(void *user, struct ims_facts *facts)
{
	struct ims_engine *engine = user;
	uint32_t references;

	if (facts->is_void) {
		ims_engine_lost(engine);
		ims_facts_unref(facts);
		return;
	}
	make_room(engine);
	pass_time(engine, facts->time_ns);
	/* The window holds what may get copies for a while. */
	references = facts->references;
	ims_observe(engine->observation, facts);
	apply_kind(engine, facts);
	if (is_stray(facts, references))
		ims_judge_stray(engine, facts);
	ims_bindings_rest(engine->bindings);
	ims_facts_unref(facts);
}

void ims_engine_lost(struct ims_engine *engine)
{
	ims_let_go(engine, IMS_BOUND_MEMORY, 1);
}

bool ims_engine_feed(struct ims_engine *engine, const struct ims_event *event)
{
	struct ims_facts *record = ims_facts_take(engine->pool, event);

	if (!record) {
		ims_engine_lost(engine);
		return false;
	}
	record->account = &engine->held;
	engine->held += ims_facts_size(record);
	/* Far enough from the ends for every sum and difference of times. */
	record->time_ns = CLAMP(record->time_ns, 0, LATEST);
	ims_window_put(engine->window, record);
	return true;
}

static void close_calls(struct ims_engine *engine)
{
	while (engine->calls.head)
		ims_call_close(engine, engine->calls.head->data);
}

static void close_exchanges(struct ims_engine *engine)
{
	while (engine->exchanges.head)
		ims_cx_close(engine, engine->exchanges.head->data);
}

static void close_links(struct ims_engine *engine)
{
	for (GList *l = engine->links.head; l; l = l->next) {
		struct ims_open_link *link = l->data;

		if (link->about.is_diameter && !link->checked)
			ims_judge_link(engine, link);
	}
	while (engine->links.head)
		ims_link_free(engine, engine->links.head->data);
}

void ims_engine_clock(struct ims_engine *engine, int64_t time_ns)
{
	time_ns = MIN(time_ns, LATEST);
	if (time_ns <= engine->clock_ns)
		return;
	engine->clock_ns = time_ns;
	ims_window_advance(engine->window, time_ns);
	/* What is younger than the window may still get company. */
	if (time_ns > INT64_MIN + IMS_WINDOW_NS)
		pass_time(engine, time_ns - IMS_WINDOW_NS);
}

/* What the parts counted for themselves. */
static void sum_let_go(struct ims_engine *engine)
{
	ims_let_go(engine, IMS_BOUND_BINDINGS,
		   ims_bindings_let_go(engine->bindings));
	ims_let_go(engine, IMS_BOUND_SUBSCRIPTIONS,
		   ims_subscriptions_let_go(engine->subscriptions));
	ims_let_go(engine, IMS_BOUND_PAIRS, ims_pairs_let_go(engine->pairs));
	ims_let_go(engine, IMS_BOUND_ENDINGS,
		   ims_endings_let_go(engine->endings));
	ims_let_go(engine, IMS_BOUND_AWAITED,
		   ims_awaited_let_go(engine->awaited));
	ims_let_go(engine, IMS_BOUND_ROUNDS, ims_flaps_let_go(engine->flaps));
	ims_let_go(engine, IMS_BOUND_NODES, ims_nodes_let_go(engine->nodes));
	ims_let_go(engine, IMS_BOUND_OBSERVED,
		   ims_observation_let_go(engine->observation));
}

void ims_engine_finish(struct ims_engine *engine)
{
	ims_window_flush(engine->window);
	pass_time(engine, engine->clock_ns);
	engine->ended = true;
	while (engine->attempts.head)
		ims_attempt_close(engine, engine->attempts.head->data);
	close_calls(engine);
	close_exchanges(engine);
	close_links(engine);
	ims_judge_capture(engine);
	ims_threads_release(engine);
	ims_nodes_report(engine->nodes, &engine->sink);
	engine->summary.copies = ims_window_copies(engine->window);
	engine->summary.late = ims_window_late(engine->window);
	sum_let_go(engine);
	ims_counts_summary(engine->counts, &engine->summary);
}

const struct ims_summary *ims_engine_summary(struct ims_engine *engine)
{
	return &engine->summary;
}

/* Without finish: nothing is judged, everything is freed. */
static void drop_open(struct ims_engine *engine)
{
	struct ims_sink nobody = {0};

	engine->sink = nobody;
	engine->ended = true;
	while (engine->attempts.head)
		ims_attempt_close(engine, engine->attempts.head->data);
	close_calls(engine);
	close_exchanges(engine);
	while (engine->links.head)
		ims_link_free(engine, engine->links.head->data);
	ims_threads_release(engine);
}

void ims_engine_free(struct ims_engine *engine)
{
	if (!engine)
		return;
	drop_open(engine);
	ims_window_free(engine->window);
	ims_timers_free(engine->timers);
	ims_set_clear(&engine->threads);
	ims_index_free(engine->identities);
	g_hash_table_destroy(engine->ues);
	ims_set_clear(&engine->cx_by_hop);
	g_queue_clear(&engine->given_up_ages);
	g_hash_table_destroy(engine->given_up);
	ims_set_clear(&engine->cx_by_end);
	ims_set_clear(&engine->cx_by_session);
	ims_set_clear(&engine->vectors);
	ims_set_clear(&engine->link_table);
	g_ptr_array_free(engine->links_found, TRUE);
	ims_bindings_free(engine->bindings);
	ims_subscriptions_free(engine->subscriptions);
	ims_endings_free(engine->endings);
	ims_nodes_free(engine->nodes);
	ims_pairs_free(engine->pairs);
	ims_flaps_free(engine->flaps);
	ims_awaited_free(engine->awaited);
	ims_observation_free(engine->observation);
	ims_counts_free(engine->counts);
	ims_scopes_free(engine->scopes);
	ims_pool_free(engine->pool);
	ims_drafts_free(engine->drafts);
	ims_stock_free(engine->stock);
	g_free(engine);
}
