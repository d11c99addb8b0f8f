// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands in the tables, and how a terminal gets them. */
#include "unit.h"

#include <string.h>

#include "print.h"
#include "rows.h"

#define MS INT64_C(1000000)
#define T0 (INT64_C(1700000000) * 1000 * MS)

static struct ims_slice text(const char *s)
{
	return ims_slice_of(s);
}

static struct ims_frame frame(uint64_t number)
{
	return (struct ims_frame){.number = number};
}

/*
 * Two registrations: the first in frames 7, 3 and 7 again, the second, a
 * hostile one, in 7; frame 9 is a copy of 7. Findings in 3 and in no frame.
 */
static void tell(const struct ims_sink *sink)
{
	const struct ims_step steps[] = {
		{.frame = frame(7), .message = text("REGISTER")},
		{.frame = frame(3), .message = text("UAR")},
		{.frame = frame(7), .message = text("403")},
	};
	const struct ims_evidence evidence = {.frame = frame(3)};
	const struct ims_rule *rule = ims_rules_at(0);
	struct ims_registration r = {
		.id = 1,
		.outcome = IMS_OUTCOME_REJECTED,
		.cause = rule,
		.status = 403,
		.impi = text("alice@ims"),
		.impu = text("sip:\xe5\x8d\x8e@ims"),
		.ue = {.address = {.family = 4, .bytes = {10, 0, 0, 1}},
		       .port = 5060},
		.start_ns = T0 - 1,
		.end_ns = T0 + 2 * MS - 1,
		.steps = steps,
		.n_steps = 3,
	};
	struct ims_finding f = {
		.id = 1,
		.rule = rule,
		.severity = IMS_SEVERITY_ERROR,
		.registration = 1,
		.impu = text("sip:alice@ims"),
		.evidence = &evidence,
		.n_evidence = 1,
		.summary = text("it is so"),
	};

	sink->registration(sink->user, &r);
	r.id = 2;
	r.outcome = IMS_OUTCOME_INCOMPLETE;
	r.cause = NULL;
	r.status = 0;
	r.impi = text("a\033[2J\nb");
	r.impu = (struct ims_slice){0};
	r.n_steps = 1;
	sink->registration(sink->user, &r);
	sink->copy(sink->user, frame(9), frame(7));
	sink->finding(sink->user, &f);
	f.id = 2;
	f.registration = 0;
	f.severity = IMS_SEVERITY_NOTE;
	f.n_evidence = 0;
	sink->finding(sink->user, &f);
}

static void tell_cx(const struct ims_sink *sink)
{
	static const struct {
		const char *command;
		struct ims_result result;
		uint64_t answer;
	} exchanges[] = {
		{"UAR", {IMS_RESULT_EXPERIMENTAL, 10415, 5001, "UNKNOWN"}, 2},
		{"MAR", {IMS_RESULT_CODE, 0, 2001, "SUCCESS"}, 4},
		{"UAR", {IMS_RESULT_CODE, 0, 5001, "AVP_UNSUPPORTED"}, 6},
		{"UAR", {IMS_RESULT_EXPERIMENTAL, 10415, 5001, "UNKNOWN"}, 8},
		{"UAR", {IMS_RESULT_EXPERIMENTAL, 9999, 5001, NULL}, 10},
		{"UAR", {IMS_RESULT_NONE, 0, 0, NULL}, 12},
		{"UAR", {IMS_RESULT_NONE, 0, 0, NULL}, 0},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(exchanges); i++) {
		const struct ims_exchange e = {
			.id = i + 1,
			.command = exchanges[i].command,
			.result = exchanges[i].result,
			.answer = frame(exchanges[i].answer),
		};

		sink->exchange(sink->user, &e);
	}
}

static struct ims_kept *new_kept(void)
{
	static const struct ims_command_count commands[] = {
		{"MAR", 1, 0, 0, {MS, 2 * MS, 3 * MS + 1}},
		{"UAR", 6, 5, 1, {-1, -1, -1}},
	};
	const struct ims_summary summary = {
		.commands = commands,
		.n_commands = G_N_ELEMENTS(commands),
	};
	struct ims_kept *kept = ims_kept_new();
	const struct ims_sink sink = ims_kept_sink(kept);

