// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "escape.h"
#include "wrap.h"

struct sample {
	const char *wire;
	const char *utf8;
	const char *shown;
};

#define FFFD "\xef\xbf\xbd"

static const struct sample samples[] = {
	{"", "", ""},
	{"sip:alice@ims.example", "sip:alice@ims.example",
	 "sip:alice@ims.example"},
	{"J\xc3\xbcrgen", "J\xc3\xbcrgen", "J\xc3\xbcrgen"},
	/* Controls: C0, DEL, C1. */
	{"a\x1b[31m\r\n\tb", "a\x1b[31m\r\n\tb", "a\\x1b[31m\\x0d\\x0a\\x09b"},
	{"\x7f", "\x7f", "\\x7f"},
	{"\xc2\x9b"
	 "31m",
	 "\xc2\x9b"
	 "31m",
	 "\\x9b31m"},
	/* Bidirectional, zero width, line separator, tag characters. */
	{"\xe2\x80\xae", "\xe2\x80\xae", "\\u{202e}"},
	{"\xe2\x81\xa6", "\xe2\x81\xa6", "\\u{2066}"},
	{"\xd8\x9c", "\xd8\x9c", "\\u{061c}"},
	{"\xe2\x80\x8b", "\xe2\x80\x8b", "\\u{200b}"},
	{"\xe2\x80\xa8", "\xe2\x80\xa8", "\\u{2028}"},
	{"\xef\xbb\xbf", "\xef\xbb\xbf", "\\u{feff}"},
	{"\xf3\xa0\x81\x81", "\xf3\xa0\x81\x81", "\\u{e0041}"},
	/* No UTF-8: alone, overlong, surrogate, too large, cut. */
	{"\xff", FFFD, FFFD},
	{"\x80", FFFD, FFFD},
	{"\xc0\xaf", FFFD FFFD, FFFD FFFD},
	{"\xe0\x80\xaf", FFFD FFFD FFFD, FFFD FFFD FFFD},
	{"\xed\xa0\x80", FFFD FFFD FFFD, FFFD FFFD FFFD},
	{"\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD, FFFD FFFD FFFD FFFD},
	{"\xf0\x9f\x98", FFFD, FFFD},
	{"\xe2\x82"
	 "A",
	 FFFD "A", FFFD "A"},
};

static void wire_text_is_made_harmless(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
		struct wall wall = wall_new(ims_slice_of(samples[i].wire));
		GString *out = g_string_new("> ");

		ims_utf8_append(out, wall.bytes);
		assert_string_equal(out->str + 2, samples[i].utf8);
		g_string_assign(out, "> ");
		ims_escape_append(out, wall.bytes);
		assert_string_equal(out->str + 2, samples[i].shown);
		g_string_free(out, TRUE);
		wall_free(&wall);
	}
}

static void a_nul_is_kept_or_shown(void **state)
{
	GString *out = g_string_new(NULL);

	(void)state;
	ims_utf8_append(out, ims_slice("a\0b", 3));
	assert_int_equal(out->len, 3);
	assert_memory_equal(out->str, "a\0b", 3);
	g_string_truncate(out, 0);
	ims_escape_append(out, ims_slice("a\0b", 3));
	assert_string_equal(out->str, "a\\x00b");
	g_string_free(out, TRUE);
}

static void json_keeps_its_meaning(void **state)
{
	const char *json = "\"J\xc3\xbcrgen\x7f\xc2\x9b\xe2\x80\xae"
			   "\xf3\xa0\x81\x81\"";
	GString *out = g_string_new(NULL);

	(void)state;
	ims_escape_json_append(out, ims_slice_of(json));
	assert_string_equal(out->str, "\"J\xc3\xbcrgen\\u007F\\u009B\\u202E"
				      "\\uDB40\\uDC41\"");
	g_string_free(out, TRUE);
}

/* All pairs of bytes: the outcome is valid, and without controls. */
static void no_two_bytes_get_through(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 0x10000; n++) {
		const char bytes[] = {(char)(n >> 8), (char)n};
		GString *out = g_string_new(NULL);

		ims_utf8_append(out, ims_slice(bytes, 2));
		for (gsize i = 0; i < out->len; i++)
			if (!out->str[i])
				out->str[i] = '0';
		assert_true(g_utf8_validate(out->str, -1, NULL));
		g_string_truncate(out, 0);
		ims_escape_append(out, ims_slice(bytes, 2));
		for (const char *p = out->str; *p; p = g_utf8_next_char(p))
			assert_false(g_unichar_iscntrl(g_utf8_get_char(p)));
		g_string_free(out, TRUE);
	}
}

static void columns_are_the_terminals(void **state)
{
	const char *wide = "\xe6\x97\xa5\xe6\x9c\xac"; /* two ideographs */
	const char *accent = "e\xcc\x81";	       /* e, combining acute */

	(void)state;
	assert_int_equal(ims_columns("abc", 3), 3);
	assert_int_equal(ims_columns(wide, strlen(wide)), 4);
	assert_int_equal(ims_columns(accent, strlen(accent)), 1);
	assert_int_equal(ims_columns_fit("abc", 3, 2), 2);
	assert_int_equal(ims_columns_fit("abc", 3, 9), 3);
	assert_int_equal(ims_columns_fit(wide, strlen(wide), 3), 3);
	assert_int_equal(ims_columns_fit(wide, strlen(wide), 1), 0);
	assert_int_equal(ims_columns_fit(accent, strlen(accent), 1), 3);
}

static void lines_are_wrapped(void **state)
{
	GString *out = g_string_new("x\n  Do: ");

	(void)state;
	ims_wrap(out, "take it  out of the requests\nin_the_dialog too", 6, 20);
	assert_string_equal(out->str, "x\n"
				      "  Do: take it  out\n"
				      "      of the\n"
				      "      requests\n"
				      "      in_the_dialog\n"
				      "      too\n");
	g_string_assign(out, "");
	ims_wrap(out, "a_word_wider_than_the_line b", 2, 10);
	assert_string_equal(out->str, "a_word_wider_than_the_line\n  b\n");
	g_string_assign(out, "ab\nabc");
	ims_wrap_pad(out, 5);
	assert_string_equal(out->str, "ab\nabc  ");
	g_string_free(out, TRUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wire_text_is_made_harmless),
		cmocka_unit_test(a_nul_is_kept_or_shown),
		cmocka_unit_test(json_keeps_its_meaning),
		cmocka_unit_test(no_two_bytes_get_through),
		cmocka_unit_test(columns_are_the_terminals),
		cmocka_unit_test(lines_are_wrapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
