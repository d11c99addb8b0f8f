// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the responses to REGISTER bring the UE: its service route and its
 * identities, and not the keys that the P-CSCF keeps for itself.
 */
#include "agreement/sec_agree.h"
#include "changes.h"
#include "family.h"
#include "register_legs.h"
#include "registrant.h"

#define FAMILY "Registration"

typedef bool has_fn(const struct ims_sip_facts *sip);

static bool has_service_route(const struct ims_sip_facts *sip)
{
	return sip->service_routes.n > 0;
}

static bool has_associated_uri(const struct ims_sip_facts *sip)
{
	return sip->associated_uris.n > 0;
}

/* TS 24.229 5.4.1.2.2F: of a 200 that leaves a binding. Only the request tells
   that it was not to end one. */
static bool leaves_binding(const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	return attempt->ims && attempt->outcome == IMS_OUTCOME_REGISTERED &&
	       last && ims_journey_request(last) &&
	       (attempt->kind == IMS_KIND_INITIAL ||
		attempt->kind == IMS_KIND_REFRESH ||
		attempt->kind == IMS_KIND_EMERGENCY);
}

/* The 200 of an attempt as it came down the legs. */
struct answer {
	const struct ims_hop *near;  /* nearest to the UE, and it lacks it */
	const struct ims_hop *maker; /* nearest to who made it */
	/* The last copy on the way down that has it; NULL: none. */
	const struct ims_hop *had;
	/* The next one, which lacks it; NULL: that leg is not captured. */
	const struct ims_hop *lost;
};

static bool is_ok(const struct ims_hop *hop)
{
	return hop->final && hop->final->sip->status >= 200 &&
	       hop->final->sip->status < 300;
}

/* False where the copy nearest to the UE has it, or is not all there. */
static bool find_lacking(struct answer *answer,
			 const struct ims_attempt *attempt, has_fn *has)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	memset(answer, 0, sizeof(*answer));
	for (unsigned i = 0; last && i < last->n_hops; i++) {
		const struct ims_hop *hop = last->hops[i];

		if (!is_ok(hop))
			continue;
		if (!answer->near)
			answer->near = hop;
		if (ims_message_is_whole(hop->final))
			answer->maker = hop;
		if (!answer->had && has(hop->final->sip))
			answer->had = hop;
	}
	if (!answer->near || !answer->maker || has(answer->near->final->sip) ||
	    !ims_message_is_whole(answer->near->final))
		return false;
	if (answer->had && answer->had->above && is_ok(answer->had->above) &&
	    ims_message_is_whole(answer->had->above->final))
		answer->lost = answer->had->above;
	return true;
}

static void tell_lacking(struct ims_draft *draft, const struct ims_check *check,
			 const struct answer *answer, const char *what)
{
	const struct ims_attempt *attempt = check->attempt;
	char by[IMS_MAKER_TEXT];
	char to[IMS_PARTY_TEXT];

	ims_party_format(to, &answer->near->from);
	if (answer->lost) {
		ims_party_format(by, &answer->lost->to);
		ims_draft_summary(draft,
				  "%s took %s out of the 200 to the REGISTER "
				  "of %.*s",
				  by, what,
				  IMS_SLICE_ARG(ims_registrant(attempt)));
		ims_draft_text(draft, "removed_by", by);
	} else if (answer->had) {
		ims_party_format(by, &answer->near->to);
		ims_draft_summary(draft,
				  "The 200 to the REGISTER of %.*s lost its %s "
				  "on the way: %s passes it on to %s without",
				  IMS_SLICE_ARG(ims_registrant(attempt)), what,
				  by, to);
	} else {
		ims_maker_format(by, answer->maker);
		ims_draft_summary(draft,
				  "%s accepted the REGISTER of %.*s without %s "
				  "in its 200",
				  by, IMS_SLICE_ARG(ims_registrant(attempt)),
				  what);
		ims_draft_text(draft, "made_by", by);
		ims_draft_evidence(draft, answer->maker->final,
				   "200 without %s", what);
	}
	if (answer->had)
		ims_draft_evidence(draft, answer->had->final, "200 with %s",
				   what);
	ims_draft_evidence(draft, answer->near->final, "200 to %s without %s",
			   to, what);
	ims_draft_boolean(draft, "seen_by_ue",
			  ims_is_ues_own_leg(attempt, answer->near));
}

static void check_service_route(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	struct answer answer;

	/* An emergency call goes to the E-CSCF, by no service route. */
	if (!leaves_binding(attempt) || attempt->kind == IMS_KIND_EMERGENCY ||
	    !find_lacking(&answer, attempt, has_service_route))
		return;
	tell_lacking(ims_fire(check), check, &answer, "Service-Route");
}

