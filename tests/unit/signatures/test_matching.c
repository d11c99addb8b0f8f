// SPDX-License-Identifier: GPL-2.0-or-later
/* Which signature a finding meets: conditions, precedence. */
#include "cases.h"

#define GROUP(name) "[" name "]\nproduct=P\nsays=S\nsource=s\n"

static struct ims_signatures *table_of(const char *text)
{
	struct ims_signatures *s = ims_signatures_new();

	if (!ims_signatures_parse(s, ims_slice_of(text)))
		fail_msg("%s", ims_signatures_error(s));
	return s;
}

static void a_condition_holds_or_not(void **state)
{
	static const struct {
		const char *condition;
		const char *messages;
		bool holds;
	} cases[] = {
		{"status=403", "REGISTER 403 No", true},
		{"status=480, 403", "REGISTER 403 No", true},
		{"status=403", "REGISTER 404 No", false},
		{"status=403", "REGISTER", false},
		{"status=403", "UAA exp=5001", false},
		{"reason=no *", "REGISTER 403 No way", true},
		{"reason=no *", "REGISTER 403 No", false},
		{"reason=no *", "REGISTER", false},
		{"method=INVITE, BYE", "BYE 403 No", true},
		{"method=INVITE, BYE", "BYE", true},
		{"method=INVITE, BYE", "REGISTER 403 No", false},
		{"server=A*, *kam*", "BYE 403 No|Server: Kamailio 5", true},
		{"server=A*, *kam*", "BYE 403 No|Server: OpenSIPS", false},
		{"server=A*, *kam*", "BYE 403 No", false},
		{"header=require: ,*", "BYE|Require: , path", true},
		{"header=require: ,*", "BYE|Require: path", false},
		{"header=require: ,*", "BYE|Supported: , path", false},
		{"command=MAA, UAA", "UAA exp=5001", true},
		{"command=MAA, UAA", "UAR impi=a", false},
		{"command=UAR", "UAR impi=a", true},
		{"command=UAA", "REGISTER 403 No", false},
		{"result=Experimental-Result 5001", "UAA exp=5001", true},
		{"result=Experimental-Result 5001", "UAA rc=5001", false},
		{"result=Experimental-Result 5001", "UAA exp=5001 vendor=9",
		 false},
		{"result=Result-Code 5001", "UAA rc=5001", true},
		{"result=Result-Code 5001", "UAA exp=5001", false},
		{"result=Result-Code 5, Result-Code 6", "UAA rc=6", true},
		{"result=Result-Code 2001", "UAA rc=2001 exp=5001", true},
		{"container=both", "UAA rc=2001 exp=5001", true},
		{"container=both", "UAA exp=5001", false},
		{"container=none", "UAA impi=a", true},
		{"container=none", "UAR impi=a", false},
		{"container=none", "UAA rc=1", false},
		{"container=Result-Code", "UAA rc=1", true},
		{"container=Experimental-Result", "UAA rc=1", false},
		{"error-bit=true", "UAA rc=1 e=1", true},
		{"error-bit=true", "UAA rc=1", false},
		{"error-bit=false", "UAA rc=1", true},
		{"answer-application=16777217", "SAA app=16777217", true},
		{"answer-application=16777217", "SAR app=16777217", false},
		{"answer-application=16777217", "SAA rc=1", false},
		{"error-message=no peer*", "UAA rc=1|says=No peer known", true},
		{"error-message=no peer*", "UAA rc=1", false},
		{"peer=Java*, Py*", "UAA rc=1 product=PyHSS", true},
		{"peer=Java*, Py*", "UAA rc=1 product=freeDiameter", false},
		{"peer=Java*, Py*", "UAA rc=1", false},
		{"receiver=Java*, Py*", "RTR impi=a to=PyHSS", true},
		{"receiver=Java*, Py*", "RTR impi=a product=PyHSS", false},
		{"peer=Java*, Py*", "RTR impi=a to=PyHSS", false},
		{"answered=false", "RTR impi=a", true},
		{"answered=false", "RTR impi=a // RTA rc=1", false},
		{"answered=false", "RTR impi=a // RTA rc=1 end=2", true},
		{"answered=false", "RTR impi=a // PPA rc=1", true},
		{"answered=false", "RTA rc=1", false},
		{"answered=true", "RTR impi=a // RTA rc=1", true},
		{"answered=true", "RTR impi=a", false},
		{"answered=true", "RTA rc=1", false},
		{"request-has=User-Name", "UAR impi=a // UAA rc=1", true},
		{"request-has=User-Name", "UAR impu=a // UAA rc=1", false},
		{"request-has=User-Name", "UAA rc=1 impi=a", false},
		{"request-has=User-Name", "UAR impi=a end=2 // UAA rc=1",
		 false},
		{"request-has=User-Name", "MAR impi=a // UAA rc=1", false},
		{"request-has=User-Name, Server-Name", "MAR impi=a // MAA rc=1",
		 false},
		{"request-has=User-Name, Server-Name",
		 "MAR impi=a sn=s // MAA rc=1", true},
		{"request-has=SIP-Authorization", "MAR auts=x // MAA rc=1",
		 true},
		{"request-lacks=User-Name, Public-Identity",
		 "UAR impi=a // UAA rc=1", true},
		{"request-lacks=User-Name, Public-Identity",
		 "UAR impi=a impu= // UAA rc=1", false},
		{"request-lacks=Visited-Network-Identifier",
		 "UAR impi=a // UAA rc=1", true},
		{"request-lacks=Visited-Network-Identifier",
		 "UAR vn=v // UAA rc=1", false},
		{"request-lacks=User-Name", "UAA rc=1", false},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *text =
			g_strdup_printf(GROUP("a") "%s\n", cases[i].condition);
		struct ims_signatures *s = table_of(text);

		if (!met(s, "register_rejected", true, cases[i].messages) ==
		    cases[i].holds)
			fail_msg("%s: %s", cases[i].condition,
				 cases[i].messages);
		ims_signatures_free(s);
		g_free(text);
	}
}

