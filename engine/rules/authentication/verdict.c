// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict.h"

#include "family.h"
#include "request.h"

static bool has_response(const struct ims_facts *request)
{
	return request && !request->cut &&
	       !ims_slice_is_empty(request->sip->authorization->response);
}

/* The REGISTER's copy whose credentials are whole, nearest to the UE. */
static const struct ims_facts *credentials(const struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (has_response(journey->hops[i]->request))
			return journey->hops[i]->request;
	return NULL;
}

bool ims_is_stale(const struct ims_facts *challenge)
{
	return challenge &&
	       ims_slice_is_nocase(challenge->sip->challenge->stale, "true");
}

static bool is_refused(const struct ims_journey *journey)
{
	const struct ims_facts *final = ims_journey_final(journey, NULL);

	return final && !ims_is_stale(final) &&
	       (final->sip->status == 401 || final->sip->status == 403);
}

/* AUTHENTICATION_FAILURE and AUTHENTICATION_TIMEOUT (TS 29.229 6.3.15) tell
   the HSS of a refusal; any other SAR is sent for a response accepted. */
static bool tells_failure(const struct ims_cx *sar)
{
	const struct ims_diameter_facts *d = ims_diameter(sar->request);

	return d && (d->assignment_type == 9 || d->assignment_type == 10);
}

int64_t ims_next_register_ns(const struct ims_attempt *attempt,
			     const struct ims_journey *journey)
{
	int64_t next_ns = INT64_MAX;

	for (unsigned i = 0; i < attempt->n_journeys; i++)
		if (attempt->journeys[i]->first_ns > journey->first_ns)
			next_ns = MIN(next_ns, attempt->journeys[i]->first_ns);
	return next_ns;
}

/* The S-CSCF that goes on to the SAR has accepted the response. */
static bool was_accepted(const struct ims_attempt *attempt,
			 const struct ims_journey *journey)
{
	int64_t end_ns = ims_next_register_ns(attempt, journey);

	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];

		if (cx->command == IMS_COMMAND_SA && !tells_failure(cx) &&
		    cx->about.request_time_ns > journey->first_ns &&
		    cx->about.request_time_ns < end_ns)
			return true;
	}
	return false;
}

/* The S-CSCF's SAR may be in a hole of its connection, or its direction is
   not captured: then the refusal says nothing of the response. */
static bool may_have_asked(const struct ims_journey *journey,
			   const struct ims_cx *mar)
{
	const struct ims_link *link = mar->link;

	return !mar->request ||
	       (link && (link->gap_from_client_ns >= journey->first_ns ||
			 link->gap_from_server_ns >= journey->first_ns));
}

/* The nonce answered is that of the challenge before, not an older one. */
static bool answers_latest(const struct ims_attempt *attempt, unsigned index,
			   const struct ims_facts *request)
{
	const struct ims_facts *challenge =
		index ? ims_journey_challenge(attempt->journeys[index - 1],
					      NULL)
		      : NULL;

	return challenge && ims_slice_equal(challenge->sip->challenge->nonce,
					    request->sip->authorization->nonce);
}

/* A proxy on the way may have spoilt what the UE had right. */
static bool is_right_everywhere(const struct ims_journey *journey,
				const struct ims_auth_item *vector)
{
	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_facts *request = journey->hops[i]->request;

		if (request && !request->cut &&
		    ims_response_proof(request->sip, vector) != IMS_PROOF_RIGHT)
			return false;
	}
	return true;
}

static bool deeper_is_captured(const struct ims_attempt *attempt,
			       unsigned depth)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++)
		for (unsigned j = 0; j < attempt->journeys[i]->n_hops; j++)
			if (attempt->journeys[i]->hops[j]->depth > depth)
				return true;
	return false;
}

/* As Kamailio's "Authentication Failed", not as "Authorization Rejected",
   which is what the HSS said. */
static bool speaks_of_authentication(const struct ims_facts *final)
{
	struct ims_slice phrase = final->sip->reason_phrase;

	return ims_slice_find_nocase(phrase, "authentic") < phrase.len;
}

/*
 * A 401 comes from nobody but the S-CSCF (TS 24.229 5.4.1.2); a 403 the
 * P-CSCF and the I-CSCF make too, each for reasons of its own.
 */
enum ims_refuser ims_refused_by_scscf(const struct ims_attempt *attempt,
				      const struct ims_journey *journey)
{
	const struct ims_facts *final = ims_journey_final(journey, NULL);
	const struct ims_hop *maker = ims_journey_maker(journey, final);
	unsigned status = final ? final->sip->status : 0;

	if (!maker || (status != 400 && status != 401 && status != 403))
		return IMS_REFUSER_OTHER;
	if (maker->to.role == IMS_ROLE_S_CSCF)
		return IMS_REFUSER_SCSCF;
	if (deeper_is_captured(attempt, maker->depth))
		return IMS_REFUSER_OTHER;
	return status == 401 || speaks_of_authentication(final)
		       ? IMS_REFUSER_LIKELY
		       : IMS_REFUSER_OTHER;
}

/* A 403 of the S-CSCF is also for who may not register so, and for a SAR that
   failed: one that is lost may not show as a hole before the end. */
