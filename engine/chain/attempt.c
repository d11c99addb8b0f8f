// SPDX-License-Identifier: GPL-2.0-or-later
/* One attempt: what is asked of it, how long it stays open, its end. */
#include "core.h"

const struct ims_journey *ims_attempt_last(const struct ims_attempt *attempt)
{
	return attempt->n_journeys ? attempt->journeys[attempt->n_journeys - 1]
				   : NULL;
}

int64_t ims_asked_expires(const struct ims_sip_facts *request)
{
	if (!request)
		return -1;
	return request->n_contacts && request->contacts[0].expires >= 0
		       ? request->contacts[0].expires
		       : request->expires;
}

struct ims_cx *ims_attempt_exchange(const struct ims_attempt *attempt,
				    enum ims_command command, int64_t before_ns)
{
	for (unsigned i = attempt->n_exchanges; i-- > 0;) {
		struct ims_cx *cx = attempt->exchanges[i];

		if (cx->command == command &&
		    cx->about.request_time_ns <= before_ns)
			return cx;
	}
	return NULL;
}

const struct ims_facts *ims_journey_challenge(const struct ims_journey *journey,
					      const struct ims_hop **hop)
{
	const struct ims_hop *best = NULL;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *other = journey->hops[i];

		if (other->final &&
		    ims_is_challenge(other->final->sip->status) &&
		    (!best || other->depth < best->depth))
			best = other;
	}
	if (hop)
		*hop = best;
	return best ? best->final : NULL;
}

static const struct ims_auth_item *vector_of_nonce(
	const struct ims_attempt *attempt, struct ims_slice nonce,
	const struct ims_cx **cx)
{
	for (unsigned i = attempt->n_exchanges; i-- > 0;) {
		const struct ims_cx *ma = attempt->exchanges[i];
		const struct ims_diameter_facts *d = ims_diameter(ma->answer);

		if (ma->command != IMS_COMMAND_MA || !d)
			continue;
		for (size_t k = 0; k < d->n_auth_items; k++) {
			if (!ims_nonce_is_vector(nonce,
						 d->auth_items[k].authenticate))
				continue;
			if (cx)
				*cx = ma;
			return &d->auth_items[k];
		}
	}
	return NULL;
}

const struct ims_auth_item *ims_attempt_vector(
	const struct ims_attempt *attempt, struct ims_slice nonce,
	const struct ims_cx **cx)
{
	const struct ims_auth_item *item = vector_of_nonce(attempt, nonce, cx);

	/* SIP Digest: the HSS gives HA1, the S-CSCF makes the nonce. */
	for (unsigned i = attempt->n_exchanges; i-- > 0 && !item;) {
		const struct ims_cx *ma = attempt->exchanges[i];
		const struct ims_diameter_facts *d = ims_diameter(ma->answer);

		if (ma->command != IMS_COMMAND_MA || !d)
			continue;
		for (size_t k = 0; k < d->n_auth_items && !item; k++)
			if (!ims_slice_is_empty(d->auth_items[k].digest_ha1))
				item = &d->auth_items[k];
		if (item && cx)
			*cx = ma;
	}
	return item;
}

/* The least number of Vias on any leg: the leg nearest the UE that there is. */
static unsigned nearest_depth(const struct ims_attempt *attempt)
{
	unsigned least = UINT_MAX;

	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_hop *first =
			ims_journey_first(attempt->journeys[i]);

		if (first)
			least = MIN(least, first->depth);
	}
	return least;
}

/* Somebody behind the first leg still waits, and may send again (timer E,
   RFC 3261 17.1.2.2: at most every T2, 4 s). */
static bool is_waited_upstream(const struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (journey->hops[i]->request && !journey->hops[i]->final)
			return true;
	return false;
}

/* The UE has not got what was made, and asks on every T2 (4 s) until timer F
   ends it (RFC 3261 17.1.2.2); the capture may lose one of these. */
#define LINGER_ASKING (9 * IMS_SECOND)

