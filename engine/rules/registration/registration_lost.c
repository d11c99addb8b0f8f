// SPDX-License-Identifier: GPL-2.0-or-later
/* Registration: what was made for the UE and did not reach it. */
#include "family.h"
#include "registrant.h"
#include "request.h"

#define FAMILY "Registration"

static const struct ims_hop *ue_leg(const struct ims_attempt *attempt)
{
	return ims_journey_first(ims_attempt_last(attempt));
}

/* The leg on which the response was last seen; NULL: it is an SAA. */
static const struct ims_hop *last_seen(const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	for (unsigned i = 0; i < last->n_hops; i++)
		if (last->hops[i]->final == attempt->lost)
			return last->hops[i];
	return NULL;
}

/* "200 OK", or what stands for it. */
static struct ims_slice response_text(const struct ims_attempt *attempt,
				      char status[8])
{
	const struct ims_sip_facts *sip = ims_sip(attempt->lost);

	g_snprintf(status, 8, "%u", sip ? sip->status : 200);
	return sip ? ims_shown(sip->reason_phrase) : ims_slice_of("");
}

static const struct ims_facts *next_request(const struct ims_hop *hop,
					    int64_t after_ns)
{
	for (unsigned i = 0; i < hop->n_messages; i++)
		if (hop->messages[i]->kind == IMS_EVENT_SIP &&
		    hop->messages[i]->sip->is_request &&
		    hop->messages[i]->time_ns > after_ns)
			return hop->messages[i];
	return NULL;
}

static unsigned asked_on(const struct ims_hop *hop, int64_t after_ns)
{
	unsigned n = 0;

	for (unsigned i = 0; i < hop->n_messages; i++)
		n += hop->messages[i]->kind == IMS_EVENT_SIP &&
		     hop->messages[i]->sip->is_request &&
		     hop->messages[i]->time_ns > after_ns;
	return n;
}

static void tell_seen(struct ims_draft *draft,
		      const struct ims_attempt *attempt)
{
	const struct ims_hop *seen = last_seen(attempt);
	char at[IMS_PARTY_TEXT];

	if (!seen) {
		ims_draft_evidence(draft, attempt->lost,
				   "SAA: the S-CSCF may answer 200");
		ims_draft_text(draft, "last_seen", "SAA");
		return;
	}
	ims_party_format(at, &seen->from);
	ims_draft_evidence(
		draft, attempt->lost, "%u %.*s to %s",
		attempt->lost->sip->status,
		IMS_SLICE_ARG(ims_shown(attempt->lost->sip->reason_phrase)),
		at);
	ims_draft_text(draft, "last_seen", at);
}

/* Who asks for so long has had no answer. One that began anew has had none
   either, where the way to it is known to be in the capture: heard later. */
static bool is_proved(const struct ims_attempt *attempt,
		      const struct ims_hop *leg)
{
	return leg->last_request_ns - leg->first_ns >= IMS_LEAST_SENDING ||
	       (attempt->began_anew &&
		attempt->pcscf_heard_ns > attempt->lost->time_ns);
}

/* REGISTER, the response, and how the UE asks on. */
static void tell_loss(struct ims_draft *draft,
		      const struct ims_attempt *attempt)
{
	const struct ims_hop *leg = ue_leg(attempt);
	int64_t since_ns = attempt->lost->time_ns;

	ims_draft_evidence(draft, leg->request, "REGISTER of the UE");
	tell_seen(draft, attempt);
	ims_draft_evidence(draft, next_request(leg, since_ns),
			   "the UE asks again: it has got nothing");
	ims_draft_evidence(draft, ims_hop_last_request(leg),
			   "the last time that it asks");
	ims_draft_integer(draft, "asked_on", asked_on(leg, since_ns));
	ims_draft_number(
		draft, "asked_on_s",
		ims_seconds(leg->last_request_ns - attempt->lost->time_ns));
	if (!is_proved(attempt, leg))
		ims_draft_likely(draft);
}

