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

struct ims_window {
	ims_apply_fn *apply;
	ims_copy_fn *copied;
	void *user;
	struct ims_waiting *waiting;
	struct recent recent;
	size_t size; /* bytes of the waiting ones */
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

struct ims_window *ims_window_new(ims_apply_fn *apply, ims_copy_fn *copied,
				  void *user)
{
	struct ims_window *window = g_new0(struct ims_window, 1);

	window->apply = apply;
	window->copied = copied;
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

static bool is_copy(struct ims_window *window, struct ims_facts *facts)
{
	struct ims_facts *first;

	if (!can_be_copy(facts))
		return false;
	forget_old(&window->recent, facts->time_ns);
	first = recent_find(&window->recent, facts);
	if (first && is_near(first, facts->time_ns)) {
		first->copies++;
		window->copies++;
		if (window->copied)
			window->copied(window->user, facts, first);
		return true;
	}
	recent_push(&window->recent, facts);
	return false;
}

static void release(struct ims_window *window, struct ims_facts *facts)
{
	if (facts->time_ns > window->released_ns)
		window->released_ns = facts->time_ns;
	if (is_copy(window, facts))
		ims_facts_unref(facts);
	else
		window->apply(window->user, facts);
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

	while ((facts = ims_waiting_first(window->waiting))) {
		if (facts->time_ns > time_ns && !is_full(window))
			return;
		ims_waiting_pop(window->waiting);
		window->size -= ims_facts_size(facts);
		prefetch_next(window);
		release(window, facts);
	}
}

/* That something never came is known only after a while: so of the beginning of
   a message of which no more came, on a stream. */
static bool is_told_late(const struct ims_facts *facts)
{
	return facts->kind == IMS_EVENT_FRAGMENT_LOST ||
	       facts->kind == IMS_EVENT_GAP ||
	       (facts->cut && facts->transport != IMS_TRANSPORT_UDP);
}

void ims_window_put(struct ims_window *window, struct ims_facts *facts)
{
	facts->arrival = window->arrivals++;
	if (facts->time_ns < window->released_ns) {
		window->late += !is_told_late(facts);
		release(window, facts);
		return;
	}
	ims_waiting_push(window->waiting, facts);
	window->size += ims_facts_size(facts);
	ims_window_advance(window, facts->time_ns);
}

void ims_window_advance(struct ims_window *window, int64_t time_ns)
{
	if (time_ns > window->newest_ns)
		window->newest_ns = time_ns;
	release_until(window, window->newest_ns - IMS_WINDOW_NS);
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
