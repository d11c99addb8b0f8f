// SPDX-License-Identifier: GPL-2.0-or-later
#include "arena.h"

#include <stdalign.h>

struct chunk {
	struct chunk *next;
	size_t size; /* all of it */
	alignas(max_align_t) char data[];
};

/* The arena itself lives at the start of its first chunk. */
struct ims_arena {
	char *at;	      /* what is free of the newest chunk */
	char *end;	      /* where it ends */
	struct chunk *chunks; /* newest first */
	struct ims_pool *pool;
	size_t size;
};

#define CHUNK_MIN 512u

static size_t aligned(size_t size)
{
	const size_t unit = alignof(max_align_t);

	return (size + unit - 1) / unit * unit;
}

/* One with room for `size`, which is aligned and no more than half of all. */
static struct chunk *chunk_new(struct ims_pool *pool, size_t size)
{
	struct chunk *chunk;

	size += sizeof(*chunk);
	chunk = ims_pool_take(pool, &size);
	if (chunk)
		*chunk = (struct chunk){.size = size};
	return chunk;
}

static void use_chunk(struct ims_arena *arena, struct chunk *chunk, size_t used)
{
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->at = chunk->data + used;
	arena->end = (char *)chunk + chunk->size;
	arena->size += chunk->size;
}

struct ims_arena *ims_arena_new_in(struct ims_pool *pool, size_t size)
{
	size_t own = aligned(sizeof(struct ims_arena));
	struct ims_arena *arena;
	struct chunk *chunk;

	if (size < CHUNK_MIN)
		size = CHUNK_MIN;
	if (size > SIZE_MAX / 2)
		return NULL;
	chunk = chunk_new(pool, aligned(size) + own);
	if (!chunk)
		return NULL;
	arena = (struct ims_arena *)chunk->data;
	*arena = (struct ims_arena){.pool = pool};
	use_chunk(arena, chunk, own);
	return arena;
}

void ims_arena_free(struct ims_arena *arena)
{
	struct ims_pool *pool;
	struct chunk *next;

	if (!arena)
		return;
	pool = arena->pool;
	for (struct chunk *c = arena->chunks; c; c = next) {
		next = c->next;
		ims_pool_give(pool, c, c->size);
	}
}

void *ims_arena_take(struct ims_arena *arena, size_t size)
{
	struct chunk *chunk;
	char *at = arena->at;

	if (size > SIZE_MAX / 4)
		return NULL;
	size = aligned(size ? size : 1);
	if (size > (size_t)(arena->end - at)) {
		chunk = chunk_new(arena->pool,
				  size > CHUNK_MIN ? size : CHUNK_MIN);
		if (!chunk)
			return NULL;
		use_chunk(arena, chunk, 0);
		at = arena->at;
	}
	arena->at = at + size;
	return at;
}

void *ims_arena_alloc(struct ims_arena *arena, size_t size)
{
	void *at = ims_arena_take(arena, size);

	return at ? memset(at, 0, size) : NULL;
}

void *ims_arena_copy_n(struct ims_arena *arena, const void *from, size_t n,
		       size_t size)
{
	void *copy = NULL;

	if (n > 0 && (size == 0 || n <= SIZE_MAX / size))
		copy = ims_arena_take(arena, n * size);
	return copy ? memcpy(copy, from, n * size) : NULL;
}

void *ims_arena_alloc_n(struct ims_arena *arena, size_t n, size_t size)
{
	if (n == 0 || (size && n > SIZE_MAX / size))
		return NULL;
	return ims_arena_alloc(arena, n * size);
}

struct ims_slice ims_arena_copy(struct ims_arena *arena, struct ims_slice s)
{
	char *copy;

	if (!s.at)
		return s;
	copy = ims_arena_take(arena, s.len);
	if (!copy)
		return (struct ims_slice){0};
	if (s.len > 0)
		memcpy(copy, s.at, s.len);
	return ims_slice(copy, s.len);
}

char *ims_arena_text(struct ims_arena *arena, struct ims_slice s)
{
	char *text = s.at ? ims_arena_take(arena, s.len + 1) : NULL;

	if (!text)
		return NULL;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	return text;
}

size_t ims_arena_size(const struct ims_arena *arena)
{
	return arena->size;
}
