// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <glib.h>

#include <arpa/inet.h>

#include <ims/address.h>
#include <ims/glob.h>
#include <ims/registration.h>

#include "arena.h"

static void slices_compare(void **state)
{
	struct ims_slice absent = {0};
	struct ims_slice empty = ims_slice_of("");
	uint64_t n = 7;

	(void)state;
	assert_true(ims_slice_equal(absent, absent));
	assert_false(ims_slice_equal(absent, empty));
	assert_true(ims_slice_is_nocase(ims_slice_of("Call-ID"), "cALL-id"));
	assert_false(ims_slice_is(ims_slice_of("Call-ID"), "call-id"));
	assert_int_equal(ims_slice_find_nocase(ims_slice_of("a SIP/2"), "sip"),
			 2);
	assert_int_equal(ims_slice_find_nocase(ims_slice_of("ab"), "abc"), 2);
	assert_true(ims_slice_is(ims_slice_trim(ims_slice_of(" \t x y\r\n")),
				 "x y"));
	assert_true(ims_slice_to_uint(ims_slice_of("65535"), 65535, &n));
	assert_int_equal(n, 65535);
	assert_false(ims_slice_to_uint(ims_slice_of("65536"), 65535, &n));
	assert_false(ims_slice_to_uint(ims_slice_of("1x"), 65535, &n));
	assert_false(ims_slice_to_uint(ims_slice_of(""), 65535, &n));
	assert_false(ims_slice_to_uint(ims_slice_of("18446744073709551616"),
				       UINT64_MAX, &n));
	assert_int_equal(n, 65535);
}

static bool is_letter(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Every byte beside every other, at each place of a text of each length. */
static void case_counts_for_letters_only(void **state)
{
	char one[20];
	char other[20];

	(void)state;
	for (size_t len = 1; len < sizeof(one); len++) {
		struct wall wall;

		for (int c = 0; c < 256; c++) {
			memset(one, 'x', len);
			one[(size_t)c % len] = (char)c;
			wall = wall_new(ims_slice(one, len));
			for (int d = c ^ 0x20; d < 256; d += 64) {
				bool same = d == c ||
					    (d == (c ^ 0x20) && is_letter(c));

				memcpy(other, one, len);
				other[(size_t)c % len] = (char)d;
				assert_int_equal(ims_same_nocase(wall.bytes.at,
								 other, len),
						 same);
			}
			wall_free(&wall);
		}
	}
	assert_true(ims_same_nocase("", "", 0));
}

static void hashes_tell_texts_apart(void **state)
{
	char text[80] = "";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		struct wall wall = wall_new(ims_slice(text, len));
		uint64_t hash = ims_slice_hash(wall.bytes);

		assert_int_equal(hash, ims_slice_hash(ims_slice(text, len)));
		assert_int_not_equal(hash,
				     ims_slice_hash(ims_slice(text, len + 1)));
		wall_free(&wall);
		for (size_t i = 0; i < len; i++) {
			text[i]++;
			assert_int_not_equal(
				hash, ims_slice_hash(ims_slice(text, len)));
			text[i]--;
		}
	}
}

static void hashes_leave_case_aside(void **state)
{
	static const char text[] =
		"Ims.MNC001.mcc001.3GPPnetwork.ORG, and so on";
	char small[sizeof(text)];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		small[i] = g_ascii_tolower(text[i]);
	for (size_t len = 0; len < sizeof(text); len++) {
		struct wall wall = wall_new(ims_slice(text, len));
		uint64_t hash = ims_slice_hash_nocase(wall.bytes);
		char lower[sizeof(text)];

		ims_slice_lower(lower, wall.bytes);
		assert_memory_equal(lower, small, len);
		wall_free(&wall);
		assert_int_equal(hash,
				 ims_slice_hash_nocase(ims_slice(small, len)));
		for (size_t i = 0; i < len; i++) {
			small[i]++;
			assert_int_not_equal(
				hash,
				ims_slice_hash_nocase(ims_slice(small, len)));
			small[i]--;
		}
	}
}

