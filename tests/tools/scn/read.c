/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files as statements: a line, and the lines indented below it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"

void scn_fail(const struct scn_line *line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fprintf(stderr, "%s:%u: ", line->file, line->number);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(2);
}

char *scn_keep(struct scn *scn, char *g_allocated)
{
	g_ptr_array_add(scn->pool, g_allocated);
	return g_allocated;
}

void *scn_new(struct scn *scn, size_t size)
{
	return scn_keep(scn, g_malloc0(size));
}

char *scn_printf(struct scn *scn, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	return scn_keep(scn, text);
}

/* The words of `text`, at most `most`: the last one takes the rest. */
char **scn_words(struct scn *scn, const char *text, int most)
{
	GPtrArray *words = g_ptr_array_new();
	const char *at = text + strspn(text, " \t");
	while (*at) {
		bool last = most > 0 && (int)words->len == most - 1;
		size_t len = last ? strlen(at) : strcspn(at, " \t");
		g_ptr_array_add(words, scn_keep(scn, g_strndup(at, len)));
		at += len;
		at += strspn(at, " \t");
	}
	g_ptr_array_add(words, NULL);
	return (char **)scn_keep(scn, (char *)g_ptr_array_free(words, FALSE));
}

static struct scn_line *new_line(struct scn *scn, const char *file,
				 unsigned number, const char *text)
{
	struct scn_line *line = scn_new(scn, sizeof(*line));
	*line = (struct scn_line){file, number, text};
	return line;
}

/* Empty lines in a block belong to it only when more of it follows. */
static GPtrArray *read_block(struct scn *scn, const char *file, char **lines,
			     unsigned *next)
{
	GPtrArray *block = scn_list(scn);
	unsigned end = *next;
	for (unsigned i = *next; lines[i]; i++) {
		if (lines[i][0] == '\t')
			end = i + 1;
		else if (lines[i][0])
			break;
	}
	for (; *next < end; (*next)++) {
		const char *text = lines[*next];
		g_ptr_array_add(block, new_line(scn, file, *next + 1,
						text + (text[0] == '\t')));
	}
	return block;
}

void scn_read_file(struct scn *scn, const char *path, const char *scope)
{
	char *text;
	GError *error = NULL;
	if (!g_file_get_contents(path, &text, NULL, &error)) {
		struct scn_line here = {path, 0, ""};
		scn_fail(&here, "%s", error->message);
	}
	const char *file = scn_keep(scn, g_strdup(path));
	scn_keep(scn, text);
	char **lines = g_strsplit(text, "\n", -1);
	for (unsigned i = 0; lines[i];) {
		const char *kept = scn_keep(scn, g_strdup(lines[i]));
		struct scn_line *head = new_line(scn, file, i + 1, kept);
		i++;
		if (!head->text[0] || head->text[0] == '#')
			continue;
		if (g_ascii_isspace(head->text[0]))
			scn_fail(head, "indented, but under no statement");
		GPtrArray *block = read_block(scn, file, lines, &i);
		for (guint k = 0; k < block->len; k++) {
			struct scn_line *line = block->pdata[k];
			line->text = scn_keep(scn, g_strdup(line->text));
		}
		scn_statement(scn, scope, head, block);
	}
	g_strfreev(lines);
}
