// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

/* The chain's, not the one above of the same name. */
#include "agreement/sec_agree.h"
#include "check.h"

static const char mechanism[] =
	"ipsec-3gpp; q=0.1;alg=hmac-sha-1-96 ;d-ver=\"a;b=c\";spi-c=4096;;lr";

static void parameters_split(void **state)
{
	static const struct {
		const char *name;
		const char *value; /* NULL: without "=" */
	} expected[] = {
		{"ipsec-3gpp", NULL},
		{"q", "0.1"},
		{"alg", "hmac-sha-1-96"},
		{"d-ver", "\"a;b=c\""},
		{"spi-c", "4096"},
		{"", NULL},
		{"lr", NULL},
	};
	struct wall wall = wall_new(ims_slice_of(mechanism));
	struct ims_slice rest = wall.bytes;
	struct ims_parameter p;

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_true(ims_parameter_next(&rest, &p));
		assert_true(ims_slice_is(p.name, expected[i].name));
		assert_int_equal(ims_slice_is_set(p.value),
				 expected[i].value != NULL);
		if (expected[i].value)
			assert_true(ims_slice_is(p.value, expected[i].value));
	}
	assert_false(ims_parameter_next(&rest, &p));
	wall_free(&wall);
}

/* Any prefix of a mechanism is read to its end and no further. */
static void prefixes_end(void **state)
{
	size_t all = sizeof(mechanism) - 1;

	(void)state;
	for (size_t len = 0; len <= all; len++) {
		struct wall wall = wall_new(ims_slice(mechanism, len));
		struct ims_slice rest = wall.bytes;
		struct ims_parameter p;
		unsigned n = 0;

		while (ims_parameter_next(&rest, &p))
			n++;
		assert_int_equal(rest.len, 0);
		assert_int_equal(n > 0, len > 0);
		assert_int_equal(ims_mechanism_compare(wall.bytes, wall.bytes),
				 IMS_LIKENESS_SAME);
		wall_free(&wall);
	}
}

static void mechanisms_compare(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		enum ims_likeness likeness;
	} cases[] = {
		{"ipsec-3gpp;alg=x;spi-c=1", "IPSEC-3GPP; SPI-C = 1;alg=X",
		 IMS_LIKENESS_SAME},
		{"ipsec-3gpp;alg=x", "ipsec-3gpp;alg=x;", IMS_LIKENESS_SAME},
		{"ipsec-3gpp;q=0.1;alg=x", "ipsec-3gpp;alg=x",
		 IMS_LIKENESS_BUT_Q},
		{"ipsec-3gpp;q=0.1", "ipsec-3gpp;q=0.2", IMS_LIKENESS_BUT_Q},
		{"ipsec-3gpp;alg=x", "ipsec-3gpp;alg=y", IMS_LIKENESS_DIFFER},
		{"ipsec-3gpp;alg=x", "ipsec-3gpp", IMS_LIKENESS_DIFFER},
		{"ipsec-3gpp", "ipsec-3gpp;mod=trans", IMS_LIKENESS_DIFFER},
		{"ipsec-3gpp;q=1;alg=x", "ipsec-3gpp;q=0;alg=y",
		 IMS_LIKENESS_DIFFER},
		{"tls", "ipsec-3gpp", IMS_LIKENESS_DIFFER},
		/* A parameter of another name that begins alike is another. */
		{"tls;spi=1", "tls;spi-c=1", IMS_LIKENESS_DIFFER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ims_slice a = ims_slice_of(cases[i].a);
		struct ims_slice b = ims_slice_of(cases[i].b);

		if (ims_mechanism_compare(a, b) != cases[i].likeness ||
		    ims_mechanism_compare(b, a) != cases[i].likeness)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
	}
}

static void lists_compare_in_order(void **state)
{
	struct ims_sip_mechanism two[] = {
		{.text = ims_slice_of("tls;q=0.2")},
		{.text = ims_slice_of("ipsec-3gpp;q=0.1;spi-s=999;lr")},
	};
	struct ims_sip_mechanisms verify = {two, 2, true};
	struct ims_security_list server = {
		.at = {ims_slice_of("tls;q=0.2"),
		       ims_slice_of("ipsec-3gpp;q=0.1;spi-s=4097;alg=x")},
		.n = 2,
	};
	GPtrArray *told;

	(void)state;
	assert_int_equal(ims_security_compare(&server, &verify),
			 IMS_LIKENESS_DIFFER);
	told = ims_security_differences(&server, &verify);
	assert_int_equal(told->len, 3);
	assert_string_equal(told->pdata[0], "spi-s=4097 became spi-s=999");
	assert_string_equal(told->pdata[1], "alg=x was left out");
	assert_string_equal(told->pdata[2], "lr was added");
	g_ptr_array_free(told, TRUE);

	two[1].text = server.at[1];
	assert_int_equal(ims_security_compare(&server, &verify),
			 IMS_LIKENESS_SAME);
	two[1].text = server.at[0];
	two[0].text = server.at[1];
	assert_int_equal(ims_security_compare(&server, &verify),
			 IMS_LIKENESS_DIFFER);
	verify.n = 1;
	told = ims_security_differences(&server, &verify);
	assert_string_equal(told->pdata[0], "2 mechanisms became 1");
	g_ptr_array_free(told, TRUE);
}

/* TS 33.203 7.1: a response goes the other way, on either leg. */
static void ports_have_uses(void **state)
{
	struct ims_sip_facts sip = {.is_request = true};
	struct ims_facts message = {
		.sip = &sip,
		.time_ns = 5,
		.source = {.port = 32768},
		.destination = {.port = 6100},
	};
	struct ims_agreed agreed = {
		.ports = {{32768, 32769, 5100, 6100, 0}},
		.n = 1,
		.ue_asks = true,
	};
	struct ims_port_uses uses;

	(void)state;
	ims_port_uses_read(&uses, &agreed, &message);
	assert_int_equal(uses.ue, IMS_PORT_CLIENT);
	assert_int_equal(uses.pcscf, IMS_PORT_SERVER);
	sip.is_request = false;
	message.source.port = 5100;
	message.destination.port = 32769;
	ims_port_uses_read(&uses, &agreed, &message);
	assert_int_equal(uses.ue, IMS_PORT_SERVER);
	assert_int_equal(uses.pcscf, IMS_PORT_CLIENT);
	agreed.ports[0].since_ns = 6;
	ims_port_uses_read(&uses, &agreed, &message);
	assert_int_equal(uses.ue | uses.pcscf, 0);
	agreed.ports[0] = (struct ims_ports){5060, 5060, 5060, 5060, 0};
	message.source.port = message.destination.port = 5060;
	ims_port_uses_read(&uses, &agreed, &message);
	assert_int_equal(uses.ue | uses.pcscf, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_split),
		cmocka_unit_test(prefixes_end),
		cmocka_unit_test(mechanisms_compare),
		cmocka_unit_test(lists_compare_in_order),
		cmocka_unit_test(ports_have_uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
