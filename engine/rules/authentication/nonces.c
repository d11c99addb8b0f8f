// SPDX-License-Identifier: GPL-2.0-or-later
/* Nonces, and how they are answered: which one, and with which count. */
#include "family.h"
#include "registrant.h"
#include "request.h"
#include "verdict.h"

#define FAMILY "Authentication"

/* Credentials of the REGISTER that answer a challenge. */
static bool answers(const struct ims_facts *request)
{
	const struct ims_sip_auth *auth;

	if (!request)
		return false;
	auth = request->sip->authorization;
	return ims_slice_is_nocase(auth->scheme, "Digest") &&
	       !ims_slice_is_empty(auth->nonce) &&
	       !ims_slice_is_empty(auth->response);
}

static bool lacks_count(const struct ims_facts *request)
{
	return answers(request) &&
	       !ims_slice_is_empty(request->sip->authorization->qop) &&
	       ims_slice_is_empty(request->sip->authorization->nc);
}

/* The first leg on which the count is missing; NULL: none. */
static const struct ims_hop *find_uncounted(const struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (lacks_count(journey->hops[i]->request))
			return journey->hops[i];
	return NULL;
}

static bool is_counted_above(const struct ims_hop *hop)
{
	const struct ims_facts *above = hop->above ? hop->above->request : NULL;

	return answers(above) && !lacks_count(above) &&
	       !ims_slice_is_empty(above->sip->authorization->qop);
}

static void tell_uncounted(struct ims_draft *draft,
			   const struct ims_attempt *attempt,
			   const struct ims_journey *journey,
			   const struct ims_hop *hop)
{
	const struct ims_sip_auth *auth = hop->request->sip->authorization;
	const struct ims_facts *final = ims_journey_final(journey, NULL);
	bool lost = is_counted_above(hop);
	char by[IMS_PARTY_TEXT];

	ims_party_format(by, &hop->from);
	ims_draft_summary(draft,
			  "the credentials of %.*s have qop=%.*s and no nc%s%s",
			  IMS_SLICE_ARG(ims_registrant(attempt)),
			  IMS_SLICE_ARG(ims_shown(auth->qop)),
			  lost ? ": it was lost at " : "", lost ? by : "");
	if (lost)
		ims_draft_evidence(
			draft, hop->above->request, "REGISTER with nc%s",
			hop->above->request->sip->authorization->folded
				? ", Authorization over several lines"
				: "");
	ims_draft_evidence(draft, hop->request,
			   "%s: REGISTER with qop=%.*s and without nc", by,
			   IMS_SLICE_ARG(ims_shown(auth->qop)));
	if (final)
		ims_draft_evidence(
			draft, final, "%u %.*s", final->sip->status,
			IMS_SLICE_ARG(ims_shown(final->sip->reason_phrase)));
	ims_draft_string(draft, "qop", auth->qop);
	ims_draft_text(draft, "sent_by", by);
	ims_draft_boolean(draft, "lost_on_the_way", lost);
}

static void check_count_missing(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_journey *journey = NULL;
	const struct ims_hop *hop = NULL;
	struct ims_draft *draft;

	if (!attempt->ims || !ims_is_own(attempt))
		return;
	/* The last one: it is what the attempt came to. */
	for (unsigned i = attempt->n_journeys; i-- > 0 && !hop;) {
		journey = attempt->journeys[i];
		hop = find_uncounted(journey);
	}
	if (!hop)
		return;
	draft = ims_fire(check);
	tell_uncounted(draft, attempt, journey, hop);
	if (journey != ims_attempt_last(attempt) ||
	    ims_refused_by_scscf(attempt, journey) == IMS_REFUSER_OTHER)
		ims_draft_no_cause(draft);
	else
		ims_draft_likely(draft);
}

