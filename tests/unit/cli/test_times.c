// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "times.h"

#define SECOND INT64_C(1000000000)

static void seconds_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} good[] = {
		{"0", 0},
		{"12", 12 * SECOND},
		{"0.5", SECOND / 2},
		{"-0.25", -SECOND / 4},
		{"+3", 3 * SECOND},
		{"1.000000001", SECOND + 1},
		{"9223372034", INT64_C(9223372034) * SECOND},
	};
	static const char *const bad[] = {
		"",    "-",	     ".5",
		"1.",  "1s",	     " 1",
		"1e3", "0x10",	     "1.0000000001",
		"1,5", "9223372036", "99999999999999999999",
		"nan", "--1",
	};
	int64_t ns = 77;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(ims_seconds_parse(&ns, bad[i]));
	assert_int_equal(ns, 77);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(ims_seconds_parse(&ns, good[i].text));
		assert_true(ns == good[i].ns);
	}
}

static void rfc_3339_is_read(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} good[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"2024-05-01T10:00:00Z", INT64_C(1714557600) * SECOND},
		{"2024-05-01t10:00:00z", INT64_C(1714557600) * SECOND},
		{"2024-05-01 12:00:00+02:00", INT64_C(1714557600) * SECOND},
		{"2024-05-01T04:30:00-05:30", INT64_C(1714557600) * SECOND},
		{"2024-05-01T10:00:00.25Z",
		 INT64_C(1714557600) * SECOND + SECOND / 4},
		{"2024-05-01T10:00:00.000000001Z",
		 INT64_C(1714557600) * SECOND + 1},
		{"2024-02-29T00:00:00Z", INT64_C(1709164800) * SECOND},
		{"2016-12-31T23:59:60Z", INT64_C(1483228800) * SECOND},
	};
	static const char *const bad[] = {
		"",
		"2024-05-01",
		"2024-05-01T10:00:00",
		"2024-05-01T10:00Z",
		"2024-5-1T10:00:00Z",
		"2023-02-29T00:00:00Z",
		"2024-13-01T00:00:00Z",
		"2024-05-00T00:00:00Z",
		"2024-05-01T24:00:00Z",
		"2024-05-01T10:60:00Z",
		"2024-05-01T10:00:61Z",
		"2024-05-01T10:00:00.Z",
		"2024-05-01T10:00:00.0000000001Z",
		"2024-05-01T10:00:00+2:00",
		"2024-05-01T10:00:00+24:00",
		"2024-05-01T10:00:00Z ",
		"1969-12-31T23:59:59Z",
		"2262-01-01T00:00:00Z",
	};
	int64_t ns = 77;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(ims_rfc3339_parse(&ns, bad[i]));
	assert_int_equal(ns, 77);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(ims_rfc3339_parse(&ns, good[i].text));
		assert_true(ns == good[i].ns);
	}
}

static void moments_are_either(void **state)
{
	struct ims_moment m;

	(void)state;
	assert_true(ims_moment_parse(&m, "2.5"));
	assert_true(m.is_relative);
	assert_true(ims_moment_time(&m, 10 * SECOND) ==
		    12 * SECOND + SECOND / 2);
	assert_true(ims_moment_time(&m, INT64_MAX - 1) == INT64_MAX);
	assert_true(ims_moment_parse(&m, "1970-01-01T00:00:01Z"));
	assert_false(m.is_relative);
	assert_true(ims_moment_time(&m, 10 * SECOND) == SECOND);
	assert_false(ims_moment_parse(&m, "-2.5"));
	assert_false(ims_moment_parse(&m, "yesterday"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seconds_are_read),
		cmocka_unit_test(rfc_3339_is_read),
		cmocka_unit_test(moments_are_either),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
