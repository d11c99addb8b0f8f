// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Diameter exchanges: request and answer by connection and hop-by-hop
 * identifier, the copies at agents by Origin-Host and end-to-end identifier
 * (RFC 6733 3).
 */
#include "cx.h"

#include "cx_record.h"
#include "standing.h"

static bool is_from_hss(const struct ims_open_cx *cx)
{
	return cx->about.command == IMS_COMMAND_RT ||
	       cx->about.command == IMS_COMMAND_PP;
}

static bool is_cx(const struct ims_open_cx *cx)
{
	return cx->about.about.application == IMS_APPLICATION_CX ||
	       cx->about.about.application == IMS_APPLICATION_RFC4740;
}

/* Who asks what is what: the I-CSCF UAR and LIR, the S-CSCF MAR and SAR. */
static void note_asker(struct ims_engine *engine, const struct ims_open_cx *cx)
{
	struct ims_endpoint asker = cx->about.about.asker;
	bool is_icscf = cx->about.command == IMS_COMMAND_UA ||
			cx->about.command == IMS_COMMAND_LI;

	if (!is_cx(cx))
		return;
	if (is_from_hss(cx)) {
		ims_nodes_note(engine->nodes, &asker, IMS_ROLE_HSS, true);
		return;
	}
	asker.port = 0; /* an ephemeral one */
	ims_nodes_note(engine->nodes, &asker,
		       is_icscf ? IMS_ROLE_I_CSCF : IMS_ROLE_S_CSCF, true);
}

static void note_roles(struct ims_engine *engine, const struct ims_open_cx *cx)
{
	const struct ims_exchange *about = &cx->about.about;

	note_asker(engine, cx);
	ims_nodes_name(engine->nodes, &about->asker.address,
		       cx->about.request->diameter->origin_host);
	if (is_cx(cx) && !is_from_hss(cx) &&
	    !ims_nodes_is(engine->nodes, &about->answerer.address,
			  IMS_ROLE_DRA))
		ims_nodes_note(engine->nodes, &about->answerer, IMS_ROLE_HSS,
			       true);
}

/* Between two sides of a relay stands an agent. */
static void note_agent(struct ims_engine *engine, const struct ims_open_cx *cx)
{
	const struct ims_cx_hop *near = ims_cx_asker_side(cx);

	for (unsigned i = 0; i < cx->hops.n; i++) {
		const struct ims_cx_hop *far = cx->hops.at[i];
		const struct ims_address *agent = &far->asker.address;

		if (far == near ||
		    !ims_address_equal(agent, &near->answerer.address))
			continue;
		ims_nodes_note(engine->nodes, &near->answerer, IMS_ROLE_DRA,
			       true);
		ims_nodes_drop(engine->nodes, agent, IMS_ROLE_HSS);
		ims_nodes_drop(engine->nodes, agent, IMS_ROLE_I_CSCF);
		ims_nodes_drop(engine->nodes, agent, IMS_ROLE_S_CSCF);
		if (!is_from_hss(cx))
			ims_nodes_note(engine->nodes, &far->answerer,
				       IMS_ROLE_HSS, true);
	}
}

/* One that belongs to an attempt waits with that. */
static void wait_for_answer(struct ims_engine *engine, struct ims_open_cx *cx)
{
	if (!cx->about.attempt)
		ims_timer_set(engine->timers, &cx->timer,
			      engine->now_ns +
				      engine->options.answer_timeout_ns +
				      IMS_SECOND);
}

static bool is_same_hop(const struct ims_cx_hop *hop,
			const struct ims_facts *facts)
{
	return ims_endpoint_equal(&hop->asker, &facts->source) &&
	       ims_endpoint_equal(&hop->answerer, &facts->destination) &&
	       hop->hop_by_hop == facts->diameter->hop_by_hop;
}

/* Its messages are steps of a registration: a flood of copies is not. */
static bool hold(struct ims_engine *engine, struct ims_open_cx *cx,
		 struct ims_facts *facts)
{
	if (cx->messages.n >= IMS_CX_MAX_MESSAGES) {
		ims_let_go(engine, IMS_BOUND_OF_EXCHANGE, 1);
		return false;
	}
	ims_cx_hold(cx, facts);
	return true;
}

/* The same request again: resent by its asker, to the same peer or, after a
   failover, to another; or passed on by an agent. */
static void again(struct ims_engine *engine, struct ims_open_cx *cx,
		  struct ims_facts *facts)
{
	const struct ims_cx_hop *near = ims_cx_asker_side(cx);
	/* Sent elsewhere by a redirection, it is not sent again. */
	bool resent =
		!cx->about.redirect &&
		ims_address_equal(&near->asker.address, &facts->source.address);

	if (resent) {
		cx->about.n_resent++;
		if (is_same_hop(near, facts)) {
			if (hold(engine, cx, facts) && !cx->about.resent)
				cx->about.resent = facts;
			return;
		}
	}
	if (cx->hops.n == IMS_CX_MAX_HOPS) {
		ims_let_go(engine, IMS_BOUND_OF_EXCHANGE, 1);
		return;
	}
	if (resent && !cx->about.resent)
		cx->about.resent = facts;
	ims_cx_add_hop(engine, cx, facts);
	ims_cx_refresh(cx);
	note_agent(engine, cx);
}

