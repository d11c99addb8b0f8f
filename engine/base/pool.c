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
 * Those of one size. Other threads push on a stack; who takes carries off all
 * of it at once, and never pops one: so none can be taken and given again
 * between a look at it and its exchange. The two sides write to lines of their
 * own.
 */
struct pieces {
	alignas(CACHE_LINE) _Atomic(struct piece *) given;
	atomic_size_t n_given;
	alignas(CACHE_LINE) struct piece *own; /* of who takes */
	atomic_size_t n_taken; /* less what it gave back itself */
};

struct ims_pool {
	_Atomic(const char *) taker; /* its `me` */
	struct pieces of_size[N_SIZES];
};

/* A thread is told from others by where its own one is. */
static _Thread_local char me;

struct ims_pool *ims_pool_new(void)
{
	struct ims_pool *pool = NULL;

	if (posix_memalign((void **)&pool, CACHE_LINE, sizeof(*pool)))
		return NULL;
	atomic_init(&pool->taker, NULL);
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

/* Of n_taken, which nobody else writes: no exchange is needed. */
static void count_taken(struct pieces *pieces, size_t more)
{
	size_t n = atomic_load_explicit(&pieces->n_taken, memory_order_relaxed);

	atomic_store_explicit(&pieces->n_taken, n + more, memory_order_relaxed);
}

/* One that was given back; NULL: none is there. */
static struct piece *take_given(struct pieces *pieces, size_t size)
{
	struct piece *piece = pieces->own;

	if (!piece)
		piece = atomic_exchange_explicit(&pieces->given, NULL,
						 memory_order_acquire);
	if (!piece)
		return NULL;
	pieces->own = piece->next;
	/* Nobody had it for a while: not only its first line, which holds what
	   is next, is cold. */
	if (pieces->own)
		ims_prefetch(pieces->own, size);
	count_taken(pieces, 1);
	return piece;
}

static bool is_taker(struct ims_pool *pool)
{
	return atomic_load_explicit(&pool->taker, memory_order_relaxed) == &me;
}

void *ims_pool_take(struct ims_pool *pool, size_t *size)
{
	size_t steps = (*size + IMS_POOL_STEP - 1) / IMS_POOL_STEP;
	void *at;

	if (!pool || *size == 0 || *size > IMS_POOL_MAX)
		return g_try_malloc(*size);
	if (!is_taker(pool))
		atomic_store_explicit(&pool->taker, &me, memory_order_relaxed);
	at = take_given(&pool->of_size[steps - 1], steps * IMS_POOL_STEP);
	if (!at)
		at = g_try_malloc(steps * IMS_POOL_STEP);
	if (at)
		*size = steps * IMS_POOL_STEP;
	return at;
}

static bool has_room(size_t n, size_t size)
{
	return n < KEPT / size;
}

/* Of who takes itself: the next that it takes, for it is at hand still. */
static bool give_own(struct pieces *pieces, struct piece *piece, size_t size)
{
	size_t n = atomic_load_explicit(&pieces->n_given, memory_order_relaxed);

	n -= atomic_load_explicit(&pieces->n_taken, memory_order_relaxed);
	if (!has_room(n, size))
		return false;
	count_taken(pieces, (size_t)-1);
	piece->next = pieces->own;
	pieces->own = piece;
	return true;
}

static bool give(struct pieces *pieces, struct piece *piece, size_t size)
{
	size_t n = atomic_fetch_add_explicit(&pieces->n_given, 1,
					     memory_order_relaxed);

	n -= atomic_load_explicit(&pieces->n_taken, memory_order_relaxed);
	if (!has_room(n, size)) {
		atomic_fetch_sub_explicit(&pieces->n_given, 1,
					  memory_order_relaxed);
		return false;
	}
	piece->next =
		atomic_load_explicit(&pieces->given, memory_order_relaxed);
	while (!atomic_compare_exchange_weak_explicit(
		&pieces->given, &piece->next, piece, memory_order_release,
		memory_order_relaxed))
		;
	return true;
}

void ims_pool_give(struct ims_pool *pool, void *at, size_t size)
{
	bool is_kept = false;
	struct pieces *pieces;

	if (pool && size > 0 && size <= IMS_POOL_MAX) {
		pieces = &pool->of_size[size / IMS_POOL_STEP - 1];
		is_kept = is_taker(pool) ? give_own(pieces, at, size)
					 : give(pieces, at, size);
	}
	if (!is_kept)
		g_free(at);
}
