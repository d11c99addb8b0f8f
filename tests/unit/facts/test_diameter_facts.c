// SPDX-License-Identifier: GPL-2.0-or-later
#include "diameter_facts.h"

#include "diameter/maker.h"
#include "facts.h"

#define TGPP 10415u
#define CX   16777216u
#define RX   16777236u

static struct maker maker;

static struct ims_arena *arena;

static int arena_opens(void **state)
{
	(void)state;
	arena = ims_arena_new(0);
	return arena ? 0 : -1;
}

static int arena_closes(void **state)
{
	(void)state;
	ims_arena_free(arena);
	return 0;
}

/* The facts of what was made; the bytes are gone by the time they are read. */
static const struct ims_diameter_facts *facts_of_made(void)
{
	const struct ims_diameter_facts *facts;
	struct wall wall = wall_new(maker_end(&maker));

	facts = ims_diameter_facts_new(arena, wall.bytes, false);
	wall_free(&wall);
	assert_non_null(facts);
	return facts;
}

static void text_is(struct ims_slice text, const char *expected)
{
	if (!ims_slice_is(text, expected))
		fail_msg("\"%.*s\" is not \"%s\"", IMS_SLICE_ARG(text),
			 expected);
}

static void a_uar(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0xd0, 300, CX);
	maker_text(&maker, 0, 263, "icscf.example;1;7");
	maker_text(&maker, 0, 264, "icscf.example");
	maker_text(&maker, 0, 296, "example");
	maker_text(&maker, 0, 293, "hss.example");
	maker_text(&maker, 0, 283, "home.example");
	maker_text(&maker, 0, 282, "dra1.example");
	maker_text(&maker, 0, 282, "dra2.example");
	maker_text(&maker, 0, 1, "1@ims.example");
	maker_text(&maker, TGPP, 601, "sip:alice@ims.example");
	maker_text(&maker, TGPP, 600, "visited.example");
	maker_u32(&maker, TGPP, 623, 2);
	f = facts_of_made();

	assert_true(f->is_request);
	assert_true(f->is_proxiable);
	assert_true(f->is_retransmitted);
	assert_false(f->is_error);
	assert_int_equal(f->application, IMS_APPLICATION_CX);
	assert_int_equal(f->application_id, CX);
	assert_int_equal(f->command, IMS_COMMAND_UA);
	assert_int_equal(f->command_code, 300);
	assert_int_equal(f->hop_by_hop, 0x11111111);
	assert_int_equal(f->end_to_end, 0x22222222);
	text_is(f->session_id, "icscf.example;1;7");
	text_is(f->origin_host, "icscf.example");
	text_is(f->origin_realm, "example");
	text_is(f->destination_host, "hss.example");
	text_is(f->destination_realm, "home.example");
	assert_int_equal(f->n_route_records, 2);
	text_is(f->user_name, "1@ims.example");
	assert_int_equal(f->public_identities.n, 1);
	text_is(f->public_identities.at[0], "sip:alice@ims.example");
	text_is(f->visited_network, "visited.example");
	assert_int_equal(f->authorization_type, 2);
	assert_int_equal(f->flaws, 0);
	assert_int_equal(f->flaw_offset, -1);
}

static void what_a_message_lacks_is_absent(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0x40, 999, 77);
	f = facts_of_made();
	assert_int_equal(f->application, IMS_APPLICATION_OTHER);
	assert_int_equal(f->command, IMS_COMMAND_OTHER);
	assert_false(ims_slice_is_set(f->session_id));
	assert_false(ims_slice_is_set(f->user_name));
	assert_false(ims_slice_is_set(f->server_name));
	assert_null(f->public_identities.at);
	assert_int_equal(f->public_identities.n, 0);
	assert_null(f->auth_items);
	assert_int_equal(f->result.container, IMS_RESULT_NONE);
	assert_null(f->result.name);
	assert_false(f->has_result_code);
	assert_false(f->has_experimental_result);
	assert_int_equal(f->authorization_type, -1);
	assert_int_equal(f->assignment_type, -1);
	assert_int_equal(f->data_already_available, -1);
	assert_int_equal(f->number_auth_items, -1);
	assert_int_equal(f->reason_code, -1);
	assert_int_equal(f->disconnect_cause, -1);
	assert_int_equal(f->rx_request_type, -1);
	assert_int_equal(f->abort_cause, -1);
	assert_int_equal(f->framed_ip.family, 0);
	assert_false(f->profile.present);
	assert_false(f->failed_avp.present);
}

