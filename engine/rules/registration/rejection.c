// SPDX-License-Identifier: GPL-2.0-or-later
#include "rejection.h"

#include "registrant.h"
#include "request.h"

bool ims_is_rejected(const struct ims_attempt *attempt)
{
	return ims_is_own(attempt) && ims_sip(attempt->final) &&
	       attempt->outcome == IMS_OUTCOME_REJECTED;
}

static bool deeper_is_captured(const struct ims_attempt *attempt,
			       unsigned depth)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++)
		for (unsigned k = 0; k < attempt->journeys[i]->n_hops; k++)
			if (attempt->journeys[i]->hops[k]->depth > depth)
				return true;
	return false;
}

/* The far end made it, and did not pass on what came from behind. */
static bool is_own_word(const struct ims_attempt *attempt,
			const struct ims_hop *hop)
{
	if (ims_hop_may_be_relayed(ims_attempt_last(attempt), hop))
		return false;
	return hop->to.role == IMS_ROLE_S_CSCF ||
	       hop->to.role == IMS_ROLE_REGISTRAR ||
	       hop->to.role == IMS_ROLE_AS ||
	       deeper_is_captured(attempt, hop->depth);
}

const struct ims_hop *ims_refuser(char by[IMS_MAKER_TEXT],
				  const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *maker =
		last ? ims_journey_maker(last, attempt->final) : NULL;
	char party[IMS_PARTY_TEXT];

	if (maker)
		g_snprintf(by, IMS_MAKER_TEXT, "%s%s",
			   ims_party_format(party, &maker->to),
			   is_own_word(attempt, maker)
				   ? ""
				   : " or a node behind it");
	else
		g_strlcpy(by, "an unknown node", IMS_MAKER_TEXT);
	return maker;
}

bool ims_is_refused_at_first(const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	if (!last || !attempt->final_hop || attempt->final_hop->depth != 1)
		return false;
	for (unsigned i = 0; i < last->n_hops; i++) {
		const struct ims_hop *hop = last->hops[i];
		const struct ims_sip_facts *final = ims_sip(hop->final);

		if (hop->depth > 1 && final && final->status >= 300 &&
		    final->status != 401 && final->status != 407)
			return false;
	}
	return true;
}

void ims_tell_rejection(struct ims_draft *draft,
			const struct ims_attempt *attempt, const char *by)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *maker =
		last ? ims_journey_maker(last, attempt->final) : NULL;

	if (maker) {
		ims_draft_evidence(draft, maker->request, "REGISTER to %s", by);
		ims_draft_evidence(draft, maker->final, "%s: %u %.*s", by,
				   attempt->status,
				   IMS_SLICE_ARG(ims_shown(attempt->reason)));
	}
	ims_draft_evidence(draft, attempt->final, "%u to the UE",
			   attempt->status);
	ims_draft_integer(draft, "status", attempt->status);
	ims_draft_string(draft, "reason_phrase", attempt->reason);
	ims_draft_text(draft, "refused_by", maker ? by : NULL);
}

bool ims_has_word(struct ims_slice text, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= text.len; i++) {
		if (g_ascii_strncasecmp(text.at + i, word, len) == 0 &&
		    (i == 0 || !g_ascii_isalnum(text.at[i - 1])) &&
		    (i + len == text.len || !g_ascii_isalnum(text.at[i + len])))
			return true;
	}
	return false;
}
