/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames that belong together because they are of one connection or of one
 * exchange, which is known by a number.
 */
#ifndef IMS_ANNOTATE_TIES_H
#define IMS_ANNOTATE_TIES_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>

#include "frame_set.h"
#include "number_set.h"
#include "spill.h"

struct ims_ties {
	struct ims_number_set chosen;
	struct ims_spill *frames; /* each with its number */
};

void ims_ties_init(struct ims_ties *ties, const char *folder) IMS_NONNULL(1);
void ims_ties_fini(struct ims_ties *ties) IMS_NONNULL_ALL;

/* The frame is of what has that number. */
void ims_ties_add(struct ims_ties *ties, struct ims_frame frame,
		  uint64_t number) IMS_NONNULL_ALL;

/* All with that number are chosen, up to IMS_NUMBER_SET_MAX numbers. May be
 * called by another thread. */
void ims_ties_choose(struct ims_ties *ties, uint64_t number) IMS_NONNULL_ALL;

/*
 * Adds to `frames` those that are chosen, and those that have a number in
 * common with one of `seeds`, which may be the same set. false with errno set:
 * see ims_spill_each.
 */
bool ims_ties_settle(struct ims_ties *ties, struct ims_frame_set *frames,
		     const struct ims_frame_set *seeds)
	IMS_NONNULL_ALL IMS_MUST_USE;

#endif
