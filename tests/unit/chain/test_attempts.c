// SPDX-License-Identifier: GPL-2.0-or-later
/* Where an attempt begins and ends, and what is held of it. */
#include "story.h"

#include "core.h"

#define NONCE "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="

/* A REGISTER on all legs and its response, `at` and within 10 ms. */
static void all_legs(struct story *story, double at, unsigned cseq,
		     const char *status, const char *extra)
{
	static const char *const hops[][2] = {
		{"ue", "p"}, {"p", "i"}, {"i", "s"}};
	char via[64];
	char what[256];

	for (unsigned k = 0; k < 6; k++) {
		unsigned hop = k < 3 ? k : 5 - k;
		const char *a = hops[hop][0];
		const char *b = hops[hop][1];

		if (hop == 0)
			g_snprintf(via, sizeof(via), "u%u", cseq);
		else if (hop == 1)
			g_snprintf(via, sizeof(via), "p%u/u%u", cseq, cseq);
		else
			g_snprintf(via, sizeof(via), "i%u/p%u/u%u", cseq, cseq,
				   cseq);
		g_snprintf(what, sizeof(what), "%s %u c via=%s %s",
			   k < 3 ? "REGISTER" : status, cseq, via, extra);
		sip(story, at + 0.001 * k, k < 3 ? a : b, k < 3 ? b : a, what);
	}
}

static void one_attempt_on_all_legs(void **state)
{
	static const char *const messages[] = {
		"REGISTER", "REGISTER", "REGISTER", "401", "401", "401",
		"REGISTER", "REGISTER", "REGISTER", "200", "200", "200"};
	static const enum ims_leg legs[] = {IMS_LEG_GM, IMS_LEG_MW, IMS_LEG_MW};
	static const enum ims_role roles[] = {IMS_ROLE_UE, IMS_ROLE_P_CSCF,
					      IMS_ROLE_I_CSCF, IMS_ROLE_S_CSCF};
	struct story *story = story_new(NULL);
	const struct told_registration *t;

	(void)state;
	all_legs(story, 0, 1, "401", "chal=" NONCE);
	all_legs(story, 0.2, 2, "200", "auth=" NONCE);
	story_end(story);
	assert_int_equal(story->registrations->len, 1);
	t = told(story, 0);
	assert_int_equal(t->id, 1);
	assert_true(t->ims);
	assert_string_equal(t->call_id, "c");
	assert_string_equal(t->impu, "sip:alice@" STORY_DOMAIN);
	assert_string_equal(t->impi, "alice@" STORY_DOMAIN);
	assert_int_equal(t->ue.port, 5060);
	assert_int_equal(t->ue.address.bytes[1], 9);
	assert_int_equal(t->legs, 1u << IMS_LEG_GM | 1u << IMS_LEG_MW);
	assert_int_equal(t->start_ns, STORY_EPOCH);
	assert_int_equal(t->end_ns, STORY_EPOCH + 205000000);
	assert_int_equal(t->n_steps, 12);
	for (unsigned i = 0; i < 12; i++) {
		unsigned hop = i % 6 < 3 ? i % 6 : 5 - i % 6;
		bool back = i % 6 >= 3;

		assert_string_equal(t->messages[i], messages[i]);
		assert_int_equal(t->steps[i].frame.number, i + 1);
		assert_int_equal(t->steps[i].leg, legs[hop]);
		assert_int_equal(t->steps[i].from.role, roles[hop + back]);
		assert_int_equal(t->steps[i].to.role, roles[hop + !back]);
		assert_int_equal(t->steps[i].copies, 1);
	}
	story_free(story);
}

static void what_comes_late_opens_nothing(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	all_legs(story, 0, 1, "200", "");
	go_on(story, 10);
	/* Retransmitted request, copies on later legs, and responses. */
	all_legs(story, 12, 1, "200", "");
	sip(story, 13, "p", "ue", "401 1 c via=u0 chal=" NONCE);
	go_on(story, 60);
	story_end(story);
	assert_int_equal(story->registrations->len, 1);
	assert_int_equal(told(story, 0)->n_steps, 6);
	assert_int_equal(told(story, 0)->outcome, IMS_OUTCOME_REGISTERED);
	story_free(story);
}

