// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <errno.h>
#include <jansson.h>

#include "sample.h"
#include "writer.h"

static const struct ims_summary nothing = {0};

static void feed_registration(const struct ims_report_format *format,
			      struct ims_report *report)
{
	struct ims_registration r = registered(3, "sip:alice@ims.example");
	const struct ims_change at[] = {
		{
			.kind = IMS_CHANGE_ADDED,
			.header = ims_slice_of("Require"),
			.element = ims_slice_of("path"),
			.after = ims_slice_of("path"),
		},
		{
			.kind = IMS_CHANGE_CHANGED,
			.header = ims_slice_of(HOSTILE),
			.before = ims_slice_of(""),
			.after = ims_slice_of("x"),
		},
	};
	const struct ims_changes changes = {at, 2, true};
	const struct ims_changes none = {NULL, 0, false};
	const struct ims_step steps[] = {
		{
			.frame = {0, 7},
			.time_ns = START + 1500000,
			.from = {IMS_ROLE_UE, endpoint("10.0.0.1", 5060)},
			.to = {IMS_ROLE_P_CSCF, endpoint("2001:db8::1", 5060)},
			.leg = IMS_LEG_GM,
			.message = ims_slice_of("REGISTER"),
			.detail = ims_slice_of(HOSTILE),
			.copies = 2,
			.changes = &changes,
		},
		{
			.frame = {0, 8},
			.time_ns = START,
			.message = ims_slice_of("401"),
			.copies = 1,
			.changes = &none,
		},
		{
			.frame = {0, 9},
			.time_ns = START,
			.from = {IMS_ROLE_HSS, {{0}, 0}},
			.protocol = IMS_PROTOCOL_CX,
			.message = ims_slice_of("UAR"),
			.copies = 1,
		},
	};
	const uint64_t findings[] = {4, 9};

	r.steps = steps;
	r.n_steps = 3;
	r.findings = findings;
	r.n_findings = 2;
	format->registration(report, &r);
}

/* The bytes themselves: names, order, types, escapes. */
static void a_registration_is_a_line(void **state)
{
	char *text = render("ndjson", feed_registration, &no_limits, &nothing);
	char *end = strchr(text, '\n');

	(void)state;
	assert_non_null(end);
	*end = '\0';
	assert_string_equal(
		text,
		"{\"type\":\"registration\",\"id\":3,\"ims\":true,"
		"\"kind\":\"initial\",\"outcome\":\"registered\","
		"\"cause\":null,\"status\":200,\"reason\":\"OK\","
		"\"impi\":\"alice@ims.example\","
		"\"impu\":\"sip:alice@ims.example\",\"call_id\":\"c1\","
		"\"ue\":\"10.0.0.1:5060\","
		"\"scscf\":\"sip:scscf.ims.example:6060\",\"expires\":600,"
		"\"start\":\"2024-05-01T10:00:00.000000000Z\","
		"\"end\":\"2024-05-01T10:00:00.142000000Z\","
		"\"duration_ms\":142.0,\"legs\":[\"gm\",\"cx\"],\"steps\":["
		"{\"frame\":{\"capture\":0,\"frame\":7},"
		"\"time\":\"2024-05-01T10:00:00.001500000Z\","
		"\"offset_ms\":1.5,\"from\":\"UE 10.0.0.1:5060\","
		"\"to\":\"P-CSCF [2001:db8::1]:5060\",\"leg\":\"gm\","
		"\"protocol\":\"SIP\",\"message\":\"REGISTER\","
		"\"detail\":\"a\\u001B[2Jb\\u202E\xef\xbf\xbd\xef\xbf\xbd"
		"\",\"copies\":2,\"changes\":[{\"kind\":\"added\","
		"\"header\":\"Require\",\"element\":\"path\","
		"\"before\":null,\"after\":\"path\"},"
		"{\"kind\":\"changed\",\"header\":"
		"\"a\\u001B[2Jb\\u202E\xef\xbf\xbd\xef\xbf\xbd\","
		"\"element\":null,\"before\":null,\"after\":\"x\"}],"
		"\"changes_cut\":true},"
		"{\"frame\":{\"capture\":0,\"frame\":8},"
		"\"time\":\"2024-05-01T10:00:00.000000000Z\","
		"\"offset_ms\":0.0,\"from\":null,\"to\":null,"
		"\"leg\":null,\"protocol\":\"SIP\",\"message\":\"401\","
		"\"detail\":null,\"copies\":1,\"changes\":[]},"
		"{\"frame\":{\"capture\":0,\"frame\":9},"
		"\"time\":\"2024-05-01T10:00:00.000000000Z\","
		"\"offset_ms\":0.0,\"from\":\"HSS\",\"to\":null,"
		"\"leg\":null,\"protocol\":\"Cx\",\"message\":\"UAR\","
		"\"detail\":null,\"copies\":1,\"changes\":null}],"
		"\"findings\":[4,9],\"lacking\":null}");
	free(text);
}

