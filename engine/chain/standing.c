// SPDX-License-Identifier: GPL-2.0-or-later
#include "standing.h"

static void sign(struct ims_engine *engine, struct ims_slice identity,
		 int64_t time_ns)
{
	ims_endings_sign(engine->endings, identity, time_ns);
}

/* Of an authentication, and heard only once the rules have seen it: they ask
   what stood until then. */
static bool is_late(const struct ims_diameter_facts *d)
{
	return d->command == IMS_COMMAND_SA &&
	       (d->assignment_type == 9 || d->assignment_type == 10);
}

/* TS 29.229 6.3.15: 0 asks only, 1 and 2 register; all others end something
   or move it to another S-CSCF. */
static bool may_end(const struct ims_diameter_facts *d)
{
	if (d->command == IMS_COMMAND_RT)
		return true;
	return d->command == IMS_COMMAND_SA &&
	       (d->assignment_type < 0 || d->assignment_type > 2);
}

/* 4 to 8 and 11 leave nothing registered once the HSS agrees. */
static bool ends(int64_t assignment_type)
{
	return (assignment_type >= 4 && assignment_type <= 8) ||
	       assignment_type == 11;
}

static void sign_named(struct ims_engine *engine,
		       const struct ims_diameter_facts *d, int64_t time_ns)
{
	void (*note)(struct ims_endings *, struct ims_slice, int64_t) =
		d->command == IMS_COMMAND_RT ? ims_endings_ask
					     : ims_endings_sign;

	note(engine->endings, d->user_name, time_ns);
	for (size_t i = 0; i < d->public_identities.n; i++)
		note(engine->endings, d->public_identities.at[i], time_ns);
	for (size_t i = 0; i < d->associated_identities.n; i++)
		note(engine->endings, d->associated_identities.at[i], time_ns);
}

static bool is_cx(const struct ims_diameter_facts *d)
{
	return d->application == IMS_APPLICATION_CX ||
	       d->application == IMS_APPLICATION_RFC4740;
}

void ims_standing_hear_cx(struct ims_engine *engine,
			  const struct ims_facts *facts)
{
	const struct ims_diameter_facts *d = facts->diameter;

	if (is_cx(d) && d->is_request && may_end(d) && !is_late(d))
		sign_named(engine, d, facts->time_ns);
}

void ims_standing_hear_orphan(struct ims_engine *engine,
			      const struct ims_facts *facts)
{
	const struct ims_diameter_facts *d = facts->diameter;

	if (is_cx(d) &&
	    (d->command == IMS_COMMAND_RT || d->command == IMS_COMMAND_SA))
		ims_endings_sign_all(engine->endings, facts->time_ns);
}

static bool asks_to_end_any(const struct ims_sip_facts *sip)
{
	if (sip->contact_star || sip->expires == 0)
		return true;
	for (size_t i = 0; i < sip->n_contacts; i++)
		if (sip->contacts[i].expires == 0)
			return true;
	return false;
}

void ims_standing_hear_register(struct ims_engine *engine,
				const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;

	if (facts->kind != IMS_EVENT_SIP || !sip->is_request ||
	    !asks_to_end_any(sip))
		return;
	sign(engine, sip->to.uri, facts->time_ns);
	sign(engine, sip->authorization->username, facts->time_ns);
}

void ims_standing_pass_time(struct ims_engine *engine, int64_t now_ns)
{
	if (engine->heard_ns && now_ns - engine->heard_ns > IMS_CAPTURE_PAUSE)
		ims_endings_sign_all(engine->endings, now_ns);
	engine->heard_ns = now_ns;
}

/* What of it is known under every identity of the set that stands. */
static void confirm(struct ims_engine *engine, struct ims_slice identity,
		    const struct ims_ending *how)
{
	const struct ims_binding *binding =
		ims_bindings_find(engine->bindings, identity, engine->now_ns);
	const char *const *keys =
		binding ? ims_bindings_keys(engine->bindings, binding) : NULL;

	ims_endings_confirm(engine->endings, identity, how);
	for (; keys && *keys; keys++)
		ims_endings_confirm(engine->endings, ims_slice_of(*keys), how);
}