static const struct ims_rule nonce_count_missing = {
	.slug = "nonce_count_missing",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_CREDENTIALS,
	.title = "Credentials with qop and without nc",
	.explain = "With qop, the nonce count is part of what the response is "
		   "computed from, and the sender must put it in. Kamailio "
		   "logs \"qop specified with no nonce count\" and takes the "
		   "credentials for none.",
	.recognised =
		"Authorization of scheme Digest in an IMS REGISTER, with "
		"nonce, response and qop and without nc, on any leg; a "
		"header field over several lines is read as one. The cause "
		"where the S-CSCF answered that REGISTER, the last of the "
		"attempt, with 400, 401 or 403.",
	.advice =
		"If the UE sent nc, look at the node that lost it: a parser "
		"that ends at a folded line (Pixel phones write Authorization "
		"over several lines) must be updated. If the UE did not send "
		"it, let the S-CSCF challenge without qop (Kamailio: "
		"registration_qop of ims_auth) until the UE is mended.",
	.specs = IMS_SPECS("RFC 2617 3.2.2", "RFC 3261 22.4"),
	.facts = IMS_FACT_KEYS(
		{"qop", IMS_FACT_STRING, "of the credentials"},
		{"sent_by", IMS_FACT_STRING, "who sent it, on the first leg"},
		{"lost_on_the_way", IMS_FACT_BOOLEAN,
		 "the leg before still has nc"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN,
	.check = check_count_missing,
};

/* One of the challenges in the response has that nonce. */
static bool offers_nonce(const struct ims_facts *response,
			 struct ims_slice nonce)
{
	const struct ims_sip_facts *sip = response->sip;
	struct ims_sip_auth one;

	if (ims_slice_equal(sip->challenge->nonce, nonce))
		return true;
	for (size_t i = 0; i < sip->n_headers; i++) {
		if (sip->headers[i].id != IMS_SIP_HEADER_WWW_AUTHENTICATE)
			continue;
		ims_sip_auth_parse(&one,
				   ims_sip_header_value(&sip->headers[i]));
		if (ims_slice_equal(one.nonce, nonce))
			return true;
	}
	return false;
}

/* A REGISTER that was sent again may have got two challenges. */
static bool was_challenged_with(const struct ims_journey *journey,
				struct ims_slice nonce)
{
	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		for (unsigned k = 0; k < hop->n_messages; k++) {
			const struct ims_facts *message = hop->messages[k];

			if (message->kind == IMS_EVENT_SIP &&
			    message->sip->status == 401 &&
			    offers_nonce(message, nonce))
				return true;
		}
	}
	return false;
}

/* The `index`-th REGISTER, where it answers another nonce than that of the
   challenge to the one before; NULL: it does not, or that may be missing. */
static const struct ims_facts *stale_answer(const struct ims_attempt *attempt,
					    unsigned index)
{
	const struct ims_journey *journey = attempt->journeys[index];
	const struct ims_facts *request = ims_journey_request(journey);
	const struct ims_journey *before;
	const struct ims_facts *challenge;

	if (index == 0 || !answers(request))
		return NULL;
	before = attempt->journeys[index - 1];
	challenge = ims_journey_challenge(before, NULL);
	if (!challenge || journey->cseq != before->cseq + 1 ||
	    before->hops_lost || challenge->time_ns > request->time_ns ||
	    ims_slice_is_empty(challenge->sip->challenge->nonce) ||
	    was_challenged_with(before, request->sip->authorization->nonce))
		return NULL;
	return request;
}

/* An earlier challenge of the attempt had that nonce. */
static bool is_of_earlier(const struct ims_attempt *attempt, unsigned index,
			  struct ims_slice nonce)
{
	for (unsigned i = 0; i + 1 < index; i++)
		if (was_challenged_with(attempt->journeys[i], nonce))
			return true;
	return false;
}

struct staleness {
	unsigned answers; /* REGISTERs that answer another nonce */
	unsigned told;	  /* challenges with stale=true */
	unsigned run;	  /* the most REGISTERs in a row of either kind */
	bool is_last;	  /* the last REGISTER is one of them */
};

static struct staleness read_staleness(const struct ims_attempt *attempt)
{
	struct staleness found = {0};
	unsigned run = 0;

	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		bool told = ims_is_stale(
			ims_journey_challenge(attempt->journeys[i], NULL));

		found.is_last = stale_answer(attempt, i) != NULL;
		found.answers += found.is_last;
		found.told += told;
		run = told || found.is_last ? run + 1 : 0;
		found.run = MAX(found.run, run);
	}
	return found;
}

