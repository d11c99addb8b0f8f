// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_values.h"

#include <string.h>

void ims_json_put_wire(struct ims_json *json, char *at, struct ims_slice wire)
{
	if (ims_slice_is_empty(wire))
		ims_json_put_word(json, at, "null");
	else
		ims_json_put_string(json, at, wire);
}

void ims_json_put_text(struct ims_json *json, char *at, const char *text)
{
	ims_json_put_wire(json, at, ims_slice_of(text));
}

/* Addresses need no escapes. */
static void end_endpoint(struct ims_json *json, char *at,
			 const struct ims_endpoint *endpoint)
{
	at = ims_endpoint_put(at, endpoint);
	memcpy(at, "\",", 2);
	json->at = at + 2;
}

void ims_json_put_endpoint(struct ims_json *json, char *at,
			   const struct ims_endpoint *endpoint)
{
	if (endpoint->address.family == 0) {
		ims_json_put_word(json, at, "null");
		return;
	}
	*at++ = '"';
	end_endpoint(json, at, endpoint);
}

void ims_json_put_frame(struct ims_json *json, char *at, struct ims_frame frame)
{
	if (frame.number == 0) {
		ims_json_put_word(json, at, "null");
		return;
	}
	*at = '{';
	json->at = at + 1;
	ims_json_count(json, "capture", frame.capture);
	ims_json_count(json, "frame", frame.number);
	ims_json_close(json, '}');
}

void ims_json_put_party(struct ims_json *json, char *at,
			const struct ims_party *party)
{
	const char *role = ims_role_name(party->role);

	if (party->endpoint.address.family == 0) {
		ims_json_put_text(json, at, role);
		return;
	}
	*at++ = '"';
	if (role) {
		at = stpcpy(at, role);
		*at++ = ' ';
	}
	end_endpoint(json, at, &party->endpoint);
}

static void put_strings(struct ims_json *json, const char *key,
			const struct ims_slice *at, size_t n)
{
	ims_json_open(json, key, '[');
	/* In a list an empty string is known to be empty. */
	for (size_t i = 0; i < n; i++)
		ims_json_string(json, NULL, at[i]);
	ims_json_close(json, ']');
}

void ims_json_fact(struct ims_json *json, const char *key,
		   const struct ims_fact *fact)
{
	switch (fact->type) {
	case IMS_FACT_STRING:
		ims_json_wire(json, key, fact->value.string);
		break;
	case IMS_FACT_INTEGER:
		ims_json_integer(json, key, fact->value.integer);
		break;
	case IMS_FACT_NUMBER:
		ims_json_real(json, key, fact->value.number);
		break;
	case IMS_FACT_BOOLEAN:
		ims_json_boolean(json, key, fact->value.boolean);
		break;
	case IMS_FACT_STRINGS:
		put_strings(json, key, fact->value.strings.at,
			    fact->value.strings.n);
		break;
	case IMS_FACT_FRAME:
		ims_json_frame(json, key, fact->value.frame);
		break;
	}
}
