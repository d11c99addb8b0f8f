// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests outside REGISTER: each is judged once its final response has come
 * to rest, and let go. What is kept for the length of a call is its first
 * INVITE when it carried option-tags: a later refusal is compared with it.
 */
#include "core.h"

/* A final response is judged after this at the latest. */
#define CALL_JUDGE (1000 * IMS_MILLISECOND)

static struct ims_journey *find(const struct ims_thread *thread,
				const struct ims_sip_facts *sip)
{
	for (unsigned i = thread->journeys.n; i-- > 0;) {
		struct ims_journey *journey = thread->journeys.at[i];

		if (ims_journey_takes(journey, sip))
			return journey;
	}
	return NULL;
}

/* A transaction on one leg: branch, CSeq, method (RFC 3261 17.1.3). 0: none
   that could be told from others. */
static uint64_t transaction_of(const struct ims_sip_facts *sip)
{
	if (!sip->n_vias || !ims_slice_is_set(sip->vias[0].branch))
		return 0;
	return ims_slice_hash(sip->vias[0].branch) ^
	       ((uint64_t)sip->cseq << 16 | (uint64_t)sip->method);
}

/* What is sent again of it from now on is no news. */
static void remember(struct ims_engine *engine, struct ims_thread *thread,
		     const struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		thread->judged[thread->n_judged++ % IMS_THREAD_JUDGED] =
			transaction_of(journey->hops[i]->messages[0]->sip);
	thread->judged_until_ns = engine->now_ns + IMS_SIP_TIMEOUT;
}

static bool was_judged(const struct ims_engine *engine,
		       const struct ims_thread *thread,
		       const struct ims_sip_facts *sip)
{
	uint64_t transaction = transaction_of(sip);

	if (!transaction || engine->now_ns > thread->judged_until_ns)
		return false;
	for (unsigned i = 0; i < IMS_THREAD_JUDGED; i++)
		if (thread->judged[i] == transaction)
			return true;
	return false;
}

void ims_calls_let_go(struct ims_engine *engine, enum ims_bound bound)
{
	struct ims_thread *oldest = engine->calls.head->data;

	for (unsigned i = 0; i < oldest->journeys.n; i++)
		ims_journey_free(oldest->journeys.at[i]);
	ims_few_clear(&oldest->journeys);
	ims_let_go(engine, bound, 1);
	ims_thread_release(engine, oldest);
}

static void become_call(struct ims_engine *engine, struct ims_thread *thread)
{
	if (thread->is_call)
		return;
	if (engine->calls.length == IMS_MAX_OPEN_CALLS)
		ims_calls_let_go(engine, IMS_BOUND_CALLS);
	thread->is_call = true;
	g_queue_push_tail_link(&engine->calls, &thread->age);
}

/* ACK has no response; others are waited for. */
static int64_t ready_ns(const struct ims_journey *journey)
{
	const struct ims_facts *final = ims_journey_final(journey, NULL);

	if (journey->method == IMS_SIP_METHOD_ACK)
		return journey->last_ns + IMS_LINGER;
	if (!final)
		return journey->last_ns + IMS_SIP_TIMEOUT;
	return MIN(journey->last_ns + IMS_LINGER, final->time_ns + CALL_JUDGE);
}

static void set_timer(struct ims_engine *engine, struct ims_thread *thread)
{
	int64_t due = INT64_MAX;

	for (unsigned i = 0; i < thread->journeys.n; i++) {
		const struct ims_journey *journey = thread->journeys.at[i];

		if (journey->is_pending)
			due = MIN(due, ready_ns(journey));
	}
	if (due == INT64_MAX)
		due = thread->last_ns + IMS_CALL_KEPT;
	ims_timer_set(engine->timers, &thread->timer, due);
}

void ims_call_apply(struct ims_engine *engine, struct ims_thread *thread,
		    struct ims_facts *facts)
{
	struct ims_journey *journey = find(thread, facts->sip);

