// SPDX-License-Identifier: GPL-2.0-or-later
#include "request.h"

#define MOST_SHOWN 160

bool ims_options_name(const struct ims_sip_options *options,
		      struct ims_slice tag)
{
	for (size_t i = 0; i < options->n; i++)
		if (ims_slice_equal_nocase(options->at[i], tag))
			return true;
	return false;
}

bool ims_requires(const struct ims_facts *request, struct ims_slice tag)
{
	const struct ims_sip_facts *sip = ims_sip(request);

	return sip && sip->is_request &&
	       (ims_options_name(&sip->require, tag) ||
		ims_options_name(&sip->proxy_require, tag));
}

struct ims_journey *const *ims_siblings(const struct ims_check *check,
					unsigned *n)
{
	if (check->attempt) {
		*n = check->attempt->n_journeys;
		return check->attempt->journeys;
	}
	*n = check->n_call;
	return check->call;
}

const struct ims_hop *ims_hop_next(const struct ims_journey *journey,
				   const struct ims_hop *hop)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (journey->hops[i]->above == hop)
			return journey->hops[i];
	return NULL;
}

bool ims_hop_may_be_relayed(const struct ims_journey *journey,
			    const struct ims_hop *hop)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (journey->hops[i]->above == hop && !journey->hops[i]->final)
			return true;
	return false;
}

bool ims_hop_is_unanswered(const struct ims_hop *hop)
{
	return hop->n_requests > 1 && !hop->provisional && !hop->final;
}

const struct ims_facts *ims_hop_last_request(const struct ims_hop *hop)
{
	const struct ims_facts *last = NULL;

	for (unsigned i = 0; i < hop->n_messages; i++)
		if (hop->messages[i]->kind == IMS_EVENT_SIP &&
		    hop->messages[i]->sip->is_request)
			last = hop->messages[i];
	return last;
}

struct ims_slice ims_request_name(const struct ims_journey *journey)
{
	if (journey->method == IMS_SIP_METHOD_INVITE && journey->in_dialog)
		return ims_slice_of("re-INVITE");
	return journey->method_text;
}

struct ims_slice ims_shown(struct ims_slice text)
{
	if (text.len > MOST_SHOWN)
		text.len = MOST_SHOWN;
	return text;
}

bool ims_is_first_to_show(struct ims_check *check,
			  bool (*shows)(const struct ims_check *check,
					const struct ims_journey *journey))
{
	const struct ims_attempt *attempt = check->attempt;

	if (!attempt)
		return ims_first_in_call(check);
	for (unsigned i = 0;
	     i < attempt->n_journeys && attempt->journeys[i] != check->journey;
	     i++)
		if (shows(check, attempt->journeys[i]))
			return false;
	return true;
}

bool ims_attempt_succeeded(const struct ims_attempt *attempt)
{
	return attempt && (attempt->outcome == IMS_OUTCOME_REGISTERED ||
			   attempt->outcome == IMS_OUTCOME_DEREGISTERED);
}
