// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <string.h>

#include "words.h"

static const char key[] = "a key for unit tests";

/* The word's pseudonym, in a buffer of the test's. */
static const char *renamed(struct ims_pseudonyms *p, const char *word)
{
	static char text[4][256];
	static unsigned turn;
	char *out = text[turn++ % 4];

	g_strlcpy(out, word, sizeof(text[0]));
	ims_word_replace(p, ims_chars(out, strlen(out)));
	return out;
}

static struct ims_pseudonyms *pseudonyms(void)
{
	return ims_pseudonyms_new(key, sizeof(key) - 1);
}

static void forms_stay(void **state)
{
	static const char *const words[] = {
		"alice",	"Alice",	 "ALICE7b", "15550100002",
		"4f3a91bc00d2", "j\xc3\xbcrgen", "x",
	};
	struct ims_pseudonyms *p = pseudonyms();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		const char *old = words[i], *made = renamed(p, old);

		assert_int_equal(strlen(made), strlen(old));
		for (size_t k = 0; old[k]; k++) {
			assert_int_equal(g_ascii_isdigit(made[k]),
					 g_ascii_isdigit(old[k]));
			assert_int_equal(g_ascii_isupper(made[k]),
					 g_ascii_isupper(old[k]));
			assert_int_equal(g_ascii_islower(made[k]),
					 g_ascii_islower(old[k]));
		}
		assert_true(g_utf8_validate(made, -1, NULL));
	}
	ims_pseudonyms_free(p);
}

static void hex_stays_hex(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();
	const char *made = renamed(p, "4f3a91bc00d2eeff");

	(void)state;
	for (size_t i = 0; made[i]; i++)
		assert_true(g_ascii_isxdigit(made[i]));
	ims_pseudonyms_free(p);
}

static void keys_make_the_difference(void **state)
{
	struct ims_pseudonyms *a = pseudonyms(), *b = pseudonyms();
	struct ims_pseudonyms *c = ims_pseudonyms_new("another", 7);

	(void)state;
	assert_string_equal(renamed(a, "alice"), renamed(b, "alice"));
	assert_string_not_equal(renamed(a, "alice"), renamed(c, "alice"));
	assert_string_not_equal(renamed(a, "alice"), "alice");
	ims_pseudonyms_free(a);
	ims_pseudonyms_free(b);
	ims_pseudonyms_free(c);
}

static void case_is_no_difference(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();

	(void)state;
	assert_int_equal(
		g_ascii_strcasecmp(renamed(p, "Alice"), renamed(p, "aLICE")),
		0);
	ims_pseudonyms_free(p);
}

/* No two words become one, and none becomes a word of the protocol. */
static void words_stay_apart(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();
	GHashTable *seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char word[5];

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		g_snprintf(word, sizeof(word), "%04u", i);
		assert_true(g_hash_table_add(seen, g_strdup(renamed(p, word))));
		assert_int_equal(renamed(p, word)[0] == '0', word[0] == '0');
	}
	for (unsigned i = 0; i < 26 * 26 * 26; i++) {
		struct ims_slice made;

		g_snprintf(word, sizeof(word), "%c%c%c", 'a' + i / 676,
			   'a' + i / 26 % 26, 'a' + i % 26);
		if (ims_word_is_kept(ims_slice_of(word),
				     IMS_WORD_USER | IMS_WORD_HOST |
					     IMS_WORD_VALUE))
			continue;
		made = ims_slice_of(renamed(p, word));
		assert_true(g_hash_table_add(seen, g_strdup(made.at)));
		assert_false(ims_word_is_kept(made, IMS_WORD_HOST));
	}
	g_hash_table_destroy(seen);
	ims_pseudonyms_free(p);
}

/* MNCs have two digits in most countries, three in some. */
static void networks_of_imsis_stay(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();

	(void)state;
	assert_memory_equal(renamed(p, "001010000000002"), "00101", 5);
	assert_memory_equal(renamed(p, "310410123456789"), "310410", 6);
	assert_string_not_equal(renamed(p, "310410123456789"),
				"310410123456789");
	/* The user name of EAP-AKA has a digit more in front. */
	assert_string_equal(renamed(p, "0001010000000002") + 1,
			    renamed(p, "001010000000002"));
	ims_pseudonyms_free(p);
}

static void writing_is_no_difference(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();
	const char *plain = renamed(p, "15550100002");
	const char *spaced = renamed(p, "+1-555-010-0002");
	char escaped[] = "%31%355%350100002", read[16];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; spaced[i]; i++)
		if (g_ascii_isdigit(spaced[i]))
			read[n++] = spaced[i];
	read[n] = '\0';
	assert_string_equal(read, plain);
	ims_word_replace(p, ims_chars(escaped, strlen(escaped)));
	n = 0;
	for (size_t at = 0; at < strlen(escaped);) {
		struct ims_unit unit =
			ims_unit_at(ims_chars(escaped, strlen(escaped)), at);

		read[n++] = (char)unit.c;
		at += unit.len;
	}
	read[n] = '\0';
	assert_string_equal(read, plain);
	ims_pseudonyms_free(p);
}

static void long_words_end(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();
	char text[1000];
	struct wall wall;

	(void)state;
	memset(text, 'q', sizeof(text));
	wall = wall_new(ims_slice(text, sizeof(text)));
	ims_word_replace(p, ims_chars((char *)wall.bytes.at, wall.bytes.len));
	for (size_t i = 0; i < wall.bytes.len; i++)
		assert_true(g_ascii_islower(wall.bytes.at[i]));
	wall_free(&wall);
	ims_pseudonyms_free(p);
}

static void kept_words(void **state)
{
	(void)state;
	assert_true(ims_word_is_kept(ims_slice_of("IMS"), IMS_WORD_HOST));
	assert_true(ims_word_is_kept(ims_slice_of("mnc001"), IMS_WORD_HOST));
	assert_true(ims_word_is_kept(ims_slice_of("scscf12"), IMS_WORD_HOST));
	assert_true(ims_word_is_kept(ims_slice_of("yes"), IMS_WORD_VALUE));
	assert_true(
		ims_word_is_kept(ims_slice_of("3gppnetwork"), IMS_WORD_HOST));
	assert_false(ims_word_is_kept(ims_slice_of("scscf"), IMS_WORD_USER));
	assert_false(
		ims_word_is_kept(ims_slice_of("scscf1234"), IMS_WORD_HOST));
	assert_false(
		ims_word_is_kept(ims_slice_of("mnc0012345"), IMS_WORD_HOST));
	assert_false(ims_word_is_kept(ims_slice_of("alice"), IMS_WORD_HOST));
	assert_false(ims_word_is_kept(ims_slice_of(""), IMS_WORD_HOST));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_stay),
		cmocka_unit_test(hex_stays_hex),
		cmocka_unit_test(keys_make_the_difference),
		cmocka_unit_test(case_is_no_difference),
		cmocka_unit_test(words_stay_apart),
		cmocka_unit_test(networks_of_imsis_stay),
		cmocka_unit_test(writing_is_no_difference),
		cmocka_unit_test(long_words_end),
		cmocka_unit_test(kept_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
