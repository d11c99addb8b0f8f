// SPDX-License-Identifier: GPL-2.0-or-later
/* Which directions of a leg are in the capture, and what proves others. */
#include "observed_parts.h"

#include "sip_facts.h"

/* Both sides were seen: nothing is to be said of it but that it is there. */
struct whole_leg {
	struct ims_address ends[2]; /* first, as of struct ims_observed_leg */
	GList age;
};

struct key {
	const struct ims_address *from;
	const struct ims_address *to;
};

/* Either order of the addresses is one leg. */
static uint32_t hash_of(const struct key *key)
{
	return ims_address_hash(key->from) ^ ims_address_hash(key->to);
}

static bool is_between(const void *value, const void *key)
{
	const struct ims_address *ends = value;
	const struct key *k = key;

	return (ims_address_equal(&ends[0], k->from) &&
		ims_address_equal(&ends[1], k->to)) ||
	       (ims_address_equal(&ends[0], k->to) &&
		ims_address_equal(&ends[1], k->from));
}

static struct key key_of(const struct ims_facts *facts)
{
	return (struct key){&facts->source.address,
			    &facts->destination.address};
}

static struct whole_leg *find_whole(const struct ims_observation *o,
				    const struct key *key)
{
	return ims_set_find(&o->whole_legs, hash_of(key), is_between, key);
}

static struct ims_observed_leg *find_leg(const struct ims_observation *o,
					 const struct key *key)
{
	return ims_set_find(&o->legs, hash_of(key), is_between, key);
}

static void drop_whole(struct ims_observation *o, struct whole_leg *leg)
{
	struct key key = {&leg->ends[0], &leg->ends[1]};

	ims_set_remove(&o->whole_legs, hash_of(&key), leg);
	g_queue_unlink(&o->whole_ages, &leg->age);
	g_free(leg);
}

void ims_legs_free(struct ims_observation *o)
{
	struct ims_observed_leg *leg;
	size_t i = 0;

	while (o->whole_ages.head)
		drop_whole(o, o->whole_ages.head->data);
	while ((leg = ims_set_next(&o->legs, &i)))
		g_free(leg);
	ims_set_clear(&o->legs);
	ims_set_clear(&o->whole_legs);
}

/* A leg that was seen whole can be forgotten: nothing is to be said of it,
   and seen once more it will soon be whole again. */
static bool make_room(struct ims_observation *o)
{
	if (o->legs.n + o->whole_legs.n < IMS_OBSERVED_MAX_LEGS)
		return true;
	if (!o->whole_ages.head) {
		o->let_go++;
		return false;
	}
	drop_whole(o, o->whole_ages.head->data);
	return true;
}

static struct ims_observed_leg *get_leg(struct ims_observation *o,
					const struct key *key)
{
	struct ims_observed_leg *leg = find_leg(o, key);

	/* Two processes of one address: nothing tells them apart. */
	if (leg || ims_address_equal(key->from, key->to) || !make_room(o))
		return leg;
	leg = g_new0(struct ims_observed_leg, 1);
	leg->ends[0] = *key->from;
	leg->ends[1] = *key->to;
	ims_set_add(&o->legs, hash_of(key), leg);
	return leg;
}

static bool was_seen(const struct ims_observed_side *side)
{
	return side->n_sip || side->n_diameter || side->heard;
}

static void become_whole(struct ims_observation *o,
			 struct ims_observed_leg *leg)
{
	struct key key = {&leg->ends[0], &leg->ends[1]};
	struct whole_leg *whole = g_new0(struct whole_leg, 1);

	memcpy(whole->ends, leg->ends, sizeof(whole->ends));
	whole->age.data = whole;
	g_queue_push_tail_link(&o->whole_ages, &whole->age);
	ims_set_add(&o->whole_legs, hash_of(&key), whole);
	ims_set_remove(&o->legs, hash_of(&key), leg);
	g_free(leg);
}

static bool is_message(const struct ims_facts *facts)
{
	return facts->kind == IMS_EVENT_SIP ||
	       facts->kind == IMS_EVENT_DIAMETER;
}

static void hear(struct ims_observed_side *side, const struct ims_facts *facts)
{
	if (!is_message(facts)) {
		side->heard = true;
		return;
	}
	if (!side->first.frame.number)
		side->first = ims_sighting_of(facts);
	if (facts->kind == IMS_EVENT_SIP)
		side->n_sip++;
	else
		side->n_diameter++;
}

