// SPDX-License-Identifier: GPL-2.0-or-later
/* Registration: what shows only over several registrations, or later. */
#include "family.h"
#include "registrant.h"
#include "request.h"

#define FAMILY "Registration"

static void check_flapping(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_rounds *rounds = attempt->rounds;
	const struct ims_facts *request;
	struct ims_draft *draft;
	double span;

	if (!attempt->ims || !rounds)
		return;
	request = ims_journey_request(ims_attempt_last(attempt));
	span = ims_seconds(attempt->final->time_ns - rounds->first_ns);
	draft = ims_fire(check);
	ims_draft_summary(
		draft,
		"%.*s registered %u times in %.1f s with the same "
		"contact, %s",
		IMS_SLICE_ARG(ims_registrant(attempt)), rounds->n, span,
		rounds->n_again ? "though the registration before still stood"
				: "and deregistered in between");
	for (unsigned i = 0; i < rounds->n_last; i++)
		ims_draft_evidence_at(draft, rounds->last[i].frame,
				      rounds->last[i].time_ns,
				      "200 to a registration of this contact");
	ims_draft_integer(draft, "registrations", rounds->n);
	ims_draft_number(draft, "span_s", span);
	ims_draft_boolean(draft, "deregistered", !rounds->n_again);
	if (attempt->expires >= 0)
		ims_draft_integer(draft, "expires", attempt->expires);
	if (request && request->sip->n_contacts)
		ims_draft_string(draft, "contact",
				 request->sip->contacts[0].address.uri);
}

static const struct ims_rule register_flapping = {
	.slug = "register_flapping",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The same contact registers again and again",
	.explain =
		"The UE has its 200 and soon registers anew, round after "
		"round. Something that follows the registration displeases it: "
		"its subscription to the registration state is refused, the "
		"NOTIFY is not for it or lists contacts that are not its own, "
		"P-Associated-URI gives it nothing to use, or UE and P-CSCF "
		"disagree on how long the registration lasts.",
	.recognised =
		"Three registrations of one identity and device (sip.instance, "
		"else host and port of the contact), each within 60 s of the "
		"one before, with deregistrations in between; four within 60 s "
		"without them, or five each within 60 s of the one before. A "
		"registration that "
		"is renewed because it was granted for less than two minutes "
		"does not count, nor do retransmissions. Told once a row.",
	.advice =
		"Look at what comes between the 200 and the next REGISTER: "
		"SUBSCRIBE to the reg event and its answer, From and To of the "
		"NOTIFY (those of the subscription, reversed), the contacts in "
		"its reginfo beside the UE's Contact, P-Associated-URI in the "
		"200, and the expires that was granted beside the one the "
		"P-CSCF keeps.",
	.specs = IMS_SPECS("TS 24.229 5.1.1.4", "TS 24.229 5.1.1.3"),
	.facts = IMS_FACT_KEYS(
		{"registrations", IMS_FACT_INTEGER, "in this row so far"},
		{"span_s", IMS_FACT_NUMBER, "seconds from first to last"},
		{"deregistered", IMS_FACT_BOOLEAN,
		 "it deregistered between all of them"},
		{"expires", IMS_FACT_INTEGER, "seconds granted to the last"},
		{"contact", IMS_FACT_STRING, "the UE's Contact"}),
	.needs = IMS_SIGN_IMS,
	.check = check_flapping,
};

/* Anything that the S-CSCF sent the server shows that the leg between them is
   in the capture. */
static bool is_leg_captured(const struct ims_check *check,
			    const struct ims_expectation *e)
{
	return e->address.family &&
	       !ims_address_equal(&e->scscf, &e->address) &&
	       ims_last_sip(check, &e->scscf, &e->address) >= 0;
}

