/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How rules about a refused REGISTER read and tell it. It fires nothing. */
#ifndef IMS_REJECTION_H
#define IMS_REJECTION_H

#include "register_legs.h"

/* The fact keys that ims_tell_rejection fills. */
#define IMS_REJECTION_KEYS                                             \
	{"status", IMS_FACT_INTEGER, "status code"},                   \
		{"reason_phrase", IMS_FACT_STRING, "its phrase"},      \
	{                                                              \
		"refused_by", IMS_FACT_STRING, "the node that made it" \
	}

/* The UE's own registration, and a final response of 300 or more ended it. */
bool ims_is_rejected(const struct ims_attempt *attempt) IMS_NONNULL_ALL;

/*
 * The last leg that shows the final response of a rejected attempt, and in
 * `by` the node behind it, with "or a node behind it" where the capture does
 * not show that it made it itself; else "an unknown node". NULL: not known.
 */
const struct ims_hop *ims_refuser(char by[IMS_MAKER_TEXT],
				  const struct ims_attempt *attempt)
	IMS_NONNULL_ALL;

/* The first node on the way made it, as far as the capture shows: no leg
   behind has a final response of 300 or more but challenges. */
bool ims_is_refused_at_first(const struct ims_attempt *attempt) IMS_NONNULL_ALL;

/* Request and final response at the refuser, called `by`, and at the UE as
   evidence, and the facts of IMS_REJECTION_KEYS. */
void ims_tell_rejection(struct ims_draft *draft,
			const struct ims_attempt *attempt,
			const char *by) IMS_NONNULL_ALL;

/* `word` stands in the text as a word of its own, case ignored. */
bool ims_has_word(struct ims_slice text, const char *word) IMS_NONNULL(2);

#endif
