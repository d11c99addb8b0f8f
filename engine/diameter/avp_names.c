// SPDX-License-Identifier: GPL-2.0-or-later
#include "diameter_avps.h"
#include "diameter_names.h"

#include <stddef.h>

struct known_avp {
	uint32_t vendor;
	uint32_t code;
	const char *name;
};

/* By id. */
static const struct known_avp avps[IMS_DIAMETER_N_AVPS] = {
#define X(id, avp_vendor, avp_code, avp_name) \
	[IMS_AVP_##id] = {avp_vendor, avp_code, avp_name},
	IMS_DIAMETER_AVPS(X)
#undef X
};

/*
 * By code alone: no two of them share one, whatever their vendors, or this
 * would not compile (-Woverride-init).
 */
static const uint8_t ids[] = {
#define X(id, avp_vendor, avp_code, avp_name) [avp_code] = IMS_AVP_##id,
	IMS_DIAMETER_AVPS(X)
#undef X
};

_Static_assert(IMS_DIAMETER_N_AVPS <= UINT8_MAX, "ids fit their table");

enum ims_diameter_avp_id ims_diameter_avp_find(uint32_t vendor, uint32_t code)
{
	enum ims_diameter_avp_id id;

	if (code >= sizeof(ids))
		return IMS_AVP_OTHER;
	id = (enum ims_diameter_avp_id)ids[code];
	return avps[id].vendor == vendor ? id : IMS_AVP_OTHER;
}

const char *ims_diameter_avp_name(uint32_t vendor, uint32_t code)
{
	return avps[ims_diameter_avp_find(vendor, code)].name;
}

bool ims_diameter_avp_is_grouped(enum ims_diameter_avp_id id)
{
	switch (id) {
	case IMS_AVP_VENDOR_SPECIFIC_APPLICATION_ID:
	case IMS_AVP_FAILED_AVP:
	case IMS_AVP_PROXY_INFO:
	case IMS_AVP_EXPERIMENTAL_RESULT:
	case IMS_AVP_SUBSCRIPTION_ID:
	case IMS_AVP_SIP_ACCOUNTING_INFORMATION:
	case IMS_AVP_SIP_SERVER_CAPABILITIES:
	case IMS_AVP_SIP_AUTH_DATA_ITEM:
	case IMS_AVP_SIP_AUTHENTICATE:
	case IMS_AVP_SIP_AUTHORIZATION:
	case IMS_AVP_SIP_AUTHENTICATION_INFO:
	case IMS_AVP_SIP_DEREGISTRATION_REASON:
	case IMS_AVP_SIP_USER_DATA:
	case IMS_AVP_FLOWS:
	case IMS_AVP_MEDIA_COMPONENT_DESCRIPTION:
	case IMS_AVP_MEDIA_SUB_COMPONENT:
	case IMS_AVP_SERVER_CAPABILITIES:
	case IMS_AVP_CX_SIP_AUTH_DATA_ITEM:
	case IMS_AVP_DEREGISTRATION_REASON:
	case IMS_AVP_CHARGING_INFORMATION:
	case IMS_AVP_SUPPORTED_FEATURES:
	case IMS_AVP_SUPPORTED_APPLICATIONS:
	case IMS_AVP_ASSOCIATED_IDENTITIES:
	case IMS_AVP_SIP_DIGEST_AUTHENTICATE:
	case IMS_AVP_SCSCF_RESTORATION_INFO:
	case IMS_AVP_SUBSCRIPTION_INFO:
	case IMS_AVP_ASSOCIATED_REGISTERED_IDENTITIES:
	case IMS_AVP_RESTORATION_INFO:
	case IMS_AVP_IDENTITY_WITH_EMERGENCY_REGISTRATION:
		return true;
	default:
		return false;
	}
}