static void tell_missing(struct ims_check *check,
			 const struct ims_expectation *e)
{
	struct ims_party scscf = {.role = IMS_ROLE_S_CSCF,
				  .endpoint.address = e->scscf};
	struct ims_party server = {.role = IMS_ROLE_AS,
				   .endpoint.address = e->address};
	struct ims_draft *draft = ims_fire(check);
	char from[IMS_PARTY_TEXT];
	char to[IMS_PARTY_TEXT];

	ims_party_format(from, &scscf);
	ims_party_format(to, &server);
	ims_draft_about(draft, ims_slice_of(e->impi), ims_slice_of(e->impu));
	ims_draft_summary(
		draft,
		"The profile of %.*s sends a first REGISTER to %.*s, but %s "
		"sent %s none after the 200",
		IMS_SLICE_ARG(ims_shown(ims_slice_of(e->impu))),
		IMS_SLICE_ARG(ims_shown(ims_slice_of(e->server))), from, to);
	ims_draft_evidence_at(draft, e->profile, e->profile_ns,
			      "SAA: a filter criterion for REGISTER");
	ims_draft_evidence_at(draft, e->ok, e->ok_ns,
			      "200: the UE is registered");
	ims_draft_string(draft, "server", ims_slice_of(e->server));
	ims_draft_text(draft, "application_server", to);
	ims_draft_string(draft, "call_id", ims_slice_of(e->call_id));
	if (e->call_id)
		ims_draft_call(draft, ims_slice_of(e->call_id));
	ims_draft_likely(draft);
}

static void check_third_party_missing(struct ims_check *check)
{
	const struct ims_observed_share beginning = {0};
	const struct ims_expectation *e = NULL;

	/* One REGISTER and its answer are soon lost. */
	if (ims_observed_is_lossy(check->observation, &beginning))
		return;
	while ((e = ims_awaited_after(check, e)))
		if (check->now_ns - e->ok_ns >= IMS_SIP_TIMEOUT &&
		    is_leg_captured(check, e))
			tell_missing(check, e);
}

static const struct ims_rule third_party_register_missing = {
	.slug = "third_party_register_missing",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_CAPTURE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "An application server was not told of a registration",
	.explain =
		"The user's profile asks the S-CSCF to tell an application "
		"server of each first registration by a REGISTER of its own. "
		"The UE was registered and none was sent: the service "
		"(telephony server, SMS gateway) does not know that the user "
		"is there. Kamailio once sent it on re-registration and "
		"deregistration only.",
	.recognised =
		"An SAA of type REGISTRATION whose profile has a filter "
		"criterion, for the identity that was registered, that a first "
		"REGISTER meets by its method alone (ConditionNegated, groups "
		"and RegistrationType considered; a criterion that needs more "
		"to tell does not count); the 200; the S-CSCF's leg to that "
		"server is in the capture by some other message; and no "
		"third-party REGISTER for an identity of the profile in the "
		"32 s after, though the capture goes on. One that follows "
		"the UE's next REGISTER is for that. Where the server is, a "
		"third-party REGISTER or a call to it tells, unless "
		"ServerName is an address. It is told at the end of the "
		"capture, with the Call-ID of the registration, and not where "
		"the capture plainly lacks one message of a hundred or more.",
	.advice =
		"See in the S-CSCF's log whether it matched the criterion, and "
		"whether it found the user registered already (then it tells "
		"nobody). Kamailio: isc_match_filter_reg in the registrar's "
		"route after save, and a version that sends it on the first "
		"registration too. Read the criterion in the HSS: "
		"RegistrationType, ConditionNegated, ProfilePartIndicator.",
	.specs = IMS_SPECS("TS 24.229 5.4.1.7", "TS 29.228 B.2.2"),
	.facts = IMS_FACT_KEYS(
		{"server", IMS_FACT_STRING, "ServerName of the criterion"},
		{"application_server", IMS_FACT_STRING, "its address"},
		{"call_id", IMS_FACT_STRING, "of the registration"}),
	.check = check_third_party_missing,
};

static const struct ims_rule *const rules[] = {
	&register_flapping,
	&third_party_register_missing,
};

const struct ims_rule_list ims_rules_register_course = {rules,
							G_N_ELEMENTS(rules)};
