// SPDX-License-Identifier: GPL-2.0-or-later
#include "complain.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>

#include "escape.h"

static void complain(const char *subject, const char *format, va_list ap)
{
	GString *line = g_string_new("imsleuth: ");
	char *text = g_strdup_vprintf(format, ap);

	if (subject) {
		ims_escape_append(line, ims_slice_of(subject));
		g_string_append(line, ": ");
	}
	ims_escape_append(line, ims_slice_of(text));
	g_string_append_c(line, '\n');
	fputs(line->str, stderr);
	g_string_free(line, TRUE);
	g_free(text);
}

void ims_complain(const char *subject, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	complain(subject, format, ap);
	va_end(ap);
}

void ims_complain_usage(const char *subject, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	complain(subject, format, ap);
	va_end(ap);
	fputs("Try 'imsleuth --help' for more.\n", stderr);
}
