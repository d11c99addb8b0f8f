// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Diameter exchanges as records: the sides of agents that one request
 * crossed, what of them is told, and what is forgotten.
 */
#include "cx_record.h"

const struct ims_diameter_facts *ims_diameter(const struct ims_facts *facts)
{
	return facts ? facts->diameter : NULL;
}

uint64_t ims_cx_core(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *request = ims_diameter(cx->request);
	const struct ims_diameter_facts *answer = ims_diameter(cx->answer);

	if (!request || !answer || ims_slice_is_empty(answer->origin_host) ||
	    ims_slice_is_empty(request->destination_realm))
		return 0;
	return ims_slice_hash_nocase(answer->origin_host) * 31 +
	       ims_slice_hash_nocase(request->destination_realm);
}

bool ims_cx_succeeded(const struct ims_cx *cx)
{
	const struct ims_result *result = &cx->about.result;

	return result->container != IMS_RESULT_NONE && result->code >= 2000 &&
	       result->code < 3000;
}

/* The connection ended after the request, and what is heard of its ports since
   is another's. */
static bool is_of_another(const struct ims_link *link, int64_t request_ns,
			  int64_t heard_ns)
{
	const struct ims_facts *end = link->closed ? link->closed : link->reset;

	return end && end->time_ns > request_ns && heard_ns > end->time_ns;
}

bool ims_cx_silence_is_proved(const struct ims_cx *cx)
{
	const struct ims_link *link = cx->link;
	int64_t last;
	int64_t hole;

	if (!link || !cx->request || cx->answer)
		return false;
	if (ims_endpoint_equal(&link->client, &cx->request->source)) {
		last = link->last_from_server_ns;
		hole = link->gap_from_server_ns;
	} else {
		last = link->last_from_client_ns;
		hole = link->gap_from_client_ns;
	}
	return last > cx->request->time_ns && hole < cx->request->time_ns &&
	       !is_of_another(link, cx->request->time_ns, last);
}

static void wait_for_notify(struct ims_engine *engine, struct ims_open_cx *cx)
{
	ims_timer_set(engine->timers, &cx->timer,
		      cx->about.answer->time_ns + IMS_NOTIFY_WAIT);
}

static void judge(struct ims_engine *engine, struct ims_open_cx *cx)
{
	ims_termination_note(engine, cx);
	ims_judge_exchange(engine, cx);
	cx->is_judged = true;
}

/* RFC 3539 3.4.1: a peer that has nothing to say is heard again after 30 s at
   the latest, with 2 s of jitter, by its watchdog. */
#define WATCHDOG (33 * IMS_SECOND)

/* Its answerer was not heard since: the next it says tells whether it is
   there, and silent. */
static bool is_worth_waiting(struct ims_open_cx *cx)
{
	const struct ims_link *link = cx->about.link;

	if (cx->has_waited || !link || !cx->about.request || cx->about.answer ||
	    link->closed || link->reset || ims_cx_silence_is_proved(&cx->about))
		return false;
	cx->has_waited = true;
	return true;
}

static void cx_due(void *user, struct ims_timer *timer)
{
	struct ims_engine *engine = user;
	struct ims_open_cx *cx =
		(struct ims_open_cx *)((char *)timer -
				       G_STRUCT_OFFSET(struct ims_open_cx,
						       timer));

	if (is_worth_waiting(cx)) {
		ims_timer_set(engine->timers, timer, engine->now_ns + WATCHDOG);
		return;
	}
	if (cx->is_judged) {
		ims_judge_termination(engine, cx);
	} else {
		judge(engine, cx);
		if (ims_termination_awaits(engine, cx)) {
			wait_for_notify(engine, cx);
			return;
		}
	}
	ims_cx_free(engine, cx);
}

void ims_cx_close(struct ims_engine *engine, struct ims_open_cx *cx)
{
	if (!cx->is_judged)
		judge(engine, cx);
	ims_cx_free(engine, cx);
}

