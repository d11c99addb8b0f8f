// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of an attempt, as it is promised: every outcome and kind. */
#include "story.h"

#define NONCE_1 "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
#define NONCE_2 "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="
#define PORTS \
	"ipsec-3gpp;alg=hmac-sha-1-96;spi-c=4096;spi-s=4097;port-c=1;port-s=2"

/* A line of a case: what is fed. `from` NULL ends it; a `what` of a Diameter
   command goes there; "esp" is unread ESP, "" the end of the capture. */
struct line {
	double at;
	const char *from;
	const char *to;
	const char *what;
};

struct expected {
	enum ims_kind kind;
	enum ims_outcome outcome;
	unsigned status;
};

struct outcome_case {
	const char *name;
	struct line lines[16];
	unsigned n_registrations;
	struct expected expected[3];
};

#define CHALLENGED                                              \
	{0.00, "ue", "p", "REGISTER 1 c via=u1"},               \
	{                                                       \
		0.10, "p", "ue", "401 1 c via=u1 chal=" NONCE_1 \
	}
#define ANSWERED                                                \
	{0.20, "ue", "p", "REGISTER 2 c via=u2 auth=" NONCE_1}, \
	{                                                       \
		0.30, "p", "ue", "200 2 c via=u2 totag=t"       \
	}
#define LATER                    \
	{                        \
		60, "", "", NULL \
	}

