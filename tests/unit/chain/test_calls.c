// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests outside REGISTER: held until judged, and no longer. */
#include "story.h"

#include "core.h"

static void flush(struct story *story)
{
	ims_window_flush(story->engine->window);
}

static void a_request_is_let_go_once_judged(void **state)
{
	struct story *story = story_new(NULL);
	struct ims_engine *engine = story->engine;

	(void)state;
	sip(story, 0, "ue", "p", "OPTIONS 1 x via=o1");
	sip(story, 0.1, "p", "ue", "200 1 x via=o1 method=OPTIONS");
	flush(story);
	assert_int_equal(engine->calls.length, 1);
	go_on(story, 0.69);
	flush(story);
	assert_int_equal(engine->calls.length, 1);
	go_on(story, 0.71);
	flush(story);
	assert_int_equal(engine->calls.length, 0);
	story_free(story);
}

static void an_unanswered_one_is_waited_for(void **state)
{
	struct story *story = story_new(NULL);
	struct ims_engine *engine = story->engine;

	(void)state;
	sip(story, 0, "ue", "p", "MESSAGE 1 x via=o1");
	go_on(story, 31);
	flush(story);
	assert_int_equal(engine->calls.length, 1);
	go_on(story, 33);
	flush(story);
	assert_int_equal(engine->calls.length, 0);
	story_free(story);
}

/* A refusal later in the call is compared with its first INVITE. */
static void an_invite_with_options_is_kept_until_bye(void **state)
{
	struct story *story = story_new(NULL);
	struct ims_engine *engine = story->engine;
	struct ims_thread *thread;

	(void)state;
	sip(story, 0, "ue", "p", "INVITE 1 x via=i1 require=sec-agree");
	sip(story, 0.1, "p", "ue", "200 1 x via=i1 method=INVITE totag=t");
	sip(story, 0.2, "ue", "p", "ACK 1 x via=a1 totag=t");
	go_on(story, 600);
	flush(story);
	thread = ims_thread_find(engine, ims_slice_of("x"));
	assert_non_null(thread);
	assert_int_equal(thread->journeys.n, 1);
	assert_false(
		((struct ims_journey *)thread->journeys.at[0])->is_pending);
	sip(story, 700, "ue", "p", "BYE 2 x via=b1 totag=t");
	sip(story, 700.1, "p", "ue", "200 2 x via=b1 method=BYE totag=t");
	go_on(story, 710);
	flush(story);
	assert_int_equal(thread->journeys.n, 0);
	go_on(story, 740); /* nothing of it comes late any more */
	flush(story);
	assert_null(ims_thread_find(engine, ims_slice_of("x")));
	story_free(story);
}

static void a_call_without_bye_ends_some_time(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p", "INVITE 1 x via=i1 require=sec-agree");
	sip(story, 0.1, "p", "ue", "200 1 x via=i1 method=INVITE totag=t");
	go_on(story, 7000);
	flush(story);
	assert_int_equal(story->engine->calls.length, 1);
	go_on(story, 7300);
	flush(story);
	assert_int_equal(story->engine->calls.length, 0);
	story_free(story);
}

/* An ACK to a refusal is judged beside the INVITE, however busy it is. */
static void an_ack_finds_its_invite(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p", "INVITE 1 x via=i1");
	sip(story, 0.1, "p", "ue", "488 1 x via=i1 method=INVITE totag=t");
	sip(story, 0.11, "ue", "p", "ACK 1 x via=i1 totag=t require=sec-agree");
	for (unsigned i = 0; i < 200; i++)
		go_on(story, 0.12 + 0.005 * i);
	story_end(story);
	assert_true(has_finding(story, "sip_require_in_ack_or_cancel"));
	story_free(story);
}

static unsigned count_findings(const struct story *story, const char *slug)
{
	unsigned n = 0;

	for (unsigned i = 0; i < story->findings->len; i++)
		n += strcmp(told_finding_at(story, i)->rule->slug, slug) == 0;
	return n;
}

/* Sent again until the ACK comes (timer G), and its request, after it was
   judged: no second refusal. */
static void a_refusal_sent_again_is_told_once(void **state)
{
	struct story *story = story_new(NULL);
	struct ims_engine *engine = story->engine;

	(void)state;
	sip(story, 0, "ue", "p", "INVITE 1 x via=i1 require=foo");
	sip(story, 0.1, "p", "ue",
	    "420 1 x via=i1 method=INVITE totag=t unsupported=foo");
	go_on(story, 2);
	sip(story, 3, "ue", "p", "INVITE 1 x via=i1 require=foo");
	sip(story, 3.1, "p", "ue",
	    "420 1 x via=i1 method=INVITE totag=t unsupported=foo");
	go_on(story, 10);
	sip(story, 11, "p", "ue",
	    "420 1 x via=i1 method=INVITE totag=t unsupported=foo");
	go_on(story, 100);
	flush(story);
	assert_int_equal(engine->threads.n, 0);
	story_end(story);
	assert_int_equal(count_findings(story, "sip_bad_extension"), 1);
	story_free(story);
}

static void a_call_holds_so_many_requests(void **state)
{
	struct story *story = story_new(NULL);
	char what[64];

	(void)state;
	for (unsigned i = 0; i < 70; i++) {
		g_snprintf(what, sizeof(what), "INFO %u x via=i%u totag=t",
			   i + 1, i);
		sip(story, 0.001 * i, "ue", "p", what);
	}
	assert_int_equal(story_end(story)->let_go, 6);
	story_free(story);
}

