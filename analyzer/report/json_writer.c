// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_writer.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "escape.h"

#define FIRST_ROOM 4096
/* Room for the longest number. */
#define NUMBER_MAX 40
#define NS_PER_MS  1000000
/* Milliseconds of fewer nanoseconds have at most 15 digits, which a double
   holds whatever they are: they can be written without one. */
#define EXACT_NS INT64_C(1000000000000000)
/* Fewer are written with an exponent. */
#define EXPONENT_NS 100

void ims_json_restart(struct ims_json *json)
{
	json->len = 0;
	json->more = false;
}

void ims_json_clear(struct ims_json *json)
{
	g_free(json->text);
	*json = (struct ims_json){0};
}

/* Rare, and apart: so what calls it is short. */
G_GNUC_NO_INLINE static void grow(struct ims_json *json, size_t n)
{
	json->room = MAX(json->room, FIRST_ROOM);
	while (json->room - json->len < n)
		json->room *= 2;
	json->text = g_realloc(json->text, json->room);
}

static inline char *reserve(struct ims_json *json, size_t n)
{
	if (json->room - json->len < n)
		grow(json, n);
	return json->text + json->len;
}

/* Writes what stands before a value. Returns where the value goes, of which
   there is room for `n` bytes. */
static char *start(struct ims_json *json, const char *key, size_t n)
{
	size_t len = key ? strlen(key) : 0;
	char *at = reserve(json, len + sizeof(",\"\":") + n);

	*at = ',';
	at += json->more;
	json->more = true;
	if (!key)
		return at;
	*at++ = '"';
	at = mempcpy(at, key, len);
	*at++ = '"';
	*at++ = ':';
	return at;
}

static void end(struct ims_json *json, const char *at)
{
	json->len = (size_t)(at - json->text);
}

void ims_json_open(struct ims_json *json, const char *key, char bracket)
{
	char *at = start(json, key, 1);

	*at++ = bracket;
	end(json, at);
	json->more = false;
}

void ims_json_close(struct ims_json *json, char bracket)
{
	*reserve(json, 1) = bracket;
	json->len++;
	json->more = true;
}

void ims_json_literal(struct ims_json *json, const char *key,
		      struct ims_slice text)
{
	char *at = start(json, key, text.len);

	end(json, (char *)mempcpy(at, text.at, text.len));
}

static void put_word(struct ims_json *json, const char *key, const char *word)
{
	ims_json_literal(json, key, ims_slice_of(word));
}

void ims_json_null(struct ims_json *json, const char *key)
{
	put_word(json, key, "null");
}

void ims_json_boolean(struct ims_json *json, const char *key, bool value)
{
	put_word(json, key, value ? "true" : "false");
}

static char *put_digits(char *at, uint64_t value)
{
	char digits[NUMBER_MAX];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return mempcpy(at, digits + i, sizeof(digits) - i);
}

/* Returns the magnitude, which INT64_MIN has too. */
static uint64_t put_sign(char **at, int64_t value)
{
	if (value >= 0)
		return (uint64_t)value;
	*(*at)++ = '-';
	return -(uint64_t)value;
}

void ims_json_integer(struct ims_json *json, const char *key, int64_t value)
{
	char *at = start(json, key, NUMBER_MAX);
	uint64_t magnitude = put_sign(&at, value);

	end(json, put_digits(at, magnitude));
}

/* 1e+20 and 1e-05 as 1e20 and 1e-5, as some printf have them. */
static void trim_exponent(char *text)
{
	char *at = strchr(text, 'e');
	char *digits;

	if (!at)
		return;
	digits = at + 2 + strspn(at + 2, "0");
	at += at[1] == '-' ? 2 : 1;
	memmove(at, digits, strlen(digits) + 1);
}

void ims_json_real(struct ims_json *json, const char *key, double value)
{
	char text[NUMBER_MAX];

	if (!isfinite(value)) {
		ims_json_null(json, key);
		return;
	}
	g_ascii_formatd(text, sizeof(text), "%.15g", value);
	/* What tells it from an integer. */
	if (!strpbrk(text, ".e"))
		g_strlcat(text, ".0", sizeof(text));
	trim_exponent(text);
	put_word(json, key, text);
}

/* ".5", ".0": the rest of a millisecond. */
static char *put_fraction(char *at, uint32_t ns)
{
	uint32_t unit = NS_PER_MS;

	*at++ = '.';
	do {
		unit /= 10;
		*at++ = (char)('0' + ns / unit);
		ns %= unit;
	} while (ns);
	return at;
}

void ims_json_ms(struct ims_json *json, const char *key, int64_t ns)
{
	uint64_t magnitude;
	char *at;

	if (ns <= -EXACT_NS || ns >= EXACT_NS ||
	    (ns && ns > -EXPONENT_NS && ns < EXPONENT_NS)) {
		ims_json_real(json, key, (double)ns / NS_PER_MS);
		return;
	}
	at = start(json, key, NUMBER_MAX);
	magnitude = put_sign(&at, ns);
	at = put_digits(at, magnitude / NS_PER_MS);
	end(json, put_fraction(at, (uint32_t)(magnitude % NS_PER_MS)));
}

void ims_json_stamp(struct ims_json *json, const char *key, int64_t time_ns)
{
	char *at = start(json, key, IMS_STAMP_TEXT + 2);

	*at++ = '"';
	at += ims_stamp_put(at, &json->clock, time_ns);
	*at++ = '"';
	end(json, at);
}

void ims_json_string(struct ims_json *json, const char *key,
		     struct ims_slice wire)
{
	char *at = start(json, key, IMS_ESCAPE_JSON_MAX * wire.len + 2);

	*at++ = '"';
	at = ims_escape_json(at, wire);
	*at++ = '"';
	end(json, at);
}
