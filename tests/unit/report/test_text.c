// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <glib.h>

#include "sample.h"

static const struct ims_summary nothing = {0};

static const struct ims_rule_count causes[] = {
	{&unknown_user, 2, 2, 2},
	{&path_missing, 3, 0, 1},
};

static const struct ims_summary several = {.rules = causes, .n_rules = 2};

static void check_text(feed_fn *feed, const struct ims_report_options *options,
		       const struct ims_summary *summary, const char *expected)
{
	char *text = render("text", feed, options, summary);

	assert_string_equal(text, expected);
	free(text);
}

static void feed_good(const struct ims_report_format *format,
		      struct ims_report *report)
{
	struct ims_registration r = registered(2, "sip:alice@ims.example");

	r.kind = IMS_KIND_THIRD_PARTY;
	r.impi = (struct ims_slice){0};
	r.scscf = (struct ims_slice){0};
	r.ue.address.family = 0;
	format->registration(report, &r);
	r = registered(1, "sip:alice@ims.example");
	format->registration(report, &r);
	add_capture(format, report, "a.pcapng");
}

static void success_is_a_line(void **state)
{
	(void)state;
	check_text(feed_good, &no_limits, &nothing,
		   "2 registrations: 1 registered, 1 third-party registered.\n"
		   "\n"
		   "  initial         registered      alice@ims.example, 200"
		   " after 0.142 s, UE 10.0.0.1:5060, "
		   "S-CSCF\n"
		   "      sip:scscf.ims.example:6060\n"
		   "  third-party     registered      alice@ims.example, 200"
		   " after 0.142 s\n");
}

static void feed_nothing(const struct ims_report_format *format,
			 struct ims_report *report)
{
	add_capture(format, report, "a.pcapng");
}

static void nothing_found_says_what_was_there(void **state)
{
	(void)state;
	check_text(feed_nothing, &no_limits, &nothing,
		   "No registration.\n"
		   "20 packets: 8 SIP messages, 4 Diameter messages.\n");
}

static void feed_failures(const struct ims_report_format *format,
			  struct ims_report *report)
{
	struct ims_registration alice = rejected(1, "sip:alice@ims.example");
	struct ims_registration bob = rejected(2, "sip:bob@ims.example");
	struct ims_registration carol = rejected(3, "sip:carol@ims.example");
	struct ims_finding f = cause_of(7, &bob);

	/* The finding before its registration, and after it. */
	format->finding(report, &f);
	format->registration(report, &bob);
	format->registration(report, &alice);
	f = cause_of(8, &alice);
	f.confidence = IMS_CONFIDENCE_LIKELY;
	f.signature = &kamailio;
	format->finding(report, &f);
	carol.outcome = IMS_OUTCOME_UNANSWERED;
	carol.status = 0;
	carol.cause = NULL;
	format->registration(report, &carol);
	add_capture(format, report, "a.pcapng");
}

static void failures_come_by_cause(void **state)
{
	(void)state;
	check_text(
		feed_failures, &no_limits, &several,
		"3 registrations: 2 rejected, 1 unanswered.\n"
		"       2  cx_user_unknown                The HSS does not "
		"know "
		"the identity\n"
		"       1  path_missing                   No Path upstream of "
		"the P-CSCF\n"
		"\n"
		"Rejected, 403 Forbidden: registration of alice@ims.example"
		"                           cx_user_unknown\n"
		"  IMPU sip:alice@ims.example, IMPI alice@ims.example, "
		"UE 10.0.0.1:5060\n"
		"  Likely: The HSS does not know alice.\n"
		"     7  UE 10.0.0.1   REGISTER\n"
		"    12  HSS 10.0.0.9  UAA 10415/5001\n"
		"  Known: Kamailio (ims_icscf): It says so.\n"
		"  Do: Provision the identity.\n"
		"  See: TS 29.228 6.1.1.1; TS 29.229 6.2\n"
		"  Wireshark: frame.number in {7, 12}\n"
		"\n"
		"Rejected, 403 Forbidden: registration of bob@ims.example  "
		"                           cx_user_unknown\n"
		"  IMPU sip:bob@ims.example, IMPI alice@ims.example, "
		"UE 10.0.0.1:5060\n"
		"  The HSS does not know alice.\n"
		"     7  UE 10.0.0.1   REGISTER\n"
		"    12  HSS 10.0.0.9  UAA 10415/5001\n"
		"  Wireshark: frame.number in {7, 12}\n"
		"\n"
		"Unanswered: registration of carol@ims.example\n"
		"  IMPU sip:carol@ims.example, IMPI alice@ims.example, "
		"UE 10.0.0.1:5060\n"
		"  Nothing in the capture tells why.\n");
}

