// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "tap.h"

static int tap;

void ims_tap_register(void)
{
	tap = register_tap(IMS_TAP);
}

bool ims_tap_is_wanted(void)
{
	return have_tap_listener(tap);
}

void ims_tap_queue(packet_info *pinfo, const struct ims_kept *kept)
{
	if (ims_tap_is_wanted())
		tap_queue_packet(tap, pinfo, kept);
}