static void take(struct ims_observation *o, const struct ims_facts *facts)
{
	struct key key = key_of(facts);
	struct ims_observed_leg *leg = NULL;

	if (!find_whole(o, &key)) {
		leg = get_leg(o, &key);
		if (!leg)
			return;
	}
	if (is_message(facts)) {
		o->share.n_messages++;
		if (facts->cut)
			o->cut = facts->frame;
	}
	if (!leg)
		return;
	hear(&leg->sides[!ims_address_equal(&leg->ends[0], key.from)], facts);
	if (was_seen(&leg->sides[0]) && was_seen(&leg->sides[1]))
		become_whole(o, leg);
}

/* Bytes of a stream that make a message, about. */
#define BYTES_OF_MESSAGE 500

/* Where both directions are in the capture, that one message is not is the
   capture's loss; but who goes on without an answer may never have had one.
   What the snapshot length cut off was no packet. */
static void miss(struct ims_observation *o, const struct ims_facts *at,
		 enum ims_unseen what)
{
	if (what == IMS_UNSEEN_ANSWER)
		return;
	if (what == IMS_UNSEEN_REQUEST)
		o->share.n_missed++;
	else if (at->transport == IMS_TRANSPORT_SCTP)
		o->share.n_missed += at->missing;
	else if (at->frame.capture != o->cut.capture ||
		 at->frame.number != o->cut.number)
		o->share.n_missed += 1 + at->missing / BYTES_OF_MESSAGE;
}

/* One end of a message shows that the other one spoke: its source, or the
   destination of a hole. */
static void prove(struct ims_observation *o, const struct ims_facts *at,
		  bool by_source, enum ims_unseen what)
{
	struct key key = key_of(at);
	struct ims_observed_leg *leg;
	const struct ims_address *by =
		by_source ? &at->source.address : &at->destination.address;
	struct ims_observed_side *side;

	if (find_whole(o, &key)) {
		miss(o, at, what);
		return;
	}
	leg = find_leg(o, &key);
	if (!leg)
		return;
	side = &leg->sides[!ims_address_equal(&leg->ends[0], by)];
	side->n_unseen[what]++;
	if (side->proofs.n < IMS_OBSERVED_SIGHTINGS)
		side->kinds[side->proofs.n] = what;
	ims_sightings_add(&side->proofs, at);
}

void ims_legs_observe(struct ims_observation *o, const struct ims_facts *facts)
{
	struct key key;

	switch (facts->kind) {
	case IMS_EVENT_SIP:
	case IMS_EVENT_DIAMETER:
	case IMS_EVENT_ESP:
	case IMS_EVENT_TLS:
		take(o, facts);
		break;
	case IMS_EVENT_CONNECTION_OPENED:
	case IMS_EVENT_CONNECTION_OPENING:
	case IMS_EVENT_CONNECTION_REFUSED:
	case IMS_EVENT_CONNECTION_RESET:
	case IMS_EVENT_CONNECTION_CLOSED:
	case IMS_EVENT_FRAGMENT_LOST:
	case IMS_EVENT_ICMP_ERROR:
		/* They say that a leg is alive, and make none. */
		key = key_of(facts);
		if (find_leg(o, &key))
			take(o, facts);
		break;
	case IMS_EVENT_GAP:
		/* Its destination acknowledged them, or it goes on behind. */
		prove(o, facts, false, IMS_UNSEEN_BYTES);
		break;
	default:
		break;
	}
}

static const struct ims_facts *first_response(const struct ims_hop *hop)
{
	return hop->provisional ? hop->provisional : hop->final;
}

static bool same_addresses(const struct ims_hop *a, const struct ims_hop *b)
{
	return ims_address_equal(&a->from.endpoint.address,
				 &b->from.endpoint.address) &&
	       ims_address_equal(&a->to.endpoint.address,
				 &b->to.endpoint.address);
}

/* A request has so many legs, and more only where it goes round. */
#define LEGS_LOOKED_AT 8u

/* The same leg of another request, on which no answer was seen. */
static const struct ims_hop *unanswered_on(const struct ims_journey *journey,
					   const struct ims_hop *leg)
{
	for (unsigned i = 0; i < MIN(journey->n_hops, LEGS_LOOKED_AT); i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->request && !first_response(hop) && !hop->icmp &&
		    same_addresses(hop, leg))
			return hop;
	}
	return NULL;
}

/* A To tag comes with an answer to the request that had none; the nonce that
   credentials are for comes with a challenge (RFC 3261 12.1.2, 22.2). */
