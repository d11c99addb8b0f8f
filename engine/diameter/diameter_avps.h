/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The AVPs that are known by name, each once. */
#ifndef IMS_DIAMETER_AVPS_H
#define IMS_DIAMETER_AVPS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * X(C name, vendor, code, name), in order of vendor, then code. No code
 * stands twice: they are found by it, and the vendor is compared.
 */
#define IMS_DIAMETER_AVPS(X)                                                  \
	/* RFC 6733 4.5, RFC 7155 */                                          \
	X(USER_NAME, 0, 1, "User-Name")                                       \
	X(FRAMED_IP_ADDRESS, 0, 8, "Framed-IP-Address")                       \
	X(CLASS, 0, 25, "Class")                                              \
	X(SESSION_TIMEOUT, 0, 27, "Session-Timeout")                          \
	X(CALLED_STATION_ID, 0, 30, "Called-Station-Id")                      \
	X(PROXY_STATE, 0, 33, "Proxy-State")                                  \
	X(EVENT_TIMESTAMP, 0, 55, "Event-Timestamp")                          \
	X(FRAMED_IPV6_PREFIX, 0, 97, "Framed-IPv6-Prefix")                    \
	/* RFC 5090 3, used by RFC 4740 9.5 and TS 29.229 6.3.36 */           \
	X(DIGEST_RESPONSE, 0, 103, "Digest-Response")                         \
	X(DIGEST_REALM, 0, 104, "Digest-Realm")                               \
	X(DIGEST_NONCE, 0, 105, "Digest-Nonce")                               \
	X(DIGEST_RESPONSE_AUTH, 0, 106, "Digest-Response-Auth")               \
	X(DIGEST_NEXTNONCE, 0, 107, "Digest-Nextnonce")                       \
	X(DIGEST_METHOD, 0, 108, "Digest-Method")                             \
	X(DIGEST_URI, 0, 109, "Digest-URI")                                   \
	X(DIGEST_QOP, 0, 110, "Digest-Qop")                                   \
	X(DIGEST_ALGORITHM, 0, 111, "Digest-Algorithm")                       \
	X(DIGEST_ENTITY_BODY_HASH, 0, 112, "Digest-Entity-Body-Hash")         \
	X(DIGEST_CNONCE, 0, 113, "Digest-CNonce")                             \
	X(DIGEST_NONCE_COUNT, 0, 114, "Digest-Nonce-Count")                   \
	X(DIGEST_USERNAME, 0, 115, "Digest-Username")                         \
	X(DIGEST_OPAQUE, 0, 116, "Digest-Opaque")                             \
	X(DIGEST_AUTH_PARAM, 0, 117, "Digest-Auth-Param")                     \
	X(DIGEST_AKA_AUTS, 0, 118, "Digest-AKA-Auts")                         \
	X(DIGEST_DOMAIN, 0, 119, "Digest-Domain")                             \
	X(DIGEST_STALE, 0, 120, "Digest-Stale")                               \
	X(DIGEST_HA1, 0, 121, "Digest-HA1")                                   \
	X(SIP_AOR, 0, 122, "SIP-AOR")                                         \
	/* RFC 6733 4.5 */                                                    \
	X(HOST_IP_ADDRESS, 0, 257, "Host-IP-Address")                         \
	X(AUTH_APPLICATION_ID, 0, 258, "Auth-Application-Id")                 \
	X(ACCT_APPLICATION_ID, 0, 259, "Acct-Application-Id")                 \
	X(VENDOR_SPECIFIC_APPLICATION_ID, 0, 260,                             \
	  "Vendor-Specific-Application-Id")                                   \
	X(REDIRECT_HOST_USAGE, 0, 261, "Redirect-Host-Usage")                 \
	X(REDIRECT_MAX_CACHE_TIME, 0, 262, "Redirect-Max-Cache-Time")         \
	X(SESSION_ID, 0, 263, "Session-Id")                                   \
	X(ORIGIN_HOST, 0, 264, "Origin-Host")                                 \
	X(SUPPORTED_VENDOR_ID, 0, 265, "Supported-Vendor-Id")                 \
	X(VENDOR_ID, 0, 266, "Vendor-Id")                                     \
	X(FIRMWARE_REVISION, 0, 267, "Firmware-Revision")                     \
	X(RESULT_CODE, 0, 268, "Result-Code")                                 \
	X(PRODUCT_NAME, 0, 269, "Product-Name")                               \
	X(SESSION_BINDING, 0, 270, "Session-Binding")                         \
	X(SESSION_SERVER_FAILOVER, 0, 271, "Session-Server-Failover")         \
	X(MULTI_ROUND_TIME_OUT, 0, 272, "Multi-Round-Time-Out")               \
	X(DISCONNECT_CAUSE, 0, 273, "Disconnect-Cause")                       \
	X(AUTH_REQUEST_TYPE, 0, 274, "Auth-Request-Type")                     \
	X(AUTH_GRACE_PERIOD, 0, 276, "Auth-Grace-Period")                     \
	X(AUTH_SESSION_STATE, 0, 277, "Auth-Session-State")                   \
	X(ORIGIN_STATE_ID, 0, 278, "Origin-State-Id")                         \
	X(FAILED_AVP, 0, 279, "Failed-AVP")                                   \
	X(PROXY_HOST, 0, 280, "Proxy-Host")                                   \
	X(ERROR_MESSAGE, 0, 281, "Error-Message")                             \
	X(ROUTE_RECORD, 0, 282, "Route-Record")                               \
	X(DESTINATION_REALM, 0, 283, "Destination-Realm")                     \
	X(PROXY_INFO, 0, 284, "Proxy-Info")                                   \
	X(RE_AUTH_REQUEST_TYPE, 0, 285, "Re-Auth-Request-Type")               \
	X(ACCOUNTING_SUB_SESSION_ID, 0, 287, "Accounting-Sub-Session-Id")     \
	X(AUTHORIZATION_LIFETIME, 0, 291, "Authorization-Lifetime")           \
	X(REDIRECT_HOST, 0, 292, "Redirect-Host")                             \
	X(DESTINATION_HOST, 0, 293, "Destination-Host")                       \
	X(ERROR_REPORTING_HOST, 0, 294, "Error-Reporting-Host")               \
	X(TERMINATION_CAUSE, 0, 295, "Termination-Cause")                     \
	X(ORIGIN_REALM, 0, 296, "Origin-Realm")                               \
	X(EXPERIMENTAL_RESULT, 0, 297, "Experimental-Result")                 \
	X(EXPERIMENTAL_RESULT_CODE, 0, 298, "Experimental-Result-Code")       \
	X(INBAND_SECURITY_ID, 0, 299, "Inband-Security-Id")                   \
	/* RFC 4740 9 */                                                      \
	X(SIP_ACCOUNTING_INFORMATION, 0, 368, "SIP-Accounting-Information")   \
	X(SIP_ACCOUNTING_SERVER_URI, 0, 369, "SIP-Accounting-Server-URI")     \
	X(SIP_CREDIT_CONTROL_SERVER_URI, 0, 370,                              \
	  "SIP-Credit-Control-Server-URI")                                    \
	X(SIP_SERVER_URI, 0, 371, "SIP-Server-URI")                           \
	X(SIP_SERVER_CAPABILITIES, 0, 372, "SIP-Server-Capabilities")         \
	X(SIP_MANDATORY_CAPABILITY, 0, 373, "SIP-Mandatory-Capability")       \
	X(SIP_OPTIONAL_CAPABILITY, 0, 374, "SIP-Optional-Capability")         \
	X(SIP_SERVER_ASSIGNMENT_TYPE, 0, 375, "SIP-Server-Assignment-Type")   \
	X(SIP_AUTH_DATA_ITEM, 0, 376, "SIP-Auth-Data-Item")                   \
	X(SIP_AUTHENTICATION_SCHEME, 0, 377, "SIP-Authentication-Scheme")     \
	X(SIP_ITEM_NUMBER, 0, 378, "SIP-Item-Number")                         \
	X(SIP_AUTHENTICATE, 0, 379, "SIP-Authenticate")                       \
	X(SIP_AUTHORIZATION, 0, 380, "SIP-Authorization")                     \
	X(SIP_AUTHENTICATION_INFO, 0, 381, "SIP-Authentication-Info")         \
	X(SIP_NUMBER_AUTH_ITEMS, 0, 382, "SIP-Number-Auth-Items")             \
	X(SIP_DEREGISTRATION_REASON, 0, 383, "SIP-Deregistration-Reason")     \
	X(SIP_REASON_CODE, 0, 384, "SIP-Reason-Code")                         \
	X(SIP_REASON_INFO, 0, 385, "SIP-Reason-Info")                         \
	X(SIP_VISITED_NETWORK_ID, 0, 386, "SIP-Visited-Network-Id")           \
	X(SIP_USER_AUTHORIZATION_TYPE, 0, 387, "SIP-User-Authorization-Type") \
	X(SIP_SUPPORTED_USER_DATA_TYPE, 0, 388,                               \
	  "SIP-Supported-User-Data-Type")                                     \
	X(SIP_USER_DATA, 0, 389, "SIP-User-Data")                             \
	X(SIP_USER_DATA_TYPE, 0, 390, "SIP-User-Data-Type")                   \
	X(SIP_USER_DATA_CONTENTS, 0, 391, "SIP-User-Data-Contents")           \
	X(SIP_USER_DATA_ALREADY_AVAILABLE, 0, 392,                            \
	  "SIP-User-Data-Already-Available")                                  \
	X(SIP_METHOD, 0, 393, "SIP-Method")                                   \
	/* RFC 8506 8.46 */                                                   \
	X(SUBSCRIPTION_ID, 0, 443, "Subscription-Id")                         \
	X(SUBSCRIPTION_ID_DATA, 0, 444, "Subscription-Id-Data")               \
	X(SUBSCRIPTION_ID_TYPE, 0, 450, "Subscription-Id-Type")               \
	/* Kamailio's own, in its SAR */                                      \
	X(KAMAILIO_CALL_ID, 50, 494, "Call-ID")                               \
	/* TS 29.214 5.3 */                                                   \
	X(ABORT_CAUSE, 10415, 500, "Abort-Cause")                             \
	X(AF_APPLICATION_IDENTIFIER, 10415, 504, "AF-Application-Identifier") \
	X(AF_CHARGING_IDENTIFIER, 10415, 505, "AF-Charging-Identifier")       \
	X(FLOW_DESCRIPTION, 10415, 507, "Flow-Description")                   \
	X(FLOW_NUMBER, 10415, 509, "Flow-Number")                             \
	X(FLOWS, 10415, 510, "Flows")                                         \
	X(FLOW_STATUS, 10415, 511, "Flow-Status")                             \
	X(FLOW_USAGE, 10415, 512, "Flow-Usage")                               \
	X(SPECIFIC_ACTION, 10415, 513, "Specific-Action")                     \
	X(MAX_REQUESTED_BANDWIDTH_DL, 10415, 515,                             \
	  "Max-Requested-Bandwidth-DL")                                       \
	X(MAX_REQUESTED_BANDWIDTH_UL, 10415, 516,                             \
	  "Max-Requested-Bandwidth-UL")                                       \
	X(MEDIA_COMPONENT_DESCRIPTION, 10415, 517,                            \
	  "Media-Component-Description")                                      \
	X(MEDIA_COMPONENT_NUMBER, 10415, 518, "Media-Component-Number")       \
	X(MEDIA_SUB_COMPONENT, 10415, 519, "Media-Sub-Component")             \
	X(MEDIA_TYPE, 10415, 520, "Media-Type")                               \
	X(CODEC_DATA, 10415, 524, "Codec-Data")                               \
	X(SERVICE_URN, 10415, 525, "Service-URN")                             \
	X(SERVICE_INFO_STATUS, 10415, 527, "Service-Info-Status")             \
	X(AF_SIGNALLING_PROTOCOL, 10415, 529, "AF-Signalling-Protocol")       \
	X(RX_REQUEST_TYPE, 10415, 533, "Rx-Request-Type")                     \
	X(REQUIRED_ACCESS_INFO, 10415, 536, "Required-Access-Info")           \
	/* TS 29.229 6.3 */                                                   \
	X(VISITED_NETWORK_IDENTIFIER, 10415, 600,                             \
	  "Visited-Network-Identifier")                                       \
	X(PUBLIC_IDENTITY, 10415, 601, "Public-Identity")                     \
	X(SERVER_NAME, 10415, 602, "Server-Name")                             \
	X(SERVER_CAPABILITIES, 10415, 603, "Server-Capabilities")             \
	X(MANDATORY_CAPABILITY, 10415, 604, "Mandatory-Capability")           \
	X(OPTIONAL_CAPABILITY, 10415, 605, "Optional-Capability")             \
	X(USER_DATA, 10415, 606, "User-Data")                                 \
	X(CX_SIP_NUMBER_AUTH_ITEMS, 10415, 607, "SIP-Number-Auth-Items")      \
	X(CX_SIP_AUTHENTICATION_SCHEME, 10415, 608,                           \
	  "SIP-Authentication-Scheme")                                        \
	X(CX_SIP_AUTHENTICATE, 10415, 609, "SIP-Authenticate")                \
	X(CX_SIP_AUTHORIZATION, 10415, 610, "SIP-Authorization")              \
	X(SIP_AUTHENTICATION_CONTEXT, 10415, 611,                             \
	  "SIP-Authentication-Context")                                       \
	X(CX_SIP_AUTH_DATA_ITEM, 10415, 612, "SIP-Auth-Data-Item")            \
	X(CX_SIP_ITEM_NUMBER, 10415, 613, "SIP-Item-Number")                  \
	X(SERVER_ASSIGNMENT_TYPE, 10415, 614, "Server-Assignment-Type")       \
	X(DEREGISTRATION_REASON, 10415, 615, "Deregistration-Reason")         \
	X(REASON_CODE, 10415, 616, "Reason-Code")                             \
	X(REASON_INFO, 10415, 617, "Reason-Info")                             \
	X(CHARGING_INFORMATION, 10415, 618, "Charging-Information")           \
	X(PRIMARY_EVENT_CHARGING_FUNCTION_NAME, 10415, 619,                   \
	  "Primary-Event-Charging-Function-Name")                             \
	X(SECONDARY_EVENT_CHARGING_FUNCTION_NAME, 10415, 620,                 \
	  "Secondary-Event-Charging-Function-Name")                           \
	X(PRIMARY_CHARGING_COLLECTION_FUNCTION_NAME, 10415, 621,              \
	  "Primary-Charging-Collection-Function-Name")                        \
	X(SECONDARY_CHARGING_COLLECTION_FUNCTION_NAME, 10415, 622,            \
	  "Secondary-Charging-Collection-Function-Name")                      \
	X(USER_AUTHORIZATION_TYPE, 10415, 623, "User-Authorization-Type")     \
	X(USER_DATA_ALREADY_AVAILABLE, 10415, 624,                            \
	  "User-Data-Already-Available")                                      \
	X(CONFIDENTIALITY_KEY, 10415, 625, "Confidentiality-Key")             \
	X(INTEGRITY_KEY, 10415, 626, "Integrity-Key")                         \
	X(SUPPORTED_FEATURES, 10415, 628, "Supported-Features")               \
	X(FEATURE_LIST_ID, 10415, 629, "Feature-List-ID")                     \
	X(FEATURE_LIST, 10415, 630, "Feature-List")                           \
	X(SUPPORTED_APPLICATIONS, 10415, 631, "Supported-Applications")       \
	X(ASSOCIATED_IDENTITIES, 10415, 632, "Associated-Identities")         \
	X(ORIGINATING_REQUEST, 10415, 633, "Originating-Request")             \
	X(WILDCARDED_PUBLIC_IDENTITY, 10415, 634,                             \
	  "Wildcarded-Public-Identity")                                       \
	X(SIP_DIGEST_AUTHENTICATE, 10415, 635, "SIP-Digest-Authenticate")     \
	X(WILDCARDED_IMPU, 10415, 636, "Wildcarded-IMPU")                     \
	X(UAR_FLAGS, 10415, 637, "UAR-Flags")                                 \
	X(LOOSE_ROUTE_INDICATION, 10415, 638, "Loose-Route-Indication")       \
	X(SCSCF_RESTORATION_INFO, 10415, 639, "SCSCF-Restoration-Info")       \
	X(PATH, 10415, 640, "Path")                                           \
	X(CONTACT, 10415, 641, "Contact")                                     \
	X(SUBSCRIPTION_INFO, 10415, 642, "Subscription-Info")                 \
	X(CALL_ID_SIP_HEADER, 10415, 643, "Call-ID-SIP-Header")               \
	X(FROM_SIP_HEADER, 10415, 644, "From-SIP-Header")                     \
	X(TO_SIP_HEADER, 10415, 645, "To-SIP-Header")                         \
	X(RECORD_ROUTE, 10415, 646, "Record-Route")                           \
	X(ASSOCIATED_REGISTERED_IDENTITIES, 10415, 647,                       \
	  "Associated-Registered-Identities")                                 \
	X(MULTIPLE_REGISTRATION_INDICATION, 10415, 648,                       \
	  "Multiple-Registration-Indication")                                 \
	X(RESTORATION_INFO, 10415, 649, "Restoration-Info")                   \
	X(SESSION_PRIORITY, 10415, 650, "Session-Priority")                   \
	X(IDENTITY_WITH_EMERGENCY_REGISTRATION, 10415, 651,                   \
	  "Identity-with-Emergency-Registration")                             \
	X(PRIVILEGED_SENDER_INDICATION, 10415, 652,                           \
	  "Priviledged-Sender-Indication")                                    \
	X(LIA_FLAGS, 10415, 653, "LIA-Flags")                                 \
	X(INITIAL_CSEQ_SEQUENCE_NUMBER, 10415, 654,                           \
	  "Initial-CSeq-Sequence-Number")                                     \
	X(SAR_FLAGS, 10415, 655, "SAR-Flags")

enum ims_diameter_avp_id {
	IMS_AVP_OTHER,
#define X(id, vendor, code, name) IMS_AVP_##id,
	IMS_DIAMETER_AVPS(X)
#undef X
	IMS_DIAMETER_N_AVPS
};

/* OTHER where the table has no such AVP. */
enum ims_diameter_avp_id ims_diameter_avp_find(uint32_t vendor, uint32_t code);

/* Whether its value is AVPs. */
bool ims_diameter_avp_is_grouped(enum ims_diameter_avp_id id);

#endif
