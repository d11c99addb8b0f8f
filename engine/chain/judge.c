// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules' turn: each is asked about what it applies to; of what they say
 * about a failed attempt one is its cause; then all of it is reported.
 */
#include "changes.h"
#include "core.h"
#include "draft.h"
#include "standing.h"

static struct ims_check check_new(struct ims_engine *engine)
{
	return (struct ims_check){
		.engine = engine,
		.options = &engine->options,
		.observation = engine->observation,
		.now_ns = engine->now_ns,
		.capture_ended = engine->ended,
		.drafts = engine->drafts,
	};
}

static void ask(struct ims_check *check, enum ims_scope scope)
{
	const struct ims_scope_rules *asked =
		ims_scopes_rules(check->engine->scopes, scope);
	uint32_t signs = check->options->asks_all ? UINT32_MAX : check->signs;

	for (size_t i = 0; i < asked->n; i++) {
		if (asked->needs[i] & ~signs)
			continue;
		check->rule = asked->rules[i];
		check->rule->check(check);
	}
}

static gint by_time(gconstpointer a, gconstpointer b, gpointer unused)
{
	const struct ims_draft *x = *(struct ims_draft *const *)a;
	const struct ims_draft *y = *(struct ims_draft *const *)b;
	int64_t s = ims_draft_time(x);
	int64_t t = ims_draft_time(y);

	(void)unused;
	return s < t ? -1 : s > t;
}

/* Those of the request that it is about, where they were asked for. */
static void add_steps(struct ims_finding *finding,
		      const struct ims_check *check,
		      const struct ims_draft *draft)
{
	if (check->options->request_steps && check->journey &&
	    !check->attempt && draft->rule->scope == IMS_SCOPE_REQUEST)
		finding->steps =
			ims_request_steps(check->engine, check->journey, draft,
					  &finding->n_steps);
}

/* The finding as front ends get it; returns its id. */
static uint64_t hand_over(struct ims_engine *engine,
			  const struct ims_check *check,
			  struct ims_draft *draft, uint64_t registration)
{
	struct ims_finding finding = {
		.id = ++engine->n_findings,
		.rule = draft->rule,
		.severity = draft->severity,
		.confidence = draft->confidence,
		.registration = registration,
		.is_cause = draft->is_cause,
		.call_id = draft->call_id,
		.impi = draft->impi,
		.impu = draft->impu,
		.time_ns = draft->n_evidence ? ims_draft_time(draft)
					     : engine->now_ns,
		.evidence = draft->evidence,
		.n_evidence = draft->n_evidence,
		.headline = draft->headline,
		.summary = draft->summary,
		.advice = ims_slice_is_set(draft->advice)
				  ? draft->advice
				  : ims_slice_of(draft->rule->advice),
		.facts = draft->facts,
		.n_facts = draft->n_facts,
		.signature = ims_known(check, draft),
	};

	if (draft->severity >= engine->options.changes_from)
		ims_draft_add_changes(draft);
	add_steps(&finding, check, draft);
	ims_counts_finding(engine->counts, draft->rule, draft->severity);
	if (engine->sink.finding)
		engine->sink.finding(engine->sink.user, &finding);
	return finding.id;
}

/* Their ids, in that order, go into `ids` unless NULL. */
static void hand_over_all(struct ims_engine *engine, struct ims_check *check,
			  uint64_t registration, uint64_t *ids)
{
	struct ims_drafts *drafts = check->drafts;

	if (drafts->n > 1)
		g_qsort_with_data(drafts->at, (gint)drafts->n,
				  sizeof(*drafts->at), by_time, NULL);
	for (unsigned i = 0; i < drafts->n; i++) {
		uint64_t id =
			hand_over(engine, check, drafts->at[i], registration);

		if (ids)
			ids[i] = id;
	}
}

/* What belongs to nothing that is told of itself. */
static void finish(struct ims_engine *engine, struct ims_check *check)
{
	hand_over_all(engine, check, 0, NULL);
	if (check->drafts->n)
		ims_drafts_clear(check->drafts);
}

