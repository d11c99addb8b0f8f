// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings of an attempt: its one cause, its echoes; and what stands. */
#include "story.h"

#include "core.h"
#include "draft.h"

#define NONCE "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
#define SERVER                                                            \
	"ipsec-3gpp;alg=hmac-sha-1-96;spi-c=4096;spi-s=4097;port-c=5100;" \
	"port-s=5200"
#define CLIENT                                                            \
	"ipsec-3gpp;alg=hmac-sha-1-96;spi-c=1000;spi-s=1001;port-c=7100;" \
	"port-s=7200"

static unsigned count_causes(const struct story *story)
{
	unsigned n = 0;

	for (unsigned i = 0; i < story->findings->len; i++)
		n += told_finding_at(story, i)->is_cause;
	return n;
}

static void a_failure_has_one_cause_and_no_echo(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;
	unsigned failing = 0;

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
	cx(story, 0.1, "i", "hss", "UAR 1 impi=alice impu=alice uat=0");
	cx(story, 0.2, "hss", "i", "UAA 1 exp=5001");
	sip(story, 0.3, "p", "ue", "403 1 c via=u1 totag=t");
	summary = story_end(story);
	assert_string_equal(told(story, 0)->cause, "cx_user_unknown");
	assert_int_equal(count_causes(story), 1);
	assert_false(has_finding(story, "register_rejected"));
	assert_true(summary->has_errors);
	assert_int_equal(summary->registrations[IMS_OUTCOME_REJECTED], 1);
	for (size_t i = 0; i < summary->n_rules; i++)
		if (summary->rules[i].causes)
			assert_string_equal(summary->rules[i].rule->slug,
					    "cx_user_unknown");
	for (size_t i = 0; i < told(story, 0)->n_steps; i++)
		if (told(story, 0)->steps[i].failing)
			failing |= 1u << told(story, 0)->steps[i].frame.number;
	assert_true(failing & 1u << 3); /* the UAA */
	story_free(story);
}

/* A capture may say that it ended at any time. */
static void a_clock_beyond_all_times_is_borne(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
	ims_engine_clock(story->engine, INT64_MAX);
	sip(story, 1, "ue", "p", "REGISTER 1 d via=u2");
	sip(story, 1.1, "ue", "p", "INVITE 1 e via=u3");
	sip(story, 1.2, "p", "ue", "486 1 e via=u3 method=INVITE totag=t");
	ims_engine_clock(story->engine, INT64_MIN);
	story_end(story);
	assert_int_equal(story->registrations->len, 2);
	story_free(story);
}

static void an_echo_that_nothing_explains_is_the_cause(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p", "REGISTER 1 c via=u1");
	sip(story, 0.3, "p", "ue", "403 1 c via=u1 totag=t");
	story_end(story);
	assert_string_equal(told(story, 0)->cause, "register_rejected");
	assert_int_equal(count_causes(story), 1);
	story_free(story);
}

static void success_has_no_cause(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	cx(story, 0.1, "i", "hss", "UAR 1 impi=alice impu=alice uat=0");
	cx(story, 0.2, "hss", "i", "UAA 1 exp=5001");
	sip(story, 0.3, "ue", "p", "REGISTER 1 c via=u1");
	sip(story, 0.4, "p", "ue", "200 1 c via=u1 totag=t");
	story_end(story);
	assert_int_equal(story->registrations->len, 1);
	assert_null(told(story, 0)->cause);
	assert_int_equal(count_causes(story), 0);
	story_free(story);
}

static const struct ims_binding *binding_of(struct story *story,
					    const char *identity)
{
	return ims_bindings_find(story->engine->bindings,
				 ims_slice_of(identity), story->engine->now_ns);
}

