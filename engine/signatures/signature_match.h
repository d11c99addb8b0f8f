/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which signature a finding meets. */
#ifndef IMS_SIGNATURE_MATCH_H
#define IMS_SIGNATURE_MATCH_H

#include <glib.h>

#include <ims/signature.h>

#include "facts.h"

struct ims_pattern;

/* A finding as signatures see it. */
struct ims_signature_case {
	const struct ims_rule *rule;
	bool is_failure; /* the cause of one, or of severity error */
	const struct ims_facts *const *messages;
	size_t n_messages;
	/* The Product-Name of an end of the connection that carried a Diameter
	   message, absent where the capture does not hold it; may be NULL. */
	struct ims_slice (*product_of)(void *user,
				       const struct ims_facts *message,
				       const struct ims_endpoint *end);
	void *user;
};

/* Whether message number `index` of the case is what the pattern says. */
bool ims_pattern_matches(const struct ims_pattern *pattern,
			 const struct ims_signature_case *about,
			 size_t index) IMS_NONNULL_ALL;

/*
 * The signature that a message of the finding meets; NULL: none. Of several
 * the one of the text read last, then one that names the rule, then the one
 * with more conditions, then the one that stands first. Those that name no
 * rule are for failures.
 */
const struct ims_signature *ims_signatures_find(
	const struct ims_signatures *signatures,
	const struct ims_signature_case *about) IMS_NONNULL_ALL;

#endif
