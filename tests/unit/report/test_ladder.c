// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <glib.h>

#include "escape.h"
#include "ladder.h"
#include "steps.h"
#include "text_ladder.h"

/* To be freed. */
static char *draw(const struct story *story, unsigned width, bool unicode,
		  const char *proven)
{
	struct ims_ladder *ladder =
		ims_ladder_new(story->steps, story->n, START);
	struct ims_page page = {
		.out = g_string_new(NULL),
		.ladder_width = width,
		.unicode = unicode,
		.files = g_ptr_array_new(),
	};

	ims_text_put_ladder(&page, ladder, proven);
	ims_ladder_free(ladder);
	g_ptr_array_free(page.files, TRUE);
	return g_string_free(page.out, FALSE);
}

static void is_drawn(const struct story *story, unsigned width, bool unicode,
		     const char *expected)
{
	char *text = draw(story, width, unicode, "cx_user_unknown");

	assert_string_equal(text, expected);
	g_free(text);
}

/* Every line within the width; the columns of the widest. */
static size_t widest(const char *text)
{
	size_t most = 0, len;

	for (; *text; text += len + 1) {
		len = strcspn(text, "\n");
		most = MAX(most, ims_columns(text, len));
	}
	return most;
}

static size_t count_of(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)); text++)
		n++;
	return n;
}

static void a_registration_is_drawn(void **state)
{
	struct story story = {0};

	(void)state;
	tell_refusal(&story);
	is_drawn(&story, 80, true,
		 "\n"
		 "  ! proves cx_user_unknown; UE 10.0.0.1, P-CSCF 10.0.0.2 "
		 "and 10.1.0.2, I-CSCF\n"
		 "    10.1.0.3, HSS 10.1.0.5; 0 ms is "
		 "2024-05-01T10:00:00.000000000Z\n"
		 "frame     ms  UE                 P-CSCF               I-CSCF "
		 "               HSS\n"
		 "    1    0.0  │──REGISTER CSeq 1──►│                    │    "
		 "                │\n"
		 "    2    1.0  │◄─────100 Trying────│                    │    "
		 "                │\n"
		 "    3    2.0  │                    │──REGISTER CSeq 1──►│    "
		 "                │\n"
		 "              │                    │ x2, the last at 502.0 "
		 "ms, frame 5       │\n"
		 "              │                    │ + Path             │    "
		 "                │\n"
		 "              │                    │ - Security-Client  │    "
		 "                │\n"
		 "!   4    3.0  │                    │                    "
		 "│────────UAR────────►│\n"
		 "!   6  601.0  │                    │                    "
		 "│◄────────UAA────────│\n"
		 "              │                    │            5001 "
		 "DIAMETER_ERROR_USER_UNKNOWN\n"
		 "    7  602.0  │                    │◄───403 Forbidden───│    "
		 "                │\n"
		 "!   8  603.0  │◄───403 Forbidden───│                    │    "
		 "                │\n"
		 "\n");
}

/* And where the locale has no more than that, ASCII. */
static void a_narrow_one_is_drawn(void **state)
{
	struct story story = {0};

	(void)state;
	tell_refusal(&story);
	is_drawn(&story, 40, false,
		 "\n"
		 "  ! proves cx_user_unknown; UE 10.0.0.1,\n"
		 "    P-CSCF 10.0.0.2 and 10.1.0.2, I-CSCF\n"
		 "    10.1.0.3, HSS 10.1.0.5; 0 ms is\n"
		 "    2024-05-01T10:00:00.000000000Z\n"
		 "frame     ms  UE    P-CSCF  I-CSCF   HSS\n"
		 "    1    0.0  |------>|       |       |\n"
		 "              | REGISTER CSeq 1       |\n"
		 "    2    1.0  |<--100-|       |       |\n"
		 "              | Trying        |       |\n"
		 "    3    2.0  |       |------>|       |\n"
		 "              REGISTER, x2, the last at\n"
		 "              502.0 ms, frame 5       |\n"
		 "              |       | + Path        |\n"
		 "              |        - Security-Client\n"
		 "!   4    3.0  |       |       |--UAR->|\n"
		 "!   6  601.0  |       |       |<--UAA-|\n"
		 "    5001 DIAMETER_ERROR_USER_UNKNOWN  |\n"
		 "    7  602.0  |       |<--403-|       |\n"
		 "              |       | Forbidden     |\n"
		 "!   8  603.0  |<--403-|       |       |\n"
		 "              | Forbidden     |       |\n"
		 "\n");
}

