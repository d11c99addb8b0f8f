// SPDX-License-Identifier: GPL-2.0-or-later
/* Copies of one message on the legs of a journey, and what entered where. */
#include "story.h"

#include "changes.h"
#include "journey_build.h"

struct way {
	struct ims_journey *journey;
	const struct ims_facts *at[16]; /* in the order they were added */
	unsigned n;
};

static const struct ims_facts *put(struct way *way, const char *from,
				   const char *to, const char *what, bool cut)
{
	char **words = g_strsplit(what, " ", -1);
	GString *text = sip_text(words);
	const struct ims_event event = {
		.kind = IMS_EVENT_SIP,
		.transport = IMS_TRANSPORT_UDP,
		.frame = {.number = way->n + 1},
		.time_ns = STORY_EPOCH + way->n * 1000,
		.source = node_at(from),
		.destination = node_at(to),
		.cut = cut,
		.bytes = ims_slice(text->str, text->len),
	};
	struct ims_facts *facts = ims_facts_new(&event);

	if (!way->journey)
		way->journey = ims_journey_new(NULL, facts);
	assert_true(ims_journey_add(way->journey, facts));
	ims_facts_unref(facts); /* the journey's now */
	g_string_free(text, TRUE);
	g_strfreev(words);
	way->at[way->n++] = facts;
	return facts;
}

static const struct ims_hop *hop_of(const struct way *way, unsigned depth)
{
	for (unsigned i = 0; i < way->journey->n_hops; i++)
		if (way->journey->hops[i]->depth == depth)
			return way->journey->hops[i];
	fail_msg("no leg of depth %u", depth);
	return NULL;
}

/* UE, P-CSCF, I-CSCF, S-CSCF and a challenge back. */
static struct way registration(void)
{
	struct way way = {0};

	put(&way, "ue", "p", "REGISTER 1 c via=u require=sec-agree client=x",
	    false);
	put(&way, "ue", "p", "REGISTER 1 c via=u require=sec-agree client=x",
	    false);
	put(&way, "p", "i", "REGISTER 1 c via=p/u require=path client=x",
	    false);
	put(&way, "p", "ue", "100 1 c via=u", false);
	put(&way, "i", "s", "REGISTER 1 c via=i/p/u require=path", false);
	put(&way, "s", "i", "401 1 c via=i/p/u totag=t chal=n", false);
	put(&way, "i", "p", "401 1 c via=p/u totag=t chal=n", false);
	put(&way, "p", "ue", "401 1 c via=u totag=t chal=n server=y", false);
	put(&way, "p", "ue", "401 1 c via=u totag=t chal=n server=y", false);
	ims_journey_settle(way.journey);
	return way;
}

static void copies_are_found(void **state)
{
	struct way way = registration();
	const struct ims_hop *gm = hop_of(&way, 1);
	const struct ims_hop *mw = hop_of(&way, 2);
	const struct ims_hop *deep = hop_of(&way, 3);

	(void)state;
	assert_null(ims_copy_before(way.journey, gm, way.at[0]));
	assert_ptr_equal(ims_copy_before(way.journey, mw, way.at[2]),
			 way.at[0]);
	assert_ptr_equal(ims_copy_before(way.journey, deep, way.at[4]),
			 way.at[2]);
	assert_null(ims_copy_before(way.journey, gm, way.at[3]));
	assert_null(ims_copy_before(way.journey, deep, way.at[5]));
	assert_ptr_equal(ims_copy_before(way.journey, mw, way.at[6]),
			 way.at[5]);
	assert_ptr_equal(ims_copy_before(way.journey, gm, way.at[7]),
			 way.at[6]);
	ims_journey_free(way.journey);
}