	tell(&sink);
	tell_cx(&sink);
	ims_kept_finish(kept, &summary);
	return kept;
}

static void assert_indices(GArray *found, size_t n, size_t first, size_t second)
{
	assert_int_equal(found->len, n);
	if (n > 0)
		assert_int_equal(g_array_index(found, size_t, 0), first);
	if (n > 1)
		assert_int_equal(g_array_index(found, size_t, 1), second);
	g_array_free(found, TRUE);
}

static void a_frame_is_of_registrations(void **state)
{
	struct ims_kept *kept = new_kept();

	(void)state;
	assert_indices(ims_kept_registrations_at(kept, 7), 2, 0, 1);
	assert_indices(ims_kept_registrations_at(kept, 3), 1, 0, 0);
	/* A copy is a packet of what it is a copy of. */
	assert_indices(ims_kept_registrations_at(kept, 9), 2, 0, 1);
	assert_indices(ims_kept_registrations_at(kept, 8), 0, 0, 0);
	ims_kept_free(kept);
}

static void rows_are_found_by_frame(void **state)
{
	struct ims_kept *kept = new_kept();
	struct ims_rows *rows = ims_rows_new(IMS_TABLE_FINDINGS, kept);

	(void)state;
	assert_indices(ims_rows_at(rows, 3), 1, 0, 0);
	assert_indices(ims_rows_at(rows, 7), 0, 0, 0);
	assert_indices(ims_rows_at(rows, 0), 1, 1, 0);
	ims_rows_free(rows);
	rows = ims_rows_new(IMS_TABLE_REGISTRATIONS, kept);
	assert_indices(ims_rows_at(rows, 9), 2, 0, 1);
	assert_indices(ims_rows_at(rows, 0), 0, 0, 0);
	ims_rows_free(rows);
	rows = ims_rows_new(IMS_TABLE_CX, kept);
	assert_indices(ims_rows_at(rows, 2), 0, 0, 0);
	assert_indices(ims_rows_at(rows, 0), 8, 0, 1);
	ims_rows_free(rows);
	ims_kept_free(kept);
}

/* Cells of one row, with | between; nothing where nothing is known. */
static void assert_row(enum ims_table table, size_t row, const char *expected)
{
	struct ims_kept *kept = new_kept();
	struct ims_rows *rows = ims_rows_new(table, kept);
	GString *got = g_string_new(NULL);

	assert_true(row < ims_rows_count(rows));
	for (size_t i = 0; i < ims_rows_shape(rows)->n_columns; i++) {
		char *cell = ims_rows_cell(rows, row, i);

		g_string_append_printf(got, "%s%s", i ? "|" : "",
				       cell ? cell : "");
		g_free(cell);
	}
	assert_string_equal(got->str, expected);
	g_string_free(got, TRUE);
	ims_rows_free(rows);
	ims_kept_free(kept);
}

static void registrations_have_cells(void **state)
{
	char *first = g_strdup_printf(
		"1|2023-11-14 22:13:19.999|initial|rejected|%s|403|2.000|7|"
		"10.0.0.1:5060|alice@ims|sip:\xe5\x8d\x8e@ims|",
		ims_rules_at(0)->slug);

	(void)state;
	assert_row(IMS_TABLE_REGISTRATIONS, 0, first);
	assert_row(IMS_TABLE_REGISTRATIONS, 1,
		   "2|2023-11-14 22:13:19.999|initial|incomplete|||2.000|7|"
		   "10.0.0.1:5060|a\uFFFD[2J\uFFFDb||");
	g_free(first);
}

static void findings_have_cells(void **state)
{
	char *first =
		g_strdup_printf("1|error|%s|certain|1|3|sip:alice@ims|it is so",
				ims_rules_at(0)->slug);
	char *second =
		g_strdup_printf("2|note|%s|certain|||sip:alice@ims|it is so",
				ims_rules_at(0)->slug);

	(void)state;
	assert_row(IMS_TABLE_FINDINGS, 0, first);
	assert_row(IMS_TABLE_FINDINGS, 1, second);
	g_free(first);
	g_free(second);
}

