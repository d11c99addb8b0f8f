// SPDX-License-Identifier: GPL-2.0-or-later
/* What the capture itself shows: its bounds, and what excuses whom. */
#include "story.h"

#include "core.h"
#include "observed_parts.h"

#define MS  INT64_C(1000000)
#define SEC (1000 * MS)

static struct ims_endpoint endpoint(uint32_t number, uint16_t port)
{
	struct ims_endpoint at = {.address.family = 4, .port = port};

	for (unsigned i = 0; i < 4; i++)
		at.address.bytes[i] = (uint8_t)(number >> (24 - 8 * i));
	return at;
}

static struct ims_facts event(enum ims_event_kind kind, uint32_t from,
			      uint32_t to)
{
	static uint64_t number;

	number++;
	return (struct ims_facts){
		.kind = kind,
		.transport = IMS_TRANSPORT_TCP,
		.frame.number = number,
		.time_ns = (int64_t)number * MS,
		.source = endpoint(from, 40000),
		.destination = endpoint(to, 5060),
	};
}

static void see(struct ims_observation *o, enum ims_event_kind kind,
		uint32_t from, uint32_t to)
{
	struct ims_facts facts = event(kind, from, to);

	ims_observe(o, &facts);
}

/* A million legs of which one side is heard; then one that is whole. */
static void legs_are_bounded(void **state)
{
	struct ims_observation *o = ims_observation_new();

	(void)state;
	for (uint32_t i = 0; i < 1000000; i++)
		see(o, IMS_EVENT_ESP, i + 2, 1);
	assert_int_equal(o->legs.n + o->whole_legs.n, IMS_OBSERVED_MAX_LEGS);
	assert_int_equal(ims_observation_let_go(o),
			 1000000 - IMS_OBSERVED_MAX_LEGS);
	ims_observation_free(o);
}

/* Those of which both sides are heard make room for others, unsaid. */
static void whole_legs_are_forgotten(void **state)
{
	struct ims_observation *o = ims_observation_new();

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		see(o, IMS_EVENT_ESP, i + 2, 1);
		see(o, IMS_EVENT_ESP, 1, i + 2);
	}
	assert_int_equal(o->legs.n + o->whole_legs.n, IMS_OBSERVED_MAX_LEGS);
	assert_int_equal(ims_observation_let_go(o), 0);
	/* One address with itself is no leg. */
	see(o, IMS_EVENT_ESP, 1, 1);
	assert_int_equal(o->legs.n + o->whole_legs.n, IMS_OBSERVED_MAX_LEGS);
	ims_observation_free(o);
}

static void losses_are_bounded(void **state)
{
	struct ims_observation *o = ims_observation_new();
	const struct ims_observed_loss *losses;
	unsigned n;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		struct ims_facts facts = event(IMS_EVENT_GAP, 2, 1);

		facts.frame.capture = i % 1000;
		facts.missing = 10;
		facts.time_ns = i * MS;
		ims_observe(o, &facts);
	}
	losses = ims_observed_losses(o, &n);
	assert_int_equal(n, IMS_OBSERVED_MAX_LOSSES);
	assert_int_equal(losses[0].kind, IMS_LOSS_STREAM);
	assert_int_equal(losses[0].n, 100);
	assert_int_equal(losses[0].missing, 1000);
	assert_int_equal(losses[0].sightings.n, IMS_OBSERVED_SIGHTINGS);
	assert_int_equal(losses[0].sightings.last.time_ns, 99000 * MS);
	assert_int_equal(ims_observation_let_go(o),
			 100 * (1000 - IMS_OBSERVED_MAX_LOSSES));
	ims_observation_free(o);
}

static void servers_under_tls_are_bounded(void **state)
{
	struct ims_observation *o = ims_observation_new();
	const struct ims_observed_tls *tls;
	unsigned n;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		see(o, IMS_EVENT_TLS, 100000 + i, 1);
		see(o, IMS_EVENT_TLS, 5000, 200000 + i);
	}
	tls = ims_observed_tls(o, &n);
	assert_int_equal(n, IMS_OBSERVED_MAX_TLS);
	assert_int_equal(tls[0].server.port, 5060);
	assert_int_equal(tls[0].n, 1000);
	assert_int_equal(tls[0].n_clients, IMS_OBSERVED_CLIENTS);
	assert_true(tls[0].more_clients);
	assert_int_equal(tls[1].n_clients, 1);
	assert_false(tls[1].more_clients);
	ims_observation_free(o);
}