static void feed_exchanges(const struct ims_report_format *format,
			   struct ims_report *report)
{
	struct ims_exchange e = {
		.id = 1,
		.registration = 3,
		.application = IMS_APPLICATION_CX,
		.command = "UAR",
		.request = {0, 10},
		.answer = {1, 11},
		.request_time_ns = START,
		.answer_time_ns = START + 2250000,
		.result = {IMS_RESULT_EXPERIMENTAL, 10415, 5001,
			   "DIAMETER_ERROR_USER_UNKNOWN"},
		.impi = ims_slice_of("alice@ims.example"),
		.origin_host = ims_slice("a\0b", 3),
	};

	if (!format->exchange)
		return;
	format->exchange(report, &e);
	e = (struct ims_exchange){
		.id = 2,
		.application = IMS_APPLICATION_RFC4740,
		.command = "SAR",
		.request_time_ns = START,
		.answer_time_ns = -1,
		.request = {0, 12},
		.impi = ims_slice_of(""),
	};
	format->exchange(report, &e);
}

static void exchanges_are_lines(void **state)
{
	char *text = render("ndjson", feed_exchanges, &no_limits, &nothing);
	char *end = strstr(text, "{\"type\":\"summary\"");

	(void)state;
	assert_non_null(end);
	*end = '\0';
	assert_string_equal(
		text,
		"{\"type\":\"exchange\",\"id\":1,\"registration\":3,"
		"\"application\":\"Cx\",\"command\":\"UAR\","
		"\"request\":{\"capture\":0,\"frame\":10},"
		"\"answer\":{\"capture\":1,\"frame\":11},"
		"\"result\":{\"code\":5001,"
		"\"container\":\"Experimental-Result\",\"vendor\":10415,"
		"\"name\":\"DIAMETER_ERROR_USER_UNKNOWN\"},"
		"\"latency_ms\":2.25,\"impi\":\"alice@ims.example\","
		"\"impu\":null,\"server_name\":null,"
		"\"origin_host\":\"a\\u0000b\",\"destination_realm\":null}\n"
		"{\"type\":\"exchange\",\"id\":2,\"registration\":null,"
		"\"application\":\"SIP (RFC 4740)\",\"command\":\"SAR\","
		"\"request\":{\"capture\":0,\"frame\":12},\"answer\":null,"
		"\"result\":null,\"latency_ms\":null,\"impi\":null,"
		"\"impu\":null,\"server_name\":null,\"origin_host\":null,"
		"\"destination_realm\":null}\n");
	free(text);
}

static void feed_finding(const struct ims_report_format *format,
			 struct ims_report *report)
{
	struct ims_registration r = rejected(3, "sip:alice@ims.example");
	struct ims_finding f = cause_of(5, &r);
	const struct ims_slice tags[] = {ims_slice_of("path"),
					 ims_slice_of("")};
	/* Not in the order of the keys; `code` is missing. */
	const struct ims_fact facts[] = {
		{"tags", IMS_FACT_STRINGS, {.strings = {tags, 2}}},
		{"realm", IMS_FACT_STRING, {.string = {"r\"1", 3}}},
		{"at", IMS_FACT_FRAME, {.frame = {0, 12}}},
		{"ratio", IMS_FACT_NUMBER, {.number = 1.0 / 0.0}},
		{"again", IMS_FACT_BOOLEAN, {.boolean = false}},
	};

	f.facts = facts;
	f.n_facts = 5;
	f.signature = &kamailio;
	format->finding(report, &f);
}

