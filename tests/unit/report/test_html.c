// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <errno.h>

#include "sample.h"

#include "html_block.h"
#include "html_json.h"
#include "html_latency.h"
#include "html_page.h"
#include "html_times.h"

static const struct ims_summary nothing = {0};

#define WRITES(put, expected)                                   \
	do {                                                    \
		struct ims_json written = {0}, *out = &written; \
		char *as_text;                                  \
                                                                \
		put;                                            \
		as_text = g_strndup(ims_json_made(out).at,      \
				    ims_json_made(out).len);    \
		assert_string_equal(as_text, expected);         \
		g_free(as_text);                                \
		ims_json_clear(&written);                       \
	} while (0)

static void a_string_ends_no_element(void **state)
{
	(void)state;
	WRITES(ims_html_text(out, NULL, "</script><!--\\\"\n"),
	       "\"\\u003c/script>\\u003c!--\\\\\\\"\\\\x0a\"");
	WRITES(ims_html_text(out, NULL, HOSTILE),
	       "\"a\\\\x1b[2Jb\\\\u{202e}\xef\xbf\xbd\xef\xbf\xbd\"");
	WRITES(ims_html_string(out, NULL, ims_slice("a\0b", 3)),
	       "\"a\\\\x00b\"");
	WRITES(ims_html_text(out, NULL, ""), "null");
	WRITES(ims_html_text(out, NULL, NULL), "null");
}

static void nanoseconds_are_told_to_the_last(void **state)
{
	(void)state;
	WRITES(ims_html_ms(out, NULL, 0), "0");
	WRITES(ims_html_ms(out, NULL, 1), "0.000001");
	WRITES(ims_html_ms(out, NULL, 1500000), "1.5");
	WRITES(ims_html_ms(out, NULL, -1020000), "-1.02");
	WRITES(ims_html_ms(out, NULL, -1), "-0.000001");
	WRITES(ims_html_ms(out, NULL, START + 7), "1714557600000.000007");
	WRITES(ims_html_ms(out, NULL, INT64_MIN), "-9223372036854.775808");
	WRITES(ims_html_ms(out, NULL, INT64_MAX), "9223372036854.775807");
}

static void members_are_separated(void **state)
{
	(void)state;
	WRITES((ims_json_open(out, NULL, '{'), ims_html_text(out, "a", "["),
		ims_html_ms(out, "b", 5000000),
		ims_html_string(out, "c", (struct ims_slice){0}),
		ims_json_close(out, '}')),
	       "{\"a\":\"[\",\"b\":5,\"c\":null}");
	/* A text that ends as a bracket does is none. */
	WRITES((ims_json_open(out, NULL, '['), ims_html_text(out, NULL, "["),
		ims_html_text(out, NULL, "{"), ims_json_close(out, ']')),
	       "[\"[\",\"{\"]");
}

/* One record with two texts, one of them known. */
static void add_record(struct ims_html_block *block, const char *text)
{
	ims_json_open(&block->records, NULL, '[');
	ims_html_block_text(block, text);
	ims_html_block_text(block, "same");
	ims_html_block_text(block, NULL);
	ims_json_close(&block->records, ']');
}

static void texts_of_a_block_are_written_once(void **state)
{
	struct ims_html_block block;
	struct ims_writer writer;
	FILE *out;
	char *text = NULL;
	size_t len = 0;

	(void)state;
	out = open_memstream(&text, &len);
	ims_writer_init(&writer, out);
	ims_html_block_init(&block, "rows");
	ims_html_block_write(&block, &writer); /* nothing: no element */
	add_record(&block, "a");
	add_record(&block, "b");
	ims_html_block_pass(&block, &writer); /* not full */
	assert_int_equal(block.n_written, 0);
	ims_html_block_write(&block, &writer);
	add_record(&block, "b");
	ims_html_block_write(&block, &writer);
	assert_int_equal(block.n_written, 2);
	ims_html_block_clear(&block);
	assert_true(ims_writer_finish(&writer));
	ims_writer_clear(&writer);
	fclose(out);
	assert_string_equal(
		text, "<script type=\"application/json\" data-block=\"rows\">"
		      "{\"strings\":[null,\"a\",\"same\",\"b\"],"
		      "\"records\":[[1,2,0],[3,2,0]]}</script>\n"
		      "<script type=\"application/json\" data-block=\"rows\">"
		      "{\"strings\":[null,\"b\",\"same\"],"
		      "\"records\":[[1,2,0]]}</script>\n");
	free(text);
}