static int64_t sip_due(const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_facts *final;
	const struct ims_hop *first;
	const struct ims_hop *hop;

	if (!last || !last->n_hops)
		return attempt->last_ns + IMS_SIP_TIMEOUT;
	final = ims_journey_final(last, &hop);
	if (!final || ims_is_challenge(final->sip->status) ||
	    final->sip->status == 494)
		return attempt->last_ns + IMS_SIP_TIMEOUT + IMS_SECOND;
	first = ims_journey_first(last);
	if (hop == first ? ims_hop_is_answered_outside(first)
			 : first->last_request_ns > final->time_ns)
		return attempt->last_ns + LINGER_ASKING;
	if (hop->depth > nearest_depth(attempt) || is_waited_upstream(last))
		return attempt->last_ns + IMS_LINGER_UPSTREAM;
	return attempt->last_ns + IMS_LINGER;
}

static int64_t cx_only_due(const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];

		if (cx->answer &&
		    (cx->command == IMS_COMMAND_SA || !ims_cx_succeeded(cx)))
			return attempt->last_ns + IMS_ADOPT;
	}
	return attempt->last_ns + IMS_SIP_TIMEOUT + IMS_SECOND;
}

/* Something else on the same connection shows that no answer was lost by the
   capture; on an idle one that is the next watchdog, 30 s apart and some
   jitter (RFC 3539 3.4.1). */
#define WATCHDOG_NS (40 * IMS_SECOND)

static int64_t silence_due(const struct ims_engine *engine,
			   const struct ims_cx *cx)
{
	int64_t wait = engine->options.answer_timeout_ns + IMS_SECOND;

	if (cx->link && !ims_cx_silence_is_proved(cx))
		wait = MAX(wait, WATCHDOG_NS);
	return cx->about.request_time_ns + wait;
}

static int64_t due(const struct ims_engine *engine,
		   const struct ims_open_attempt *attempt)
{
	const struct ims_attempt *about = &attempt->about;
	int64_t when = about->n_journeys ? sip_due(about) : cx_only_due(about);

	for (unsigned i = 0; i < about->n_exchanges; i++) {
		const struct ims_cx *cx = about->exchanges[i];

		if (!cx->answer)
			when = MAX(when, silence_due(engine, cx));
	}
	if (about->n_journeys &&
	    ims_observed_partials_of(engine->observation, about->call_id))
		when = MAX(when, about->last_ns + IMS_LINGER_FRAGMENTS);
	return when;
}

void ims_attempt_touch(struct ims_engine *engine,
		       struct ims_open_attempt *attempt, int64_t time_ns)
{
	int64_t late;

	if (time_ns > attempt->about.last_ns)
		attempt->about.last_ns = time_ns;
	/* Where a clock went back it waits no less long. */
	late = MAX(engine->now_ns - attempt->about.last_ns, 0);
	ims_timer_set(engine->timers, &attempt->timer,
		      due(engine, attempt) + late);
}

static void attempt_due(void *user, struct ims_timer *timer)
{
	ims_attempt_close(
		user,
		(struct ims_open_attempt *)((char *)timer -
					    G_STRUCT_OFFSET(
						    struct ims_open_attempt,
						    timer)));
}

void ims_attempt_let_go(struct ims_engine *engine,
			struct ims_open_attempt *attempt, enum ims_bound bound)
{
	ims_let_go(engine, bound, 1);
	attempt->let_go = true;
	ims_attempt_close(engine, attempt);
}

void ims_attempt_enter(struct ims_open_attempt *attempt,
		       struct ims_thread *thread)
{
	attempt->thread = thread;
	attempt->about.call_id = ims_slice_of(thread->call_id);
	ims_few_add(&thread->attempts, attempt);
}

struct ims_open_attempt *ims_attempt_open(struct ims_engine *engine,
					  struct ims_thread *thread,
					  int64_t time_ns)
{
	struct ims_open_attempt *attempt;

	if (engine->attempts.length == IMS_MAX_OPEN_ATTEMPTS)
		ims_attempt_let_go(engine, engine->attempts.head->data,
				   IMS_BOUND_REGISTRATIONS);
	if (thread && thread->attempts.n == IMS_THREAD_MAX_ATTEMPTS)
		ims_attempt_let_go(engine, thread->attempts.at[0],
				   IMS_BOUND_OF_CALL_ID);
	attempt = ims_stock_take(engine->stock, sizeof(*attempt));
	attempt->about.id = ++engine->n_registrations;
	attempt->about.start_ns = time_ns;
	attempt->about.last_ns = time_ns;
	attempt->about.expires = -1;
	attempt->heard_before = ims_observed_share(engine->observation);
	attempt->about.journeys = attempt->journeys;
	attempt->about.exchanges = attempt->exchanges;
	ims_few_init(&attempt->keys);
	attempt->timer.fire = attempt_due;
	attempt->age.data = attempt;
	g_queue_push_tail_link(&engine->attempts, &attempt->age);
	if (thread)
		ims_attempt_enter(attempt, thread);
	return attempt;
}

