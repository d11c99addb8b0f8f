// SPDX-License-Identifier: GPL-2.0-or-later
#include "follow.h"

#include <glib.h>

#include "octets.h"

static int64_t monotonic_ns(void)
{
	return g_get_monotonic_time() * 1000;
}

void ims_follow_begin(struct ims_follow *follow, bool is_known,
		      int64_t first_ns)
{
	int64_t age_ns = ims_time_sub(g_get_real_time() * 1000, first_ns);

	follow->is_live = is_known || (age_ns < IMS_FOLLOW_NEAR_NS &&
				       age_ns > -IMS_FOLLOW_NEAR_NS);
	follow->lag_ns = ims_time_sub(monotonic_ns(), first_ns);
}

void ims_follow_packet(struct ims_follow *follow, int64_t time_ns)
{
	int64_t lag_ns = ims_time_sub(monotonic_ns(), time_ns);

	follow->lag_ns = MIN(follow->lag_ns, lag_ns);
}

int64_t ims_follow_now(const struct ims_follow *follow)
{
	return ims_time_sub(monotonic_ns(), follow->lag_ns);
}
