/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Call-IDs under which contacts of one identity set stand: a user with two
   phones registers each under its own. */
#ifndef IMS_STANDING_CALLS_H
#define IMS_STANDING_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/slice.h>

/* Of one identity set; beyond, the oldest is forgotten. */
#define IMS_STANDING_MAX_CALLS 8u

struct ims_standing_call {
	struct ims_standing_call *next; /* older */
	int64_t since_ns;
	int64_t expires_ns;
	char call_id[]; /* with its NUL */
};

/* A contact stands under it from then on. An absent Call-ID is none. */
void ims_standing_calls_add(struct ims_standing_call **calls,
			    struct ims_slice call_id, int64_t since_ns,
			    int64_t expires_ns) IMS_NONNULL_ALL;
/* That contact went: false if none stood under it. */
bool ims_standing_calls_remove(struct ims_standing_call **calls,
			       struct ims_slice call_id) IMS_NONNULL_ALL;
void ims_standing_calls_free(struct ims_standing_call **calls) IMS_NONNULL_ALL;

/* Whether one stood under it at that time, since before then. */
bool ims_standing_calls_have(const struct ims_standing_call *calls,
			     struct ims_slice call_id, int64_t when_ns);
/* Whether any stands at that time. */
bool ims_standing_calls_any(const struct ims_standing_call *calls,
			    int64_t when_ns);

#endif