static void changes_of_hops(void **state)
{
	struct way way = registration();
	const struct ims_hop *gm = hop_of(&way, 1);
	const struct ims_hop *mw = hop_of(&way, 2);
	const struct ims_changes *changes;

	(void)state;
	assert_null(ims_hop_changes(way.journey, gm));
	assert_null(ims_hop_final_changes(way.journey, hop_of(&way, 3)));
	changes = ims_hop_changes(way.journey, mw);
	assert_int_equal(changes->n, 2);
	assert_non_null(ims_changes_find(changes, IMS_CHANGE_REMOVED,
					 IMS_SIP_HEADER_REQUIRE, "sec-agree"));
	assert_non_null(ims_changes_find(changes, IMS_CHANGE_ADDED,
					 IMS_SIP_HEADER_REQUIRE, "path"));
	/* Compared once, not a retransmission each. */
	assert_ptr_equal(ims_hop_changes(way.journey, mw), changes);
	changes = ims_hop_final_changes(way.journey, gm);
	assert_int_equal(changes->n, 1);
	assert_non_null(ims_changes_find(changes, IMS_CHANGE_ADDED,
					 IMS_SIP_HEADER_SECURITY_SERVER, NULL));
	assert_ptr_equal(ims_message_changes(way.journey, gm, way.at[8]),
			 changes);
	changes = ims_hop_final_changes(way.journey, mw);
	assert_int_equal(changes->n, 0);
	assert_null(ims_message_changes(way.journey, gm, way.at[2]));
	/* A message more: asked anew, and nothing is lost. */
	put(&way, "p", "ue", "200 1 c via=u totag=t", false);
	assert_null(way.journey->changes);
	assert_null(ims_message_changes(way.journey, gm, way.at[9]));
	assert_non_null(ims_hop_changes(way.journey, mw));
	ims_journey_free(way.journey);
}

static void things_are_traced(void **state)
{
	const struct ims_sought sec_agree = {
		IMS_SIP_HEADER_REQUIRE,
		IMS_SIP_HEADER_PROXY_REQUIRE,
		ims_slice_of("Sec-Agree"),
	};
	const struct ims_sought client = {
		.header = IMS_SIP_HEADER_SECURITY_CLIENT,
	};
	const struct ims_sought path = {
		.header = IMS_SIP_HEADER_REQUIRE,
		.element = ims_slice_of("path"),
	};
	const struct ims_sought ob = {
		.header = IMS_SIP_HEADER_CONTACT,
		.element = ims_slice_of("ob"),
	};
	struct way way = registration();
	const struct ims_hop *gm = hop_of(&way, 1);
	const struct ims_hop *mw = hop_of(&way, 2);
	const struct ims_hop *deep = hop_of(&way, 3);
	struct ims_trace trace;

	(void)state;
	ims_journey_trace(&trace, way.journey, &sec_agree);
	assert_ptr_equal(trace.entered, gm);
	assert_ptr_equal(trace.put_in_by, &gm->from);
	assert_null(trace.kept);
	assert_ptr_equal(trace.left, mw);
	assert_ptr_equal(trace.taken_out_by, &mw->from);
	ims_journey_trace(&trace, way.journey, &client);
	assert_ptr_equal(trace.entered, gm);
	assert_ptr_equal(trace.kept, mw);
	assert_ptr_equal(trace.left, deep);
	ims_journey_trace(&trace, way.journey, &path);
	assert_ptr_equal(trace.entered, mw);
	assert_ptr_equal(trace.put_in_by, &mw->from);
	assert_ptr_equal(trace.kept, deep);
	assert_null(trace.left);
	ims_journey_trace(&trace, way.journey, &ob);
	assert_null(trace.entered);
	assert_null(trace.put_in_by);
	ims_journey_free(way.journey);
}

/* Nobody is named where the leg before is not there, or not whole. */
static void nobody_is_accused(void **state)
{
	const struct ims_sought path = {
		.header = IMS_SIP_HEADER_REQUIRE,
		.element = ims_slice_of("path"),
	};
	struct way way = {0};
	struct ims_trace trace;

	(void)state;
	put(&way, "p", "i", "REGISTER 1 c via=p/u require=path", false);
	put(&way, "i", "s", "REGISTER 1 c via=i/p/u", true);
	ims_journey_settle(way.journey);
	ims_journey_trace(&trace, way.journey, &path);
	assert_ptr_equal(trace.entered, hop_of(&way, 2));
	assert_null(trace.put_in_by);
	assert_null(trace.left);
	assert_null(ims_hop_changes(way.journey, hop_of(&way, 2)));
	assert_null(ims_hop_changes(way.journey, hop_of(&way, 3)));
	put(&way, "ue", "p", "REGISTER 1 c via=u", true);
	ims_journey_settle(way.journey);
	ims_journey_trace(&trace, way.journey, &path);
	assert_null(trace.put_in_by);
	ims_journey_free(way.journey);
}

