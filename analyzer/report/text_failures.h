/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registrations that failed, by cause. A registration and the finding that
 * is its cause come in either order and are joined here. Of one cause so many
 * are kept in full, so many by name, and the rest is counted.
 */
#ifndef IMS_TEXT_FAILURES_H
#define IMS_TEXT_FAILURES_H

#include "text_keep.h"

#define IMS_TEXT_MAX_FULL	5  /* a cause */
#define IMS_TEXT_MAX_FULL_ASKED 50 /* when one subscriber is asked for */
#define IMS_TEXT_MAX_NAMED	50
/* Halves that wait for each other; above it none is waited for. */
#define IMS_TEXT_MAX_WAITING 4096

struct ims_text_failure {
	struct ims_text_registration *registration;
	struct ims_text_finding *finding; /* or NULL */
};

struct ims_text_cause {
	const struct ims_rule *rule; /* NULL: nothing explains them */
	uint64_t n_failures;
	GPtrArray *full;  /* of struct ims_text_failure * */
	GPtrArray *named; /* of char *: who */
};

struct ims_text_failures;

struct ims_text_failures *ims_text_failures_new(unsigned max_full,
						bool with_ladders) IMS_MUST_USE;

/* Takes one that is complete; borrowed for the call. */
typedef void ims_text_failure_fn(void *user, const struct ims_text_failure *);

/* From now on they go to `fn` at once, and none is kept. */
void ims_text_failures_tell(struct ims_text_failures *failures,
			    ims_text_failure_fn *fn, void *user)
	IMS_NONNULL(1, 2);

/*
 * A failed registration, and the cause of one. `is_listed` false: a filter
 * took the registration out, and its finding goes with it.
 */
void ims_text_failures_add(struct ims_text_failures *failures,
			   const struct ims_registration *registration,
			   bool is_listed) IMS_NONNULL_ALL;
void ims_text_failures_explain(struct ims_text_failures *failures,
			       const struct ims_finding *finding)
	IMS_NONNULL_ALL;

/*
 * No more: sorted, most frequent cause first. An array of struct
 * ims_text_cause *, borrowed.
 */
const GPtrArray *ims_text_failures_finish(struct ims_text_failures *failures)
	IMS_NONNULL_ALL;

void ims_text_failures_free(struct ims_text_failures *failures);

#endif
