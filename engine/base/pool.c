// SPDX-License-Identifier: GPL-2.0-or-later
#include "pool.h"

#include <glib.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "prefetch.h"
#include "sanitized.h"

#define KEPT	   (IMS_IS_SANITIZED ? 0u : IMS_POOL_KEPT)
#define N_SIZES	   (IMS_POOL_MAX / IMS_POOL_STEP)
#define CACHE_LINE 64

/* What nobody has: it holds where the next one is. */
struct piece {
	struct piece *next;
};

/*
 * Those of one size. Givers push on a stack; who takes carries off all of it
 * at once, and never pops one: so none can be taken and given again between a
 * look at it and its exchange. The two sides write to lines of their own.
 */
struct pieces {
	alignas(CACHE_LINE) _Atomic(struct piece *) given;
	atomic_size_t n_given;
	alignas(CACHE_LINE) struct piece *own; /* of who takes */
	atomic_size_t n_taken;
};

struct ims_pool {
	struct pieces of_size[N_SIZES];
};

struct ims_pool *ims_pool_new(void)
{
	struct ims_pool *pool = NULL;

	if (posix_memalign((void **)&pool, CACHE_LINE, sizeof(*pool)))
		return NULL;
	for (size_t i = 0; i < N_SIZES; i++) {
		struct pieces *pieces = &pool->of_size[i];

		atomic_init(&pieces->given, NULL);
		atomic_init(&pieces->n_given, 0);
		atomic_init(&pieces->n_taken, 0);
		pieces->own = NULL;
	}
	return pool;
}

static void free_all(struct piece *piece)
{
	struct piece *next;

	for (; piece; piece = next) {
		next = piece->next;
		g_free(piece);
	}
}

void ims_pool_free(struct ims_pool *pool)
{
	if (!pool)
		return;
	for (size_t i = 0; i < N_SIZES; i++) {
		free_all(pool->of_size[i].own);
		free_all(atomic_load(&pool->of_size[i].given));
	}
	free(pool);
}

/* One that was given back; NULL: none is there. */
static struct piece *take_given(struct pieces *pieces)
{
	struct piece *piece = pieces->own;
	size_t n;

	if (!piece)
		piece = atomic_exchange_explicit(&pieces->given, NULL,
						 memory_order_acquire);
	if (!piece)
		return NULL;
	pieces->own = piece->next;
	/* Its first line holds what is next, and nobody had it for a while. */
	if (pieces->own)
		ims_prefetch(pieces->own, sizeof(*pieces->own));
	/* Nobody else writes it: no exchange is needed. */
	n = atomic_load_explicit(&pieces->n_taken, memory_order_relaxed);
	atomic_store_explicit(&pieces->n_taken, n + 1, memory_order_relaxed);
	return piece;
}

void *ims_pool_take(struct ims_pool *pool, size_t *size)
{
	size_t steps = (*size + IMS_POOL_STEP - 1) / IMS_POOL_STEP;
	void *at;

	if (!pool || *size == 0 || *size > IMS_POOL_MAX)
		return g_try_malloc(*size);
	at = take_given(&pool->of_size[steps - 1]);
	if (!at)
		at = g_try_malloc(steps * IMS_POOL_STEP);
	if (at)
		*size = steps * IMS_POOL_STEP;
	return at;
}

/* Counts one in; false: there are enough of them. */
static bool has_room(struct pieces *pieces, size_t size)
{
	size_t n = atomic_fetch_add_explicit(&pieces->n_given, 1,
					     memory_order_relaxed);

	n -= atomic_load_explicit(&pieces->n_taken, memory_order_relaxed);
	if (n < KEPT / size)
		return true;
	atomic_fetch_sub_explicit(&pieces->n_given, 1, memory_order_relaxed);
	return false;
}

void ims_pool_give(struct ims_pool *pool, void *at, size_t size)
{
	struct piece *piece = at;
	struct pieces *pieces;

	if (!pool || size == 0 || size > IMS_POOL_MAX) {
		g_free(at);
		return;
	}
	pieces = &pool->of_size[size / IMS_POOL_STEP - 1];
	if (!has_room(pieces, size)) {
		g_free(at);
		return;
	}
	piece->next =
		atomic_load_explicit(&pieces->given, memory_order_relaxed);
	while (!atomic_compare_exchange_weak_explicit(
		&pieces->given, &piece->next, piece, memory_order_release,
		memory_order_relaxed))
		;
}