/* What is held is bounded, whatever comes. */
static void a_full_block_is_written(void **state)
{
	struct ims_html_block block;
	struct ims_writer writer;
	FILE *out;
	char *text = NULL;
	size_t len = 0;

	(void)state;
	out = open_memstream(&text, &len);
	ims_writer_init(&writer, out);
	ims_html_block_init(&block, "rows");
	for (int i = 0; i < 100000; i++) {
		char name[16];

		g_snprintf(name, sizeof(name), "name %d", i);
		add_record(&block, name);
		ims_html_block_pass(&block, &writer);
		assert_true(ims_json_made(&block.records).len +
				    ims_json_made(&block.strings).len <
			    IMS_HTML_BLOCK_BYTES);
	}
	assert_true(block.n_written > 10);
	ims_html_block_clear(&block);
	assert_true(ims_writer_finish(&writer));
	ims_writer_clear(&writer);
	fclose(out);
	free(text);
}

static void intervals_widen(void **state)
{
	struct ims_html_times *times = ims_html_times_new();
	struct ims_json json = {0};
	char *text;

	(void)state;
	WRITES(ims_html_times_put(times, out, NULL),
	       "{\"width\":100,\"intervals\":[]}");
	ims_html_times_add(times, START + SECOND / 5, IMS_OUTCOME_REGISTERED);
	ims_html_times_add(times, START, IMS_OUTCOME_REJECTED);
	ims_html_times_add(times, START + 1, IMS_OUTCOME_REJECTED);
	WRITES(ims_html_times_put(times, out, NULL),
	       "{\"width\":100,\"intervals\":["
	       "[1714557600000,0,0,2,0,0,0],[1714557600200,1,0,0,0,0,0]]}");
	/* 100 s later: intervals of 500 ms hold all that was. */
	ims_html_times_add(times, START + 100 * SECOND, IMS_OUTCOME_INCOMPLETE);
	WRITES(ims_html_times_put(times, out, NULL),
	       "{\"width\":500,\"intervals\":["
	       "[1714557600000,1,0,2,0,0,0],[1714557700000,0,0,0,0,0,1]]}");
	/* Times of no calendar are counted too, in bounded memory. */
	ims_html_times_add(times, INT64_MAX, IMS_OUTCOME_REGISTERED);
	ims_html_times_add(times, INT64_MIN, IMS_OUTCOME_REGISTERED);
	for (int i = -5000; i < 5000; i++)
		ims_html_times_add(times, i * (INT64_MAX / 5000),
				   IMS_OUTCOME_CHALLENGED);
	ims_html_times_put(times, &json, NULL);
	text = g_strndup(ims_json_made(&json).at, ims_json_made(&json).len);
	assert_non_null(strstr(text, "[-9223372036854.775808,1,0,0,"));
	assert_true(ims_json_made(&json).len < IMS_HTML_MAX_INTERVALS * 64);
	g_free(text);
	ims_json_clear(&json);
	ims_html_times_free(times);
}

