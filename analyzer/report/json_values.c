// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_values.h"

#include <glib.h>
#include <string.h>

/* More than the longest name of a role. */
#define ROLE_TEXT 16

void ims_json_wire(struct ims_json *json, const char *key,
		   struct ims_slice wire)
{
	if (ims_slice_is_empty(wire))
		ims_json_null(json, key);
	else
		ims_json_string(json, key, wire);
}

void ims_json_text(struct ims_json *json, const char *key, const char *text)
{
	ims_json_wire(json, key, ims_slice_of(text));
}

void ims_json_count(struct ims_json *json, const char *key, uint64_t n)
{
	ims_json_integer(json, key, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

void ims_json_latency(struct ims_json *json, const char *key, int64_t ns)
{
	if (ns == -1)
		ims_json_null(json, key);
	else
		ims_json_ms(json, key, ns);
}

void ims_json_endpoint(struct ims_json *json, const char *key,
		       const struct ims_endpoint *endpoint)
{
	char out[IMS_ENDPOINT_TEXT];

	if (endpoint->address.family == 0)
		ims_json_null(json, key);
	else
		ims_json_text(json, key, ims_endpoint_format(out, endpoint));
}

void ims_json_frame(struct ims_json *json, const char *key,
		    struct ims_frame frame)
{
	if (frame.number == 0) {
		ims_json_null(json, key);
		return;
	}
	ims_json_open(json, key, '{');
	ims_json_count(json, "capture", frame.capture);
	ims_json_count(json, "frame", frame.number);
	ims_json_close(json, '}');
}

void ims_json_party(struct ims_json *json, const char *key,
		    const struct ims_party *party)
{
	const char *role = ims_role_name(party->role);
	char out[ROLE_TEXT + IMS_ENDPOINT_TEXT];
	size_t len = 0;

	if (party->endpoint.address.family == 0) {
		ims_json_text(json, key, role);
		return;
	}
	if (role) {
		len = MIN(strlen(role), ROLE_TEXT - 1);
		memcpy(out, role, len);
		out[len++] = ' ';
	}
	ims_endpoint_format(out + len, &party->endpoint);
	ims_json_text(json, key, out);
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
