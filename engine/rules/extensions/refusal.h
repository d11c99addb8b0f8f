/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A 420 (Bad Extension) as read off the legs: who refused what, who had put
 * it in, and whether a node between let it through. It fires nothing.
 */
#ifndef IMS_REFUSAL_H
#define IMS_REFUSAL_H

#include "request.h"

/* Option-tags of one 420; those beyond are left out. */
#define IMS_REFUSED_TAGS 16

struct ims_refusal {
	const struct ims_journey *journey;
	const struct ims_facts *answer; /* the 420 nearest to its maker */
	const struct ims_hop *at;	/* the leg where it was seen */
	/* The far end of `at` made it; else that, or a node behind it. */
	bool is_maker;
	/* sec-agree first, then as written. */
	struct ims_slice tags[IMS_REFUSED_TAGS];
	unsigned n_tags;
	bool is_named; /* by Unsupported; else all that was required */
	/* The first leg whose request requires tags[0]; NULL: none. */
	const struct ims_hop *carrier;
	/* The near end of `carrier` put it in; else it came from before. */
	bool is_put_in;
	/* The next leg on which it still is required; NULL: none. */
	const struct ims_hop *passed_on;
};

/*
 * Reads the 420 of the journey being checked. False, with *refusal undefined,
 * when it has none.
 */
bool ims_refusal_read(struct ims_refusal *refusal,
		      const struct ims_check *check) IMS_NONNULL_ALL;

/* "AS 10.70.2.31", or that "or a node behind it". Returns out. */
#define IMS_REFUSER_TEXT (IMS_PARTY_TEXT + 32)
const char *ims_refuser_format(char out[IMS_REFUSER_TEXT],
			       const struct ims_refusal *refusal)
	IMS_NONNULL_ALL;

/* "sec-agree, path" */
void ims_refusal_append_tags(GString *text,
			     const struct ims_refusal *refusal) IMS_NONNULL_ALL;

#endif
