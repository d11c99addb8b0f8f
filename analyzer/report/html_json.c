// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_json.h"

#include <inttypes.h>

#include "escape.h"

#define NS_PER_MS 1000000u
/* "-9223372036854.775808" and NUL. */
#define MS_TEXT 24

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

void ims_html_quote(GString *out, struct ims_slice wire)
{
	GString *shown = g_string_sized_new(wire.len);

	ims_escape_append(shown, wire);
	g_string_append_c(out, '"');
	append_quoted(out, shown->str, shown->len);
	g_string_append_c(out, '"');
	g_string_free(shown, TRUE);
}

void ims_html_string(struct ims_json *json, const char *key,
		     struct ims_slice wire)
{
	GString *quoted;

	if (ims_slice_is_empty(wire)) {
		ims_json_null(json, key);
		return;
	}
	quoted = g_string_new(NULL);
	ims_html_quote(quoted, wire);
	ims_json_literal(json, key, ims_slice(quoted->str, quoted->len));
	g_string_free(quoted, TRUE);
}

void ims_html_text(struct ims_json *json, const char *key, const char *text)
{
	ims_html_string(json, key, ims_slice_of(text));
}

void ims_html_ms(struct ims_json *json, const char *key, int64_t ns)
{
	/* Right for INT64_MIN too. */
	uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	char text[MS_TEXT];
	size_t len;

	len = (size_t)g_snprintf(text, sizeof(text), "%s%" PRIu64 ".%06u",
				 ns < 0 ? "-" : "", size / NS_PER_MS,
				 (unsigned)(size % NS_PER_MS));
	while (text[len - 1] == '0')
		len--;
	len -= text[len - 1] == '.';
	ims_json_literal(json, key, ims_slice(text, len));
}
