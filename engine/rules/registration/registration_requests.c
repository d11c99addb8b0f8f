// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The network and the way back that a P-CSCF writes into every REGISTER that
 * it forwards (TS 24.229 5.2.2).
 */
#include "agreement/sec_agree.h"
#include "family.h"
#include "register_legs.h"
#include "registrant.h"

#define FAMILY "Registration"

/* What a request should have. */
typedef bool has_fn(const struct ims_sip_facts *sip);

static bool has_visited_network(const struct ims_sip_facts *sip)
{
	return ims_slice_is_set(sip->visited_network_id);
}

static bool has_path(const struct ims_sip_facts *sip)
{
	return sip->paths.n > 0;
}

/*
 * The first leg behind the P-CSCF whose request lacks it. A copy further on
 * that has it acquits: a proxy stood before the P-CSCF.
 */
static const struct ims_hop *find_lacking(const struct ims_attempt *attempt,
					  const struct ims_journey *journey,
					  has_fn *has)
{
	const struct ims_hop *found = NULL;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->depth < 2 || !hop->request)
			continue;
		if (has(hop->request->sip))
			return NULL;
		if (!found && ims_message_is_whole(hop->request) &&
		    ims_is_behind_pcscf(attempt, hop))
			found = hop;
	}
	return found;
}

/* The same of an attempt: of its last request, which was refused for it, else
   of the first that shows it. */
static const struct ims_hop *find_in_attempt(const struct ims_attempt *attempt,
					     bool refused, has_fn *has)
{
	const struct ims_hop *found = NULL;

	if (refused)
		found = find_lacking(attempt, ims_attempt_last(attempt), has);
	for (unsigned i = 0; i < attempt->n_journeys && !found; i++)
		found = find_lacking(attempt, attempt->journeys[i], has);
	return found;
}

/* Some copy of the attempt's last request behind the P-CSCF has it. */
static bool is_seen(const struct ims_attempt *attempt, has_fn *has)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	for (unsigned i = 0; last && i < last->n_hops; i++)
		if (last->hops[i]->depth > 1 && last->hops[i]->request &&
		    has(last->hops[i]->request->sip))
			return true;
	return false;
}

static bool names_visited_network(struct ims_slice text)
{
	return ims_slice_find_nocase(text, "P-Visited-Network-ID") < text.len;
}

/* Kamailio's I-CSCF says it in the phrase of its 400. */
static bool is_refused_for_visited(const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *final = ims_sip(attempt->final);

	return final && attempt->outcome == IMS_OUTCOME_REJECTED &&
	       attempt->status == 400 &&
	       (names_visited_network(final->reason_phrase) ||
		names_visited_network(final->warning));
}

static void tell_refusal(struct ims_draft *draft,
			 const struct ims_attempt *attempt)
{
	ims_draft_evidence(draft, attempt->final, "%u %.*s", attempt->status,
			   IMS_SLICE_ARG(ims_shown(attempt->reason)));
	ims_draft_integer(draft, "status", attempt->status);
}

static void check_visited(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	bool refused = is_refused_for_visited(attempt);
	const struct ims_hop *hop;
	struct ims_draft *draft;
	char from[IMS_PARTY_TEXT] = "the P-CSCF";
	char to[IMS_PARTY_TEXT] = "the I-CSCF";

	if (!attempt->ims || !ims_is_own(attempt))
		return;
	hop = find_in_attempt(attempt, refused, has_visited_network);
	if (hop && hop->to.role != IMS_ROLE_I_CSCF && !refused)
		return;
	if (!hop && (!refused || is_seen(attempt, has_visited_network)))
		return;
	draft = ims_fire(check);
	if (hop) {
		ims_party_format(from, &hop->from);
		ims_party_format(to, &hop->to);
		ims_draft_evidence(draft, hop->request,
				   "%s: REGISTER without "
				   "P-Visited-Network-ID",
				   from);
		ims_draft_text(draft, "sent_by", from);
		ims_draft_text(draft, "sent_to", to);
	}
	ims_draft_summary(draft,
			  "The REGISTER of %.*s came from %s to %s without "
			  "P-Visited-Network-ID%s",
			  IMS_SLICE_ARG(ims_registrant(attempt)), from, to,
			  refused ? ", and was refused for it with 400" : "");
	ims_draft_boolean(draft, "refused", refused);
	if (refused)
		tell_refusal(draft, attempt);
	else
		ims_draft_no_cause(draft);
	if (!hop)
		ims_draft_likely(draft);
}

