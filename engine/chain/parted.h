/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An identity in a compact record, in two parts: its user is the record's
 * own, the domain from the '@' on is shared with all who are of it.
 */
#ifndef IMS_PARTED_H
#define IMS_PARTED_H

#include "arena.h"
#include "index.h"
#include "packed.h"
#include "refs.h"
#include "set.h"
#include "shared.h"

/* Numbers that it takes among the entries, and bytes at most. */
#define IMS_PARTED_NUMBERS 2u
#define IMS_PARTED_MAX	   (IMS_PARTED_NUMBERS * IMS_PACKED_NUMBER_MAX)

/* Keys of one record. */
#define IMS_PARTED_MAX_HASHES 17u

struct ims_parted {
	const char *head;
	struct ims_slice tail; /* with a NUL; absent: the head is all of it */
};

/* Puts the head into `texts`, and among the entries where it is and what its
   tail is, which is taken until ims_parted_give. */
void ims_parted_put(struct ims_packed *entries, struct ims_packed *texts,
		    struct ims_shared *shared,
		    const char *text) IMS_NONNULL_ALL;
/* The one at *at, which goes on behind it; borrowed. */
struct ims_parted ims_parted_get(const char **at, const char *texts,
				 const struct ims_shared *shared)
	IMS_NONNULL_ALL;
/* The record of the one at *at, which goes on behind it, has it no longer. */
void ims_parted_give(const char **at,
		     struct ims_shared *shared) IMS_NONNULL_ALL;

/* All of it; NULL when there is no memory. */
const char *ims_parted_text(struct ims_parted parted,
			    struct ims_arena *arena) IMS_NONNULL_ALL;
/* As ims_identity_is, of a key. */
bool ims_parted_is(struct ims_parted parted,
		   const struct ims_identity *identity) IMS_NONNULL_ALL;

/* Of `n` keys from `at` on the place of the one that is the identity, from 0;
   n: none is. */
unsigned ims_parted_find(const char *at, unsigned n, const char *texts,
			 const struct ims_shared *shared,
			 const struct ims_identity *identity) IMS_NONNULL_ALL;

/* The hashes of what a record goes by, each once. */
struct ims_parted_hashes {
	uint32_t at[IMS_PARTED_MAX_HASHES];
	unsigned n;
};

/* Of `n` keys from `at` on, which are no more than there is room for. */
struct ims_parted_hashes ims_parted_hashes_of(
	const char *at, unsigned n, const char *texts,
	const struct ims_shared *shared) IMS_NONNULL_ALL;

/* The record goes by `now` and has that number; it went by `was` with the
   number before, 0: it is new, or is gone and goes by nothing. What is the
   same stays where it is in the table. */
void ims_parted_move(struct ims_refs *table,
		     const struct ims_parted_hashes *was, uint32_t before,
		     const struct ims_parted_hashes *now,
		     uint32_t number) IMS_NONNULL_ALL;

#endif
