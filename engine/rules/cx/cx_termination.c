// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether they are told whose registration the HSS has ended. */
#include "cx_reading.h"
#include "family.h"

/* TS 29.229 6.3.17: for these the S-CSCF ends the registration towards the
   user as well. Another S-CSCF has it (1), or nobody was registered (3). */
enum {
	PERMANENT_TERMINATION = 0,
	SERVER_CHANGE = 2,
};

/* Clocks of two capture points differ, and NOTIFYs leave before the RTA. */
#define AROUND IMS_SECOND

#define SHOWN_SUBSCRIBERS 8

/* What it says of one of the identities that the RTR ends. */
static bool says(const struct ims_check *check,
		 const struct ims_subscription *subscription,
		 bool (*what)(const struct ims_subscription_aor *aor,
			      int64_t since_ns))
{
	int64_t since_ns = check->cx->about.request_time_ns - AROUND;

	for (const char *const *key = check->ended; key && *key; key++) {
		const struct ims_subscription_aor *aor =
			ims_subscription_aor(subscription, *key);

		if (aor && what(aor, since_ns))
			return true;
	}
	return false;
}

static bool is_terminated(const struct ims_subscription_aor *aor,
			  int64_t since_ns)
{
	return aor->terminated_ns >= since_ns;
}

static bool is_active(const struct ims_subscription_aor *aor,
		      int64_t since_ns IMS_UNUSED)
{
	return aor->is_active;
}

/* Or something was sent of which the capture does not show what it said. */
static bool may_have_told(const struct ims_check *check,
			  const struct ims_subscription *subscription)
{
	int64_t since_ns = check->cx->about.request_time_ns - AROUND;

	return subscription->unread_ns >= since_ns ||
	       (subscription->ended_ns >= since_ns &&
		subscription->ended_ns < INT64_MAX) ||
	       says(check, subscription, is_terminated);
}

/* Where the RTA was captured as well, it would have been. Nobody needs to speak
   there: who was told nothing is calm. */
static bool is_captured(const struct ims_check *check,
			const struct ims_subscription *subscription)
{
	const struct ims_exchange *about = &check->cx->about;
	bool together = subscription->last_frame.capture ==
			check->cx->answer->frame.capture;

	for (unsigned i = 0; i < subscription->n_legs; i++) {
		const struct ims_subscription_leg *leg = &subscription->legs[i];

		if (ims_leg_is_whole(check, &leg->from, &leg->to,
				     about->request_time_ns) &&
		    (together || ims_leg_goes_on(check, &leg->from, &leg->to,
						 about->answer_time_ns)))
			return true;
	}
	return false;
}

/* Another S-CSCF may have had this one before. */
static bool is_of_answerer(const struct ims_subscription *subscription,
			   const struct ims_cx *cx)
{
	const struct ims_facts *rta =
		cx->far_answer ? cx->far_answer : cx->answer;
	struct ims_slice name = ims_slice_of(subscription->notifier);

	return ims_address_equal(&subscription->source, &rta->source.address) ||
	       (!ims_slice_is_empty(name) &&
		ims_slice_equal_nocase(name, ims_diameter(rta)->origin_host));
}

/* It stood when the RTR came, is captured, and told that all was well. */
static bool stood(const struct ims_check *check,
		  const struct ims_subscription *subscription)
{
	int64_t rtr_ns = check->cx->about.request_time_ns;

	return subscription->since_ns < rtr_ns &&
	       subscription->ended_ns == INT64_MAX &&
	       subscription->expires_ns > check->now_ns &&
	       (subscription->last_answered ||
		subscription->last_ns > rtr_ns) &&
	       says(check, subscription, is_active) &&
	       is_of_answerer(subscription, check->cx) &&
	       is_captured(check, subscription);
}

/* Those that were not told, up to `max` of them; 0 where one was, or may have
   been. */
static unsigned find_untold(const struct ims_check *check,
			    const struct ims_subscription **untold,
			    unsigned max)
{
	unsigned n = 0;

	for (unsigned i = 0; i < check->n_subscriptions; i++) {
		if (may_have_told(check, check->subscriptions[i]))
			return 0;
		if (n < max && stood(check, check->subscriptions[i]))
			untold[n++] = check->subscriptions[i];
	}
	return n;
}

static bool is_to_be_told(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *rtr = ims_diameter(cx->request);
	const struct ims_diameter_facts *rta = ims_cx_whole_answer(cx);

	return rtr && rta && !rta->keeps_emergency &&
	       (rtr->reason_code == PERMANENT_TERMINATION ||
		rtr->reason_code == SERVER_CHANGE);
}