static bool is_ours(const struct ims_diameter_facts *d)
{
	return d->application != IMS_APPLICATION_OTHER &&
	       d->command != IMS_COMMAND_OTHER;
}

/*
 * The answer stands before its request where the capture lost the request's
 * segment and holds the one that TCP sent again.
 */
static bool completes(struct ims_engine *engine, struct ims_facts *request)
{
	struct ims_cx_hop key = {.asker = request->source,
				 .answerer = request->destination,
				 .hop_by_hop = request->diameter->hop_by_hop};
	struct ims_cx_hop *hop = ims_cx_hop_find(engine, &key);
	struct ims_open_cx *cx = hop ? hop->cx : NULL;

	if (!cx || cx->join || hop->request ||
	    hop->answer->diameter->end_to_end != request->diameter->end_to_end)
		return false;
	hop->request = request;
	ims_cx_hold(cx, request);
	ims_cx_known_by_end(engine, cx, request->diameter);
	ims_cx_refresh(cx);
	note_roles(engine, cx);
	if (!cx->about.attempt)
		ims_join(engine, cx);
	return true;
}

static void apply_request(struct ims_engine *engine, struct ims_facts *facts,
			  struct ims_open_link *link)
{
	const struct ims_diameter_facts *d = facts->diameter;
	struct ims_open_cx *cx;

	if (!is_ours(d) || completes(engine, facts))
		return;
	if (d->command == IMS_COMMAND_ST)
		ims_bindings_rx_end(engine->bindings, facts);
	cx = ims_cx_of_end(engine, d);
	/* Base commands are of one connection, whatever their identifiers. */
	if (cx && d->application != IMS_APPLICATION_BASE) {
		again(engine, cx, facts);
		return;
	}
	cx = ims_cx_new(engine, facts);
	ims_cx_ride(cx, link);
	ims_cx_add_hop(engine, cx, facts);
	ims_cx_known_by_end(engine, cx, d);
	ims_cx_known_by_session(engine, cx, d);
	ims_cx_refresh(cx);
	note_roles(engine, cx);
	ims_join(engine, cx);
	wait_for_answer(engine, cx);
}

static void orphan_answer(struct ims_engine *engine, struct ims_facts *facts,
			  struct ims_open_link *link)
{
	struct ims_open_cx *cx;

	if (!is_ours(facts->diameter) ||
	    facts->diameter->application == IMS_APPLICATION_BASE)
		return;
	ims_standing_hear_orphan(engine, facts);
	cx = ims_cx_new(engine, facts);
	ims_cx_ride(cx, link);
	cx->about.answer = facts;
	ims_cx_add_hop(engine, cx, facts);
	ims_cx_refresh(cx);
	ims_cx_known_by_vector(engine, cx, facts->diameter);
	note_asker(engine, cx);
	ims_timer_set(engine->timers, &cx->timer, engine->now_ns + IMS_LINGER);
	ims_join(engine, cx);
}

static void settle_answer(struct ims_engine *engine, struct ims_open_cx *cx,
			  struct ims_facts *facts)
{
	const struct ims_diameter_facts *d = facts->diameter;

	ims_cx_refresh(cx);
	ims_cx_known_by_vector(engine, cx, d);
	if (is_cx(cx) && cx->hops.n == 1)
		ims_nodes_name(engine->nodes, &facts->source.address,
			       d->origin_host);
	if (d->result.container == IMS_RESULT_CODE && d->result.code == 3006)
		ims_nodes_note(engine->nodes, &facts->source, IMS_ROLE_SLF,
			       true);
	if (cx->about.attempt)
		ims_attempt_touch(engine, ims_attempt_record(cx->about.attempt),
				  facts->time_ns);
	else if (!cx->is_judged)
		ims_timer_set(engine->timers, &cx->timer,
			      engine->now_ns + IMS_LINGER);
}

/* The request on this side of an agent is not in the capture; the session
   tells whose answer it is. */
static bool answers_elsewhere(struct ims_engine *engine,
			      struct ims_facts *facts)
{
	struct ims_open_cx *cx = ims_cx_of_session(engine, facts->diameter);

	if (!cx || cx->hops.n == IMS_CX_MAX_HOPS)
		return false;
	ims_cx_add_hop(engine, cx, facts);
	settle_answer(engine, cx, facts);
	return true;
}

static void apply_answer(struct ims_engine *engine, struct ims_facts *facts,
			 struct ims_open_link *link)
{
	struct ims_cx_hop key = {.asker = facts->destination,
				 .answerer = facts->source,
				 .hop_by_hop = facts->diameter->hop_by_hop};
	struct ims_cx_hop *hop = ims_cx_hop_find(engine, &key);

	if (!hop) {
		if (!g_hash_table_contains(engine->given_up, &key) &&
		    !answers_elsewhere(engine, facts))
			orphan_answer(engine, facts, link);
		return;
	}
	if (hop->answer && !hold(engine, hop->cx, facts))
		return;
	if (!hop->answer) {
		ims_cx_hold(hop->cx, facts);
		hop->answer = facts;
	}
	settle_answer(engine, hop->cx, facts);
}

void ims_cx_apply(struct ims_engine *engine, struct ims_facts *facts)
{
	struct ims_open_link *link = ims_link_message(engine, facts);

	ims_standing_hear_cx(engine, facts);
	if (facts->diameter->is_request)
		apply_request(engine, facts, link);
	else
		apply_answer(engine, facts, link);
}
