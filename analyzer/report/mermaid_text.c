// SPDX-License-Identifier: GPL-2.0-or-later
#include "mermaid_text.h"

#include <stdbool.h>
#include <string.h>

#include "wrap.h"

/* Of ASCII, what has no meaning anywhere within a text. */
static bool is_plain(const char *c)
{
	return g_ascii_isalnum(*c) || strchr(" .,-+/@()=*!?_:'", *c) != NULL;
}

/*
 * Mermaid holds entities as "ﬂ°" or "ﬂ°°" and "¶ß" while it works; of these
 * characters as they are it would make entities in the end.
 */
static bool is_mark(gunichar c)
{
	return c == 0xfb02 || c == 0xb0 || c == 0xb6 || c == 0xdf;
}

/*
 * It looks for these words in the whole of the diagram before it is parsed:
 * a line "style ...: ...#35;" would lose a semicolon, a text that begins with
 * "wrap:" that word.
 */
static bool is_word(const char *c)
{
	static const char *const words[] = {"style", "classDef",
					    "wrap:", "nowrap:"};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strncasecmp(c, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

void ims_mermaid_escape(GString *out, const char *text)
{
	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		gunichar character = g_utf8_get_char(c);
		bool is_safe = character < 0x80 ? is_plain(c) && !is_word(c)
						: !is_mark(character);

		if (is_safe)
			g_string_append_unichar(out, character);
		else
			g_string_append_printf(out, "#%u;", character);
	}
}

void ims_mermaid_wrap(GString *out, const char *text, unsigned width)
{
	GString *lines = g_string_new(NULL);
	char **line;

	ims_wrap(lines, text, 0, width);
	line = g_strsplit(lines->str, "\n", -1);
	for (guint i = 0; line[i] && *line[i]; i++) {
		g_string_append(out, i ? "<br/>" : "");
		ims_mermaid_escape(out, line[i]);
	}
	g_strfreev(line);
	g_string_free(lines, TRUE);
}

void ims_markdown_escape(GString *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (g_ascii_ispunct(*c))
			g_string_append_c(out, '\\');
		g_string_append_c(out, *c);
	}
}
