// SPDX-License-Identifier: GPL-2.0-or-later
/* What a node changed, as the text report has it. */
#include "unit.h"

#include <glib.h>

#include "sample.h"
#include "text_changes.h"

#define TEXT(s)                  \
	{                        \
		s, sizeof(s) - 1 \
	}
#define WHOLE(kind, header)                                                \
	{                                                                  \
		IMS_CHANGE_##kind, TEXT(header), {0}, TEXT("x"), TEXT("y") \
	}
#define TAG(kind, header, tag)                                         \
	{                                                              \
		IMS_CHANGE_##kind, TEXT(header), TEXT(tag), TEXT(tag), \
		{                                                      \
			0                                              \
		}                                                      \
	}

static void check(const struct ims_change *at, size_t n, bool cut,
		  const char *expected)
{
	const struct ims_changes changes = {at, n, cut};
	char *text = ims_text_changes(&changes);

	if (expected)
		assert_string_equal(text, expected);
	else
		assert_null(text);
	g_free(text);
}

static const struct ims_change mixed[] = {
	{IMS_CHANGE_ADDED,
	 TEXT("Authorization"),
	 TEXT("integrity-protected"),
	 {0},
	 TEXT("no")},
	{IMS_CHANGE_ADDED, TEXT("Contact"), TEXT("alias"), {0}, TEXT("1")},
	{IMS_CHANGE_CHANGED, TEXT("Contact"), TEXT("expires"), TEXT("600"),
	 TEXT("60")},
	{IMS_CHANGE_CHANGED, TEXT("Expires"), {0}, TEXT("600"), TEXT("60")},
	WHOLE(ADDED, "Path"),
	TAG(REMOVED, "Require", "sec-agree"),
	TAG(REMOVED, "Require", "gruu"),
	WHOLE(REMOVED, "Route"),
	{IMS_CHANGE_REMOVED, TEXT("WWW-Authenticate"), TEXT("ck"), {0}, {0}},
	WHOLE(CHANGED, "X-Odd"),
};

static void what_matters_is_told(void **state)
{
	static const struct ims_change dull[] = {
		WHOLE(ADDED, "Record-Route"),
		WHOLE(CHANGED, "Via"),
	};

	(void)state;
	assert_null(ims_text_changes(NULL));
	check(NULL, 0, false, NULL);
	check(dull, G_N_ELEMENTS(dull), true, NULL);
	check(mixed, G_N_ELEMENTS(mixed), false,
	      "+ Authorization: integrity-protected=no; Path\n"
	      "- Require: sec-agree, gruu; WWW-Authenticate: ck\n"
	      "~ Contact: expires 600 -> 60; Expires 600 -> 60");
}

static void lists_stand_once(void **state)
{
	static const struct ims_change values[] = {
		WHOLE(ADDED, "Service-Route"),
		WHOLE(ADDED, "Service-Route"),
		TAG(ADDED, "Service-Route", "lr"),
	};

	(void)state;
	check(values, G_N_ELEMENTS(values), false,
	      "+ Service-Route; Service-Route: lr");
	check(values, 1, true, "+ Service-Route; ...");
}

static void many_are_cut(void **state)
{
	struct ims_change tags[IMS_CHANGES_MAX];
	GString *expected = g_string_new("+ Require: ");

	(void)state;
	for (size_t i = 0; i < IMS_CHANGES_MAX; i++)
		tags[i] = (struct ims_change)TAG(ADDED, "Require", "a");
	for (unsigned i = 0; i < IMS_TEXT_MAX_CHANGES; i++)
		g_string_append(expected, i ? ", a" : "a");
	check(tags, IMS_TEXT_MAX_CHANGES, false, expected->str);
	g_string_append(expected, "; ...");
	check(tags, IMS_CHANGES_MAX, false, expected->str);
	g_string_free(expected, TRUE);
}

static const struct ims_changes few = {mixed + 4, 1, false};
static const struct ims_changes many = {mixed, G_N_ELEMENTS(mixed), false};
static const struct ims_change bad_at[] = {TAG(ADDED, "Require", HOSTILE)};
static const struct ims_changes bad = {bad_at, 1, false};

static void feed(const struct ims_report_format *format,
		 struct ims_report *report)
{
	struct ims_registration r = rejected(1, "sip:alice@ims.example");
	struct ims_finding f = cause_of(2, &r);
	struct ims_evidence evidence[] = {
		{
			.frame = {0, 7},
			.saying = ims_slice_of("P-CSCF 10.0.0.1: REGISTER"),
			.changes = &few,
			.by = {IMS_ROLE_P_CSCF, endpoint("10.0.0.1", 5060)},
		},
		{
			.frame = {0, 9},
			.saying = ims_slice_of("REGISTER to the I-CSCF"),
			.changes = &many,
			.by = {IMS_ROLE_P_CSCF, endpoint("10.0.0.1", 5060)},
		},
		{
			.frame = {0, 11},
			.saying = ims_slice_of("odd"),
			.changes = &bad,
		},
	};

	f.evidence = evidence;
	f.n_evidence = 3;
	format->registration(report, &r);
	format->finding(report, &f);
	add_capture(format, report, "a.pcapng");
}

static void the_hop_is_shown(void **state)
{
	static const struct ims_summary nothing = {0};
	char *text = render("text", feed, &no_limits, &nothing);

	(void)state;
	assert_non_null(strstr(
		text, "     7  P-CSCF 10.0.0.1  REGISTER\n"
		      "                         + Path\n"
		      "     9  REGISTER to the I-CSCF\n"
		      "        + Authorization: integrity-protected=no; Path\n"
		      "        - Require: sec-agree, gruu; WWW-Authenticate: "
		      "ck\n"
		      "        ~ Contact: expires 600 -> 60; Expires 600 -> "
		      "60  (by P-CSCF 10.0.0.1)\n"
		      "    11  odd\n"
		      "        + Require: a\\x1b[2Jb\\u{202e}"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_matters_is_told),
		cmocka_unit_test(lists_stand_once),
		cmocka_unit_test(many_are_cut),
		cmocka_unit_test(the_hop_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