static const struct ims_rule visited_network_missing = {
	.slug = "visited_network_missing",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_EXTENSION,
	.title = "REGISTER at the I-CSCF without P-Visited-Network-ID",
	.explain = "P-Visited-Network-ID names the network whose P-CSCF the UE "
		   "uses. The P-CSCF puts it into every REGISTER; the I-CSCF "
		   "asks the HSS with it (Visited-Network-Identifier) whether "
		   "the subscriber may roam there. Without it Kamailio's "
		   "I-CSCF answers 400 Bad Request - P-Visited-Network-ID "
		   "header missing; another may ask the HSS with an empty "
		   "value, which then says ROAMING_NOT_ALLOWED.",
	.recognised =
		"A REGISTER of a UE in the IMS that arrives at an I-CSCF "
		"without the header field, on a leg behind the P-CSCF: its "
		"other header fields are a P-CSCF's, or the node asked sends a "
		"UAR for it. Not where the message is cut, nor where a "
		"copy further on has it. Told once for each attempt. An "
		"error, and the cause, when a 400 names the header field; "
		"where that leg is not captured the 400 alone tells.",
	.advice = "Let the P-CSCF add it before it forwards a REGISTER. "
		  "Kamailio: append_hf(\"P-Visited-Network-ID: "
		  "NETWORKNAME\\r\\n\"); in the route for REGISTER, with "
		  "NETWORKNAME the P-CSCF's own domain, one that the HSS has "
		  "in the subscriber's list of visited networks.",
	.specs = IMS_SPECS("TS 24.229 5.2.2", "RFC 7315 4.3"),
	.facts = IMS_FACT_KEYS(
		{"sent_by", IMS_FACT_STRING, "who forwarded it so"},
		{"sent_to", IMS_FACT_STRING, "the I-CSCF"},
		{"refused", IMS_FACT_BOOLEAN, "it was refused for it"},
		{"status", IMS_FACT_INTEGER, "the refusal's code"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN,
	.check = check_visited,
};

/*
 * A registrar that knows path well refuses it for a UE that does not know it
 * (RFC 3327 5.3): not where it was required, nor where the UE supports it,
 * which is all that the UE's leg tells.
 */
static bool is_required(const struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (ims_requires(journey->hops[i]->request,
				 ims_slice_of("path")))
			return true;
	return false;
}

static bool is_supported(const struct ims_journey *journey)
{
	const struct ims_facts *request = ims_journey_request(journey);

	for (unsigned i = 0; i < journey->n_hops; i++)
		if (journey->hops[i]->depth > 1 && journey->hops[i]->request)
			return false;
	return request && ims_options_have(&request->sip->supported, "path");
}

/* The leg nearest to who refused path; NULL: nobody did. */
static const struct ims_hop *find_refused_path(
	const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *found = NULL;

	if (!last || attempt->outcome != IMS_OUTCOME_REJECTED ||
	    attempt->status != 420 ||
	    (!is_required(last) && !is_supported(last)))
		return NULL;
	for (unsigned i = 0; i < last->n_hops; i++) {
		const struct ims_sip_facts *final =
			ims_sip(last->hops[i]->final);

		if (final && final->status == 420 &&
		    ims_options_have(&final->unsupported, "path"))
			found = last->hops[i];
	}
	return found;
}

static void tell_path_refused(struct ims_check *check,
			      const struct ims_hop *hop)
{
	const struct ims_attempt *attempt = check->attempt;
	struct ims_draft *draft = ims_fire(check);
	char from[IMS_PARTY_TEXT];
	char by[IMS_MAKER_TEXT];

	ims_maker_format(by, hop);
	ims_party_format(from, &hop->from);
	ims_draft_severity(draft, IMS_SEVERITY_ERROR);
	ims_draft_summary(draft,
			  "%s does not know path and refused the REGISTER of "
			  "%.*s with 420: the request has left the IMS",
			  by, IMS_SLICE_ARG(ims_registrant(attempt)));
	ims_draft_evidence(draft, hop->request, "%s: REGISTER", from);
	ims_draft_evidence(draft, hop->final, "420, Unsupported: path");
	ims_draft_evidence(draft, attempt->final, "%u to the UE",
			   attempt->status);
	ims_draft_text(draft, "sent_by", from);
	ims_draft_text(draft, "refused_by", by);
	ims_draft_boolean(draft, "refused", true);
	ims_draft_advice(draft,
			 "Look where the REGISTER went: %s must be an I-CSCF "
			 "or S-CSCF of the home network. Check what the "
			 "Request-URI's domain resolves to on %s, and its "
			 "routes. Do not take path out of Require: without "
			 "Path no call reaches the UE.",
			 by, from);
	if (!is_required(ims_attempt_last(attempt)))
		ims_draft_likely(draft);
}

static void tell_path_missing(struct ims_check *check,
			      const struct ims_hop *hop)
{
	struct ims_draft *draft = ims_fire(check);
	bool required = ims_options_have(&hop->request->sip->require, "path");
	char from[IMS_PARTY_TEXT];
	char to[IMS_PARTY_TEXT];

	ims_party_format(from, &hop->from);
	ims_draft_summary(draft,
			  "%s forwards the REGISTER of %.*s to %s without "
			  "Path%s",
			  from, IMS_SLICE_ARG(ims_registrant(check->attempt)),
			  ims_party_format(to, &hop->to),
			  required ? ", which its Require speaks of" : "");
	ims_draft_evidence(draft, hop->above ? hop->above->request : NULL,
			   "REGISTER of the UE");
	ims_draft_evidence(draft, hop->request, "%s: REGISTER without Path",
			   from);
	ims_draft_text(draft, "sent_by", from);
	ims_draft_text(draft, "sent_to", to);
	ims_draft_boolean(draft, "refused", false);
	ims_draft_no_cause(draft);
}

static void check_path(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_hop *hop;

	if (!attempt->ims || !ims_is_own(attempt))
		return;
	hop = find_refused_path(attempt);
	if (hop) {
		tell_path_refused(check, hop);
		return;
	}
	hop = find_in_attempt(attempt, false, has_path);
	if (hop)
		tell_path_missing(check, hop);
}

static const struct ims_rule path_missing = {
	.slug = "path_missing",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	/* Nearer than sip_bad_extension, which tells of the same 420. */
	.origin = IMS_ORIGIN_EXTENSION + 1,
	.title = "REGISTER behind the P-CSCF without Path, or refused for it",
	.explain =
		"Path is the way back: the S-CSCF keeps it with the contact "
		"and sends calls to the UE through it. Every REGISTER, "
		"deregistration too, gets the P-CSCF's URI there, and path in "
		"Require. Without it a call goes past the P-CSCF, and so past "
		"the security association, and does not arrive. A node that "
		"refuses path with 420 is none of an IMS: the request went "
		"astray.",
	.recognised =
		"A REGISTER of a UE in the IMS on a leg behind the P-CSCF (it "
		"has other header fields of a P-CSCF, or the node asked "
		"sends a UAR for it) without Path, and no copy further on "
		"that has it; not where the message is cut, nor for an "
		"S-CSCF's own REGISTER to an application server. Told once for "
		"each attempt. Or a 420 whose Unsupported names path, "
		"where a copy of the request required it or, as far as the "
		"UE's leg alone tells, the UE supports it: then it is an "
		"error and the cause.",
	.advice = "Let the P-CSCF add both. Kamailio: append_hf(\"Path: "
		  "<sip:term@HOSTNAME;lr>\\r\\n\"); and append_hf(\"Require: "
		  "path\\r\\n\"); in the route for REGISTER, with HOSTNAME a "
		  "name that the S-CSCF resolves to this P-CSCF.",
	.specs = IMS_SPECS("TS 24.229 5.2.2", "RFC 3327 5"),
	.facts = IMS_FACT_KEYS(
		{"sent_by", IMS_FACT_STRING, "who forwarded it so"},
		{"sent_to", IMS_FACT_STRING, "to whom"},
		{"refused", IMS_FACT_BOOLEAN, "path was refused with 420"},
		{"refused_by", IMS_FACT_STRING, "who refused it"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN,
	.check = check_path,
};

static const struct ims_rule *const rules[] = {
	&visited_network_missing,
	&path_missing,
};

const struct ims_rule_list ims_rules_register_requests = {rules,
							  G_N_ELEMENTS(rules)};