static void tell_stale(struct ims_draft *draft,
		       const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_facts *answer = stale_answer(attempt, i);
		const struct ims_facts *challenge =
			ims_journey_challenge(attempt->journeys[i], NULL);

		if (answer) {
			struct ims_slice nonce =
				answer->sip->authorization->nonce;

			ims_draft_evidence(
				draft,
				ims_journey_challenge(attempt->journeys[i - 1],
						      NULL),
				"challenge");
			ims_draft_evidence(
				draft, answer, "REGISTER with the nonce of %s",
				is_of_earlier(attempt, i, nonce)
					? "an earlier challenge"
					: "no challenge of this attempt");
		}
		if (ims_is_stale(challenge))
			ims_draft_evidence(draft, challenge,
					   "challenge with stale=true");
	}
}

static void summarise_stale(struct ims_draft *draft,
			    const struct ims_attempt *attempt,
			    const struct staleness *found)
{
	struct ims_slice who = ims_registrant(attempt);

	if (found->answers)
		ims_draft_summary(draft,
				  "%.*s answered %u of %u times with another "
				  "nonce than that of the challenge before",
				  IMS_SLICE_ARG(who), found->answers,
				  attempt->n_journeys - 1);
	else
		ims_draft_summary(draft,
				  "%.*s was told that its nonce is no longer "
				  "good (stale=true)%s",
				  IMS_SLICE_ARG(who),
				  found->told > 1 ? ", again and again" : "");
	ims_draft_integer(draft, "stale_answers", found->answers);
	ims_draft_integer(draft, "stale_challenges", found->told);
}

/* The first may happen; the second in a row is a third challenge. */
#define LOOP_LEAST 2

static void check_stale(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	struct staleness found;
	struct ims_draft *draft;

	if (!attempt->ims || !ims_is_own(attempt))
		return;
	found = read_staleness(attempt);
	if (!found.answers && !found.told)
		return;
	draft = ims_fire(check);
	summarise_stale(draft, attempt, &found);
	tell_stale(draft, attempt);
	if (found.run >= LOOP_LEAST)
		ims_draft_severity(draft, ims_attempt_succeeded(attempt)
						  ? IMS_SEVERITY_WARNING
						  : IMS_SEVERITY_ERROR);
	if (!found.is_last ||
	    ims_refused_by_scscf(attempt, ims_attempt_last(attempt)) ==
		    IMS_REFUSER_OTHER)
		ims_draft_no_cause(draft);
}

static const struct ims_rule nonce_stale = {
	.slug = "nonce_stale",
	.family = FAMILY,
	.severity = IMS_SEVERITY_NOTE,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_STALE,
	.title = "A nonce that is no longer good was answered",
	.explain = "A nonce is good for a while, and a UE that is challenged "
		   "answers the challenge it got last. A UE that goes on with "
		   "an old one is challenged again; once is harmless, in a "
		   "loop the UE never takes in the new nonce, or something on "
		   "the way holds the challenge back.",
	.recognised =
		"In an IMS registration a challenge with stale=true; or a "
		"REGISTER that follows a challenge by the next CSeq and "
		"carries credentials for another nonce than any 401 to the "
		"REGISTER before had. Credentials in the first REGISTER of "
		"an attempt are made in advance and no fault. Two in a row "
		"are a loop: an error, or a warning where the attempt "
		"succeeded in the end. The cause where the S-CSCF refused "
		"the last REGISTER and it was such a one.",
	.advice = "Look at the UE: does it take the nonce from the newest "
		  "challenge, or from a cache? If challenges say stale=true "
		  "again and again, compare the time between challenge and "
		  "answer with the S-CSCF's lifetime of nonces (Kamailio: "
		  "auth_vector_timeout of ims_auth), and see whether two "
		  "S-CSCFs take turns.",
	.specs = IMS_SPECS("RFC 2617 3.2.1", "RFC 2617 3.3", "RFC 3261 22.2"),
	.facts = IMS_FACT_KEYS(
		{"stale_answers", IMS_FACT_INTEGER,
		 "REGISTERs that answer another nonce than the latest"},
		{"stale_challenges", IMS_FACT_INTEGER,
		 "challenges with stale=true"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN | IMS_SIGN_CHALLENGE,
	.check = check_stale,
};

static const struct ims_rule *const rules[] = {
	&nonce_count_missing,
	&nonce_stale,
};

const struct ims_rule_list ims_rules_nonces = {rules, G_N_ELEMENTS(rules)};
