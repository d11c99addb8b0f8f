// SPDX-License-Identifier: GPL-2.0-or-later
/* What one thread feeds, another one's engine gets: all of it, in order. */
#include "unit.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "feeder.h"

#define EPOCH INT64_C(1700000000000000000)

struct heard {
	GString *calls;
	unsigned n;
};

static void hear_call(void *user, const struct ims_call_message *message)
{
	struct heard *heard = user;

	g_string_append_printf(heard->calls, "%" PRIu64 ":%.*s ",
			       message->frame.number, (int)message->call_id.len,
			       message->call_id.at);
	heard->n++;
}

static void feed(struct ims_feeder *feeder, uint64_t number, size_t n_body)
{
	GString *text = g_string_new(NULL);
	struct ims_event event = {
		.kind = IMS_EVENT_SIP,
		.transport = IMS_TRANSPORT_TCP,
		.frame = {.number = number},
		.time_ns = EPOCH + (int64_t)number * 1000000,
		.source = {.port = 5060},
		.destination = {.port = 5060},
	};

	g_string_append_printf(
		text,
		"OPTIONS sip:a@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1"
		"\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:a@h>\r\nCSeq: 1 "
		"OPTIONS\r\nCall-ID: c%" PRIu64 "\r\nContent-Length: %zu\r\n"
		"\r\n",
		number, n_body);
	while (n_body--)
		g_string_append_c(text, 'x');
	event.bytes = ims_slice(text->str, text->len);
	assert_true(ims_feeder_event(feeder, &event));
	ims_feeder_clock(feeder, event.time_ns);
	/* It is the caller's again. */
	memset(text->str, '!', text->len);
	g_string_free(text, TRUE);
}

/* More than wait at once, and messages larger than what is handed over. */
static void feed_all(struct heard *heard, bool is_threaded)
{
	const struct ims_sink sink = {.user = heard, .call = hear_call};
	struct ims_engine *engine = ims_engine_new(NULL, &sink);
	struct ims_feeder *feeder = ims_feeder_new(engine, is_threaded);
	const uint64_t n = IMS_FEEDER_BATCH * (IMS_FEEDER_BATCHES + 4);

	heard->calls = g_string_new(NULL);
	heard->n = 0;
	for (uint64_t i = 1; i <= n; i++) {
		bool is_large = i == 1 || i % 1000 == 0 || i == n;

		feed(feeder, i, is_large ? IMS_FEEDER_BATCH_BYTES + i : i % 99);
		if (i % 700 == 0)
			ims_feeder_flush(feeder);
	}
	ims_feeder_finish(feeder);
	assert_int_equal(ims_engine_summary(engine)->sip_messages, n);
	assert_int_equal(ims_engine_summary(engine)->let_go, 0);
	assert_int_equal(heard->n, n);
	ims_feeder_free(feeder);
	ims_engine_free(engine);
}

static void threads_make_no_difference(void **state)
{
	struct heard one, two;

	(void)state;
	feed_all(&one, false);
	feed_all(&two, true);
	assert_true(g_string_equal(one.calls, two.calls));
	g_string_free(one.calls, TRUE);
	g_string_free(two.calls, TRUE);
}

/* Without an end there is nothing to wait for. */
static void it_may_be_given_up(void **state)
{
	const struct ims_sink sink = {0};
	struct ims_engine *engine = ims_engine_new(NULL, &sink);
	struct ims_feeder *feeder = ims_feeder_new(engine, true);

	(void)state;
	for (uint64_t i = 1; i < 1000; i++)
		feed(feeder, i, i == 999 ? IMS_FEEDER_BATCH_BYTES + 1 : 0);
	ims_feeder_free(feeder);
	ims_engine_free(engine);
	ims_feeder_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_make_no_difference),
		cmocka_unit_test(it_may_be_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
