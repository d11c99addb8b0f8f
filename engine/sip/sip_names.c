// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_names.h"

#include "sip_find.h"

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
	size_t len;
	const char *compact; /* NULL: none */
};

static const struct header_name headers[IMS_SIP_N_HEADERS] = {
#define X(id, text, compact) \
	[IMS_SIP_HEADER_##id] = {text, sizeof(text) - 1, compact},
	IMS_SIP_HEADERS(X)
#undef X
};

/*
 * No two names have their length, first and last letter in common, and these
 * factors give each a slot of its own: two in one slot do not compile, and a
 * header that is missing here is found missing by the test that looks up every
 * name.
 */
#define N_SLOTS		       128u
#define SLOT(len, first, last) (((len)*11u + (first)*2u + (last)*1u) % N_SLOTS)

static const unsigned char slots[N_SLOTS] = {
	[SLOT(6, 'a', 't')] = IMS_SIP_HEADER_ACCEPT,
	[SLOT(5, 'a', 'w')] = IMS_SIP_HEADER_ALLOW,
	[SLOT(19, 'a', 'o')] = IMS_SIP_HEADER_AUTHENTICATION_INFO,
	[SLOT(13, 'a', 'n')] = IMS_SIP_HEADER_AUTHORIZATION,
	[SLOT(7, 'c', 'd')] = IMS_SIP_HEADER_CALL_ID,
	[SLOT(7, 'c', 't')] = IMS_SIP_HEADER_CONTACT,
	[SLOT(16, 'c', 'g')] = IMS_SIP_HEADER_CONTENT_ENCODING,
	[SLOT(14, 'c', 'h')] = IMS_SIP_HEADER_CONTENT_LENGTH,
	[SLOT(12, 'c', 'e')] = IMS_SIP_HEADER_CONTENT_TYPE,
	[SLOT(4, 'c', 'q')] = IMS_SIP_HEADER_CSEQ,
	[SLOT(5, 'e', 't')] = IMS_SIP_HEADER_EVENT,
	[SLOT(7, 'e', 's')] = IMS_SIP_HEADER_EXPIRES,
	[SLOT(4, 'f', 'm')] = IMS_SIP_HEADER_FROM,
	[SLOT(12, 'm', 's')] = IMS_SIP_HEADER_MAX_FORWARDS,
	[SLOT(11, 'm', 's')] = IMS_SIP_HEADER_MIN_EXPIRES,
	[SLOT(21, 'p', 'o')] = IMS_SIP_HEADER_P_ACCESS_NETWORK_INFO,
	[SLOT(19, 'p', 'y')] = IMS_SIP_HEADER_P_ASSERTED_IDENTITY,
	[SLOT(16, 'p', 'i')] = IMS_SIP_HEADER_P_ASSOCIATED_URI,
	[SLOT(17, 'p', 'r')] = IMS_SIP_HEADER_P_CHARGING_VECTOR,
	[SLOT(20, 'p', 'y')] = IMS_SIP_HEADER_P_PREFERRED_IDENTITY,
	[SLOT(20, 'p', 'd')] = IMS_SIP_HEADER_P_VISITED_NETWORK_ID,
	[SLOT(4, 'p', 'h')] = IMS_SIP_HEADER_PATH,
	[SLOT(18, 'p', 'e')] = IMS_SIP_HEADER_PROXY_AUTHENTICATE,
	[SLOT(19, 'p', 'n')] = IMS_SIP_HEADER_PROXY_AUTHORIZATION,
	[SLOT(13, 'p', 'e')] = IMS_SIP_HEADER_PROXY_REQUIRE,
	[SLOT(6, 'r', 'n')] = IMS_SIP_HEADER_REASON,
	[SLOT(12, 'r', 'e')] = IMS_SIP_HEADER_RECORD_ROUTE,
	[SLOT(7, 'r', 'e')] = IMS_SIP_HEADER_REQUIRE,
	[SLOT(11, 'r', 'r')] = IMS_SIP_HEADER_RETRY_AFTER,
	[SLOT(5, 'r', 'e')] = IMS_SIP_HEADER_ROUTE,
	[SLOT(15, 's', 't')] = IMS_SIP_HEADER_SECURITY_CLIENT,
	[SLOT(15, 's', 'r')] = IMS_SIP_HEADER_SECURITY_SERVER,
	[SLOT(15, 's', 'y')] = IMS_SIP_HEADER_SECURITY_VERIFY,
	[SLOT(6, 's', 'r')] = IMS_SIP_HEADER_SERVER,
	[SLOT(13, 's', 'e')] = IMS_SIP_HEADER_SERVICE_ROUTE,
	[SLOT(18, 's', 'e')] = IMS_SIP_HEADER_SUBSCRIPTION_STATE,
	[SLOT(9, 's', 'd')] = IMS_SIP_HEADER_SUPPORTED,
	[SLOT(2, 't', 'o')] = IMS_SIP_HEADER_TO,
	[SLOT(11, 'u', 'd')] = IMS_SIP_HEADER_UNSUPPORTED,
	[SLOT(10, 'u', 't')] = IMS_SIP_HEADER_USER_AGENT,
	[SLOT(3, 'v', 'a')] = IMS_SIP_HEADER_VIA,
	[SLOT(7, 'w', 'g')] = IMS_SIP_HEADER_WARNING,
	[SLOT(16, 'w', 'e')] = IMS_SIP_HEADER_WWW_AUTHENTICATE,
};

enum ims_sip_method ims_sip_method_find(struct ims_slice name)
{
	for (size_t i = 1; i < sizeof(methods) / sizeof(methods[0]); i++) {
		const struct method_name *m = &methods[i];

		if (m->len == name.len && !memcmp(m->text, name.at, m->len))
			return (enum ims_sip_method)i;
	}
	return IMS_SIP_METHOD_OTHER;
}

static __attribute__((noinline)) enum ims_sip_header_id find_compact(
	struct ims_slice name)
{
	for (size_t i = 1; i < IMS_SIP_N_HEADERS; i++) {
		const char *compact = headers[i].compact;

		if (compact && ims_same_nocase(name.at, compact, 1))
			return (enum ims_sip_header_id)i;
	}
	return IMS_SIP_HEADER_OTHER;
}

/* Of a letter the small one. */
static unsigned small(char c)
{
	return (unsigned char)c | 0x20u;
}

/* Where it is spelt otherwise. Apart, as the compact ones are: so the
   way that nearly all go keeps nothing on the stack. */
static __attribute__((noinline)) enum ims_sip_header_id find_otherwise(
	struct ims_slice name, enum ims_sip_header_id id)
{
	return ims_same_nocase(name.at, headers[id].text, name.len)
		       ? id
		       : IMS_SIP_HEADER_OTHER;
}

enum ims_sip_header_id ims_sip_header_find(struct ims_slice name)
{
	enum ims_sip_header_id id;

	if (name.len <= 1)
		return name.len ? find_compact(name) : IMS_SIP_HEADER_OTHER;
	id = (enum ims_sip_header_id)
		slots[SLOT((unsigned)name.len, small(name.at[0]),
			   small(name.at[name.len - 1]))];
	if (headers[id].len != name.len)
		return IMS_SIP_HEADER_OTHER;
	return ims_sip_is_spelt(name.at, headers[id].text, name.len)
		       ? id
		       : find_otherwise(name, id);
}

const char *ims_sip_header_name(enum ims_sip_header_id id)
{
	return id < IMS_SIP_N_HEADERS ? headers[id].text : NULL;
}
