// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats.h"

#include <string.h>

static const struct ims_report_format *const formats[] = {
	&ims_report_text,
	&ims_report_json,
	&ims_report_ndjson,
	&ims_report_html,
};

const struct ims_report_format *ims_report_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}
