// SPDX-License-Identifier: GPL-2.0-or-later
/* Diameter exchanges, and the registration that each belongs to. */
#include "story.h"

#include "core.h"

/* 32 bytes, and their base64. */
#define VECTOR_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define NONCE_A	 "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
#define VECTOR_B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define NONCE_B	 "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="

static void request_and_answer_are_one(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;

	(void)state;
	cx(story, 0, "i", "hss", "LIR 5 impu=alice");
	cx(story, 0.25, "hss", "i", "LIA 5 result=2001 name=sip:s");
	summary = story_end(story);
	assert_int_equal(story->registrations->len, 0);
	assert_int_equal(story->exchanges->len, 1);
	assert_string_equal(told_cx(story, 0)->command, "LIR");
	assert_int_equal(told_cx(story, 0)->id, 1);
	assert_int_equal(told_cx(story, 0)->request, 1);
	assert_int_equal(told_cx(story, 0)->answer, 2);
	assert_int_equal(told_cx(story, 0)->code, 2001);
	assert_int_equal(told_cx(story, 0)->n_agents, 0);
	assert_int_equal(told_cx(story, 0)->registration, 0);
	assert_int_equal(summary->n_commands, 1);
	assert_int_equal(summary->commands[0].count, 1);
	assert_int_equal(summary->commands[0].errors, 0);
	assert_in_range(summary->commands[0].latency.p50_ns, 247500000,
			250000000);
	assert_int_equal(summary->commands[0].latency.max_ns, 250000000);
	story_free(story);
}

/* Two connections, own hop-by-hop on each: one exchange, seen by the asker. */
static void agents_do_not_double_an_exchange(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	cx(story, 0, "i", "dra", "UAR 5 e2e=77 impi=alice impu=alice uat=0");
	cx(story, 0.001, "dra>", "hss",
	   "UAR 900 e2e=77 impi=alice impu=alice uat=0 record=cscf.example");
	cx(story, 0.002, "hss", "dra>", "UAA 900 e2e=77 exp=2001");
	cx(story, 0.003, "dra", "i", "UAA 5 e2e=77 exp=2001");
	story_end(story);
	assert_int_equal(story->exchanges->len, 1);
	assert_int_equal(told_cx(story, 0)->n_agents, 1);
	assert_int_equal(told_cx(story, 0)->request, 1);
	assert_int_equal(told_cx(story, 0)->answer, 4);
	assert_int_equal(told_cx(story, 0)->registration, 1);
	assert_int_equal(story->registrations->len, 1);
	assert_int_equal(told(story, 0)->n_steps, 4);
	for (unsigned i = 0; i < story->nodes->len; i++) {
		const struct told_node *n =
			&g_array_index(story->nodes, struct told_node, i);

		assert_int_equal(n->roles, n->address.bytes[3] == 2
						   ? 1u << IMS_ROLE_I_CSCF
					   : n->address.bytes[3] == 8
						   ? 1u << IMS_ROLE_DRA
						   : 1u << IMS_ROLE_HSS);
	}
	assert_int_equal(story->nodes->len, 3);
	story_free(story);
}

static void a_request_sent_again_is_one_exchange(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	cx(story, 0, "i", "hss", "UAR 5 impi=alice impu=alice uat=0");
	cx(story, 3, "i", "hss", "UAR 5 impi=alice impu=alice uat=0 T");
	/* To the same peer on the next try, with another hop-by-hop. */
	cx(story, 6, "i", "hss", "UAR 8 e2e=5 impi=alice impu=alice uat=0 T");
	cx(story, 6.1, "hss", "i", "UAA 8 e2e=5 exp=2001");
	story_end(story);
	assert_int_equal(story->exchanges->len, 1);
	assert_int_equal(told_cx(story, 0)->request, 1);
	assert_int_equal(told_cx(story, 0)->answer, 4);
	assert_int_equal(told_cx(story, 0)->n_agents, 0);
	assert_int_equal(told(story, 0)->n_steps, 4);
	story_free(story);
}

static void an_answer_alone_is_an_exchange_without_request(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	cx(story, 0, "hss", "s", "MAA 5 result=2001 vector=" VECTOR_A);
	go_on(story, 30);
	story_end(story);
	assert_int_equal(told_cx(story, 0)->request, 0);
	assert_int_equal(told_cx(story, 0)->answer, 1);
	assert_string_equal(told_cx(story, 0)->command, "MAR");
	assert_int_equal(told_cx(story, 0)->registration, 0);
	story_free(story);
}