/* Names and messages stand in full on 80 columns. */
static void six_roles_have_room(void **state)
{
	struct story story = {0};
	char *text;

	(void)state;
	say(&story, 0, UE, GM, "REGISTER", "CSeq 1");
	say(&story, 1, MW, I, "REGISTER", "CSeq 1");
	say_cx(&story, 2, I, HSS, "UAR", NULL);
	say(&story, 3, I, S, "REGISTER", "CSeq 1");
	say(&story, 31000, S, AS, "REGISTER", "CSeq 1");
	story.steps[4].frame.number = 123456;
	text = draw(&story, 80, true, NULL);
	assert_true(widest(text) <= 80);
	assert_non_null(strstr(text, "UE        P-CSCF      I-CSCF      S-CSCF"
				     "       HSS          AS\n"));
	assert_int_equal(count_of(text, "─REGISTER─►│"), 3);
	/* Past the HSS there is room for more. */
	assert_int_equal(count_of(text, "REGISTER CSeq 1"), 1);
	g_free(text);
}

static void retransmissions_are_folded(void **state)
{
	struct story story = {0};
	struct ims_ladder *ladder;
	const struct ims_ladder_row *row;

	(void)state;
	say(&story, 0, UE, GM, "REGISTER", "CSeq 1");
	say(&story, 500, UE, GM, "REGISTER", "CSeq 1")->failing = true;
	say(&story, 501, GM, UE, "401", "Unauthorized");
	say(&story, 502, GM, UE, "401", "Unauthorized");
	say(&story, 600, UE, GM, "REGISTER", "CSeq 2");
	/* Not that of the first REGISTER once more. */
	say(&story, 601, GM, UE, "401", "Unauthorized");
	say_cx(&story, 700, I, HSS, "UAR", NULL);
	say_cx(&story, 701, I, HSS, "UAR", NULL);
	say_cx(&story, 702, HSS, I, "UAA", "2001");
	/* Asked anew after the answer. */
	say_cx(&story, 703, I, HSS, "UAR", NULL);
	say_cx(&story, 704, HSS, I, "UAA", "2001");
	ladder = ims_ladder_new(story.steps, story.n, START);
	assert_int_equal(ladder->rows->len, 8);
	row = ims_ladder_row(ladder, 0);
	assert_int_equal(row->n_times, 2);
	assert_int_equal(row->last_frame.number, 2);
	assert_true(row->last_ns == START + 500 * MS);
	assert_true(row->failing);
	assert_int_equal(ims_ladder_row(ladder, 1)->n_times, 2);
	assert_int_equal(ims_ladder_row(ladder, 2)->n_times, 1);
	assert_int_equal(ims_ladder_row(ladder, 3)->n_times, 1);
	assert_int_equal(ims_ladder_row(ladder, 4)->n_times, 2);
	assert_int_equal(ims_ladder_row(ladder, 5)->n_times, 1);
	assert_true(ims_ladder_row(ladder, 5)->is_answer);
	assert_true(ims_ladder_end(ladder) == START + 704 * MS);
	ims_ladder_free(ladder);
}

/* Packets of ESP in one direction, and errors however far apart. */
static void what_is_no_message_is_folded(void **state)
{
	struct story story = {0};
	struct ims_ladder *ladder;

	(void)state;
	for (int i = 0; i < 4; i++) {
		say(&story, i, UE, GM, "ESP", i % 2 ? "1" : "2")->protocol =
			IMS_PROTOCOL_ESP;
	}
	say(&story, 5, GM, UE, "ESP", "3")->protocol = IMS_PROTOCOL_ESP;
	for (int i = 0; i < 2; i++) {
		say(&story, 6 + i, MW, I, "REGISTER", i ? "CSeq 2" : "CSeq 1");
		say(&story, 6 + i, I, MW, "ICMP error", "type 3 code 3")
			->protocol = IMS_PROTOCOL_ICMP;
	}
	ladder = ims_ladder_new(story.steps, story.n, START);
	assert_int_equal(ladder->rows->len, 5);
	assert_int_equal(ims_ladder_row(ladder, 0)->n_times, 4);
	assert_int_equal(ims_ladder_row(ladder, 3)->n_times, 2);
	ims_ladder_free(ladder);
}

static void column_is(const struct ims_ladder *ladder, guint i,
		      enum ims_role role, uint32_t number, guint n_addresses)
{
	const struct ims_ladder_column *c = ims_ladder_column(ladder, i);

	assert_int_equal(c->role, role);
	assert_int_equal(c->number, number);
	assert_int_equal(c->addresses->len, n_addresses);
}