/* Each when it is complete, by its own time; the rest at the end. */
static void what_is_live_is_told_at_once(void **state)
{
	struct ims_report_options live = no_limits;

	(void)state;
	live.live = true;
	check_text(feed_failures, &live, &nothing,
		   "\n"
		   "2024-05-01T10:00:00Z  Rejected, 403 Forbidden: "
		   "registration of "
		   "bob@ims.example       cx_user_unknown\n"
		   "  IMPU sip:bob@ims.example, IMPI alice@ims.example, "
		   "UE 10.0.0.1:5060\n"
		   "  The HSS does not know alice.\n"
		   "     7  UE 10.0.0.1   REGISTER\n"
		   "    12  HSS 10.0.0.9  UAA 10415/5001\n"
		   "  Do: Provision the identity.\n"
		   "  See: TS 29.228 6.1.1.1; TS 29.229 6.2\n"
		   "  Wireshark: frame.number in {7, 12}\n"
		   "\n"
		   "2024-05-01T10:00:00Z  Rejected, 403 Forbidden: "
		   "registration of "
		   "alice@ims.example     cx_user_unknown\n"
		   "  IMPU sip:alice@ims.example, IMPI alice@ims.example, "
		   "UE 10.0.0.1:5060\n"
		   "  Likely: The HSS does not know alice.\n"
		   "     7  UE 10.0.0.1   REGISTER\n"
		   "    12  HSS 10.0.0.9  UAA 10415/5001\n"
		   "  Known: Kamailio (ims_icscf): It says so.\n"
		   "  Do: Provision the identity.\n"
		   "  See: TS 29.228 6.1.1.1; TS 29.229 6.2\n"
		   "  Wireshark: frame.number in {7, 12}\n"
		   "\n"
		   "2024-05-01T10:00:00Z  Unanswered: registration of "
		   "carol@ims.example\n"
		   "  IMPU sip:carol@ims.example, IMPI alice@ims.example, "
		   "UE 10.0.0.1:5060\n"
		   "  Nothing in the capture tells why.\n"
		   "\n"
		   "3 registrations: 2 rejected, 1 unanswered.\n");
}

static void feed_many(const struct ims_report_format *format,
		      struct ims_report *report)
{
	for (uint64_t id = 1; id <= 100; id++) {
		char impu[32];
		struct ims_registration r;
		struct ims_finding f;

		snprintf(impu, sizeof(impu), "sip:u%u@x", (unsigned)id);
		r = rejected(id, impu);
		r.impi = (struct ims_slice){0};
		f = cause_of(id, &r);
		format->registration(report, &r);
		format->finding(report, &f);
	}
}

static size_t count_of(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)); text++)
		n++;
	return n;
}

/* Five in full, and a line for each of the rest. */
static void of_many_live_the_rest_are_lines(void **state)
{
	struct ims_report_options live = no_limits;
	unsigned n_lines = 0, n_full = 0, n_named = 0;
	char *text, **lines;

	(void)state;
	live.live = true;
	text = render("text", feed_many, &live, &nothing);
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		n_lines++;
		n_full += (unsigned)g_str_has_prefix(*line, "  Wireshark: ");
		n_named += (unsigned)g_str_has_prefix(*line, "2024-05-01T10:");
	}
	assert_int_equal(n_named, 100);
	assert_int_equal(n_full, 5);
	assert_true(n_lines < 200);
	g_strfreev(lines);
	free(text);
}

static void many_failures_are_counted(void **state)
{
	char *text = render("text", feed_many, &no_limits, &nothing);
	struct ims_report_options o = no_limits;

	(void)state;
	assert_int_equal(count_of(text, "\nRejected, 403"), 5);
	assert_int_equal(count_of(text, "The same for u6@x, u7@x, "), 1);
	assert_int_equal(count_of(text, "u55@x and 45 more."), 1);
	free(text);
	o.subscriber = "u1*";
	text = render("text", feed_many, &o, &nothing);
	/* u1, u10 to u19, u100; the summary is of the whole. */
	assert_int_equal(count_of(text, "\nRejected, 403"), 12);
	assert_int_equal(count_of(text, "100 registrations: 100 rejected."), 1);
	free(text);
}

static void feed_folds(const struct ims_report_format *format,
		       struct ims_report *report)
{
	const struct ims_fact again = {
		"again", IMS_FACT_BOOLEAN, {.boolean = true}};
	struct ims_evidence evidence = {.frame = {0, 20}, .time_ns = START};
	struct ims_finding f = {
		.id = 1,
		.rule = &path_missing,
		.severity = IMS_SEVERITY_WARNING,
		.call_id = ims_slice_of("c1"),
		.impu = ims_slice_of("sip:alice@x"),
		.time_ns = START,
		.evidence = &evidence,
		.n_evidence = 1,
		.summary = ims_slice_of("REGISTER without Path."),
		.facts = &again,
		.n_facts = 1,
	};

