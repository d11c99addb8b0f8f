/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Things by the smallest numbers that do: one that falls free is used again. */
#ifndef IMS_NUMBERED_H
#define IMS_NUMBERED_H

#include <stdint.h>

#include <ims/attributes.h>

/* All zero: none. */
struct ims_numbered {
	void **at;	  /* by number, from 1; NULL: none */
	uint32_t *unused; /* numbers that fell free, with room for all */
	uint32_t n_unused;
	uint32_t n; /* the greatest number so far */
	uint32_t room;
};

/* The number that the thing has from now on, which is never 0. */
uint32_t ims_numbered_add(struct ims_numbered *numbered,
			  void *thing) IMS_NONNULL_ALL IMS_MUST_USE;
void ims_numbered_remove(struct ims_numbered *numbered,
			 uint32_t number) IMS_NONNULL_ALL;
/* Frees the things with g_free, and is empty then. */
void ims_numbered_clear(struct ims_numbered *numbered) IMS_NONNULL_ALL;

#endif