/* Threads that are both a call and an attempt, or closed lately, count. */
static void calls_are_bounded(void **state)
{
	struct story *story = story_new(NULL);
	struct ims_engine *engine = story->engine;
	char what[64];

	(void)state;
	for (unsigned i = 0; i < IMS_MAX_OPEN_CALLS + 100; i++) {
		g_snprintf(what, sizeof(what), "REGISTER 1 x%u via=r to=u%u", i,
			   i);
		if (i < 50)
			sip(story, 0, "ue", "p", what);
		g_snprintf(what, sizeof(what), "MESSAGE 1 x%u via=m%u", i, i);
		sip(story, 0, "ue", "p", what);
	}
	flush(story);
	assert_int_equal(engine->calls.length, IMS_MAX_OPEN_CALLS);
	assert_int_equal(engine->attempts.length, 50);
	assert_int_equal(engine->threads.n, IMS_MAX_OPEN_CALLS + 50);
	assert_int_equal(story_end(story)->let_go, 100);
	assert_int_equal(story->registrations->len, 50);
	assert_int_equal(engine->threads.n, 0);
	story_free(story);
}

static void what_rests_is_bounded(void **state)
{
	struct story *story = story_new(NULL);
	struct ims_engine *engine = story->engine;
	char what[80];

	(void)state;
	for (unsigned i = 0; i < IMS_MAX_RESTING + 10; i++) {
		g_snprintf(what, sizeof(what), "403 1 x%u via=r to=u%u totag=t",
			   i, i);
		sip(story, 0.0001 * i, "p", "ue", what);
	}
	go_on(story, 0.0001 * IMS_MAX_RESTING + 3);
	flush(story);
	assert_int_equal(engine->resting.length, IMS_MAX_RESTING);
	assert_int_equal(engine->threads.n, IMS_MAX_RESTING);
	assert_int_equal(engine->summary.let_go, 10);
	go_on(story, 100);
	flush(story);
	assert_int_equal(engine->threads.n, 0);
	story_free(story);
}

static void a_message_without_call_id_is_counted_only(void **state)
{
	static const char text[] = "REGISTER sip:x SIP/2.0\r\n"
				   "CSeq: 1 REGISTER\r\n\r\n";
	struct story *story = story_new(NULL);
	struct ims_event event =
		story_event(story, IMS_EVENT_SIP, 0, "ue", "p");

	(void)state;
	event.bytes = ims_slice_of(text);
	assert_true(ims_engine_feed(story->engine, &event));
	assert_int_equal(story_end(story)->sip_messages, 1);
	assert_int_equal(story->registrations->len, 0);
	story_free(story);
}

/* Every prefix of a message, as a capture may cut it. */
static void any_prefix_is_survived(void **state)
{
	static const char text[] =
		"REGISTER sip:x SIP/2.0\r\n"
		"Via: SIP/2.0/UDP u.example;branch=z9hG4bKu\r\n"
		"From: <sip:a@x>;tag=1\r\nTo: <sip:a@x>\r\nCall-ID: c\r\n"
		"CSeq: 1 REGISTER\r\nContact: <sip:a@1.2.3.4;sos>;expires=0\r\n"
		"Authorization: Digest username=\"a\", nonce=\"QUFB\"\r\n\r\n";
	struct story *story = story_new(NULL);

	(void)state;
	for (size_t len = 0; len <= sizeof(text); len++) {
		struct wall wall = wall_new(ims_slice(text, len));
		struct ims_event event = story_event(
			story, len % 2 ? IMS_EVENT_SIP : IMS_EVENT_ICMP_ERROR,
			0.01 * (double)len, "ue", "p");

		event.cut = true;
		event.bytes = wall.bytes;
		assert_true(ims_engine_feed(story->engine, &event));
		wall_free(&wall);
	}
	story_end(story);
	story_free(story);
}

static void feed_starved(void *user)
{
	struct story *story = user;

	for (unsigned k = 0; k < 2; k++) {
		struct ims_event event = story_event(
			story, k ? IMS_EVENT_SIP : IMS_EVENT_ESP, 0, "ue", "p");

		event.bytes = ims_slice_of(
			"OPTIONS sip:x SIP/2.0\r\nCall-ID: c\r\n"
			"Via: SIP/2.0/UDP u\r\nCSeq: 1 OPTIONS\r\n\r\n");
		if (!ims_engine_feed(story->engine, &event))
			story->ip_id = 0; /* it says so */
	}
}

static void want_of_memory_loses_events_only(void **state)
{
	struct story *story = story_new(NULL);
	unsigned n = starve(feed_starved, story);

	(void)state;
	assert_true(n >= 2);
	assert_int_equal(story_end(story)->let_go, n);
	story_free(story);
}

static void an_engine_without_events_says_nothing(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_summary *summary = story_end(story);

	(void)state;
	assert_int_equal(summary->n_rules, 0);
	assert_int_equal(summary->n_commands, 0);
	assert_int_equal(story->nodes->len, 0);
	story_free(story);
	story_free(story_new(NULL)); /* nor one that never finished */
	ims_engine_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_let_go_once_judged),
		cmocka_unit_test(an_unanswered_one_is_waited_for),
		cmocka_unit_test(an_invite_with_options_is_kept_until_bye),
		cmocka_unit_test(a_call_without_bye_ends_some_time),
		cmocka_unit_test(an_ack_finds_its_invite),
		cmocka_unit_test(a_refusal_sent_again_is_told_once),
		cmocka_unit_test(a_call_holds_so_many_requests),
		cmocka_unit_test(calls_are_bounded),
		cmocka_unit_test(what_rests_is_bounded),
		cmocka_unit_test(a_message_without_call_id_is_counted_only),
		cmocka_unit_test(any_prefix_is_survived),
		cmocka_unit_test(want_of_memory_loses_events_only),
		cmocka_unit_test(an_engine_without_events_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