static const struct outcome_case cases[] = {
	{"registered",
	 {CHALLENGED, ANSWERED, LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"registered, and the capture ends at once",
	 {CHALLENGED, ANSWERED},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"rejected",
	 {{0, "ue", "p", "REGISTER 1 c via=u1"},
	  {0.1, "p", "ue", "403 1 c via=u1 totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REJECTED, 403}}},
	{"a second 401 does not end it",
	 {CHALLENGED,
	  {0.2, "ue", "p", "REGISTER 2 c via=u2 auth=" NONCE_1},
	  {0.3, "p", "ue", "401 2 c via=u2 chal=" NONCE_2},
	  {0.4, "ue", "p", "REGISTER 3 c via=u3 auth=" NONCE_2},
	  {0.5, "p", "ue", "200 3 c via=u3 totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"it ends with the second 401",
	 {CHALLENGED,
	  {0.2, "ue", "p", "REGISTER 2 c via=u2 auth=" NONCE_1},
	  {0.3, "p", "ue", "401 2 c via=u2 chal=" NONCE_2},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_CHALLENGED, 401}}},
	{"a 494 does not end it",
	 {{0, "ue", "p", "REGISTER 1 c via=u1"},
	  {0.1, "p", "ue", "494 1 c via=u1 server=" PORTS},
	  {0.2, "ue", "p", "REGISTER 2 c via=u2"},
	  {0.3, "p", "ue", "401 2 c via=u2 chal=" NONCE_1},
	  {0.4, "ue", "p", "REGISTER 3 c via=u3 auth=" NONCE_1},
	  {0.5, "p", "ue", "200 3 c via=u3 totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"it ends with the 494",
	 {{0, "ue", "p", "REGISTER 1 c via=u1"},
	  {0.1, "p", "ue", "494 1 c via=u1 server=" PORTS},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REJECTED, 494}}},
	{"challenged, and nothing for 32 s",
	 {CHALLENGED, LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_CHALLENGED, 401}}},
	{"challenged, and the capture ends before 32 s",
	 {CHALLENGED, {31, "", "", NULL}},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_INCOMPLETE, 401}}},
	{"challenged, and the UE begins anew before that",
	 {CHALLENGED,
	  {5.0, "ue", "p", "REGISTER 1 d via=v1"},
	  {5.1, "p", "ue", "401 1 d via=v1 chal=" NONCE_2},
	  {5.2, "ue", "p", "REGISTER 2 d via=v2 auth=" NONCE_2},
	  {5.3, "p", "ue", "200 2 d via=v2 totag=t"},
	  {8, "", "", NULL}},
	 2,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_CHALLENGED, 401},
	  {IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"another UE's new beginning is none of this one's",
	 {CHALLENGED,
	  {5.0, "ue2", "p", "REGISTER 1 d via=v1 to=bob"},
	  {5.1, "p", "ue2", "403 1 d via=v1 to=bob totag=t"},
	  {8, "", "", NULL}},
	 2,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_INCOMPLETE, 401},
	  {IMS_KIND_INITIAL, IMS_OUTCOME_REJECTED, 403}}},
	{"ESP that could not be read may have been the answer",
	 {CHALLENGED, {0.2, "ue", "p", "esp"}, LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_INCOMPLETE, 401}}},
	{"unless the SAA tells",
	 {CHALLENGED,
	  {0.20, "ue", "p", "esp"},
	  {0.25, "s", "hss", "SAR 3 impi=alice impu=alice sat=1"},
	  {0.26, "hss", "s", "SAA 3 result=2001"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 401}}},
	{"ESP from before the challenge is not the answer",
	 {{0, "ue", "p", "esp"},
	  {1.0, "ue", "p", "REGISTER 1 c via=u1"},
	  {1.1, "p", "ue", "401 1 c via=u1 chal=" NONCE_1},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_CHALLENGED, 401}}},
	{"a UE that goes on with a call was registered somehow",
	 {CHALLENGED,
	  {9, "ue", "p", "INVITE 1 x via=i1"},
	  {9.1, "p", "ue", "200 1 x via=i1 method=INVITE totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_INCOMPLETE, 401}}},
	{"unanswered, sent again and again",
	 {{0, "ue", "p", "REGISTER 1 c via=u1"},
	  {0.5, "ue", "p", "REGISTER 1 c via=u1"},
	  {1.5, "ue", "p", "REGISTER 1 c via=u1"},
	  {3.5, "ue", "p", "REGISTER 1 c via=u1"},
	  {7.5, "ue", "p", "REGISTER 1 c via=u1"},
	  {11.5, "ue", "p", "REGISTER 1 c via=u1"},
	  {15.5, "ue", "p", "REGISTER 1 c via=u1"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_UNANSWERED, 0}}},
	{"fewer prove nothing where nothing was ever heard from there",
	 {{0, "ue", "p", "REGISTER 1 c via=u1"},
	  {0.5, "ue", "p", "REGISTER 1 c via=u1"},
	  {1.5, "ue", "p", "REGISTER 1 c via=u1"},
	  {3.5, "ue", "p", "REGISTER 1 c via=u1"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_INCOMPLETE, 0}}},
	{"the capture ends while the UE waits",
	 {{0, "ue", "p", "REGISTER 1 c via=u1"},
	  {0.5, "ue", "p", "REGISTER 1 c via=u1"},
	  {30, "", "", NULL}},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_INCOMPLETE, 0}}},
	{"the capture begins with the final response",
	 {{0, "p", "ue", "200 2 c via=u2 totag=t"}, LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"the capture begins with the challenge",
	 {{0.1, "p", "ue", "401 1 c via=u1 chal=" NONCE_1}, ANSWERED, LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"an attempt after the final response is another",
	 {{0, "ue", "p", "REGISTER 1 c via=u1"},
	  {0.1, "p", "ue", "403 1 c via=u1 totag=t"},
	  {0.2, "ue", "p", "REGISTER 2 c via=u2"},
	  {0.3, "p", "ue", "200 2 c via=u2 totag=t"},
	  LATER},
	 2,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REJECTED, 403},
	  {IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"deregistered under the same Call-ID",
	 {CHALLENGED,
	  ANSWERED,
	  {9.0, "ue", "p", "REGISTER 3 c via=u3 expires=0 auth=" NONCE_1},
	  {9.1, "p", "ue", "200 3 c via=u3 totag=t"},
	  LATER},
	 2,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200},
	  {IMS_KIND_DEREGISTRATION, IMS_OUTCOME_DEREGISTERED, 200}}},
	{"deregistration by the contact's expires",
	 {{0, "ue", "p",
	   "REGISTER 3 c via=u3 contact=<sip:alice@10.9.0.1>;expires=0"},
	  {0.1, "p", "ue", "200 3 c via=u3 totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_DEREGISTRATION, IMS_OUTCOME_DEREGISTERED, 200}}},
	{"deregistration of all",
	 {{0, "ue", "p", "REGISTER 3 c via=u3 contact=* expires=0"},
	  {0.1, "p", "ue", "200 3 c via=u3 totag=t fetch"},
	  LATER},
	 1,
	 {{IMS_KIND_DEREGISTRATION, IMS_OUTCOME_DEREGISTERED, 200}}},
	{"a deregistration that is refused",
	 {{0, "ue", "p", "REGISTER 3 c via=u3 expires=0"},
	  {0.1, "p", "ue", "500 3 c via=u3 totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_DEREGISTRATION, IMS_OUTCOME_REJECTED, 500}}},
	{"refresh: the same Call-ID while it stands",
	 {CHALLENGED,
	  ANSWERED,
	  {50, "ue", "p", "REGISTER 3 c via=u3 auth=" NONCE_1},
	  {50.1, "p", "ue", "200 3 c via=u3 totag=t"},
	  LATER},
	 2,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200},
	  {IMS_KIND_REFRESH, IMS_OUTCOME_REGISTERED, 200}}},
	{"another Call-ID while it stands is initial",
	 {CHALLENGED,
	  ANSWERED,
	  {50, "ue", "p", "REGISTER 3 d via=u3 auth=" NONCE_1},
	  {50.1, "p", "ue", "200 3 d via=u3 totag=t"},
	  LATER},
	 2,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200},
	  {IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"the same Call-ID when it stands no longer is initial",
	 {{0, "ue", "p", "REGISTER 1 c via=u1 expires=60"},
	  {0.1, "p", "ue", "200 1 c via=u1 totag=t expires=60"},
	  {70, "ue", "p", "REGISTER 2 c via=u2 expires=60"},
	  {70.1, "p", "ue", "200 2 c via=u2 totag=t expires=60"},
	  {90, "", "", NULL}},
	 2,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200},
	  {IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"the HSS ended it: initial again",
	 {CHALLENGED,
	  ANSWERED,
	  {20, "hss", "s", "RTR 9 impi=alice impu=alice origin=hss"},
	  {20.1, "s", "hss", "RTA 9 result=2001"},
	  {50, "ue", "p", "REGISTER 3 c via=u3"},
	  {50.1, "p", "ue", "200 3 c via=u3 totag=t"},
	  LATER},
	 2,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200},
	  {IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"third-party",
	 {{0, "s", "as", "REGISTER 1 t via=s1 from=scscf"},
	  {0.1, "as", "s", "200 1 t via=s1 from=scscf totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_THIRD_PARTY, IMS_OUTCOME_REGISTERED, 200}}},
	{"third-party deregistration",
	 {{0, "s", "as", "REGISTER 1 t via=s1 from=scscf expires=0"},
	  {0.1, "as", "s", "200 1 t via=s1 from=scscf totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_THIRD_PARTY, IMS_OUTCOME_DEREGISTERED, 200}}},
	{"fetch",
	 {{0, "ue", "p", "REGISTER 1 c via=u1 fetch"},
	  {0.1, "p", "ue", "200 1 c via=u1 totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_FETCH, IMS_OUTCOME_REGISTERED, 200}}},
	{"emergency",
	 {{0, "ue", "p", "REGISTER 1 c via=u1 contact=<sip:a@10.9.0.1;sos>"},
	  {0.1, "p", "ue", "200 1 c via=u1 totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_EMERGENCY, IMS_OUTCOME_REGISTERED, 200}}},
	{"sosa is not sos",
	 {{0, "ue", "p", "REGISTER 1 c via=u1 contact=<sip:a@10.9.0.1;sosa>"},
	  {0.1, "p", "ue", "200 1 c via=u1 totag=t"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 200}}},
	{"Cx alone, registered",
	 {{0.0, "i", "hss", "UAR 1 impi=alice impu=alice uat=0"},
	  {0.1, "hss", "i", "UAA 1 exp=2001"},
	  {0.2, "s", "hss", "MAR 2 impi=alice impu=alice"},
	  {0.3, "hss", "s", "MAA 2 result=2001"},
	  {0.4, "s", "hss", "SAR 3 impi=alice impu=alice sat=1"},
	  {0.5, "hss", "s", "SAA 3 result=2001"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 0}}},
	{"Cx alone, deregistered",
	 {{0.0, "s", "hss", "SAR 3 impi=alice impu=alice sat=5"},
	  {0.1, "hss", "s", "SAA 3 result=2001"},
	  LATER},
	 1,
	 {{IMS_KIND_DEREGISTRATION, IMS_OUTCOME_DEREGISTERED, 0}}},
	{"Cx alone, re-registration",
	 {{0.0, "s", "hss", "SAR 3 impi=alice impu=alice sat=2"},
	  {0.1, "hss", "s", "SAA 3 result=2001"},
	  LATER},
	 1,
	 {{IMS_KIND_REFRESH, IMS_OUTCOME_REGISTERED, 0}}},
	{"Cx alone, refused",
	 {{0.0, "i", "hss", "UAR 1 impi=alice impu=alice uat=0"},
	  {0.1, "hss", "i", "UAA 1 exp=5001"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REJECTED, 0}}},
	{"Cx alone, no end in sight",
	 {{0.0, "i", "hss", "UAR 1 impi=alice impu=alice uat=0"},
	  {0.1, "hss", "i", "UAA 1 exp=2001"},
	  LATER},
	 1,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_INCOMPLETE, 0}}},
	{"Cx alone, two registrations of one subscriber",
	 {{0.0, "i", "hss", "UAR 1 impi=alice impu=alice uat=0"},
	  {0.1, "hss", "i", "UAA 1 exp=5001"},
	  {0.5, "i", "hss", "UAR 2 impi=alice impu=alice uat=0"},
	  {0.6, "hss", "i", "UAA 2 exp=2002"},
	  {0.7, "s", "hss", "SAR 3 impi=alice impu=alice sat=1"},
	  {0.8, "hss", "s", "SAA 3 result=2001"},
	  LATER},
	 2,
	 {{IMS_KIND_INITIAL, IMS_OUTCOME_REJECTED, 0},
	  {IMS_KIND_INITIAL, IMS_OUTCOME_REGISTERED, 0}}},
	{"the network's own assignment is no registration",
	 {{0.0, "s", "hss", "SAR 3 impi=alice impu=alice sat=4"},
	  {0.1, "hss", "s", "SAA 3 result=2001"},
	  LATER},
	 0,
	 {{0}}},
};

static void feed_line(struct story *story, const struct line *line)
{
	if (!line->what)
		go_on(story, line->at);
	else if (strcmp(line->what, "esp") == 0)
		happen(story, IMS_EVENT_ESP, line->at, line->from, line->to);
	else if (strchr("RA", line->what[2]) && line->what[3] == ' ')
		cx(story, line->at, line->from, line->to, line->what);
	else
		sip(story, line->at, line->from, line->to, line->what);
}

static void run(const struct outcome_case *c)
{
	struct story *story = story_new(NULL);

	for (const struct line *l = c->lines; l->from; l++)
		feed_line(story, l);
	story_end(story);
	assert_int_equal(story->registrations->len, c->n_registrations);
	for (unsigned i = 0; i < c->n_registrations; i++) {
		const struct told_registration *t = told(story, i);

		assert_string_equal(ims_kind_name(t->kind),
				    ims_kind_name(c->expected[i].kind));
		assert_string_equal(ims_outcome_name(t->outcome),
				    ims_outcome_name(c->expected[i].outcome));
		assert_int_equal(t->status, c->expected[i].status);
		assert_int_equal(t->lacking != NULL,
				 t->outcome == IMS_OUTCOME_INCOMPLETE);
		assert_true(t->id);
	}
	story_free(story);
}

static void outcomes_are_as_promised(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		print_message("%s\n", cases[i].name);
		run(&cases[i]);
	}
}

/* Every beginning and every end of every story: no crash, and nobody is
   accused of what a cut capture cannot show. */
static void any_part_of_a_capture_is_survived(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (unsigned skip = 0; cases[i].lines[skip].from; skip++) {
			struct story *story = story_new(NULL);

			for (const struct line *l = cases[i].lines + skip;
			     l->from; l++)
				feed_line(story, l);
			if (skip % 2)
				story_end(story);
			story_free(story);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcomes_are_as_promised),
		cmocka_unit_test(any_part_of_a_capture_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