static void answer_times_are_by_peer(void **state)
{
	struct ims_html_latency *latency = ims_html_latency_new();
	struct ims_exchange e = {
		.command = "UAR",
		.request = {0, 1},
		.answer = {0, 2},
		.request_time_ns = START,
		.answer_time_ns = START + 1000000, /* 1 ms: bucket 300 */
		.answerer = endpoint("10.0.0.9", 3868),
		.result = {.container = IMS_RESULT_CODE, .code = 2001},
	};

	(void)state;
	WRITES(ims_html_latency_put(latency, out, NULL), "[]");
	ims_html_latency_add(latency, &e);
	e.result.code = 5001;
	e.answer_time_ns = START - 5; /* clocks differ */
	ims_html_latency_add(latency, &e);
	e.answerer = endpoint("10.0.0.8", 3868);
	e.answer = (struct ims_frame){0, 0};
	e.answer_time_ns = -1;
	ims_html_latency_add(latency, &e);
	WRITES(ims_html_latency_put(latency, out, NULL),
	       "[{\"command\":\"UAR\",\"address\":\"10.0.0.8\",\"count\":1,"
	       "\"errors\":0,\"unanswered\":1,\"max\":null,\"buckets\":[]},"
	       "{\"command\":\"UAR\",\"address\":\"10.0.0.9\",\"count\":2,"
	       "\"errors\":1,\"unanswered\":0,\"max\":1,"
	       "\"buckets\":[0,1,300,1]}]");
	ims_html_latency_free(latency);
}

/* Beyond the bound peers share one place, which has no address. */
static void peers_are_bounded(void **state)
{
	struct ims_html_latency *latency = ims_html_latency_new();
	struct ims_json json = {0};
	char *out, *rest;
	int n = 0;

	(void)state;
	for (unsigned i = 0; i < 2 * IMS_HTML_MAX_PEERS; i++) {
		struct ims_exchange e = {.command = "UAR"};

		e.answerer.address.family = 4;
		e.answerer.address.bytes[0] = 10;
		e.answerer.address.bytes[2] = (uint8_t)(i >> 8);
		e.answerer.address.bytes[3] = (uint8_t)i;
		ims_html_latency_add(latency, &e);
	}
	ims_html_latency_put(latency, &json, NULL);
	out = g_strndup(ims_json_made(&json).at, ims_json_made(&json).len);
	for (char *at = out; (at = strstr(at, "\"address\"")); at++)
		n++;
	assert_int_equal(n, IMS_HTML_MAX_PEERS + 1);
	rest = strstr(out, "\"address\":null,\"count\":");
	assert_non_null(rest);
	assert_int_equal(atoi(rest + 23), IMS_HTML_MAX_PEERS);
	g_free(out);
	ims_json_clear(&json);
	ims_html_latency_free(latency);
}

static void feed_two(const struct ims_report_format *format,
		     struct ims_report *report)
{
	struct ims_registration good = registered(1, "sip:bob@ims.example");
	struct ims_registration bad = rejected(2, "sip:</script>@ims.example");
	struct ims_finding cause = cause_of(1, &bad);
	struct ims_node ue = {.roles = 1u << IMS_ROLE_UE};

	bad.reason = ims_slice_of("<!--<script>");
	cause.signature = &kamailio;
	format->registration(report, &good);
	format->registration(report, &bad);
	format->finding(report, &cause);
	format->node(report, &ue);
	add_capture(format, report, "</script>.pcapng");
}

/* The page, with no markup in it but its own and the data's. */
static void the_page_is_whole(void **state)
{
	char *text = render("html", feed_two, &no_limits, &nothing);
	size_t head = strlen(ims_html_head), tail = strlen(ims_html_tail);
	size_t len = strlen(text);
	char *data;
	int n = 0;

	(void)state;
	assert_memory_equal(text, ims_html_head, head);
	assert_string_equal(text + len - tail, ims_html_tail);
	data = g_strndup(text + head, len - head - tail);
	for (char *at = data; (at = strchr(at, '<')); at++, n++)
		if (!g_str_has_prefix(at, "<script type=\"application/json\" "
					  "data-block=\"") &&
		    !g_str_has_prefix(at, "</script>\n") &&
		    !g_str_has_prefix(at, "<section data-observation>\n") &&
		    !g_str_has_prefix(at, "</section>\n"))
			fail_msg("'%.40s'", at);
	/* Rows and details of both kinds, the summary, the section. */
	assert_int_equal(n, 2 * 5 + 2);
	assert_non_null(strstr(data, "\\u003c!--\\u003cscript>"));
	assert_non_null(strstr(data, "\"ues\":1,"));
	assert_non_null(strstr(data, "\"Kamailio\""));
	g_free(data);
	free(text);
}

