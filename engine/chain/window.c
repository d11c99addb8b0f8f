// SPDX-License-Identifier: GPL-2.0-or-later
#include "window.h"

#include <glib.h>
#include <stdlib.h>

struct ims_window {
	ims_apply_fn *apply;
	ims_copy_fn *copied;
	void *user;
	GSequence *waiting; /* struct ims_facts, by time and arrival */
	GHashTable *recent; /* set of released ones, by what makes a copy */
	GQueue aging;	    /* the same, in order of time */
	size_t size;	    /* bytes of the waiting ones */
	int64_t newest_ns;
	int64_t released_ns;
	uint64_t arrivals;
	uint64_t copies;
	uint64_t late;
};

static guint copy_hash(gconstpointer key)
{
	const struct ims_facts *f = key;

	return (guint)(f->hash ^ (f->hash >> 32)) ^ f->ip_id ^ f->spi ^
	       f->sequence ^ ims_address_hash(&f->source.address);
}

static gboolean copy_equal(gconstpointer a, gconstpointer b)
{
	const struct ims_facts *x = a;
	const struct ims_facts *y = b;

	return x->kind == y->kind && x->hash == y->hash &&
	       x->length == y->length && x->ip_id == y->ip_id &&
	       x->spi == y->spi && x->sequence == y->sequence &&
	       ims_endpoint_equal(&x->source, &y->source) &&
	       ims_endpoint_equal(&x->destination, &y->destination);
}

struct ims_window *ims_window_new(ims_apply_fn *apply, ims_copy_fn *copied,
				  void *user)
{
	struct ims_window *window = g_new0(struct ims_window, 1);

	window->apply = apply;
	window->copied = copied;
	window->user = user;
	window->waiting = g_sequence_new(NULL);
	window->recent = g_hash_table_new(copy_hash, copy_equal);
	g_queue_init(&window->aging);
	window->newest_ns = 0;
	window->released_ns = 0;
	return window;
}

void ims_window_free(struct ims_window *window)
{
	GSequenceIter *i;
	struct ims_facts *facts;

	if (!window)
		return;
	for (i = g_sequence_get_begin_iter(window->waiting);
	     !g_sequence_iter_is_end(i); i = g_sequence_iter_next(i))
		ims_facts_unref(g_sequence_get(i));
	g_sequence_free(window->waiting);
	g_hash_table_destroy(window->recent);
	while ((facts = g_queue_pop_head(&window->aging)))
		ims_facts_unref(facts);
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
static void forget_old(struct ims_window *window, int64_t now_ns)
{
	struct ims_facts *facts;

	while ((facts = g_queue_peek_head(&window->aging)) &&
	       (!is_near(facts, now_ns) ||
		window->aging.length > IMS_WINDOW_MAX_RECENT)) {
		g_queue_pop_head(&window->aging);
		if (g_hash_table_lookup(window->recent, facts) == facts)
			g_hash_table_remove(window->recent, facts);
		ims_facts_unref(facts);
	}
}

static bool is_copy(struct ims_window *window, struct ims_facts *facts)
{
	struct ims_facts *first;

	if (!can_be_copy(facts))
		return false;
	forget_old(window, facts->time_ns);
	first = g_hash_table_lookup(window->recent, facts);
	if (first && is_near(first, facts->time_ns)) {
		first->copies++;
		window->copies++;
		if (window->copied)
			window->copied(window->user, facts, first);
		return true;
	}
	g_hash_table_replace(window->recent, facts, facts);
	g_queue_push_tail(&window->aging, ims_facts_ref(facts));
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
	return (unsigned)g_sequence_get_length(window->waiting) >
		       IMS_WINDOW_MAX ||
	       window->size > IMS_WINDOW_MAX_BYTES;
}

static void release_until(struct ims_window *window, int64_t time_ns)
{
	while (!g_sequence_is_empty(window->waiting)) {
		GSequenceIter *i = g_sequence_get_begin_iter(window->waiting);
		struct ims_facts *facts = g_sequence_get(i);

		if (facts->time_ns > time_ns && !is_full(window))
			return;
		g_sequence_remove(i);
		window->size -= ims_arena_size(facts->arena);
		release(window, facts);
	}
}

static gint by_time(gconstpointer a, gconstpointer b, gpointer unused)
{
	const struct ims_facts *x = a;
	const struct ims_facts *y = b;

	(void)unused;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->arrival < y->arrival ? -1 : x->arrival > y->arrival;
}

/* That something never came is known only after a while. */
static bool is_told_late(const struct ims_facts *facts)
{
	return facts->kind == IMS_EVENT_FRAGMENT_LOST ||
	       facts->kind == IMS_EVENT_GAP;
}

void ims_window_put(struct ims_window *window, struct ims_facts *facts)
{
	facts->arrival = window->arrivals++;
	if (facts->time_ns < window->released_ns) {
		window->late += !is_told_late(facts);
		release(window, facts);
		return;
	}
	g_sequence_insert_sorted(window->waiting, facts, by_time, NULL);
	window->size += ims_arena_size(facts->arena);
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
