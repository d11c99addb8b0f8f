// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_values.h"

#include <glib.h>
#include <string.h>

#include <ims/digits.h>

IMS_INLINE char *put_words(char *at, const char *words)
{
	size_t len = strlen(words);

	memcpy(at, words, len);
	return at + len;
}

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

void ims_json_put_name(struct ims_json *json, char *at, const char *name)
{
	if (!name) {
		ims_json_put_word(json, at, "null");
		return;
	}
	*at++ = '"';
	at = stpcpy(at, name);
	memcpy(at, "\",", 2);
	json->at = at + 2;
}

/* Addresses need no escapes. */
void ims_json_put_endpoint(struct ims_json *json, char *at,
			   const struct ims_endpoint *endpoint)
{
	if (endpoint->address.family == 0) {
		ims_json_put_word(json, at, "null");
		return;
	}
	*at++ = '"';
	at = ims_endpoint_put(at, endpoint);
	memcpy(at, "\",", 2);
	json->at = at + 2;
}

void ims_json_put_frame(struct ims_json *json, char *at, struct ims_frame frame)
{
	if (frame.number == 0) {
		ims_json_put_word(json, at, "null");
		return;
	}
	at = ims_digits(put_words(at, "{\"capture\":"), frame.capture);
	at = ims_digits(put_words(at, ",\"frame\":"),
			MIN(frame.number, INT64_MAX));
	memcpy(at, "},", 2);
	json->at = at + 2;
}

void ims_json_put_party(struct ims_json *json, char *at,
			const struct ims_party *party)
{
	if (party->endpoint.address.family == 0) {
		ims_json_put_name(json, at, ims_role_name(party->role));
		return;
	}
	if (!json->parties)
		json->parties = ims_json_parties_new();
	json->at = ims_json_parties_put(json->parties, at, party);
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