static void a_finding_has_all_keys_of_its_rule(void **state)
{
	char *text = render("ndjson", feed_finding, &no_limits, &nothing);
	char *end = strchr(text, '\n');

	(void)state;
	assert_non_null(end);
	*end = '\0';
	assert_string_equal(
		text,
		"{\"type\":\"finding\",\"id\":5,\"rule\":\"cx_user_unknown\","
		"\"severity\":\"error\",\"confidence\":\"certain\","
		"\"registration\":3,\"call_id\":null,"
		"\"impi\":\"alice@ims.example\","
		"\"impu\":\"sip:alice@ims.example\","
		"\"time\":\"2024-05-01T10:00:00.000000007Z\","
		"\"frames\":[{\"capture\":0,\"frame\":7},"
		"{\"capture\":0,\"frame\":12}],"
		"\"summary\":\"The HSS does not know alice.\","
		"\"advice\":\"Provision the identity.\","
		"\"specs\":[\"TS 29.228 6.1.1.1\",\"TS 29.229 6.2\"],"
		"\"facts\":{\"realm\":\"r\\\"1\",\"code\":null,"
		"\"tags\":[\"path\",\"\"],"
		"\"at\":{\"capture\":0,\"frame\":12},\"ratio\":null,"
		"\"again\":false},"
		"\"signature\":{\"name\":\"kamailio-unknown\","
		"\"product\":\"Kamailio\",\"component\":\"ims_icscf\","
		"\"versions\":null,\"says\":\"It says so.\","
		"\"advice\":null,\"source\":\"its source\"}}");
	free(text);
}

static void feed_all(const struct ims_report_format *format,
		     struct ims_report *report)
{
	struct ims_registration first = registered(1, "sip:bob@ims.example");
	struct ims_registration second = rejected(2, "sip:alice@ims.example");
	struct ims_finding early = cause_of(2, &second);
	struct ims_finding late = cause_of(1, &second);
	const struct ims_slice names[] = {ims_slice_of("hss.ims.example")};
	const struct ims_node node = {
		.address = endpoint("10.0.0.9", 0).address,
		.roles = 1u << IMS_ROLE_HSS | 1u << IMS_ROLE_SLF,
		.names = names,
		.n_names = 1,
		.confidence = IMS_CONFIDENCE_LIKELY,
	};

	late.time_ns = early.time_ns + 1;
	format->registration(report, &second);
	format->finding(report, &late);
	format->finding(report, &early);
	format->registration(report, &first);
	if (format->node)
		format->node(report, &node);
	add_capture(format, report, "a.pcapng");
}

static json_t *load(const char *text)
{
	json_error_t error;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
				  &error);

	if (!root)
		fail_msg("%s at %d: %s", error.text, error.position, text);
	return root;
}

static json_int_t id_at(json_t *root, const char *list, size_t index)
{
	json_t *item = json_array_get(json_object_get(root, list), index);

	return json_integer_value(json_object_get(item, "id"));
}

static const struct ims_rule_count rule_counts[] = {
	{&unknown_user, 2, 2, 1},
	{&path_missing, 3, 0, 0},
};

static const struct ims_command_count command_counts[] = {
	{"UAR", 4, 1, 2, {2250000, -1, 3000000}},
};

static const struct ims_summary some = {
	.registrations =
		{[IMS_OUTCOME_REGISTERED] = 1, [IMS_OUTCOME_REJECTED] = 1},
	.rules = rule_counts,
	.n_rules = 2,
	.commands = command_counts,
	.n_commands = 1,
	.sip_messages = 8,
	.diameter_messages = 4,
	.has_errors = true,
};

static void the_object_is_in_order(void **state)
{
	static const char *const keys_in_order[] = {
		"imsleuth",	 "schema",    "captures", "nodes",
		"registrations", "exchanges", "findings", "summary",
	};
	char *text = render("json", feed_all, &no_limits, &some);
	json_t *root = load(text);
	const char *key;
	json_t *value;
	size_t n = 0;

	(void)state;
	json_object_foreach(root, key, value)
	{
		assert_true(n < 8);
		assert_string_equal(key, keys_in_order[n]);
		n++;
	}
	assert_int_equal(n, 8);
	assert_int_equal(id_at(root, "registrations", 0), 1);
	assert_int_equal(id_at(root, "registrations", 1), 2);
	/* By time of the first evidence, then by id. */
	assert_int_equal(id_at(root, "findings", 0), 2);
	assert_int_equal(id_at(root, "findings", 1), 1);
	json_decref(root);
	free(text);
}

