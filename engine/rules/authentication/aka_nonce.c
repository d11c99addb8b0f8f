// SPDX-License-Identifier: GPL-2.0-or-later
/* The nonce of an AKA challenge: RAND and AUTN of the HSS, or not. */
#include "cx/cx_reading.h"
#include "family.h"
#include "registrant.h"
#include "request.h"
#include "verdict.h"

#define FAMILY "Authentication"

static bool is_aka_challenge(const struct ims_facts *challenge)
{
	return challenge &&
	       ims_slice_starts_nocase(challenge->sip->challenge->algorithm,
				       "AKAv");
}

/* The challenge as near to the S-CSCF as captured. */
static const struct ims_facts *deepest_challenge(
	const struct ims_journey *journey)
{
	const struct ims_hop *deepest = NULL;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->final && hop->final->sip->status == 401 &&
		    (!deepest || hop->depth > deepest->depth))
			deepest = hop;
	}
	return deepest ? deepest->final : NULL;
}

static bool is_of_any_maa(const struct ims_attempt *attempt,
			  struct ims_slice nonce)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_diameter_facts *d =
			ims_diameter(attempt->exchanges[i]->answer);

		for (size_t k = 0; d && k < d->n_auth_items; k++)
			if (ims_nonce_is_vector(nonce,
						d->auth_items[k].authenticate))
				return true;
	}
	return false;
}

/* One vector was asked for and given: no other can be meant. */
static bool gives_one_vector(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *mar = ims_diameter(cx->request);
	const struct ims_diameter_facts *maa = ims_diameter(cx->answer);

	return ims_cx_is_whole(cx->request) && ims_cx_is_whole(cx->answer) &&
	       !cx->guessed && ims_cx_succeeded(cx) &&
	       mar->number_auth_items <= 1 && maa->n_auth_items == 1 &&
	       maa->auth_items[0].authenticate.len == IMS_RAND_AUTN;
}

/* The only MAR that left for the REGISTER; NULL: none, or several, or the
   capture may lack one. */
static const struct ims_cx *only_mar(const struct ims_attempt *attempt,
				     const struct ims_journey *journey)
{
	int64_t end_ns = ims_next_register_ns(attempt, journey);
	const struct ims_cx *mar = NULL;

	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];

		if (cx->command != IMS_COMMAND_MA ||
		    cx->about.request_time_ns < journey->first_ns ||
		    cx->about.request_time_ns >= end_ns)
			continue;
		if (mar)
			return NULL;
		mar = cx;
	}
	if (!mar || !gives_one_vector(mar) || !mar->link ||
	    mar->link->gap_from_client_ns >= journey->first_ns ||
	    mar->link->gap_from_server_ns >= journey->first_ns)
		return NULL;
	return mar;
}

struct odd_nonce {
	const struct ims_journey *journey;
	const struct ims_facts *challenge;
	const struct ims_cx *mar; /* NULL: too short, whatever the HSS gave */
	size_t bytes;
};

static bool is_odd(struct odd_nonce *odd, const struct ims_attempt *attempt,
		   const struct ims_journey *journey)
{
	const struct ims_facts *challenge = deepest_challenge(journey);
	const struct ims_cx *mar;
	struct ims_slice nonce;

	if (!is_aka_challenge(challenge))
		return false;
	nonce = challenge->sip->challenge->nonce;
	*odd = (struct odd_nonce){journey, challenge, NULL,
				  ims_nonce_bytes(nonce)};
	if (odd->bytes < IMS_RAND_AUTN)
		return true;
	mar = only_mar(attempt, journey);
	if (!mar || is_of_any_maa(attempt, nonce) ||
	    mar->about.answer_time_ns > challenge->time_ns ||
	    challenge->time_ns - mar->about.answer_time_ns > IMS_AT_ONCE)
		return false;
	odd->mar = mar;
	return true;
}

