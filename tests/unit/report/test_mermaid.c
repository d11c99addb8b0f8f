// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be told without Mermaid; tests/mermaid asks that itself. */
#include "unit.h"

#include <glib.h>

#include "mermaid_nodes.h"
#include "mermaid_text.h"
#include "steps.h"

static const struct ims_summary nothing = {0};

static void texts_are_escaped(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"403 Forbidden - (x), sip:a@b",
		 "403 Forbidden - (x), sip:a@b"},
		{"a;b#c", "a#59;b#35;c"},
		{"<b> \"&\" `$%{}[]|\\^~",
		 "#60;b#62; #34;#38;#34; #96;#36;#37;#123;#125;#91;#93;#124;"
		 "#92;#94;#126;"},
		{"Style classdef", "#83;tyle #99;lassdef"},
		{"nowrap: wrap", "#110;o#119;rap: wrap"},
		{"\xef\xac\x82\xc2\xb0\xc2\xb6\xc3\x9f",
		 "#64258;#176;#182;#223;"},
		{"J\xc3\xbcrgen \xe6\x97\xa5", "J\xc3\xbcrgen \xe6\x97\xa5"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		GString *out = g_string_new(NULL);

		ims_mermaid_escape(out, cases[i].text);
		assert_string_equal(out->str, cases[i].expected);
		g_string_free(out, TRUE);
	}
}

static void texts_are_broken(void **state)
{
	GString *out = g_string_new(NULL);

	(void)state;
	ims_mermaid_wrap(out, "one two;three four", 10);
	assert_string_equal(out->str, "one<br/>two#59;three<br/>four");
	g_string_assign(out, "");
	ims_mermaid_wrap(out, "", 10);
	assert_string_equal(out->str, "");
	ims_markdown_escape(out, "a_b<c>.pcap `x`");
	assert_string_equal(out->str, "a\\_b\\<c\\>\\.pcap \\`x\\`");
	g_string_free(out, TRUE);
}

static void feed(const struct ims_report_format *format,
		 struct ims_report *report)
{
	struct story story = {0}, call = {0};
	struct ims_registration alice = rejected(1, "sip:alice@x");
	struct ims_registration bob = registered(2, "sip:bob@x");
	struct ims_finding f = cause_of(1, &alice);

	tell_refusal(&story);
	alice.steps = story.steps;
	alice.n_steps = story.n;
	f.confidence = IMS_CONFIDENCE_LIKELY;
	format->registration(report, &alice);
	format->finding(report, &f);
	say(&call, 2000, S, AS, "REGISTER", "CSeq 1");
	say(&call, 3500, AS, S, "200", "OK");
	bob.steps = call.steps;
	bob.n_steps = call.n;
	bob.start_ns += 2 * SECOND;
	bob.impi = (struct ims_slice){0};
	format->registration(report, &bob);
	/* Nothing is known of its steps: nothing to draw. */
	bob.n_steps = 0;
	format->registration(report, &bob);
}

#define ALICE                                                                  \
	"    Note over n0,n3: Registration 1 of alice@x (initial): rejected, " \
	"403 Forbidden, begins<br/>2024-05-01T10:00:00.000000000Z\n"           \
	"    n0->>n1: REGISTER CSeq 1 (frame 1, 0.0 ms)\n"                     \
	"    n1-->>n0: 100 Trying (frame 2, 1.0 ms)\n"                         \
	"    n1->>n2: REGISTER CSeq 1, x2<br/>(frame 3, 2.0 ms#59; the last "  \
	"5, 502.0 ms)\n"                                                       \
	"    rect rgba(255, 64, 64, 0.2)\n"                                    \
	"    n2->>n3: UAR (frame 4, 3.0 ms)\n"                                 \
	"    n3-->>n2: UAA 5001 DIAMETER_ERROR_USER_UNKNOWN<br/>(frame 6, "    \
	"601.0 ms)\n"                                                          \
	"    end\n"                                                            \
	"    n2-->>n1: 403 Forbidden (frame 7, 602.0 ms)\n"                    \
	"    rect rgba(255, 64, 64, 0.2)\n"                                    \
	"    n1-->>n0: 403 Forbidden (frame 8, 603.0 ms)\n"                    \
	"    end\n"                                                            \
	"    Note over n0,n3: cx_user_unknown (likely): The HSS does not "     \
	"know alice.\n"

