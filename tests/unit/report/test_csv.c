// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <glib.h>

#include "csv_cells.h"
#include "steps.h"

#define HEADER                                                            \
	"id,kind,outcome,cause,status,reason,impu,impi,ue,scscf,expires," \
	"start,end,duration_ms,ims,legs,call_id,lacking,capture,frame,"   \
	"confidence,cause_frames,summary,findings\r\n"

static const struct ims_summary nothing = {0};

static const char *const files[] = {"a,b.pcap", "c.pcap"};

/* To be freed. */
static char *cell(const char *text)
{
	GString *row = g_string_new(NULL);

	ims_csv_text(row, ims_slice_of(text));
	return g_string_free(row, FALSE);
}

static void cells_are_no_formulas(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"plain", "plain"},
		{"", ""},
		{NULL, ""},
		{"a,b", "\"a,b\""},
		{"say \"x\"", "\"say \"\"x\"\"\""},
		{" x", "\" x\""},
		{"x ", "\"x \""},
		{"=1+1", "'=1+1"},
		{"+49301", "'+49301"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "\\x09=1"},
		{"\r=1", "\\x0d=1"},
		{"a\nb", "a\\x0ab"},
		{"\xef\xbc\x9d"
		 "1",
		 "'\xef\xbc\x9d"
		 "1"},
		{"\xef\xbc\x8b", "'\xef\xbc\x8b"},
		{"\xef\xbc\x8d", "'\xef\xbc\x8d"},
		{"\xef\xbc\xa0", "'\xef\xbc\xa0"},
		{"=\"a\",b", "\"'=\"\"a\"\",b\""},
		/* A new cell where the semicolon separates them. */
		{"sip:a;=1", "\"sip:a;'=1\""},
		/* What is trimmed begins with what follows. */
		{" =1", "\" '=1\""},
		{"\xc2\xa0+1", "\xc2\xa0'+1"},
		{"a; =1", "\"a; '=1\""},
		{"a =1", "a =1"},
		{"sip:a;lr", "\"sip:a;lr\""},
		{"a=b", "a=b"},
		{HOSTILE, "a\\x1b[2Jb\\u{202e}\xef\xbf\xbd\xef\xbf\xbd"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *text = cell(cases[i].text);

		assert_string_equal(text, cases[i].expected);
		g_free(text);
	}
}

static void cells_are_bounded(void **state)
{
	char *many = g_strnfill(100000, 'x');
	char *text = cell(many);

	(void)state;
	assert_int_equal(strlen(text), IMS_CSV_MAX_CELL + 3);
	assert_true(g_str_has_suffix(text, "xx..."));
	g_free(text);
	g_free(many);
}

static void feed(const struct ims_report_format *format,
		 struct ims_report *report)
{
	static const uint64_t of_alice[] = {1, 2}, of_carol[] = {3};
	struct ims_registration alice = rejected(1, "sip:+4930@ims.example");
	struct ims_registration bob = registered(2, "sip:bob@x");
	struct ims_registration carol = rejected(3, "=carol");
	struct ims_finding f = cause_of(1, &alice);
	struct ims_step step = {.frame = {0, 7}};

	/* The cause before its registration, another after it. */
	alice.findings = of_alice;
	alice.n_findings = 2;
	alice.steps = &step;
	alice.n_steps = 1;
	format->finding(report, &f);
	format->registration(report, &alice);
	bob.impi = (struct ims_slice){0};
	bob.lacking = ims_slice_of("it, all");
	format->registration(report, &bob);
	f = cause_of(2, &alice);
	f.rule = &path_missing;
	f.severity = IMS_SEVERITY_WARNING;
	f.is_cause = false;
	format->finding(report, &f);
	/* A finding that does not come is not waited for after the end. */
	carol.findings = of_carol;
	carol.n_findings = 1;
	carol.cause = NULL;
	carol.ue.address.family = 0;
	format->registration(report, &carol);
	/* Of no registration. */
	f.registration = 0;
	format->finding(report, &f);
	add_capture(format, report, "a,b.pcap");
}