static void a_node_is_a_column(void **state)
{
	struct story story = {0};
	struct ims_ladder *ladder;
	const struct ims_party other = party(IMS_ROLE_S_CSCF, "10.1.0.14");
	const struct ims_party other_cx = party(IMS_ROLE_S_CSCF, "10.2.0.14");
	const struct ims_party agent = party(IMS_ROLE_UNKNOWN, "10.1.0.25");
	const struct ims_party router = party(IMS_ROLE_AS, "10.1.0.254");
	const struct ims_party sbc = party(IMS_ROLE_UNKNOWN, "10.0.0.9");

	(void)state;
	say(&story, 0, sbc, GM, "REGISTER", "CSeq 1");
	say(&story, 1, UE, GM, "REGISTER", "CSeq 1");
	say(&story, 2, I, S, "REGISTER", "CSeq 1");
	say(&story, 3, I, other, "REGISTER", "CSeq 1");
	/* The one that was seen last has an address for Cx too. */
	say_cx(&story, 4, other_cx, agent, "MAR", NULL);
	say(&story, 5, S, AS, "REGISTER", "CSeq 1");
	say(&story, 6, router, S, "ICMP error", "type 3 code 1")->protocol =
		IMS_PROTOCOL_ICMP;
	ladder = ims_ladder_new(story.steps, story.n, START);
	assert_int_equal(ladder->columns->len, 9);
	column_is(ladder, 0, IMS_ROLE_UE, 1, 1);
	column_is(ladder, 1, IMS_ROLE_UNKNOWN, 1, 1);
	column_is(ladder, 2, IMS_ROLE_P_CSCF, 1, 1);
	column_is(ladder, 3, IMS_ROLE_I_CSCF, 1, 1);
	column_is(ladder, 4, IMS_ROLE_S_CSCF, 1, 1);
	column_is(ladder, 5, IMS_ROLE_S_CSCF, 2, 2);
	column_is(ladder, 6, IMS_ROLE_UNKNOWN, 3, 1);
	column_is(ladder, 7, IMS_ROLE_UNKNOWN, 2, 1);
	column_is(ladder, 8, IMS_ROLE_AS, 1, 1);
	assert_int_equal(ims_ladder_row(ladder, 6)->from, 6);
	assert_int_equal(ims_ladder_row(ladder, 6)->to, 4);
	ims_ladder_free(ladder);
}

/* Nodes for which there is no room are named beside their messages. */
static void many_nodes_share_a_line(void **state)
{
	struct story story = {0};
	char *text;

	(void)state;
	for (int i = 1; i <= 60; i++) {
		char address[32];

		g_snprintf(address, sizeof(address), "10.9.0.%d", i);
		say(&story, i, S, party(IMS_ROLE_AS, address), "REGISTER",
		    "CSeq 1");
	}
	for (unsigned width = 40; width <= 120; width++) {
		text = draw(&story, width, true, NULL);
		assert_true(widest(text) <= width);
		assert_int_equal(count_of(text, "S-CSCF > AS 2: "), width < 40);
		assert_true(count_of(text, "S-CSCF > AS 31: ") > 1);
		assert_non_null(strstr(text, "others"));
		g_free(text);
	}
}

/* One address with all roles, or a node that asks itself. */
static void a_node_may_ask_itself(void **state)
{
	struct story story = {0};
	char *text;

	(void)state;
	say(&story, 0, UE, UE, "REGISTER", "CSeq 1");
	text = draw(&story, 80, false, NULL);
	assert_non_null(strstr(text, "    1  0.0  *\n"
				     "            | REGISTER CSeq 1\n"));
	g_free(text);
}

static void of_many_the_ends_are_kept(void **state)
{
	struct story story = {0};
	struct ims_ladder *ladder;
	char *details[400];
	char *text;

	(void)state;
	for (guint i = 0; i < 400; i++) {
		details[i] = g_strdup_printf("CSeq %u", i);
		say(&story, i, UE, GM, "REGISTER", details[i]);
	}
	story.steps[200].failing = true;
	ladder = ims_ladder_new(story.steps, story.n, START);
	assert_int_equal(ladder->rows->len,
			 IMS_LADDER_MAX_FIRST + IMS_LADDER_MAX_LAST + 1);
	ims_ladder_free(ladder);
	text = draw(&story, 80, false, "it");
	assert_non_null(strstr(text, "... 136 messages not shown\n"));
	assert_non_null(strstr(text, "! 201  200.0  |"));
	assert_non_null(strstr(text, "... 151 messages not shown\n"));
	g_free(text);
	for (guint i = 0; i < 400; i++)
		g_free(details[i]);
}