static void registered(struct story *story, double at, const char *expires)
{
	char what[512];

	sip(story, at, "ue", "p", "REGISTER 1 c via=u1 client=" CLIENT);
	sip(story, at + 0.1, "p", "ue",
	    "401 1 c via=u1 chal=" NONCE " server=" SERVER);
	sip(story, at + 0.2, "ue", "p", "REGISTER 2 c via=u2 auth=" NONCE);
	g_snprintf(what, sizeof(what), "200 2 c via=u2 totag=t expires=%s",
		   expires);
	sip(story, at + 0.3, "p", "ue", what);
	go_on(story, at + 3);
	ims_window_flush(story->engine->window);
}

static void what_stands_is_remembered(void **state)
{
	struct story *story = story_new(NULL);
	struct ims_address ue = node_at("ue").address;
	const struct ims_binding *b;

	(void)state;
	registered(story, 0, "600");
	b = binding_of(story, "sip:alice@" STORY_DOMAIN ":5060");
	assert_non_null(b);
	assert_ptr_equal(b, binding_of(story, "alice@" STORY_DOMAIN));
	assert_ptr_equal(b, ims_bindings_at(story->engine->bindings, &ue,
					    story->engine->now_ns));
	assert_string_equal(b->call_id, "c");
	assert_string_equal(b->impu, "sip:alice@" STORY_DOMAIN);
	assert_int_equal(b->registration, 1);
	assert_int_equal(b->since_ns, STORY_EPOCH);
	assert_int_equal(b->expires_ns, STORY_EPOCH + 600300000000);
	assert_string_equal(b->security_server[0], SERVER);
	assert_null(b->security_server[1]);
	assert_int_equal(b->pcscf_port_c, 5100);
	assert_int_equal(b->pcscf_port_s, 5200);
	assert_int_equal(b->ue_port_c, 7100);
	assert_int_equal(b->ue_port_s, 7200);
	go_on(story, 700);
	ims_window_flush(story->engine->window);
	assert_null(binding_of(story, "alice@" STORY_DOMAIN));
	story_free(story);
}

/* A challenge that the UE's leg does not show leaves nothing to compare. */
static void an_agreement_that_was_not_seen_is_forgotten(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_binding *b;

	(void)state;
	registered(story, 0, "600000");
	sip(story, 10, "ue", "p", "REGISTER 3 c via=u3");
	sip(story, 10.1, "s", "p", "401 3 c via=p3/u3 chal=" NONCE);
	sip(story, 10.2, "ue", "p", "REGISTER 4 c via=u4 auth=" NONCE);
	sip(story, 10.3, "p", "ue", "200 4 c via=u4 totag=t");
	go_on(story, 20);
	ims_window_flush(story->engine->window);
	b = binding_of(story, "alice@" STORY_DOMAIN);
	assert_non_null(b);
	assert_null(b->security_server);
	assert_int_equal(b->ue_port_s, 0);
	assert_int_equal(b->registration, 2);
	story_free(story);
}

static void what_has_ended_stands_no_longer(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	registered(story, 0, "600000");
	sip(story, 10, "ue", "p", "REGISTER 3 c via=u3 expires=0");
	sip(story, 10.1, "p", "ue", "200 3 c via=u3 totag=t");
	go_on(story, 20);
	ims_window_flush(story->engine->window);
	assert_null(binding_of(story, "alice@" STORY_DOMAIN));
	story_free(story);
}

static void the_contact_asked_for_has_its_expires(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	sip(story, 0, "ue", "p",
	    "REGISTER 1 c via=u1 contact=<sip:a@10.9.0.1>;expires=3600");
	sip(story, 0.1, "p", "ue",
	    "200 1 c via=u1 totag=t contact=<sip:a@10.9.0.7>;expires=77,"
	    "<sip:a@10.9.0.1>;expires=1800");
	story_end(story);
	assert_int_equal(told(story, 0)->expires, 1800);
	story_free(story);
}

static const struct ims_fact_key keys[] = {
	{"number", IMS_FACT_INTEGER, ""},
	{"text", IMS_FACT_STRING, ""},
	{"list", IMS_FACT_STRINGS, ""},
	{NULL, 0, NULL},
};

