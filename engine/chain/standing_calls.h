/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Call-IDs under which contacts of one identity set stand: a user with two
   phones registers each under its own. They are records of a depot, newest
   first, and known by the number of the newest; 0: there are none. */
#ifndef IMS_STANDING_CALLS_H
#define IMS_STANDING_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/slice.h>

#include "depot.h"

/* Of one identity set; beyond, the oldest is forgotten. */
#define IMS_STANDING_MAX_CALLS 8u

struct ims_standing_call {
	int64_t since_ns;
	int64_t expires_ns;
	uint32_t older; /* its number; 0: none is */
	char call_id[]; /* with its NUL */
};

/* A contact stands under it from then on. An absent Call-ID is none. */
void ims_standing_calls_add(struct ims_depot *depot, uint32_t *calls,
			    struct ims_slice call_id, int64_t since_ns,
			    int64_t expires_ns) IMS_NONNULL(1, 2);
/* That contact went: false if none stood under it. */
bool ims_standing_calls_remove(struct ims_depot *depot, uint32_t *calls,
			       struct ims_slice call_id) IMS_NONNULL(1, 2);
/* All of them. */
void ims_standing_calls_free(struct ims_depot *depot,
			     uint32_t *calls) IMS_NONNULL_ALL;

/* NULL: none stands under it. Borrowed. */
const struct ims_standing_call *ims_standing_calls_find(
	const struct ims_depot *depot, uint32_t calls, struct ims_slice call_id)
	IMS_NONNULL(1);
/* Whether any stands at that time. */
bool ims_standing_calls_any(const struct ims_depot *depot, uint32_t calls,
			    int64_t when_ns) IMS_NONNULL(1);

#endif
