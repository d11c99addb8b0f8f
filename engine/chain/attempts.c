// SPDX-License-Identifier: GPL-2.0-or-later
/* REGISTERs become attempts: where one begins, where it ends. */
#include "core.h"

/* A Cx-only attempt and the REGISTER behind it are this near. */
#define ADOPT_NS (2 * IMS_SECOND)

static bool is_challenge(unsigned status)
{
	return status == 401 || status == 407;
}

const struct ims_journey *ims_attempt_last(const struct ims_attempt *attempt)
{
	return attempt->n_journeys ? attempt->journeys[attempt->n_journeys - 1]
				   : NULL;
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

		if (other->final && is_challenge(other->final->sip->status) &&
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

static int64_t sip_due(const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *first = last ? ims_journey_first(last) : NULL;
	const struct ims_facts *final = NULL;
	const struct ims_hop *hop = NULL;

	if (!first)
		return attempt->last_ns + IMS_SIP_TIMEOUT;
	final = ims_journey_final(last, &hop);
	if (!final || is_challenge(final->sip->status) ||
	    final->sip->status == 494)
		return attempt->last_ns + IMS_SIP_TIMEOUT + IMS_SECOND;
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
			return attempt->last_ns + ADOPT_NS;
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

static void let_go(struct ims_engine *engine, struct ims_open_attempt *attempt)
{
	engine->summary.let_go++;
	attempt->let_go = true;
	ims_attempt_close(engine, attempt);
}

struct ims_open_attempt *ims_attempt_open(struct ims_engine *engine,
					  struct ims_thread *thread,
					  int64_t time_ns)
{
	struct ims_open_attempt *attempt;

	if (engine->attempts.length == IMS_MAX_OPEN_ATTEMPTS)
		let_go(engine, engine->attempts.head->data);
	if (thread && thread->attempts->len == IMS_THREAD_MAX_ATTEMPTS)
		let_go(engine, thread->attempts->pdata[0]);
	attempt = g_new0(struct ims_open_attempt, 1);
	attempt->about.id = ++engine->n_registrations;
	attempt->about.start_ns = time_ns;
	attempt->about.last_ns = time_ns;
	attempt->about.expires = -1;
	attempt->keys = g_ptr_array_new_with_free_func(g_free);
	attempt->timer.fire = attempt_due;
	attempt->age.data = attempt;
	g_queue_push_tail_link(&engine->attempts, &attempt->age);
	if (thread) {
		attempt->thread = thread;
		attempt->call_id = g_strdup(thread->call_id);
		attempt->about.call_id = ims_slice_of(attempt->call_id);
		g_ptr_array_add(thread->attempts, attempt);
	}
	return attempt;
}

void ims_attempt_known_as(struct ims_engine *engine,
			  struct ims_open_attempt *attempt,
			  struct ims_slice identity)
{
	char *key = ims_identity_key(identity);
	GPtrArray *others;

	if (!key)
		return;
	if (g_ptr_array_find_with_equal_func(attempt->keys, key, g_str_equal,
					     NULL)) {
		g_free(key);
		return;
	}
	g_ptr_array_add(attempt->keys, key);
	ims_index_add(engine->identities, key, attempt);
	others = ims_index_find(engine->identities, key);
	if (others->len > IMS_IDENTITY_MAX_ATTEMPTS)
		let_go(engine, others->pdata[0]);
}

static void attempt_free(struct ims_engine *engine,
			 struct ims_open_attempt *attempt)
{
	struct ims_attempt *about = &attempt->about;

	ims_timer_stop(engine->timers, &attempt->timer);
	for (unsigned i = 0; i < attempt->keys->len; i++)
		ims_index_remove(engine->identities, attempt->keys->pdata[i],
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
	g_ptr_array_free(attempt->keys, TRUE);
	g_free(about->exchanges);
	g_free(about->journeys);
	g_free(attempt->call_id);
	g_free(attempt->impi);
	g_free(attempt->impu);
	g_free(attempt->scscf);
	g_free(attempt);
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

/* A response, a copy on a later leg or a retransmission of what is closed. */
static bool is_leftover(const struct ims_engine *engine,
			const struct ims_thread *thread,
			const struct ims_sip_facts *sip)
{
	if (engine->now_ns > thread->closed_until_ns ||
	    sip->cseq > thread->closed_cseq)
		return false;
	return !sip->is_request || sip->n_vias != 1 ||
	       (sip->cseq == thread->closed_cseq &&
		ims_slice_hash(sip->vias[0].branch) == thread->closed_branch);
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

	ims_attempt_settle(engine, attempt);
	ims_judge_attempt(engine, attempt);
	if (thread) {
		remember_closed(engine, thread, &attempt->about);
		g_ptr_array_remove(thread->attempts, attempt);
	}
	attempt_free(engine, attempt);
	if (thread)
		ims_thread_release(engine, thread);
}

/* Whether a registration of this kind is IMS: RULES.md, ground rules. */
static bool is_ims_identity(struct ims_slice host)
{
	static const char domain[] = "3gppnetwork.org";
	size_t len = sizeof(domain) - 1;

	return host.len >= len &&
	       ims_slice_is_nocase(ims_slice(host.at + host.len - len, len),
				   domain);
}

static bool is_aka(const struct ims_sip_auth *auth)
{
	return ims_slice_starts_nocase(auth->algorithm, "AKAv");
}

static bool looks_ims(const struct ims_sip_facts *sip)
{
	return is_ims_identity(sip->request_uri.host) ||
	       is_ims_identity(sip->to.host) ||
	       is_ims_identity(sip->authorization.realm) ||
	       is_ims_identity(sip->challenge.realm) ||
	       is_aka(&sip->authorization) || is_aka(&sip->challenge) ||
	       ims_slice_is_set(sip->visited_network_id) ||
	       ims_slice_is_set(sip->authorization.integrity_protected) ||
	       sip->security_client.present || sip->security_server.present ||
	       sip->security_verify.present ||
	       ims_options_have(&sip->require, "sec-agree");
}

/* A third-party REGISTER is From its sender and To whom it is about
   (RFC 3261 10.2; TS 24.229 5.4.1.7). */
static bool is_third_party(const struct ims_sip_facts *sip)
{
	char *from = ims_identity_key(sip->from.uri);
	char *to = ims_identity_key(sip->to.uri);
	bool differ = from && to && strcmp(from, to) != 0;

	g_free(from);
	g_free(to);
	return differ && !sip->authorization.present;
}

static void learn(struct ims_engine *engine, struct ims_open_attempt *attempt,
		  const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	struct ims_attempt *about = &attempt->about;

	about->ims |= looks_ims(sip);
	ims_text_default(&attempt->impi, sip->authorization.username);
	ims_text_default(&attempt->impu, sip->to.uri);
	about->impi = ims_slice_of(attempt->impi);
	about->impu = ims_slice_of(attempt->impu);
	ims_attempt_known_as(engine, attempt, about->impi);
	ims_attempt_known_as(engine, attempt, about->impu);
	if (is_third_party(sip))
		about->kind = IMS_KIND_THIRD_PARTY;
	if (sip->is_request && sip->n_vias == 1 && !about->ue.address.family &&
	    about->kind != IMS_KIND_THIRD_PARTY) {
		about->ue = facts->source;
		g_hash_table_replace(engine->ues, &about->ue.address, attempt);
	}
}

/* The vector itself says whose challenge this is. */
static void correct_join(struct ims_engine *engine,
			 struct ims_open_attempt *attempt,
			 const struct ims_sip_facts *sip)
{
	struct ims_open_cx *cx;

	if (sip->is_request || !sip->challenge.present)
		return;
	cx = ims_cx_of_nonce(engine, sip->challenge.nonce);
	if (cx)
		ims_join_move(engine, cx, attempt);
}

static struct ims_journey *find_journey(const struct ims_attempt *attempt,
					const struct ims_facts *facts)
{
	for (unsigned i = attempt->n_journeys; i-- > 0;)
		if (ims_journey_takes(attempt->journeys[i], facts->sip))
			return attempt->journeys[i];
	return NULL;
}

/* The UE used a CSeq again for a new request, after the first was answered. */
static bool is_reused(const struct ims_journey *journey,
		      const struct ims_facts *facts)
{
	const struct ims_hop *first = ims_journey_first(journey);
	const struct ims_sip_facts *sip = facts->sip;

	return facts->kind == IMS_EVENT_SIP && sip->is_request &&
	       sip->n_vias == 1 && first && first->depth == 1 && first->final &&
	       first->request && first->request->sip->n_vias == 1 &&
	       !ims_slice_equal(first->request->sip->vias[0].branch,
				sip->vias[0].branch);
}

static bool same_credentials(const struct ims_sip_facts *a,
			     const struct ims_sip_facts *b)
{
	return ims_slice_equal(a->authorization.nonce, b->authorization.nonce);
}

static bool asks_to_end(const struct ims_sip_facts *sip)
{
	if (sip->n_contacts && sip->contacts[0].expires >= 0)
		return sip->contacts[0].expires == 0;
	return sip->expires == 0;
}

static bool has_ended(const struct ims_attempt *attempt)
{
	const struct ims_facts *final =
		ims_journey_final(ims_attempt_last(attempt), NULL);

	return final && !is_challenge(final->sip->status) &&
	       final->sip->status != 494;
}

/*
 * Whether a REGISTER with a new CSeq goes on with the attempt: after a
 * challenge or 494 it does; after another final response it is a new one.
 * Where the capture lost the response, its credentials tell.
 */
static bool goes_on(const struct ims_attempt *attempt,
		    const struct ims_sip_facts *sip)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_facts *final = ims_journey_final(last, NULL);
	const struct ims_facts *request = ims_journey_request(last);

	if (request && (asks_to_end(request->sip) != asks_to_end(sip) ||
			!ims_slice_equal(request->sip->to.uri, sip->to.uri)))
		return false;
	if (final)
		return !has_ended(attempt);
	if (!request || ims_slice_is_empty(sip->authorization.nonce))
		return false;
	return !same_credentials(request->sip, sip);
}

/* An attempt of the same UE that was there before. */
static struct ims_open_attempt *find_older(
	const struct ims_engine *engine, const struct ims_open_attempt *attempt,
	const char *key)
{
	GPtrArray *found = ims_index_find(engine->identities, key);

	for (unsigned i = 0; found && i < found->len; i++) {
		struct ims_open_attempt *other = found->pdata[i];

		if (other != attempt && other->about.n_journeys &&
		    !other->about.began_anew &&
		    other->about.kind != IMS_KIND_THIRD_PARTY &&
		    ims_address_equal(&other->about.ue.address,
				      &attempt->about.ue.address))
			return other;
	}
	return NULL;
}

/*
 * The UE begins anew: of the attempts before nothing more will come from it.
 * Those that have their final response are closed, so that what stands is
 * known in order; the others are given a moment for what is under way.
 */
static void supersede(struct ims_engine *engine,
		      const struct ims_open_attempt *attempt)
{
	char *key = ims_identity_key(attempt->about.impu);
	struct ims_open_attempt *older;

	while (key && attempt->about.kind != IMS_KIND_THIRD_PARTY &&
	       (older = find_older(engine, attempt, key))) {
		older->about.began_anew = true;
		if (has_ended(&older->about))
			ims_attempt_close(engine, older);
		else
			ims_timer_set(engine->timers, &older->timer,
				      MIN(older->timer.due_ns,
					  engine->now_ns + IMS_AT_ONCE));
	}
	g_free(key);
}

static struct ims_open_attempt *newest(const struct ims_thread *thread)
{
	return thread->attempts->len
		       ? thread->attempts->pdata[thread->attempts->len - 1]
		       : NULL;
}

struct ims_open_attempt *ims_attempt_adopt(struct ims_engine *engine,
					   struct ims_thread *thread,
					   const struct ims_facts *facts)
{
	char *key = ims_identity_key(facts->sip->to.uri);
	GPtrArray *found = key ? ims_index_find(engine->identities, key) : NULL;
	struct ims_open_attempt *adopted = NULL;

	for (unsigned i = 0; found && i < found->len && !adopted; i++) {
		struct ims_open_attempt *attempt = found->pdata[i];

		if (!attempt->thread &&
		    facts->time_ns - attempt->about.last_ns < ADOPT_NS)
			adopted = attempt;
	}
	g_free(key);
	if (!adopted || is_third_party(facts->sip))
		return NULL;
	adopted->thread = thread;
	adopted->call_id = g_strdup(thread->call_id);
	adopted->about.call_id = ims_slice_of(adopted->call_id);
	g_ptr_array_add(thread->attempts, adopted);
	return adopted;
}

/* Of a REGISTER that was not captured: of this attempt, unless that is over
   and the CSeq says that it is of what came after. */
static bool is_response_of(const struct ims_attempt *attempt,
			   const struct ims_sip_facts *sip)
{
	return !has_ended(attempt) ||
	       sip->cseq < ims_attempt_last(attempt)->cseq;
}

static struct ims_open_attempt *attempt_for(struct ims_engine *engine,
					    struct ims_thread *thread,
					    struct ims_facts *facts)
{
	struct ims_open_attempt *attempt = newest(thread);

	if (attempt && attempt->about.n_journeys == 0)
		return attempt;
	if (attempt && (facts->sip->is_request
				? goes_on(&attempt->about, facts->sip)
				: is_response_of(&attempt->about, facts->sip)))
		return attempt;
	attempt = ims_attempt_adopt(engine, thread, facts);
	if (!attempt)
		attempt = ims_attempt_open(engine, thread, facts->time_ns);
	return attempt;
}

/* A response whose REGISTER was not captured stands where its CSeq says, so
   that the last journey is what the UE did last. */
static void insert_journey(struct ims_attempt *attempt,
			   struct ims_journey *journey, bool is_request)
{
	unsigned i = attempt->n_journeys++;

	while (!is_request && i > 0 &&
	       attempt->journeys[i - 1]->cseq > journey->cseq) {
		attempt->journeys[i] = attempt->journeys[i - 1];
		i--;
	}
	attempt->journeys[i] = journey;
}

static struct ims_journey *journey_for(struct ims_engine *engine,
				       struct ims_thread *thread,
				       struct ims_facts *facts,
				       struct ims_open_attempt **attempt)
{
	struct ims_journey *journey = NULL;
	struct ims_attempt *about;

	for (unsigned i = thread->attempts->len; i-- > 0 && !journey;) {
		*attempt = thread->attempts->pdata[i];
		journey = find_journey(&(*attempt)->about, facts);
	}
	if (facts->kind == IMS_EVENT_ICMP_ERROR ||
	    (journey && !is_reused(journey, facts)))
		return journey;
	if (!journey && is_leftover(engine, thread, facts->sip))
		return NULL;
	*attempt = attempt_for(engine, thread, facts);
	about = &(*attempt)->about;
	if (about->n_journeys == IMS_ATTEMPT_MAX_JOURNEYS) {
		engine->summary.let_go++;
		return NULL;
	}
	journey = ims_journey_new(facts);
	about->journeys = g_renew(struct ims_journey *, about->journeys,
				  about->n_journeys + 1);
	insert_journey(about, journey, facts->sip->is_request);
	return journey;
}

void ims_attempt_apply(struct ims_engine *engine, struct ims_thread *thread,
		       struct ims_facts *facts)
{
	struct ims_open_attempt *attempt = NULL;
	struct ims_journey *journey =
		journey_for(engine, thread, facts, &attempt);
	bool first;

	if (!journey)
		return;
	if (attempt->n_messages == IMS_ATTEMPT_MAX_MESSAGES ||
	    !ims_journey_add(journey, facts)) {
		if (facts->kind == IMS_EVENT_SIP)
			engine->summary.let_go++;
		return;
	}
	first = attempt->n_messages++ == 0;
	if (facts->kind == IMS_EVENT_SIP) {
		learn(engine, attempt, facts);
		correct_join(engine, attempt, facts->sip);
	}
	ims_attempt_touch(engine, attempt, facts->time_ns);
	if (first && facts->sip->is_request)
		supersede(engine, attempt);
}

/* An ICMP error quotes so little that the Call-ID is often not in it: the
   branch is. Looked for among the attempts that spoke last. */
#define ICMP_LOOK_AT 256

static bool takes_error(struct ims_open_attempt *attempt,
			struct ims_facts *facts)
{
	for (unsigned i = attempt->about.n_journeys; i-- > 0;) {
		struct ims_journey *journey = attempt->about.journeys[i];

		if (ims_journey_has_branch(journey, facts->sip))
			return ims_journey_add(journey, facts);
	}
	return false;
}

void ims_attempt_icmp(struct ims_engine *engine, struct ims_facts *facts)
{
	unsigned n = 0;

	for (GList *l = engine->attempts.tail; l && n < ICMP_LOOK_AT;
	     l = l->prev, n++) {
		if (takes_error(l->data, facts)) {
			ims_attempt_touch(engine, l->data, facts->time_ns);
			return;
		}
	}
}
