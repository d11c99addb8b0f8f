// SPDX-License-Identifier: GPL-2.0-or-later
/* Authentication: whose answer is wrong, the UE's or the network's. */
#include "cx/cx_reading.h"
#include "family.h"
#include "verdict.h"

#define FAMILY "Authentication"

static bool has_auts(const struct ims_facts *request)
{
	return request &&
	       !ims_slice_is_empty(request->sip->authorization->auts);
}

static void check_aka_wrong(struct ims_check *check)
{
	struct ims_verdict verdict;
	struct ims_draft *draft;

	if (!ims_verdict_find(&verdict, check->attempt, IMS_PROOF_WRONG, true))
		return;
	draft = ims_verdict_fire(check, &verdict, "does not follow from");
	ims_draft_summary(
		draft,
		"the UE's AKA response for %.*s is wrong: it does not follow "
		"from the XRES that the HSS gave",
		IMS_SLICE_ARG(check->attempt->impi));
}

static const struct ims_rule aka_wrong_response = {
	.slug = "aka_wrong_response",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_CREDENTIALS,
	.title = "The UE's AKA response is wrong",
	.explain = "The response in the REGISTER was computed again from the "
		   "XRES that the MAA carried: they do not agree. The S-CSCF "
		   "was right to refuse. AUTN checked on the card (else the UE "
		   "would have been silent), so K is usually right and RES is "
		   "lost on its way: a softphone that uses K as password, or "
		   "RES taken as text.",
	.recognised = "MAA with the vector of the nonce answered, algorithm "
		      "AKAv1-MD5, the response does not follow from XRES (RFC "
		      "3310: the password is RES as bytes), and the network "
		      "answered 401 or 403. Not where a SAR left for it, or "
		      "qop stands without nc or cnonce. A warning when a "
		      "later REGISTER of the attempt did better.",
	.advice = "Look at the UE: its RES goes as bytes into the digest, for "
		  "qop, nc, cnonce and the digest-uri as it sends them. Then "
		  "compare K and OPc of the card with the HSS by computing "
		  "RES from RAND (osmo-auc-gen).",
	.specs = IMS_SPECS("RFC 3310 3.3", "TS 33.203 6.1.1",
			   "TS 24.229 5.4.1.2"),
	.facts = IMS_VERDICT_KEYS,
	.needs = IMS_SIGN_CREDENTIALS_REFUSED,
	.check = check_aka_wrong,
};

static void check_aka_refused(struct ims_check *check)
{
	struct ims_verdict verdict;
	struct ims_draft *draft;

	if (!ims_verdict_find(&verdict, check->attempt, IMS_PROOF_RIGHT, true))
		return;
	draft = ims_verdict_fire(check, &verdict, "follows from");
	ims_draft_summary(draft,
			  "the AKA response for %.*s is right, and the S-CSCF "
			  "refused it all the same",
			  IMS_SLICE_ARG(check->attempt->impi));
}

static const struct ims_rule aka_response_refused = {
	.slug = "aka_response_refused",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_CREDENTIALS,
	.title = "A right AKA response was refused",
	.explain = "The response in the REGISTER follows from the XRES that "
		   "the MAA carried, and it answers the latest challenge. The "
		   "fault is not the UE's: the S-CSCF compared with another "
		   "vector, lost it, or reads qop, nc or the digest-uri "
		   "differently.",
	.recognised =
		"As aka_wrong_response, with a response that does follow, on "
		"every captured leg, and answers the latest challenge; the "
		"S-CSCF said 401 or 403 to it and no SAR left. A 5xx is no "
		"refusal, nor is a 401 with stale=true, nor what another node "
		"answered; likely where legs before the S-CSCF alone are "
		"captured. Not where the capture has a hole in the S-CSCF's "
		"connection to the HSS since that REGISTER, or lacks the MAR. "
		"A warning when the attempt succeeded after all, and where a "
		"403 does not speak of authentication: then it may be policy, "
		"or a SAR that is not in the capture.",
	.advice = "Look at the S-CSCF: which vector it held for this IMPI "
		  "(Kamailio: auth_vector_timeout and "
		  "auth_used_vector_timeout of ims_auth), whether another "
		  "S-CSCF sent the challenge, and whether a folded "
		  "Authorization header lost its nc on the way.",
	.specs = IMS_SPECS("RFC 3310 3.3", "TS 24.229 5.4.1.2"),
	.facts = IMS_VERDICT_KEYS,
	.needs = IMS_SIGN_CREDENTIALS_REFUSED,
	.check = check_aka_refused,
};

