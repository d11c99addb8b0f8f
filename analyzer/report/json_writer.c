// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_writer.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include <ims/digits.h>

#include "escape.h"

#define FIRST_ROOM 4096
/* Room for the longest number that printf writes. */
#define REAL_MAX  40
#define NS_PER_MS 1000000
#define MS_DIGITS 6 /* of a millisecond's rest */
/* Milliseconds of fewer nanoseconds have at most 15 digits, which a double
   holds whatever they are: they can be written without one. */
#define EXACT_NS INT64_C(1000000000000000)
/* Fewer are written with an exponent. */
#define EXPONENT_NS 100

void ims_json_restart(struct ims_json *json)
{
	json->at = json->text;
}

void ims_json_clear(struct ims_json *json)
{
	g_free(json->text);
	g_free(json->parties);
	*json = (struct ims_json){0};
}

void ims_json_end_line(struct ims_json *json)
{
	json->at[-1] = '\n';
}

static size_t length(const struct ims_json *json)
{
	return json->text ? (size_t)(json->at - json->text) : 0;
}

struct ims_slice ims_json_made(const struct ims_json *json)
{
	size_t len = length(json);

	return ims_slice(json->text, len - (len && json->at[-1] == ','));
}

void ims_json_grow(struct ims_json *json, size_t n)
{
	size_t len = length(json);
	size_t room =
		json->text ? (size_t)(json->end - json->text) : FIRST_ROOM;

	while (room - len < n)
		room *= 2;
	json->text = g_realloc(json->text, room);
	json->at = json->text + len;
	json->end = json->text + room;
}

/* Room for `n` bytes of a value that begins at `at`. Returns where it does. */
static char *reserve(struct ims_json *json, char *at, size_t n)
{
	if ((size_t)(json->end - at) < n) {
		json->at = at;
		ims_json_grow(json, n);
		at = json->at;
	}
	return at;
}

static void end(struct ims_json *json, char *at)
{
	*at = ',';
	json->at = at + 1;
}

void ims_json_put_literal(struct ims_json *json, char *at,
			  struct ims_slice text)
{
	at = reserve(json, at, text.len + 1);
	end(json, mempcpy(at, text.at, text.len));
}

/* Returns the magnitude, which INT64_MIN has too. */
static uint64_t put_sign(char **at, int64_t value)
{
	if (value >= 0)
		return (uint64_t)value;
	*(*at)++ = '-';
	return -(uint64_t)value;
}

void ims_json_put_integer(struct ims_json *json, char *at, int64_t value)
{
	uint64_t magnitude = put_sign(&at, value);

	end(json, ims_digits(at, magnitude));
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

void ims_json_put_real(struct ims_json *json, char *at, double value)
{
	char text[REAL_MAX];

	if (!isfinite(value)) {
		ims_json_put_word(json, at, "null");
		return;
	}
	g_ascii_formatd(text, sizeof(text), "%.15g", value);
	/* What tells it from an integer. */
	if (!strpbrk(text, ".e"))
		g_strlcat(text, ".0", sizeof(text));
	trim_exponent(text);
	ims_json_put_word(json, at, text);
}

/* ".5", ".0": the rest of a millisecond. Captures mostly have microseconds. */
static char *put_fraction(char *at, uint32_t ns)
{
	char *first = at + 1;

	*at = '.';
	if (ns % 1000 == 0)
		at = ims_digits_fixed(first, ns / 1000, MS_DIGITS - 3);
	else
		at = ims_digits_fixed(first, ns, MS_DIGITS);
	while (at - first > 1 && at[-1] == '0')
		at--;
	return at;
}

void ims_json_put_ms(struct ims_json *json, char *at, int64_t ns)
{
	uint64_t magnitude;

	if (ns <= -EXACT_NS || ns >= EXACT_NS ||
	    (ns && ns > -EXPONENT_NS && ns < EXPONENT_NS)) {
		ims_json_put_real(json, at, (double)ns / NS_PER_MS);
		return;
	}
	magnitude = put_sign(&at, ns);
	at = ims_digits(at, magnitude / NS_PER_MS);
	end(json, put_fraction(at, (uint32_t)(magnitude % NS_PER_MS)));
}

void ims_json_put_stamp(struct ims_json *json, char *at, int64_t time_ns)
{
	*at++ = '"';
	at += ims_stamp_put(at, &json->clock, time_ns);
	*at++ = '"';
	end(json, at);
}

void ims_json_put_string(struct ims_json *json, char *at, struct ims_slice wire)
{
	at = reserve(json, at, IMS_ESCAPE_JSON_MAX * wire.len + sizeof("\"\""));
	*at++ = '"';
	at = ims_escape_json(at, wire);
	*at++ = '"';
	end(json, at);
}
