/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The beginning of a message whose end is not there yet. */
#ifndef IMS_BEGUN_H
#define IMS_BEGUN_H

#include <ims/attributes.h>

#include "runs.h"

/* All zero: none has begun. */
struct ims_begun {
	uint8_t *at; /* NULL: none */
	size_t len;
	size_t size;		/* allocated */
	size_t looked_at;	/* bytes there when it was last looked at */
	size_t wanted;		/* size of the whole message; 0: not known */
	struct ims_stamp stamp; /* of its latest byte to arrive */
};

/* More of it; returns false, with nothing changed, for want of memory. */
bool ims_begun_append(struct ims_begun *begun, struct ims_budget *budget,
		      const uint8_t *at,
		      size_t len) IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * Whether looking at it again can tell more than the last time. Looking costs
 * its whole length, so it is not done at every small segment.
 */
bool ims_begun_is_due(const struct ims_begun *begun) IMS_NONNULL_ALL;

/* It was looked at, and `used` bytes of its front are done with. */
void ims_begun_skip(struct ims_begun *begun, struct ims_budget *budget,
		    size_t used) IMS_NONNULL_ALL;

void ims_begun_drop(struct ims_begun *begun,
		    struct ims_budget *budget) IMS_NONNULL_ALL;

#endif