/* Wide characters, marks on nothing, words without an end, at any width. */
static void no_text_breaks_a_line(void **state)
{
	static const char *const texts[] = {
		"\xe7\x99\xbb\xe9\x8c\xb2\xe3\x81\xa7\xe3\x81\x8d\xe3\x81\xbe"
		"\xe3\x81\x9b\xe3\x82\x93\xe7\x99\xbb\xe9\x8c\xb2\xe3\x81\xa7"
		"\xe3\x81\x8d\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93\xe7\x99\xbb",
		"e\xcc\x81\xcc\x81\xcc\x81 \xcc\x81",
		HOSTILE "\n\r\t\x7f",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"a",
		"   ",
		""};

	(void)state;
	for (unsigned width = 40; width <= 120; width++) {
		for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
			struct story story = {0};
			char *text;

			tell_refusal(&story);
			say(&story, 700, S, AS, texts[i], texts[i]);
			say(&story, 701, GM, UE, "500", texts[i]);
			say(&story, 702, AS, AS, texts[i], NULL);
			text = draw(&story, width, i % 2, "it");
			assert_true(widest(text) <= width);
			for (const char *p = text; *p; p++)
				assert_true((unsigned char)*p >= ' ' ||
					    *p == '\n');
			assert_null(strstr(text, "\xe2\x80\xae"));
			g_free(text);
		}
	}
}

static void feed_both(const struct ims_report_format *format,
		      struct ims_report *report)
{
	struct story story = {0}, call = {0};
	struct ims_registration r = rejected(1, "sip:alice@x");
	struct ims_finding f = cause_of(1, &r);

	tell_refusal(&story);
	r.steps = story.steps;
	r.n_steps = story.n;
	format->finding(report, &f);
	format->registration(report, &r);
	say(&call, 0, UE, GM, "INVITE", "CSeq 1");
	say(&call, 1, GM, UE, "420", "Bad Extension")->failing = true;
	f = (struct ims_finding){
		.id = 2,
		.rule = &path_missing,
		.severity = IMS_SEVERITY_ERROR,
		.summary = ims_slice_of("It was refused."),
		.steps = call.steps,
		.n_steps = call.n,
	};
	format->finding(report, &f);
	r = registered(2, "sip:bob@x");
	r.impi = (struct ims_slice){0};
	r.steps = call.steps;
	r.n_steps = call.n;
	format->registration(report, &r);
	r.outcome = IMS_OUTCOME_INCOMPLETE;
	format->registration(report, &r);
	add_capture(format, report, "a.pcapng");
}

static void the_report_has_them_when_asked(void **state)
{
	static const struct ims_summary nothing = {0};
	struct ims_report_options o = no_limits;
	char *text;

	(void)state;
	text = render("text", feed_both, &o, &nothing);
	assert_int_equal(count_of(text, "frame     ms"), 0);
	free(text);
	o.ladder = true;
	text = render("text", feed_both, &o, &nothing);
	assert_int_equal(count_of(text, "\nframe"), 4);
	assert_int_equal(count_of(text, "! proves cx_user_unknown;"), 1);
	assert_int_equal(count_of(text, "! proves path_missing;"), 1);
	assert_int_equal(count_of(text, "|<-420 Bad Extension"), 0);
	assert_int_equal(count_of(text, "420 Bad Extension"), 3);
	assert_null(strchr(text, '\x1b'));
	free(text);
	o.colour = true;
	o.subscriber = "alice*";
	text = render("text", feed_both, &o, &nothing);
	assert_int_equal(count_of(text, "\x1b[2mframe"), 1);
	/* Of the request's ladder nobody asked: it has no subscriber. */
	assert_int_equal(count_of(text, "\n\x1b[1;31m! "), 3);
	assert_int_equal(count_of(text, "\n\x1b[1;31m   "), 1);
	assert_true(count_of(text, "\x1b[") % 2 == 0);
	free(text);
	o.only_failed = true;
	o.subscriber = NULL;
	text = render("text", feed_both, &o, &nothing);
	assert_int_equal(count_of(text, "\x1b[2mframe"), 3);
	free(text);
}

static void as_wide_as_the_terminal(void **state)
{
	static const struct ims_summary nothing = {0};

	(void)state;
	for (unsigned width = 10; width <= 200; width += 10) {
		struct ims_report_options o = no_limits;
		unsigned allowed = CLAMP(width, 40, 120);
		char *text, *rest;

		o.ladder = true;
		o.width = width;
		rest = text = render("text", feed_both, &o, &nothing);
		for (char *line; (line = strsep(&rest, "\n"));)
			if (strchr(line, '|') || strstr(line, "frame  "))
				assert_true(strlen(line) <= allowed);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registration_is_drawn),
		cmocka_unit_test(a_narrow_one_is_drawn),
		cmocka_unit_test(six_roles_have_room),
		cmocka_unit_test(retransmissions_are_folded),
		cmocka_unit_test(what_is_no_message_is_folded),
		cmocka_unit_test(a_node_is_a_column),
		cmocka_unit_test(many_nodes_share_a_line),
		cmocka_unit_test(a_node_may_ask_itself),
		cmocka_unit_test(of_many_the_ends_are_kept),
		cmocka_unit_test(no_text_breaks_a_line),
		cmocka_unit_test(the_report_has_them_when_asked),
		cmocka_unit_test(as_wide_as_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