static void drafts_keep_evidence_in_order(void **state)
{
	static const struct ims_rule rule = {
		.slug = "x", .severity = IMS_SEVERITY_WARNING, .facts = keys};
	struct ims_check check = {
		.rule = &rule,
		.drafts = ims_drafts_new(),
	};
	struct ims_facts facts[3] = {
		{.frame = {0, 9}, .time_ns = 30},
		{.frame = {0, 7}, .time_ns = 10},
		{.frame = {1, 7}, .time_ns = 20},
	};
	struct ims_slice words[] = {ims_slice_of("a"), {0}};
	struct ims_draft *draft = ims_fire(&check);

	(void)state;
	assert_int_equal(ims_draft_time(draft), INT64_MAX);
	for (unsigned i = 0; i < 3; i++)
		ims_draft_evidence(draft, &facts[i], "says %u", i);
	ims_draft_evidence(draft, &facts[1], "again");
	ims_draft_evidence(draft, NULL, "nothing");
	assert_int_equal(draft->n_evidence, 3);
	assert_int_equal(ims_draft_time(draft), 10);
	for (unsigned i = 0; i < 3; i++) {
		const struct ims_evidence *e = &draft->evidence[i];
		static const char *const sayings[] = {"says 1", "says 2",
						      "says 0"};

		assert_int_equal(e->time_ns, 10 * (i + 1));
		assert_true(ims_slice_is(e->saying, sayings[i]));
	}
	ims_draft_integer(draft, "number", 5);
	ims_draft_text(draft, "text", NULL);
	ims_draft_text(draft, "text", "t");
	ims_draft_strings(draft, "list", words, 2);
	assert_int_equal(draft->n_facts, 3);
	ims_draft_summary(draft, "%s", "one");
	ims_draft_summary(draft, "%s", "two");
	assert_true(ims_slice_is(draft->summary, "two"));
	ims_drafts_free(check.drafts);
}

static void evidence_is_bounded(void **state)
{
	static const struct ims_rule rule = {.slug = "x"};
	struct ims_check check = {
		.rule = &rule,
		.drafts = ims_drafts_new(),
	};
	struct ims_draft *draft = ims_fire(&check);

	(void)state;
	for (unsigned i = 0; i < IMS_DRAFT_MAX_EVIDENCE + 5; i++) {
		struct ims_facts facts = {.frame = {0, i + 1}};

		ims_draft_evidence(draft, &facts, NULL);
	}
	assert_int_equal(draft->n_evidence, IMS_DRAFT_MAX_EVIDENCE);
	ims_drafts_free(check.drafts);
}

/* What messages are held is counted, and all of it is let go. */
static void held_messages_are_accounted_for(void **state)
{
	struct story *story = story_new(NULL);

	(void)state;
	registered(story, 0, "600");
	sip(story, 10, "ue", "p", "INVITE 1 x via=i1");
	cx(story, 10, "hss", "s", "RTR 1 impi=bob origin=hss");
	assert_true(story->engine->held > 1000);
	go_on(story, 100);
	go_on(story, 200);
	go_on(story, 300);
	ims_window_flush(story->engine->window);
	/* The last watchdogs, at most. */
	assert_in_range(story->engine->held, 0, 16384);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_has_one_cause_and_no_echo),
		cmocka_unit_test(a_clock_beyond_all_times_is_borne),
		cmocka_unit_test(an_echo_that_nothing_explains_is_the_cause),
		cmocka_unit_test(success_has_no_cause),
		cmocka_unit_test(what_stands_is_remembered),
		cmocka_unit_test(an_agreement_that_was_not_seen_is_forgotten),
		cmocka_unit_test(what_has_ended_stands_no_longer),
		cmocka_unit_test(the_contact_asked_for_has_its_expires),
		cmocka_unit_test(drafts_keep_evidence_in_order),
		cmocka_unit_test(evidence_is_bounded),
		cmocka_unit_test(held_messages_are_accounted_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
