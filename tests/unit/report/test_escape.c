// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "escape.h"
#include "wrap.h"

struct sample {
	const char *wire;
	const char *json;
	const char *shown;
};

#define FFFD "\xef\xbf\xbd"

static const struct sample samples[] = {
	{"", "", ""},
	{"sip:alice@ims.example", "sip:alice@ims.example",
	 "sip:alice@ims.example"},
	{"J\xc3\xbcrgen", "J\xc3\xbcrgen", "J\xc3\xbcrgen"},
	{"\"a\\b/\"", "\\\"a\\\\b/\\\"", "\"a\\b/\""},
	/* Controls: C0, DEL, C1. */
	{"a\x1b[31m\r\n\tb", "a\\u001B[31m\\r\\n\\tb",
	 "a\\x1b[31m\\x0d\\x0a\\x09b"},
	{"\b\f\v", "\\b\\f\\u000B", "\\x08\\x0c\\x0b"},
	{"\x7f", "\\u007F", "\\x7f"},
	{"\xc2\x9b"
	 "31m",
	 "\\u009B31m", "\\x9b31m"},
	/* Bidirectional, zero width, line separator, tag characters. */
	{"\xe2\x80\xae", "\\u202E", "\\u{202e}"},
	{"\xe2\x81\xa6", "\\u2066", "\\u{2066}"},
	{"\xd8\x9c", "\\u061C", "\\u{061c}"},
	{"\xe2\x80\x8b", "\\u200B", "\\u{200b}"},
	{"\xe2\x80\xa8", "\\u2028", "\\u{2028}"},
	{"\xef\xbb\xbf", "\\uFEFF", "\\u{feff}"},
	{"\xf3\xa0\x81\x81", "\\uDB40\\uDC41", "\\u{e0041}"},
	{"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
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

/* To be freed; at its end lies what was not asked for. */
static char *json_of(struct ims_slice wire)
{
	size_t room = wire.len * IMS_ESCAPE_JSON_MAX;
	char *out = g_malloc(room + 1);
	char *end;

	out[room] = '!';
	end = ims_escape_json(out, wire);
	assert_true(end <= out + room);
	assert_int_equal(out[room], '!');
	*end = '\0';
	return out;
}

static void wire_text_is_made_harmless(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
		struct wall wall = wall_new(ims_slice_of(samples[i].wire));
		GString *out = g_string_new("> ");
		char *json = json_of(wall.bytes);

		ims_escape_append(out, wall.bytes);
		assert_string_equal(out->str + 2, samples[i].shown);
		assert_string_equal(json, samples[i].json);
		g_free(json);
		g_string_free(out, TRUE);
		wall_free(&wall);
	}
}

static void a_nul_is_shown(void **state)
{
	GString *out = g_string_new(NULL);
	char *json = json_of(ims_slice("a\0b", 3));

	(void)state;
	assert_string_equal(json, "a\\u0000b");
	ims_escape_append(out, ims_slice("a\0b", 3));
	assert_string_equal(out->str, "a\\x00b");
	g_free(json);
	g_string_free(out, TRUE);
}

static void assert_harmless(const char *text)
{
	assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p = g_utf8_next_char(p))
		assert_false(g_unichar_iscntrl(g_utf8_get_char(p)));
}

/* All pairs of bytes: the outcome is valid, and without controls. */
static void no_two_bytes_get_through(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 0x10000; n++) {
		const char bytes[] = {(char)(n >> 8), (char)n};
		GString *out = g_string_new(NULL);
		char *json = json_of(ims_slice(bytes, 2));

		ims_escape_append(out, ims_slice(bytes, 2));
		assert_harmless(out->str);
		assert_harmless(json);
		g_free(json);
		g_string_free(out, TRUE);
	}
}

/* Each byte at each place of a text of that length that is plain else. */
static void try_places(size_t len)
{
	char text[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklm";

	for (unsigned n = 0; n < 256 * len; n++) {
		bool is_plain = n / len >= ' ' && n / len <= '~' &&
				n / len != '"' && n / len != '\\';
		char was = text[n % len];
		char *json;

		text[n % len] = (char)(n / len);
		json = json_of(ims_slice(text, len));
		assert_harmless(json);
		assert_true(is_plain == (strlen(json) == len &&
					 memcmp(json, text, len) == 0));
		g_free(json);
		text[n % len] = was;
	}
}

static void no_place_is_passed_over(void **state)
{
	(void)state;
	for (size_t len = 1; len <= 23; len++)
		try_places(len);
	/* Several times sixteen, and not. */
	try_places(32);
	try_places(39);
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
		cmocka_unit_test(a_nul_is_shown),
		cmocka_unit_test(no_two_bytes_get_through),
		cmocka_unit_test(no_place_is_passed_over),
		cmocka_unit_test(columns_are_the_terminals),
		cmocka_unit_test(lines_are_wrapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