static void endpoint_is(const char *address, uint16_t port, const char *text)
{
	struct ims_endpoint e = {.port = port};
	char out[IMS_ENDPOINT_TEXT];

	assert_true(ims_address_parse(&e.address, ims_slice_of(address)));
	assert_string_equal(ims_endpoint_format(out, &e), text);
}

static void addresses_read_and_print(void **state)
{
	struct ims_address a = {0};
	char out[IMS_ENDPOINT_TEXT];

	(void)state;
	endpoint_is("10.70.1.101", 5060, "10.70.1.101:5060");
	endpoint_is("10.70.1.101", 0, "10.70.1.101");
	endpoint_is("[2001:db8::1]", 5060, "[2001:db8::1]:5060");
	endpoint_is("2001:db8::1", 0, "2001:db8::1");
	assert_false(ims_address_parse(&a, ims_slice_of("pcscf.example")));
	assert_false(ims_address_parse(&a, ims_slice_of("")));
	assert_false(ims_address_parse(&a, ims_slice("1.2.3.4\0", 8)));
	assert_string_equal(ims_address_format(out, &a), "");
}

/* Every pattern of zeros, and numbers of every length, as inet_ntop has it. */
static void addresses_print_as_the_library_does(void **state)
{
	static const uint16_t values[] = {1, 0x20, 0x300, 0xa000, 0xffff};
	char out[IMS_ENDPOINT_TEXT], expected[INET6_ADDRSTRLEN];
	struct ims_address a = {.family = 6};

	(void)state;
	for (unsigned n = 0; n < 256 * 5; n++) {
		for (unsigned i = 0; i < 8; i++) {
			unsigned v = n >> i & 1 ? values[(n / 256 + i) % 5] : 0;

			a.bytes[2 * i] = (uint8_t)(v >> 8);
			a.bytes[2 * i + 1] = (uint8_t)v;
		}
		inet_ntop(AF_INET6, a.bytes, expected, sizeof(expected));
		assert_string_equal(ims_address_format(out, &a), expected);
	}
	a = (struct ims_address){.family = 4};
	for (unsigned n = 0; n < 256; n++) {
		a.bytes[n % 4] = (uint8_t)n;
		inet_ntop(AF_INET, a.bytes, expected, sizeof(expected));
		assert_string_equal(ims_address_format(out, &a), expected);
	}
}

static void addresses_reach_so_far(void **state)
{
	static const struct {
		const char *text;
		enum ims_reach reach;
	} all[] = {
		{"8.8.8.8", IMS_REACH_ALL},
		{"10.1.2.3", IMS_REACH_PRIVATE},
		{"172.15.0.1", IMS_REACH_ALL},
		{"172.16.0.1", IMS_REACH_PRIVATE},
		{"172.31.255.255", IMS_REACH_PRIVATE},
		{"172.32.0.1", IMS_REACH_ALL},
		{"192.168.0.1", IMS_REACH_PRIVATE},
		{"100.64.0.1", IMS_REACH_PRIVATE},
		{"100.128.0.1", IMS_REACH_ALL},
		{"169.254.0.1", IMS_REACH_LINK},
		{"127.0.0.1", IMS_REACH_HOST},
		{"2001:db8::1", IMS_REACH_ALL},
		{"fd00::1", IMS_REACH_PRIVATE},
		{"fe80::1", IMS_REACH_LINK},
		{"::1", IMS_REACH_HOST},
		{"::2", IMS_REACH_ALL},
	};
	struct ims_address a = {0};

	(void)state;
	assert_int_equal(ims_address_reach(&a), IMS_REACH_ALL);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_true(ims_address_parse(&a, ims_slice_of(all[i].text)));
		assert_int_equal(ims_address_reach(&a), all[i].reach);
	}
}

static void addresses_are_read_strictly(void **state)
{
	static const uint8_t four[16] = {0, 10, 200, 255};
	static const char *const none[] = {
		"1.2.3",    "1.2.3.",	"1.2.3.4.5",  "1.2.3.256",
		"1.2.3.04", "1..3.4",	"1.2.3.1111", "1.2.3.4 ",
		".1.2.3.4", "00.1.2.3", "1.2.3.a",    ":",
	};
	struct ims_address a;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(ims_address_parse(&a, ims_slice_of(none[i])));
	assert_true(ims_address_parse(&a, ims_slice_of("0.10.200.255")));
	assert_int_equal(a.family, 4);
	assert_memory_equal(a.bytes, four, sizeof(four));
	assert_true(ims_address_parse(&a, ims_slice_of("::ffff:1.2.3.4")));
	assert_int_equal(a.family, 6);
}

