// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "cx/scscf_name.h"

static bool differ(const char *a, const char *b)
{
	struct wall x = wall_new(ims_slice_of(a));
	struct wall y = wall_new(ims_slice_of(b));
	bool there = ims_scscf_differ(x.bytes, y.bytes);

	assert_int_equal(there, ims_scscf_differ(y.bytes, x.bytes));
	wall_free(&x);
	wall_free(&y);
	return there;
}

static void names_of_one_node(void **state)
{
	static const char *const pairs[][2] = {
		{"sip:scscf.a.net:6060", "sip:scscf.a.net:6060"},
		{"sip:scscf.a.net:6060", "SIP:SCSCF.A.NET.:6060;lr"},
		{"sip:scscf.a.net:6060", "sips:orig@scscf.a.net:6060?x=y"},
		{"sip:scscf.a.net", "sip:scscf.a.net:6060;transport=tcp"},
		{"sip:scscf.a.net:6060", "scscf.a.net:6060"},
		{"sip:scscf.a.net", "sip:scscf"},
		{"sip:scscf.a.net", "sip:10.0.0.1:6060"},
		{"sip:scscf.a.net", "sip:[2001:db8::1]:6060"},
		{"sip:[2001:DB8::1]:6060", "sip:[2001:db8::1]:6060"},
		{"sip:scscf.a.net", ""},
		{"sip:scscf.a.net", "sip:"},
		{"sip:scscf.a.net", "sip:@;"},
		{"sip:scscf.a.net", "sip:..."},
		{"sip:scscf.a.net", " \r\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_false(differ(pairs[i][0], pairs[i][1]));
}

static void names_of_two_nodes(void **state)
{
	static const char *const pairs[][2] = {
		{"sip:scscf.a.net:6060", "sip:scscf.a.net:6061"},
		{"sip:scscf.a.net:6060", "sip:scscf2.a.net:6060"},
		{"sip:scscf.a.net", "sip:scscf.b.net"},
		{"sip:scscf.a.net", "sip:scscf.a.net.b.net"},
		{"sip:scscf", "sip:scscf2.a.net"},
		{"sip:10.0.0.1:6060", "sip:10.0.0.2:6060"},
		{"sip:[2001:db8::1]", "sip:[2001:db8::2]"},
		{"sip:[2001:db8::1]:6060", "sip:[2001:db8::1]:6061"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_true(differ(pairs[i][0], pairs[i][1]));
}

/* Every beginning of a name is one that can be compared. */
static void prefixes_end(void **state)
{
	static const char name[] = "sip:orig@[2001:db8::1]:6060;lr?a=b";

	(void)state;
	for (size_t len = 0; len <= sizeof(name) - 1; len++) {
		struct wall wall = wall_new(ims_slice(name, len));

		assert_false(ims_scscf_differ(wall.bytes, wall.bytes));
		ims_scscf_differ(wall.bytes, ims_slice_of("sip:a.b"));
		wall_free(&wall);
	}
	assert_false(
		ims_scscf_differ(ims_slice("a\0b", 3), ims_slice("a\0b", 3)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_one_node),
		cmocka_unit_test(names_of_two_nodes),
		cmocka_unit_test(prefixes_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