static unsigned count_dials(const struct ims_observation *o)
{
	GPtrArray *dials = ims_observed_dials(o);
	unsigned n = dials->len;

	g_ptr_array_free(dials, TRUE);
	return n;
}

/* SYNs of which nothing is known make room before those that were refused. */
static void dials_are_bounded(void **state)
{
	struct ims_observation *o = ims_observation_new();

	(void)state;
	for (uint32_t i = 0; i < 10; i++) {
		struct ims_facts refusal =
			event(IMS_EVENT_CONNECTION_REFUSED, 1, i + 2);

		see(o, IMS_EVENT_CONNECTION_OPENING, i + 2, 1);
		refusal.source.port = 5060;
		refusal.destination.port = 40000;
		ims_observe(o, &refusal);
	}
	assert_int_equal(count_dials(o), 10);
	for (uint32_t i = 0; i < 1000000; i++)
		see(o, IMS_EVENT_CONNECTION_OPENING, i + 100, 1);
	assert_int_equal(g_hash_table_size(o->dials), IMS_OBSERVED_MAX_DIALS);
	assert_int_equal(count_dials(o), 10);
	assert_int_equal(ims_observation_let_go(o), 0);
	/* Three SYNs each: all of them were in vain. */
	for (uint32_t i = 0; i < 3 * IMS_OBSERVED_MAX_DIALS; i++)
		see(o, IMS_EVENT_CONNECTION_OPENING, i / 3 + 100, 1);
	assert_int_equal(count_dials(o), IMS_OBSERVED_MAX_DIALS);
	assert_int_equal(ims_observation_let_go(o), 10);
	ims_observation_free(o);
}

static void what_is_accepted_leaves_nothing(void **state)
{
	struct ims_observation *o = ims_observation_new();
	struct ims_facts accepted = event(IMS_EVENT_CONNECTION_OPENED, 1, 2);
	struct ims_facts other = event(IMS_EVENT_CONNECTION_OPENING, 2, 1);

	(void)state;
	accepted.source.port = 5060;
	accepted.destination.port = 40000;
	for (unsigned i = 0; i < 3; i++)
		see(o, IMS_EVENT_CONNECTION_OPENING, 2, 1);
	assert_int_equal(count_dials(o), 1);
	ims_observe(o, &accepted);
	assert_int_equal(g_hash_table_size(o->dials), 0);
	other.destination.port = 8080; /* none of SIP */
	ims_observe(o, &other);
	assert_int_equal(g_hash_table_size(o->dials), 0);
	other.protected = true; /* unless under a security agreement */
	ims_observe(o, &other);
	assert_int_equal(g_hash_table_size(o->dials), 1);
	ims_observation_free(o);
}

/* A transmission of a request in fragments, or what may follow it. */
static struct ims_facts *told_sip(enum ims_event_kind kind, const char *text,
				  uint32_t from, uint32_t to)
{
	static int64_t now_ns;
	struct ims_event e = {
		.kind = kind,
		.transport = IMS_TRANSPORT_UDP,
		.frame.number = 1,
		.time_ns = now_ns += SEC,
		.source = endpoint(from, 5060),
		.destination = endpoint(to, 5060),
		.bytes = ims_slice_of(text),
	};
	struct ims_facts *facts = ims_facts_new(&e);

	assert_non_null(facts);
	assert_non_null(facts->sip);
	return facts;
}

static void tell(struct ims_observation *o, enum ims_event_kind kind,
		 const char *text, uint32_t from, uint32_t to)
{
	struct ims_facts *facts = told_sip(kind, text, from, to);

	ims_observe(o, facts);
	ims_facts_unref(facts);
}

#define VIA(b) "Via: SIP/2.0/UDP h;branch=z9hG4bK" b "\r\n"
#define REST(c) \
	"From: <sip:a@h>;tag=1\r\nTo: <sip:a@h>\r\nCall-ID: c\r\nCSeq: " c