/* When the REGISTER had its answer, or the next was sent. */
static int64_t end_of(const struct ims_attempt *attempt,
		      const struct ims_journey *journey)
{
	const struct ims_facts *final = ims_journey_final(journey, NULL);
	int64_t end_ns = final ? final->time_ns : INT64_MAX;

	for (unsigned i = 0; i < attempt->n_journeys; i++)
		if (attempt->journeys[i]->first_ns > journey->first_ns)
			end_ns = MIN(end_ns, attempt->journeys[i]->first_ns);
	return end_ns;
}

/* The first MAR for the REGISTER with auts; NULL: none captured. */
static const struct ims_cx *mar_for(const struct ims_attempt *attempt,
				    const struct ims_journey *journey)
{
	int64_t end_ns = end_of(attempt, journey);

	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];

		if (cx->command == IMS_COMMAND_MA && cx->request &&
		    cx->about.request_time_ns >= journey->first_ns &&
		    cx->about.request_time_ns < end_ns)
			return cx;
	}
	return NULL;
}

static bool carries_auts(const struct ims_cx *mar)
{
	const struct ims_diameter_facts *d = mar->request->diameter;

	for (size_t i = 0; i < d->n_auth_items; i++)
		if (!ims_slice_is_empty(d->auth_items[i].authorization))
			return true;
	return false;
}

/* The `place`-th REGISTER with auts, from 0. */
static const struct ims_journey *resync(const struct ims_attempt *attempt,
					unsigned place)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++)
		if (has_auts(ims_journey_request(attempt->journeys[i])) &&
		    place-- == 0)
			return attempt->journeys[i];
	return NULL;
}

static unsigned count_resyncs(const struct ims_attempt *attempt)
{
	unsigned n = 0;

	while (resync(attempt, n))
		n++;
	return n;
}

static void tell_resync(struct ims_draft *draft,
			const struct ims_attempt *attempt,
			const struct ims_journey *journey)
{
	const struct ims_cx *mar = mar_for(attempt, journey);

	ims_draft_evidence(draft, ims_journey_request(journey),
			   "REGISTER with auts: the card's sequence number is "
			   "ahead of the HSS's");
	if (mar) {
		ims_draft_evidence(draft, mar->request, "MAR %s auts",
				   carries_auts(mar) ? "with" : "without");
		ims_draft_evidence(draft, mar->answer, "MAA");
	}
	ims_draft_evidence(draft, ims_journey_challenge(journey, NULL),
			   "challenged again");
}

/* A new vector came of it: another nonce than the one before. */
static bool is_resynchronised(const struct ims_journey *journey)
{
	const struct ims_facts *request = ims_journey_request(journey);
	const struct ims_facts *challenge =
		ims_journey_challenge(journey, NULL);

	return challenge &&
	       !ims_slice_equal(challenge->sip->challenge->nonce,
				request->sip->authorization->nonce);
}

static void check_resync(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_journey *journey = resync(attempt, 0);
	const struct ims_cx *mar;
	struct ims_draft *draft;

	if (!journey || count_resyncs(attempt) > 1 ||
	    !is_resynchronised(journey))
		return;
	mar = mar_for(attempt, journey);
	if (mar && !carries_auts(mar))
		return;
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "the card of %.*s asked for resynchronisation "
			  "(auts), and the network did so",
			  IMS_SLICE_ARG(attempt->impi));
	tell_resync(draft, attempt, journey);
}