static bool may_be_policy(const struct ims_journey *journey)
{
	const struct ims_facts *final = ims_journey_final(journey, NULL);

	return final->sip->status == 403 && !speaks_of_authentication(final);
}

/* Of the `index`-th REGISTER, whose response is proved to be right. */
static bool is_wronged(struct ims_verdict *verdict,
		       const struct ims_attempt *attempt, unsigned index,
		       const struct ims_auth_item *vector)
{
	enum ims_refuser refuser =
		ims_refused_by_scscf(attempt, verdict->journey);

	verdict->may_be_policy = may_be_policy(verdict->journey);
	verdict->is_likely =
		refuser == IMS_REFUSER_LIKELY || verdict->may_be_policy;
	return refuser != IMS_REFUSER_OTHER &&
	       answers_latest(attempt, index, verdict->request) &&
	       is_right_everywhere(verdict->journey, vector) &&
	       !may_have_asked(verdict->journey, verdict->cx);
}

static bool is_aka(const struct ims_facts *request)
{
	return ims_slice_starts_nocase(request->sip->authorization->algorithm,
				       "AKAv");
}

static const struct ims_auth_item *digest_item(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *d =
		cx ? ims_diameter(cx->answer) : NULL;

	for (size_t i = 0; d && i < d->n_auth_items; i++)
		if (!ims_slice_is_empty(d->auth_items[i].digest_ha1))
			return &d->auth_items[i];
	return NULL;
}

/* SIP Digest: Digest-HA1 as the HSS had given it by then. */
static const struct ims_auth_item *vector_of(const struct ims_attempt *attempt,
					     const struct ims_facts *request,
					     const struct ims_cx **cx)
{
	const struct ims_cx *before =
		ims_attempt_exchange(attempt, IMS_COMMAND_MA, request->time_ns);
	const struct ims_auth_item *item =
		is_aka(request) ? NULL : digest_item(before);

	if (!item)
		return ims_attempt_vector(
			attempt, request->sip->authorization->nonce, cx);
	*cx = before;
	return item;
}

/* The UE tried again with credentials of which that cannot be said: these,
   and not the first, are what the attempt came to. */
static bool is_made_good(const struct ims_attempt *attempt, unsigned index,
			 enum ims_proof proof)
{
	const struct ims_cx *cx;

	for (unsigned i = index + 1; i < attempt->n_journeys; i++) {
		const struct ims_facts *request =
			credentials(attempt->journeys[i]);

		if (request &&
		    ims_response_proof(request->sip, vector_of(attempt, request,
							       &cx)) != proof)
			return true;
	}
	return false;
}

/* Credentials kept from an earlier time answer no challenge: nothing is to be
   said of them. */
static bool is_in_advance(const struct ims_facts *request,
			  const struct ims_cx *cx)
{
	return cx->about.answer_time_ns > request->time_ns;
}

bool ims_verdict_find(struct ims_verdict *verdict,
		      const struct ims_attempt *attempt, enum ims_proof proof,
		      bool aka)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_journey *journey = attempt->journeys[i];
		const struct ims_facts *request = credentials(journey);
		const struct ims_auth_item *vector;

		*verdict = (struct ims_verdict){.journey = journey,
						.request = request};
		if (!request || !is_refused(journey) ||
		    was_accepted(attempt, journey))
			continue;
		if (!ims_slice_is_empty(request->sip->authorization->auts) ||
		    is_aka(request) != aka)
			continue;
		vector = vector_of(attempt, request, &verdict->cx);
		if (!vector || (!aka && is_in_advance(request, verdict->cx)) ||
		    ims_response_proof(request->sip, vector) != proof)
			continue;
		if (proof == IMS_PROOF_RIGHT &&
		    !is_wronged(verdict, attempt, i, vector))
			continue;
		verdict->is_made_good = is_made_good(attempt, i, proof);
		return true;
	}
	return false;
}

struct ims_draft *ims_verdict_fire(struct ims_check *check,
				   const struct ims_verdict *verdict,
				   const char *what)
{
	const struct ims_sip_auth *auth = verdict->request->sip->authorization;
	const struct ims_facts *final =
		ims_journey_final(verdict->journey, NULL);
	struct ims_draft *draft = ims_fire(check);

	ims_draft_evidence(draft, verdict->cx->answer,
			   "MAA: the vector that was sent to the S-CSCF");
	ims_draft_evidence(draft, verdict->request,
			   "REGISTER of %.*s: its response %s what the MAA "
			   "holds",
			   IMS_SLICE_ARG(ims_shown(auth->username)), what);
	ims_draft_evidence(draft, final, "%u %.*s", final->sip->status,
			   IMS_SLICE_ARG(ims_shown(final->sip->reason_phrase)));
	ims_draft_integer(draft, "status", final->sip->status);
	ims_draft_string(draft, "algorithm", auth->algorithm);
	ims_draft_string(draft, "qop", auth->qop);
	if (verdict->is_likely)
		ims_draft_likely(draft);
	if (verdict->is_made_good || verdict->may_be_policy) {
		ims_draft_no_cause(draft);
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	}
	if (ims_attempt_succeeded(check->attempt))
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	return draft;
}