/* The SAR of the attempt by which the HSS took note of its end. */
static const struct ims_cx *ending_sar(const struct ims_attempt *attempt)
{
	for (unsigned i = attempt->n_exchanges; i-- > 0;) {
		const struct ims_cx *cx = attempt->exchanges[i];

		if (cx->command == IMS_COMMAND_SA && cx->request &&
		    cx->answer && ims_cx_succeeded(cx) &&
		    ends(cx->request->diameter->assignment_type))
			return cx;
	}
	return NULL;
}

/* RFC 3261 10.2.2: of all contacts, whoever registered them. */
static bool ends_all(const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_facts *request =
			ims_journey_request(attempt->journeys[i]);

		if (request && request->sip->contact_star)
			return true;
	}
	return false;
}

static void end(struct ims_engine *engine, const struct ims_attempt *attempt)
{
	const struct ims_cx *sar = ending_sar(attempt);
	struct ims_ending how = {.ended_ns = attempt->last_ns};

	if (sar) {
		how.frame = sar->answer->frame;
		confirm(engine, attempt->impi, &how);
		confirm(engine, attempt->impu, &how);
	}
	if (sar || ends_all(attempt)) {
		ims_bindings_end(engine->bindings, attempt->impu);
	} else {
		ims_bindings_leave(engine->bindings, attempt->impu,
				   attempt->call_id, engine->now_ns);
	}
}

static void hear_late(struct ims_engine *engine, const struct ims_cx *cx)
{
	const struct ims_diameter_facts *d = ims_diameter(cx->request);

	if (d && is_cx(d) && is_late(d))
		sign_named(engine, d, cx->request->time_ns);
}

void ims_standing_after_attempt(struct ims_engine *engine,
				const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++)
		hear_late(engine, attempt->exchanges[i]);
	if (attempt->kind == IMS_KIND_THIRD_PARTY ||
	    attempt->kind == IMS_KIND_FETCH)
		return;
	if (attempt->outcome == IMS_OUTCOME_REGISTERED) {
		ims_bindings_stand(engine->bindings, engine->endings, attempt);
	} else if (attempt->outcome == IMS_OUTCOME_DEREGISTERED) {
		end(engine, attempt);
	} else {
		/* Nobody knows what the HSS makes of one that failed. */
		sign(engine, attempt->impi, attempt->last_ns);
		sign(engine, attempt->impu, attempt->last_ns);
	}
}

/* TS 29.229 6.3.17: of the reasons only PERMANENT_TERMINATION leaves nobody
   registered; the others are about the S-CSCF. */
static bool is_confirmed(const struct ims_cx *cx,
			 const struct ims_diameter_facts *d)
{
	if (!cx->answer || !ims_cx_succeeded(cx))
		return false;
	return cx->command == IMS_COMMAND_RT ? d->reason_code == 0
					     : ends(d->assignment_type);
}

/* HEARD_NS: when its end was asked for. What was registered anew by the time
   that it is judged stands. */
static void end_one(struct ims_engine *engine, struct ims_slice identity,
		    int64_t heard_ns, const struct ims_ending *how)
{
	const struct ims_binding *binding =
		ims_bindings_find(engine->bindings, identity, engine->now_ns);

	if (binding && binding->since_ns > heard_ns)
		return;
	if (how)
		confirm(engine, identity, how);
	ims_bindings_end(engine->bindings, identity);
}

/* What the HSS ended stands no longer, answered or not (TS 29.228 6.1.3); nor
   does what the S-CSCF ended with the HSS's consent (6.1.2). */
void ims_standing_after_exchange(struct ims_engine *engine,
				 const struct ims_cx *cx)
{
	const struct ims_diameter_facts *d = ims_diameter(cx->request);
	struct ims_ending how = {0};
	const struct ims_ending *confirmed = NULL;
	int64_t heard_ns = cx->about.request_time_ns;

	if (!d || !is_cx(d) || !may_end(d))
		return;
	hear_late(engine, cx);
	if (is_confirmed(cx, d)) {
		how.ended_ns = cx->about.answer_time_ns;
		how.frame = cx->answer->frame;
		how.terminated = cx->command == IMS_COMMAND_RT;
		confirmed = &how;
	}
	if (cx->command == IMS_COMMAND_SA && !confirmed)
		return;
	end_one(engine, d->user_name, heard_ns, confirmed);
	for (size_t i = 0; i < d->public_identities.n; i++)
		end_one(engine, d->public_identities.at[i], heard_ns,
			confirmed);
	for (size_t i = 0; i < d->associated_identities.n; i++)
		end_one(engine, d->associated_identities.at[i], heard_ns,
			confirmed);
}