#define ALICE                                                            \
	"1,initial,rejected,cx_user_unknown,403,Forbidden,"              \
	"sip:+4930@ims.example,alice@ims.example,10.0.0.1:5060,,,"       \
	"2024-05-01T10:00:00.000000000Z,2024-05-01T10:00:00.142000000Z," \
	"142.000,true,gm cx,c1,,"
#define BOB                                                              \
	"2,initial,registered,,200,OK,sip:bob@x,,10.0.0.1:5060,"         \
	"sip:scscf.ims.example:6060,600,2024-05-01T10:00:00.000000000Z," \
	"2024-05-01T10:00:00.142000000Z,142.000,true,gm cx,c1,\"it, all\","
#define CAROL                                                             \
	"3,initial,rejected,,403,Forbidden,'=carol,alice@ims.example,,,," \
	"2024-05-01T10:00:00.000000000Z,2024-05-01T10:00:00.142000000Z,"  \
	"142.000,true,gm cx,c1,,"

static void is_written(const struct ims_report_options *options,
		       const char *expected)
{
	char *text = render("csv", feed, options, &nothing);

	assert_string_equal(text, expected);
	free(text);
}

static void a_registration_is_a_row(void **state)
{
	struct ims_report_options o = no_limits;

	(void)state;
	o.files = files;
	o.n_files = 1;
	is_written(&o, HEADER BOB
		   ",,,,,\r\n" ALICE
		   "\"a,b.pcap\",7,certain,7 12,The HSS does not know alice.,"
		   "cx_user_unknown path_missing\r\n" CAROL ",,,,,\r\n");
}

static void frames_name_their_capture(void **state)
{
	struct ims_report_options o = no_limits;

	(void)state;
	o.files = files;
	o.n_files = 2;
	o.severity = IMS_SEVERITY_ERROR;
	o.subscriber = "+4930";
	is_written(&o, HEADER ALICE
		   "\"a,b.pcap\",7,certain,0#7 0#12,The HSS does not know "
		   "alice.,cx_user_unknown\r\n");
}

static void filters_choose_rows(void **state)
{
	struct ims_report_options o = no_limits;

	(void)state;
	o.only_failed = true;
	o.heading = "x.pcap";
	/* With --separate the header stands before all of them. */
	is_written(&o, ALICE "x.pcap,7,certain,7 12,The HSS does not know "
			     "alice.,cx_user_unknown path_missing\r\n" CAROL
			     "x.pcap,,,,,\r\n");
	assert_string_equal(ims_report_format("csv")->series_start, HEADER);
}

/* Findings of registrations that never come do not keep others waiting. */
static void feed_strays(const struct ims_report_format *format,
			struct ims_report *report)
{
	static const uint64_t ids[] = {1};

	for (uint64_t id = 1; id <= 6000; id++) {
		struct ims_registration r = rejected(id, "sip:a@x");
		struct ims_finding f = cause_of(id, &r);

		r.findings = ids;
		r.n_findings = 1;
		format->finding(report, &f);
		if (id % 2)
			format->registration(report, &r);
	}
	for (uint64_t id = 8001; id <= 8005; id++) {
		struct ims_registration r = rejected(id, "sip:a@x");

		r.findings = ids;
		r.n_findings = 1;
		format->registration(report, &r);
	}
}

static void waiting_is_bounded(void **state)
{
	char *text = render("csv", feed_strays, &no_limits, &nothing);
	size_t n = 0;

	(void)state;
	for (const char *c = text; (c = strstr(c, "\r\n")); c++)
		n++;
	assert_int_equal(n, 1 + 3000 + 5);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_no_formulas),
		cmocka_unit_test(cells_are_bounded),
		cmocka_unit_test(a_registration_is_a_row),
		cmocka_unit_test(frames_name_their_capture),
		cmocka_unit_test(filters_choose_rows),
		cmocka_unit_test(waiting_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
