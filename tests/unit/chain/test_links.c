// SPDX-License-Identifier: GPL-2.0-or-later
/* Connections: what is known of them, and how many are. */
#include "story.h"

#include "core.h"

static struct ims_link *link_between(struct story *story, const char *a,
				     const char *b)
{
	struct ims_endpoint ends[] = {node_at(a), node_at(b)};
	struct ims_open_link *link =
		ims_link_find(story->engine, &ends[0], &ends[1]);

	return link ? &link->about : NULL;
}

static void opened_by_its_client(void **state)
{
	struct story *story = story_new(NULL);
	struct ims_link *link;

	(void)state;
	happen(story, IMS_EVENT_CONNECTION_OPENING, 0, "i", "hss");
	happen(story, IMS_EVENT_CONNECTION_OPENING, 1, "i", "hss");
	happen(story, IMS_EVENT_CONNECTION_OPENED, 1.1, "hss", "i");
	cx(story, 1.2, "i", "hss", "CER 1");
	cx(story, 1.3, "hss", "i", "CEA 1 result=2001");
	cx(story, 1.4, "hss", "i", "DWR 2");
	ims_window_flush(story->engine->window);
	link = link_between(story, "hss", "i"); /* either way round */
	assert_non_null(link);
	assert_true(link->is_diameter);
	assert_true(link->client_known);
	assert_int_equal(link->client.address.bytes[3], 2);
	assert_int_equal(link->opening->frame.number, 1);
	assert_int_equal(link->n_openings, 2);
	assert_int_equal(link->opened->frame.number, 3);
	assert_int_equal(link->cer->frame.number, 4);
	assert_int_equal(link->cea->frame.number, 5);
	assert_int_equal(link->dwr->frame.number, 6);
	assert_int_equal(link->last_from_client_ns, STORY_EPOCH + 1200000000);
	assert_int_equal(link->last_from_server_ns, STORY_EPOCH + 1400000000);
	cx(story, 3, "i", "hss", "DWA 2 result=2001");
	ims_window_flush(story->engine->window);
	assert_null(link->dwr);
	story_free(story);
}

/* The first message came from the server: CER turns the record round. */
static void a_cer_tells_the_client(void **state)
{
	struct story *story = story_new(NULL);
	struct ims_link *link;

	(void)state;
	cx(story, 0, "hss", "i", "DWR 2");
	cx(story, 1, "i", "hss", "CER 1");
	ims_window_flush(story->engine->window);
	link = link_between(story, "i", "hss");
	assert_int_equal(link->client.address.bytes[3], 2);
	assert_int_equal(link->last_from_server_ns, STORY_EPOCH);
	assert_int_equal(link->last_from_client_ns, STORY_EPOCH + 1000000000);
	story_free(story);
}

static void the_same_ports_again_are_another(void **state)
{
	struct story *story = story_new(NULL);
	struct ims_link *first;
	struct ims_link *second;

	(void)state;
	happen(story, IMS_EVENT_CONNECTION_OPENING, 0, "i", "hss");
	happen(story, IMS_EVENT_CONNECTION_REFUSED, 0.1, "hss", "i");
	ims_window_flush(story->engine->window);
	first = link_between(story, "i", "hss");
	assert_int_equal(first->refused->frame.number, 2);
	happen(story, IMS_EVENT_CONNECTION_OPENING, 2, "i", "hss");
	happen(story, IMS_EVENT_CONNECTION_OPENED, 2.1, "hss", "i");
	happen(story, IMS_EVENT_CONNECTION_CLOSED, 2.2, "hss", "i");
	happen(story, IMS_EVENT_CONNECTION_RESET, 2.3, "i", "hss");
	ims_window_flush(story->engine->window);
	second = link_between(story, "i", "hss");
	assert_ptr_not_equal(first, second);
	assert_null(second->refused);
	assert_null(first->opened);
	assert_int_equal(second->closed->frame.number, 5);
	assert_int_equal(second->reset->frame.number, 6);
	assert_int_equal(story->engine->links.length, 2);
	/* A minute later both are gone. */
	go_on(story, 70);
	go_on(story, 80);
	assert_null(link_between(story, "i", "hss"));
	story_free(story);
}

static void an_end_without_beginning_is_nothing(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	happen(story, IMS_EVENT_CONNECTION_CLOSED, 0, "i", "hss");
	happen(story, IMS_EVENT_CONNECTION_OPENED, 0, "i", "hss");
	happen(story, IMS_EVENT_FRAGMENT_LOST, 0, "i", "hss");
	story_end(story);
	assert_int_equal(story->findings->len, 0);
	story_free(story);
}

static void silence_is_proved_by_what_goes_on(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_open_cx *open;

	(void)state;
	cx(story, 0, "i", "hss", "UAR 1 impi=alice impu=alice uat=0");
	ims_window_flush(story->engine->window);
	open = story->engine->exchanges.head->data;
	assert_false(ims_cx_silence_is_proved(&open->about));
	cx(story, 5, "hss", "i", "DWR 7");
	ims_window_flush(story->engine->window);
	assert_true(ims_cx_silence_is_proved(&open->about));
	happen(story, IMS_EVENT_GAP, 6, "hss", "i");
	ims_window_flush(story->engine->window);
	assert_false(ims_cx_silence_is_proved(&open->about));
	story_free(story);
}

/* A flood of connections does not push out the one that speaks; exchanges
   outlive the record of their connection. */
static void links_are_bounded(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;

	(void)state;
	cx(story, 0, "s", "hss", "MAR 1 impi=alice impu=alice");
	cx(story, 0, "i", "hss", "DWR 1");
	for (unsigned i = 0; i < IMS_MAX_LINKS + 5; i++) {
		struct ims_event event = story_event(
			story, IMS_EVENT_CONNECTION_OPENING, 0.1, "ue", "p");

		event.source.port = (uint16_t)(1024 + i);
		event.transport = IMS_TRANSPORT_TCP;
		assert_true(ims_engine_feed(story->engine, &event));
		if (i % 1000 == 0)
			cx(story, 0.1, "i", "hss", "DWR 1");
	}
	ims_window_flush(story->engine->window);
	assert_non_null(link_between(story, "i", "hss"));
	assert_null(link_between(story, "s", "hss"));
	assert_int_equal(story->engine->links.length, IMS_MAX_LINKS);
	summary = story_end(story);
	assert_int_equal(summary->let_go, 7);
	assert_int_equal(story->registrations->len, 1);
	assert_int_equal(told(story, 0)->n_steps, 1);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opened_by_its_client),
		cmocka_unit_test(a_cer_tells_the_client),
		cmocka_unit_test(the_same_ports_again_are_another),
		cmocka_unit_test(an_end_without_beginning_is_nothing),
		cmocka_unit_test(silence_is_proved_by_what_goes_on),
		cmocka_unit_test(links_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
