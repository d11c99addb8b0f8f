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

static bool is_ended(const struct ims_sip_facts *sip, size_t i)
{
	int64_t expires = sip->contacts[i].expires;

	return (expires >= 0 ? expires : sip->expires) == 0;
}

enum ims_wish ims_wish_of(const struct ims_facts *request)
{
	const struct ims_sip_facts *sip = ims_sip(request);

	if (!sip || !sip->is_request || request->cut ||
	    (sip->flaws & IMS_SIP_FLAW_LISTS_CUT))
		return IMS_WISH_UNCLEAR;
	if (sip->contact_star)
		return sip->expires == 0 ? IMS_WISH_END : IMS_WISH_UNCLEAR;
	if (sip->n_contacts == 0)
		return IMS_WISH_UNCLEAR;
	for (size_t i = 1; i < sip->n_contacts; i++)
		if (is_ended(sip, i) != is_ended(sip, 0))
			return IMS_WISH_UNCLEAR;
	return is_ended(sip, 0) ? IMS_WISH_END : IMS_WISH_STAY;
}

double ims_seconds(int64_t ns)
{
	return (double)ns / (double)IMS_SECOND;
}
