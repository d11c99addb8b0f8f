// SPDX-License-Identifier: GPL-2.0-or-later
/* Which known deviation of a product explains a finding. */
#include "core.h"
#include "draft.h"
#include "signature_match.h"

static struct ims_slice product_of(void *engine,
				   const struct ims_facts *message,
				   const struct ims_endpoint *end)
{
	return ims_link_product(engine, message, end);
}

/*
 * Why an attempt failed is also told by how its refusal reads, on each leg
 * on which it was seen: a proxy may have written another.
 */
static void add_refusals(struct ims_draft *draft,
			 const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	if (attempt->final)
		ims_draft_message(draft, attempt->final);
	for (unsigned i = 0; last && i < last->n_hops; i++)
		if (last->hops[i]->final &&
		    last->hops[i]->final != attempt->final)
			ims_draft_message(draft, last->hops[i]->final);
}

const struct ims_signature *ims_known(const struct ims_check *check,
				      struct ims_draft *draft)
{
	struct ims_signature_case about = {
		.rule = draft->rule,
		.is_failure = draft->is_cause ||
			      draft->severity == IMS_SEVERITY_ERROR,
		.product_of = product_of,
		.user = (void *)check->engine,
	};

	if (!check->options->signatures)
		return NULL;
	if (draft->is_cause && check->attempt)
		add_refusals(draft, check->attempt);
	about.messages = draft->messages;
	about.n_messages = draft->n_messages;
	return ims_signatures_find(check->options->signatures, &about);
}
