// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <float.h>
#include <glib.h>
#include <jansson.h>

#include "json_writer.h"

static void assert_text(const struct ims_json *json, const char *text)
{
	struct ims_slice made = ims_json_made(json);

	assert_int_equal(made.len, strlen(text));
	assert_memory_equal(made.at, text, made.len);
}

static void commas_stand_between_values(void **state)
{
	struct ims_json json = {0};

	(void)state;
	for (int again = 0; again < 2; again++) {
		ims_json_restart(&json);
		ims_json_open(&json, NULL, '{');
		ims_json_open(&json, "a", '[');
		ims_json_close(&json, ']');
		ims_json_open(&json, "b", '[');
		ims_json_integer(&json, NULL, 1);
		ims_json_open(&json, NULL, '{');
		ims_json_null(&json, "c");
		ims_json_boolean(&json, "d", true);
		ims_json_close(&json, '}');
		ims_json_boolean(&json, NULL, false);
		ims_json_close(&json, ']');
		ims_json_string(&json, "e", ims_slice_of(""));
		ims_json_close(&json, '}');
		assert_text(&json, "{\"a\":[],\"b\":[1,{\"c\":null,\"d\":true},"
				   "false],\"e\":\"\"}");
	}
	ims_json_clear(&json);
}

static void integers_are_whole(void **state)
{
	struct ims_json json = {0};

	(void)state;
	ims_json_open(&json, NULL, '[');
	ims_json_integer(&json, NULL, 0);
	ims_json_integer(&json, NULL, -1);
	ims_json_integer(&json, NULL, 1000);
	ims_json_integer(&json, NULL, INT64_MAX);
	ims_json_integer(&json, NULL, INT64_MIN);
	ims_json_literal(&json, NULL, ims_slice_of("{\"as\":\"it is\"}"));
	ims_json_close(&json, ']');
	assert_text(&json, "[0,-1,1000,9223372036854775807,"
			   "-9223372036854775808,{\"as\":\"it is\"}]");
	ims_json_clear(&json);
}

static void reals_are_no_integers(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{0, "0.0"},
		{3, "3.0"},
		{-2.5, "-2.5"},
		{0.1, "0.1"},
		{1.0 / 3, "0.333333333333333"},
		{1e14, "100000000000000.0"},
		{1e15, "1e15"},
		{1.5e100, "1.5e100"},
		{1e-5, "1e-5"},
		{-1.25e-10, "-1.25e-10"},
		{DBL_MAX, "1.79769313486232e308"},
		{1.0 / 0.0, "null"},
		{0.0 / 0.0, "null"},
	};
	struct ims_json json = {0};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		ims_json_restart(&json);
		ims_json_real(&json, NULL, cases[i].value);
		assert_text(&json, cases[i].text);
	}
	ims_json_clear(&json);
}

/* Written without a double, they read as if they had been one. */
static void assert_as_real(int64_t ns)
{
	struct ims_json whole = {0}, real = {0};

	ims_json_ms(&whole, NULL, ns);
	ims_json_real(&real, NULL, (double)ns / 1e6);
	assert_true(
		ims_slice_equal(ims_json_made(&whole), ims_json_made(&real)));
	ims_json_clear(&whole);
	ims_json_clear(&real);
}

static void milliseconds_are_exact(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {
		{0, "0.0"},
		{142000000, "142.0"},
		{2250000, "2.25"},
		{31346000, "31.346"},
		{-1, "-1e-6"},
		{1, "1e-6"},
		{99, "9.9e-5"},
		{100, "0.0001"},
		{-1000001, "-1.000001"},
		{INT64_C(999999999999999), "999999999.999999"},
	};
	struct ims_json json = {0};
	uint64_t random = 1;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		ims_json_restart(&json);
		ims_json_ms(&json, NULL, cases[i].ns);
		assert_text(&json, cases[i].text);
		assert_as_real(cases[i].ns);
	}
	ims_json_clear(&json);
	assert_as_real(INT64_MAX);
	assert_as_real(INT64_MIN);
	for (int64_t ns = -2000; ns < 2000; ns++)
		assert_as_real(ns);
	/* Of every magnitude. */
	for (int i = 0; i < 20000; i++) {
		random = random * UINT64_C(6364136223846793005) + 1;
		assert_as_real((int64_t)(random >> i % 64));
	}
}

static void stamps_follow_the_time(void **state)
{
	static const struct {
		int64_t time_ns;
		const char *text;
	} cases[] = {
		{0, "\"1970-01-01T00:00:00.000000000Z\""},
		{1, "\"1970-01-01T00:00:00.000000001Z\""},
		{INT64_C(1714557600123456789),
		 "\"2024-05-01T10:00:00.123456789Z\""},
		{INT64_C(1714557601000000000),
		 "\"2024-05-01T10:00:01.000000000Z\""},
		{INT64_C(1714557600900000000),
		 "\"2024-05-01T10:00:00.900000000Z\""},
		{-1, "\"1969-12-31T23:59:59.999999999Z\""},
		{INT64_MAX, "\"2262-04-11T23:47:16.854775807Z\""},
		{INT64_MIN, "\"1677-09-21T00:12:43.145224192Z\""},
	};
	struct ims_json json = {0};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		ims_json_restart(&json);
		ims_json_stamp(&json, NULL, cases[i].time_ns);
		assert_text(&json, cases[i].text);
	}
	ims_json_clear(&json);
}

/* Larger than any room, and the same when read by others. */
static void long_strings_are_whole(void **state)
{
	size_t n = 100000;
	char *wire = g_malloc(n);
	struct ims_json json = {0};
	json_t *array;

	(void)state;
	for (size_t i = 0; i < n; i++)
		wire[i] = (char)(i % 128);
	ims_json_open(&json, NULL, '[');
	ims_json_string(&json, NULL, ims_slice(wire, n));
	ims_json_integer(&json, NULL, 7);
	ims_json_close(&json, ']');
	array = json_loadb(ims_json_made(&json).at, ims_json_made(&json).len,
			   JSON_ALLOW_NUL, NULL);
	assert_non_null(array);
	assert_int_equal(json_array_size(array), 2);
	assert_int_equal(json_string_length(json_array_get(array, 0)), n);
	assert_memory_equal(json_string_value(json_array_get(array, 0)), wire,
			    n);
	json_decref(array);
	ims_json_clear(&json);
	g_free(wire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_stand_between_values),
		cmocka_unit_test(integers_are_whole),
		cmocka_unit_test(reals_are_no_integers),
		cmocka_unit_test(milliseconds_are_exact),
		cmocka_unit_test(stamps_follow_the_time),
		cmocka_unit_test(long_strings_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