static bool follows_from_answer(const struct ims_sip_facts *later,
				const struct ims_sip_facts *earlier)
{
	if (!ims_slice_equal(later->call_id, earlier->call_id) ||
	    !ims_slice_equal(later->from_tag, earlier->from_tag))
		return false;
	if (later->method == IMS_SIP_METHOD_REGISTER)
		return later->cseq > earlier->cseq &&
		       !ims_slice_is_empty(later->authorization->nonce) &&
		       !ims_slice_equal(later->authorization->nonce,
					earlier->authorization->nonce);
	return later->cseq >= earlier->cseq &&
	       !ims_slice_is_empty(later->to_tag) &&
	       ims_slice_is_empty(earlier->to_tag);
}

static bool shows_unseen_answer(const struct ims_hop *hop,
				struct ims_journey *const *call,
				unsigned n_call)
{
	for (unsigned i = 0; i < n_call; i++) {
		const struct ims_hop *earlier = unanswered_on(call[i], hop);

		if (earlier && earlier != hop &&
		    earlier->first_ns <= hop->first_ns &&
		    follows_from_answer(hop->request->sip,
					earlier->request->sip))
			return true;
	}
	return false;
}

void ims_observe_journey(struct ims_observation *o,
			 const struct ims_journey *journey,
			 struct ims_journey *const *call, unsigned n_call)
{
	for (unsigned i = 0; i < MIN(journey->n_hops, LEGS_LOOKED_AT); i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (!hop->request && first_response(hop))
			prove(o, first_response(hop), true, IMS_UNSEEN_REQUEST);
		else if (hop->request && shows_unseen_answer(hop, call, n_call))
			prove(o, hop->request, true, IMS_UNSEEN_ANSWER);
	}
}

/* The other half of `message`, on the same leg. */
static bool has_counterpart(const struct ims_few *messages,
			    const struct ims_facts *message)
{
	for (unsigned i = 0; i < messages->n; i++) {
		const struct ims_facts *other = messages->at[i];

		if (other->diameter->is_request !=
			    message->diameter->is_request &&
		    ims_endpoint_equal(&other->source, &message->destination) &&
		    ims_endpoint_equal(&other->destination, &message->source))
			return true;
	}
	return false;
}

static bool has_answer(const struct ims_few *messages)
{
	for (unsigned i = 0; i < messages->n; i++) {
		const struct ims_facts *message = messages->at[i];

		if (!message->diameter->is_request)
			return true;
	}
	return false;
}

void ims_observe_exchange(struct ims_observation *o,
			  const struct ims_few *messages, bool went_on)
{
	bool is_answered = went_on || has_answer(messages);

	for (unsigned i = 0; i < messages->n; i++) {
		const struct ims_facts *message = messages->at[i];

		if (has_counterpart(messages, message))
			continue;
		if (!message->diameter->is_request)
			prove(o, message, true, IMS_UNSEEN_REQUEST);
		else if (is_answered)
			prove(o, message, true, IMS_UNSEEN_ANSWER);
	}
}

/* Several messages one way, none the other: and each proof of another
   transaction, or bytes that were acknowledged. */
#define LEAST_MESSAGES 3
#define LEAST_PROOFS   2

static bool is_one_way(const struct ims_observed_leg *leg)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct ims_observed_side *side = &leg->sides[i];

		if (!was_seen(&leg->sides[!i]) &&
		    side->n_sip + side->n_diameter >= LEAST_MESSAGES &&
		    (side->n_unseen[IMS_UNSEEN_BYTES] ||
		     side->n_unseen[IMS_UNSEEN_REQUEST] +
				     side->n_unseen[IMS_UNSEEN_ANSWER] >=
			     LEAST_PROOFS))
			return true;
	}
	return false;
}

static gint by_first(gconstpointer a, gconstpointer b)
{
	const struct ims_observed_leg *x = *(struct ims_observed_leg *const *)a;
	const struct ims_observed_leg *y = *(struct ims_observed_leg *const *)b;

	return ims_sighting_compare(&x->sides[!was_seen(&x->sides[0])].first,
				    &y->sides[!was_seen(&y->sides[0])].first);
}

GPtrArray *ims_observed_legs_one_way(const struct ims_observation *o)
{
	GPtrArray *found = g_ptr_array_new();
	struct ims_observed_leg *leg;
	size_t i = 0;

	while ((leg = ims_set_next(&o->legs, &i)))
		if (is_one_way(leg))
			g_ptr_array_add(found, leg);
	g_ptr_array_sort(found, by_first);
	return found;
}