struct stands {
	const char *field;
	enum ims_sip_header_id header;
	const char *element;
	bool expected;
};

static const struct stands stand[] = {
	{"Require: a, PATH", IMS_SIP_HEADER_REQUIRE, "path", true},
	{"Require: paths", IMS_SIP_HEADER_REQUIRE, "path", false},
	{"k: path", IMS_SIP_HEADER_SUPPORTED, "path", true},
	{"Path: <sip:a@b;ob>;x=1", IMS_SIP_HEADER_PATH, "OB", true},
	{"Path: <sip:a@b;ob>;x=1", IMS_SIP_HEADER_PATH, "x", true},
	{"Path: <sip:a@b;ob>;x=1", IMS_SIP_HEADER_PATH, "y", false},
	{"Path: <sip:a@b;ob>;x=1", IMS_SIP_HEADER_PATH, NULL, true},
	{"Path: <sip:a@b;ob>;x=1", IMS_SIP_HEADER_ROUTE, NULL, false},
	{"WWW-Authenticate: Digest a=1,ck=\"0\"",
	 IMS_SIP_HEADER_WWW_AUTHENTICATE, "ck", true},
	{"WWW-Authenticate: Digest a=\",ck=0\"",
	 IMS_SIP_HEADER_WWW_AUTHENTICATE, "ck", false},
	{"Security-Client: tls, ipsec-3gpp;spi-c=1",
	 IMS_SIP_HEADER_SECURITY_CLIENT, "spi-c", true},
	{"P-Charging-Vector: icid-value=1", IMS_SIP_HEADER_P_CHARGING_VECTOR,
	 "icid-value", true},
	{"Authentication-Info: a=1, nc=1", IMS_SIP_HEADER_AUTHENTICATION_INFO,
	 "nc", true},
	{"User-Agent: path", IMS_SIP_HEADER_USER_AGENT, "path", false},
	{"X: path", IMS_SIP_HEADER_OTHER, NULL, false},
};

static void things_stand(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(stand); i++) {
		const struct ims_sought sought = {
			.header = stand[i].header,
			.element = ims_slice_of(stand[i].element),
		};
		char *text =
			g_strconcat("REGISTER sip:h SIP/2.0\r\nCall-ID: c\r\n",
				    stand[i].field, "\r\n\r\n", NULL);
		const struct ims_event event = {
			.kind = IMS_EVENT_SIP,
			.bytes = ims_slice_of(text),
		};
		struct ims_facts *facts = ims_facts_new(&event);

		if (ims_message_has(facts, &sought) != stand[i].expected)
			fail_msg("%s: %s", stand[i].field, stand[i].element);
		ims_facts_unref(facts);
		g_free(text);
	}
	assert_false(ims_message_has(NULL, &(const struct ims_sought){0}));
}

struct heard {
	bool wants_steps;
	unsigned n_steps;
	int64_t end_ns;
	unsigned n_known; /* steps with changes */
	unsigned n_changes;
	unsigned n_evidence; /* with changes */
	unsigned n_told;     /* steps of findings */
	unsigned n_failing;
	char refused_by[IMS_ENDPOINT_TEXT];
	char by[IMS_ENDPOINT_TEXT];
};

static bool wants_steps(void *user, const struct ims_registration *r)
{
	struct heard *heard = user;

	assert_int_equal(r->n_steps, 0);
	heard->end_ns = r->end_ns;
	return heard->wants_steps;
}

static void hear_registration(void *user, const struct ims_registration *r)
{
	struct heard *heard = user;

	assert_int_equal(heard->end_ns, r->end_ns);
	heard->n_steps += (unsigned)r->n_steps;
	for (size_t i = 0; i < r->n_steps; i++) {
		const struct ims_changes *changes = r->steps[i].changes;

		heard->n_known += changes != NULL;
		heard->n_changes += changes ? (unsigned)changes->n : 0;
	}
}

