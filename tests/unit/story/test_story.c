// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets in, and what is said of each frame. */
#include "network/packets.h"

#include "change_words.h"
#include "story.h"
#include "text.h"

static const char request[] = "REGISTER sip:ims.example SIP/2.0\r\n"
			      "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa\r\n"
			      "From: <sip:alice@ims.example>;tag=1\r\n"
			      "To: <sip:alice@ims.example>\r\n"
			      "Contact: <sip:alice@10.0.0.1>\r\n"
			      "Call-ID: one\r\n"
			      "CSeq: 1 REGISTER\r\n"
			      "Content-Length: 0\r\n\r\n";
static const char refusal[] = "SIP/2.0 404 Not Found\r\n"
			      "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa\r\n"
			      "From: <sip:alice@ims.example>;tag=1\r\n"
			      "To: <sip:alice@ims.example>;tag=2\r\n"
			      "Call-ID: one\r\n"
			      "CSeq: 1 REGISTER\r\n"
			      "Content-Length: 0\r\n\r\n";

static int take(struct ims_story *story, uint64_t number, const struct made *m)
{
	const struct ims_packet packet = {
		.number = number,
		.time_ns = 1700000000 * SEC + (int64_t)number * MS,
		.link_type = LINK_RAW,
		.captured = (uint32_t)m->len,
		.wire = (uint32_t)m->len,
		.bytes = m->at,
	};

	return ims_story_packet(story, &packet);
}

static int take_text(struct ims_story *story, uint64_t number, const char *text,
		     bool answer)
{
	struct made m;

	make_text(&m, text);
	wrap_udp(&m, 5060, 5060);
	wrap_ipv4(&m, (struct ipv4){
			      .from = answer ? 2 : 1,
			      .to = answer ? 1 : 2,
			      .protocol = 17,
			      .id = answer ? 2 : 1,
		      });
	return take(story, number, &m);
}

static struct ims_story *new_story(void)
{
	const struct ims_options options = {0};

	return ims_story_new(&options);
}

static void a_frame_knows_its_end(void **state)
{
	struct ims_story *story = new_story();
	const struct ims_registration *r;
	const struct ims_mention *m;
	const struct ims_kept *kept;

	(void)state;
	assert_int_equal(take_text(story, 1, request, false), 1);
	assert_int_equal(take_text(story, 2, refusal, true), 1);
	ims_story_end(story);
	kept = ims_story_tell(story);
	r = ims_kept_registration(kept, 0);
	assert_non_null(r);
	assert_int_equal(r->outcome, IMS_OUTCOME_REJECTED);
	assert_int_equal(r->n_steps, 2);
	assert_true(ims_slice_is(r->steps[1].detail, "Not Found"));
	assert_null(ims_kept_registration(kept, 1));
	assert_ptr_equal(ims_kept_registration_of(kept, r->id), r);
	assert_null(ims_kept_registration_of(kept, 0));
	assert_int_equal(
		ims_kept_summary(kept)->registrations[IMS_OUTCOME_REJECTED], 1);
	/* The first frame: a step, and nothing that a rule points at. */
	assert_true(ims_kept_mentions(kept, &m, 1) >= 1);
	assert_int_equal(m[0].kind, IMS_MENTION_STEP);
	assert_int_equal(m[0].part, 0);
	/* The second: a step, and evidence of the refusal. */
	assert_int_equal(ims_kept_mentions(kept, &m, 2), 2);
	assert_int_equal(m[0].part, 1);
	assert_int_equal(m[1].kind, IMS_MENTION_EVIDENCE);
	assert_string_equal(ims_kept_finding(kept, m[1].item)->rule->slug,
			    "register_rejected");
	assert_int_equal(ims_kept_mentions(kept, &m, 3), 0);
	ims_story_free(story);
}

static void copies_say_of_what(void **state)
{
	struct ims_story *story = new_story();
	const struct ims_mention *m;

	(void)state;
	take_text(story, 1, request, false);
	take_text(story, 2, request, false); /* with the same IP-ID */
	take_text(story, 3, refusal, true);
	ims_story_end(story);
	/* It is evidence too, of there being copies. */
	assert_int_equal(ims_kept_mentions(ims_story_tell(story), &m, 2), 2);
	assert_int_equal(m[0].kind, IMS_MENTION_EVIDENCE);
	assert_int_equal(m[1].kind, IMS_MENTION_COPY);
	assert_int_equal(m[1].item, 1);
	ims_story_free(story);
}

