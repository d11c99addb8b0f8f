/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings that are not the cause of a registration's failure, folded:
 * findings of a rule with the same facts are one with several places. Of one
 * rule and severity so many are kept, and the rest is counted.
 */
#ifndef IMS_TEXT_FOLDS_H
#define IMS_TEXT_FOLDS_H

#include "text_keep.h"

#define IMS_TEXT_MAX_FOLDS	 5  /* a rule and severity */
#define IMS_TEXT_MAX_FOLDS_ASKED 50 /* when one subscriber is asked for */
#define IMS_TEXT_MAX_PLACES	 20 /* a fold, beside the first */
#define IMS_TEXT_MAX_SIBLINGS	 10 /* a fold */

struct ims_text_sibling {
	char *summary;
	GArray *frames; /* of struct ims_frame */
};

struct ims_text_fold {
	struct ims_text_finding *first;
	GPtrArray *places; /* of GArray of struct ims_frame: same facts */
	uint64_t n_places;
	GPtrArray *siblings; /* same rule and call, other facts */
};

struct ims_text_kind {
	const struct ims_rule *rule;
	enum ims_severity severity;
	int64_t first_ns;
	uint64_t n_findings;
	GPtrArray *folds; /* of struct ims_text_fold * */
	uint64_t n_left_out;
	GPtrArray *left_out; /* of char *: who, the first of them */
};

struct ims_text_folds;

struct ims_text_folds *ims_text_folds_new(unsigned max_folds) IMS_MUST_USE;

void ims_text_folds_add(struct ims_text_folds *folds,
			const struct ims_finding *finding) IMS_NONNULL_ALL;

/*
 * Errors first, then by time: an array of struct ims_text_kind *, borrowed.
 */
const GPtrArray *ims_text_folds_finish(struct ims_text_folds *folds)
	IMS_NONNULL_ALL;

void ims_text_folds_free(struct ims_text_folds *folds);

#endif
