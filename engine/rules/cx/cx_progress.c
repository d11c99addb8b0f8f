// SPDX-License-Identifier: GPL-2.0-or-later
/* What the asker of a Cx request did next, as SIP and Cx show it. */
#include "cx_reading.h"

/* From the request up to the same command's next one. */
struct span {
	int64_t from_ns;
	int64_t to_ns;
};

static bool is_in(const struct span *span, int64_t ns)
{
	return ns >= span->from_ns && ns < span->to_ns;
}

/* RFC 3261 22: the UE is to try again, nothing has failed. */
static bool is_challenge(uint16_t status)
{
	return status == 401 || status == 407;
}

const struct ims_hop *ims_cx_asked_on(const struct ims_attempt *attempt,
				      const struct ims_cx *cx)
{
	const struct ims_hop *best = NULL;

	for (unsigned j = 0; j < attempt->n_journeys; j++) {
		const struct ims_journey *journey = attempt->journeys[j];

		for (unsigned h = 0; h < journey->n_hops; h++) {
			const struct ims_hop *hop = journey->hops[h];

			if (!ims_cx_asks_asker(hop, cx) ||
			    hop->first_ns > cx->about.request_time_ns)
				continue;
			if (!best || hop->first_ns >= best->first_ns)
				best = hop;
		}
	}
	return best;
}

bool ims_cx_has_ground(const struct ims_attempt *attempt,
		       const struct ims_cx *cx)
{
	const struct ims_hop *asked = ims_cx_asked_on(attempt, cx);

	return asked && asked->request &&
	       !(asked->final &&
		 asked->final->time_ns < cx->about.request_time_ns);
}

/* A response that only a CSCF with a good answer gives, or passes on. */
static bool is_good_response(const struct ims_cx *cx,
			     const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = ims_sip(facts);

	if (facts->kind != IMS_EVENT_SIP || !sip || sip->is_request)
		return false;
	if (sip->status >= 200 && sip->status < 300)
		return true;
	return cx->command != IMS_COMMAND_SA && is_challenge(sip->status);
}

static bool hop_went_on(const struct ims_cx *cx, const struct ims_hop *hop,
			const struct ims_hop *asked, const struct span *span)
{
	/* The I-CSCF sends the REGISTER on, once it knows the S-CSCF. */
	if (cx->command == IMS_COMMAND_UA && hop->request &&
	    is_in(span, hop->first_ns) &&
	    ims_address_equal(&hop->from.endpoint.address,
			      &cx->about.asker.address) &&
	    (!asked || hop->depth > asked->depth))
		return true;
	for (unsigned m = 0; m < hop->n_messages; m++)
		if (is_in(span, hop->messages[m]->time_ns) &&
		    is_good_response(cx, hop->messages[m]))
			return true;
	return false;
}

static bool sip_went_on(const struct ims_attempt *attempt,
			const struct ims_cx *cx, const struct span *span)
{
	const struct ims_hop *asked = ims_cx_asked_on(attempt, cx);

	for (unsigned j = 0; j < attempt->n_journeys; j++) {
		const struct ims_journey *journey = attempt->journeys[j];

		/* The UE answers a challenge, which there then was. */
		if (j > 0 && cx->command != IMS_COMMAND_SA &&
		    is_in(span, journey->first_ns))
			return true;
		for (unsigned h = 0; h < journey->n_hops; h++)
			if (hop_went_on(cx, journey->hops[h], asked, span))
				return true;
	}
	return false;
}

static bool cx_went_on(const struct ims_attempt *attempt,
		       const struct ims_cx *cx, const struct span *span)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *next = attempt->exchanges[i];

		if (next == cx || !is_in(span, next->about.request_time_ns))
			continue;
		if (cx->command != IMS_COMMAND_SA &&
		    next->command == IMS_COMMAND_SA)
			return true;
		if (cx->command == IMS_COMMAND_UA &&
		    next->command == IMS_COMMAND_MA)
			return true;
	}
	return false;
}

bool ims_cx_went_on(const struct ims_attempt *attempt, const struct ims_cx *cx)
{
	const struct ims_cx *next = ims_cx_next(attempt, cx, cx->command);
	const struct span span = {
		.from_ns = cx->about.request_time_ns,
		.to_ns = next ? next->about.request_time_ns : INT64_MAX,
	};

	return sip_went_on(attempt, cx, &span) ||
	       cx_went_on(attempt, cx, &span);
}

static const struct ims_journey *last_before(const struct ims_attempt *attempt,
					     int64_t ns)
{
	const struct ims_journey *last = NULL;

	for (unsigned j = 0; j < attempt->n_journeys; j++)
		if (attempt->journeys[j]->first_ns <= ns)
			last = attempt->journeys[j];
	return last;
}

/* The asker sent the REGISTER on, and that has not failed since: then it
   would ask for another S-CSCF. */
static bool was_sent_on(const struct ims_journey *journey,
			const struct ims_cx *cx, const struct span *span)
{
	for (unsigned h = 0; h < journey->n_hops; h++) {
		const struct ims_hop *hop = journey->hops[h];

		if (hop->request && !hop->final && !hop->icmp &&
		    is_in(span, hop->first_ns) &&
		    ims_address_equal(&hop->from.endpoint.address,
				      &cx->about.asker.address))
			return true;
	}
	return false;
}

bool ims_cx_stands_late(const struct ims_attempt *attempt,
			const struct ims_cx *cx)
{
	int64_t request_ns = cx->about.request_time_ns;
	const struct span span = {request_ns - IMS_CX_GIVES_UP, request_ns};
	const struct ims_journey *journey = last_before(attempt, request_ns);
	const struct ims_hop *asked = ims_cx_asked_on(attempt, cx);

	if (journey && !asked)
		asked = ims_journey_first(journey);
	if (asked && asked->final && is_in(&span, asked->final->time_ns))
		return true;
	return journey && cx->command == IMS_COMMAND_UA &&
	       was_sent_on(journey, cx, &span);
}

static const struct ims_facts *error_on(const struct ims_hop *hop,
					int64_t since_ns)
{
	for (unsigned m = 0; m < hop->n_messages; m++) {
		const struct ims_facts *facts = hop->messages[m];
		const struct ims_sip_facts *sip = ims_sip(facts);

		if (facts->kind == IMS_EVENT_SIP && sip && !sip->is_request &&
		    sip->status >= 400 && !is_challenge(sip->status) &&
		    facts->time_ns >= since_ns)
			return facts;
	}
	return NULL;
}

const struct ims_facts *ims_cx_asker_error(const struct ims_attempt *attempt,
					   const struct ims_cx *cx,
					   int64_t since_ns)
{
	const struct ims_facts *first = NULL;

	for (unsigned j = 0; j < attempt->n_journeys; j++) {
		const struct ims_journey *journey = attempt->journeys[j];

		for (unsigned h = 0; h < journey->n_hops; h++) {
			const struct ims_facts *error;

			if (!ims_cx_asks_asker(journey->hops[h], cx))
				continue;
			error = error_on(journey->hops[h], since_ns);
			if (error &&
			    (!first || error->time_ns < first->time_ns))
				first = error;
		}
	}
	return first;
}
