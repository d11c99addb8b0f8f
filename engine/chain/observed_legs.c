// SPDX-License-Identifier: GPL-2.0-or-later
/* Which directions of a leg are in the capture, and what proves others. */
#include "observed_parts.h"

#include "sip_facts.h"

/* Either order of the addresses is one leg. */
static guint leg_hash(gconstpointer key)
{
	const struct ims_observed_leg *leg = key;

	return ims_address_hash(&leg->ends[0]) ^
	       ims_address_hash(&leg->ends[1]);
}

static gboolean leg_equal(gconstpointer a, gconstpointer b)
{
	const struct ims_observed_leg *x = a;
	const struct ims_observed_leg *y = b;

	return (ims_address_equal(&x->ends[0], &y->ends[0]) &&
		ims_address_equal(&x->ends[1], &y->ends[1])) ||
	       (ims_address_equal(&x->ends[0], &y->ends[1]) &&
		ims_address_equal(&x->ends[1], &y->ends[0]));
}

GHashTable *ims_legs_table_new(void)
{
	return g_hash_table_new_full(leg_hash, leg_equal, g_free, NULL);
}

static struct ims_observed_leg *find_leg(const struct ims_observation *o,
					 const struct ims_address *from,
					 const struct ims_address *to)
{
	struct ims_observed_leg key = {.ends = {*from, *to}};

	return g_hash_table_lookup(o->legs, &key);
}

/* A leg that was seen whole can be forgotten: nothing is to be said of it,
   and seen once more it will soon be whole again. */
static bool make_room(struct ims_observation *o)
{
	GList *oldest;

	if (g_hash_table_size(o->legs) < IMS_OBSERVED_MAX_LEGS)
		return true;
	oldest = g_queue_pop_head_link(&o->whole_legs);
	if (!oldest) {
		o->let_go++;
		return false;
	}
	g_hash_table_remove(o->legs, oldest->data);
	return true;
}

static struct ims_observed_leg *get_leg(struct ims_observation *o,
					const struct ims_facts *facts)
{
	const struct ims_address *from = &facts->source.address;
	const struct ims_address *to = &facts->destination.address;
	struct ims_observed_leg *leg = find_leg(o, from, to);

	/* Two processes of one address: nothing tells them apart. */
	if (leg || ims_address_equal(from, to) || !make_room(o))
		return leg;
	leg = g_new0(struct ims_observed_leg, 1);
	leg->ends[0] = *from;
	leg->ends[1] = *to;
	leg->age.data = leg;
	g_hash_table_add(o->legs, leg);
	return leg;
}

static bool was_seen(const struct ims_observed_side *side)
{
	return side->n_sip || side->n_diameter || side->heard;
}

static void take(struct ims_observation *o, const struct ims_facts *facts)
{
	struct ims_observed_leg *leg = get_leg(o, facts);
	struct ims_observed_side *side;

	if (!leg)
		return;
	side = &leg->sides[!ims_address_equal(&leg->ends[0],
					      &facts->source.address)];
	if (facts->kind == IMS_EVENT_SIP || facts->kind == IMS_EVENT_DIAMETER) {
		o->share.n_messages++;
		if (facts->cut)
			o->cut = facts->frame;
		if (!side->first.frame.number)
			side->first = ims_sighting_of(facts);
		if (facts->kind == IMS_EVENT_SIP)
			side->n_sip++;
		else
			side->n_diameter++;
	} else {
		side->heard = true;
	}
	if (leg->is_whole || !was_seen(&leg->sides[0]) ||
	    !was_seen(&leg->sides[1]))
		return;
	leg->is_whole = true;
	g_queue_push_tail_link(&o->whole_legs, &leg->age);
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
	struct ims_observed_leg *leg =
		find_leg(o, &at->source.address, &at->destination.address);
	const struct ims_address *by =
		by_source ? &at->source.address : &at->destination.address;
	struct ims_observed_side *side;

	if (leg && leg->is_whole)
		miss(o, at, what);
	if (!leg || leg->is_whole)
		return;
	side = &leg->sides[!ims_address_equal(&leg->ends[0], by)];
	side->n_unseen[what]++;
	if (side->proofs.n < IMS_OBSERVED_SIGHTINGS)
		side->kinds[side->proofs.n] = what;
	ims_sightings_add(&side->proofs, at);
}

void ims_legs_observe(struct ims_observation *o, const struct ims_facts *facts)
{
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
		if (find_leg(o, &facts->source.address,
			     &facts->destination.address))
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
		       !ims_slice_is_empty(later->authorization.nonce) &&
		       !ims_slice_equal(later->authorization.nonce,
					earlier->authorization.nonce);
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
static bool has_counterpart(const GPtrArray *messages,
			    const struct ims_facts *message)
{
	for (unsigned i = 0; i < messages->len; i++) {
		const struct ims_facts *other = messages->pdata[i];

		if (other->diameter->is_request !=
			    message->diameter->is_request &&
		    ims_endpoint_equal(&other->source, &message->destination) &&
		    ims_endpoint_equal(&other->destination, &message->source))
			return true;
	}
	return false;
}

static bool has_answer(const GPtrArray *messages)
{
	for (unsigned i = 0; i < messages->len; i++) {
		const struct ims_facts *message = messages->pdata[i];

		if (!message->diameter->is_request)
			return true;
	}
	return false;
}

void ims_observe_exchange(struct ims_observation *o, const GPtrArray *messages,
			  bool went_on)
{
	bool is_answered = went_on || has_answer(messages);

	for (unsigned i = 0; i < messages->len; i++) {
		const struct ims_facts *message = messages->pdata[i];

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
	GHashTableIter i;
	gpointer leg;

	g_hash_table_iter_init(&i, o->legs);
	while (g_hash_table_iter_next(&i, &leg, NULL))
		if (is_one_way(leg))
			g_ptr_array_add(found, leg);
	g_ptr_array_sort(found, by_first);
	return found;
}
