// SPDX-License-Identifier: GPL-2.0-or-later
/* Want of memory: what it costs is told, and nothing is left behind. */
#include "story.h"

static const char text[] = "OPTIONS sip:a@ims.example SIP/2.0\r\n"
			   "Via: SIP/2.0/UDP 10.9.0.1;branch=z9hG4bK1\r\n"
			   "From: <sip:a@ims.example>;tag=1\r\n"
			   "To: <sip:a@ims.example>\r\n"
			   "Call-ID: memory\r\nCSeq: 1 OPTIONS\r\n\r\n";

struct counts {
	unsigned n_lost;
	unsigned n_read;
};

/* One message: fed, and read when its turn comes. */
static void feed_one(void *user)
{
	struct counts *counts = user;
	struct story *story = story_new(NULL);
	struct ims_event event =
		story_event(story, IMS_EVENT_SIP, 1, "ue", "p");
	const struct ims_summary *summary;

	event.bytes = ims_slice_of(text);
	(void)ims_engine_feed(story->engine, &event);
	summary = story_end(story);
	counts->n_lost += summary->let_go_by[IMS_BOUND_MEMORY] == 1;
	counts->n_read += summary->sip_messages == 1;
	assert_int_equal(summary->let_go_by[IMS_BOUND_MEMORY] +
				 summary->sip_messages,
			 1);
	story_free(story);
}

static void a_message_is_read_or_counted(void **state)
{
	struct counts counts = {0, 0};
	unsigned n = starve(feed_one, &counts);

	(void)state;
	/* The bytes; what was read of them. */
	assert_true(counts.n_lost >= 2);
	assert_int_equal(counts.n_lost + counts.n_read, n + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_read_or_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
