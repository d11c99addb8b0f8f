// SPDX-License-Identifier: GPL-2.0-or-later
#include "arguments.h"

#include <stdbool.h>
#include <string.h>

static bool takes_value(const GOptionEntry *entry)
{
	return entry->arg != G_OPTION_ARG_NONE;
}

static bool is_short_with_value(const GOptionEntry *entries, char letter)
{
	for (; letter && entries->long_name; entries++)
		if (entries->short_name == letter)
			return takes_value(entries);
	return false;
}

static bool is_long_with_value(const GOptionEntry *entries, const char *name)
{
	for (; entries->long_name; entries++)
		if (*name && strcmp(entries->long_name, name) == 0)
			return takes_value(entries);
	return false;
}

/* Whether the argument behind this one is its value. */
static bool wants_next(const GOptionEntry *entries, const char *argument)
{
	if (g_str_has_prefix(argument, "--"))
		return is_long_with_value(entries, argument + 2);
	return argument[0] == '-' && argument[1] && !argument[2] &&
	       is_short_with_value(entries, argument[1]);
}

static bool has_attached(const GOptionEntry *entries, const char *argument)
{
	return argument[0] == '-' && argument[1] && argument[2] &&
	       is_short_with_value(entries, argument[1]);
}

char **ims_arguments_new(const GOptionEntry *entries, int argc,
			 char *const *argv)
{
	GPtrArray *all = g_ptr_array_new();
	bool is_value = true; /* the program's name is no option either */
	bool options_end = false;

	for (int i = 0; i < argc; i++) {
		const char *argument = argv[i];

		if (!is_value && !options_end &&
		    has_attached(entries, argument)) {
			g_ptr_array_add(all, g_strndup(argument, 2));
			g_ptr_array_add(all, g_strdup(argument + 2));
			continue;
		}
		g_ptr_array_add(all, g_strdup(argument));
		options_end |= !is_value && strcmp(argument, "--") == 0;
		is_value = !is_value && wants_next(entries, argument);
	}
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_free(all, FALSE);
}