	format->finding(report, &f);
	evidence.frame.number = 25;
	format->finding(report, &f);
	evidence.frame.number = 30;
	f.n_facts = 0;
	f.summary = ims_slice_of("A second way.");
	format->finding(report, &f);
	f.severity = IMS_SEVERITY_NOTE;
	format->finding(report, &f);
	f.severity = IMS_SEVERITY_ERROR;
	f.call_id = ims_slice_of("c2");
	f.summary = ims_slice_of("Path is an error here.");
	format->finding(report, &f);
	add_capture(format, report, "a.pcapng");
	add_capture(format, report, "b\x1b.pcapng");
}

static void other_findings_are_folded(void **state)
{
	struct ims_report_options o = no_limits;

	(void)state;
	o.severity = IMS_SEVERITY_WARNING;
	check_text(feed_folds, &o, &nothing,
		   "No registration.  Other findings: 1 error, 3 warnings.\n"
		   "40 packets: 16 SIP messages, 8 Diameter messages.\n"
		   "\n"
		   "Path is an error here.                                     "
		   "                             path_missing\n"
		   "  Wireshark, 0 = a.pcapng: frame.number in {30}\n"
		   "\n"
		   "Warning: REGISTER without Path.                            "
		   "                             path_missing\n"
		   "  Also: A second way. (0:30)\n"
		   "  The same once more: 0:25\n"
		   "  Wireshark, 0 = a.pcapng: frame.number in {20, 25, 30}\n"
		   "\n"
		   "1 finding below severity warning not shown (--severity "
		   "note shows all).\n");
}

static void feed_incomplete(const struct ims_report_format *format,
			    struct ims_report *report)
{
	struct ims_registration r = registered(1, "sip:alice@x");

	r.outcome = IMS_OUTCOME_INCOMPLETE;
	r.status = 0;
	r.lacking = ims_slice_of("the capture ends before the 200");
	format->registration(report, &r);
	r.id = 2;
	r.impu = ims_slice_of("sip:bob@x");
	format->registration(report, &r);
}

static void incomplete_ones_are_named(void **state)
{
	(void)state;
	check_text(feed_incomplete, &no_limits, &nothing,
		   "2 registrations: 2 incomplete.\n"
		   "\n"
		   "2 registrations incomplete: the capture ends before the 200"
		   " (alice@x, bob@x)\n");
}

static void feed_damage(const struct ims_report_format *format,
			struct ims_report *report)
{
	const struct ims_capture_report capture = {
		.file = "a.pcap",
		.format = "pcap",
		.packets = 3,
		.truncated = true,
		.error = "packet 4 is cut",
		.dropped = 1,
	};

	feed_good(format, report);
	format->capture(report, &capture);
}

static void damage_is_told_first_and_last(void **state)
{
	char *text = render("text", feed_damage, &no_limits, &nothing);
	const char *line = "a.pcap could not be read whole: packet 4 is cut\n";
	size_t len = strlen(text);

	(void)state;
	assert_memory_equal(text, line, strlen(line));
	assert_string_equal(text + len - strlen(line), line);
	assert_int_equal(count_of(text, "1 packet is missing: "), 1);
	free(text);
}

/* The captures' are summed up; each is told with its number. */
static void feed_bounds(const struct ims_report_format *format,
			struct ims_report *report)
{
	static const struct ims_bound_text streams = {
		"tcp", "stream was given up", "streams were given up", 7,
		"at once"};
	static const struct ims_bound_text memory = {
		"memory", "packet was lost for want of memory",
		"packets were lost for want of memory", 0, ""};
	const struct ims_bound_count counts[] = {{&streams, 2}, {&memory, 1}};
	struct ims_capture_report capture = {
		.file = "a.pcap",
		.packets = 3,
		.let_go = 3,
		.let_go_by = counts,
		.n_let_go_by = 2,
	};

	feed_good(format, report);
	format->capture(report, &capture);
	capture.capture = 1;
	capture.n_let_go_by = 1;
	format->capture(report, &capture);
}