static void feed_nodes(const struct ims_report_format *format,
		       struct ims_report *report)
{
	struct ims_node node = {
		.address = endpoint("10.0.0.9", 0).address,
		.roles = 1u << IMS_ROLE_HSS,
	};

	for (int i = 0; i < 600; i++)
		format->node(report, &node);
}

static void nodes_are_bounded(void **state)
{
	char *text = render("html", feed_nodes, &no_limits, &nothing);
	int n = 0;

	(void)state;
	for (char *at = text; (at = strstr(at, "{\"address\":")); at++)
		n++;
	assert_int_equal(n, 500);
	assert_non_null(strstr(text, "\"n_nodes\":600,\"ues\":0,"));
	free(text);
}

static void filters_choose_what_is_listed(void **state)
{
	struct ims_report_options options = no_limits;
	char *text;

	(void)state;
	options.only_failed = true;
	options.severity = IMS_SEVERITY_ERROR;
	options.from_ns = START - SECOND;
	text = render("html", feed_two, &options, &nothing);
	assert_null(strstr(text, "bob"));
	assert_non_null(strstr(text, "\\u003c/script>@ims.example"));
	assert_non_null(strstr(text,
			       "\"filters\":{\"only_failed\":true,"
			       "\"subscriber\":null,\"severity\":\"error\","
			       "\"from\":1714557599000,\"to\":null}"));
	/* Both are in the chart. */
	assert_non_null(strstr(text, "[1714557600000,1,0,1,0,0,0]"));
	free(text);
}

/* With --separate the page is written around the reports. */
static void a_report_of_a_series_is_a_section(void **state)
{
	struct ims_report_options options = no_limits;
	char *text;

	(void)state;
	options.heading = "a.pcap";
	text = render("html", feed_two, &options, &nothing);
	assert_true(g_str_has_prefix(text, "<section data-observation>\n"));
	assert_true(g_str_has_suffix(text, "</section>\n"));
	free(text);
	assert_ptr_equal(ims_report_format("html")->series_start,
			 ims_html_head);
	assert_ptr_equal(ims_report_format("html")->series_end, ims_html_tail);
}

static void a_stream_that_fails_is_told(void **state)
{
	struct ims_report_options options = no_limits;
	const struct ims_report_format *format = ims_report_format("html");
	struct ims_report *report;

	(void)state;
	options.out = fopen("/dev/full", "w");
	assert_non_null(options.out);
	report = format->new (&options);
	feed_two(format, report);
	errno = 0;
	assert_false(format->finish(report, &nothing));
	assert_int_equal(errno, ENOSPC);
	format->free(report);
	fclose(options.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_string_ends_no_element),
		cmocka_unit_test(nanoseconds_are_told_to_the_last),
		cmocka_unit_test(members_are_separated),
		cmocka_unit_test(texts_of_a_block_are_written_once),
		cmocka_unit_test(a_full_block_is_written),
		cmocka_unit_test(intervals_widen),
		cmocka_unit_test(answer_times_are_by_peer),
		cmocka_unit_test(peers_are_bounded),
		cmocka_unit_test(the_page_is_whole),
		cmocka_unit_test(nodes_are_bounded),
		cmocka_unit_test(filters_choose_what_is_listed),
		cmocka_unit_test(a_report_of_a_series_is_a_section),
		cmocka_unit_test(a_stream_that_fails_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
