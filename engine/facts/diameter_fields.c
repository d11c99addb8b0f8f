// SPDX-License-Identifier: GPL-2.0-or-later
/* Which AVP, where, fills which field of the facts: a table. */
#include "diameter_reader.h"

/* Copies a text or bytes. The first of its kind counts. */
static void read_text(struct ims_diameter_reader *reader,
		      const struct ims_diameter_avp *avp, void *field)
{
	struct ims_slice *text = field;

	if (ims_slice_is_set(*text))
		return;
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

	if (list->n == IMS_DIAMETER_MAX_LIST)
		ims_diameter_flaw(reader, IMS_DIAMETER_FLAW_MANY, avp->offset);
	else
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

struct field {
	enum ims_diameter_place place;
	enum ims_diameter_avp_id id;
	void (*read)(struct ims_diameter_reader *reader,
		     const struct ims_diameter_avp *avp, void *field);
	size_t offset; /* in what `place` fills, or in the reader */
	bool in_reader;
};

#define FACT(place, id, read, member)                                      \
	{                                                                  \
		IMS_PLACE_##place, IMS_AVP_##id, read,                     \
			offsetof(struct ims_diameter_facts, member), false \
	}
#define ITEM(place, id, read, member)                                 \
	{                                                             \
		IMS_PLACE_##place, IMS_AVP_##id, read,                \
			offsetof(struct ims_auth_item, member), false \
	}
#define READER(place, id, read, member)                                    \
	{                                                                  \
		IMS_PLACE_##place, IMS_AVP_##id, read,                     \
			offsetof(struct ims_diameter_reader, member), true \
	}

static const struct field fields[] = {
	FACT(MESSAGE, SESSION_ID, read_text, session_id),
	FACT(MESSAGE, ORIGIN_HOST, read_text, origin_host),
	FACT(MESSAGE, ORIGIN_REALM, read_text, origin_realm),
	FACT(MESSAGE, DESTINATION_HOST, read_text, destination_host),
	FACT(MESSAGE, DESTINATION_REALM, read_text, destination_realm),
	FACT(MESSAGE, ROUTE_RECORD, read_count, n_route_records),
	FACT(MESSAGE, USER_NAME, read_text, user_name),
	FACT(MESSAGE, ERROR_MESSAGE, read_text, error_message),
	FACT(MESSAGE, ERROR_REPORTING_HOST, read_text, error_reporting_host),
	FACT(MESSAGE, PRODUCT_NAME, read_text, product_name),
	FACT(MESSAGE, DISCONNECT_CAUSE, read_number, disconnect_cause),
	FACT(MESSAGE, KAMAILIO_CALL_ID, read_text, call_id),

	FACT(MESSAGE, VISITED_NETWORK_IDENTIFIER, read_text, visited_network),
	FACT(MESSAGE, SIP_VISITED_NETWORK_ID, read_text, visited_network),
	FACT(MESSAGE, SERVER_NAME, read_text, server_name),
	FACT(MESSAGE, SIP_SERVER_URI, read_text, server_name),
	FACT(MESSAGE, SERVER_CAPABILITIES, read_presence, has_capabilities),
	FACT(MESSAGE, SIP_SERVER_CAPABILITIES, read_presence, has_capabilities),
	FACT(MESSAGE, USER_AUTHORIZATION_TYPE, read_number, authorization_type),
	FACT(MESSAGE, SIP_USER_AUTHORIZATION_TYPE, read_number,
	     authorization_type),
	FACT(MESSAGE, SERVER_ASSIGNMENT_TYPE, read_number, assignment_type),
	FACT(MESSAGE, SIP_SERVER_ASSIGNMENT_TYPE, read_number, assignment_type),
	FACT(MESSAGE, USER_DATA_ALREADY_AVAILABLE, read_number,
	     data_already_available),
	FACT(MESSAGE, SIP_USER_DATA_ALREADY_AVAILABLE, read_number,
	     data_already_available),
	FACT(MESSAGE, CX_SIP_NUMBER_AUTH_ITEMS, read_number, number_auth_items),
	FACT(MESSAGE, SIP_NUMBER_AUTH_ITEMS, read_number, number_auth_items),
	FACT(REASON, REASON_CODE, read_number, reason_code),
	FACT(REASON, SIP_REASON_CODE, read_number, reason_code),
	FACT(REASON, REASON_INFO, read_text, reason_info),
	FACT(REASON, SIP_REASON_INFO, read_text, reason_info),

	FACT(MESSAGE, FRAMED_IP_ADDRESS, read_ipv4, framed_ip),
	FACT(MESSAGE, FRAMED_IPV6_PREFIX, read_ipv6, framed_ip),
	FACT(MESSAGE, RX_REQUEST_TYPE, read_number, rx_request_type),
	FACT(MESSAGE, ABORT_CAUSE, read_number, abort_cause),

	READER(MESSAGE, RESULT_CODE, read_number, result_code),
	READER(RESULT, VENDOR_ID, read_number, experimental_vendor),
	READER(RESULT, EXPERIMENTAL_RESULT_CODE, read_number,
	       experimental_code),
	READER(MESSAGE, REDIRECT_HOST, read_into_texts, redirect_hosts),
	READER(MESSAGE, PUBLIC_IDENTITY, read_into_texts, public_identities),
	READER(MESSAGE, SIP_AOR, read_into_texts, public_identities),
	READER(ASSOCIATED, USER_NAME, read_into_texts, associated_identities),
	READER(MESSAGE, AUTH_APPLICATION_ID, read_into_numbers, applications),
	READER(MESSAGE, ACCT_APPLICATION_ID, read_into_numbers, applications),
	READER(APPLICATION, AUTH_APPLICATION_ID, read_into_numbers,
	       applications),
	READER(APPLICATION, ACCT_APPLICATION_ID, read_into_numbers,
	       applications),
	READER(CAPABILITIES, MANDATORY_CAPABILITY, read_into_numbers,
	       mandatory_capabilities),
	READER(CAPABILITIES, SIP_MANDATORY_CAPABILITY, read_into_numbers,
	       mandatory_capabilities),
	READER(CAPABILITIES, OPTIONAL_CAPABILITY, read_into_numbers,
	       optional_capabilities),
	READER(CAPABILITIES, SIP_OPTIONAL_CAPABILITY, read_into_numbers,
	       optional_capabilities),
	READER(CAPABILITIES, SERVER_NAME, read_into_texts, capability_servers),
	READER(CAPABILITIES, SIP_SERVER_URI, read_into_texts,
	       capability_servers),
	READER(MESSAGE, USER_DATA, read_user_data, user_data),
	READER(USER_DATA, SIP_USER_DATA_CONTENTS, read_user_data, user_data),

	READER(MESSAGE, CX_SIP_AUTH_DATA_ITEM, read_auth_item, auth_item),
	READER(MESSAGE, SIP_AUTH_DATA_ITEM, read_auth_item, auth_item),
	ITEM(AUTH_ITEM, CX_SIP_ITEM_NUMBER, read_number, item_number),
	ITEM(AUTH_ITEM, SIP_ITEM_NUMBER, read_number, item_number),
	ITEM(AUTH_ITEM, CX_SIP_AUTHENTICATION_SCHEME, read_text, scheme),
	ITEM(AUTH_ITEM, SIP_AUTHENTICATION_SCHEME, read_scheme_number, scheme),
	ITEM(AUTH_ITEM, CX_SIP_AUTHENTICATE, read_text, authenticate),
	ITEM(AUTH_ITEM, CX_SIP_AUTHORIZATION, read_text, authorization),
	ITEM(AUTH_ITEM, CONFIDENTIALITY_KEY, read_text, ck),
	ITEM(AUTH_ITEM, INTEGRITY_KEY, read_text, ik),
	ITEM(AUTH_ITEM, SIP_DIGEST_AUTHENTICATE, read_presence, has_digest),
	ITEM(AUTH_ITEM, SIP_AUTHENTICATE, read_presence, has_digest),
	ITEM(AUTH_ITEM, SIP_AUTHORIZATION, read_presence, has_digest),
	ITEM(DIGEST, DIGEST_REALM, read_text, digest_realm),
	ITEM(DIGEST, DIGEST_ALGORITHM, read_text, digest_algorithm),
	ITEM(DIGEST, DIGEST_QOP, read_text, digest_qop),
	ITEM(DIGEST, DIGEST_NONCE, read_text, digest_nonce),
	ITEM(DIGEST, DIGEST_HA1, read_text, digest_ha1),
};

static const struct {
	enum ims_diameter_place place;
	enum ims_diameter_avp_id id;
	enum ims_diameter_place opens;
} groups[] = {
	{IMS_PLACE_MESSAGE, IMS_AVP_VENDOR_SPECIFIC_APPLICATION_ID,
	 IMS_PLACE_APPLICATION},
	{IMS_PLACE_MESSAGE, IMS_AVP_EXPERIMENTAL_RESULT, IMS_PLACE_RESULT},
	{IMS_PLACE_MESSAGE, IMS_AVP_FAILED_AVP, IMS_PLACE_FAILED},
	{IMS_PLACE_MESSAGE, IMS_AVP_SERVER_CAPABILITIES,
	 IMS_PLACE_CAPABILITIES},
	{IMS_PLACE_MESSAGE, IMS_AVP_SIP_SERVER_CAPABILITIES,
	 IMS_PLACE_CAPABILITIES},
	{IMS_PLACE_MESSAGE, IMS_AVP_CX_SIP_AUTH_DATA_ITEM, IMS_PLACE_AUTH_ITEM},
	{IMS_PLACE_MESSAGE, IMS_AVP_SIP_AUTH_DATA_ITEM, IMS_PLACE_AUTH_ITEM},
	{IMS_PLACE_AUTH_ITEM, IMS_AVP_SIP_DIGEST_AUTHENTICATE,
	 IMS_PLACE_DIGEST},
	{IMS_PLACE_AUTH_ITEM, IMS_AVP_SIP_AUTHENTICATE, IMS_PLACE_DIGEST},
	{IMS_PLACE_AUTH_ITEM, IMS_AVP_SIP_AUTHORIZATION, IMS_PLACE_DIGEST},
	{IMS_PLACE_MESSAGE, IMS_AVP_DEREGISTRATION_REASON, IMS_PLACE_REASON},
	{IMS_PLACE_MESSAGE, IMS_AVP_SIP_DEREGISTRATION_REASON,
	 IMS_PLACE_REASON},
	{IMS_PLACE_MESSAGE, IMS_AVP_ASSOCIATED_IDENTITIES,
	 IMS_PLACE_ASSOCIATED},
	{IMS_PLACE_MESSAGE, IMS_AVP_SIP_USER_DATA, IMS_PLACE_USER_DATA},
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

enum ims_diameter_place ims_diameter_place_in(enum ims_diameter_place place,
					      enum ims_diameter_avp_id id)
{
	for (size_t i = 0; i < N(groups); i++)
		if (groups[i].place == place && groups[i].id == id)
			return groups[i].opens;
	return IMS_PLACE_NONE;
}

/* NULL: what the place fills could not be kept. */
static void *base_of(struct ims_diameter_reader *reader,
		     const struct field *field)
{
	if (field->in_reader)
		return reader;
	if (field->place == IMS_PLACE_AUTH_ITEM ||
	    field->place == IMS_PLACE_DIGEST)
		return reader->auth_item;
	return reader->facts;
}

void ims_diameter_field_read(struct ims_diameter_reader *reader,
			     enum ims_diameter_place place,
			     enum ims_diameter_avp_id id,
			     const struct ims_diameter_avp *avp)
{
	for (size_t i = 0; i < N(fields); i++) {
		if (fields[i].place != place || fields[i].id != id)
			continue;
		char *base = base_of(reader, &fields[i]);
		if (base)
			fields[i].read(reader, avp, base + fields[i].offset);
		return;
	}
}
