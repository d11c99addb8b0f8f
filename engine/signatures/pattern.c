// SPDX-License-Identifier: GPL-2.0-or-later
/* A pattern: conditions of one protocol. */
#include "signature_pattern.h"

#include <string.h>

#include "signature_conditions.h"

void ims_pattern_init(struct ims_pattern *pattern)
{
	*pattern = (struct ims_pattern){
		.containers = -1,
		.error_bit = -1,
		.application = -1,
		.answered = -1,
	};
}

void ims_pattern_clear(struct ims_pattern *pattern)
{
	g_clear_pointer(&pattern->statuses, g_array_unref);
	g_clear_pointer(&pattern->results, g_array_unref);
	g_free(pattern->reason);
	g_strfreev(pattern->methods);
	g_strfreev(pattern->servers);
	g_free(pattern->header_name);
	g_free(pattern->header_value);
	g_strfreev(pattern->commands);
	g_free(pattern->error_message);
	g_strfreev(pattern->peers);
	g_strfreev(pattern->receivers);
	ims_pattern_init(pattern);
}

char **ims_pattern_list(const char *value)
{
	char **list = g_strsplit(value, ",", -1);

	for (size_t i = 0; list[i]; i++)
		g_strstrip(list[i]);
	for (size_t i = 0; list[i]; i++) {
		if (!*list[i]) {
			g_strfreev(list);
			return NULL;
		}
	}
	return list;
}

static const struct ims_condition *find_in(const struct ims_conditions *of,
					   const char *key)
{
	for (size_t i = 0; i < of->n; i++)
		if (strcmp(of->at[i].key, key) == 0)
			return &of->at[i];
	return NULL;
}

bool ims_pattern_has_key(const char *key)
{
	return find_in(&ims_conditions_sip, key) ||
	       find_in(&ims_conditions_diameter, key);
}

bool ims_pattern_add(struct ims_pattern *pattern, const char *key,
		     const char *value, char **error)
{
	const struct ims_condition *of_sip = find_in(&ims_conditions_sip, key);
	const struct ims_condition *condition =
		of_sip ? of_sip : find_in(&ims_conditions_diameter, key);

	g_assert(condition);
	*error = condition->read(pattern, value);
	if (*error)
		return false;
	if (of_sip)
		pattern->n_sip++;
	else
		pattern->n_diameter++;
	if (!pattern->n_sip || !pattern->n_diameter)
		return true;
	*error = g_strdup("is of the other protocol: a signature is of SIP or "
			  "of Diameter");
	return false;
}
