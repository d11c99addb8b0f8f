/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Methods and header fields by name. Names are in one table each. */
#ifndef IMS_SIP_NAMES_H
#define IMS_SIP_NAMES_H

#include <ims/attributes.h>
#include <ims/slice.h>

/* RFC 3261 and its extensions; methods are case-sensitive (7.1). */
#define IMS_SIP_METHODS(X) \
	X(REGISTER)        \
	X(INVITE)          \
	X(ACK)             \
	X(BYE)             \
	X(CANCEL)          \
	X(OPTIONS)         \
	X(SUBSCRIBE)       \
	X(NOTIFY)          \
	X(PUBLISH)         \
	X(MESSAGE)         \
	X(INFO)            \
	X(PRACK)           \
	X(UPDATE)          \
	X(REFER)

enum ims_sip_method {
	IMS_SIP_METHOD_OTHER,
#define X(name) IMS_SIP_METHOD_##name,
	IMS_SIP_METHODS(X)
#undef X
};

/* X(C name, name on the wire, compact form or NULL) */
#define IMS_SIP_HEADERS(X)                                      \
	X(ACCEPT, "Accept", NULL)                               \
	X(ALLOW, "Allow", NULL)                                 \
	X(AUTHENTICATION_INFO, "Authentication-Info", NULL)     \
	X(AUTHORIZATION, "Authorization", NULL)                 \
	X(CALL_ID, "Call-ID", "i")                              \
	X(CONTACT, "Contact", "m")                              \
	X(CONTENT_ENCODING, "Content-Encoding", "e")            \
	X(CONTENT_LENGTH, "Content-Length", "l")                \
	X(CONTENT_TYPE, "Content-Type", "c")                    \
	X(CSEQ, "CSeq", NULL)                                   \
	X(EVENT, "Event", "o")                                  \
	X(EXPIRES, "Expires", NULL)                             \
	X(FROM, "From", "f")                                    \
	X(MAX_FORWARDS, "Max-Forwards", NULL)                   \
	X(MIN_EXPIRES, "Min-Expires", NULL)                     \
	X(P_ACCESS_NETWORK_INFO, "P-Access-Network-Info", NULL) \
	X(P_ASSERTED_IDENTITY, "P-Asserted-Identity", NULL)     \
	X(P_ASSOCIATED_URI, "P-Associated-URI", NULL)           \
	X(P_CHARGING_VECTOR, "P-Charging-Vector", NULL)         \
	X(P_PREFERRED_IDENTITY, "P-Preferred-Identity", NULL)   \
	X(P_VISITED_NETWORK_ID, "P-Visited-Network-ID", NULL)   \
	X(PATH, "Path", NULL)                                   \
	X(PROXY_AUTHENTICATE, "Proxy-Authenticate", NULL)       \
	X(PROXY_AUTHORIZATION, "Proxy-Authorization", NULL)     \
	X(PROXY_REQUIRE, "Proxy-Require", NULL)                 \
	X(REASON, "Reason", NULL)                               \
	X(RECORD_ROUTE, "Record-Route", NULL)                   \
	X(REQUIRE, "Require", NULL)                             \
	X(RETRY_AFTER, "Retry-After", NULL)                     \
	X(ROUTE, "Route", NULL)                                 \
	X(SECURITY_CLIENT, "Security-Client", NULL)             \
	X(SECURITY_SERVER, "Security-Server", NULL)             \
	X(SECURITY_VERIFY, "Security-Verify", NULL)             \
	X(SERVER, "Server", NULL)                               \
	X(SERVICE_ROUTE, "Service-Route", NULL)                 \
	X(SUBSCRIPTION_STATE, "Subscription-State", NULL)       \
	X(SUPPORTED, "Supported", "k")                          \
	X(TO, "To", "t")                                        \
	X(UNSUPPORTED, "Unsupported", NULL)                     \
	X(USER_AGENT, "User-Agent", NULL)                       \
	X(VIA, "Via", "v")                                      \
	X(WARNING, "Warning", NULL)                             \
	X(WWW_AUTHENTICATE, "WWW-Authenticate", NULL)

enum ims_sip_header_id {
	IMS_SIP_HEADER_OTHER,
#define X(id, name, compact) IMS_SIP_HEADER_##id,
	IMS_SIP_HEADERS(X)
#undef X
	IMS_SIP_N_HEADERS
};

/* OTHER for an extension method. */
enum ims_sip_method ims_sip_method_find(struct ims_slice name);

/* By full or compact name, case ignored, compared whole. */
enum ims_sip_header_id ims_sip_header_find(struct ims_slice name);

/* The full name; NULL for OTHER. */
const char *ims_sip_header_name(enum ims_sip_header_id id);

#endif