/* The older of two attempts may be closed after the newer. */
static void what_was_closed_first_is_remembered_too(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1 to=bob");
	sip(story, 0.1, "ue", "p", "REGISTER 5 c via=u5");
	sip(story, 0.2, "p", "ue", "200 5 c via=u5 totag=t");
	go_on(story, 40);
	sip(story, 41, "ue", "p", "REGISTER 5 c via=u5");
	go_on(story, 90);
	story_end(story);
	/* 41 s is past the memory of CSeq 5, closed at 0.8 s. */
	assert_int_equal(story->registrations->len, 3);
	story_free(story);

	story = story_new(NULL);
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1 to=bob");
	sip(story, 25, "ue", "p", "REGISTER 5 c via=u5");
	sip(story, 25.2, "p", "ue", "200 5 c via=u5 totag=t");
	go_on(story, 34);
	sip(story, 35, "ue", "p", "REGISTER 5 c via=u5");
	go_on(story, 90);
	story_end(story);
	assert_int_equal(story->registrations->len, 2);
	story_free(story);
}

static void a_cseq_used_again_after_its_answer_is_new(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
	sip(story, 0.1, "p", "ue", "500 1 c via=u1 totag=t");
	sip(story, 0.2, "ue", "p", "REGISTER 1 c via=other");
	sip(story, 0.3, "p", "ue", "200 1 c via=other totag=t");
	go_on(story, 60);
	story_end(story);
	assert_int_equal(story->registrations->len, 2);
	assert_int_equal(told(story, 0)->status, 500);
	assert_int_equal(told(story, 1)->status, 200);
	story_free(story);
}

static void a_stray_response_is_not_what_happened_last(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 2 c via=u2 auth=" NONCE);
	sip(story, 0.1, "p", "ue", "200 2 c via=u2 totag=t");
	sip(story, 0.2, "p", "ue", "401 1 c via=u1 chal=" NONCE);
	go_on(story, 60);
	story_end(story);
	assert_int_equal(story->registrations->len, 1);
	assert_int_equal(told(story, 0)->outcome, IMS_OUTCOME_REGISTERED);
	assert_int_equal(told(story, 0)->n_steps, 3);
	story_free(story);
}

static void retransmissions_are_steps_and_copies_are_not(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
	story->ip_id--;
	sip(story, 0.001, "ue", "p", "REGISTER 1 c via=u1");
	sip(story, 0.5, "ue", "p", "REGISTER 1 c via=u1");
	sip(story, 0.6, "p", "ue", "403 1 c via=u1 totag=t");
	summary = story_end(story);
	assert_int_equal(summary->copies, 1);
	assert_int_equal(summary->sip_messages, 3);
	assert_int_equal(told(story, 0)->n_steps, 3);
	assert_int_equal(told(story, 0)->steps[0].copies, 2);
	assert_int_equal(told(story, 0)->steps[1].frame.number, 3);
	story_free(story);
}

static void out_of_order_within_the_window_is_put_right(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0.3, "p", "ue", "200 2 c via=u2 totag=t");
	sip(story, 0.1, "p", "ue", "401 1 c via=u1 chal=" NONCE);
	sip(story, 0.2, "ue", "p", "REGISTER 2 c via=u2 auth=" NONCE);
	sip(story, 0.0, "ue", "p", "REGISTER 1 c via=u1");
	story_end(story);
	assert_int_equal(story->registrations->len, 1);
	assert_int_equal(told(story, 0)->n_steps, 4);
	assert_int_equal(told(story, 0)->steps[0].frame.number, 4);
	assert_int_equal(told(story, 0)->steps[3].frame.number, 1);
	assert_int_equal(told(story, 0)->outcome, IMS_OUTCOME_REGISTERED);
	story_free(story);
}

