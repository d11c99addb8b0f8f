// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <glib.h>

#include "json_parties.h"

static struct ims_party party(enum ims_role role, const char *address,
			      uint16_t port)
{
	struct ims_party made;

	/* What lies between its parts is nobody's. */
	memset(&made, port & 1 ? 0xff : 0x55, sizeof(made));
	made.role = role;
	made.endpoint.port = port;
	assert_true(ims_address_parse(&made.endpoint.address,
				      ims_slice_of(address)));
	return made;
}

static void assert_text(struct ims_json_parties *parties,
			const struct ims_party *party, const char *text)
{
	char out[IMS_JSON_PARTY_TEXT];
	char *end = ims_json_parties_put(parties, out, party);

	assert_int_equal(end - out, strlen(text));
	assert_memory_equal(out, text, strlen(text));
}

/* One that differs in anything is another. */
static void each_has_its_own_text(void **state)
{
	static const struct {
		enum ims_role role;
		const char *address;
		uint16_t port;
		const char *text;
	} cases[] = {
		{IMS_ROLE_UE, "10.0.0.1", 5060, "\"UE 10.0.0.1:5060\","},
		{IMS_ROLE_AS, "10.0.0.1", 5060, "\"AS 10.0.0.1:5060\","},
		{IMS_ROLE_UE, "10.0.0.2", 5060, "\"UE 10.0.0.2:5060\","},
		{IMS_ROLE_UE, "10.0.0.1", 5061, "\"UE 10.0.0.1:5061\","},
		{IMS_ROLE_UE, "10.0.0.1", 0, "\"UE 10.0.0.1\","},
		{IMS_ROLE_UNKNOWN, "10.0.0.1", 5060, "\"10.0.0.1:5060\","},
		{IMS_ROLE_UE, "a00:1::", 5060, "\"UE [a00:1::]:5060\","},
		{IMS_ROLE_UE, "::", 1, "\"UE [::]:1\","},
		{IMS_ROLE_UE, "0.0.0.0", 1, "\"UE 0.0.0.0:1\","},
		{IMS_ROLE_REGISTRAR, "1111:2222:3333:4444:5555:6666:7777:8888",
		 65535,
		 "\"registrar [1111:2222:3333:4444:5555:6666:7777:8888]:"
		 "65535\","},
	};
	struct ims_json_parties *parties = ims_json_parties_new();

	(void)state;
	for (int again = 0; again < 3; again++)
		for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
			struct ims_party about = party(
				cases[i].role, cases[i].address, cases[i].port);

			assert_text(parties, &about, cases[i].text);
		}
	g_free(parties);
}

/* More than are kept, each of them twice. */
static void one_takes_the_place_of_another(void **state)
{
	struct ims_json_parties *parties = ims_json_parties_new();

	(void)state;
	for (unsigned i = 0; i < 4000; i++) {
		unsigned n = i / 4 * 2 + i % 2;
		struct ims_party about =
			party(IMS_ROLE_UE, "10.0.0.1", (uint16_t)(n + 1));
		char *text = g_strdup_printf("\"UE 10.0.0.1:%u\",", n + 1);

		assert_text(parties, &about, text);
		g_free(text);
	}
	g_free(parties);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_own_text),
		cmocka_unit_test(one_takes_the_place_of_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