#define ANSWER_KEYS                                                         \
	{"made_by", IMS_FACT_STRING, "who answered so"},                    \
		{"removed_by", IMS_FACT_STRING, "who took it out"},         \
	{                                                                   \
		"seen_by_ue", IMS_FACT_BOOLEAN, "the UE's own leg shows it" \
	}

static const struct ims_rule service_route_missing = {
	.slug = "service_route_missing",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEVER,
	.title = "Registered without Service-Route",
	.explain = "Service-Route in the 200 is the way that the UE's later "
		   "requests take: the P-CSCF checks their Route against it "
		   "and sends them to the S-CSCF that serves the UE. Without "
		   "it calls of the UE go to an I-CSCF or nowhere, although "
		   "the registration looks well.",
	.recognised =
		"The 200 to a UE's own REGISTER in the IMS that leaves a "
		"binding, as near to the UE as captured, has no "
		"Service-Route. Not for deregistrations, queries without "
		"Contact, emergency registrations and third-party REGISTERs, "
		"nor where the REGISTER is not in the capture or the 200 is "
		"cut. Who took it out is said where the copies show it.",
	.advice = "If the S-CSCF did not send it, look at its registrar "
		  "(Kamailio: ims_registrar_scscf makes it of scscf_name, "
		  "with orig@ in front). If a node on the way took it out, "
		  "look at its reply route for REGISTER (remove_hf, topology "
		  "hiding).",
	.specs = IMS_SPECS("TS 24.229 5.4.1.2.2F", "RFC 3608 6"),
	.facts = IMS_FACT_KEYS(ANSWER_KEYS),
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN,
	.check = check_service_route,
};

static bool has_empty_field(const struct ims_sip_facts *sip)
{
	for (size_t i = 0; i < sip->n_headers; i++)
		if (sip->headers[i].id == IMS_SIP_HEADER_P_ASSOCIATED_URI)
			return true;
	return false;
}

static void check_associated_uri(struct ims_check *check)
{
	struct answer answer;
	struct ims_draft *draft;
	bool empty;

	if (!leaves_binding(check->attempt) ||
	    !find_lacking(&answer, check->attempt, has_associated_uri))
		return;
	draft = ims_fire(check);
	empty = has_empty_field(answer.near->final->sip);
	tell_lacking(draft, check, &answer,
		     empty ? "any URI in P-Associated-URI"
			   : "P-Associated-URI");
	ims_draft_boolean(draft, "empty", empty);
}

