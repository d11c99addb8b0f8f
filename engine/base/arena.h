/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bump allocator: everything of one message's facts lives in one arena and
 * is freed with it. Nothing is freed singly.
 */
#ifndef IMS_ARENA_H
#define IMS_ARENA_H

#include <stddef.h>

#include <ims/attributes.h>
#include <ims/slice.h>

#include "pool.h"

struct ims_arena;

/*
 * NULL when there is no memory. `size`: what it will likely hold. Its memory
 * comes from `pool`, which must outlive it; NULL: from the system.
 */
struct ims_arena *ims_arena_new_in(struct ims_pool *pool,
				   size_t size) IMS_MUST_USE;

static inline IMS_MUST_USE struct ims_arena *ims_arena_new(size_t size)
{
	return ims_arena_new_in(NULL, size);
}

void ims_arena_free(struct ims_arena *arena); /* NULL: nothing */

/* Zeroed, aligned for any type; NULL when there is no memory. */
void *ims_arena_alloc(struct ims_arena *arena,
		      size_t size) IMS_NONNULL_ALL IMS_MUST_USE;

/* The same, not zeroed: for who writes all of it. */
void *ims_arena_take(struct ims_arena *arena,
		     size_t size) IMS_NONNULL_ALL IMS_MUST_USE;

/* A copy of an array; NULL when there is no memory or n is 0. */
void *ims_arena_copy_n(struct ims_arena *arena, const void *from, size_t n,
		       size_t size) IMS_NONNULL(1) IMS_MUST_USE;

/* n * size with overflow checked; NULL when there is no memory or n is 0. */
void *ims_arena_alloc_n(struct ims_arena *arena, size_t n,
			size_t size) IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * A copy of `s` that lives as long as the arena. The absent slice gives the
 * absent slice; so does want of memory.
 */
struct ims_slice ims_arena_copy(struct ims_arena *arena, struct ims_slice s)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* The same with a NUL behind it; NULL for the absent slice, or want of memory.
 */
char *ims_arena_text(struct ims_arena *arena,
		     struct ims_slice s) IMS_NONNULL_ALL IMS_MUST_USE;

/* Bytes taken from the system, for accounting. */
size_t ims_arena_size(const struct ims_arena *arena) IMS_NONNULL_ALL;

#endif