static void check_response_lost(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_sip_facts *lost = ims_sip(attempt->lost);
	const struct ims_hop *leg;
	struct ims_slice phrase;
	struct ims_draft *draft;
	char status[8];
	char node[IMS_PARTY_TEXT];

	if (!attempt->ims || !lost ||
	    (attempt->kind == IMS_KIND_DEREGISTRATION && lost->status < 300))
		return;
	leg = ue_leg(attempt);
	phrase = response_text(attempt, status);
	draft = ims_fire(check);
	ims_draft_summary(
		draft,
		"%s %.*s to the REGISTER of %.*s was made and never reached "
		"the UE behind %s, which asked on for %.1f s",
		status, IMS_SLICE_ARG(phrase),
		IMS_SLICE_ARG(ims_registrant(attempt)),
		ims_party_format(node, &leg->to),
		ims_seconds(leg->last_request_ns - attempt->lost->time_ns));
	tell_loss(draft, attempt);
	ims_draft_integer(draft, "status", lost->status);
	/* What was refused failed for the refusal's reason. */
	if (attempt->outcome != IMS_OUTCOME_UNANSWERED)
		ims_draft_no_cause(draft);
}

#define LOSS_KEYS                                                             \
	{"last_seen", IMS_FACT_STRING,                                        \
	 "the node nearest to the UE that got the response"},                 \
		{"asked_on", IMS_FACT_INTEGER, "REGISTERs sent again since"}, \
	{                                                                     \
		"asked_on_s", IMS_FACT_NUMBER,                                \
			"seconds from the response to the last of them"       \
	}

static const struct ims_rule register_response_lost = {
	.slug = "register_response_lost",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_LAST_LEG,
	.title = "The response was made and never reached the UE",
	.explain =
		"The core answered the REGISTER, but the answer is on no "
		"packet of the UE's leg, and the UE sent its REGISTER again "
		"and again until it gave up. For the network the UE may be "
		"registered; the UE is without service. The P-CSCF did not "
		"hand the response on, sent it elsewhere, or the way between "
		"dropped it, as it does with fragments of a large one.",
	.recognised =
		"A final response on a leg behind the UE's, none on the UE's "
		"leg, and the UE asked on later than 1 s after that response: "
		"for 15 s in all, or three times, or twice until it began "
		"anew; and 32 s of capture from its first transmission on. "
		"The UE's leg shows no unread ESP, no hole and no fragments of "
		"the response, and where the UE asked for less than 15 s the "
		"P-CSCF is heard on it. Not when the UE stays calm or goes on "
		"as one that is registered: then the capture lost the "
		"response. Likely when the UE asked for less than 15 s, unless "
		"it began anew and the P-CSCF was heard again.",
	.advice =
		"Look into the P-CSCF's log for that Call-ID when the response "
		"came: does a reply route drop it, or fail (Rx, IPsec, save)? "
		"See where it sends responses: Via with received and rport, "
		"the UE's port-s once there is an agreement, a TCP connection "
		"that is gone. On the path look for lost fragments of large "
		"responses (MTU) and for firewalls.",
	.specs = IMS_SPECS("RFC 3261 16.7", "RFC 3261 18.2.2",
			   "TS 24.229 5.2.2"),
	.facts = IMS_FACT_KEYS(
		{"status", IMS_FACT_INTEGER, "of the response that was lost"},
		LOSS_KEYS),
	.needs = IMS_SIGN_IMS | IMS_SIGN_LOST,
	.check = check_response_lost,
};

/* It was on the UE's leg, but outside ESP. */
static bool came_outside(const struct ims_attempt *attempt)
{
	return ue_leg(attempt)->final == attempt->lost;
}

/* The P-CSCF ended the Rx session of the signalling meanwhile. */
static bool ended_rx(const struct ims_attempt *attempt)
{
	const struct ims_binding *before = attempt->before;

	return before && before->rx_session &&
	       before->rx_end_ns >= attempt->start_ns && before->rx_end_ns > 0;
}