static const struct ims_rule associated_uri_missing = {
	.slug = "associated_uri_missing",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEVER,
	.title = "Registered without P-Associated-URI",
	.explain = "P-Associated-URI in the 200 tells the UE which identities "
		   "were registered with the one it asked for, and which is "
		   "its default. Without it a UE does not know whether the "
		   "identity of its card is barred, nor its number: it may "
		   "never subscribe to the reg event, or call as an identity "
		   "that is refused.",
	.recognised =
		"The 200 to a UE's own REGISTER in the IMS that leaves a "
		"binding, as near to the UE as captured, has no "
		"P-Associated-URI, or one without any URI: the identity "
		"registered belongs there at least. Not for "
		"deregistrations, queries without Contact and third-party "
		"REGISTERs, nor where the REGISTER is not in the capture or "
		"the 200 is cut. Who took it out is said "
		"where the copies show it.",
	.advice = "Look at the profile in the SAA: one identity at least has "
		  "to be there that is not barred, and the MSISDN as tel: and "
		  "sip: besides the temporary identity of the card. If the "
		  "S-CSCF sent it and a node on the way took it out, look at "
		  "that node's reply route for REGISTER.",
	.specs = IMS_SPECS("TS 24.229 5.4.1.2.2F", "RFC 7315 4.1"),
	.facts = IMS_FACT_KEYS(ANSWER_KEYS,
			       {"empty", IMS_FACT_BOOLEAN,
				"the header field stands, without a URI"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN,
	.check = check_associated_uri,
};

static bool has_keys(const struct ims_facts *response)
{
	const struct ims_sip_facts *sip = ims_sip(response);

	return sip && (!ims_slice_is_empty(sip->challenge->ck) ||
		       !ims_slice_is_empty(sip->challenge->ik));
}

/* Any challenge on the leg: a retransmitted one may be another copy. */
static const struct ims_facts *find_leaking(const struct ims_hop *hop)
{
	for (unsigned i = 0; i < hop->n_messages; i++) {
		const struct ims_facts *message = hop->messages[i];

		if (message->kind == IMS_EVENT_SIP &&
		    !message->sip->is_request && has_keys(message))
			return message;
	}
	return NULL;
}

struct leak {
	const struct ims_journey *journey;
	const struct ims_hop *hop;
	const struct ims_facts *challenge;
};

static bool find_leak(struct leak *leak, const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		leak->journey = attempt->journeys[i];
		for (unsigned k = 0; k < leak->journey->n_hops; k++) {
			leak->hop = leak->journey->hops[k];
			leak->challenge = find_leaking(leak->hop);
			if (leak->challenge &&
			    ims_is_ues_own_leg(attempt, leak->hop))
				return true;
		}
	}
	return false;
}

/* "ck and ik", or the one of them that stands there. */
static const char *which_keys(const struct ims_sip_auth *challenge)
{
	if (ims_slice_is_empty(challenge->ik))
		return "ck";
	return ims_slice_is_empty(challenge->ck) ? "ik" : "ck and ik";
}

static void check_keys(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_facts *before;
	struct leak leak;
	struct ims_draft *draft;
	const char *what;
	char pcscf[IMS_PARTY_TEXT];
	char ue[IMS_PARTY_TEXT];

	if (!ims_is_own(attempt) || !find_leak(&leak, attempt))
		return;
	what = which_keys(leak.challenge->sip->challenge);
	before = ims_copy_before(leak.journey, leak.hop, leak.challenge);
	ims_party_format(pcscf, &leak.hop->to);
	ims_party_format(ue, &leak.hop->from);
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "%s sends the keys of %.*s to %s: %s stand%s in the "
			  "challenge, for whoever listens there",
			  pcscf, IMS_SLICE_ARG(ims_registrant(attempt)), ue,
			  what, strlen(what) > 2 ? "" : "s");
	if (has_keys(before))
		ims_draft_evidence(draft, before,
				   "challenge with its keys, for %s", pcscf);
	ims_draft_evidence(draft, leak.challenge, "challenge to %s, with %s",
			   ue, what);
	ims_draft_text(draft, "sent_by", pcscf);
	ims_draft_text(draft, "sent_to", ue);
	ims_draft_text(draft, "parameters", what);
	ims_draft_string(draft, "algorithm",
			 leak.challenge->sip->challenge->algorithm);
}

static const struct ims_rule keys_leaked_to_ue = {
	.slug = "keys_leaked_to_ue",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEVER,
	.title = "CK or IK sent to the UE in clear",
	.explain = "The S-CSCF gives CK and IK to the P-CSCF in its challenge. "
		   "They are the keys of the security associations with the "
		   "UE, which makes them for itself from RAND and its card. "
		   "The P-CSCF has to take them out. Sent on, they lie open on "
		   "the access network: whoever listens can read and forge "
		   "what the associations protect. The registration "
		   "succeeds all the same.",
	.recognised = "ck or ik with a value in WWW-Authenticate of a "
		      "challenge on the UE's own leg: one Via, and its "
		      "REGISTER has nothing that a P-CSCF adds. On the legs "
		      "of the core they are right. Told once for each "
		      "attempt; never the cause of a failure. The keys "
		      "themselves are not shown.",
	.advice = "On the P-CSCF take ck and ik out of WWW-Authenticate of "
		  "every 401 to a REGISTER, whether or not there is a "
		  "security agreement. Kamailio: in the reply route for "
		  "REGISTER, and not only under WITH_IPSEC: $var(h) = "
		  "$(hdr(WWW-Authenticate){re.subst,"
		  "/(, *)?(ck|ik)=\\\"\\w+\\\"//gi}); "
		  "remove_hf(\"WWW-Authenticate\"); "
		  "append_hf(\"WWW-Authenticate: $var(h)\\r\\n\"); where ck "
		  "is the first parameter take out the comma that stays "
		  "behind, too.",
	.specs = IMS_SPECS("TS 24.229 5.2.2", "TS 24.229 7.2A.1"),
	.facts = IMS_FACT_KEYS(
		{"sent_by", IMS_FACT_STRING, "the P-CSCF"},
		{"sent_to", IMS_FACT_STRING, "the UE"},
		{"parameters", IMS_FACT_STRING, "ck, ik, or both"},
		{"algorithm", IMS_FACT_STRING, "algorithm of the challenge"}),
	.needs = IMS_SIGN_OWN | IMS_SIGN_KEYS,
	.check = check_keys,
};

static const struct ims_rule *const rules[] = {
	&service_route_missing,
	&associated_uri_missing,
	&keys_leaked_to_ue,
};

const struct ims_rule_list ims_rules_register_answers = {rules,
							 G_N_ELEMENTS(rules)};
