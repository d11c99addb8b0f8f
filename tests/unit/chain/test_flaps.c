// SPDX-License-Identifier: GPL-2.0-or-later
/* Contacts that register again and again: what counts, and the bounds. */
#include "flaps.h"

#include <glib.h>

#include "unit.h"

#define SECOND ((int64_t)1000000000)
#define MINUTE (60 * SECOND)

/* A settled attempt of one REGISTER, and what it is made of. */
struct made {
	struct ims_sip_contact contact;
	struct ims_sip_facts sip;
	struct ims_facts request;
	struct ims_facts final;
	struct ims_hop hop;
	struct ims_hop *hops[1];
	struct ims_journey journey;
	struct ims_journey *journeys[1];
	struct ims_attempt attempt;
};

static const struct ims_binding stands;

static void made_init(struct made *m, const char *impu, const char *host,
		      int64_t at_ns)
{
	*m = (struct made){
		.contact = {.address = {.host = ims_slice_of(host)}},
		.sip = {.n_contacts = 1},
		.final = {.time_ns = at_ns, .frame = {.number = 1}},
		.hop = {.depth = 1},
		.journey = {.n_hops = 1},
		.attempt = {.kind = IMS_KIND_INITIAL,
			    .outcome = IMS_OUTCOME_REGISTERED,
			    .impu = ims_slice_of(impu),
			    .expires = 3600,
			    .n_journeys = 1},
	};
	ims_identity_read(&m->attempt.impu_read, m->attempt.impu);
	m->sip.contacts = &m->contact;
	m->request.sip = &m->sip;
	m->hop.request = &m->request;
	m->hops[0] = &m->hop;
	m->journey.hops = m->hops;
	m->journeys[0] = &m->journey;
	m->attempt.journeys = m->journeys;
	m->attempt.final = &m->final;
}

/* Registers at a host of its own; whether that is one time too many. */
static bool note(struct ims_flaps *flaps, const char *impu, int64_t at_ns)
{
	struct made m;

	made_init(&m, impu, "10.0.0.1", at_ns);
	return ims_flaps_note(flaps, &m.attempt) != NULL;
}

/* The same while the registration before stands. */
static const struct ims_rounds *note_again(struct ims_flaps *flaps,
					   int64_t at_ns)
{
	struct made m;

	made_init(&m, "sip:a@h", "10.0.0.1", at_ns);
	m.attempt.before = &stands;
	return ims_flaps_note(flaps, &m.attempt);
}

/* Numbers `first` to `first + n - 1`, once each. */
static void note_many(struct ims_flaps *flaps, unsigned first, unsigned n,
		      int64_t at_ns)
{
	for (unsigned i = first; i < first + n; i++) {
		char impu[32];

		g_snprintf(impu, sizeof(impu), "sip:%u@h", i);
		assert_false(note(flaps, impu, at_ns));
	}
}

static int they_begin(void **state)
{
	*state = ims_flaps_new();
	return 0;
}

static int they_end(void **state)
{
	ims_flaps_free(*state);
	return 0;
}

static void three_in_a_minute_are_told_once(void **state)
{
	assert_false(note(*state, "sip:a@h", 0));
	assert_false(note(*state, "sip:a@h", 30 * SECOND));
	assert_false(note(*state, "sip:b@h", 50 * SECOND));
	assert_true(note(*state, "sip:a@h", MINUTE));
	assert_false(note(*state, "sip:a@h", MINUTE + SECOND));
}

/* A UE that deregisters 21 to 32 s after each success. */
static void three_a_minute_apart_are_told_with_deregistrations(void **state)
{
	assert_false(note(*state, "sip:a@h", 0));
	assert_false(note(*state, "sip:a@h", 50 * SECOND));
	assert_true(note(*state, "sip:a@h", 100 * SECOND));
}

static void five_in_a_row_are_told(void **state)
{
	const struct ims_rounds *rounds;

	for (int i = 0; i < 4; i++)
		assert_null(note_again(*state, i * 40 * SECOND));
	rounds = note_again(*state, 160 * SECOND);
	assert_non_null(rounds);
	assert_int_equal(rounds->n, IMS_ROUNDS_KEPT);
	assert_int_equal(rounds->first_ns, 0);
}

/* However long it goes on, the last are kept. */
static void rounds_are_kept_within_their_bound(void **state)
{
	const struct ims_rounds *rounds = NULL;

	for (int i = 0; i < 4; i++)
		assert_null(note_again(*state, i * 50 * SECOND));
	rounds = note_again(*state, 200 * SECOND);
	assert_non_null(rounds);
	for (int i = 5; i < 100; i++)
		assert_null(note_again(*state, i * 50 * SECOND));
	assert_int_equal(rounds->n, 100);
	assert_int_equal(rounds->n_last, IMS_ROUNDS_KEPT);
	assert_int_equal(rounds->last[0].time_ns, 95 * 50 * SECOND);
}

