// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "sip_scan.h"

#define IS(slice, text) assert_true(ims_slice_is(slice, text))

static void lists_split_at_commas(void **state)
{
	static const struct {
		const char *text;
		const char *elements[5]; /* NULL ends */
	} cases[] = {
		{"", {""}},
		{" a ", {"a"}},
		{"a,b", {"a", "b"}},
		{" , sec-agree", {"", "sec-agree"}},
		{"a,,b,", {"a", "", "b", ""}},
		{"\"a, b\" <sip:c>, d", {"\"a, b\" <sip:c>", "d"}},
		{"\"a\\\", b\", c", {"\"a\\\", b\"", "c"}},
		{"<sip:a,b>;x=1, c", {"<sip:a,b>;x=1", "c"}},
		/* What one core writes: an element, not two. */
		{"<sip:a@b, tel:+1>, <sip:c>",
		 {"<sip:a@b, tel:+1>", "<sip:c>"}},
		{"<sip:a@<null>:5060>, b", {"<sip:a@<null>:5060>", "b"}},
		/* A quote without partner is an ordinary character. */
		{"\"a <sip:b>, c", {"\"a <sip:b>", "c"}},
		{"\"\\\", a, \\\", b", {"\"\\\"", "a", "\\\"", "b"}},
		/* A bracket without partner holds all that follows. */
		{"a, <sip:b, c", {"a", "<sip:b, c"}},
		{"a,\r\n b", {"a", "b"}},
		{"\\", {"\\"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i].text));
		struct ims_slice rest = wall.bytes;
		struct ims_slice element;

		for (size_t k = 0; k < 5 && cases[i].elements[k]; k++) {
			assert_true(ims_sip_list_next(&rest, &element));
			IS(element, cases[i].elements[k]);
		}
		assert_false(ims_sip_list_next(&rest, &element));
		wall_free(&wall);
	}
}

static void params_split(void **state)
{
	static const struct {
		const char *text;
		const char *params[8]; /* name, value, ...; NULL: absent */
		size_t n;
	} cases[] = {
		{"", {0}, 0},
		{" ; ;", {0}, 0},
		{"lr", {"lr", NULL}, 1},
		{"a=1;b", {"a", "1", "b", NULL}, 2},
		{" a = 1 ; B=\" x; y \" ", {"a", "1", "B", " x; y "}, 2},
		{"a=\"\\\"\";b=2", {"a", "\\\"", "b", "2"}, 2},
		{"a=;=b;c=\"\"", {"a", "", "c", ""}, 2},
		{"a=\"1;b=2", {"a", "1", "b", "2"}, 2},
		{"a==;b", {"a", "=", "b", NULL}, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i].text));
		struct ims_slice rest = wall.bytes;
		struct ims_sip_param param;

		for (size_t k = 0; k < cases[i].n; k++) {
			assert_true(ims_sip_param_next(&rest, ';', &param));
			IS(param.name, cases[i].params[2 * k]);
			IS(param.value, cases[i].params[2 * k + 1]);
		}
		assert_false(ims_sip_param_next(&rest, ';', &param));
		wall_free(&wall);
	}
}

static void params_are_found(void **state)
{
	struct ims_slice params = ims_slice_of("x=\"tag=2\";TAG=1;tag=3;lr");

	(void)state;
	IS(ims_sip_param_find(params, "tag"), "1");
	IS(ims_sip_param_find(params, "lr"), "");
	IS(ims_sip_param_find(params, "ta"), NULL);
	IS(ims_sip_param_find((struct ims_slice){0}, "tag"), NULL);
}

