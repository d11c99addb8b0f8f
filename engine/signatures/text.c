// SPDX-License-Identifier: GPL-2.0-or-later
#include <ims/signature.h>

#include <glib.h>

char *ims_signature_text(const struct ims_signature *signature)
{
	GString *text = g_string_new(signature->product);

	if (signature->versions)
		g_string_append_printf(text, " %s", signature->versions);
	if (signature->component)
		g_string_append_printf(text, " (%s)", signature->component);
	g_string_append_printf(text, ": %s", signature->says);
	if (signature->advice)
		g_string_append_printf(text, " %s", signature->advice);
	return g_string_free(text, FALSE);
}