static void what_a_filter_threw_out_is_taken_back(void **state)
{
	struct ims_story *story = new_story();
	const struct ims_mention *m;

	(void)state;
	take_text(story, 1, refusal, true); /* thrown out: the number again */
	take_text(story, 1, request, false);
	ims_story_end(story);
	assert_int_equal(ims_kept_mentions(ims_story_tell(story), &m, 1), 1);
	assert_int_equal(
		ims_kept_registration(ims_story_tell(story), 0)->n_steps, 1);
	ims_story_free(story);
}

/* Before the end too, and after it when it was none. */
static void it_can_be_asked_at_any_time(void **state)
{
	struct ims_story *story = new_story();
	const struct ims_mention *m;

	(void)state;
	assert_int_equal(ims_kept_mentions(ims_story_tell(story), &m, 1), 0);
	take_text(story, 1, request, false);
	ims_story_end(story);
	assert_int_equal(
		ims_kept_registration(ims_story_tell(story), 0)->outcome,
		IMS_OUTCOME_INCOMPLETE);
	take_text(story, 2, refusal, true);
	ims_story_end(story);
	assert_int_equal(
		ims_kept_registration(ims_story_tell(story), 0)->outcome,
		IMS_OUTCOME_REJECTED);
	ims_story_free(story);
}

static void what_can_not_be_read_is_said(void **state)
{
	struct ims_story *story = new_story();
	struct made m;
	struct ims_packet packet = {.number = 1, .bytes = m.at};

	(void)state;
	make_text(&m, "anything");
	packet.captured = packet.wire = (uint32_t)m.len;
	packet.link_type = UINT32_MAX;
	assert_int_equal(ims_story_packet(story, &packet), -1);
	make_text(&m, "media");
	wrap_udp(&m, 20000, 20000);
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 17});
	assert_int_equal(take(story, 2, &m), 0);
	ims_story_free(story);
}

static void assert_text(const char *at, size_t len, const char *expected)
{
	char *text = ims_text(ims_slice(at, len));

	assert_string_equal(text, expected);
	g_free(text);
}

static void text_is_harmless(void **state)
{
	(void)state;
	assert_text("alice@ims", 9, "alice@ims");
	assert_text("", 0, "");
	assert_text("a\033[2Jb\r\n", 8, "a\uFFFD[2Jb\uFFFD\uFFFD");
	assert_text("a\0b", 3,
		    "a\uFFFD"
		    "b");
	assert_text("\xff\xc3", 2, "\uFFFD\uFFFD");
	assert_text("\xc2\x9b"
		    "31m",
		    5,
		    "\uFFFD"
		    "31m"); /* CSI of C1 */
	assert_null(ims_text((struct ims_slice){0}));
}

static void assert_words(const struct ims_party *by, struct ims_change change,
			 const char *expected)
{
	struct ims_slice words = ims_change_words(by, &change);

	assert_true(ims_slice_is(words, expected));
	g_free((char *)words.at);
}

static void changes_have_words(void **state)
{
	struct ims_party by = {.role = IMS_ROLE_P_CSCF};
	const struct ims_slice a = ims_slice_of("a");
	const struct ims_slice b = ims_slice_of("b");
	const struct ims_slice x = ims_slice_of("x");
	const struct ims_slice none = {0};
	const struct ims_slice header = ims_slice_of("Require");
	struct ims_change c = {IMS_CHANGE_ADDED, header, a, none, a};

	(void)state;
	assert_true(ims_address_parse(&by.endpoint.address,
				      ims_slice_of("10.0.0.1")));
	assert_words(&by, c, "P-CSCF 10.0.0.1 added Require: a");
	by.role = IMS_ROLE_UNKNOWN;
	c.after = b;
	assert_words(&by, c, "10.0.0.1 added Require: a=b");
	by.endpoint.address.family = 0;
	c = (struct ims_change){IMS_CHANGE_REMOVED, header, none, x, none};
	assert_words(&by, c, "removed Require: x");
	c.before = none;
	assert_words(&by, c, "removed Require");
	c = (struct ims_change){IMS_CHANGE_CHANGED, header, a, b, x};
	assert_words(&by, c, "changed Require: a (b -> x)");
	c.after = none;
	assert_words(&by, c, "changed Require: a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_knows_its_end),
		cmocka_unit_test(copies_say_of_what),
		cmocka_unit_test(what_a_filter_threw_out_is_taken_back),
		cmocka_unit_test(it_can_be_asked_at_any_time),
		cmocka_unit_test(what_can_not_be_read_is_said),
		cmocka_unit_test(text_is_harmless),
		cmocka_unit_test(changes_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
