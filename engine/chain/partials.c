// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * That fragments of a message never came is known a while after the message:
 * what followed from it may be seen by then.
 */
#include "core.h"

static void follow_journey(struct ims_observed_partial *partial,
			   const struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		for (unsigned m = 0; m < hop->n_messages; m++)
			ims_observe_follow(partial, hop->messages[m]);
	}
}

/* Whether the transaction of `sip` is still there to be looked at. */
static bool follow_thread(struct ims_observed_partial *partial,
			  const struct ims_thread *thread,
			  const struct ims_sip_facts *sip)
{
	bool is_there = false;

	for (unsigned i = 0; i < thread->attempts.n; i++) {
		const struct ims_open_attempt *attempt = thread->attempts.at[i];

		for (unsigned k = 0; k < attempt->about.n_journeys; k++) {
			const struct ims_journey *journey =
				attempt->about.journeys[k];

			follow_journey(partial, journey);
			is_there |= ims_journey_takes(journey, sip);
		}
	}
	for (unsigned i = 0; i < thread->journeys.n; i++) {
		follow_journey(partial, thread->journeys.at[i]);
		is_there |= ims_journey_takes(thread->journeys.at[i], sip);
	}
	return is_there;
}

/* What was closed lately is not known any more: nobody is accused then. */
static bool is_forgotten(const struct ims_engine *engine,
			 const struct ims_thread *thread,
			 const struct ims_sip_facts *sip)
{
	if (sip->method == IMS_SIP_METHOD_REGISTER)
		return engine->now_ns <= thread->closed_until_ns &&
		       sip->cseq <= thread->closed_cseq;
	return engine->now_ns <= thread->judged_until_ns;
}

void ims_partial_apply(struct ims_engine *engine, const struct ims_facts *facts)
{
	struct ims_observed_partial *partial =
		ims_observed_partial_of(engine->observation, facts);
	struct ims_thread *thread =
		partial ? ims_thread_find(engine, facts->sip->call_id) : NULL;

	if (!thread)
		return;
	/* From then on the observation itself sees what follows. */
	if (partial->n == 1 && !follow_thread(partial, thread, facts->sip) &&
	    is_forgotten(engine, thread, facts->sip))
		partial->followed = true;
	for (unsigned i = 0; i < thread->attempts.n; i++)
		ims_attempt_touch(engine, thread->attempts.at[i],
				  facts->time_ns);
}
