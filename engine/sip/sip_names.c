// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_names.h"

#define LENGTH_MAX   21 /* "P-Access-Network-Info" */
#define A_LENGTH_MAX 5	/* names of one length */

struct method_name {
	const char *text;
	size_t len;
};

static const struct method_name methods[] = {[IMS_SIP_METHOD_OTHER] = {NULL, 0},
#define X(name) [IMS_SIP_METHOD_##name] = {#name, sizeof(#name) - 1},
					     IMS_SIP_METHODS(X)
#undef X
};

struct header_name {
	const char *text;
	const char *compact; /* NULL: none */
};

static const struct header_name headers[IMS_SIP_N_HEADERS] = {
#define X(id, text, compact) [IMS_SIP_HEADER_##id] = {text, compact},
	IMS_SIP_HEADERS(X)
#undef X
};

/*
 * The headers of each length, the common ones first, so that a name is
 * compared with few. A header missing here is found missing by the test that
 * looks up every name.
 */
#define H(id) IMS_SIP_HEADER_##id
static const unsigned char of_length[LENGTH_MAX + 1][A_LENGTH_MAX] = {
	[2] = {H(TO)},
	[3] = {H(VIA)},
	[4] = {H(FROM), H(CSEQ), H(PATH)},
	[5] = {H(ROUTE), H(ALLOW), H(EVENT)},
	[6] = {H(SERVER), H(REASON), H(ACCEPT)},
	[7] = {H(CONTACT), H(CALL_ID), H(EXPIRES), H(REQUIRE), H(WARNING)},
	[9] = {H(SUPPORTED)},
	[10] = {H(USER_AGENT)},
	[11] = {H(UNSUPPORTED), H(MIN_EXPIRES), H(RETRY_AFTER)},
	[12] = {H(MAX_FORWARDS), H(RECORD_ROUTE), H(CONTENT_TYPE)},
	[13] = {H(AUTHORIZATION), H(PROXY_REQUIRE), H(SERVICE_ROUTE)},
	[14] = {H(CONTENT_LENGTH)},
	[15] = {H(SECURITY_CLIENT), H(SECURITY_SERVER), H(SECURITY_VERIFY)},
	[16] = {H(P_ASSOCIATED_URI), H(WWW_AUTHENTICATE), H(CONTENT_ENCODING)},
	[17] = {H(P_CHARGING_VECTOR)},
	[18] = {H(SUBSCRIPTION_STATE), H(PROXY_AUTHENTICATE)},
	[19] = {H(P_ASSERTED_IDENTITY), H(AUTHENTICATION_INFO),
		H(PROXY_AUTHORIZATION)},
	[20] = {H(P_VISITED_NETWORK_ID), H(P_PREFERRED_IDENTITY)},
	[21] = {H(P_ACCESS_NETWORK_INFO)},
};
#undef H

enum ims_sip_method ims_sip_method_find(struct ims_slice name)
{
	for (size_t i = 1; i < sizeof(methods) / sizeof(methods[0]); i++) {
		const struct method_name *m = &methods[i];

		if (m->len == name.len && !memcmp(m->text, name.at, m->len))
			return (enum ims_sip_method)i;
	}
	return IMS_SIP_METHOD_OTHER;
}

static enum ims_sip_header_id find_compact(struct ims_slice name)
{
	for (size_t i = 1; i < IMS_SIP_N_HEADERS; i++) {
		const char *compact = headers[i].compact;

		if (compact && ims_same_nocase(name.at, compact, 1))
			return (enum ims_sip_header_id)i;
	}
	return IMS_SIP_HEADER_OTHER;
}

enum ims_sip_header_id ims_sip_header_find(struct ims_slice name)
{
	const unsigned char *ids;

	if (name.len == 1)
		return find_compact(name);
	if (name.len > LENGTH_MAX)
		return IMS_SIP_HEADER_OTHER;
	ids = of_length[name.len];
	for (size_t i = 0; i < A_LENGTH_MAX && ids[i]; i++)
		if (ims_slice_equal_nocase(
			    name, ims_slice(headers[ids[i]].text, name.len)))
			return (enum ims_sip_header_id)ids[i];
	return IMS_SIP_HEADER_OTHER;
}

const char *ims_sip_header_name(enum ims_sip_header_id id)
{
	return id < IMS_SIP_N_HEADERS ? headers[id].text : NULL;
}