static void all_conditions_hold_of_one_message(void **state)
{
	struct ims_signatures *s =
		table_of(GROUP("a") "status=403\nreason=No\n");

	(void)state;
	assert_non_null(met(s, "register_rejected", true,
			    "REGISTER 500 No // REGISTER 403 No"));
	assert_null(met(s, "register_rejected", true,
			"REGISTER 500 No // REGISTER 403 Yes"));
	ims_signatures_free(s);
}

static void the_rule_decides(void **state)
{
	struct ims_signatures *s = table_of(
		GROUP("named") "reason=No\nrules=sip_option_tag_empty\n" GROUP(
			"general") "reason=No\n");

	(void)state;
	assert_string_equal(met(s, "sip_option_tag_empty", false, "BYE 403 No"),
			    "named");
	assert_string_equal(met(s, "register_rejected", true, "BYE 403 No"),
			    "general");
	/* Those that name no rule are for failures. */
	assert_null(met(s, "register_rejected", false, "BYE 403 No"));
	ims_signatures_free(s);
}

static void of_several_the_nearest_is_taken(void **state)
{
	struct ims_signatures *s = table_of(GROUP("first") "reason=No\n" GROUP(
		"second") "reason=No\n" GROUP("more") "reason=No\nstatus="
						      "404\n" GROUP(
							      "named") "r"
								       "e"
								       "a"
								       "s"
								       "o"
								       "n"
								       "="
								       "N"
								       "o"
								       "\nrules"
								       "=challe"
								       "nge_"
								       "loop"
								       "\n");

	(void)state;
	assert_string_equal(met(s, "register_rejected", true, "BYE 403 No"),
			    "first");
	assert_string_equal(met(s, "register_rejected", true, "BYE 404 No"),
			    "more");
	assert_string_equal(met(s, "challenge_loop", true, "BYE 404 No"),
			    "named");
	assert_true(ims_signatures_parse(
		s, ims_slice_of(GROUP("mine") "reason=N*\n")));
	assert_string_equal(met(s, "challenge_loop", true, "BYE 404 No"),
			    "mine");
	assert_string_equal(met(s, "register_rejected", true, "BYE 404 No"),
			    "mine");
	ims_signatures_free(s);
}

static void nothing_is_met_of_nothing(void **state)
{
	struct ims_signatures *s = ims_signatures_new();
	struct ims_signature_case about = {
		.rule = ims_rule_find("register_rejected"),
		.is_failure = true,
	};

	(void)state;
	assert_null(ims_signatures_find(s, &about));
	assert_true(ims_signatures_parse(
		s, ims_slice_of(GROUP("a") "reason=No\n")));
	assert_null(ims_signatures_find(s, &about));
	ims_signatures_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_holds_or_not),
		cmocka_unit_test(all_conditions_hold_of_one_message),
		cmocka_unit_test(the_rule_decides),
		cmocka_unit_test(of_several_the_nearest_is_taken),
		cmocka_unit_test(nothing_is_met_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