/* The beginning of a message on a stream is told when no more of it came. */
static void what_is_cut_on_a_stream_is_not_late(void **state)
{
	static const char text[] = "REGISTER sip:ims.example SIP/2.0\r\nCall-I";
	struct story *story = story_new(NULL);
	struct ims_event event;

	(void)state;
	sip(story, 100, "ue", "p", "REGISTER 1 c via=u1");
	go_on(story, 110);
	event = story_event(story, IMS_EVENT_SIP, 101, "ue2", "p");
	event.transport = IMS_TRANSPORT_TCP;
	event.bytes = ims_slice_of(text);
	event.cut = true;
	assert_true(ims_engine_feed(story->engine, &event));
	assert_int_equal(story_end(story)->late, 0);
	story_free(story);
}

static void a_clock_that_goes_back_is_survived(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;

	(void)state;
	sip(story, 100, "ue", "p", "REGISTER 1 c via=u1");
	go_on(story, 110);
	sip(story, 0, "ue2", "p", "REGISTER 1 d via=v1 to=bob");
	sip(story, 0.1, "p", "ue2", "200 1 d via=v1 to=bob totag=t");
	summary = story_end(story);
	assert_int_equal(summary->late, 2);
	assert_int_equal(story->registrations->len, 2);
	assert_int_equal(told(story, 1)->outcome, IMS_OUTCOME_REGISTERED);
	story_free(story);
}

static void times_at_the_ends_of_the_range_are_survived(void **state)
{
	static const int64_t times[] = {INT64_MIN,     INT64_MAX,    -1, 0, 1,
					INT64_MIN + 1, INT64_MAX - 1};
	struct story *story = story_new(NULL);

	(void)state;
	for (size_t i = 0; i < 3 * G_N_ELEMENTS(times); i++) {
		struct ims_event event =
			story_event(story, IMS_EVENT_ESP, 0, "ue", "p");

		sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
		event.time_ns = times[i % G_N_ELEMENTS(times)];
		assert_true(ims_engine_feed(story->engine, &event));
	}
	story_end(story);
	assert_int_equal(story->registrations->len, 1);
	story_free(story);
}

static void one_call_id_holds_so_many_attempts(void **state)
{
	enum {
		N = IMS_THREAD_MAX_ATTEMPTS + 20
	};
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;
	char what[64];

	(void)state;
	for (unsigned i = 1; i <= N; i++) {
		g_snprintf(what, sizeof(what), "REGISTER %u c via=u%u to=u%u",
			   i, i, i);
		sip(story, 0.001 * i, "ue", "p", what);
		for (unsigned k = 1; i > 20 && k < 4; k++)
			sip(story, 6 * k + 0.001 * i, "ue", "p", what);
	}
	go_on(story, 60);
	summary = story_end(story);
	assert_int_equal(story->registrations->len, N);
	assert_int_equal(summary->let_go, 20);
	/* Closed before its time: nobody is blamed for that. */
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(told(story, i)->outcome,
				 i < 20 ? IMS_OUTCOME_INCOMPLETE
					: IMS_OUTCOME_UNANSWERED);
	story_free(story);
}

static void one_identity_has_so_many_attempts(void **state)
{
	enum {
		N = IMS_IDENTITY_MAX_ATTEMPTS + 7
	};
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;
	char what[64];

	(void)state;
	for (unsigned i = 1; i <= N; i++) {
		g_snprintf(what, sizeof(what),
			   "REGISTER 1 c%u via=u%u from=scscf", i, i);
		sip(story, 0.001 * i, "s", "as", what);
		for (unsigned k = 1; i > 7 && k < 4; k++)
			sip(story, k + 0.001 * i, "s", "as", what);
	}
	go_on(story, 60);
	summary = story_end(story);
	assert_int_equal(story->registrations->len, N);
	assert_int_equal(summary->let_go, 7);
	assert_int_equal(told(story, 6)->outcome, IMS_OUTCOME_INCOMPLETE);
	assert_int_equal(told(story, 7)->outcome, IMS_OUTCOME_UNANSWERED);
	story_free(story);
}

