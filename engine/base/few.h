/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pointers, of which there are few nearly always: so many have their places
 * in the thing that holds them, beside what is read with them, and take
 * memory of their own only when there are more.
 */
#ifndef IMS_FEW_H
#define IMS_FEW_H

#include <stdbool.h>

#include <ims/attributes.h>

#define IMS_FEW 4u /* a power of two */

/* Stays where it is: it may point into itself. */
struct ims_few {
	void **at;
	unsigned n;
	void *own[IMS_FEW];
};

static inline void ims_few_init(struct ims_few *few)
{
	few->at = few->own;
	few->n = 0;
}

/* Frees its memory, not what is pointed to; it is empty then. */
void ims_few_clear(struct ims_few *few) IMS_NONNULL_ALL;

void ims_few_add(struct ims_few *few, void *value) IMS_NONNULL(1);
/* The order of the others stays. */
void ims_few_remove_at(struct ims_few *few, unsigned i) IMS_NONNULL_ALL;
/* The first that is it; false: none is. */
bool ims_few_remove(struct ims_few *few, const void *value) IMS_NONNULL(1);
bool ims_few_has(const struct ims_few *few, const void *value) IMS_NONNULL(1);

/*
 * The same for places that have a type: room for one more behind `n` pointers,
 * which are in IMS_FEW places of the owner's or, when these do not do, in
 * memory that doubles. Returns where they are then.
 */
void *ims_few_room(void *pointers, const void *own,
		   unsigned n) IMS_NONNULL_ALL IMS_MUST_USE;
/* Frees the memory that they are in, unless it is the owner's. */
void ims_few_free(void *pointers, const void *own);

#endif
