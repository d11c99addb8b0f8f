/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The blocks of the text report: a cause, a kind of finding. */
#ifndef IMS_TEXT_BLOCKS_H
#define IMS_TEXT_BLOCKS_H

#include "text_failures.h"
#include "text_folds.h"
#include "text_page.h"

void ims_text_put_cause(struct ims_page *page,
			const struct ims_text_cause *cause) IMS_NONNULL_ALL;
void ims_text_put_kind(struct ims_page *page,
		       const struct ims_text_kind *kind) IMS_NONNULL_ALL;

/* One that stands alone; not in full: the line that says what it is. */
void ims_text_put_failure(struct ims_page *page,
			  const struct ims_text_failure *failure,
			  bool in_full) IMS_NONNULL_ALL;
void ims_text_put_finding(struct ims_page *page,
			  struct ims_text_finding *finding,
			  bool in_full) IMS_NONNULL_ALL;

/* "alice, bob and 3 more". */
void ims_text_put_names(GString *out, const GPtrArray *names,
			uint64_t n_all) IMS_NONNULL_ALL;

#endif
