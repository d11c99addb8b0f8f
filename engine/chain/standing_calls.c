// SPDX-License-Identifier: GPL-2.0-or-later
#include "standing_calls.h"

#include <glib.h>
#include <string.h>

static struct ims_standing_call *at(const struct ims_depot *depot,
				    uint32_t number)
{
	return ims_depot_at(depot, number);
}

/* Where the number of the one of that Call-ID stands; of a 0 if none is. */
static uint32_t *find(const struct ims_depot *depot, uint32_t *calls,
		      struct ims_slice call_id)
{
	while (*calls && !ims_slice_is(call_id, at(depot, *calls)->call_id))
		calls = &at(depot, *calls)->older;
	return calls;
}

static void remove_at(struct ims_depot *depot, uint32_t *place)
{
	uint32_t number = *place;

	*place = at(depot, number)->older;
	ims_depot_remove(depot, number);
}

static void cut_after(struct ims_depot *depot, uint32_t *calls, unsigned n)
{
	while (*calls && n--)
		calls = &at(depot, *calls)->older;
	ims_standing_calls_free(depot, calls);
}

void ims_standing_calls_add(struct ims_depot *depot, uint32_t *calls,
			    struct ims_slice call_id, int64_t since_ns,
			    int64_t expires_ns)
{
	struct ims_standing_call *call;
	uint32_t number;

	if (ims_slice_is_empty(call_id))
		return;
	ims_standing_calls_remove(depot, calls, call_id);
	number = ims_depot_add(
		depot,
		MAX(sizeof(*call), offsetof(struct ims_standing_call, call_id) +
					   call_id.len + 1));
	call = at(depot, number);
	*call = (struct ims_standing_call){since_ns, expires_ns, *calls};
	memcpy(call->call_id, call_id.at, call_id.len);
	call->call_id[call_id.len] = '\0';
	*calls = number;
	cut_after(depot, calls, IMS_STANDING_MAX_CALLS);
}

bool ims_standing_calls_remove(struct ims_depot *depot, uint32_t *calls,
			       struct ims_slice call_id)
{
	uint32_t *found = find(depot, calls, call_id);

	if (!*found)
		return false;
	remove_at(depot, found);
	return true;
}

void ims_standing_calls_free(struct ims_depot *depot, uint32_t *calls)
{
	while (*calls)
		remove_at(depot, calls);
}

const struct ims_standing_call *ims_standing_calls_find(
	const struct ims_depot *depot, uint32_t calls, struct ims_slice call_id)
{
	uint32_t *found = find(depot, &calls, call_id);

	return *found ? at(depot, *found) : NULL;
}

bool ims_standing_calls_any(const struct ims_depot *depot, uint32_t calls,
			    int64_t when_ns)
{
	for (; calls; calls = at(depot, calls)->older)
		if (at(depot, calls)->expires_ns >= when_ns)
			return true;
	return false;
}
