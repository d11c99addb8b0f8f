/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of one size, written one behind the other to a file without a name:
 * what grows with the capture and is looked at once, at its end.
 */
#ifndef IMS_ANNOTATE_SPILL_H
#define IMS_ANNOTATE_SPILL_H

#include <stdbool.h>
#include <stddef.h>

#include <ims/attributes.h>

struct ims_spill;

/* Where its file is opened: see ims_temporary_new. Never NULL. */
struct ims_spill *ims_spill_new(const char *folder,
				size_t record_size) IMS_MUST_USE;
void ims_spill_free(struct ims_spill *spill); /* NULL: nothing */

/* A failure is kept, and told when the records are asked for. */
void ims_spill_add(struct ims_spill *spill, const void *record) IMS_NONNULL_ALL;

typedef void ims_spill_fn(void *user, const void *record);

/*
 * Calls `each` for all that was added, in order or the last one first. None may
 * be added from then on. false with errno set when one could not be written or
 * read.
 */
bool ims_spill_each(struct ims_spill *spill, ims_spill_fn *each, void *user)
	IMS_NONNULL(1, 2) IMS_MUST_USE;
bool ims_spill_each_backwards(struct ims_spill *spill, ims_spill_fn *each,
			      void *user) IMS_NONNULL(1, 2) IMS_MUST_USE;

#endif