static const char *what_went_before(const struct ims_attempt *attempt)
{
	if (ended_rx(attempt) && attempt->ue_notified_end)
		return "; STR had ended its bearer's Rx session, and a NOTIFY "
		       "had told it that its registration is terminated";
	if (ended_rx(attempt))
		return "; STR had ended its bearer's Rx session";
	if (attempt->ue_notified_end)
		return "; a NOTIFY had told it that its registration is "
		       "terminated";
	return "";
}

static void check_deregistration_unconfirmed(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	struct ims_draft *draft;
	bool outside;

	if (!attempt->ims || !attempt->lost ||
	    attempt->kind != IMS_KIND_DEREGISTRATION ||
	    attempt->outcome != IMS_OUTCOME_DEREGISTERED)
		return;
	outside = came_outside(attempt);
	draft = ims_fire(check);
	ims_draft_summary(
		draft,
		"%.*s is deregistered, but the confirmation %s the UE, which "
		"asked on for %.1f s%s",
		IMS_SLICE_ARG(ims_registrant(attempt)),
		outside ? "came outside the security association and is lost "
			  "for"
			: "never reached",
		ims_seconds(ue_leg(attempt)->last_request_ns -
			    attempt->lost->time_ns),
		what_went_before(attempt));
	tell_loss(draft, attempt);
	ims_draft_boolean(draft, "outside_esp", outside);
	ims_draft_boolean(draft, "notified", attempt->ue_notified_end);
	ims_draft_boolean(draft, "rx_ended", ended_rx(attempt));
	if (ended_rx(attempt))
		ims_draft_evidence_at(draft, attempt->before->rx_end,
				      attempt->before->rx_end_ns,
				      "STR ends the Rx session of the UE's "
				      "signalling");
}

static const struct ims_rule deregistration_unconfirmed = {
	.slug = "deregistration_unconfirmed",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The UE was not told that it is deregistered",
	.explain =
		"The network ended the registration as the UE asked, but its "
		"200 did not reach the UE: the security association or the "
		"bearer was taken down before the response left. The UE "
		"asks on until its timer ends, which delays switching off, a "
		"change of network, or the next registration.",
	.recognised =
		"REGISTER with Expires 0 whose 200 stands on a leg behind the "
		"UE's (or whose SAA of type 5 or 7 succeeded) and not on the "
		"UE's, or there outside ESP although the REGISTER was inside; "
		"and the UE asked on later than 1 s after that: for 15 s in "
		"all, or three times, or twice until it began anew. The same "
		"proofs that the leg could be read as for "
		"register_response_lost.",
	.advice =
		"Have the P-CSCF send the 200 first, then end the Rx session "
		"(STR) and take the security associations down some seconds "
		"later. With Kamailio see what the P-CSCF does on the S-CSCF's "
		"NOTIFY (terminated), which comes before the 200: "
		"ims_registrar_pcscf removes the contact and ims_ipsec_pcscf "
		"its associations with it.",
	.specs = IMS_SPECS("TS 24.229 5.1.1.6", "TS 24.229 5.2.5"),
	.facts = IMS_FACT_KEYS(
		LOSS_KEYS,
		{"outside_esp", IMS_FACT_BOOLEAN,
		 "the 200 came, but outside the security association"},
		{"notified", IMS_FACT_BOOLEAN,
		 "a NOTIFY that says terminated went to the UE meanwhile"},
		{"rx_ended", IMS_FACT_BOOLEAN,
		 "STR ended the Rx session of its signalling meanwhile"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_LOST,
	.check = check_deregistration_unconfirmed,
};

static const struct ims_rule *const rules[] = {
	&register_response_lost,
	&deregistration_unconfirmed,
};

const struct ims_rule_list ims_rules_register_lost = {rules,
						      G_N_ELEMENTS(rules)};
