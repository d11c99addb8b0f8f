// SPDX-License-Identifier: GPL-2.0-or-later
#include "wrap.h"

#include <stdbool.h>
#include <string.h>

#include "escape.h"

size_t ims_wrap_column(const GString *out)
{
	const char *end = memrchr(out->str, '\n', out->len);
	const char *line = end ? end + 1 : out->str;

	return ims_columns(line, out->len - (size_t)(line - out->str));
}

void ims_wrap_pad(GString *out, size_t column)
{
	for (size_t at = ims_wrap_column(out); at < column; at++)
		g_string_append_c(out, ' ');
}

/* Blanks at `text`; a line end is worth one. */
static size_t gap_at(const char *text, size_t *skip)
{
	*skip = strspn(text, " \n");
	return memchr(text, '\n', *skip) ? 1 : *skip;
}

static void put_spaces(GString *out, size_t n)
{
	while (n-- > 0)
		g_string_append_c(out, ' ');
}

void ims_wrap(GString *out, const char *text, unsigned indent, unsigned width)
{
	size_t column = ims_wrap_column(out);
	bool is_first = true;
	size_t skip, gap = gap_at(text, &skip);

	for (const char *word = text + skip; *word; word += skip) {
		size_t len = strcspn(word, " \n");
		size_t columns = ims_columns(word, len);

		if (!is_first && column + gap + columns > width) {
			g_string_append_c(out, '\n');
			column = 0;
			gap = indent;
		}
		if (!is_first) {
			put_spaces(out, gap);
			column += gap;
		}
		g_string_append_len(out, word, (gssize)len);
		column += columns;
		is_first = false;
		gap = gap_at(word + len, &skip);
		skip += len;
	}
	g_string_append_c(out, '\n');
}
