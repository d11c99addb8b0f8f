/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding while it is made; check.h has what rules call. */
#ifndef IMS_DRAFT_H
#define IMS_DRAFT_H

#include "check.h"

#define IMS_DRAFT_MAX_EVIDENCE 64

struct ims_draft {
	const struct ims_rule *rule;
	enum ims_severity severity;
	enum ims_confidence confidence;
	bool no_cause;
	bool is_cause;
	GArray *evidence;    /* of struct ims_evidence; sayings owned */
	GPtrArray *messages; /* its facts, borrowed while rules are asked */
	GArray *facts;	     /* of struct ims_fact; strings owned */
	char *headline;
	char *summary;
	char *advice;
	char *impi;
	char *impu;
	struct ims_slice call_id; /* borrowed */
};

void ims_draft_free(struct ims_draft *draft); /* NULL: nothing */

/* Time of its first evidence; INT64_MAX without any. */
int64_t ims_draft_time(const struct ims_draft *draft) IMS_NONNULL_ALL;

/* The signature that explains it, now that it is known whether it is the
   cause; NULL: none. Defined in known.c. */
const struct ims_signature *ims_known(const struct ims_check *check,
				      const struct ims_draft *draft)
	IMS_NONNULL_ALL;

#endif