/* It names nobody, but its vector is the challenge. */
static void an_answer_alone_is_known_by_its_vector(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	cx(story, 0, "hss", "s", "MAA 5 result=2001 vector=" VECTOR_A);
	sip(story, 0.1, "p", "ue", "401 1 c via=u1 chal=" NONCE_A);
	sip(story, 0.2, "ue", "p", "REGISTER 2 c via=u2 auth=" NONCE_A);
	sip(story, 0.3, "p", "ue", "200 2 c via=u2 totag=t");
	story_end(story);
	assert_int_equal(story->registrations->len, 1);
	assert_int_equal(told_cx(story, 0)->registration, 1);
	assert_int_equal(told(story, 0)->n_steps, 4);
	assert_string_equal(told(story, 0)->messages[0], "MAA");
	story_free(story);
}

/* It belongs to the one whose REGISTER its asker has in hand, or to nobody. */
static void an_answer_alone_belongs_to_who_waits_there(void **state)
{
	static const struct {
		const char *what;
		const char *second; /* where the second REGISTER was seen */
		const char *asked;  /* what else its asker asked */
		double refused;
		unsigned registration;
	} cases[] = {
		{"the REGISTER is at the asker", "i", NULL, 0.3, 1},
		{"only the one before it was there", NULL, NULL, 0.3, 0},
		{"the asker has gone on", "i", "MAR 7 impi=alice", 0.3, 0},
		{"an AAR for the media is no step of it", "i", "AAR 7 ip=ue",
		 0.3, 1},
		{"the asker does not refuse it then", "i", NULL, 1.4, 0},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct story *story = story_new(NULL);

		sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
		sip(story, 0.01, "p", "i", "REGISTER 1 c via=p1/u1");
		sip(story, 0.02, "i", "p", "401 1 c via=p1/u1 chal=" NONCE_A);
		sip(story, 0.03, "p", "ue", "401 1 c via=u1 chal=" NONCE_A);
		sip(story, 0.2, "ue", "p", "REGISTER 2 c via=u2 auth=" NONCE_A);
		if (cases[i].second)
			sip(story, 0.21, "p", cases[i].second,
			    "REGISTER 2 c via=p2/u2 auth=" NONCE_A);
		if (cases[i].asked)
			cx(story, 0.22, "i", "hss", cases[i].asked);
		cx(story, 0.23, "hss", "i", "UAA 5 exp=5001");
		sip(story, cases[i].refused, "p", "ue",
		    "403 2 c via=u2 totag=t");
		go_on(story, 60);
		story_end(story);
		for (unsigned k = 0; k < story->exchanges->len; k++) {
			const struct told_exchange *exchange =
				told_cx(story, k);

			if (strcmp(exchange->command, "UAR") == 0 &&
			    exchange->registration != cases[i].registration)
				fail_msg("%s: %u", cases[i].what,
					 (unsigned)exchange->registration);
		}
		story_free(story);
	}
}

static void cx_joins_by_identity(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
	sip(story, 0.01, "ue2", "p", "REGISTER 1 d via=v1 to=bob");
	cx(story, 0.1, "i", "hss", "UAR 1 impi=bob impu=bob uat=0");
	cx(story, 0.2, "i", "hss", "UAR 2 impi=alice impu=alice uat=0");
	cx(story, 0.3, "hss", "i", "UAA 2 exp=5001");
	cx(story, 0.4, "hss", "i", "UAA 1 exp=2001");
	sip(story, 0.5, "p", "ue", "403 1 c via=u1 totag=t");
	go_on(story, 60);
	story_end(story);
	assert_int_equal(story->registrations->len, 2);
	assert_string_equal(told(story, 0)->call_id, "c");
	assert_string_equal(told(story, 0)->impi, "alice@" STORY_DOMAIN);
	assert_int_equal(told(story, 0)->n_steps, 4);
	assert_int_equal(told(story, 0)->legs,
			 1u << IMS_LEG_GM | 1u << IMS_LEG_CX);
	assert_string_equal(told(story, 0)->cause, "cx_user_unknown");
	assert_false(has_finding(story, "register_rejected"));
	assert_string_equal(told(story, 1)->call_id, "d");
	assert_int_equal(told(story, 1)->n_steps, 3);
	story_free(story);
}

