// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_json.h"

#include <inttypes.h>
#include <string.h>

#include "escape.h"

#define NS_PER_MS 1000000u
/* Digits of UINT64_MAX. */
#define MAX_DIGITS 20

/* A comma, unless a bracket has just been opened or a key written. */
static void separate(GString *out)
{
	if (out->len && !strchr("[{:", out->str[out->len - 1]))
		g_string_append_c(out, ',');
}

void ims_html_open(GString *out, char bracket)
{
	separate(out);
	g_string_append_c(out, bracket);
}

void ims_html_close(GString *out, char bracket)
{
	g_string_append_c(out, bracket);
}

void ims_html_key(GString *out, const char *key)
{
	separate(out);
	g_string_append_c(out, '"');
	g_string_append(out, key);
	g_string_append(out, "\":");
}

/* Of escaped text: only these three have a meaning to JSON or to HTML. */
static void append_quoted(GString *out, const char *text, size_t len)
{
	size_t plain = 0;

	for (size_t i = 0; i < len; i++) {
		const char *instead = text[i] == '"'	? "\\\""
				      : text[i] == '\\' ? "\\\\"
				      : text[i] == '<'	? "\\u003c"
							: NULL;

		if (!instead)
			continue;
		g_string_append_len(out, text + plain, (gssize)(i - plain));
		g_string_append(out, instead);
		plain = i + 1;
	}
	g_string_append_len(out, text + plain, (gssize)(len - plain));
}

void ims_html_wire(GString *out, struct ims_slice wire)
{
	GString *shown;

	if (ims_slice_is_empty(wire)) {
		ims_html_null(out);
		return;
	}
	shown = g_string_sized_new(wire.len);
	ims_escape_append(shown, wire);
	separate(out);
	g_string_append_c(out, '"');
	append_quoted(out, shown->str, shown->len);
	g_string_append_c(out, '"');
	g_string_free(shown, TRUE);
}

void ims_html_text(GString *out, const char *text)
{
	ims_html_wire(out, ims_slice_of(text));
}

static void append_digits(GString *out, uint64_t n)
{
	char digits[MAX_DIGITS], *at = digits + MAX_DIGITS;

	do
		*--at = (char)('0' + n % 10);
	while (n /= 10);
	g_string_append_len(out, at, digits + MAX_DIGITS - at);
}

void ims_html_count(GString *out, uint64_t n)
{
	separate(out);
	append_digits(out, n);
}

void ims_html_bool(GString *out, bool value)
{
	separate(out);
	g_string_append(out, value ? "true" : "false");
}

void ims_html_flag(GString *out, bool value)
{
	ims_html_count(out, value);
}

void ims_html_null(GString *out)
{
	separate(out);
	g_string_append(out, "null");
}

void ims_html_ms(GString *out, int64_t ns)
{
	/* Right for INT64_MIN too. */
	uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	unsigned fraction = (unsigned)(size % NS_PER_MS), digits = 6;

	separate(out);
	if (ns < 0)
		g_string_append_c(out, '-');
	append_digits(out, size / NS_PER_MS);
	if (!fraction)
		return;
	for (; fraction % 10 == 0; digits--)
		fraction /= 10;
	g_string_append_printf(out, ".%0*u", (int)digits, fraction);
}