static bool failed(const struct ims_attempt *attempt)
{
	return attempt->outcome == IMS_OUTCOME_REJECTED ||
	       attempt->outcome == IMS_OUTCOME_CHALLENGED ||
	       attempt->outcome == IMS_OUTCOME_UNANSWERED;
}

/* The nearest to the origin; the earliest among equals. */
static struct ims_draft *find_cause(const struct ims_check *check)
{
	struct ims_draft *cause = NULL;

	for (unsigned i = 0; i < check->drafts->n; i++) {
		struct ims_draft *draft = check->drafts->at[i];

		if (draft->no_cause || !draft->rule->origin)
			continue;
		if (!cause || draft->rule->origin > cause->rule->origin ||
		    (draft->rule->origin == cause->rule->origin &&
		     ims_draft_time(draft) < ims_draft_time(cause)))
			cause = draft;
	}
	return cause;
}

static void ask_about_message(struct ims_check *check,
			      const struct ims_facts *message)
{
	uint32_t signs = check->signs;

	check->message = message;
	check->signs = ims_signs_of_message(message);
	ask(check, IMS_SCOPE_MESSAGE);
	check->message = NULL;
	check->signs = signs;
}

/* What an ICMP error quotes is evidence, no message. */
static void ask_about_journey(struct ims_check *check)
{
	const uint32_t flawed = IMS_SIGN_SIP_FLAW | IMS_SIGN_AVP_FLAW;
	const struct ims_journey *journey = check->journey;

	ask(check, IMS_SCOPE_REQUEST);
	if (!(journey->signs & flawed) && !check->options->asks_all)
		return;
	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		for (unsigned m = 0; m < hop->n_messages; m++)
			if (hop->messages[m]->kind == IMS_EVENT_SIP)
				ask_about_message(check, hop->messages[m]);
	}
}

static void ask_about_exchange(struct ims_check *check)
{
	enum ims_application application = check->cx->about.application;
	const struct ims_few *messages =
		&((const struct ims_open_cx *)check->cx)->messages;
	uint32_t signs = check->signs;

	check->signs = ims_signs_of_exchange(check->cx, signs);
	if (application == IMS_APPLICATION_CX ||
	    application == IMS_APPLICATION_RFC4740 || check->attempt)
		ask(check, IMS_SCOPE_EXCHANGE);
	for (unsigned i = 0; i < messages->n; i++)
		ask_about_message(check, messages->at[i]);
	check->signs = signs;
}

static void ask_about_attempt(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	ask(check, IMS_SCOPE_REGISTRATION);
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		check->cx = attempt->exchanges[i];
		ask_about_exchange(check);
	}
	check->cx = NULL;
	check->binding = attempt->before;
	check->call = attempt->journeys;
	check->n_call = attempt->n_journeys;
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		check->journey = attempt->journeys[i];
		ask_about_journey(check);
	}
	check->journey = NULL;
	if (!failed(attempt))
		return;
	ask(check, IMS_SCOPE_PEER);
	ask(check, IMS_SCOPE_CAPTURE);
}

/* It got what it asked for, so its requests were answered. */
static bool went_on(const struct ims_attempt *attempt)
{
	return attempt && (attempt->outcome == IMS_OUTCOME_REGISTERED ||
			   attempt->outcome == IMS_OUTCOME_DEREGISTERED);
}

static void observe_attempt(struct ims_engine *engine,
			    const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++)
		ims_observe_journey(engine->observation, attempt->journeys[i],
				    attempt->journeys, attempt->n_journeys);
	for (unsigned i = 0; i < attempt->n_exchanges; i++)
		ims_observe_exchange(
			engine->observation,
			&ims_cx_open(attempt->exchanges[i])->messages,
			went_on(attempt));
}

/*
 * A rejection that nothing nearer explains stands as its own cause; once
 * something does, the echo is not told besides.
 */
static void drop_echoes(struct ims_check *check, const struct ims_draft *cause)
{
	struct ims_drafts *drafts = check->drafts;
	unsigned n = 0;

	for (unsigned i = 0; i < drafts->n; i++)
		if (drafts->at[i] == cause || !drafts->at[i]->rule->is_echo)
			drafts->at[n++] = drafts->at[i];
	drafts->n = n;
}

