// SPDX-License-Identifier: GPL-2.0-or-later
#include "pool.h"

#include <glib.h>
#include <stdbool.h>

#include "prefetch.h"
#include "sanitized.h"

#define KEPT	(IMS_IS_SANITIZED ? 0u : IMS_POOL_KEPT)
#define N_SIZES (IMS_POOL_MAX / IMS_POOL_STEP)

/* What nobody has: it holds where the next one is. */
struct piece {
	struct piece *next;
};

/* Those of one size. */
struct pieces {
	struct piece *free; /* given back last */
	size_t n;	    /* that are free */
};

struct ims_pool {
	struct pieces of_size[N_SIZES];
};

struct ims_pool *ims_pool_new(void)
{
	return g_try_new0(struct ims_pool, 1);
}

void ims_pool_free(struct ims_pool *pool)
{
	if (!pool)
		return;
	for (size_t i = 0; i < N_SIZES; i++) {
		struct piece *piece = pool->of_size[i].free;

		while (piece) {
			struct piece *next = piece->next;

			g_free(piece);
			piece = next;
		}
	}
	g_free(pool);
}

/* One that was given back; NULL: none is there. */
static struct piece *take_free(struct pieces *pieces, size_t size)
{
	struct piece *piece = pieces->free;

	if (!piece)
		return NULL;
	pieces->free = piece->next;
	pieces->n--;
	/* Nobody had it for a while: not only its first line, which holds what
	   is next, is cold. */
	if (pieces->free)
		ims_prefetch(pieces->free, size);
	return piece;
}

void *ims_pool_take(struct ims_pool *pool, size_t *size)
{
	size_t steps = (*size + IMS_POOL_STEP - 1) / IMS_POOL_STEP;
	void *at;

	if (!pool || *size == 0 || *size > IMS_POOL_MAX)
		return g_try_malloc(*size);
	at = take_free(&pool->of_size[steps - 1], steps * IMS_POOL_STEP);
	if (!at)
		at = g_try_malloc(steps * IMS_POOL_STEP);
	if (at)
		*size = steps * IMS_POOL_STEP;
	return at;
}

void ims_pool_give(struct ims_pool *pool, void *at, size_t size)
{
	struct piece *piece = at;
	struct pieces *pieces;

	if (!piece)
		return;
	if (!pool || size == 0 || size > IMS_POOL_MAX) {
		g_free(at);
		return;
	}
	pieces = &pool->of_size[size / IMS_POOL_STEP - 1];
	if ((pieces->n + 1) * size > KEPT) {
		g_free(at);
		return;
	}
	piece->next = pieces->free;
	pieces->free = piece;
	pieces->n++;
}