/* MAR under the one identity that two attempts share: the vector tells. */
static void the_nonce_corrects_a_join(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0.0, "ue", "p", "REGISTER 1 c via=u1");
	sip(story, 0.1, "ue2", "p", "REGISTER 1 d via=v1");
	cx(story, 0.2, "s", "hss", "MAR 1 impi=alice impu=alice");
	cx(story, 0.3, "s", "hss", "MAR 2 impi=alice impu=alice");
	cx(story, 0.4, "hss", "s", "MAA 1 result=2001 vector=" VECTOR_A);
	cx(story, 0.5, "hss", "s", "MAA 2 result=2001 vector=" VECTOR_B);
	sip(story, 0.6, "p", "ue", "401 1 c via=u1 chal=" NONCE_A);
	sip(story, 0.7, "p", "ue2", "401 1 d via=v1 chal=" NONCE_B);
	story_end(story);
	assert_int_equal(story->registrations->len, 2);
	assert_int_equal(story->exchanges->len, 2);
	for (unsigned i = 0; i < 2; i++) {
		const struct told_registration *t = told(story, i);

		assert_int_equal(t->n_steps, 4);
		assert_int_equal(t->steps[1].frame.number, 3 + i);
		assert_int_equal(t->steps[2].frame.number, 5 + i);
		assert_int_equal(told_cx(story, i)->registration, 1 + i);
	}
	story_free(story);
}

/* Under identities that SIP does not show: the vector brings all of it. */
static void the_nonce_finds_what_was_thought_cx_alone(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0.0, "ue", "p", "REGISTER 1 c via=u1");
	cx(story, 0.1, "i", "hss", "UAR 1 impi=x impu=y uat=0");
	cx(story, 0.2, "hss", "i", "UAA 1 exp=2001");
	cx(story, 0.3, "s", "hss", "MAR 2 impi=x impu=y");
	cx(story, 0.4, "hss", "s", "MAA 2 result=2001 vector=" VECTOR_A);
	sip(story, 0.5, "p", "ue", "401 1 c via=u1 chal=" NONCE_A);
	story_end(story);
	assert_int_equal(story->registrations->len, 1);
	assert_int_equal(told(story, 0)->n_steps, 6);
	assert_int_equal(told_cx(story, 0)->registration, told(story, 0)->id);
	assert_int_equal(told_cx(story, 1)->registration, told(story, 0)->id);
	story_free(story);
}

static void a_call_id_in_cx_is_stronger_than_an_identity(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0.0, "ue", "p", "REGISTER 1 c via=u1");
	sip(story, 0.1, "ue2", "p", "REGISTER 1 d via=v1");
	cx(story, 0.2, "s", "hss", "SAR 1 impi=alice impu=alice sat=1 call=c");
	story_end(story);
	assert_int_equal(told_cx(story, 0)->registration, 1);
	assert_string_equal(told(story, 0)->call_id, "c");
	assert_int_equal(told(story, 0)->n_steps, 2);
	story_free(story);
}

/* Cx a little before SIP, as two clocks have it: one registration. */
static void cx_before_its_register_is_adopted(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	cx(story, 0.0, "i", "hss", "UAR 1 impi=alice impu=alice uat=0");
	cx(story, 0.1, "hss", "i", "UAA 1 exp=2001");
	sip(story, 0.2, "ue", "p", "REGISTER 1 c via=u1");
	sip(story, 0.3, "p", "ue", "200 1 c via=u1 totag=t");
	story_end(story);
	assert_int_equal(story->registrations->len, 1);
	assert_int_equal(told(story, 0)->n_steps, 4);
	assert_string_equal(told(story, 0)->call_id, "c");
	assert_int_equal(told(story, 0)->start_ns, STORY_EPOCH);
	story_free(story);
}

static void two_subscribers_in_one_invite_stay_two(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0.0, "ue", "p", "REGISTER 1 c via=u1");
	sip(story, 0.1, "ue2", "p", "REGISTER 1 d via=v1 to=bob");
	sip(story, 0.2, "ue", "p", "INVITE 1 x via=i1 from=alice to=bob");
	cx(story, 0.3, "i", "hss", "LIR 1 impu=bob");
	cx(story, 0.4, "hss", "i", "LIA 1 result=2001");
	sip(story, 0.5, "p", "ue", "200 1 c via=u1 totag=t");
	sip(story, 0.6, "p", "ue2", "200 1 d via=v1 to=bob totag=t");
	story_end(story);
	assert_int_equal(story->registrations->len, 2);
	assert_string_equal(told(story, 0)->impu, "sip:alice@" STORY_DOMAIN);
	assert_string_equal(told(story, 1)->impu, "sip:bob@" STORY_DOMAIN);
	assert_int_equal(told(story, 0)->n_steps, 2);
	assert_int_equal(told(story, 1)->n_steps, 2);
	assert_int_equal(told_cx(story, 0)->registration, 0);
	story_free(story);
}

