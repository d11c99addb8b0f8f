// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading vendor signatures: what is taken, and what is said of mistakes. */
#include "unit.h"

#include <glib.h>
#include <ims/signature.h>

#define TEXTS	   "product=P\nsays=It does.\nsource=its source\n"
#define GOOD(name) "[" name "]\n" TEXTS "reason=Such is life\n"

static bool parse(struct ims_signatures *s, const char *text)
{
	struct wall wall = wall_new(ims_slice_of(text));
	bool good = ims_signatures_parse(s, wall.bytes);

	wall_free(&wall);
	return good;
}

/* That text is refused, in these words. */
static void refused(const char *text, const char *words)
{
	struct ims_signatures *s = ims_signatures_new();

	if (parse(s, text))
		fail_msg("taken: %s", text);
	assert_int_equal(ims_signatures_count(s), 0);
	assert_string_equal(ims_signatures_error(s), words);
	ims_signatures_free(s);
}

static void a_signature_is_read_whole(void **state)
{
	struct ims_signatures *s = ims_signatures_new();
	const struct ims_signature *a;
	const struct ims_signature *const *list;

	(void)state;
	assert_true(parse(
		s, "# said before\n[a-1]\nproduct = Kamailio\n"
		   "component = ims_icscf\nversions = 5.0 to 5.6\n"
		   "says = It says so.\nadvice = Change it.\n"
		   "source = kamailio src\nrules = cx_user_unknown, "
		   "register_rejected\nstatus = 403, 480\nreason = For*\n"));
	assert_null(ims_signatures_error(s));
	assert_int_equal(ims_signatures_count(s), 1);
	a = ims_signatures_at(s, 0);
	assert_string_equal(a->name, "a-1");
	assert_string_equal(a->product, "Kamailio");
	assert_string_equal(a->component, "ims_icscf");
	assert_string_equal(a->versions, "5.0 to 5.6");
	assert_string_equal(a->says, "It says so.");
	assert_string_equal(a->advice, "Change it.");
	assert_string_equal(a->source, "kamailio src");
	assert_null(ims_signatures_at(s, 1));
	assert_int_equal(
		ims_signatures_of(s, &list, ims_rule_find("cx_user_unknown")),
		1);
	assert_ptr_equal(list[0], a);
	assert_int_equal(
		ims_signatures_of(s, &list, ims_rule_find("challenge_loop")),
		0);
	ims_signatures_free(s);
}

static void what_is_optional_may_be_left_out(void **state)
{
	struct ims_signatures *s = ims_signatures_new();

	(void)state;
	assert_true(parse(s, ""));
	assert_true(parse(s, "# nothing but this\n\n"));
	assert_int_equal(ims_signatures_count(s), 0);
	assert_true(parse(s, GOOD("a")));
	assert_null(ims_signatures_at(s, 0)->component);
	assert_null(ims_signatures_at(s, 0)->versions);
	assert_null(ims_signatures_at(s, 0)->advice);
	ims_signatures_free(s);
}