struct ims_open_cx *ims_cx_new(struct ims_engine *engine,
			       const struct ims_facts *facts)
{
	const struct ims_diameter_facts *d = facts->diameter;
	struct ims_open_cx *cx = ims_stock_take(engine->stock, sizeof(*cx));

	ims_few_init(&cx->messages);
	ims_few_init(&cx->hops);
	cx->timer.fire = cx_due;
	cx->age.data = cx;
	cx->on_link.data = cx;
	cx->about.command = d->command;
	cx->about.about.id = ++engine->n_exchanges;
	cx->about.about.application = d->application;
	cx->about.about.command = ims_command_name(d->command, true);
	cx->about.about.request_time_ns = facts->time_ns;
	cx->about.about.answer_time_ns = -1;
	if (engine->exchanges.length == IMS_MAX_OPEN_CX)
		ims_cx_let_go(engine, IMS_BOUND_EXCHANGES);
	g_queue_push_tail_link(&engine->exchanges, &cx->age);
	return cx;
}

void ims_cx_let_go(struct ims_engine *engine, enum ims_bound bound)
{
	struct ims_open_cx *oldest = engine->exchanges.head->data;

	ims_let_go(engine, bound, 1);
	if (oldest->about.attempt)
		ims_attempt_close(engine,
				  ims_attempt_record(oldest->about.attempt));
	else
		ims_cx_close(engine, oldest);
}

/* An answer may come long after: then it is known whose it is, and is no
   exchange of its own. */
static void give_up(struct ims_engine *engine, struct ims_open_cx *cx)
{
	if (cx->about.answer)
		return;
	for (unsigned i = 0; i < cx->hops.n; i++) {
		const struct ims_cx_hop *hop = cx->hops.at[i];
		struct ims_cx_hop *kept;

		if (g_hash_table_contains(engine->given_up, hop))
			continue;
		if (engine->given_up_ages.length == IMS_MAX_GIVEN_UP) {
			ims_let_go(engine, IMS_BOUND_GIVEN_UP, 1);
			ims_cx_forget(engine);
		}
		kept = g_memdup2(hop, sizeof(*hop));
		kept->cx = NULL;
		kept->request = kept->answer = NULL;
		g_hash_table_add(engine->given_up, kept);
		g_queue_push_tail(&engine->given_up_ages, kept);
	}
}

void ims_cx_forget(struct ims_engine *engine)
{
	struct ims_cx_hop *oldest = g_queue_pop_head(&engine->given_up_ages);

	g_hash_table_remove(engine->given_up, oldest);
}

void ims_cx_free(struct ims_engine *engine, struct ims_open_cx *cx)
{
	give_up(engine, cx);
	ims_cx_unknown(engine, cx);
	ims_timer_stop(engine->timers, &cx->timer);
	if (cx->about.link)
		g_queue_unlink(
			&((struct ims_open_link *)cx->about.link)->exchanges,
			&cx->on_link);
	g_queue_unlink(&engine->exchanges, &cx->age);
	for (unsigned i = 0; i < cx->messages.n; i++)
		ims_facts_unref(cx->messages.at[i]);
	ims_few_clear(&cx->messages);
	for (unsigned i = 0; i < cx->hops.n; i++)
		ims_stock_give(engine->stock, cx->hops.at[i],
			       sizeof(struct ims_cx_hop));
	ims_few_clear(&cx->hops);
	g_strfreev(cx->ended);
	ims_stock_give(engine->stock, cx, sizeof(*cx));
}

void ims_cx_hold(struct ims_open_cx *cx, struct ims_facts *facts)
{
	ims_few_add(&cx->messages, ims_facts_ref(facts));
}

void ims_cx_ride(struct ims_open_cx *cx, struct ims_open_link *link)
{
	cx->about.link = &link->about;
	g_queue_push_tail_link(&link->exchanges, &cx->on_link);
}

/* The asker's side is the one with the fewest Route-Records (6.1.9). */
struct ims_cx_hop *ims_cx_asker_side(const struct ims_open_cx *cx)
{
	struct ims_cx_hop *best = NULL;

	for (unsigned i = 0; i < cx->hops.n; i++) {
		struct ims_cx_hop *hop = cx->hops.at[i];

		if (hop->request &&
		    (!best || hop->request->diameter->n_route_records <
				      best->request->diameter->n_route_records))
			best = hop;
	}
	return best;
}

static struct ims_frame frame_of(const struct ims_facts *facts)
{
	return facts ? facts->frame : (struct ims_frame){0};
}

/* The first that is said counts; it ends with the first NUL. */
static void say(struct ims_slice *said, struct ims_slice text)
{
	if (ims_slice_is_set(*said) || ims_slice_is_empty(text))
		return;
	*said = ims_slice(text.at, strnlen(text.at, text.len));
}

