// SPDX-License-Identifier: GPL-2.0-or-later
/* Which AVP, where, fills which field of the facts: tables. */
#include "diameter_reader.h"

/* Keeps a text or bytes. The first of its kind counts. */
static void read_text(struct ims_diameter_reader *reader,
		      const struct ims_diameter_avp *avp, void *field)
{
	struct ims_slice *text = field;

	if (ims_slice_is_set(*text))
		return;
	if (reader->copy.at)
		*text = ims_slice(reader->copy.at +
					  (avp->value.at - reader->bytes.at),
				  avp->value.len);
	else
		*text = ims_arena_copy(reader->arena, avp->value);
	if (!ims_slice_is_set(*text))
		reader->no_memory = true;
}

static bool is_u32(struct ims_diameter_reader *reader,
		   const struct ims_diameter_avp *avp)
{
	if (avp->value.len == 4)
		return true;
	ims_diameter_malformed(reader, IMS_DIAMETER_FLAW_VALUE, avp);
	return false;
}

/* Unsigned32 or Enumerated, into an int64_t that is -1 as long as unset. */
static void read_number(struct ims_diameter_reader *reader,
			const struct ims_diameter_avp *avp, void *field)
{
	int64_t *number = field;

	if (is_u32(reader, avp) && *number == -1)
		*number = ims_diameter_u32(avp->value.at);
}

static void read_into_texts(struct ims_diameter_reader *reader,
			    const struct ims_diameter_avp *avp, void *field)
{
	struct ims_text_list *list = field;

	if (list->n == IMS_DIAMETER_MAX_LIST) {
		ims_diameter_flaw(reader, IMS_DIAMETER_FLAW_MANY, avp->offset);
		return;
	}
	list->at[list->n] = (struct ims_slice){0};
	read_text(reader, avp, &list->at[list->n++]);
}

static void read_into_numbers(struct ims_diameter_reader *reader,
			      const struct ims_diameter_avp *avp, void *field)
{
	struct ims_number_list *list = field;

	if (!is_u32(reader, avp))
		return;
	if (list->n == IMS_DIAMETER_MAX_LIST)
		ims_diameter_flaw(reader, IMS_DIAMETER_FLAW_MANY, avp->offset);
	else
		list->at[list->n++] = ims_diameter_u32(avp->value.at);
}

static void read_presence(struct ims_diameter_reader *reader,
			  const struct ims_diameter_avp *avp, void *field)
{
	(void)reader;
	(void)avp;
	*(bool *)field = true;
}

static void read_count(struct ims_diameter_reader *reader,
		       const struct ims_diameter_avp *avp, void *field)
{
	(void)reader;
	(void)avp;
	++*(size_t *)field;
}

/* The profile is read from the message itself: no copy of it is kept. */
static void read_user_data(struct ims_diameter_reader *reader,
			   const struct ims_diameter_avp *avp, void *field)
{
	struct ims_slice *text = field;

	if (ims_slice_is_set(*text))
		return;
	*text = avp->value;
	reader->user_data_offset = avp->offset;
}

static void read_ipv4(struct ims_diameter_reader *reader,
		      const struct ims_diameter_avp *avp, void *field)
{
	struct ims_address *address = field;

	if (!is_u32(reader, avp) || address->family)
		return;
	address->family = 4;
	memcpy(address->bytes, avp->value.at, avp->value.len);
}

/* Framed-IPv6-Prefix: a reserved byte, the prefix's length, its bytes. */
static void read_ipv6(struct ims_diameter_reader *reader,
		      const struct ims_diameter_avp *avp, void *field)
{
	struct ims_address *address = field;

	if (avp->value.len < 2 || avp->value.len > 2 + sizeof(address->bytes))
		ims_diameter_malformed(reader, IMS_DIAMETER_FLAW_VALUE, avp);
	else if (address->family == 0) {
		address->family = 6;
		memcpy(address->bytes, avp->value.at + 2, avp->value.len - 2);
	}
}

static void read_auth_item(struct ims_diameter_reader *reader,
			   const struct ims_diameter_avp *avp, void *field)
{
	struct ims_auth_item **open = field;

	*open = NULL;
	if (reader->n_auth_items == IMS_DIAMETER_MAX_LIST) {
		ims_diameter_flaw(reader, IMS_DIAMETER_FLAW_MANY, avp->offset);
		return;
	}
	*open = &reader->auth_items[reader->n_auth_items++];
	**open = (struct ims_auth_item){.item_number = -1};
}