static void each_mistake_is_told(void **state)
{
	static const struct {
		const char *keys; /* of a group that is good without them */
		const char *words;
	} cases[] = {
		{"colour=red", "colour: there is no such key"},
		{"Status=403", "Status: there is no such key"},
		{"says[de]=So.", "says[de]: there is no such key"},
		{"advice=", "advice: is empty"},
		{"rules=cx_nothing", "rules: there is no rule 'cx_nothing'"},
		{"rules=cx_user_unknown,,register_rejected",
		 "rules: a part of the list is empty"},
		{"disabled=yes", "disabled: 'yes' is not true or false"},
		{"status=forbidden",
		 "status: 'forbidden' is not a status from 100 to 699"},
		{"status=99", "status: '99' is not a status from 100 to 699"},
		{"status=700", "status: '700' is not a status from 100 to 699"},
		{"status=403,", "status: a part of the list is empty"},
		{"method=register", "method: 'register' is no method of SIP"},
		{"server=*", "server: '*' matches anything"},
		{"server=Kamailio,**",
		 "server: 'Kamailio,**' matches anything"},
		{"header=P-Registrar-Error",
		 "header: 'P-Registrar-Error' is not as 'Name: pattern'"},
		{"header=Require: *", "header: 'Require: *' matches anything"},
		{"result=5012",
		 "result: '5012' is not as 'Result-Code 5012' or "
		 "'Experimental-Result 5001'"},
		{"result=Result-Code five",
		 "result: 'Result-Code five' is not as 'Result-Code 5012' or "
		 "'Experimental-Result 5001'"},
		{"result=Result-Code 99999999999",
		 "result: 'Result-Code 99999999999' is not as 'Result-Code "
		 "5012' or 'Experimental-Result 5001'"},
		{"command=XXR", "command: 'XXR' is no command as UAR or UAA"},
		{"container=two", "container: 'two' is not one of Result-Code, "
				  "Experimental-Result, both, none"},
		{"error-bit=1", "error-bit: '1' is not true or false"},
		{"answer-application=Sh",
		 "answer-application: 'Sh' is not the number of an "
		 "application"},
		{"request-lacks=IMPI",
		 "request-lacks: 'IMPI' is not one of User-Name, "
		 "Public-Identity, Visited-Network-Identifier, Server-Name, "
		 "SIP-Authorization"},
		{"request-has=,", "request-has: a part of the list is empty"},
		{"error-message=*", "error-message: '*' matches anything"},
		{"peer=*", "peer: '*' matches anything"},
		{"peer=freeDiameter",
		 "peer: is of the other protocol: a signature is of SIP or of "
		 "Diameter"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *text = g_strdup_printf(GOOD("a") "%s\n", cases[i].keys);
		char *words = g_strdup_printf("[a] %s", cases[i].words);

		refused(text, words);
		g_free(text);
		g_free(words);
	}
}

static void what_is_missing_is_told(void **state)
{
	(void)state;
	refused("[a]\nsays=S\nsource=s\nreason=R\n", "[a] product: is missing");
	refused("[a]\nproduct=P\nsource=s\nreason=R\n", "[a] says: is missing");
	refused("[a]\nproduct=P\nsays=S\nreason=R\n", "[a] source: is missing");
	refused("[a]\nproduct=P\nsource=s\nsays=  \nreason=R\n",
		"[a] says: is empty");
	refused("[a]\n" TEXTS,
		"[a]: matches anything: it has no condition as status, reason "
		"or result");
	refused("[a]\n" TEXTS "reason=*\n", "[a] reason: '*' matches anything");
}

static void what_stands_twice_is_told(void **state)
{
	(void)state;
	refused(GOOD("a") GOOD("b") GOOD("a"),
		"[a]: stands twice in this file");
	refused(GOOD("a") "reason=Another\n",
		"[a] reason: stands twice in this group");
	refused(GOOD("a") " reason =Another\n",
		"[a] reason: stands twice in this group");
}

static void what_is_no_file_of_keys_is_told(void **state)
{
	struct ims_signatures *s = ims_signatures_new();
	static const char nul[] = "[a]\0\n";
	char *big = g_strnfill(IMS_SIGNATURES_MAX_TEXT + 1, '\n');

	(void)state;
	refused("[a b]\n" TEXTS "reason=R\n",
		"[a b]: a name has letters, digits, '-', '_' and '.' only");
	refused("\xff\xfe", "is not text in UTF-8");
	refused(big, "has more than 1048576 bytes");
	assert_false(ims_signatures_parse(s, ims_slice(nul, sizeof(nul) - 1)));
	assert_string_equal(ims_signatures_error(s), "is not text in UTF-8");
	/* GLib's own words, whatever they are. */
	assert_false(parse(s, "product=P\n"));
	assert_non_null(ims_signatures_error(s));
	assert_false(parse(s, "[a]\nno key at all\n"));
	assert_non_null(ims_signatures_error(s));
	assert_false(parse(s, "[a\n" TEXTS));
	assert_false(parse(s, "[a]\n" TEXTS "reason=\\q\n"));
	assert_int_equal(ims_signatures_count(s), 0);
	g_free(big);
	ims_signatures_free(s);
}

static void there_are_not_too_many(void **state)
{
	GString *text = g_string_new(NULL);
	struct ims_signatures *s = ims_signatures_new();

	(void)state;
	for (int i = 0; i < IMS_SIGNATURES_MAX; i++)
		g_string_append_printf(text,
				       "[s%d]\nproduct=P\nsays=S\nsource=s\n"
				       "reason=R\n",
				       i);
	assert_true(parse(s, text->str));
	assert_int_equal(ims_signatures_count(s), IMS_SIGNATURES_MAX);
	assert_false(parse(s, GOOD("one-more")));
	assert_string_equal(ims_signatures_error(s),
			    "more than 4096 signatures in all");
	assert_int_equal(ims_signatures_count(s), IMS_SIGNATURES_MAX);
	g_string_free(text, TRUE);
	ims_signatures_free(s);
}

static void a_later_text_takes_the_place(void **state)
{
	struct ims_signatures *s = ims_signatures_new();

	(void)state;
	assert_true(parse(s, GOOD("a") GOOD("b") GOOD("c")));
	assert_true(parse(s, "[b]\nproduct=Q\nsays=It does not.\n"
			     "source=seen\nreason=Such is life\n"
			     "[a]\ndisabled=true\n"));
	assert_int_equal(ims_signatures_count(s), 2);
	assert_string_equal(ims_signatures_at(s, 0)->name, "c");
	assert_string_equal(ims_signatures_at(s, 1)->name, "b");
	assert_string_equal(ims_signatures_at(s, 1)->product, "Q");
	ims_signatures_free(s);
}

static void what_is_not_there_cannot_be_disabled(void **state)
{
	struct ims_signatures *s = ims_signatures_new();

	(void)state;
	assert_true(parse(s, GOOD("a")));
	assert_false(parse(s, GOOD("b") "[A]\ndisabled=true\n"));
	assert_string_equal(ims_signatures_error(s),
			    "[A] disabled: there is no such signature");
	/* Nothing of a text that is wrong. */
	assert_int_equal(ims_signatures_count(s), 1);
	ims_signatures_free(s);
}

/* Any part of a file that is right is right or wrong, never a crash. */
static void a_text_may_end_anywhere(void **state)
{
	static const char text[] =
		GOOD("a") GOOD("b") "status=403\n"
				    "method=REGISTER\nserver=K*\n";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		struct ims_signatures *s = ims_signatures_new();
		struct wall wall = wall_new(ims_slice(text, len));

		if (!ims_signatures_parse(s, wall.bytes))
			assert_non_null(ims_signatures_error(s));
		wall_free(&wall);
		ims_signatures_free(s);
	}
	ims_signatures_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signature_is_read_whole),
		cmocka_unit_test(what_is_optional_may_be_left_out),
		cmocka_unit_test(each_mistake_is_told),
		cmocka_unit_test(what_is_missing_is_told),
		cmocka_unit_test(what_stands_twice_is_told),
		cmocka_unit_test(what_is_no_file_of_keys_is_told),
		cmocka_unit_test(there_are_not_too_many),
		cmocka_unit_test(a_later_text_takes_the_place),
		cmocka_unit_test(what_is_not_there_cannot_be_disabled),
		cmocka_unit_test(a_text_may_end_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
