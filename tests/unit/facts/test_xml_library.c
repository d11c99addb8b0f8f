// SPDX-License-Identifier: GPL-2.0-or-later
/* libxml2 is loaded for what is not plain only, and may be missing. */
#include "xml.h"

#include <dlfcn.h>

#include "unit.h"

static int n_asked;

/* In the place of the system's: there is no such library. */
void *dlopen(const char *file, int mode)
{
	(void)file;
	(void)mode;
	n_asked++;
	return NULL;
}

static void again(void *user)
{
	(void)user;
}

static void opens(void *user, struct ims_slice name,
		  const struct ims_xml_attributes *attributes)
{
	(void)user;
	(void)name;
	(void)attributes;
}

static void closes(void *user, struct ims_slice name, struct ims_slice text)
{
	(void)user;
	(void)name;
	(void)text;
}

static struct ims_xml_result result_of(const char *text)
{
	const struct ims_xml_handler handler = {again, opens, closes, NULL};
	struct ims_xml_result result;

	ims_xml_read(&result, &handler, ims_slice_of(text));
	return result;
}

static void what_is_plain_does_without(void **state)
{
	(void)state;
	n_asked = 0;
	assert_true(result_of("<a><b c='d'/>e</a>").well_formed);
	assert_int_equal(n_asked, 0);
}

static void what_is_not_plain_is_unread(void **state)
{
	(void)state;
	n_asked = 0;
	for (int i = 0; i < 2; i++) {
		struct ims_xml_result result = result_of("<a>&lt;</a>");

		assert_true(result.unread);
		assert_false(result.well_formed);
		assert_false(result.no_memory);
		assert_string_equal(result.fault, "libxml2 cannot be loaded");
	}
	/* It is not looked for with each document. */
	assert_int_equal(n_asked, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_plain_does_without),
		cmocka_unit_test(what_is_not_plain_is_unread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