/* RFC 4740 9.5.1 has numbers for schemes, and only this one. */
static void read_scheme_number(struct ims_diameter_reader *reader,
			       const struct ims_diameter_avp *avp, void *field)
{
	if (is_u32(reader, avp) && ims_diameter_u32(avp->value.at) == 0)
		*(struct ims_slice *)field = ims_slice_of("DIGEST");
}

/* X(whose, the place, the AVP, how it is read, into which member) */
#define FIELDS(X)                                                              \
	X(FACT, MESSAGE, SESSION_ID, text, session_id)                         \
	X(FACT, MESSAGE, ORIGIN_HOST, text, origin_host)                       \
	X(FACT, MESSAGE, ORIGIN_REALM, text, origin_realm)                     \
	X(FACT, MESSAGE, DESTINATION_HOST, text, destination_host)             \
	X(FACT, MESSAGE, DESTINATION_REALM, text, destination_realm)           \
	X(FACT, MESSAGE, ROUTE_RECORD, count, n_route_records)                 \
	X(FACT, MESSAGE, USER_NAME, text, user_name)                           \
	X(FACT, MESSAGE, ERROR_MESSAGE, text, error_message)                   \
	X(FACT, MESSAGE, ERROR_REPORTING_HOST, text, error_reporting_host)     \
	X(FACT, MESSAGE, PRODUCT_NAME, text, product_name)                     \
	X(FACT, MESSAGE, DISCONNECT_CAUSE, number, disconnect_cause)           \
	X(FACT, MESSAGE, KAMAILIO_CALL_ID, text, call_id)                      \
	X(FACT, MESSAGE, VISITED_NETWORK_IDENTIFIER, text, visited_network)    \
	X(FACT, MESSAGE, SIP_VISITED_NETWORK_ID, text, visited_network)        \
	X(FACT, MESSAGE, SERVER_NAME, text, server_name)                       \
	X(FACT, MESSAGE, SIP_SERVER_URI, text, server_name)                    \
	X(FACT, MESSAGE, SERVER_CAPABILITIES, presence, has_capabilities)      \
	X(FACT, MESSAGE, SIP_SERVER_CAPABILITIES, presence, has_capabilities)  \
	X(FACT, MESSAGE, USER_AUTHORIZATION_TYPE, number, authorization_type)  \
	X(FACT, MESSAGE, SIP_USER_AUTHORIZATION_TYPE, number,                  \
	  authorization_type)                                                  \
	X(FACT, MESSAGE, SERVER_ASSIGNMENT_TYPE, number, assignment_type)      \
	X(FACT, MESSAGE, SIP_SERVER_ASSIGNMENT_TYPE, number, assignment_type)  \
	X(FACT, MESSAGE, USER_DATA_ALREADY_AVAILABLE, number,                  \
	  data_already_available)                                              \
	X(FACT, MESSAGE, SIP_USER_DATA_ALREADY_AVAILABLE, number,              \
	  data_already_available)                                              \
	X(FACT, MESSAGE, CX_SIP_NUMBER_AUTH_ITEMS, number, number_auth_items)  \
	X(FACT, MESSAGE, SIP_NUMBER_AUTH_ITEMS, number, number_auth_items)     \
	X(FACT, MESSAGE, CHARGING_INFORMATION, presence, has_charging)         \
	X(FACT, MESSAGE, SIP_ACCOUNTING_INFORMATION, presence, has_charging)   \
	X(FACT, MESSAGE, IDENTITY_WITH_EMERGENCY_REGISTRATION, presence,       \
	  keeps_emergency)                                                     \
	X(FACT, REASON, REASON_CODE, number, reason_code)                      \
	X(FACT, REASON, SIP_REASON_CODE, number, reason_code)                  \
	X(FACT, REASON, REASON_INFO, text, reason_info)                        \
	X(FACT, REASON, SIP_REASON_INFO, text, reason_info)                    \
	X(FACT, MESSAGE, FRAMED_IP_ADDRESS, ipv4, framed_ip)                   \
	X(FACT, MESSAGE, FRAMED_IPV6_PREFIX, ipv6, framed_ip)                  \
	X(FACT, MESSAGE, RX_REQUEST_TYPE, number, rx_request_type)             \
	X(FACT, MESSAGE, ABORT_CAUSE, number, abort_cause)                     \
	X(READER, MESSAGE, RESULT_CODE, number, result_code)                   \
	X(READER, RESULT, VENDOR_ID, number, experimental_vendor)              \
	X(READER, RESULT, EXPERIMENTAL_RESULT_CODE, number, experimental_code) \
	X(READER, MESSAGE, REDIRECT_HOST, into_texts, redirect_hosts)          \
	X(READER, MESSAGE, PUBLIC_IDENTITY, into_texts, public_identities)     \
	X(READER, MESSAGE, SIP_AOR, into_texts, public_identities)             \
	X(READER, ASSOCIATED, USER_NAME, into_texts, associated_identities)    \
	X(READER, MESSAGE, AUTH_APPLICATION_ID, into_numbers, applications)    \
	X(READER, MESSAGE, ACCT_APPLICATION_ID, into_numbers, applications)    \
	X(READER, APPLICATION, AUTH_APPLICATION_ID, into_numbers,              \
	  applications)                                                        \
	X(READER, APPLICATION, ACCT_APPLICATION_ID, into_numbers,              \
	  applications)                                                        \
	X(READER, CAPABILITIES, MANDATORY_CAPABILITY, into_numbers,            \
	  mandatory_capabilities)                                              \
	X(READER, CAPABILITIES, SIP_MANDATORY_CAPABILITY, into_numbers,        \
	  mandatory_capabilities)                                              \
	X(READER, CAPABILITIES, OPTIONAL_CAPABILITY, into_numbers,             \
	  optional_capabilities)                                               \
	X(READER, CAPABILITIES, SIP_OPTIONAL_CAPABILITY, into_numbers,         \
	  optional_capabilities)                                               \
	X(READER, CAPABILITIES, SERVER_NAME, into_texts, capability_servers)   \
	X(READER, CAPABILITIES, SIP_SERVER_URI, into_texts,                    \
	  capability_servers)                                                  \
	X(READER, MESSAGE, USER_DATA, user_data, user_data)                    \
	X(READER, USER_DATA, SIP_USER_DATA_CONTENTS, user_data, user_data)     \
	X(READER, MESSAGE, CX_SIP_AUTH_DATA_ITEM, auth_item, auth_item)        \
	X(READER, MESSAGE, SIP_AUTH_DATA_ITEM, auth_item, auth_item)           \
	X(ITEM, AUTH_ITEM, CX_SIP_ITEM_NUMBER, number, item_number)            \
	X(ITEM, AUTH_ITEM, SIP_ITEM_NUMBER, number, item_number)               \
	X(ITEM, AUTH_ITEM, CX_SIP_AUTHENTICATION_SCHEME, text, scheme)         \
	X(ITEM, AUTH_ITEM, SIP_AUTHENTICATION_SCHEME, scheme_number, scheme)   \
	X(ITEM, AUTH_ITEM, CX_SIP_AUTHENTICATE, text, authenticate)            \
	X(ITEM, AUTH_ITEM, CX_SIP_AUTHORIZATION, text, authorization)          \
	X(ITEM, AUTH_ITEM, CONFIDENTIALITY_KEY, text, ck)                      \
	X(ITEM, AUTH_ITEM, INTEGRITY_KEY, text, ik)                            \
	X(ITEM, AUTH_ITEM, SIP_DIGEST_AUTHENTICATE, presence, has_digest)      \
	X(ITEM, AUTH_ITEM, SIP_AUTHENTICATE, presence, has_digest)             \
	X(ITEM, AUTH_ITEM, SIP_AUTHORIZATION, presence, has_digest)            \
	X(ITEM, DIGEST, DIGEST_REALM, text, digest_realm)                      \
	X(ITEM, DIGEST, DIGEST_ALGORITHM, text, digest_algorithm)              \
	X(ITEM, DIGEST, DIGEST_QOP, text, digest_qop)                          \
	X(ITEM, DIGEST, DIGEST_NONCE, text, digest_nonce)                      \
	X(ITEM, DIGEST, DIGEST_HA1, text, digest_ha1)

