// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <string.h>

#include "addresses.h"

static struct ims_pseudonyms *pseudonyms(void)
{
	return ims_pseudonyms_new("a key for unit tests", 20);
}

static struct ims_address address(const char *text)
{
	struct ims_address address = {0};

	assert_true(ims_address_parse(&address, ims_slice_of(text)));
	return address;
}

static unsigned digits(uint8_t octet)
{
	return octet < 10 ? 1 : octet < 100 ? 2 : 3;
}

/* Whether it is still as private as it was, and takes as much room. */
static void assert_alike(const struct ims_address *old,
			 const struct ims_address *made, unsigned kept)
{
	assert_memory_equal(old->bytes, made->bytes, kept);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(digits(old->bytes[i]), digits(made->bytes[i]));
}

static void private_stays_private(void **state)
{
	static const struct {
		const char *text;
		unsigned kept;
	} cases[] = {
		{"10.70.1.101", 1},	{"192.168.7.9", 2},  {"172.16.0.1", 1},
		{"100.99.1.2", 1},	{"169.254.3.4", 2},  {"127.0.0.1", 4},
		{"0.0.0.0", 4},		{"224.0.0.1", 4},    {"192.0.2.17", 3},
		{"255.255.255.255", 4}, {"198.51.100.3", 3},
	};
	struct ims_pseudonyms *p = pseudonyms();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct ims_address old = address(cases[i].text), made = old;

		ims_pseudonym_address(p, &made);
		assert_alike(&old, &made, cases[i].kept);
		if (cases[i].kept == 1 && old.bytes[0] == 172)
			assert_int_equal(made.bytes[1] >> 4, 1);
		if (cases[i].kept == 1 && old.bytes[0] == 100)
			assert_in_range(made.bytes[1], 64, 127);
	}
	ims_pseudonyms_free(p);
}

static void public_stays_public(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct ims_address old = {
			.family = 4,
			.bytes = {(uint8_t)(11 + i % 80), (uint8_t)(i * 7),
				  (uint8_t)(i * 13), (uint8_t)i}};
		struct ims_address made = old;

		ims_pseudonym_address(p, &made);
		assert_alike(&old, &made, 0);
		assert_int_not_equal(made.bytes[0], 10);
		assert_int_not_equal(made.bytes[0], 0);
	}
	ims_pseudonyms_free(p);
}

/* Those of one net stay in one, and apart. */
static void nets_stay(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();
	struct ims_address first = address("10.9.8.0"), made;
	bool seen[256] = {false};

	(void)state;
	ims_pseudonym_address(p, &first);
	for (unsigned i = 0; i < 256; i++) {
		made = address("10.9.8.0");
		made.bytes[3] = (uint8_t)i;
		ims_pseudonym_address(p, &made);
		assert_memory_equal(made.bytes, first.bytes, 3);
		assert_false(seen[made.bytes[3]]);
		seen[made.bytes[3]] = true;
	}
	ims_pseudonyms_free(p);
}

static void text_says_what_bytes_say(void **state)
{
	static const char *const texts[] = {
		"10.70.1.101",
		"8.8.4.4",
		"2001:db8::1",
		"2a02:908:1234:5678:9abc:def0:1:2",
		"2A02:908::ABCD",
		"2a02:0908:0:0:0:0:0:17",
		"fe80::1ff:fe23:4567:890a",
		"::1",
		"::",
		"ff02::1:ff00:1234",
		"::ffff:10.1.2.3",
		"64:ff9b::192.168.1.77",
		"fd12:3456:789a::42",
	};
	struct ims_pseudonyms *p = pseudonyms();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct ims_address old = address(texts[i]), made = old;
		char text[64];
		size_t len = strlen(texts[i]);

		g_strlcpy(text, texts[i], sizeof(text));
		assert_int_equal(ims_address_length(ims_chars(text, len), 0),
				 len);
		ims_address_text(p, ims_chars(text, len));
		ims_pseudonym_address(p, &made);
		assert_int_equal(strlen(text), len);
		old = address(text);
		assert_true(ims_address_equal(&old, &made));
	}
	ims_pseudonyms_free(p);
}

/* The lengths of what is an address at the place; 0: it is none. */
static void addresses_are_found(void **state)
{
	static const struct {
		const char *text;
		size_t start;
		size_t len;
	} cases[] = {
		{"10.0.0.1", 0, 8},
		{"10.0.0.1:5060", 0, 8},
		{"10.0.0.1.", 0, 8},
		{"10.0.0.1.5", 0, 0},
		{"x10.0.0.1", 1, 0},
		{"1.10.0.0.1", 2, 0},
		{"10.0.0.256", 0, 0},
		{"10.0.0.1a", 0, 0},
		{"12:30:45", 0, 0},
		{"[2001:db8::1]", 1, 11},
		{"2001:db8::1;lr", 0, 11},
		{"::", 0, 2},
		{"a:b", 0, 0},
		{"", 0, 0},
		{"1111111111111111111", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i].text));

		assert_int_equal(
			ims_address_length(ims_chars((char *)wall.bytes.at,
						     wall.bytes.len),
					   cases[i].start),
			cases[i].len);
		wall_free(&wall);
	}
}

static void link_addresses(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();
	uint8_t mac[6] = {0x02, 0x11, 0x22, 0x33, 0x44, 0x55};
	uint8_t all[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	const uint8_t old[6] = {0x02, 0x11, 0x22, 0x33, 0x44, 0x55};

	(void)state;
	ims_pseudonym_mac(p, mac);
	assert_memory_not_equal(mac, old, 6);
	assert_int_equal(mac[0] & 3, 2);
	ims_pseudonym_mac(p, all);
	assert_int_equal(all[5], 0xff);
	ims_pseudonyms_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_stays_private),
		cmocka_unit_test(public_stays_public),
		cmocka_unit_test(nets_stay),
		cmocka_unit_test(text_says_what_bytes_say),
		cmocka_unit_test(addresses_are_found),
		cmocka_unit_test(link_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
