/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text report of a live capture: each failure and finding when it is final,
 * with its time. Of one rule so many are told in full, the rest in a line each.
 */
#ifndef IMS_TEXT_LIVE_H
#define IMS_TEXT_LIVE_H

#include "text_failures.h"
#include "text_page.h"
#include "writer.h"

struct ims_text_live;

/* Both are borrowed. */
struct ims_text_live *ims_text_live_new(
	struct ims_page *page, struct ims_writer *writer,
	unsigned max_full) IMS_NONNULL_ALL IMS_MUST_USE;

/* An ims_text_failure_fn: the user is a struct ims_text_live. */
void ims_text_live_failure(void *user, const struct ims_text_failure *failure)
	IMS_NONNULL_ALL;
void ims_text_live_finding(struct ims_text_live *live,
			   const struct ims_finding *finding) IMS_NONNULL_ALL;

void ims_text_live_free(struct ims_text_live *live); /* NULL: nothing */

#endif
