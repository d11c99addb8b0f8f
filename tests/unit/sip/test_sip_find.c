// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <string.h>

#include "sip_find.h"

#define LENGTH_MAX 70

static const struct ims_sip_stops marks = {{',', ';', '<', '"', '\\'},
					   IMS_SIP_ONLY};
static const struct ims_sip_stops words = {{':', ':', ';', '?', '>'},
					   IMS_SIP_BLANKS};

static const struct ims_sip_stops hosts = {{'\\', '\\', '\\', '\\', '\\'},
					   IMS_SIP_HOST_ENDS};

static size_t slow_find(struct ims_slice s, size_t i,
			const struct ims_sip_stops stops)
{
	while (i < s.len && !ims_sip_stops_at(stops, s.at[i]))
		i++;
	return i;
}

/* From every place, with an unmapped page behind the last byte. */
static void same_as_slow(struct ims_slice text)
{
	struct wall wall = wall_new(text);

	for (size_t i = 0; i <= text.len; i++) {
		assert_int_equal(ims_sip_find(wall.bytes, i, marks),
				 slow_find(text, i, marks));
		assert_int_equal(ims_sip_find(wall.bytes, i, words),
				 slow_find(text, i, words));
		assert_int_equal(ims_sip_find(wall.bytes, i, hosts),
				 slow_find(text, i, hosts));
	}
	assert_int_equal(
		ims_sip_find_char(wall.bytes, ';'),
		slow_find(text, 0,
			  (struct ims_sip_stops){{';', ';', ';', ';', ';'},
						 IMS_SIP_ONLY}));
	wall_free(&wall);
}

/* One, or two, at each place of a text of each length. */
static void each_place_is_found(void **state)
{
	static const char stops[] = ",;<\"\\:?> \t\r\n";
	char text[LENGTH_MAX];

	(void)state;
	for (size_t len = 0; len < LENGTH_MAX; len++) {
		memset(text, 'x', len);
		same_as_slow(ims_slice(text, len));
		for (size_t at = 0; at < len; at++) {
			text[at] = stops[(at + len) % (sizeof(stops) - 1)];
			same_as_slow(ims_slice(text, len));
			if (at > 3)
				text[at - 3] = 'x';
		}
	}
}

/* What is near a stop in the table of characters is none. */
static void each_character_is_told(void **state)
{
	char text[16];

	(void)state;
	for (int c = 0; c < 256; c++) {
		memset(text, 'x', sizeof(text));
		text[c % 16] = (char)c;
		same_as_slow(ims_slice(text, sizeof(text)));
		same_as_slow(ims_slice(text, (size_t)c % 16 + 1));
	}
}

/* Of each length, and with each letter another; with nothing behind them. */
static void each_letter_is_spelt(void **state)
{
	static const char name[] = "abcdefghijklmnopq";

	(void)state;
	for (size_t len = 0; len < sizeof(name); len++) {
		struct wall wall = wall_new(ims_slice(name, len));
		bool can_be = len >= 2 && len <= 16;
		char other[sizeof(name)];

		assert_int_equal(ims_sip_is_spelt(wall.bytes.at, name, len),
				 can_be);
		for (size_t i = 0; i < len; i++) {
			memcpy(other, name, len);
			other[i] ^= 0x20;
			assert_false(
				ims_sip_is_spelt(wall.bytes.at, other, len));
		}
		wall_free(&wall);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_place_is_found),
		cmocka_unit_test(each_character_is_told),
		cmocka_unit_test(each_letter_is_spelt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
