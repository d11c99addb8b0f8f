/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash table of records that hold their own keys: 12 bytes a place, no
 * allocation an entry, nothing copied to ask. The caller hashes, and says
 * what is the same.
 */
#ifndef IMS_SET_H
#define IMS_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/* All zero: an empty one. */
struct ims_set {
	void **values; /* NULL: a free place */
	uint32_t *hashes;
	size_t size; /* places, a power of two; or 0 */
	size_t n;
};

/* Whether the record goes by that key. */
typedef bool ims_set_same_fn(const void *value, const void *key);

/* Frees what the set took, not the records; it is empty then. */
void ims_set_clear(struct ims_set *set) IMS_NONNULL_ALL;

/* Puts in a record; one of the same key is not looked for. */
void ims_set_add(struct ims_set *set, uint32_t hash,
		 void *value) IMS_NONNULL_ALL;
/* Takes that very record out; false: it is not there. */
bool ims_set_remove(struct ims_set *set, uint32_t hash,
		    const void *value) IMS_NONNULL_ALL;
/* Any record at or after place *i, which becomes the next place; NULL: no
   more. To go through all, beginning with 0. */
void *ims_set_next(const struct ims_set *set, size_t *i) IMS_NONNULL_ALL;

static inline uint32_t ims_set_hash(uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 32);
}

static inline uint32_t ims_set_hash_of(struct ims_slice bytes)
{
	return ims_set_hash(ims_slice_hash(bytes));
}

/*
 * Each record that goes by that key, one after another: *at is the hash
 * before the first, and is kept up by this. NULL: no more. Nothing may be put
 * in or taken out in between.
 */
static inline void *ims_set_find_next(const struct ims_set *set, size_t *at,
				      uint32_t hash, ims_set_same_fn *same,
				      const void *key)
{
	if (!set->n)
		return NULL;
	for (;;) {
		size_t i = (*at)++ & (set->size - 1);
		void *value = set->values[i];

		if (!value || (set->hashes[i] == hash && same(value, key)))
			return value;
	}
}

/* NULL: none. */
static inline void *ims_set_find(const struct ims_set *set, uint32_t hash,
				 ims_set_same_fn *same, const void *key)
{
	size_t at = hash;

	return ims_set_find_next(set, &at, hash, same, key);
}

#endif