static void tell_request(struct ims_open_cx *cx)
{
	const struct ims_diameter_facts *d = cx->about.request->diameter;
	struct ims_exchange *out = &cx->about.about;

	say(&cx->impi, d->user_name);
	if (d->public_identities.n)
		say(&cx->impu, d->public_identities.at[0]);
	say(&cx->origin_host, d->origin_host);
	say(&cx->destination_realm, d->destination_realm);
	say(&cx->server_name, d->server_name);
	out->asker = cx->about.request->source;
	out->answerer = cx->about.request->destination;
	out->request_time_ns = cx->about.request->time_ns;
	if (cx->about.answer)
		out->request_time_ns =
			MIN(out->request_time_ns, cx->about.answer->time_ns);
}

static void tell_answer(struct ims_open_cx *cx)
{
	const struct ims_diameter_facts *d = cx->about.answer->diameter;
	struct ims_exchange *out = &cx->about.about;

	out->result = d->result;
	out->answer_time_ns = cx->about.answer->time_ns;
	if (!cx->about.request) {
		say(&cx->origin_host, d->origin_host);
		out->asker = cx->about.answer->destination;
		out->answerer = cx->about.answer->source;
	}
	say(&cx->impi, d->user_name);
	if (!ims_slice_is_empty(d->server_name)) {
		cx->server_name = (struct ims_slice){0};
		say(&cx->server_name, d->server_name);
	}
}

/* Sides on which somebody else than the asker asks. */
static uint32_t count_agents(const struct ims_open_cx *cx,
			     const struct ims_cx_hop *near)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < cx->hops.n; i++) {
		const struct ims_cx_hop *hop = cx->hops.at[i];

		if (!ims_address_equal(&hop->asker.address,
				       &near->asker.address))
			n++;
	}
	return n;
}

static bool is_redirect(const struct ims_facts *answer)
{
	const struct ims_diameter_facts *d = ims_diameter(answer);

	return d && d->result.container == IMS_RESULT_CODE &&
	       d->result.code == 3006;
}

/*
 * The answer on the asker's side; else, after a failover or a redirection
 * (RFC 6733 5.5.4, 6.1.8), what the same request got elsewhere; else what an
 * agent got for it, whose relay is not in the capture.
 */
static struct ims_facts *find_answer(struct ims_open_cx *cx,
				     const struct ims_cx_hop *near)
{
	struct ims_facts *answer = near->answer;

	for (unsigned i = 0; i < cx->hops.n; i++) {
		const struct ims_cx_hop *hop = cx->hops.at[i];

		if (hop == near)
			continue;
		cx->about.far_request = hop->request;
		if (!hop->answer)
			continue;
		cx->about.far_answer = hop->answer;
		if (!answer ||
		    (is_redirect(answer) && !is_redirect(hop->answer)))
			answer = hop->answer;
	}
	return answer;
}

static const struct ims_facts *find_redirect(const struct ims_open_cx *cx,
					     const struct ims_cx_hop *near)
{
	if (is_redirect(near->answer))
		return near->answer;
	return is_redirect(cx->about.answer) ? cx->about.answer : NULL;
}

void ims_cx_refresh(struct ims_open_cx *cx)
{
	struct ims_exchange *out = &cx->about.about;
	struct ims_cx_hop *near = ims_cx_asker_side(cx);

	if (near) {
		cx->about.request = near->request;
		cx->about.answer = find_answer(cx, near);
		cx->about.redirect = find_redirect(cx, near);
		out->n_agents = count_agents(cx, near);
		tell_request(cx);
	} else if (is_redirect(cx->about.answer)) {
		cx->about.redirect = cx->about.answer;
	}
	if (cx->about.answer)
		tell_answer(cx);
	out->request = frame_of(cx->about.request);
	out->answer = frame_of(cx->about.answer);
	out->impi = cx->impi;
	out->impu = cx->impu;
	out->server_name = cx->server_name;
	out->origin_host = cx->origin_host;
	out->destination_realm = cx->destination_realm;
}

/* Watchdogs that were answered are counted and not listed. */
static bool is_listed(const struct ims_cx *cx)
{
	return cx->command != IMS_COMMAND_DW || !cx->answer;
}

void ims_cx_report(struct ims_engine *engine, struct ims_open_cx *cx)
{
	if (cx->reported)
		return;
	cx->reported = true;
	ims_counts_exchange(engine->counts, &cx->about);
	if (engine->sink.exchange && is_listed(&cx->about))
		engine->sink.exchange(engine->sink.user, &cx->about.about);
}