#define CORE                                                       \
	"sequenceDiagram\n"                                        \
	"    participant n0 as UE<br/>10.0.0.1\n"                  \
	"    participant n1 as P-CSCF<br/>10.0.0.2<br/>10.1.0.2\n" \
	"    participant n2 as I-CSCF<br/>10.1.0.3\n"

static void registrations_are_sections(void **state)
{
	char *text = render("mermaid", feed, &no_limits, &nothing);

	(void)state;
	assert_string_equal(
		text,
		CORE "    participant n4 as S-CSCF<br/>10.1.0.4\n"
		     "    participant n3 as HSS<br/>10.1.0.5\n"
		     "    participant n5 as AS<br/>10.1.0.6\n" ALICE
		     "    Note over n4,n5: Registration 2 of bob@x (initial): "
		     "registered, 200 OK, begins<br/>"
		     "2024-05-01T10:00:02.000000000Z\n"
		     "    n4->>n5: REGISTER CSeq 1 (frame 1, 0.000 s)\n"
		     "    n5-->>n4: 200 OK (frame 2, 1.500 s)\n");
	free(text);
}

static void filters_choose_sections(void **state)
{
	struct ims_report_options o = no_limits;
	char *text;

	(void)state;
	o.only_failed = true;
	o.heading = "a`.pcap";
	text = render("mermaid", feed, &o, &nothing);
	assert_string_equal(
		text, "## a\\`\\.pcap\n\n```mermaid\n" CORE
		      "    participant n3 as HSS<br/>10.1.0.5\n" ALICE "```\n");
	free(text);
	o.heading = NULL;
	o.subscriber = "nobody";
	text = render("mermaid", feed, &o, &nothing);
	assert_string_equal(text, "sequenceDiagram\n"
				  "    participant n0 as imsleuth\n"
				  "    Note over n0: No registration\n");
	free(text);
}

/* Of a role with many nodes the last participant is all others. */
static void participants_are_few(void **state)
{
	struct ims_mermaid_nodes *nodes = ims_mermaid_nodes_new();
	GString *out = g_string_new(NULL);
	guint last = 0;

	(void)state;
	for (int i = 1; i <= 50; i++) {
		struct story story = {0};
		struct ims_ladder *ladder;
		char address[32];

		g_snprintf(address, sizeof(address), "10.0.1.%d", i);
		say(&story, 0, party(IMS_ROLE_UE, address), GM, "REGISTER", "");
		ladder = ims_ladder_new(story.steps, story.n, START);
		last = ims_mermaid_node(nodes, ims_ladder_column(ladder, 0));
		assert_int_equal(
			ims_mermaid_node(nodes, ims_ladder_column(ladder, 1)),
			1);
		ims_ladder_free(ladder);
	}
	assert_int_equal(last, 4);
	ims_mermaid_nodes_put(nodes, out, 1u << 1 | 1u << last);
	assert_string_equal(out->str,
			    "    participant n4 as UE<br/>10.0.1.4<br/>and "
			    "others\n"
			    "    participant n1 as P-CSCF<br/>10.0.0.2\n");
	g_string_free(out, TRUE);
	ims_mermaid_nodes_free(nodes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_escaped),
		cmocka_unit_test(texts_are_broken),
		cmocka_unit_test(registrations_are_sections),
		cmocka_unit_test(filters_choose_sections),
		cmocka_unit_test(participants_are_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