static void captures_nodes_and_summary_are_whole(void **state)
{
	char *text = render("json", feed_all, &no_limits, &some);

	(void)state;
	assert_non_null(strstr(
		text,
		"\"captures\": [\n {\"capture\":0,\"file\":\"a.pcapng\","
		"\"format\":\"pcapng\",\"link_types\":[\"EN10MB\",\"RAW\"],"
		"\"packets\":20,\"bytes\":4000,"
		"\"first\":\"2024-05-01T10:00:00.000000000Z\","
		"\"last\":\"2024-05-01T10:00:01.000000000Z\","
		"\"truncated\":false,\"sip_messages\":8,"
		"\"diameter_messages\":4,\"tls_packets\":0,\"esp_packets\":0,"
		"\"undecoded_packets\":0,"));
	assert_non_null(strstr(text, "\"nodes\": [\n {\"address\":\"10.0.0.9\","
				     "\"roles\":[\"HSS\",\"SLF\"],"
				     "\"names\":[\"hss.ims.example\"],"
				     "\"confidence\":\"likely\"}]"));
	assert_non_null(strstr(
		text, "\"summary\": {\"registrations\":{\"registered\":1,"
		      "\"deregistered\":0,\"rejected\":1,\"challenged\":0,"
		      "\"unanswered\":0,\"incomplete\":0},"
		      "\"causes\":{\"cx_user_unknown\":1},"
		      "\"findings\":{\"cx_user_unknown\":2,"
		      "\"path_missing\":3},"
		      "\"exchanges\":{\"UAR\":{\"count\":4,\"errors\":1,"
		      "\"unanswered\":2,\"latency_ms\":{\"p50\":2.25,"
		      "\"p95\":null,\"max\":3.0}}},"));
	free(text);
}

static void filters_choose_what_is_listed_only(void **state)
{
	struct ims_report_options o = no_limits;
	json_t *root, *outcomes;
	char *text;

	(void)state;
	o.subscriber = "bob";
	o.severity = IMS_SEVERITY_ERROR;
	/* Both have alice's IMPI: the IMPU alone is not enough. */
	o.subscriber = "sip:bob@*";
	text = render("json", feed_all, &o, &some);
	root = load(text);
	assert_int_equal(json_array_size(json_object_get(root, "findings")), 0);
	assert_int_equal(id_at(root, "registrations", 0), 1);
	assert_int_equal(
		json_array_size(json_object_get(root, "registrations")), 1);
	outcomes = json_object_get(json_object_get(root, "summary"),
				   "registrations");
	assert_int_equal(
		json_integer_value(json_object_get(outcomes, "rejected")), 1);
	json_decref(root);
	free(text);
}

static void ndjson_ends_with_the_summary(void **state)
{
	static const char *const types[] = {
		"registration", "finding", "finding", "registration",
		"node",		"capture", "summary"};
	char *text = render("ndjson", feed_all, &no_limits, &some);
	char *rest = text;
	size_t n = 0;

	(void)state;
	for (char *line; (line = strsep(&rest, "\n")) && *line; n++) {
		json_t *object = load(line);

		assert_true(n < 7);
		assert_string_equal(
			json_string_value(json_object_get(object, "type")),
			types[n]);
		json_decref(object);
	}
	assert_int_equal(n, 7);
	free(text);
}

/* More than a piece of the writer, and one that is more on its own. */
static void feed_many(const struct ims_report_format *format,
		      struct ims_report *report)
{
	char *name = g_strnfill(2 * IMS_WRITER_PIECE, 'x');

	for (unsigned i = 1; i <= 2000; i++) {
		struct ims_registration r = registered(i, "sip:a@b");

		if (i == 1000)
			r.scscf = ims_slice_of(name);
		format->registration(report, &r);
	}
	g_free(name);
}

static void lines_are_whole_however_many(void **state)
{
	char *text = render("ndjson", feed_many, &no_limits, &nothing);
	char **lines = g_strsplit(text, "\n", -1);

	(void)state;
	assert_int_equal(g_strv_length(lines), 2002);
	assert_string_equal(lines[2001], "");
	for (unsigned i = 0; i < 2001; i++) {
		json_t *o = json_loads(lines[i], 0, NULL);

		assert_non_null(o);
		if (i < 2000)
			assert_int_equal(
				json_integer_value(json_object_get(o, "id")),
				i + 1);
		json_decref(o);
	}
	g_strfreev(lines);
	free(text);
}

static void a_full_disk_is_told(void **state)
{
	static const char *const names[] = {"json", "ndjson", "text"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const struct ims_report_format *format =
			ims_report_format(names[i]);
		struct ims_report_options o = no_limits;
		struct ims_report *report;

		assert_non_null(format);
		o.out = fopen("/dev/full", "w");
		assert_non_null(o.out);
		report = format->new (&o);
		feed_all(format, report);
		assert_false(format->finish(report, &some));
		assert_int_equal(errno, ENOSPC);
		format->free(report);
		fclose(o.out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registration_is_a_line),
		cmocka_unit_test(exchanges_are_lines),
		cmocka_unit_test(a_finding_has_all_keys_of_its_rule),
		cmocka_unit_test(the_object_is_in_order),
		cmocka_unit_test(captures_nodes_and_summary_are_whole),
		cmocka_unit_test(filters_choose_what_is_listed_only),
		cmocka_unit_test(ndjson_ends_with_the_summary),
		cmocka_unit_test(lines_are_whole_however_many),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
