// SPDX-License-Identifier: GPL-2.0-or-later
#include "waiting.h"

#include <glib.h>

#define LEAST 256u

struct ims_waiting {
	/* Those that came in order: a ring of a power of two places. */
	struct ims_facts **ring;
	size_t size;
	size_t first; /* counts, modulo `size`; they wrap round */
	size_t end;
	/* Those that came late, by a binary heap: 2i + 1 and 2i + 2 are not
	   before i. */
	GPtrArray *heap;
};

struct ims_waiting *ims_waiting_new(void)
{
	struct ims_waiting *w = g_new0(struct ims_waiting, 1);

	w->size = LEAST;
	w->ring = g_new(struct ims_facts *, w->size);
	w->heap = g_ptr_array_new();
	return w;
}

void ims_waiting_free(struct ims_waiting *w)
{
	if (!w)
		return;
	g_ptr_array_free(w->heap, TRUE);
	g_free(w->ring);
	g_free(w);
}

static bool is_before(const struct ims_facts *a, const struct ims_facts *b)
{
	return a->time_ns != b->time_ns ? a->time_ns < b->time_ns
					: a->arrival < b->arrival;
}

static struct ims_facts **ring_at(const struct ims_waiting *w, size_t count)
{
	return &w->ring[count & (w->size - 1)];
}

static void ring_grow(struct ims_waiting *w)
{
	struct ims_waiting old = *w;

	w->size *= 2;
	w->ring = g_new(struct ims_facts *, w->size);
	for (size_t i = w->first; i != w->end; i++)
		*ring_at(w, i) = *ring_at(&old, i);
	g_free(old.ring);
}

static void heap_push(GPtrArray *heap, struct ims_facts *facts)
{
	guint at = heap->len;

	g_ptr_array_add(heap, facts);
	while (at && is_before(facts, heap->pdata[(at - 1) / 2])) {
		heap->pdata[at] = heap->pdata[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	heap->pdata[at] = facts;
}

static void heap_pop(GPtrArray *heap)
{
	guint n = heap->len - 1;
	struct ims_facts *last = heap->pdata[n];
	guint at = 0;

	g_ptr_array_set_size(heap, (gint)n);
	for (guint child = 1; child < n; child = 2 * at + 1) {
		child += child + 1 < n &&
			 is_before(heap->pdata[child + 1], heap->pdata[child]);
		if (!is_before(heap->pdata[child], last))
			break;
		heap->pdata[at] = heap->pdata[child];
		at = child;
	}
	if (n)
		heap->pdata[at] = last;
}

void ims_waiting_push(struct ims_waiting *w, struct ims_facts *facts)
{
	if (w->end != w->first &&
	    facts->time_ns < (*ring_at(w, w->end - 1))->time_ns) {
		heap_push(w->heap, facts);
		return;
	}
	if (w->end - w->first == w->size)
		ring_grow(w);
	*ring_at(w, w->end++) = facts;
}

/* Whether the earliest is the heap's. */
static bool is_in_heap(const struct ims_waiting *w)
{
	return w->heap->len &&
	       (w->first == w->end ||
		is_before(w->heap->pdata[0], *ring_at(w, w->first)));
}

struct ims_facts *ims_waiting_first(const struct ims_waiting *w)
{
	if (is_in_heap(w))
		return w->heap->pdata[0];
	return w->first == w->end ? NULL : *ring_at(w, w->first);
}

void ims_waiting_pop(struct ims_waiting *w)
{
	if (is_in_heap(w))
		heap_pop(w->heap);
	else
		w->first++;
}

size_t ims_waiting_count(const struct ims_waiting *w)
{
	return w->end - w->first + w->heap->len;
}