static void roles_have_one_name(void **state)
{
	enum ims_role role = IMS_ROLE_UNKNOWN;

	(void)state;
	assert_true(ims_role_parse(&role, ims_slice_of("p-cscf")));
	assert_int_equal(role, IMS_ROLE_P_CSCF);
	assert_false(ims_role_parse(&role, ims_slice_of("proxy")));
	assert_string_equal(ims_role_name(role), "P-CSCF");
	assert_null(ims_role_name(IMS_ROLE_UNKNOWN));
	assert_null(ims_leg_name(IMS_LEG_NONE));
}

static void use_arena(void *user)
{
	struct ims_arena *arena = ims_arena_new(16);
	unsigned *n_full = user;

	if (!arena)
		return;
	for (size_t i = 1; i < 200; i++) {
		unsigned char *p = ims_arena_alloc(arena, i);
		if (!p)
			break;
		assert_int_equal((uintptr_t)p % sizeof(void *), 0);
		for (size_t k = 0; k < i; k++)
			assert_int_equal(p[k], 0);
		memset(p, 0xff, i);
		if (i == 199)
			(*n_full)++;
	}
	ims_arena_free(arena);
}

static void arena_survives_want_of_memory(void **state)
{
	unsigned n_full = 0;
	struct ims_arena *arena;

	(void)state;
	assert_true(starve(use_arena, &n_full) > 5);
	assert_int_equal(n_full, 1);
	arena = ims_arena_new(0);
	assert_non_null(arena);
	assert_null(ims_arena_alloc_n(arena, SIZE_MAX / 2, 3));
	assert_null(ims_arena_alloc_n(arena, 0, 3));
	assert_false(
		ims_slice_is_set(ims_arena_copy(arena, (struct ims_slice){0})));
	assert_true(
		ims_slice_is(ims_arena_copy(arena, ims_slice_of("x")), "x"));
	assert_null(ims_arena_text(arena, (struct ims_slice){0}));
	assert_string_equal(ims_arena_text(arena, ims_slice_of("")), "");
	assert_string_equal(ims_arena_text(arena, ims_slice("xyz", 2)), "xy");
	ims_arena_free(arena);
}

static void the_wall_holds_the_bytes(void **state)
{
	struct wall wall = wall_new(ims_slice_of("REGISTER"));

	(void)state;
	assert_true(ims_slice_is(wall.bytes, "REGISTER"));
	assert_int_equal((uintptr_t)(wall.bytes.at + wall.bytes.len) % 4096, 0);
	wall_free(&wall);
}

static void globs_match(void **state)
{
	static const struct {
		const char *pattern;
		const char *text;
		bool matches;
	} cases[] = {
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "anything", true},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"a*c*e", "abcde", true},
		{"a*c*e", "abcd", false},
		{"ALICE", "alice", true},
		{"[0-9]*", "4930", true},
		{"[!0-9]*", "4930", false},
		{"[]x]", "]", true},
		{"[a", "[a", true},
		{"[a", "a", false},
		{"a-[b-]", "a--", true},
		{"*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		 false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i].text));

		assert_int_equal(ims_glob(cases[i].pattern, wall.bytes),
				 cases[i].matches);
		wall_free(&wall);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_compare),
		cmocka_unit_test(case_counts_for_letters_only),
		cmocka_unit_test(hashes_tell_texts_apart),
		cmocka_unit_test(hashes_leave_case_aside),
		cmocka_unit_test(addresses_read_and_print),
		cmocka_unit_test(addresses_print_as_the_library_does),
		cmocka_unit_test(addresses_reach_so_far),
		cmocka_unit_test(addresses_are_read_strictly),
		cmocka_unit_test(roles_have_one_name),
		cmocka_unit_test(globs_match),
		cmocka_unit_test(arena_survives_want_of_memory),
		cmocka_unit_test(the_wall_holds_the_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