static void commands_stand_before_their_results(void **state)
{
	static const char *const expected[] = {
		"MAR|all|1|0|0|1.000|2.000|3.000",
		"MAR|2001 SUCCESS|1|||||",
		"UAR|all|6|5|1|||",
		"UAR|no result|1|||||",
		"UAR|5001 AVP_UNSUPPORTED|1|||||",
		"UAR|5001 (Experimental-Result 9999)|1|||||",
		"UAR|5001 UNKNOWN|2|||||",
		"UAR|no answer|1|||||",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
		assert_row(IMS_TABLE_CX, i, expected[i]);
}

static void assert_printed(enum ims_table table, const GArray *chosen,
			   const char *expected)
{
	struct ims_kept *kept = new_kept();
	struct ims_rows *rows = ims_rows_new(table, kept);
	char *got = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);

	assert_non_null(out);
	ims_rows_print(out, rows, chosen);
	fclose(out);
	assert_string_equal(got, expected);
	free(got);
	ims_rows_free(rows);
	ims_kept_free(kept);
}

static void columns_are_aligned(void **state)
{
	(void)state;
	assert_printed(IMS_TABLE_CX, NULL,
		       "Command  Result                           Count  Errors"
		       "  Unanswered  p50 (ms)  p95 (ms)  Max (ms)\n"
		       "MAR      all                                  1       0"
		       "           0     1.000     2.000     3.000\n"
		       "MAR      2001 SUCCESS                         1       -"
		       "           -         -         -         -\n"
		       "UAR      all                                  6       5"
		       "           1         -         -         -\n"
		       "UAR      no result                            1       -"
		       "           -         -         -         -\n"
		       "UAR      5001 AVP_UNSUPPORTED                 1       -"
		       "           -         -         -         -\n"
		       "UAR      5001 (Experimental-Result 9999)      1       -"
		       "           -         -         -         -\n"
		       "UAR      5001 UNKNOWN                         2       -"
		       "           -         -         -         -\n"
		       "UAR      no answer                            1       -"
		       "           -         -         -         -\n");
}

static void wide_characters_take_two_places(void **state)
{
	struct ims_kept *kept = new_kept();
	struct ims_rows *rows = ims_rows_new(IMS_TABLE_REGISTRATIONS, kept);
	char *got = NULL, *line, *rest;
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);

	(void)state;
	assert_non_null(out);
	ims_rows_print(out, rows, NULL);
	fclose(out);
	/* The IMPU of 10 places is the widest: its S-CSCF comes behind two. */
	assert_non_null(strstr(got, "sip:\xe5\x8d\x8e@ims  -\n"));
	line = strstr(got, "IMPU");
	assert_non_null(line);
	assert_memory_equal(line, "IMPU        S-CSCF\n", 19);
	rest = strstr(got, "Total 2: 1 incomplete, 1 rejected\n");
	assert_non_null(rest);
	free(got);
	ims_rows_free(rows);
	ims_kept_free(kept);
}

static void only_what_was_chosen_is_printed(void **state)
{
	GArray *chosen = g_array_new(FALSE, FALSE, sizeof(size_t));
	const size_t second = 1;

	(void)state;
	assert_printed(IMS_TABLE_FINDINGS, chosen,
		       "Finding  Severity  Rule  Confidence  Registration  "
		       "First frame  IMPI or IMPU  Summary\n"
		       "Total 0\n");
	g_array_append_val(chosen, second);
	assert_printed(IMS_TABLE_CX, chosen,
		       "Command  Result        Count  Errors  Unanswered  "
		       "p50 (ms)  p95 (ms)  Max (ms)\n"
		       "MAR      2001 SUCCESS      1       -           -  "
		       "       -         -         -\n");
	g_array_free(chosen, TRUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_is_of_registrations),
		cmocka_unit_test(rows_are_found_by_frame),
		cmocka_unit_test(registrations_have_cells),
		cmocka_unit_test(findings_have_cells),
		cmocka_unit_test(commands_stand_before_their_results),
		cmocka_unit_test(columns_are_aligned),
		cmocka_unit_test(wide_characters_take_two_places),
		cmocka_unit_test(only_what_was_chosen_is_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