#define ASKED	 "REGISTER sip:h SIP/2.0\r\n" VIA("1") REST("1 REGISTER\r\n")
#define ANSWERED "SIP/2.0 401 No\r\n" VIA("1") REST("1 REGISTER\r\n")

static bool is_in_vain(const struct ims_observation *o)
{
	const GPtrArray *list = ims_observed_partials_of(o, ims_slice_of("c"));

	assert_non_null(list);
	assert_int_equal(list->len, 1);
	return ims_partial_is_in_vain(o, list->pdata[0], INT64_MAX);
}

static void what_follows_excuses(void **state)
{
	static const struct {
		const char *lost;
		const char *text;
		uint32_t from, to;
		bool follows;
	} cases[] = {
		/* of a request: answered, or passed on */
		{ASKED, ANSWERED "\r\n", 2, 1, true},
		{ASKED, ASKED "\r\n", 1, 2, true},
		{ASKED,
		 "REGISTER sip:h SIP/2.0\r\n" VIA("2") VIA("1")
			 REST("1 REGISTER\r\n\r\n"),
		 3, 4, true},
		/* of the leg before it, of another one, of another CSeq */
		{ASKED,
		 "SIP/2.0 504 No\r\n" VIA("0") REST("1 REGISTER\r\n\r\n"), 1, 9,
		 false},
		{ASKED,
		 "REGISTER sip:h SIP/2.0\r\n" VIA("0")
			 REST("1 REGISTER\r\n\r\n"),
		 9, 1, false},
		{ASKED,
		 "REGISTER sip:h SIP/2.0\r\n" VIA("5")
			 REST("2 REGISTER\r\n\r\n"),
		 1, 2, false},
		/* of a response: the asker goes on, or had it whole */
		{ANSWERED, ANSWERED "\r\n", 1, 2, true},
		{ANSWERED,
		 "REGISTER sip:h SIP/2.0\r\n" VIA("5")
			 REST("2 REGISTER\r\n\r\n"),
		 2, 1, true},
		{ANSWERED, ASKED "\r\n", 2, 1, false},
		{ANSWERED,
		 "SIP/2.0 100 Trying\r\n" VIA("1") REST("1 REGISTER\r\n\r\n"),
		 1, 2, false},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct ims_observation *o = ims_observation_new();

		o->has_fragments[0] = true;
		for (unsigned k = 0; k < 3; k++)
			tell(o, IMS_EVENT_FRAGMENT_LOST, cases[i].lost, 1, 2);
		assert_true(is_in_vain(o));
		tell(o, IMS_EVENT_SIP, cases[i].text, cases[i].from,
		     cases[i].to);
		if (is_in_vain(o) == cases[i].follows)
			fail_msg("case %zu", i);
		ims_observation_free(o);
	}
}

/* Twice proves nothing, nor a capture that takes first fragments only; the
   receiver's own word does. */
static void what_proves_a_loss(void **state)
{
	struct ims_observation *o = ims_observation_new();
	struct ims_facts *later;
	struct ims_facts *error;
	struct ims_observed_partial *partial;

	(void)state;
	tell(o, IMS_EVENT_FRAGMENT_LOST, ASKED, 1, 2);
	tell(o, IMS_EVENT_FRAGMENT_LOST, ASKED, 1, 2);
	o->has_fragments[0] = true;
	assert_false(is_in_vain(o));
	tell(o, IMS_EVENT_FRAGMENT_LOST, ASKED, 1, 2);
	assert_true(is_in_vain(o));
	o->has_fragments[0] = false;
	assert_false(is_in_vain(o));
	error = told_sip(IMS_EVENT_ICMP_ERROR, ASKED "\r\n", 2, 1);
	error->icmp_type = 11;
	ims_observe(o, error); /* code 0: of its way, not of fragments */
	assert_false(is_in_vain(o));
	error->icmp_code = 1;
	ims_observe(o, error);
	assert_true(is_in_vain(o));
	partial = ims_observed_partials_of(o, ims_slice_of("c"))->pdata[0];
	assert_string_equal(partial->name, "REGISTER");
	assert_string_equal(partial->impu, "sip:a@h");
	assert_false(ims_partial_is_in_vain(
		o, partial, partial->sightings.last.time_ns + SEC));
	ims_facts_unref(error);
	/* Later fragments without the first: the capture takes them. */
	later = told_sip(IMS_EVENT_FRAGMENT_LOST, ASKED, 1, 2);
	later->source.port = 0;
	later->sip = NULL;
	ims_observe(o, later);
	assert_true(o->has_fragments[0]);
	ims_facts_unref(later);
	ims_observation_free(o);
}

