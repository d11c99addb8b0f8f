// SPDX-License-Identifier: GPL-2.0-or-later
#include "standing_calls.h"

#include <glib.h>
#include <string.h>

static struct ims_standing_call **find(struct ims_standing_call **calls,
				       struct ims_slice call_id)
{
	while (*calls && !ims_slice_is(call_id, (*calls)->call_id))
		calls = &(*calls)->next;
	return calls;
}

static void cut_after(struct ims_standing_call **calls, unsigned n)
{
	while (*calls && n--)
		calls = &(*calls)->next;
	ims_standing_calls_free(calls);
}

void ims_standing_calls_add(struct ims_standing_call **calls,
			    struct ims_slice call_id, int64_t since_ns,
			    int64_t expires_ns)
{
	struct ims_standing_call *call;

	if (ims_slice_is_empty(call_id))
		return;
	ims_standing_calls_remove(calls, call_id);
	call = g_malloc(sizeof(*call) + call_id.len + 1);
	memcpy(call->call_id, call_id.at, call_id.len);
	call->call_id[call_id.len] = '\0';
	call->since_ns = since_ns;
	call->expires_ns = expires_ns;
	call->next = *calls;
	*calls = call;
	cut_after(calls, IMS_STANDING_MAX_CALLS);
}

bool ims_standing_calls_remove(struct ims_standing_call **calls,
			       struct ims_slice call_id)
{
	struct ims_standing_call **found = find(calls, call_id);
	struct ims_standing_call *call = *found;

	if (!call)
		return false;
	*found = call->next;
	g_free(call);
	return true;
}

void ims_standing_calls_free(struct ims_standing_call **calls)
{
	while (*calls) {
		struct ims_standing_call *call = *calls;

		*calls = call->next;
		g_free(call);
	}
}

bool ims_standing_calls_have(const struct ims_standing_call *calls,
			     struct ims_slice call_id, int64_t when_ns)
{
	for (; calls; calls = calls->next)
		if (ims_slice_is(call_id, calls->call_id))
			return calls->since_ns < when_ns &&
			       calls->expires_ns >= when_ns;
	return false;
}

bool ims_standing_calls_any(const struct ims_standing_call *calls,
			    int64_t when_ns)
{
	for (; calls; calls = calls->next)
		if (calls->expires_ns >= when_ns)
			return true;
	return false;
}
