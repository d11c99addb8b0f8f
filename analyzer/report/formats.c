// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats.h"

#include <glib.h>
#include <string.h>

static const struct ims_report_format *const formats[] = {
	&ims_report_text, &ims_report_json, &ims_report_ndjson,
	&ims_report_html, &ims_report_csv,  &ims_report_mermaid,
};

char *ims_report_formats(void)
{
	GString *names = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		g_string_append_printf(names, "%s%s", i ? ", " : "",
				       formats[i]->name);
	return g_string_free(names, FALSE);
}

const struct ims_report_format *ims_report_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}
