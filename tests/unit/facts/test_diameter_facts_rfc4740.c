// SPDX-License-Identifier: GPL-2.0-or-later
/* RFC 4740 says the same as Cx with other numbers. */
#include "diameter_facts.h"

#include "diameter/maker.h"
#include "facts.h"

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

static const struct ims_diameter_facts *facts_of_made(void)
{
	const struct ims_diameter_facts *facts;

	facts = ims_diameter_facts_new(arena, maker_end(&maker), false);
	assert_non_null(facts);
	assert_int_equal(facts->application, IMS_APPLICATION_RFC4740);
	assert_int_equal(facts->flaws, 0);
	return facts;
}

static void a_uar_and_its_answer(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0xc0, 283, 6);
	maker_text(&maker, 0, 122, "sip:alice@example");
	maker_text(&maker, 0, 386, "visited.example");
	maker_u32(&maker, 0, 387, 1);
	f = facts_of_made();
	assert_int_equal(f->command, IMS_COMMAND_UA);
	assert_int_equal(f->public_identities.n, 1);
	assert_true(
		ims_slice_is(f->public_identities.at[0], "sip:alice@example"));
	assert_true(ims_slice_is(f->visited_network, "visited.example"));
	assert_int_equal(f->authorization_type, 1);

	maker_begin(&maker, 0x40, 283, 6);
	maker_u32(&maker, 0, 268, 5032);
	maker_text(&maker, 0, 371, "sip:server.example");
	maker_open(&maker, 0, 372);
	maker_u32(&maker, 0, 373, 1);
	maker_u32(&maker, 0, 374, 2);
	maker_text(&maker, 0, 371, "sip:other.example");
	maker_close(&maker);
	f = facts_of_made();
	assert_int_equal(f->result.container, IMS_RESULT_CODE);
	assert_string_equal(f->result.name, "DIAMETER_ERROR_USER_UNKNOWN");
	assert_true(ims_slice_is(f->server_name, "sip:server.example"));
	assert_true(f->has_capabilities);
	assert_int_equal(f->mandatory_capabilities.at[0], 1);
	assert_int_equal(f->optional_capabilities.at[0], 2);
	assert_true(
		ims_slice_is(f->capability_servers.at[0], "sip:other.example"));
}

static void a_maa_with_digest(void **state)
{
	const struct ims_auth_item *item;
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0x40, 286, 6);
	maker_u32(&maker, 0, 382, 1);
	maker_open(&maker, 0, 376);
	maker_u32(&maker, 0, 377, 0);
	maker_u32(&maker, 0, 378, 4);
	maker_open(&maker, 0, 379);
	maker_text(&maker, 0, 104, "example");
	maker_text(&maker, 0, 105, "nonce0");
	maker_text(&maker, 0, 110, "auth");
	maker_text(&maker, 0, 111, "MD5");
	maker_text(&maker, 0, 121, "ha1");
	maker_close(&maker);
	maker_open(&maker, 0, 381);
	maker_text(&maker, 0, 110, "auth-int");
	maker_close(&maker);
	maker_close(&maker);
	f = facts_of_made();
	assert_int_equal(f->command, IMS_COMMAND_MA);
	assert_int_equal(f->number_auth_items, 1);
	assert_int_equal(f->n_auth_items, 1);
	item = &f->auth_items[0];
	assert_int_equal(item->item_number, 4);
	assert_true(ims_slice_is(item->scheme, "DIGEST"));
	assert_true(item->has_digest);
	assert_true(ims_slice_is(item->digest_realm, "example"));
	assert_true(ims_slice_is(item->digest_nonce, "nonce0"));
	assert_true(ims_slice_is(item->digest_qop, "auth"));
	assert_true(ims_slice_is(item->digest_algorithm, "MD5"));
	assert_true(ims_slice_is(item->digest_ha1, "ha1"));
}

static void a_sar_and_its_answer(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0xc0, 284, 6);
	maker_u32(&maker, 0, 375, 5);
	maker_u32(&maker, 0, 392, 1);
	f = facts_of_made();
	assert_int_equal(f->command, IMS_COMMAND_SA);
	assert_int_equal(f->assignment_type, 5);
	assert_int_equal(f->data_already_available, 1);

	maker_begin(&maker, 0x40, 284, 6);
	maker_u32(&maker, 0, 268, 2001);
	maker_open(&maker, 0, 389);
	maker_text(&maker, 0, 390, "ims");
	maker_text(&maker, 0, 391,
		   "<IMSSubscription><PrivateID>1@example</PrivateID>"
		   "</IMSSubscription>");
	maker_close(&maker);
	f = facts_of_made();
	assert_true(f->profile.present);
	assert_true(f->profile.well_formed);
	assert_true(f->profile.is_subscription);
	assert_true(ims_slice_is(f->profile.private_id, "1@example"));
}

static void an_rtr(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0xc0, 287, 6);
	maker_open(&maker, 0, 383);
	maker_u32(&maker, 0, 384, 2);
	maker_text(&maker, 0, 385, "moved");
	maker_close(&maker);
	f = facts_of_made();
	assert_int_equal(f->command, IMS_COMMAND_RT);
	assert_int_equal(f->reason_code, 2);
	assert_true(ims_slice_is(f->reason_info, "moved"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_uar_and_its_answer),
		cmocka_unit_test(a_maa_with_digest),
		cmocka_unit_test(a_sar_and_its_answer),
		cmocka_unit_test(an_rtr),
	};

	return cmocka_run_group_tests(tests, arena_opens, arena_closes);
}
