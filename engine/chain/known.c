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
static void add_refusals(GPtrArray *messages, const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	if (attempt->final)
		g_ptr_array_add(messages, (gpointer)attempt->final);
	for (unsigned i = 0; last && i < last->n_hops; i++)
		if (last->hops[i]->final &&
		    last->hops[i]->final != attempt->final)
			g_ptr_array_add(messages,
					(gpointer)last->hops[i]->final);
}

const struct ims_signature *ims_known(const struct ims_check *check,
				      const struct ims_draft *draft)
{
	struct ims_signature_case about = {
		.rule = draft->rule,
		.is_failure = draft->is_cause ||
			      draft->severity == IMS_SEVERITY_ERROR,
		.product_of = product_of,
		.user = (void *)check->engine,
	};
	const struct ims_signature *found;
	GPtrArray *messages;

	if (!check->options->signatures)
		return NULL;
	messages = g_ptr_array_sized_new(draft->n_messages);
	for (unsigned i = 0; i < draft->n_messages; i++)
		g_ptr_array_add(messages, (gpointer)draft->messages[i]);
	if (draft->is_cause && check->attempt)
		add_refusals(messages, check->attempt);
	about.messages = (const struct ims_facts *const *)messages->pdata;
	about.n_messages = messages->len;
	found = ims_signatures_find(check->options->signatures, &about);
	g_ptr_array_free(messages, TRUE);
	return found;
}