static void an_attempt_holds_so_many_messages(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;

	(void)state;
	for (unsigned i = 0; i < IMS_HOP_MAX_MESSAGES + 9; i++)
		sip(story, 0.5 * i, "ue", "p", "REGISTER 1 c via=u1");
	summary = story_end(story);
	assert_int_equal(story->registrations->len, 1);
	assert_int_equal(told(story, 0)->n_steps, IMS_HOP_MAX_MESSAGES);
	assert_int_equal(summary->let_go, 9);
	story_free(story);
}

static void icmp_belongs_to_the_request_it_quotes(void **state)
{
	static const char quoted[] =
		"REGISTER sip:x SIP/2.0\r\n"
		"Via: SIP/2.0/UDP u1.example;branch=z9hG4bKu1\r\nFrom: <si";
	struct story *story = story_new(NULL);
	struct ims_event event;

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
	event = story_event(story, IMS_EVENT_ICMP_ERROR, 0.001, "p", "ue");
	event.icmp_type = 3;
	event.icmp_code = 3;
	event.quoted_source = node_at("ue");
	event.quoted_destination = node_at("p");
	event.bytes = ims_slice_of(quoted);
	assert_true(ims_engine_feed(story->engine, &event));
	go_on(story, 60);
	story_end(story);
	assert_int_equal(told(story, 0)->n_steps, 2);
	assert_int_equal(told(story, 0)->steps[1].protocol, IMS_PROTOCOL_ICMP);
	assert_int_equal(told(story, 0)->outcome, IMS_OUTCOME_UNANSWERED);
	story_free(story);
}

static void esp(struct story *story, double seconds, const char *from,
		const char *to, uint32_t spi)
{
	struct ims_event event =
		story_event(story, IMS_EVENT_ESP, seconds, from, to);

	event.spi = spi;
	event.sequence = (uint32_t)story->frame;
	assert_true(ims_engine_feed(story->engine, &event));
}

/* The agreement's SPIs, in the direction in which they mean something. */
static void unread_esp_is_a_step_under_its_agreement(void **state)
{
	struct story *story = story_new(NULL);
	const struct told_registration *t;

	(void)state;
	esp(story, 0, "ue", "p", 33); /* nothing is agreed yet */
	sip(story, 0.1, "ue", "p",
	    "REGISTER 1 c via=u1 client=ipsec-3gpp;spi-c=11;spi-s=12");
	sip(story, 0.2, "p", "ue",
	    "401 1 c via=u1 chal=" NONCE
	    " server=ipsec-3gpp;spi-c=33;spi-s=44");
	esp(story, 0.3, "ue", "p", 44);	 /* frame 4 */
	esp(story, 0.4, "p", "ue", 11);	 /* frame 5 */
	esp(story, 0.5, "p", "ue", 44);	 /* the other's */
	esp(story, 0.6, "ue", "p", 55);	 /* nobody's */
	esp(story, 0.7, "ue2", "p", 44); /* another UE's */
	go_on(story, 60);
	story_end(story);
	t = told(story, 0);
	assert_int_equal(t->n_steps, 4);
	assert_int_equal(t->steps[2].frame.number, 4);
	assert_int_equal(t->steps[2].protocol, IMS_PROTOCOL_ESP);
	assert_int_equal(t->steps[2].leg, IMS_LEG_GM);
	assert_int_equal(t->steps[2].from.role, IMS_ROLE_UE);
	assert_int_equal(t->steps[3].frame.number, 5);
	assert_int_equal(t->steps[3].from.role, IMS_ROLE_P_CSCF);
	assert_int_equal(t->outcome, IMS_OUTCOME_INCOMPLETE);
	story_free(story);
}