void ims_judge_attempt(struct ims_engine *engine,
		       struct ims_open_attempt *attempt)
{
	struct ims_attempt *about = &attempt->about;
	struct ims_check check = check_new(engine);
	struct ims_draft *cause = NULL;
	uint64_t *ids;

	observe_attempt(engine, about);
	check.attempt = about;
	check.signs = ims_signs_of_attempt(about);
	ask_about_attempt(&check);
	if (failed(about))
		cause = find_cause(&check);
	if (cause) {
		drop_echoes(&check, cause);
		cause->is_cause = true;
		cause->severity = IMS_SEVERITY_ERROR;
		ims_counts_cause(engine->counts, cause->rule);
	}
	ids = ims_scratch_take(check.drafts->memory,
			       check.drafts->n * sizeof(*ids));
	hand_over_all(engine, &check, about->id, ids);
	for (unsigned i = 0; i < about->n_exchanges; i++)
		ims_cx_report(engine, ims_cx_open(about->exchanges[i]));
	engine->summary.registrations[about->outcome]++;
	ims_attempt_report(engine, attempt, cause, ids, check.drafts->n);
	ims_drafts_clear(check.drafts);
	ims_awaited_note(engine->awaited, about);
	ims_standing_after_attempt(engine, about);
	ims_bindings_rest(engine->bindings);
}

static void tell_subscriptions(struct ims_check *check,
			       struct ims_engine *engine,
			       const struct ims_open_cx *cx)
{
	const GPtrArray *found = ims_termination_found(engine, cx);

	check->ended = (const char *const *)cx->ended;
	check->subscriptions =
		(const struct ims_subscription *const *)found->pdata;
	check->n_subscriptions = found->len;
}

void ims_judge_exchange(struct ims_engine *engine, struct ims_open_cx *cx)
{
	struct ims_check check = check_new(engine);

	ims_observe_exchange(engine->observation, &cx->messages, false);
	check.cx = &cx->about;
	tell_subscriptions(&check, engine, cx);
	ask_about_exchange(&check);
	finish(engine, &check);
	ims_cx_report(engine, cx);
	ims_standing_after_exchange(engine, &cx->about);
	ims_bindings_rest(engine->bindings);
}

void ims_judge_termination(struct ims_engine *engine, struct ims_open_cx *cx)
{
	struct ims_check check = check_new(engine);

	check.cx = &cx->about;
	tell_subscriptions(&check, engine, cx);
	ask(&check, IMS_SCOPE_TERMINATION);
	finish(engine, &check);
}

void ims_judge_request(struct ims_engine *engine, struct ims_thread *thread,
		       struct ims_journey *journey)
{
	struct ims_check check = check_new(engine);
	const struct ims_hop *first = ims_journey_first(journey);

	check.journey = journey;
	check.call = (struct ims_journey *const *)thread->journeys.at;
	check.n_call = thread->journeys.n;
	if (first)
		check.binding = ims_bindings_at(engine->bindings,
						&first->from.endpoint.address,
						engine->now_ns);
	ims_observe_journey(engine->observation, journey, check.call,
			    check.n_call);
	ims_awaited_note_request(engine->awaited, journey);
	check.signs = ims_signs_of_request(journey, check.binding);
	ask_about_journey(&check);
	finish(engine, &check);
	ims_bindings_rest(engine->bindings);
	ims_journey_forget_changes(journey);
}

void ims_judge_link(struct ims_engine *engine, struct ims_open_link *link)
{
	struct ims_check check = check_new(engine);

	link->checked = true;
	check.link = &link->about;
	ask(&check, IMS_SCOPE_PEER);
	finish(engine, &check);
}

void ims_judge_stray(struct ims_engine *engine, const struct ims_facts *message)
{
	struct ims_check check = check_new(engine);

	ask_about_message(&check, message);
	finish(engine, &check);
}

void ims_judge_capture(struct ims_engine *engine)
{
	struct ims_check check = check_new(engine);

	ask(&check, IMS_SCOPE_CAPTURE);
	finish(engine, &check);
}
