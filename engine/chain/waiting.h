/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records that wait in order of time and arrival. Nearly all come in that
 * order, and cost no more than a queue; the others are sorted by a heap, at a
 * bounded cost however wild their order is. It owns none of them.
 */
#ifndef IMS_WAITING_H
#define IMS_WAITING_H

#include "facts.h"

struct ims_waiting;

struct ims_waiting *ims_waiting_new(void) IMS_MUST_USE;
void ims_waiting_free(struct ims_waiting *waiting); /* NULL: nothing */

/* A record whose `arrival` is above that of all before it. */
void ims_waiting_push(struct ims_waiting *waiting,
		      struct ims_facts *facts) IMS_NONNULL_ALL;
/* The earliest; NULL: none. Borrowed. */
struct ims_facts *ims_waiting_first(const struct ims_waiting *waiting)
	IMS_NONNULL_ALL;
/* Takes the earliest, of which there must be one, out. */
void ims_waiting_pop(struct ims_waiting *waiting) IMS_NONNULL_ALL;
size_t ims_waiting_count(const struct ims_waiting *waiting) IMS_NONNULL_ALL;

#endif