static void put_experimental(uint32_t vendor, uint32_t code)
{
	maker_open(&maker, 0, 297);
	maker_u32(&maker, 0, 266, vendor);
	maker_u32(&maker, 0, 298, code);
	maker_close(&maker);
}

static void a_uaa_with_capabilities(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0x40, 300, CX);
	put_experimental(TGPP, 2001);
	maker_text(&maker, TGPP, 602, "");
	maker_open(&maker, TGPP, 603);
	maker_u32(&maker, TGPP, 604, 11);
	maker_u32(&maker, TGPP, 604, 12);
	maker_u32(&maker, TGPP, 605, 21);
	maker_text(&maker, TGPP, 602, "sip:scscf1.example");
	maker_text(&maker, TGPP, 602, "sip:scscf2.example");
	maker_close(&maker);
	f = facts_of_made();

	assert_int_equal(f->result.container, IMS_RESULT_EXPERIMENTAL);
	assert_int_equal(f->result.vendor, TGPP);
	assert_int_equal(f->result.code, 2001);
	assert_string_equal(f->result.name, "DIAMETER_FIRST_REGISTRATION");
	assert_true(f->has_experimental_result);
	assert_false(f->has_result_code);
	text_is(f->server_name, ""); /* it stands, and is empty */
	assert_true(f->has_capabilities);
	assert_int_equal(f->mandatory_capabilities.n, 2);
	assert_int_equal(f->mandatory_capabilities.at[1], 12);
	assert_int_equal(f->optional_capabilities.n, 1);
	assert_int_equal(f->optional_capabilities.at[0], 21);
	assert_int_equal(f->capability_servers.n, 2);
	text_is(f->capability_servers.at[1], "sip:scscf2.example");
}

static void both_results_are_told(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0x60, 301, CX);
	maker_u32(&maker, 0, 268, 5005);
	put_experimental(TGPP, 5007);
	f = facts_of_made();
	assert_true(f->is_error);
	assert_int_equal(f->result.container, IMS_RESULT_EXPERIMENTAL);
	assert_string_equal(f->result.name,
			    "DIAMETER_ERROR_IN_ASSIGNMENT_TYPE");
	assert_true(f->has_result_code);
	assert_true(f->has_experimental_result);
	assert_int_equal(f->result_code, 5005);
}

static void an_error_answer(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0x20, 303, CX);
	maker_u32(&maker, 0, 268, 5005);
	maker_text(&maker, 0, 281, "no such thing");
	maker_text(&maker, 0, 294, "dra.example");
	maker_text(&maker, 0, 292, "aaa://hss2.example");
	maker_open(&maker, 0, 279);
	maker_text(&maker, TGPP, 602, "sip:x");
	maker_text(&maker, 0, 1, "u");
	maker_close(&maker);
	f = facts_of_made();
	assert_int_equal(f->result.container, IMS_RESULT_CODE);
	assert_int_equal(f->result.vendor, 0);
	assert_string_equal(f->result.name, "DIAMETER_MISSING_AVP");
	text_is(f->error_message, "no such thing");
	text_is(f->error_reporting_host, "dra.example");
	assert_int_equal(f->redirect_hosts.n, 1);
	text_is(f->redirect_hosts.at[0], "aaa://hss2.example");
	assert_true(f->failed_avp.present);
	assert_int_equal(f->failed_avp.vendor, TGPP);
	assert_int_equal(f->failed_avp.code, 602);
	assert_string_equal(f->failed_avp.name, "Server-Name");
	/* What is inside Failed-AVP says nothing of this message. */
	assert_false(ims_slice_is_set(f->server_name));
	assert_false(ims_slice_is_set(f->user_name));
}