void ims_attempt_known_as(struct ims_engine *engine,
			  struct ims_open_attempt *attempt,
			  const struct ims_identity *identity)
{
	struct ims_few *all;

	if (!ims_slice_is_set(identity->user))
		return;
	all = ims_index_get(engine->identities, identity);
	if (ims_few_has(&attempt->keys, all))
		return;
	ims_few_add(&attempt->keys, all);
	ims_few_add(all, attempt);
	if (all->n > IMS_IDENTITY_MAX_ATTEMPTS)
		ims_attempt_let_go(engine, all->at[0], IMS_BOUND_OF_IDENTITY);
}

static void attempt_free(struct ims_engine *engine,
			 struct ims_open_attempt *attempt)
{
	struct ims_attempt *about = &attempt->about;

	ims_timer_stop(engine->timers, &attempt->timer);
	for (unsigned i = 0; i < attempt->keys.n; i++)
		ims_index_remove(engine->identities, attempt->keys.at[i],
				 attempt);
	if (g_hash_table_lookup(engine->ues, &about->ue.address) == attempt)
		g_hash_table_remove(engine->ues, &about->ue.address);
	while (about->n_exchanges)
		ims_cx_free(
			engine,
			ims_cx_open(about->exchanges[--about->n_exchanges]));
	for (unsigned i = 0; i < about->n_journeys; i++)
		ims_journey_free(about->journeys[i]);
	g_queue_unlink(&engine->attempts, &attempt->age);
	ims_few_clear(&attempt->keys);
	for (unsigned i = 0; i < about->n_esp; i++)
		ims_facts_unref(about->esp[i]);
	g_free(about->esp);
	ims_few_free(about->exchanges, attempt->exchanges);
	ims_few_free(about->journeys, attempt->journeys);
	ims_stock_give_text(engine->stock, attempt->impi);
	ims_stock_give_text(engine->stock, attempt->impu);
	ims_stock_give(engine->stock, attempt, sizeof(*attempt));
}

static uint64_t branch_of(const struct ims_journey *journey)
{
	const struct ims_facts *request =
		journey ? ims_journey_request(journey) : NULL;

	return request && request->sip->n_vias
		       ? ims_slice_hash(request->sip->vias[0].branch)
		       : 0;
}

/* What comes late of it is known for as long as a transaction may last. */
static void remember_closed(struct ims_engine *engine,
			    struct ims_thread *thread,
			    const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	if (!last || (engine->now_ns <= thread->closed_until_ns &&
		      last->cseq < thread->closed_cseq))
		return;
	thread->closed_cseq = last->cseq;
	thread->closed_branch = branch_of(last);
	thread->closed_until_ns = engine->now_ns + IMS_SIP_TIMEOUT;
}

void ims_attempt_drop(struct ims_engine *engine,
		      struct ims_open_attempt *attempt)
{
	attempt_free(engine, attempt);
}

void ims_attempt_close(struct ims_engine *engine,
		       struct ims_open_attempt *attempt)
{
	struct ims_thread *thread = attempt->thread;

	ims_join_settle(engine, attempt);
	ims_attempt_settle(engine, attempt);
	ims_judge_attempt(engine, attempt);
	if (thread) {
		remember_closed(engine, thread, &attempt->about);
		ims_few_remove(&thread->attempts, attempt);
	}
	attempt_free(engine, attempt);
	if (thread)
		ims_thread_release(engine, thread);
}

const struct ims_profile *ims_attempt_profile(const struct ims_attempt *attempt)
{
	for (unsigned i = attempt->n_exchanges; i-- > 0;) {
		const struct ims_cx *cx = attempt->exchanges[i];

		if (cx->command == IMS_COMMAND_SA && cx->answer &&
		    cx->answer->diameter->profile.n_identities)
			return &cx->answer->diameter->profile;
	}
	return NULL;
}
