// SPDX-License-Identifier: GPL-2.0-or-later
#include "window.h"

#include <glib.h>
#include <stdlib.h>

#include "prefetch.h"
#include "waiting.h"

/* Released records that may get copies: a ring in order of release, its
   places chained by what makes a copy, the newest first. What has left the
   ring is older than the rest of its chain, and ends it. */
struct recent {
	struct place {
		struct ims_facts *facts;
		uint64_t before; /* count of the next in the chain */
	} * places;		 /* by count, modulo their number */
	uint64_t *heads;	 /* by hash: count of the newest, from 1 */
	size_t size;		 /* of both; a power of two */
	uint64_t first;		 /* counts of those that are there */
	uint64_t end;
};

/* A record that is let out. */
struct turn {
	struct ims_facts *facts;
	struct ims_facts *first; /* it is a copy of that; or NULL */
};

struct ims_window {
	struct ims_window_calls calls;
	void *user;
	struct ims_waiting *waiting;
	struct recent recent;
	struct turn turns[IMS_WINDOW_BATCH];
	unsigned n_turns;
	unsigned n_put; /* since one was let out */
	size_t size;	/* bytes of the waiting ones */
	int64_t newest_ns;
	int64_t released_ns;
	uint64_t arrivals;
	uint64_t copies;
	uint64_t late;
};

#define RECENT_LEAST 256u
/* Records of one hash that are looked at: more is made up. */
#define LOOK_AT 64u

G_STATIC_ASSERT((IMS_WINDOW_MAX_RECENT & (IMS_WINDOW_MAX_RECENT - 1)) == 0);

static size_t chain_of(const struct recent *recent, const struct ims_facts *f)
{
	uint64_t hash = f->hash ^ f->hash >> 32;

	return (size_t)(hash ^ f->ip_id ^ f->spi ^ f->sequence) &
	       (recent->size - 1);
}

static struct place *place_of(const struct recent *recent, uint64_t count)
{
	return &recent->places[count & (recent->size - 1)];
}

static bool is_same(const struct ims_facts *x, const struct ims_facts *y)
{
	return x->hash == y->hash && x->kind == y->kind &&
	       x->length == y->length && x->ip_id == y->ip_id &&
	       x->spi == y->spi && x->sequence == y->sequence &&
	       ims_endpoint_equal(&x->source, &y->source) &&
	       ims_endpoint_equal(&x->destination, &y->destination);
}

static void chain(struct recent *recent, uint64_t count)
{
	struct place *place = place_of(recent, count);
	uint64_t *head = &recent->heads[chain_of(recent, place->facts)];

	place->before = *head;
	*head = count;
}

static void grow(struct recent *recent)
{
	struct recent old = *recent;

	recent->size = MAX(old.size * 2, RECENT_LEAST);
	recent->places = g_new(struct place, recent->size);
	recent->heads = g_new0(uint64_t, recent->size);
	for (uint64_t i = recent->first; i < recent->end; i++) {
		place_of(recent, i)->facts = place_of(&old, i)->facts;
		chain(recent, i);
	}
	g_free(old.places);
	g_free(old.heads);
}

static void recent_push(struct recent *recent, struct ims_facts *facts)
{
	if (recent->end - recent->first == recent->size)
		grow(recent);
	place_of(recent, recent->end)->facts = ims_facts_ref(facts);
	chain(recent, recent->end++);
}

static void recent_pop(struct recent *recent)
{
	ims_facts_unref(place_of(recent, recent->first++)->facts);
}

static struct ims_facts *recent_find(const struct recent *recent,
				     const struct ims_facts *facts)
{
	uint64_t i = recent->size ? recent->heads[chain_of(recent, facts)] : 0;

	for (unsigned n = 0; i >= recent->first && n < LOOK_AT; n++) {
		const struct place *place = place_of(recent, i);

		if (is_same(place->facts, facts))
			return place->facts;
		i = place->before;
	}
	return NULL;
}

struct ims_window *ims_window_new(const struct ims_window_calls *calls,
				  void *user)
{
	struct ims_window *window = g_new0(struct ims_window, 1);

	window->calls = *calls;
	window->user = user;
	window->waiting = ims_waiting_new();
	window->recent.first = window->recent.end = 1;
	return window;
}

void ims_window_free(struct ims_window *window)
{
	struct ims_facts *facts;

	if (!window)
		return;
	while ((facts = ims_waiting_first(window->waiting))) {
		ims_waiting_pop(window->waiting);
		ims_facts_unref(facts);
	}
	ims_waiting_free(window->waiting);
	while (window->recent.first < window->recent.end)
		recent_pop(&window->recent);
	g_free(window->recent.places);
	g_free(window->recent.heads);
	g_free(window);
}

/* Streams drop their own copies, by sequence number. */
static bool can_be_copy(const struct ims_facts *facts)
{
	switch (facts->kind) {
	case IMS_EVENT_SIP:
		return facts->transport == IMS_TRANSPORT_UDP;
	case IMS_EVENT_ICMP_ERROR:
	case IMS_EVENT_ESP:
	case IMS_EVENT_FRAGMENT_LOST:
		return true;
	default:
		return false;
	}
}

