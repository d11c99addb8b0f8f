// SPDX-License-Identifier: GPL-2.0-or-later
/* REGISTERs become attempts: where one begins, where it goes on. */
#include "core.h"
#include "standing.h"

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
	       is_ims_identity(sip->authorization->realm) ||
	       is_ims_identity(sip->challenge->realm) ||
	       is_aka(sip->authorization) || is_aka(sip->challenge) ||
	       ims_slice_is_set(sip->visited_network_id) ||
	       ims_slice_is_set(sip->authorization->integrity_protected) ||
	       sip->security_client.present || sip->security_server.present ||
	       sip->security_verify.present ||
	       ims_options_have(&sip->require, "sec-agree");
}

/* A third-party REGISTER is From its sender and To whom it is about
   (RFC 3261 10.2; TS 24.229 5.4.1.7). */
static bool is_third_party(const struct ims_sip_facts *sip)
{
	return !sip->authorization->present &&
	       !ims_slice_equal(sip->from.uri, sip->to.uri) &&
	       ims_other_identity(sip->from.uri, sip->to.uri);
}

/* The first that is said counts. */
static void learn_identity(struct ims_engine *engine,
			   struct ims_open_attempt *attempt, char **known,
			   struct ims_identity *read, struct ims_slice *about,
			   struct ims_slice said)
{
	if (ims_slice_is_empty(said))
		return;
	*known = ims_stock_text(engine->stock, said);
	*about = ims_slice_of(*known);
	ims_identity_read(read, *about);
	ims_attempt_known_as(engine, attempt, read);
}

static void learn(struct ims_engine *engine, struct ims_open_attempt *attempt,
		  const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	struct ims_attempt *about = &attempt->about;

	about->ims = about->ims || looks_ims(sip);
	if (!attempt->impi)
		learn_identity(engine, attempt, &attempt->impi,
			       &about->impi_read, &about->impi,
			       sip->authorization->username);
	if (!attempt->impu)
		learn_identity(engine, attempt, &attempt->impu,
			       &about->impu_read, &about->impu, sip->to.uri);
	if (about->kind != IMS_KIND_THIRD_PARTY && is_third_party(sip))
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

	if (sip->is_request || !sip->challenge->present)
		return;
	cx = ims_cx_of_nonce(engine, sip->challenge->nonce);
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
	return ims_slice_equal(a->authorization->nonce,
			       b->authorization->nonce);
}

static bool asks_to_end(const struct ims_sip_facts *sip)
{
	return ims_asked_expires(sip) == 0;
}

static bool has_ended(const struct ims_attempt *attempt)
{
	const struct ims_facts *final =
		ims_journey_final(ims_attempt_last(attempt), NULL);

	return final && !ims_is_challenge(final->sip->status) &&
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
	if (!request || ims_slice_is_empty(sip->authorization->nonce))
		return false;
	return !same_credentials(request->sip, sip);
}

/* An attempt of the same UE that was there before. */
static struct ims_open_attempt *find_older(
	const struct ims_engine *engine, const struct ims_open_attempt *attempt)
{
	const struct ims_few *found =
		ims_index_of(engine->identities, &attempt->about.impu_read);

	for (unsigned i = 0; found && i < found->n; i++) {
		struct ims_open_attempt *other = found->at[i];

		if (other != attempt && other->about.n_journeys &&
		    !other->about.began_anew &&
		    other->about.kind != IMS_KIND_THIRD_PARTY &&
		    ims_address_equal(&other->about.ue.address,
				      &attempt->about.ue.address))
			return other;
	}
	return NULL;
}

/* It failed while the HSS owed an answer: that it never came is known only
   later, and nothing stands by it in the meantime. */
static bool waits_for_hss(const struct ims_attempt *attempt)
{
	const struct ims_facts *final =
		ims_journey_final(ims_attempt_last(attempt), NULL);

	if (!final || final->sip->status < 300)
		return false;
	for (unsigned i = 0; i < attempt->n_exchanges; i++)
		if (!attempt->exchanges[i]->answer)
			return true;
	return false;
}

/* Each REGISTER of a Call-ID has the next CSeq (RFC 3261 10.2): one between is
   not in the capture, nor what came of it. */
static bool skips_one(const struct ims_open_attempt *older,
		      const struct ims_open_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(&older->about);

	return last && older->thread && older->thread == attempt->thread &&
	       attempt->about.n_journeys &&
	       attempt->about.journeys[0]->cseq > last->cseq + 1;
}

/*
 * The UE begins anew: of the attempts before nothing more will come from it.
 * Those that have their final response are closed, so that what stands is
 * known in order; the others are given a moment for what is under way.
 */
static void supersede(struct ims_engine *engine,
		      const struct ims_open_attempt *attempt)
{
	struct ims_open_attempt *older;

	while (attempt->about.kind != IMS_KIND_THIRD_PARTY &&
	       (older = find_older(engine, attempt))) {
		older->about.began_anew = true;
		older->about.ue_went_on = skips_one(older, attempt);
		if (has_ended(&older->about) && waits_for_hss(&older->about))
			continue;
		if (has_ended(&older->about))
			ims_attempt_close(engine, older);
		else
			ims_timer_set(engine->timers, &older->timer,
				      MIN(older->timer.due_ns,
					  engine->now_ns + IMS_AT_ONCE));
	}
}

static struct ims_open_attempt *newest(const struct ims_thread *thread)
{
	unsigned n = thread->attempts.n;

	return n ? thread->attempts.at[n - 1] : NULL;
}

struct ims_open_attempt *ims_attempt_adopt(struct ims_engine *engine,
					   struct ims_thread *thread,
					   const struct ims_facts *facts)
{
	struct ims_open_attempt *adopted = NULL;
	struct ims_identity identity;
	const struct ims_few *found;

	ims_identity_read(&identity, facts->sip->to.uri);
	found = ims_index_of(engine->identities, &identity);
	for (unsigned i = 0; found && i < found->n && !adopted; i++) {
		struct ims_open_attempt *attempt = found->at[i];

		if (!attempt->thread &&
		    facts->time_ns - attempt->about.last_ns < IMS_ADOPT)
			adopted = attempt;
	}
	if (!adopted || is_third_party(facts->sip))
		return NULL;
	ims_attempt_enter(adopted, thread);
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

	for (unsigned i = thread->attempts.n; i-- > 0 && !journey;) {
		*attempt = thread->attempts.at[i];
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
		ims_let_go(engine, IMS_BOUND_OF_REGISTRATION, 1);
		return NULL;
	}
	journey = ims_journey_new(engine->stock, facts);
	about->journeys = ims_few_room(about->journeys, (*attempt)->journeys,
				       about->n_journeys);
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

	ims_standing_hear_register(engine, facts);
	if (!journey)
		return;
	if (attempt->n_messages == IMS_ATTEMPT_MAX_MESSAGES ||
	    !ims_journey_add(journey, facts)) {
		if (facts->kind == IMS_EVENT_SIP)
			ims_let_go(engine, IMS_BOUND_OF_REGISTRATION, 1);
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

/* An ICMP error quotes so little that Call-ID or CSeq are often not in it: the
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