static void bounds_are_told_by_name(void **state)
{
	char *text = render("text", feed_bounds, &no_limits, &nothing);
	char *json = render("ndjson", feed_bounds, &no_limits, &nothing);

	(void)state;
	assert_non_null(strstr(text,
			       "\n\n4 streams were given up: there is "
			       "room for 7 at once.\n"
			       "1 packet was lost for want of memory.\n"));
	assert_int_equal(
		count_of(json, "\"let_go_by\":{\"tcp\":2,\"memory\":1}"), 1);
	assert_int_equal(count_of(json, "\"let_go_by\":{\"tcp\":2}"), 1);
	free(text);
	free(json);
}

static void feed_hostile(const struct ims_report_format *format,
			 struct ims_report *report)
{
	struct ims_slice hostile = ims_slice_of(HOSTILE "\n\x7f\xc2\x9b");
	struct ims_registration r = rejected(1, "sip:alice@x");
	struct ims_finding f = cause_of(1, &r);
	struct ims_evidence evidence = {
		.frame = {0, 7}, .time_ns = START, .saying = hostile};
	struct ims_step step = {
		.frame = {0, 7},
		.from = {IMS_ROLE_UE, endpoint("10.0.0.1", 5060)},
		.to = {IMS_ROLE_P_CSCF, endpoint("10.0.0.2", 5060)},
		.message = hostile,
		.detail = hostile,
	};
	struct ims_signature signature = {
		.name = HOSTILE,
		.product = HOSTILE,
		.component = HOSTILE,
		.versions = HOSTILE,
		.says = HOSTILE,
		.advice = HOSTILE,
		.source = HOSTILE,
	};

	r.reason = r.impi = r.impu = r.scscf = r.lacking = hostile;
	f.impi = f.impu = f.call_id = f.summary = f.advice = hostile;
	f.evidence = &evidence;
	f.n_evidence = 1;
	f.signature = &signature;
	r.steps = f.steps = &step;
	r.n_steps = f.n_steps = 1;
	format->registration(report, &r);
	format->finding(report, &f);
	f.registration = 0;
	f.is_cause = false;
	format->finding(report, &f);
	f.summary = ims_slice_of("other");
	format->finding(report, &f);
	r.outcome = IMS_OUTCOME_REGISTERED;
	r.cause = NULL;
	format->registration(report, &r);
	r.outcome = IMS_OUTCOME_INCOMPLETE;
	format->registration(report, &r);
	add_capture(format, report, HOSTILE);
	add_capture(format, report, HOSTILE);
}

static void nothing_hostile_is_printed(void **state)
{
	static const char *const formats[] = {"text", "json", "ndjson", "csv",
					      "mermaid"};

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct ims_report_options o = no_limits;
		char *text;

		o.ladder = true;
		o.heading = HOSTILE;
		text = render(formats[i], feed_hostile, &o, &nothing);
		for (const char *p = text; *p; p++) {
			assert_true((unsigned char)*p >= ' ' || *p == '\n' ||
				    (*p == '\r' && p[1] == '\n'));
			assert_int_not_equal(*p, 0x7f);
		}
		assert_null(strstr(text, "\xe2\x80\xae"));
		assert_null(strstr(text, "\xc2\x9b"));
		assert_non_null(strstr(text, "\xef\xbf\xbd"));
		free(text);
	}
}

static void colour_only_when_asked(void **state)
{
	struct ims_report_options o = no_limits;
	char *plain = render("text", feed_failures, &o, &several);
	char *coloured;

	(void)state;
	o.colour = true;
	coloured = render("text", feed_failures, &o, &several);
	assert_null(strchr(plain, '\x1b'));
	assert_non_null(strstr(coloured, "\x1b[1;31mRejected, 403"));
	assert_true(count_of(coloured, "\x1b[") % 2 == 0);
	free(plain);
	free(coloured);
}

static void no_line_is_wider_than_the_terminal(void **state)
{
	struct ims_report_options o = no_limits;
	char *text, *rest;

	(void)state;
	o.width = 72;
	rest = text = render("text", feed_failures, &o, &several);
	for (char *line; (line = strsep(&rest, "\n"));)
		assert_true(strlen(line) <= 72);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(success_is_a_line),
		cmocka_unit_test(nothing_found_says_what_was_there),
		cmocka_unit_test(failures_come_by_cause),
		cmocka_unit_test(what_is_live_is_told_at_once),
		cmocka_unit_test(of_many_live_the_rest_are_lines),
		cmocka_unit_test(many_failures_are_counted),
		cmocka_unit_test(other_findings_are_folded),
		cmocka_unit_test(incomplete_ones_are_named),
		cmocka_unit_test(damage_is_told_first_and_last),
		cmocka_unit_test(bounds_are_told_by_name),
		cmocka_unit_test(nothing_hostile_is_printed),
		cmocka_unit_test(colour_only_when_asked),
		cmocka_unit_test(no_line_is_wider_than_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