static bool is_near(const struct ims_facts *facts, int64_t now_ns)
{
	return llabs(now_ns - facts->time_ns) <= IMS_COPY_NS;
}

/* A clock that goes back must not make them stay. */
static void forget_old(struct recent *recent, int64_t now_ns)
{
	while (recent->first < recent->end &&
	       (recent->end - recent->first == IMS_WINDOW_MAX_RECENT ||
		!is_near(place_of(recent, recent->first)->facts, now_ns)))
		recent_pop(recent);
}

/* The record that this one is a copy of; NULL: it is none. */
static struct ims_facts *first_of(struct ims_window *window,
				  struct ims_facts *facts)
{
	struct ims_facts *first;

	if (!can_be_copy(facts))
		return NULL;
	forget_old(&window->recent, facts->time_ns);
	first = recent_find(&window->recent, facts);
	if (first && is_near(first, facts->time_ns))
		return first;
	recent_push(&window->recent, facts);
	return NULL;
}

static void drop_copy(struct ims_window *window, const struct turn *turn)
{
	turn->first->copies++;
	window->copies++;
	if (window->calls.copied)
		window->calls.copied(window->user, turn->facts, turn->first);
	ims_facts_unref(turn->facts);
	ims_facts_unref(turn->first);
}

/* What reads records and what applies them are each more than an instruction
   cache holds: one is done with all of them before the other is begun. */
static void take_turns(struct ims_window *window)
{
	for (unsigned i = 0; i < window->n_turns; i++)
		if (!window->turns[i].first && window->calls.read)
			window->calls.read(window->user,
					   window->turns[i].facts);
	for (unsigned i = 0; i < window->n_turns; i++)
		if (window->turns[i].first)
			drop_copy(window, &window->turns[i]);
		else
			window->calls.apply(window->user,
					    window->turns[i].facts);
	window->n_turns = 0;
}

static void release(struct ims_window *window, struct ims_facts *facts)
{
	struct ims_facts *first = first_of(window, facts);

	if (facts->time_ns > window->released_ns)
		window->released_ns = facts->time_ns;
	window->turns[window->n_turns++] = (struct turn){
		.facts = facts,
		.first = first ? ims_facts_ref(first) : NULL,
	};
	if (window->n_turns == IMS_WINDOW_BATCH)
		take_turns(window);
}

static bool is_full(const struct ims_window *window)
{
	return ims_waiting_count(window->waiting) > IMS_WINDOW_MAX ||
	       window->size > IMS_WINDOW_MAX_BYTES;
}

/* A record as it was taken, of a message of the usual size. */
#define PREFETCHED 1024u

/* The next one came a second ago. */
static void prefetch_next(const struct ims_window *window)
{
	const struct ims_facts *next = ims_waiting_first(window->waiting);

	if (next)
		ims_prefetch(next, PREFETCHED);
}

static void release_until(struct ims_window *window, int64_t time_ns)
{
	struct ims_facts *facts;

	window->n_put = 0;
	while ((facts = ims_waiting_first(window->waiting)) &&
	       (facts->time_ns <= time_ns || is_full(window))) {
		ims_waiting_pop(window->waiting);
		window->size -= ims_facts_size(facts);
		prefetch_next(window);
		release(window, facts);
	}
	take_turns(window);
}

/* That something never came is known only after a while: so of the beginning of
   a message of which no more came, on a stream. */
static bool is_told_late(const struct ims_facts *facts)
{
	return facts->kind == IMS_EVENT_FRAGMENT_LOST ||
	       facts->kind == IMS_EVENT_GAP ||
	       (facts->cut && facts->transport != IMS_TRANSPORT_UDP);
}

static void release_due(struct ims_window *window)
{
	release_until(window, window->newest_ns - IMS_WINDOW_NS);
}

void ims_window_put(struct ims_window *window, struct ims_facts *facts)
{
	facts->arrival = window->arrivals++;
	/* It may be late. */
	if (facts->time_ns < window->newest_ns - IMS_WINDOW_NS)
		release_due(window);
	if (facts->time_ns < window->released_ns) {
		window->late += !is_told_late(facts);
		release(window, facts);
		take_turns(window);
		return;
	}
	window->newest_ns = MAX(window->newest_ns, facts->time_ns);
	ims_waiting_push(window->waiting, facts);
	window->size += ims_facts_size(facts);
	if (++window->n_put == IMS_WINDOW_BATCH || is_full(window))
		release_due(window);
}

void ims_window_advance(struct ims_window *window, int64_t time_ns)
{
	window->newest_ns = MAX(window->newest_ns, time_ns);
	release_due(window);
}

void ims_window_flush(struct ims_window *window)
{
	release_until(window, INT64_MAX);
}

uint64_t ims_window_copies(const struct ims_window *window)
{
	return window->copies;
}

uint64_t ims_window_late(const struct ims_window *window)
{
	return window->late;
}