static const struct ims_rule aka_resync = {
	.slug = "aka_resync",
	.family = FAMILY,
	.severity = IMS_SEVERITY_NOTE,
	.scope = IMS_SCOPE_REGISTRATION,
	.title = "Sequence numbers were resynchronised",
	.explain = "The card found the sequence number in AUTN out of range "
		   "and answered with auts; the S-CSCF sent it to the HSS in a "
		   "MAR and challenged anew with a fresh vector. Normal once, "
		   "after a change of card, HSS or its database.",
	.recognised = "One REGISTER with auts in the attempt, and a challenge "
		      "with another nonce after it.",
	.advice = "Nothing to do if it happens once. If it comes back with "
		  "every attach, two HSSs or AuCs count sequence numbers "
		  "apart for the same card.",
	.specs = IMS_SPECS("RFC 3310 3.4", "TS 33.203 6.1.3", "TS 29.228 6.3"),
	.needs = IMS_SIGN_AUTS,
	.check = check_resync,
};

static void check_resync_loop(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	unsigned n = count_resyncs(attempt);
	struct ims_draft *draft;

	if (n < 2)
		return;
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "the card of %.*s asked for resynchronisation %u "
			  "times in one attempt",
			  IMS_SLICE_ARG(attempt->impi), n);
	for (unsigned i = 0; i < n; i++)
		tell_resync(draft, attempt, resync(attempt, i));
	ims_draft_integer(draft, "resyncs", n);
}

static const struct ims_rule aka_resync_loop = {
	.slug = "aka_resync_loop",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_CREDENTIALS,
	.title = "Resynchronisation goes round and round",
	.explain = "The card answered challenge after challenge with auts: the "
		   "HSS does not take the sequence number it is given, or "
		   "never gets it.",
	.recognised = "Two or more REGISTERs with auts in one attempt.",
	.advice = "See whether the MAR after auts carries SIP-Authorization "
		  "(RAND and AUTS), whether the HSS then stores the new "
		  "sequence number (FHoSS: look for its log of SQN; PyHSS and "
		  "Open5GS: the subscriber's sqn), and whether two AuCs serve "
		  "this card.",
	.specs = IMS_SPECS("RFC 3310 3.4", "TS 33.203 6.1.3", "TS 29.228 6.3"),
	.facts = IMS_FACT_KEYS(
		{"resyncs", IMS_FACT_INTEGER, "REGISTERs with auts"}),
	.needs = IMS_SIGN_AUTS,
	.check = check_resync_loop,
};

static void check_resync_not_forwarded(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_journey *journey = resync(attempt, 0);
	const struct ims_cx *mar;
	struct ims_draft *draft;

	mar = journey ? mar_for(attempt, journey) : NULL;
	if (!mar || !ims_cx_is_whole(mar->request) || carries_auts(mar))
		return;
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "the S-CSCF asked for a vector for %.*s without "
			  "handing on the auts that the card had sent",
			  IMS_SLICE_ARG(attempt->impi));
	tell_resync(draft, attempt, journey);
}

static const struct ims_rule aka_resync_not_forwarded = {
	.slug = "aka_resync_not_forwarded",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_CREDENTIALS + 1,
	.title = "auts was not handed on to the HSS",
	.explain =
		"The card asked for resynchronisation, and the MAR that "
		"followed lacks SIP-Authorization (RAND and AUTS): the HSS "
		"cannot know, and gives vectors that the card refuses again.",
	.recognised = "The first MAR after a REGISTER with auts, and before "
		      "its response, has no SIP-Authorization in "
		      "SIP-Auth-Data-Item.",
	.advice = "The S-CSCF must put RAND and AUTS into SIP-Authorization "
		  "of the MAR. Look whether Authorization reached it with "
		  "auts, and update it if it did.",
	.specs = IMS_SPECS("TS 29.228 6.3", "RFC 3310 3.4"),
	.needs = IMS_SIGN_AUTS,
	.check = check_resync_not_forwarded,
};

static const struct ims_rule *const rules[] = {
	&aka_resync,	     &aka_resync_loop,	    &aka_resync_not_forwarded,
	&aka_wrong_response, &aka_response_refused,
};

const struct ims_rule_list ims_rules_authentication = {rules,
						       G_N_ELEMENTS(rules)};
