/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding while it is made; check.h has what rules call. */
#ifndef IMS_DRAFT_H
#define IMS_DRAFT_H

#include "check.h"
#include "scratch.h"

#define IMS_DRAFT_MAX_EVIDENCE 64

/* All that rules say in one judgement, in its order; all memory of it. */
struct ims_drafts {
	struct ims_scratch *memory;
	struct ims_draft **at;
	unsigned n;
	unsigned room;
};

struct ims_draft {
	const struct ims_check *check; /* borrowed while rules speak */
	const struct ims_rule *rule;
	enum ims_severity severity;
	enum ims_confidence confidence;
	bool no_cause;
	bool is_cause;
	struct ims_evidence *evidence;
	/* The message that each of them is; NULL: known by its frame alone. */
	const struct ims_facts **shown;
	unsigned n_evidence, evidence_room, shown_room;
	/* All that were given as evidence, and what else signatures look at. */
	const struct ims_facts **messages;
	unsigned n_messages, message_room;
	struct ims_fact *facts;
	unsigned n_facts, fact_room;
	struct ims_slice headline; /* absent: not said */
	struct ims_slice summary;
	struct ims_slice advice;
	struct ims_slice impi; /* these three may be borrowed */
	struct ims_slice impu;
	struct ims_slice call_id;
};

struct ims_drafts *ims_drafts_new(void) IMS_MUST_USE;
void ims_drafts_free(struct ims_drafts *drafts); /* NULL: nothing */
/* None is left. */
void ims_drafts_clear(struct ims_drafts *drafts) IMS_NONNULL_ALL;

/* Time of its first evidence; INT64_MAX without any. */
int64_t ims_draft_time(const struct ims_draft *draft) IMS_NONNULL_ALL;

/* What was changed in the messages that are its evidence. To be called while
   what was judged is there. */
void ims_draft_add_changes(struct ims_draft *draft) IMS_NONNULL_ALL;

/* A message that signatures are to look at; no evidence. */
void ims_draft_message(struct ims_draft *draft,
		       const struct ims_facts *facts) IMS_NONNULL_ALL;

/* The signature that explains it, now that it is known whether it is the
   cause, to be asked once; NULL: none. Defined in known.c. */
const struct ims_signature *ims_known(const struct ims_check *check,
				      struct ims_draft *draft) IMS_NONNULL_ALL;

#endif