static void partial_messages_are_bounded(void **state)
{
	struct ims_observation *o = ims_observation_new();
	char *long_id = g_strnfill(IMS_OBSERVED_TEXT + 1, 'x');
	char *text;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		text = g_strdup_printf("REGISTER sip:h SIP/2.0\r\n" VIA("%u")
					       REST("%u REGISTER\r\n"),
				       i, i);
		tell(o, IMS_EVENT_FRAGMENT_LOST, text, 1, 2);
		g_free(text);
	}
	assert_int_equal(g_queue_get_length(&o->partial_ages),
			 IMS_OBSERVED_MAX_OF_CALL);
	assert_int_equal(ims_observation_let_go(o),
			 100 - IMS_OBSERVED_MAX_OF_CALL);
	for (unsigned i = 0; i < 20000; i++) {
		text = g_strdup_printf(
			"REGISTER sip:h SIP/2.0\r\n" VIA(
				"1") "Call-ID: %u\r\nCSeq: 1 REGISTER\r\n",
			i);
		tell(o, IMS_EVENT_FRAGMENT_LOST, text, 1, 2);
		g_free(text);
	}
	assert_int_equal(g_queue_get_length(&o->partial_ages),
			 IMS_OBSERVED_MAX_PARTIAL);
	assert_int_equal(g_hash_table_size(o->partials),
			 IMS_OBSERVED_MAX_PARTIAL);
	text = g_strdup_printf(
		"REGISTER sip:h SIP/2.0\r\n" VIA(
			"1") "Call-ID: %s\r\nCSeq: 1 REGISTER\r\n",
		long_id);
	tell(o, IMS_EVENT_FRAGMENT_LOST, text, 1, 2);
	assert_null(ims_observed_partials_of(o, ims_slice_of(long_id)));
	g_free(text);
	g_free(long_id);
	ims_observation_free(o);
}

/* Through the engine: what is not signalling's own makes findings at the
   end, and nothing of a million strangers stays. */
static void the_engine_observes(void **state)
{
	struct story *story = story_new(NULL);
	const struct ims_summary *summary;
	unsigned n = 0;

	(void)state;
	happen(story, IMS_EVENT_GAP, 0, "i", "hss");
	happen(story, IMS_EVENT_TLS, 0, "i", "hss");
	happen(story, IMS_EVENT_DROPS, 0, "i", "hss");
	happen(story, IMS_EVENT_FRAGMENT_LOST, 0, "i", "hss");
	for (uint32_t i = 0; i < 100000; i++) {
		struct ims_event e = story_event(
			story, IMS_EVENT_CONNECTION_OPENING, 1, "ue", "p");

		e.transport = IMS_TRANSPORT_TCP;
		e.source = endpoint(i + 100, 40000);
		assert_true(ims_engine_feed(story->engine, &e));
	}
	summary = story_end(story);
	assert_int_equal(story->registrations->len, 0);
	for (unsigned i = 0; i < story->findings->len; i++)
		n += told_finding_at(story, i)->severity == IMS_SEVERITY_NOTE;
	assert_int_equal(n, 3); /* capture_gap twice, signalling_encrypted */
	assert_int_equal(story->findings->len, 3);
	assert_false(summary->has_errors);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(legs_are_bounded),
		cmocka_unit_test(whole_legs_are_forgotten),
		cmocka_unit_test(losses_are_bounded),
		cmocka_unit_test(servers_under_tls_are_bounded),
		cmocka_unit_test(dials_are_bounded),
		cmocka_unit_test(what_is_accepted_leaves_nothing),
		cmocka_unit_test(what_follows_excuses),
		cmocka_unit_test(what_proves_a_loss),
		cmocka_unit_test(partial_messages_are_bounded),
		cmocka_unit_test(the_engine_observes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
