// SPDX-License-Identifier: GPL-2.0-or-later
/* Comments, kept and given back; and what they say. */
#include "unit.h"

#include <glib.h>
#include <string.h>

#include "note_text.h"
#include "notes.h"

static const struct ims_frame third = {.capture = 1, .number = 3};
static const struct ims_frame fourth = {.capture = 1, .number = 4};

static bool shows_all(void *user, uint64_t registration)
{
	(void)user;
	(void)registration;
	return true;
}

static bool shows_one(void *user, uint64_t registration)
{
	return registration == *(const uint64_t *)user;
}

static void each_packet_has_its_own(void **state)
{
	struct ims_notes *notes = ims_notes_new(NULL);
	const char *const *texts;
	size_t n;

	(void)state;
	ims_notes_add(notes, fourth, 0, "of the fourth");
	ims_notes_add(notes, third, 0, "first");
	ims_notes_add(notes, third, 0, "");
	ims_notes_add(notes, third, 0, "third");
	assert_true(ims_notes_settle(notes, shows_all, NULL));
	assert_true(ims_notes_of(notes, &texts, &n, third));
	assert_int_equal(n, 3);
	assert_string_equal(texts[0], "first");
	assert_string_equal(texts[1], "");
	assert_string_equal(texts[2], "third");
	assert_true(ims_notes_of(notes, &texts, &n, fourth));
	assert_int_equal(n, 1);
	assert_string_equal(texts[0], "of the fourth");
	assert_true(ims_notes_of(notes, &texts, &n, (struct ims_frame){1, 5}));
	assert_int_equal(n, 0);
	ims_notes_free(notes);
}

static void those_of_what_is_not_shown_go(void **state)
{
	struct ims_notes *notes = ims_notes_new(NULL);
	uint64_t shown = 7;
	const char *const *texts;
	size_t n;

	(void)state;
	ims_notes_add(notes, third, 6, "of 6");
	ims_notes_add(notes, third, 7, "of 7");
	assert_true(ims_notes_settle(notes, shows_one, &shown));
	assert_true(ims_notes_of(notes, &texts, &n, third));
	assert_int_equal(n, 1);
	assert_string_equal(texts[0], "of 7");
	ims_notes_free(notes);
}

static void they_have_an_end(void **state)
{
	struct ims_notes *notes = ims_notes_new(NULL);
	char *text = g_malloc(2 * IMS_NOTES_MAX_TEXT + 2);
	const char *const *texts;
	size_t n;

	(void)state;
	/* One byte, then characters of two: the limit is within one. */
	text[0] = 'x';
	for (size_t i = 0; i < IMS_NOTES_MAX_TEXT; i++)
		memcpy(text + 1 + 2 * i, "\xc3\xa4", 2);
	text[2 * IMS_NOTES_MAX_TEXT + 1] = '\0';
	ims_notes_add(notes, third, 0, text);
	for (size_t i = 0; i < IMS_NOTES_MAX_OF_PACKET; i++)
		ims_notes_add(notes, fourth, 0, "one of many");
	ims_notes_add(notes, fourth, 0, "one too many");
	assert_true(ims_notes_settle(notes, shows_all, NULL));
	assert_true(ims_notes_of(notes, &texts, &n, third));
	assert_int_equal(strlen(texts[0]), IMS_NOTES_MAX_TEXT - 1);
	assert_true(g_utf8_validate(texts[0], -1, NULL));
	assert_true(ims_notes_of(notes, &texts, &n, fourth));
	assert_int_equal(n, IMS_NOTES_MAX_OF_PACKET);
	assert_string_equal(texts[n - 1],
			    "imsleuth: 2 more findings about this packet");
	assert_int_equal(ims_notes_left_out(notes), 0);
	ims_notes_free(notes);
	g_free(text);
}

static const char *const specs[] = {"TS 29.229 6.2.2.1", "RFC 6733 7.1", NULL};
static const struct ims_rule rule = {
	.slug = "cx_user_unknown",
	.title = "The HSS does not know the user",
	.specs = specs,
};
static const char *const names[] = {"a.pcap", "b.pcap"};

static void it_says_what_where_and_what_to_do(void **state)
{
	const struct ims_evidence evidence[] = {
		{.frame = {0, 10}, .saying = ims_slice_of("HSS: UAA")},
		{.frame = {0, 11}},
		{.frame = {1, 3}},
	};
	const struct ims_finding finding = {
		.rule = &rule,
		.severity = IMS_SEVERITY_ERROR,
		.registration = 7,
		.is_cause = true,
		.impu = ims_slice_of("sip:zoe@ims.example"),
		.summary = ims_slice_of("It knows no\nsuch \x1b[31muser."),
		.advice = ims_slice_of("Look it up."),
		.evidence = evidence,
		.n_evidence = G_N_ELEMENTS(evidence),
	};
	char *text = ims_note_text(&finding, 0, names);

	(void)state;
	assert_string_equal(
		text,
		"imsleuth: error cx_user_unknown: The HSS does not know the "
		"user\n"
		"It knows no\\x0asuch \\x1b[31muser.\n"
		"Here: HSS: UAA\n"
		"Do: Look it up.\n"
		"See: TS 29.229 6.2.2.1; RFC 6733 7.1\n"
		"Registration 7 of sip:zoe@ims.example: this is why it failed. "
		"Proved by frames 10, 11 of a.pcap, 3 of b.pcap.");
	g_free(text);
	text = ims_note_text(&finding, 1, names);
	assert_null(strstr(text, "Here:"));
	g_free(text);
}

static void it_says_no_more_than_there_is(void **state)
{
	struct ims_evidence evidence[IMS_NOTE_MAX_FRAMES + 2] = {0};
	struct ims_finding finding = {
		.rule = &rule,
		.severity = IMS_SEVERITY_WARNING,
		.confidence = IMS_CONFIDENCE_LIKELY,
		.headline = ims_slice_of("It is slow"),
		.evidence = evidence,
		.n_evidence = 1,
	};
	char *text;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(evidence); i++)
		evidence[i].frame.number = i + 1;
	text = ims_note_text(&finding, 0, names);
	assert_string_equal(text,
			    "imsleuth: likely warning cx_user_unknown: It is "
			    "slow\n"
			    "See: TS 29.229 6.2.2.1; RFC 6733 7.1\n"
			    "No registration. Proved by frame 1 of a.pcap.");
	g_free(text);
	finding.n_evidence = G_N_ELEMENTS(evidence);
	text = ims_note_text(&finding, 0, names);
	assert_non_null(strstr(text, ", 24 of a.pcap and 2 more."));
	g_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_packet_has_its_own),
		cmocka_unit_test(those_of_what_is_not_shown_go),
		cmocka_unit_test(they_have_an_end),
		cmocka_unit_test(it_says_what_where_and_what_to_do),
		cmocka_unit_test(it_says_no_more_than_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
