// SPDX-License-Identifier: GPL-2.0-or-later
#include "registrant.h"

bool ims_is_own(const struct ims_attempt *attempt)
{
	return attempt->kind != IMS_KIND_THIRD_PARTY;
}

struct ims_slice ims_registrant(const struct ims_attempt *attempt)
{
	if (!ims_slice_is_empty(attempt->impu))
		return attempt->impu;
	if (!ims_slice_is_empty(attempt->impi))
		return attempt->impi;
	return ims_slice_of("an unknown identity");
}

double ims_seconds(int64_t ns)
{
	return (double)ns / (double)IMS_SECOND;
}
