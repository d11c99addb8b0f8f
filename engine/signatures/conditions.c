// SPDX-License-Identifier: GPL-2.0-or-later
/* What the conditions of both protocols are read with. */
#include "signature_conditions.h"

#include <string.h>

char *ims_condition_no_list(void)
{
	return g_strdup("a part of the list is empty");
}

bool ims_condition_is_anything(const char *glob)
{
	return glob[0] && glob[strspn(glob, "*")] == '\0';
}

char *ims_condition_glob(char **glob, const char *value)
{
	if (ims_condition_is_anything(value))
		return g_strdup_printf("'%s' matches anything", value);
	*glob = g_strdup(value);
	return NULL;
}

char *ims_condition_globs(char ***globs, const char *value)
{
	char **list = ims_pattern_list(value);

	if (!list)
		return ims_condition_no_list();
	for (size_t i = 0; list[i]; i++) {
		if (ims_condition_is_anything(list[i])) {
			g_strfreev(list);
			return g_strdup_printf("'%s' matches anything", value);
		}
	}
	*globs = list;
	return NULL;
}

bool ims_condition_number(const char *text, uint64_t max, uint64_t *number)
{
	return ims_slice_to_uint(ims_slice_of(text), max, number);
}
