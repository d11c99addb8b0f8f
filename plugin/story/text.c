// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"

#define REPLACEMENT 0xfffd

char *ims_text(struct ims_slice text)
{
	GString *out;
	char *valid;

	if (!text.at)
		return NULL;
	valid = g_utf8_make_valid(text.at, (gssize)text.len);
	out = g_string_sized_new(text.len);
	for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		g_string_append_unichar(out,
					g_unichar_iscntrl(c) ? REPLACEMENT : c);
	}
	g_free(valid);
	return g_string_free(out, FALSE);
}