static void a_maa_with_vectors(void **state)
{
	static const char challenge[32] = "RANDRANDRANDRANDAUTNAUTNAUTNAUTN";
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0x40, 303, CX);
	maker_u32(&maker, 0, 268, 2001);
	maker_u32(&maker, TGPP, 607, 2);
	for (uint32_t i = 1; i <= 2; i++) {
		maker_open(&maker, TGPP, 612);
		maker_u32(&maker, TGPP, 613, i);
		maker_text(&maker, TGPP, 608, "Digest-AKAv1-MD5");
		maker_avp(&maker, TGPP, 609,
			  ims_slice(challenge, sizeof(challenge)));
		maker_text(&maker, TGPP, 610, i == 1 ? "XRESXRES" : "xres");
		maker_text(&maker, TGPP, 625, "CKCKCKCKCKCKCKCK");
		maker_text(&maker, TGPP, 626, "IKIKIKIKIKIKIKIK");
		maker_close(&maker);
	}
	f = facts_of_made();
	assert_int_equal(f->command, IMS_COMMAND_MA);
	assert_int_equal(f->number_auth_items, 2);
	assert_int_equal(f->n_auth_items, 2);
	assert_int_equal(f->auth_items[0].item_number, 1);
	assert_int_equal(f->auth_items[1].item_number, 2);
	text_is(f->auth_items[0].scheme, "Digest-AKAv1-MD5");
	assert_int_equal(f->auth_items[0].authenticate.len, 32);
	assert_memory_equal(f->auth_items[0].authenticate.at, challenge, 32);
	text_is(f->auth_items[0].authorization, "XRESXRES");
	text_is(f->auth_items[1].authorization, "xres");
	text_is(f->auth_items[0].ck, "CKCKCKCKCKCKCKCK");
	text_is(f->auth_items[1].ik, "IKIKIKIKIKIKIKIK");
	assert_false(f->auth_items[0].has_digest);
}

static void a_maa_with_digest(void **state)
{
	const struct ims_auth_item *item;
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0x40, 303, CX);
	maker_text(&maker, 0, 104, "realm of no item");
	maker_open(&maker, TGPP, 612);
	maker_text(&maker, TGPP, 608, "SIP Digest");
	maker_open(&maker, TGPP, 635);
	maker_text(&maker, 0, 104, "ims.example");
	maker_text(&maker, 0, 111, "MD5");
	maker_text(&maker, 0, 110, "auth");
	maker_text(&maker, 0, 121, "562342772cae41b0256d47d6ad59161d");
	maker_close(&maker);
	maker_close(&maker);
	f = facts_of_made();
	assert_int_equal(f->n_auth_items, 1);
	item = &f->auth_items[0];
	assert_int_equal(item->item_number, -1);
	text_is(item->scheme, "SIP Digest");
	assert_true(item->has_digest);
	text_is(item->digest_realm, "ims.example");
	text_is(item->digest_algorithm, "MD5");
	text_is(item->digest_qop, "auth");
	text_is(item->digest_ha1, "562342772cae41b0256d47d6ad59161d");
	assert_false(ims_slice_is_set(item->digest_nonce));
	assert_false(ims_slice_is_set(item->authenticate));
}

static void a_sar_of_kamailio(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0xc0, 301, CX);
	maker_text(&maker, 50, 494, "802beb7d3756ba2b@10.70.1.102");
	maker_text(&maker, TGPP, 602, "sip:scscf.example:6060");
	maker_u32(&maker, TGPP, 614, 1);
	maker_u32(&maker, TGPP, 624, 0);
	maker_u32(&maker, TGPP, 614, 5);
	f = facts_of_made();
	assert_int_equal(f->command, IMS_COMMAND_SA);
	text_is(f->call_id, "802beb7d3756ba2b@10.70.1.102");
	text_is(f->server_name, "sip:scscf.example:6060");
	assert_int_equal(f->assignment_type, 1); /* the first counts */
	assert_int_equal(f->data_already_available, 0);
}

