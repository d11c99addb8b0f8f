/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records at rest, each by a number of 32 bits, in blocks of 64 of one size:
 * what a record costs beyond its own bytes, rounded up to eight, is less than
 * two. What falls free is for records of that size, until all of its block is.
 * They may be chained by age, with numbers for pointers.
 */
#ifndef IMS_DEPOT_H
#define IMS_DEPOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/queue.h>

#include <ims/attributes.h>

#include "numbered.h"

/* Sizes are multiples of the step; a larger record has a block to itself. */
#define IMS_DEPOT_STEP	  8u
#define IMS_DEPOT_MAX	  1024u
#define IMS_DEPOT_CLASSES (IMS_DEPOT_MAX / IMS_DEPOT_STEP)
#define IMS_DEPOT_BLOCK	  64u

struct ims_depot_block {
	LIST_ENTRY(ims_depot_block) open; /* while any is free */
	uint64_t free;			  /* bits */
	uint32_t number;
	uint32_t size; /* of one record */
	char records[];
};

LIST_HEAD(ims_depot_blocks, ims_depot_block);

/* All zero: an empty one. */
struct ims_depot {
	struct ims_numbered blocks; /* struct ims_depot_block */
	struct ims_depot_blocks open[IMS_DEPOT_CLASSES]; /* by size */
};

/* A new record's number, which is never 0. It is aligned for eight bytes, and
   not zeroed. */
uint32_t ims_depot_add(struct ims_depot *depot,
		       size_t size) IMS_NONNULL_ALL IMS_MUST_USE;
void ims_depot_remove(struct ims_depot *depot, uint32_t number) IMS_NONNULL_ALL;
/* Removes all of them; it is empty then. */
void ims_depot_clear(struct ims_depot *depot) IMS_NONNULL_ALL;

/* Whether a record of that size would take as much as that one does. */
bool ims_depot_fits(const struct ims_depot *depot, uint32_t number,
		    size_t size) IMS_NONNULL_ALL;

/* Stays where it is until it is removed. */
static inline void *ims_depot_at(const struct ims_depot *depot, uint32_t number)
{
	struct ims_depot_block *block =
		depot->blocks.at[number / IMS_DEPOT_BLOCK];

	return block->records +
	       (size_t)(number % IMS_DEPOT_BLOCK) * block->size;
}

/* What a record begins with that has an age. */
struct ims_age {
	uint32_t older; /* 0: none */
	uint32_t younger;
};

/* All zero: none. */
struct ims_ages {
	uint32_t oldest; /* 0: none */
	uint32_t youngest;
};

/* The youngest from now on. */
void ims_ages_add(struct ims_ages *ages, const struct ims_depot *depot,
		  uint32_t number) IMS_NONNULL_ALL;
void ims_ages_remove(struct ims_ages *ages, const struct ims_depot *depot,
		     uint32_t number) IMS_NONNULL_ALL;

#endif