static void hear_finding(void *user, const struct ims_finding *f)
{
	struct heard *heard = user;

	for (size_t i = 0; i < f->n_steps; i++) {
		const struct ims_step *s = &f->steps[i];

		/* In order of time, and of requests only. */
		assert_true(i == 0 || s[-1].time_ns <= s->time_ns);
		assert_int_equal(f->rule->scope, IMS_SCOPE_REQUEST);
		heard->n_told++;
		heard->n_failing += s->failing;
		if (ims_slice_is(s->message, "420") && !*heard->refused_by)
			ims_endpoint_format(heard->refused_by,
					    &s->from.endpoint);
	}
	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct ims_evidence *e = &f->evidence[i];

		if (!e->changes ||
		    strcmp(f->rule->slug, "sip_bad_extension") != 0)
			continue;
		heard->n_evidence++;
		ims_endpoint_format(heard->by, &e->by.endpoint);
	}
}

/* A registration from leg to leg, and a call that is refused behind the
   P-CSCF, which had put the option-tag in. */
static struct heard hear(bool changes, bool steps, bool request_steps)
{
	const struct ims_options options = {
		.changes = changes,
		.request_steps = request_steps,
	};
	struct heard heard = {.wants_steps = steps};
	const struct ims_sink sink = {
		.user = &heard,
		.wants_steps = wants_steps,
		.registration = hear_registration,
		.finding = hear_finding,
	};
	struct story *story = story_new(NULL);

	ims_engine_free(story->engine);
	story->engine = ims_engine_new(&options, &sink);
	sip(story, 0.0, "ue", "p", "REGISTER 1 c via=u client=x");
	sip(story, 0.1, "p", "s", "REGISTER 1 c via=p/u require=path");
	sip(story, 0.6, "p", "s", "REGISTER 1 c via=p/u require=path");
	sip(story, 0.7, "s", "p", "200 1 c via=p/u totag=t");
	sip(story, 0.8, "p", "ue", "200 1 c via=u totag=t");
	sip(story, 1.0, "ue", "p", "INVITE 1 d via=u1 from=alice to=bob");
	sip(story, 1.1, "p", "as",
	    "INVITE 1 d via=p1/u1 from=alice to=bob require=odd");
	sip(story, 1.2, "as", "p",
	    "420 1 d method=INVITE via=p1/u1 from=alice to=bob totag=t "
	    "unsupported=odd");
	sip(story, 1.3, "p", "ue",
	    "420 1 d method=INVITE via=u1 from=alice to=bob totag=t "
	    "unsupported=odd");
	story_end(story);
	story_free(story);
	return heard;
}

static void front_ends_get_them(void **state)
{
	struct heard heard = hear(true, true, false);

	(void)state;
	/* The REGISTER behind the P-CSCF, twice, and the 200 in front of it. */
	assert_int_equal(heard.n_steps, 5);
	assert_int_equal(heard.n_known, 3);
	assert_int_equal(heard.n_changes, 4);
	assert_int_equal(heard.n_evidence, 1);
	assert_string_equal(heard.by, "10.0.0.1:5060");
	heard = hear(false, true, false);
	assert_int_equal(heard.n_known, 0);
	assert_int_equal(heard.n_evidence, 1);
	heard = hear(true, false, false);
	assert_int_equal(heard.n_steps, 0);
	assert_int_equal(heard.n_evidence, 1);
	assert_int_equal(heard.n_told, 0);
}

/* The refused request and its responses on both legs. */
static void findings_have_their_request(void **state)
{
	struct heard heard = hear(false, false, true);

	(void)state;
	assert_int_equal(heard.n_told, 4);
	assert_true(heard.n_failing > 0 && heard.n_failing < 4);
	assert_string_equal(heard.refused_by, "10.0.0.4:5080");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_are_found),
		cmocka_unit_test(changes_of_hops),
		cmocka_unit_test(things_are_traced),
		cmocka_unit_test(nobody_is_accused),
		cmocka_unit_test(things_stand),
		cmocka_unit_test(front_ends_get_them),
		cmocka_unit_test(findings_have_their_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
