// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Responses that were made and did not come back: the core has one, the UE's
 * leg is in the capture and shows none, and the UE asks on.
 */
#include "core.h"

/* T1 (RFC 3261 17.1.1.1) and the way back: sent later than this after the
   response was made, a request asks on. */
#define ASKS_ON (1 * IMS_SECOND)
/* A proxy answers each of them from its transaction (RFC 3261 17.2.2): the
   capture may lose one answer, hardly two. */
#define LEAST_ASKED_ON 2
/* A UE that stops early may have had the answer to the last; that the capture
   lost that one, and the UE itself all before, is not likely. */
#define LEAST_ASKED_IN_VAIN 3

/* T2 (RFC 3261 17.1.2.2) and some: who is silent for longer has its answer. */
#define STILL_ASKS (5 * IMS_SECOND)

static unsigned count_after(const struct ims_hop *hop, int64_t since_ns)
{
	unsigned n = 0;

	for (unsigned i = 0; i < hop->n_messages; i++)
		n += hop->messages[i]->kind == IMS_EVENT_SIP &&
		     hop->messages[i]->sip->is_request &&
		     hop->messages[i]->time_ns > since_ns + ASKS_ON;
	return n;
}

static bool has_protected_final(const struct ims_hop *hop)
{
	for (unsigned i = 0; i < hop->n_messages; i++)
		if (hop->messages[i]->sip->status >= 200 &&
		    hop->messages[i]->protected)
			return true;
	return false;
}

/* A UE drops what comes to its protected port outside ESP (TS 33.203 7.1):
   such a response did not reach it either. */
bool ims_hop_is_answered_outside(const struct ims_hop *first)
{
	return first->request && first->final && first->request->protected &&
	       !first->final->protected && !has_protected_final(first);
}

/* The associations are taken down before the 200 leaves. */
static bool is_confirmed_outside(const struct ims_attempt *attempt,
				 const struct ims_hop *first)
{
	return attempt->kind == IMS_KIND_DEREGISTRATION &&
	       first->final->sip->status < 300 &&
	       ims_hop_is_answered_outside(first);
}

/* USER_DEREGISTRATION of either kind (TS 29.229 6.3.15), which succeeded. */
static const struct ims_facts *assigned_end(const struct ims_attempt *attempt,
					    int64_t since_ns)
{
	for (unsigned i = attempt->n_exchanges; i-- > 0;) {
		const struct ims_cx *cx = attempt->exchanges[i];
		const struct ims_diameter_facts *d = ims_diameter(cx->request);

		if (cx->command == IMS_COMMAND_SA && d && cx->answer &&
		    (d->assignment_type == 5 || d->assignment_type == 7) &&
		    ims_cx_succeeded(cx) && cx->request->time_ns >= since_ns)
			return cx->answer;
	}
	return NULL;
}

/* The response nearest to the UE that is not on its leg. */
static const struct ims_facts *response_above(const struct ims_attempt *attempt,
					      const struct ims_journey *last)
{
	const struct ims_hop *best = NULL;

	for (unsigned i = 0; i < last->n_hops; i++) {
		const struct ims_hop *hop = last->hops[i];

		if (hop->depth > 1 && hop->final &&
		    (!best || hop->depth < best->depth))
			best = hop;
	}
	if (best)
		return best->final;
	return attempt->kind == IMS_KIND_DEREGISTRATION
		       ? assigned_end(attempt, last->first_ns)
		       : NULL;
}

static bool asked_long(const struct ims_hop *first)
{
	return first->last_request_ns - first->first_ns >= IMS_LEAST_SENDING;
}

/* The UE's leg is captured in both directions, or the UE itself says by asking
   on that nothing came; it could be read, no fragments of a response are there,
   and nothing says that the UE went on as one that was answered. */
static bool can_be_told(const struct ims_attempt *attempt,
			const struct ims_hop *first)
{
	return (attempt->pcscf_heard_ns >= attempt->start_ns ||
		asked_long(first)) &&
	       !attempt->response_in_pieces && !attempt->response_lost &&
	       !attempt->esp_unread && !attempt->answers_unread &&
	       !attempt->ue_gap && !attempt->ue_went_on;
}

/* It will ask no more: it began anew, its timer F has run out (with T2 of 4 s
   the last time is 31.5 s after the first). */
static bool is_over(const struct ims_attempt *attempt,
		    const struct ims_hop *first)
{
	return attempt->began_anew ||
	       first->last_request_ns - first->first_ns >=
		       IMS_SIP_TIMEOUT - IMS_SECOND ||
	       !attempt->capture_ended ||
	       attempt->settled_ns - first->first_ns >= IMS_SIP_TIMEOUT;
}

/* What was made upstream, and n times after it the UE asked on. */
static const struct ims_facts *asked_past(const struct ims_attempt *attempt,
					  const struct ims_hop **first,
					  unsigned *n)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_facts *response;

	*first = last ? ims_journey_first(last) : NULL;
	if (!*first || (*first)->depth != 1 || !(*first)->request ||
	    attempt->kind == IMS_KIND_THIRD_PARTY ||
	    !can_be_told(attempt, *first))
		return NULL;
	if ((*first)->final && !is_confirmed_outside(attempt, *first))
		return NULL;
	response = (*first)->final ? (*first)->final
				   : response_above(attempt, last);
	*n = response ? count_after(*first, response->time_ns) : 0;
	return *n >= LEAST_ASKED_ON ? response : NULL;
}

const struct ims_facts *ims_attempt_lost_response(
	const struct ims_attempt *attempt)
{
	const struct ims_hop *first = NULL;
	unsigned n_asked = 0;
	const struct ims_facts *response =
		asked_past(attempt, &first, &n_asked);

	if (!response || !is_over(attempt, first))
		return NULL;
	return attempt->began_anew || asked_long(first) ||
			       n_asked >= LEAST_ASKED_IN_VAIN
		       ? response
		       : NULL;
}

bool ims_attempt_still_asks(const struct ims_attempt *attempt)
{
	const struct ims_hop *first = NULL;
	unsigned n_asked = 0;

	return asked_past(attempt, &first, &n_asked) &&
	       !is_over(attempt, first) &&
	       attempt->settled_ns - first->last_request_ns < STILL_ASKS;
}