/* Whose member it is. */
enum owner {
	FACT,
	ITEM, /* of the open SIP-Auth-Data-Item */
	READER,
};

#define FACT_STRUCT   struct ims_diameter_facts
#define ITEM_STRUCT   struct ims_auth_item
#define READER_STRUCT struct ims_diameter_reader

struct field {
	void (*read)(struct ims_diameter_reader *reader,
		     const struct ims_diameter_avp *avp, void *field);
	enum owner owner;
	uint32_t offset; /* in its owner */
};

enum field_id {
	NO_FIELD,
#define X(owner, place, id, read, member) place##_##id,
	FIELDS(X)
#undef X
	N_FIELDS
};

static const struct field fields[N_FIELDS] = {
#define X(owner, place, id, read, member) \
	[place##_##id] = {read_##read, owner, offsetof(owner##_STRUCT, member)},
	FIELDS(X)
#undef X
};

/* Which field an AVP in its place fills; none: NO_FIELD. */
static const uint8_t field_ids[IMS_N_PLACES][IMS_DIAMETER_N_AVPS] = {
#define X(owner, place, id, read, member) \
	[IMS_PLACE_##place][IMS_AVP_##id] = place##_##id,
	FIELDS(X)
#undef X
};

_Static_assert(N_FIELDS <= UINT8_MAX, "ids of fields fit their table");

/* Which place a grouped AVP opens. */
static const uint8_t groups[IMS_N_PLACES][IMS_DIAMETER_N_AVPS] = {
	[IMS_PLACE_MESSAGE][IMS_AVP_VENDOR_SPECIFIC_APPLICATION_ID] =
		IMS_PLACE_APPLICATION,
	[IMS_PLACE_MESSAGE][IMS_AVP_EXPERIMENTAL_RESULT] = IMS_PLACE_RESULT,
	[IMS_PLACE_MESSAGE][IMS_AVP_FAILED_AVP] = IMS_PLACE_FAILED,
	[IMS_PLACE_MESSAGE][IMS_AVP_SERVER_CAPABILITIES] =
		IMS_PLACE_CAPABILITIES,
	[IMS_PLACE_MESSAGE][IMS_AVP_SIP_SERVER_CAPABILITIES] =
		IMS_PLACE_CAPABILITIES,
	[IMS_PLACE_MESSAGE][IMS_AVP_CX_SIP_AUTH_DATA_ITEM] =
		IMS_PLACE_AUTH_ITEM,
	[IMS_PLACE_MESSAGE][IMS_AVP_SIP_AUTH_DATA_ITEM] = IMS_PLACE_AUTH_ITEM,
	[IMS_PLACE_AUTH_ITEM][IMS_AVP_SIP_DIGEST_AUTHENTICATE] =
		IMS_PLACE_DIGEST,
	[IMS_PLACE_AUTH_ITEM][IMS_AVP_SIP_AUTHENTICATE] = IMS_PLACE_DIGEST,
	[IMS_PLACE_AUTH_ITEM][IMS_AVP_SIP_AUTHORIZATION] = IMS_PLACE_DIGEST,
	[IMS_PLACE_MESSAGE][IMS_AVP_DEREGISTRATION_REASON] = IMS_PLACE_REASON,
	[IMS_PLACE_MESSAGE][IMS_AVP_SIP_DEREGISTRATION_REASON] =
		IMS_PLACE_REASON,
	[IMS_PLACE_MESSAGE][IMS_AVP_ASSOCIATED_IDENTITIES] =
		IMS_PLACE_ASSOCIATED,
	[IMS_PLACE_MESSAGE][IMS_AVP_SIP_USER_DATA] = IMS_PLACE_USER_DATA,
};

enum ims_diameter_place ims_diameter_place_in(enum ims_diameter_place place,
					      enum ims_diameter_avp_id id)
{
	return (enum ims_diameter_place)groups[place][id];
}

/* NULL: what the place fills could not be kept. */
static void *owner_of(struct ims_diameter_reader *reader, enum owner owner)
{
	switch (owner) {
	case ITEM:
		return reader->auth_item;
	case READER:
		return reader;
	default:
		return reader->facts;
	}
}

void ims_diameter_field_read(struct ims_diameter_reader *reader,
			     enum ims_diameter_place place,
			     enum ims_diameter_avp_id id,
			     const struct ims_diameter_avp *avp)
{
	const struct field *field = &fields[field_ids[place][id]];
	char *owner;

	if (!field->read)
		return;
	owner = owner_of(reader, field->owner);
	if (owner)
		field->read(reader, avp, owner + field->offset);
}
