// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "folder.h"
#include "hints.h"

static const struct ims_role_hint *hint_at(const GArray *hints, guint i)
{
	return &g_array_index(hints, struct ims_role_hint, i);
}

static void hint_is(const struct ims_role_hint *hint, const char *endpoint,
		    enum ims_role role)
{
	char out[IMS_ENDPOINT_TEXT];

	assert_string_equal(ims_endpoint_format(out, &hint->endpoint),
			    endpoint);
	assert_int_equal(hint->role, role);
}

static void a_file_is_read(void **state)
{
	char *folder = folder_new();
	char *path = file_new(folder, "roles",
			      "# the core\n"
			      "\n"
			      "10.0.0.5 P-CSCF\r\n"
			      "  10.0.0.5:4060\tI-CSCF  # same host\n"
			      "[2001:db8::1]:5060 s-cscf\n"
			      "2001:db8::2 HSS");
	GArray *hints = g_array_new(FALSE, FALSE, sizeof(struct ims_role_hint));

	(void)state;
	assert_true(ims_hints_read(hints, path));
	assert_int_equal(hints->len, 4);
	hint_is(hint_at(hints, 0), "10.0.0.5", IMS_ROLE_P_CSCF);
	hint_is(hint_at(hints, 1), "10.0.0.5:4060", IMS_ROLE_I_CSCF);
	hint_is(hint_at(hints, 2), "[2001:db8::1]:5060", IMS_ROLE_S_CSCF);
	hint_is(hint_at(hints, 3), "2001:db8::2", IMS_ROLE_HSS);
	g_array_free(hints, TRUE);
	g_free(path);
	folder_free(folder);
}

static void wrong_lines_are_named(void **state)
{
	static const char *const bad[] = {
		"pcscf.example P-CSCF", "10.0.0.5",	   "10.0.0.5 proxy",
		"10.0.0.5:0 P-CSCF",	"10.0.0.5:x AS",   "10.0.0.5:65536 AS",
		"10.0.0.5:5060:1 AS",	"10.0.0.5 UE HSS",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(bad[i]));
		struct ims_role_hint hint;

		assert_non_null(ims_hints_line(&hint, wall.bytes));
		wall_free(&wall);
	}
}

static void a_complaint_names_file_and_line(void **state)
{
	GArray *hints = g_array_new(FALSE, FALSE, sizeof(struct ims_role_hint));
	char *folder = folder_new();
	char *path = file_new(folder, "roles\x1b", "10.0.0.1 UE\nnonsense\n");
	struct captured c = capture_start(STDERR_FILENO);
	char *said;

	(void)state;
	assert_false(ims_hints_read(hints, path));
	said = capture_end(&c);
	assert_non_null(strstr(said, "roles\\x1b: line 2: no IP address"));
	assert_int_equal(strncmp(said, "imsleuth: ", 10), 0);
	g_free(said);
	g_array_free(hints, TRUE);
	g_free(path);
	folder_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read),
		cmocka_unit_test(wrong_lines_are_named),
		cmocka_unit_test(a_complaint_names_file_and_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
