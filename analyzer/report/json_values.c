// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_values.h"

#include <glib.h>

#include "escape.h"
#include "stamp.h"

/* Digits of a number: enough for nanoseconds in a year of milliseconds. */
#define PRECISION 15

static json_t *string_of(struct ims_slice wire)
{
	GString *utf8 = g_string_sized_new(wire.len);
	json_t *value;

	ims_utf8_append(utf8, wire);
	value = json_stringn_nocheck(utf8->str, utf8->len);
	g_string_free(utf8, TRUE);
	return value;
}

json_t *ims_json_wire(struct ims_slice wire)
{
	return ims_slice_is_empty(wire) ? json_null() : string_of(wire);
}

json_t *ims_json_text(const char *text)
{
	return ims_json_wire(ims_slice_of(text));
}

json_t *ims_json_count(uint64_t n)
{
	return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

json_t *ims_json_stamp(int64_t time_ns)
{
	char out[IMS_STAMP_TEXT];

	return ims_json_text(ims_stamp(out, time_ns));
}

json_t *ims_json_ms(int64_t ns)
{
	return ns == -1 ? json_null() : json_real((double)ns / 1e6);
}

json_t *ims_json_endpoint(const struct ims_endpoint *endpoint)
{
	char out[IMS_ENDPOINT_TEXT];

	if (endpoint->address.family == 0)
		return json_null();
	return ims_json_text(ims_endpoint_format(out, endpoint));
}

json_t *ims_json_frame(struct ims_frame frame)
{
	json_t *object;

	if (frame.number == 0)
		return json_null();
	object = json_object();
	ims_json_put(object, "capture", ims_json_count(frame.capture));
	ims_json_put(object, "frame", ims_json_count(frame.number));
	return object;
}

json_t *ims_json_party(const struct ims_party *party)
{
	const char *role = ims_role_name(party->role);
	char address[IMS_ENDPOINT_TEXT], out[IMS_ENDPOINT_TEXT + 16];

	if (party->endpoint.address.family == 0)
		return ims_json_text(role);
	ims_endpoint_format(address, &party->endpoint);
	if (!role)
		return ims_json_text(address);
	g_snprintf(out, sizeof(out), "%s %s", role, address);
	return ims_json_text(out);
}

static json_t *strings_of(const struct ims_slice *at, size_t n)
{
	json_t *list = json_array();

	/* In a list an empty string is known to be empty. */
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, string_of(at[i]));
	return list;
}

json_t *ims_json_fact(const struct ims_fact *fact)
{
	switch (fact->type) {
	case IMS_FACT_STRING:
		return ims_json_wire(fact->value.string);
	case IMS_FACT_INTEGER:
		return json_integer(fact->value.integer);
	case IMS_FACT_NUMBER: {
		/* No number in JSON: infinity and NaN. */
		json_t *number = json_real(fact->value.number);
		return number ? number : json_null();
	}
	case IMS_FACT_BOOLEAN:
		return json_boolean(fact->value.boolean);
	case IMS_FACT_STRINGS:
		return strings_of(fact->value.strings.at,
				  fact->value.strings.n);
	case IMS_FACT_FRAME:
		return ims_json_frame(fact->value.frame);
	}
	return json_null();
}

void ims_json_put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new_nocheck(object, key, value);
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

char *ims_json_dump(const json_t *value)
{
	char *text = json_dumps(value,
				JSON_COMPACT | JSON_REAL_PRECISION(PRECISION));
	GString *safe;

	if (is_plain(text))
		return text;
	/* jansson escapes what JSON demands, which is not all that harms. */
	safe = g_string_new(NULL);
	ims_escape_json_append(safe, ims_slice_of(text));
	g_free(text);
	return g_string_free(safe, FALSE);
}

void ims_json_init(void)
{
	json_set_alloc_funcs(g_malloc, g_free);
}