static void an_rtr_for_several(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0xc0, 304, CX);
	maker_text(&maker, 0, 1, "1@ims.example");
	maker_text(&maker, TGPP, 601, "sip:a@ims.example");
	maker_text(&maker, TGPP, 601, "tel:+1");
	maker_open(&maker, TGPP, 632);
	maker_text(&maker, 0, 1, "2@ims.example");
	maker_text(&maker, 0, 1, "3@ims.example");
	maker_close(&maker);
	maker_open(&maker, TGPP, 615);
	maker_u32(&maker, TGPP, 616, 0);
	maker_text(&maker, TGPP, 617, "terminated");
	maker_close(&maker);
	f = facts_of_made();
	assert_int_equal(f->command, IMS_COMMAND_RT);
	text_is(f->user_name, "1@ims.example");
	assert_int_equal(f->public_identities.n, 2);
	text_is(f->public_identities.at[1], "tel:+1");
	assert_int_equal(f->associated_identities.n, 2);
	text_is(f->associated_identities.at[0], "2@ims.example");
	text_is(f->associated_identities.at[1], "3@ims.example");
	assert_int_equal(f->reason_code, 0);
	text_is(f->reason_info, "terminated");
}

static void peers_and_their_applications(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0x80, 257, 0);
	maker_text(&maker, 0, 269, "freeDiameter");
	maker_u32(&maker, 0, 258, 0xffffffff);
	maker_u32(&maker, 0, 259, 3);
	maker_open(&maker, 0, 260);
	maker_u32(&maker, 0, 266, TGPP);
	maker_u32(&maker, 0, 258, CX);
	maker_close(&maker);
	f = facts_of_made();
	assert_int_equal(f->command, IMS_COMMAND_CE);
	assert_int_equal(f->application, IMS_APPLICATION_BASE);
	text_is(f->product_name, "freeDiameter");
	assert_int_equal(f->applications.n, 3);
	assert_int_equal(f->applications.at[0], 0xffffffff);
	assert_int_equal(f->applications.at[1], 3);
	assert_int_equal(f->applications.at[2], CX);

	maker_begin(&maker, 0x80, 282, 0);
	maker_u32(&maker, 0, 273, 2);
	f = facts_of_made();
	assert_int_equal(f->command, IMS_COMMAND_DP);
	assert_int_equal(f->disconnect_cause, 2);
}

static void rx_names_the_ue(void **state)
{
	static const unsigned char prefix[] = {0,    64,   0x20, 0x01, 0x0d,
					       0xb8, 0x00, 0x01, 0x00, 0x02};
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0xc0, 265, RX);
	maker_u32(&maker, 0, 8, 0x0a460165);
	maker_u32(&maker, TGPP, 533, 1);
	f = facts_of_made();
	assert_int_equal(f->application, IMS_APPLICATION_RX);
	assert_int_equal(f->command, IMS_COMMAND_AA);
	assert_int_equal(f->framed_ip.family, 4);
	assert_memory_equal(f->framed_ip.bytes, "\x0a\x46\x01\x65", 4);
	assert_int_equal(f->rx_request_type, 1);

	maker_begin(&maker, 0xc0, 274, RX);
	maker_avp(&maker, 0, 97, ims_slice(prefix, sizeof(prefix)));
	maker_u32(&maker, TGPP, 500, 0);
	f = facts_of_made();
	assert_int_equal(f->command, IMS_COMMAND_AS);
	assert_int_equal(f->framed_ip.family, 6);
	assert_memory_equal(f->framed_ip.bytes,
			    "\x20\x01\x0d\xb8\0\1\0\2\0\0\0\0\0\0\0", 16);
	assert_int_equal(f->abort_cause, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_uar),
		cmocka_unit_test(what_a_message_lacks_is_absent),
		cmocka_unit_test(a_uaa_with_capabilities),
		cmocka_unit_test(both_results_are_told),
		cmocka_unit_test(an_error_answer),
		cmocka_unit_test(a_maa_with_vectors),
		cmocka_unit_test(a_maa_with_digest),
		cmocka_unit_test(a_sar_of_kamailio),
		cmocka_unit_test(an_rtr_for_several),
		cmocka_unit_test(peers_and_their_applications),
		cmocka_unit_test(rx_names_the_ue),
	};

	return cmocka_run_group_tests(tests, arena_opens, arena_closes);
}