static struct ims_slice subscriber(const struct ims_subscription *subscription)
{
	return subscription->subscriber
		       ? ims_cx_shown(ims_slice_of(subscription->subscriber))
		       : ims_slice_of("an unnamed subscriber");
}

static void tell_untold(struct ims_draft *draft, GString *sentence,
			const struct ims_subscription *const *untold,
			unsigned n)
{
	struct ims_slice names[SHOWN_SUBSCRIBERS];

	for (unsigned i = 0; i < n; i++) {
		names[i] = subscriber(untold[i]);
		g_string_append_printf(sentence, "%s%.*s", i ? ", " : ": ",
				       IMS_SLICE_ARG(names[i]));
		ims_draft_evidence_at(
			draft, untold[i]->last_frame, untold[i]->last_ns,
			"the last NOTIFY to %.*s: still registered",
			IMS_SLICE_ARG(names[i]));
	}
	ims_draft_strings(draft, "subscribers", names, n);
	ims_draft_text(draft, "subscription_state", untold[0]->state);
}

/* A later NOTIFY, the next by its CSeq, says that it still is registered. */
static bool is_certain(const struct ims_check *check,
		       const struct ims_subscription *const *untold, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (untold[i]->last_ns <= check->cx->about.answer_time_ns)
			return false;
	return true;
}

static void check_termination_not_notified(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_subscription *untold[SHOWN_SUBSCRIBERS];
	struct ims_draft *draft;
	GString *sentence;
	unsigned n;

	if (!is_to_be_told(cx))
		return;
	n = find_untold(check, untold, G_N_ELEMENTS(untold));
	if (n == 0)
		return;
	draft = ims_fire(check);
	sentence = ims_cx_begin(cx);
	g_string_append(sentence,
			" with success, but 10 s later no NOTIFY had said "
			"that the registration is terminated to who "
			"subscribed to it");
	ims_cx_tell(draft, cx);
	tell_untold(draft, sentence, untold, n);
	if (!is_certain(check, untold, n))
		ims_draft_likely(draft);
	ims_cx_finish(draft, sentence, NULL);
}

static const struct ims_rule cx_termination_not_notified = {
	.slug = "cx_termination_not_notified",
	.family = "Cx",
	.scope = IMS_SCOPE_TERMINATION,
	.severity = IMS_SEVERITY_WARNING,
	.origin = IMS_ORIGIN_NEVER,
	.title = "Nobody was told that the registration has ended",
	.explain = "An S-CSCF that ends a registration for the HSS tells by "
		   "NOTIFY those who have subscribed to its state: the UE and "
		   "the P-CSCF. Without it the UE believes itself registered, "
		   "and the P-CSCF keeps its security associations, until the "
		   "next registration; calls fail meanwhile.",
	.recognised =
		"An RTR with PERMANENT_TERMINATION or SERVER_CHANGE that was "
		"answered with success, and a subscription to the reg event "
		"of one of its identities that stood then and has not run "
		"out: its last NOTIFY before was captured, came from this "
		"S-CSCF, said \"active\" and was answered. In the 10 s after "
		"the RTA no NOTIFY of any subscription says of that identity "
		"or a contact of it \"terminated\", and nothing is missing of "
		"what passes between the two ends of such a NOTIFY; where "
		"RTR and NOTIFY are in different captures, SIP goes on there. "
		"Not where a NOTIFY cannot be read, where an answer to one or "
		"a gap in CSeq shows that the capture lost one, where a "
		"subscription ended meanwhile, where identities stay for an "
		"emergency registration, or where the capture ends before. "
		"Likely; certain where later NOTIFYs go on to say "
		"\"active\".",
	.advice =
		"Look into the S-CSCF's log at the RTR: does it know the "
		"subscriptions? An S-CSCF that keeps them in memory loses "
		"them with a restart (Kamailio's ims_usrloc_scscf: db_mode), "
		"and one ends when a NOTIFY of it fails. Kamailio sends these "
		"NOTIFYs before the RTA. The UE cannot be called until it "
		"registers again: restart it, or let the P-CSCF drop its "
		"security associations.",
	.specs = IMS_SPECS("TS 24.229 5.4.1.5", "TS 29.228 6.1.3",
			   "RFC 3680 5.1", "RFC 6665 4.2.2"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"subscribers", IMS_FACT_STRINGS,
		 "who has subscribed and was not told"},
		{"subscription_state", IMS_FACT_STRING,
		 "Subscription-State of the last NOTIFY to the first"}),
	.check = check_termination_not_notified,
};

static const struct ims_rule *const rules[] = {
	&cx_termination_not_notified,
};

const struct ims_rule_list ims_rules_cx_termination = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