static void tell_odd(struct ims_draft *draft, const struct odd_nonce *odd)
{
	if (odd->mar) {
		ims_draft_evidence(draft, odd->mar->request, "MAR");
		ims_draft_evidence(draft, odd->mar->answer,
				   "MAA: one vector, its RAND and AUTN are "
				   "not in the challenge");
		ims_draft_likely(draft);
	}
	ims_draft_evidence(
		draft, odd->challenge,
		"%u %.*s, algorithm %.*s: its nonce holds %zu bytes",
		odd->challenge->sip->status,
		IMS_SLICE_ARG(ims_shown(odd->challenge->sip->reason_phrase)),
		IMS_SLICE_ARG(
			ims_shown(odd->challenge->sip->challenge->algorithm)),
		odd->bytes);
	ims_draft_text(draft, "problem",
		       odd->mar ? "not the MAA's" : "too short");
	ims_draft_integer(draft, "bytes", (int64_t)odd->bytes);
	ims_draft_string(draft, "algorithm",
			 odd->challenge->sip->challenge->algorithm);
}

static void check_nonce_mismatch(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	struct odd_nonce odd;
	struct ims_draft *draft;
	unsigned i = 0;

	while (i < attempt->n_journeys &&
	       !is_odd(&odd, attempt, attempt->journeys[i]))
		i++;
	if (i == attempt->n_journeys)
		return;
	draft = ims_fire(check);
	if (odd.mar)
		ims_draft_summary(
			draft,
			"%.*s was challenged with a nonce that is not the "
			"RAND and AUTN of the MAA before it",
			IMS_SLICE_ARG(ims_registrant(attempt)));
	else
		ims_draft_summary(
			draft,
			"the AKA challenge to %.*s has a nonce of %zu bytes: "
			"RAND and AUTN are 32",
			IMS_SLICE_ARG(ims_registrant(attempt)), odd.bytes);
	tell_odd(draft, &odd);
	if (attempt->outcome != IMS_OUTCOME_CHALLENGED ||
	    odd.journey != ims_attempt_last(attempt))
		ims_draft_no_cause(draft);
}

static const struct ims_rule aka_nonce_mismatch = {
	.slug = "aka_nonce_mismatch",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_CREDENTIALS,
	.title = "The challenge's nonce is not the vector of the HSS",
	.explain = "With AKA the nonce is base64 of RAND, AUTN and whatever "
		   "the server adds. This one does not hold so many bytes, or "
		   "holds others than the HSS gave: the card cannot check "
		   "AUTN, and the UE drops the challenge in silence.",
	.recognised =
		"A 401 with algorithm AKAv1 or AKAv2 whose nonce is no base64 "
		"or less than 32 bytes of it. Or: one MAR and one MAA with "
		"one vector between REGISTER and 401, the 401 within 1.5 s of "
		"the MAA, and its nonce begins with no RAND and AUTN of any "
		"MAA of the attempt. Not where several vectors were asked for "
		"or given (one of an earlier MAA may be meant), nor where the "
		"capture lacks bytes of that Diameter connection. Data behind "
		"the 32 bytes is legal. The cause where the UE never answered "
		"that challenge.",
	.advice = "Look at the scheme that the MAA gives and at what the "
		  "S-CSCF makes of it: a nonce of its own making goes with "
		  "algorithm MD5 only. Kamailio takes the algorithm from "
		  "SIP-Authentication-Scheme in the MAA (ims_auth, "
		  "registration_default_algorithm if there is none). Where the "
		  "nonce is another vector, see whether vectors of two "
		  "subscribers or of an earlier challenge were mixed up.",
	.specs = IMS_SPECS("RFC 3310 3.2", "TS 33.203 6.1.1", "TS 29.228 6.3"),
	.facts = IMS_FACT_KEYS(
		{"problem", IMS_FACT_STRING, "too short, or not the MAA's"},
		{"bytes", IMS_FACT_INTEGER, "how many the nonce decodes to"},
		{"algorithm", IMS_FACT_STRING, "of the challenge"}),
	.needs = IMS_SIGN_CHALLENGE,
	.check = check_nonce_mismatch,
};

static const struct ims_rule *const rules[] = {&aka_nonce_mismatch};

const struct ims_rule_list ims_rules_aka_nonce = {rules, G_N_ELEMENTS(rules)};
