// SPDX-License-Identifier: GPL-2.0-or-later
/* Conditions on a SIP message. */
#include <string.h>

#include "signature_conditions.h"
#include "sip_names.h"

static char *add_status(GArray *statuses, const char *text)
{
	uint64_t number;
	uint16_t status;

	if (!ims_condition_number(text, 699, &number) || number < 100)
		return g_strdup_printf("'%s' is not a status from 100 to 699",
				       text);
	status = (uint16_t)number;
	g_array_append_val(statuses, status);
	return NULL;
}

static char *read_status(struct ims_pattern *pattern, const char *value)
{
	char **list = ims_pattern_list(value);
	char *wrong = NULL;

	if (!list)
		return ims_condition_no_list();
	pattern->statuses = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	for (size_t i = 0; list[i] && !wrong; i++)
		wrong = add_status(pattern->statuses, list[i]);
	g_strfreev(list);
	return wrong;
}

static char *read_reason(struct ims_pattern *pattern, const char *value)
{
	return ims_condition_glob(&pattern->reason, value);
}

static char *read_method(struct ims_pattern *pattern, const char *value)
{
	char **list = ims_pattern_list(value);
	char *wrong = NULL;

	if (!list)
		return ims_condition_no_list();
	for (size_t i = 0; list[i] && !wrong; i++)
		if (ims_sip_method_find(ims_slice_of(list[i])) ==
		    IMS_SIP_METHOD_OTHER)
			wrong = g_strdup_printf("'%s' is no method of SIP",
						list[i]);
	pattern->methods = list;
	return wrong;
}

static char *read_server(struct ims_pattern *pattern, const char *value)
{
	return ims_condition_globs(&pattern->servers, value);
}

/* "Name: glob". */
static char *read_header(struct ims_pattern *pattern, const char *value)
{
	const char *colon = strchr(value, ':');

	if (!colon || colon == value)
		return g_strdup_printf("'%s' is not as 'Name: pattern'", value);
	pattern->header_name =
		g_strchomp(g_strndup(value, (gsize)(colon - value)));
	pattern->header_value = g_strchug(g_strdup(colon + 1));
	return ims_condition_is_anything(pattern->header_value)
		       ? g_strdup_printf("'%s' matches anything", value)
		       : NULL;
}

static const struct ims_condition keys[] = {
	{"status", read_status}, {"reason", read_reason},
	{"method", read_method}, {"server", read_server},
	{"header", read_header},
};

const struct ims_conditions ims_conditions_sip = {keys, G_N_ELEMENTS(keys)};