static void steps_of_esp_are_bounded(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0.1, "ue", "p",
	    "REGISTER 1 c via=u1 client=ipsec-3gpp;spi-c=11;spi-s=12");
	sip(story, 0.2, "p", "ue",
	    "401 1 c via=u1 chal=" NONCE
	    " server=ipsec-3gpp;spi-c=33;spi-s=44");
	for (unsigned i = 0; i < 2 * IMS_ATTEMPT_MAX_ESP; i++)
		esp(story, 0.3 + 0.001 * i, "ue", "p", 44);
	go_on(story, 60);
	story_end(story);
	assert_int_equal(told(story, 0)->n_steps, 2 + IMS_ATTEMPT_MAX_ESP);
	assert_int_equal(ims_engine_summary(story->engine)->let_go, 1);
	story_free(story);
}

static void ids_follow_the_beginning(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 slow via=u1");
	sip(story, 1, "ue2", "p", "REGISTER 1 fast via=v1 to=bob");
	sip(story, 1.1, "p", "ue2", "200 1 fast via=v1 to=bob totag=t");
	go_on(story, 60);
	story_end(story);
	assert_string_equal(told(story, 0)->call_id, "slow");
	assert_int_equal(told(story, 0)->id, 1);
	assert_string_equal(told(story, 1)->call_id, "fast");
	assert_int_equal(told(story, 1)->id, 2);
	story_free(story);
}

/* Bytes that the capture lacks took its CSeq: no transaction is its. */
static void a_piece_without_cseq_begins_nothing(void **state)
{
	static const char piece[] =
		"REGISTER sip:ims.mnc001.mcc001.3gppnetwork.org SIP/2.0\r\n"
		"Via: SIP/2.0/TCP p.example;branch=z9hG4bKp1\r\n"
		"Via: SIP/2.0/TCP u.example;branch=z9hG4bKu1\r\n"
		"Call-ID: c\r\n";
	struct story *story = story_new(NULL);
	struct ims_event event;

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
	event = story_event(story, IMS_EVENT_SIP, 0.001, "p", "i");
	event.bytes = ims_slice_of(piece);
	event.cut = true;
	assert_true(ims_engine_feed(story->engine, &event));
	sip(story, 0.1, "p", "ue", "401 1 c via=u1 chal=" NONCE);
	sip(story, 0.2, "ue", "p", "REGISTER 2 c via=u2 auth=" NONCE);
	sip(story, 0.3, "p", "ue", "200 2 c via=u2 totag=t");
	story_end(story);
	assert_int_equal(story->registrations->len, 1);
	assert_int_equal(told(story, 0)->outcome, IMS_OUTCOME_REGISTERED);
	assert_int_equal(told(story, 0)->n_steps, 4);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_attempt_on_all_legs),
		cmocka_unit_test(a_piece_without_cseq_begins_nothing),
		cmocka_unit_test(what_comes_late_opens_nothing),
		cmocka_unit_test(what_was_closed_first_is_remembered_too),
		cmocka_unit_test(a_cseq_used_again_after_its_answer_is_new),
		cmocka_unit_test(a_stray_response_is_not_what_happened_last),
		cmocka_unit_test(retransmissions_are_steps_and_copies_are_not),
		cmocka_unit_test(out_of_order_within_the_window_is_put_right),
		cmocka_unit_test(a_clock_that_goes_back_is_survived),
		cmocka_unit_test(what_is_cut_on_a_stream_is_not_late),
		cmocka_unit_test(times_at_the_ends_of_the_range_are_survived),
		cmocka_unit_test(one_call_id_holds_so_many_attempts),
		cmocka_unit_test(one_identity_has_so_many_attempts),
		cmocka_unit_test(an_attempt_holds_so_many_messages),
		cmocka_unit_test(icmp_belongs_to_the_request_it_quotes),
		cmocka_unit_test(unread_esp_is_a_step_under_its_agreement),
		cmocka_unit_test(steps_of_esp_are_bounded),
		cmocka_unit_test(ids_follow_the_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
