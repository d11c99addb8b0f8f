/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash table of numbers of records that hold their own keys: eight bytes a
 * place, about nine tenths of which are taken. It is in segments, which grow
 * one by one, and each by a little: nothing of it is ever there twice. All is
 * in order of the hashes, so that ways are short though there is little room.
 * The caller hashes, and says what is the same.
 *
 * For records at rest; where speed alone counts, see set.h.
 */
#ifndef IMS_REFS_H
#define IMS_REFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

struct ims_ref {
	uint32_t hash;	 /* spread; of a free place, the greatest */
	uint32_t number; /* 0: a free place */
};

struct ims_refs_segment {
	struct ims_ref *places; /* NULL: none */
	uint32_t size;		/* those where hashes belong */
	uint32_t room;		/* with those behind, the last of them free */
	uint32_t n;
};

/* All zero: an empty one. */
struct ims_refs {
	struct ims_refs_segment *segments; /* 2^bits; NULL: none is there */
	unsigned bits;
	size_t n;
};

/* Frees what the table took; it is empty then. */
void ims_refs_clear(struct ims_refs *refs) IMS_NONNULL_ALL;

/* Puts in a number, which is not 0; one of the same key is not looked for. */
void ims_refs_add(struct ims_refs *refs, uint32_t hash,
		  uint32_t number) IMS_NONNULL_ALL;
/* Takes that very number out; false: it is not there. */
bool ims_refs_remove(struct ims_refs *refs, uint32_t hash,
		     uint32_t number) IMS_NONNULL_ALL;

/* Spreads what a hash has to its upper bits, by which all is in order. */
static inline uint32_t ims_refs_spread(uint32_t hash)
{
	return hash * 0x9e3779b1u;
}

static inline struct ims_refs_segment *ims_refs_segment_of(
	const struct ims_refs *refs, uint32_t spread)
{
	return &refs->segments[(uint64_t)spread << refs->bits >> 32];
}

/* The place in its segment where a hash belongs; it is there or behind. */
static inline uint32_t ims_refs_home(const struct ims_refs *refs,
				     const struct ims_refs_segment *segment,
				     uint32_t spread)
{
	uint32_t rest = spread << refs->bits;

	return (uint32_t)((uint64_t)rest * segment->size >> 32);
}

/* From one number under a hash to the next. */
struct ims_refs_walk {
	const struct ims_ref *at; /* NULL: nothing is there */
	uint32_t spread;
};

/* Nothing may be put in or taken out as long as it goes on. */
static inline struct ims_refs_walk ims_refs_walk(const struct ims_refs *refs,
						 uint32_t hash)
{
	struct ims_refs_walk walk = {.spread = ims_refs_spread(hash)};
	const struct ims_refs_segment *segment;

	if (!refs->n)
		return walk;
	segment = ims_refs_segment_of(refs, walk.spread);
	if (segment->n)
		walk.at = segment->places +
			  ims_refs_home(refs, segment, walk.spread);
	return walk;
}

/* The next number under the hash, in the order in which they were put in; 0:
   no more. */
static inline uint32_t ims_refs_next(struct ims_refs_walk *walk)
{
	if (!walk->at)
		return 0;
	while (walk->at->hash < walk->spread)
		walk->at++;
	return walk->at->hash == walk->spread ? walk->at++->number : 0;
}

#endif