static void a_pause_begins_a_new_row(void **state)
{
	assert_false(note(*state, "sip:a@h", 0));
	assert_false(note(*state, "sip:a@h", 10 * SECOND));
	assert_false(note(*state, "sip:a@h", 10 * SECOND + MINUTE + 1));
	assert_false(note(*state, "sip:a@h", 20 * SECOND + MINUTE));
	assert_true(note(*state, "sip:a@h", 30 * SECOND + MINUTE));
}

/* What stood before may be renewed in time: that is no round. */
static void a_short_registration_may_be_renewed(void **state)
{
	for (int i = 0; i < 20; i++) {
		struct made m;

		made_init(&m, "sip:a@h", "10.0.0.1", i * 20 * SECOND);
		m.attempt.kind = IMS_KIND_REFRESH;
		m.attempt.before = &stands;
		m.attempt.expires = 119;
		assert_null(ims_flaps_note(*state, &m.attempt));
	}
}

static void without_a_deregistration_it_takes_four(void **state)
{
	for (int i = 0; i < 4; i++) {
		struct made m;

		made_init(&m, "sip:a@h", "10.0.0.1", i * 10 * SECOND);
		m.attempt.before = &stands;
		m.attempt.expires = 120;
		assert_true((ims_flaps_note(*state, &m.attempt) != NULL) ==
			    (i == 3));
	}
}

static void the_device_is_known_by_its_instance(void **state)
{
	static const char *const hosts[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};

	for (int i = 0; i < 3; i++) {
		struct made m;

		made_init(&m, "sip:a@h", hosts[i], i * SECOND);
		m.contact.address.params =
			ims_slice_of("q=1;+SIP.instance=\"<urn:gsma:imei:1>\"");
		assert_true((ims_flaps_note(*state, &m.attempt) != NULL) ==
			    (i == 2));
	}
}

/* A contact may say anything, or there is none. */
static void a_contact_may_be_anything(void **state)
{
	static const char *const params[] = {NULL, "", "+sip.instance=\"",
					     "+sip.instance=\"<urn",
					     "+sip.instance=\"\""};

	for (size_t i = 0; i < G_N_ELEMENTS(params); i++) {
		struct wall wall = wall_new(ims_slice_of(params[i]));
		struct made m;

		made_init(&m, NULL, NULL, (int64_t)i * 2 * MINUTE);
		m.contact.address.params = wall.bytes;
		assert_null(ims_flaps_note(*state, &m.attempt));
		m.sip.n_contacts = 0;
		assert_null(ims_flaps_note(*state, &m.attempt));
		m.hop.request = NULL;
		assert_null(ims_flaps_note(*state, &m.attempt));
		wall_free(&wall);
	}
}

static void what_is_over_goes_first(void **state)
{
	note_many(*state, 0, IMS_FLAPS_MAX - 1, 0);
	assert_false(note(*state, "sip:a@h", 2 * MINUTE));
	assert_false(note(*state, "sip:a@h", 2 * MINUTE + 1));
	/* It finds the table full. */
	assert_false(note(*state, "sip:b@h", 2 * MINUTE + 2));
	assert_true(note(*state, "sip:a@h", 2 * MINUTE + 3));
}

/* All of them new: whoever was nearly told is forgotten, not accused. */
static void beyond_the_bound_all_are_forgotten(void **state)
{
	assert_false(note(*state, "sip:a@h", 0));
	assert_false(note(*state, "sip:a@h", 1));
	note_many(*state, 0, IMS_FLAPS_MAX - 1, 2);
	assert_false(note(*state, "sip:b@h", 3));
	assert_false(note(*state, "sip:a@h", 4));
	assert_false(note(*state, "sip:a@h", 5));
	assert_true(note(*state, "sip:a@h", 6));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, they_begin, they_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(three_in_a_minute_are_told_once),
		TEST(three_a_minute_apart_are_told_with_deregistrations),
		TEST(five_in_a_row_are_told),
		TEST(rounds_are_kept_within_their_bound),
		TEST(a_pause_begins_a_new_row),
		TEST(a_short_registration_may_be_renewed),
		TEST(without_a_deregistration_it_takes_four),
		TEST(the_device_is_known_by_its_instance),
		TEST(a_contact_may_be_anything),
		TEST(what_is_over_goes_first),
		TEST(beyond_the_bound_all_are_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
