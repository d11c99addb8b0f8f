// SPDX-License-Identifier: GPL-2.0-or-later
#include "arena.h"

#include <glib.h>
#include <stdalign.h>

struct chunk {
	struct chunk *next;
	size_t size; /* of data */
	size_t used;
	alignas(max_align_t) char data[];
};

/* The arena itself lives at the start of its first chunk. */
struct ims_arena {
	struct chunk *chunks; /* newest first */
	size_t size;
};

#define CHUNK_MIN 512u

static struct chunk *chunk_new(size_t size)
{
	struct chunk *chunk;

	if (size > SIZE_MAX - sizeof(*chunk))
		return NULL;
	chunk = g_try_malloc(sizeof(*chunk) + size);
	if (!chunk)
		return NULL;
	*chunk = (struct chunk){.size = size};
	return chunk;
}

static size_t aligned(size_t size)
{
	const size_t unit = alignof(max_align_t);

	return (size + unit - 1) / unit * unit;
}

static void *chunk_take(struct chunk *chunk, size_t size)
{
	void *at = chunk->data + chunk->used;

	if (chunk->size - chunk->used < size)
		return NULL;
	chunk->used += size;
	return memset(at, 0, size);
}

struct ims_arena *ims_arena_new(size_t size)
{
	struct chunk *chunk;
	struct ims_arena *arena;

	if (size < CHUNK_MIN)
		size = CHUNK_MIN;
	chunk = chunk_new(aligned(size) + aligned(sizeof(*arena)));
	if (!chunk)
		return NULL;
	arena = chunk_take(chunk, aligned(sizeof(*arena)));
	arena->chunks = chunk;
	arena->size = sizeof(*chunk) + chunk->size;
	return arena;
}

void ims_arena_free(struct ims_arena *arena)
{
	struct chunk *next;

	if (!arena)
		return;
	for (struct chunk *c = arena->chunks; c; c = next) {
		next = c->next;
		g_free(c);
	}
}

void *ims_arena_alloc(struct ims_arena *arena, size_t size)
{
	struct chunk *chunk;
	void *at;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = aligned(size ? size : 1);
	at = chunk_take(arena->chunks, size);
	if (at)
		return at;
	chunk = chunk_new(size > CHUNK_MIN ? size : CHUNK_MIN);
	if (!chunk)
		return NULL;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->size += sizeof(*chunk) + chunk->size;
	return chunk_take(chunk, size);
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
	copy = ims_arena_alloc(arena, s.len);
	if (!copy)
		return (struct ims_slice){0};
	memcpy(copy, s.at, s.len);
	return ims_slice(copy, s.len);
}

size_t ims_arena_size(const struct ims_arena *arena)
{
	return arena->size;
}