	if (!journey && (facts->kind == IMS_EVENT_ICMP_ERROR ||
			 was_judged(engine, thread, facts->sip)))
		return;
	if (!journey) {
		if (thread->journeys.n == IMS_CALL_MAX_JOURNEYS) {
			ims_let_go(engine, IMS_BOUND_OF_CALL, 1);
			return;
		}
		become_call(engine, thread);
		journey = ims_journey_new(engine->stock, facts);
		journey->is_pending = true;
		ims_few_add(&thread->journeys, journey);
	}
	thread->last_ns = facts->time_ns;
	if (!ims_journey_add(journey, facts))
		ims_let_go(engine, IMS_BOUND_OF_CALL, 1);
	set_timer(engine, thread);
}

/* What a later refusal in the same call is compared with. */
static bool is_kept(const struct ims_journey *journey)
{
	const struct ims_facts *request = ims_journey_request(journey);
	const struct ims_facts *final = ims_journey_final(journey, NULL);

	return request && journey->method == IMS_SIP_METHOD_INVITE &&
	       !journey->in_dialog && (!final || final->sip->status < 300) &&
	       (request->sip->require.n || request->sip->proxy_require.n);
}

static bool ends_call(const struct ims_journey *journey)
{
	const struct ims_facts *final = ims_journey_final(journey, NULL);

	return journey->method == IMS_SIP_METHOD_BYE && final &&
	       final->sip->status < 300;
}

/* An ACK or CANCEL is judged beside the request that it is about. */
static bool is_awaited(const struct ims_thread *thread,
		       const struct ims_journey *journey)
{
	for (unsigned i = 0; i < thread->journeys.n; i++) {
		const struct ims_journey *other = thread->journeys.at[i];

		if (other->is_pending &&
		    (other == journey ||
		     (other->cseq == journey->cseq &&
		      (other->method == IMS_SIP_METHOD_ACK ||
		       other->method == IMS_SIP_METHOD_CANCEL))))
			return true;
	}
	return false;
}

/* Journeys that are judged and not kept go. */
static void let_go(struct ims_thread *thread, bool over)
{
	for (unsigned i = 0; i < thread->journeys.n;) {
		struct ims_journey *journey = thread->journeys.at[i];

		if (is_awaited(thread, journey) ||
		    (!over && is_kept(journey))) {
			i++;
			continue;
		}
		ims_few_remove_at(&thread->journeys, i);
		ims_journey_free(journey);
	}
}

/* Those whose time has come, which are pending no more; how many. */
static unsigned take_ready(struct ims_journey *ready[IMS_CALL_MAX_JOURNEYS],
			   const struct ims_engine *engine,
			   struct ims_thread *thread)
{
	unsigned n = 0;

	for (unsigned i = 0; i < thread->journeys.n; i++) {
		struct ims_journey *journey = thread->journeys.at[i];

		if (!journey->is_pending ||
		    (!engine->ended && ready_ns(journey) > engine->now_ns))
			continue;
		journey->is_pending = false;
		ready[n++] = journey;
	}
	return n;
}

static bool is_pending(const struct ims_thread *thread)
{
	for (unsigned i = 0; i < thread->journeys.n; i++)
		if (((struct ims_journey *)thread->journeys.at[i])->is_pending)
			return true;
	return false;
}

void ims_call_close(struct ims_engine *engine, struct ims_thread *thread)
{
	struct ims_journey *ready[IMS_CALL_MAX_JOURNEYS];
	bool over = engine->ended || !is_pending(thread);
	unsigned n_ready = take_ready(ready, engine, thread);

	for (unsigned i = 0; i < thread->journeys.n; i++) {
		ims_journey_settle(thread->journeys.at[i]);
		ims_parties_of_journey(engine, thread->journeys.at[i]);
	}
	for (unsigned i = 0; i < n_ready; i++) {
		over |= ends_call(ready[i]);
		ims_judge_request(engine, thread, ready[i]);
		remember(engine, thread, ready[i]);
	}
	let_go(thread, over);
	if (thread->journeys.n)
		set_timer(engine, thread);
	ims_thread_release(engine, thread);
}
