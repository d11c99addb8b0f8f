// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <glib.h>

#include "lookup.h"

static const struct known {
	const char *name;
	int what;
} known[] = {
	{"a", 1}, {"accept", 2}, {"accept-contact", 3}, {"www", 4}, {"x", 5},
};

static int what(const char *name)
{
	const struct known *found =
		ims_lookup(ims_slice_of(name), known, G_N_ELEMENTS(known),
			   sizeof(known[0]));

	return found ? found->what : 0;
}

static void names_are_found(void **state)
{
	static const char *const none[] = {
		"", "ac", "b", "accept-", "xx", "accept-contacts", "ww", "zz"};
	char *capitals;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		assert_int_equal(what(known[i].name), known[i].what);
		capitals = g_ascii_strup(known[i].name, -1);
		assert_int_equal(what(capitals), known[i].what);
		g_free(capitals);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
		assert_int_equal(what(none[i]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