static void a_param_is_taken(void **state)
{
	static const struct {
		const char *text;
		bool taken;
		const char *value, *rest;
	} cases[] = {
		{"tag=1", true, "1", ""},
		{"TAG=1;lr", true, "1", "lr"},
		{"tag=;lr", true, "", "lr"},
		{"tag=\"1;2\";lr", true, "1;2", "lr"},
		{"tag= 1 ;lr", true, "1", "lr"},
		{"tag=a\\;b;lr", true, "a\\;b", "lr"},
		/* Of these another has to find out. */
		{"tag =1", false, NULL, "tag =1"},
		{"tag", false, NULL, "tag"},
		{"tags=1", false, NULL, "tags=1"},
		{"lr;tag=1", false, NULL, "lr;tag=1"},
		{"", false, NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i].text));
		struct ims_slice rest = wall.bytes;
		struct ims_slice value = {0};

		assert_int_equal(
			ims_sip_param_take(&rest, &value, ims_slice_of("tag")),
			cases[i].taken);
		IS(value, cases[i].value);
		IS(rest, cases[i].rest);
		wall_free(&wall);
	}
}

static void quotes_come_off(void **state)
{
	static const char *const cases[][2] = {
		{"a", "a"},
		{" \"a b\" ", "a b"},
		{"\"a\\\"b\"", "a\\\"b"},
		{"\"\"", ""},
		{"\"", ""},
		{"\"abc", "abc"},
		{"\"abc\" junk", "abc"},
		{"&quot;a&b&quot;", "a&b"},
		{"&QUOT;a", "a"},
		{"&quot;&quot;", ""},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i][0]));

		IS(ims_sip_unquote(wall.bytes), cases[i][1]);
		wall_free(&wall);
	}
}

static void hosts_and_ports(void **state)
{
	static const struct {
		const char *text;
		const char *host;
		unsigned port;
	} cases[] = {
		{"a.example", "a.example", 0},
		{" 10.0.0.1 : 5060 ", "10.0.0.1", 5060},
		{"[2001:db8::1]", "[2001:db8::1]", 0},
		{"[2001:db8::1]:6100", "[2001:db8::1]", 6100},
		{"2001:db8::1", "2001:db8::1", 0},
		{"[2001:db8", "[2001:db8", 0},
		{"a:", "a", 0},
		{"a:x", "a", 0},
		{"a:65536", "a", 0},
		{"a:65535", "a", 65535},
		{":5060", "", 5060},
		{"", "", 0},
		{"<null>:5060", "<null>", 5060},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i].text));
		struct ims_slice host;
		uint16_t port = 9;

		ims_sip_host_port(&host, &port, wall.bytes);
		IS(host, cases[i].host);
		assert_int_equal(port, cases[i].port);
		wall_free(&wall);
	}
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t value;
	} cases[] = {
		{"3600", true, 3600},	  {" 0 ", true, 0},
		{"60;x=1", true, 60},	  {"60 (a comment)", true, 60},
		{"60(x)", true, 60},	  {"", false, 7},
		{"abc", false, 7},	  {"-1", false, 7},
		{"60s", false, 7},	  {"4294967295", true, 4294967295u},
		{"4294967296", false, 7}, {";", false, 7},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i].text));
		uint64_t value = 7;

		assert_int_equal(
			ims_sip_number_parse(&value, wall.bytes, UINT32_MAX),
			cases[i].good);
		assert_int_equal(value, cases[i].value);
		wall_free(&wall);
	}
}

static void cseqs(void **state)
{
	static const struct {
		const char *text;
		bool has_number;
		uint32_t number;
		const char *method;
	} cases[] = {
		{"1 REGISTER", true, 1, "REGISTER"},
		{" 4294967295 \t ACK ", true, 4294967295u, "ACK"},
		{"4294967296 ACK", false, 0, "ACK"},
		{"7", true, 7, NULL},
		{"x INVITE", false, 0, "INVITE"},
		{"", false, 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i].text));
		struct ims_sip_cseq cseq;

		ims_sip_cseq_parse(&cseq, wall.bytes);
		assert_int_equal(cseq.has_number, cases[i].has_number);
		assert_int_equal(cseq.number, cases[i].number);
		IS(cseq.method, cases[i].method);
		wall_free(&wall);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_split_at_commas),
		cmocka_unit_test(params_split),
		cmocka_unit_test(params_are_found),
		cmocka_unit_test(a_param_is_taken),
		cmocka_unit_test(quotes_come_off),
		cmocka_unit_test(hosts_and_ports),
		cmocka_unit_test(numbers),
		cmocka_unit_test(cseqs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