static void rx_joins_by_the_address_of_the_ue(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
	cx(story, 0.1, "p", "pcrf", "AAR 1 ip=ue");
	cx(story, 0.2, "pcrf", "p", "AAA 1 exp=5065");
	cx(story, 0.3, "p", "pcrf", "AAR 2 ip=ue2");
	sip(story, 0.4, "p", "ue", "500 1 c via=u1 totag=t");
	story_end(story);
	assert_int_equal(told_cx(story, 0)->registration, 1);
	assert_int_equal(told(story, 0)->legs,
			 1u << IMS_LEG_GM | 1u << IMS_LEG_RX);
	assert_int_equal(told(story, 0)->n_steps, 4);
	assert_int_equal(told_cx(story, 1)->registration, 0);
	story_free(story);
}

static void unanswered_ones_are_counted_and_reported(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;

	(void)state;
	cx(story, 0, "hss", "s", "RTR 1 impi=alice impu=alice origin=hss");
	go_on(story, 10.9);
	assert_int_equal(story->exchanges->len, 0);
	/* It waits for what the other side says next: a watchdog's interval. */
	go_on(story, 43);
	assert_int_equal(story->exchanges->len, 0);
	go_on(story, 46);
	go_on(story, 48); /* the window holds what is a second old */
	assert_int_equal(story->exchanges->len, 1);
	assert_int_equal(told_cx(story, 0)->answer, 0);
	assert_int_equal(told_cx(story, 0)->answer_time_ns, -1);
	summary = story_end(story);
	assert_string_equal(summary->commands[1].command, "RTR");
	assert_int_equal(summary->commands[1].unanswered, 1);
	assert_int_equal(summary->commands[1].latency.p50_ns, -1);
	story_free(story);
}

static void a_flood_of_copies_is_not_held(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;
	char what[80];

	(void)state;
	for (unsigned i = 0; i < IMS_CX_MAX_MESSAGES + 6; i++)
		cx(story, 0.001 * i, "i", "hss",
		   "UAR 5 impi=alice impu=alice uat=0");
	for (unsigned i = 0; i < 2 * IMS_CX_MAX_HOPS; i++) {
		g_snprintf(what, sizeof(what),
			   "UAR %u e2e=5 impi=alice impu=alice uat=0", 100 + i);
		cx(story, 0.2 + 0.001 * i, "i", "hss", what);
	}
	summary = story_end(story);
	assert_int_equal(story->exchanges->len, 1);
	/* 6 of the first kind, and all but 15 of the second. */
	assert_int_equal(summary->let_go, 6 + IMS_CX_MAX_HOPS + 1);
	assert_int_equal(told(story, 0)->n_steps,
			 IMS_CX_MAX_MESSAGES + IMS_CX_MAX_HOPS - 1);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_and_answer_are_one),
		cmocka_unit_test(agents_do_not_double_an_exchange),
		cmocka_unit_test(a_request_sent_again_is_one_exchange),
		cmocka_unit_test(
			an_answer_alone_is_an_exchange_without_request),
		cmocka_unit_test(an_answer_alone_is_known_by_its_vector),
		cmocka_unit_test(an_answer_alone_belongs_to_who_waits_there),
		cmocka_unit_test(cx_joins_by_identity),
		cmocka_unit_test(the_nonce_corrects_a_join),
		cmocka_unit_test(the_nonce_finds_what_was_thought_cx_alone),
		cmocka_unit_test(a_call_id_in_cx_is_stronger_than_an_identity),
		cmocka_unit_test(cx_before_its_register_is_adopted),
		cmocka_unit_test(two_subscribers_in_one_invite_stay_two),
		cmocka_unit_test(rx_joins_by_the_address_of_the_ue),
		cmocka_unit_test(unanswered_ones_are_counted_and_reported),
		cmocka_unit_test(a_flood_of_copies_is_not_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
