// SPDX-License-Identifier: GPL-2.0-or-later
/* Third-party REGISTERs that profiles ask for: what meets them, the bounds. */
#include "awaited.h"

#include <glib.h>

#include "servers.h"
#include "unit.h"

#define SECOND ((int64_t)1000000000)

#define MADE_MAX 64

/* A first registration, and what it is made of. */
struct made {
	struct ims_profile_identity identities[MADE_MAX];
	struct ims_profile_ifc ifcs[MADE_MAX];
	char *texts[2 * MADE_MAX];
	struct ims_diameter_facts sar, saa;
	struct ims_facts request, answer, final;
	struct ims_cx cx;
	struct ims_cx *exchanges[1];
	struct ims_attempt attempt;
};

/* Assigned at `at_ns`, its 200 a second later; servers are sip:as0@h... */
static void made_init(struct made *m, const char *impu, unsigned n_servers,
		      int64_t at_ns)
{
	*m = (struct made){
		.sar = {.assignment_type = 1},
		.saa = {.profile = {.well_formed = true,
				    .is_subscription = true,
				    .n_identities = 1,
				    .n_ifcs = n_servers}},
		.request = {.time_ns = at_ns},
		.answer = {.time_ns = at_ns},
		.final = {.time_ns = at_ns + SECOND},
		.cx = {.command = IMS_COMMAND_SA},
		.attempt = {.kind = IMS_KIND_INITIAL,
			    .ims = true,
			    .outcome = IMS_OUTCOME_REGISTERED,
			    .impu = ims_slice_of(impu),
			    .n_exchanges = 1},
	};
	ims_identity_read(&m->attempt.impu_read, m->attempt.impu);
	m->identities[0].uri = m->attempt.impu;
	for (unsigned i = 0; i < n_servers; i++) {
		m->texts[i] = g_strdup_printf("sip:as%u@h", i);
		m->ifcs[i].server = ims_slice_of(m->texts[i]);
		m->ifcs[i].on_first_register = true;
	}
	m->saa.profile.identities = m->identities;
	m->saa.profile.ifcs = m->ifcs;
	m->request.diameter = &m->sar;
	m->answer.diameter = &m->saa;
	m->cx.request = &m->request;
	m->cx.answer = &m->answer;
	m->cx.about.request_time_ns = at_ns;
	m->cx.about.result.container = IMS_RESULT_CODE;
	m->cx.about.result.code = 2001;
	m->exchanges[0] = &m->cx;
	m->attempt.exchanges = m->exchanges;
	m->attempt.final = &m->final;
	m->attempt.scscf_node.endpoint.address.family = 4;
}

static void made_note(struct ims_awaited *a, struct made *m)
{
	ims_awaited_note(a, &m->attempt);
	for (unsigned i = 0; i < G_N_ELEMENTS(m->texts); i++)
		g_free(m->texts[i]);
}

static void registers(struct ims_awaited *a, const char *impu,
		      unsigned n_servers, int64_t at_ns)
{
	struct made m;

	made_init(&m, impu, n_servers, at_ns);
	made_note(a, &m);
}

/* A third-party REGISTER for `impu` to `server` (NULL: not captured), whose
   address ends in `address`. */
static void comes(struct ims_awaited *a, const char *impu, const char *server,
		  uint8_t address, int64_t at_ns)
{
	struct ims_sip_facts sip = {
		.request_uri = {.uri = ims_slice_of(server)}};
	struct ims_facts request = {.sip = &sip};
	struct ims_hop hop = {
		.depth = 1,
		.request = server ? &request : NULL,
		.to.endpoint.address = {.family = 4, .bytes = {10, 0, 0}},
	};
	struct ims_hop *hops[] = {&hop};
	struct ims_journey journey = {.hops = hops, .n_hops = 1};
	struct ims_journey *journeys[] = {&journey};
	struct ims_attempt attempt = {
		.kind = IMS_KIND_THIRD_PARTY,
		.impu = ims_slice_of(impu),
		.journeys = journeys,
		.n_journeys = 1,
		.start_ns = at_ns,
	};

	ims_identity_read(&attempt.impu_read, attempt.impu);
	hop.to.endpoint.address.bytes[3] = address;
	ims_awaited_note(a, &attempt);
}

static unsigned count(struct ims_awaited *a)
{
	const struct ims_expectation *e = NULL;
	unsigned n = 0;

	while ((e = ims_awaited_next(a, e)))
		n++;
	return n;
}

static int they_begin(void **state)
{
	*state = ims_awaited_new();
	return 0;
}

static int they_end(void **state)
{
	ims_awaited_free(*state);
	return 0;
}

static void what_came_is_awaited_no_longer(void **state)
{
	registers(*state, "sip:a@h", 2, 0);
	assert_int_equal(count(*state), 2);
	comes(*state, "sip:b@h", "sip:as0@h", 1, 2 * SECOND);
	assert_int_equal(count(*state), 2);
	comes(*state, "sip:a@h", "sip:as0@h", 1, 2 * SECOND);
	assert_int_equal(count(*state), 1);
	/* It names none of theirs, so it may be for any. */
	comes(*state, "sip:a@h", "sip:other@h", 1, 3 * SECOND);
	assert_int_equal(count(*state), 0);
}

static void what_came_before_the_200_was_heard_counts(void **state)
{
	comes(*state, "sip:a@h", "sip:as0@h", 1, SECOND);
	registers(*state, "sip:a@h", 2, SECOND);
	assert_int_equal(count(*state), 1);
	/* What came before the assignment does not. */
	comes(*state, "sip:b@h", "sip:as0@h", 1, SECOND);
	registers(*state, "sip:b@h", 1, SECOND + 1);
	assert_int_equal(count(*state), 2);
}

static void what_comes_late_is_of_another_occasion(void **state)
{
	registers(*state, "sip:a@h", 1, 0);
	registers(*state, "sip:b@h", 1, 0);
	comes(*state, "sip:a@h", "sip:as0@h", 1, 33 * SECOND);
	comes(*state, "sip:b@h", "sip:as0@h", 1, 33 * SECOND + 1);
	assert_int_equal(count(*state), 1);
	assert_string_equal(ims_awaited_next(*state, NULL)->impu, "sip:b@h");
}

/* The absence of one is told once, however often the user registers. */
static void one_is_awaited_once(void **state)
{
	for (int i = 0; i < 100; i++)
		registers(*state, "sip:a@h", 1, i * SECOND);
	assert_int_equal(count(*state), 1);
}

static void only_the_profile_of_a_first_registration_asks(void **state)
{
	struct made m;

	made_init(&m, "sip:a@h", 1, 0);
	m.sar.assignment_type = 2;
	made_note(*state, &m);
	made_init(&m, "sip:a@h", 1, 0);
	m.saa.profile.well_formed = false;
	made_note(*state, &m);
	made_init(&m, "sip:a@h", 1, 0);
	m.identities[0].barred = true;
	made_note(*state, &m);
	made_init(&m, "sip:a@h", 1, 0);
	m.ifcs[0].service_profile = 1;
	made_note(*state, &m);
	made_init(&m, "sip:a@h", 1, 0);
	m.ifcs[0].on_first_register = false;
	made_note(*state, &m);
	made_init(&m, "sip:a@h", 1, 0);
	m.cx.about.result.code = 5012;
	made_note(*state, &m);
	made_init(&m, "sip:a@h", 1, 0);
	m.attempt.scscf_node.endpoint.address.family = 0;
	made_note(*state, &m);
	assert_int_equal(count(*state), 0);
}

/* Beyond the bound the oldest goes. */
static void so_many_are_awaited_at_once(void **state)
{
	char impu[32];

	for (unsigned i = 0; i < IMS_AWAITED_MAX + 10; i++) {
		g_snprintf(impu, sizeof(impu), "sip:%u@h", i);
		registers(*state, impu, 1, 0);
	}
	assert_int_equal(count(*state), IMS_AWAITED_MAX);
	assert_string_equal(ims_awaited_next(*state, NULL)->impu, "sip:10@h");
	/* Those that went are met no more, and nothing is left of them. */
	comes(*state, "sip:0@h", "sip:as0@h", 1, SECOND);
	assert_int_equal(count(*state), IMS_AWAITED_MAX);
}

/* One profile alone may ask for more than there is room for. */
static void a_profile_may_ask_for_many(void **state)
{
	for (unsigned i = 0; i < 2 * IMS_AWAITED_MAX / MADE_MAX; i++) {
		char impu[32];

		g_snprintf(impu, sizeof(impu), "sip:%u@h", i);
		registers(*state, impu, MADE_MAX, 0);
	}
	assert_int_equal(count(*state), IMS_AWAITED_MAX);
}

static void a_profile_may_name_many(void **state)
{
	struct made m;

	made_init(&m, "sip:a@h", 1, 0);
	m.saa.profile.n_identities = MADE_MAX;
	for (unsigned i = 1; i < MADE_MAX; i++) {
		m.texts[i] = g_strdup_printf("sip:a%u@h", i);
		m.identities[i].uri = ims_slice_of(m.texts[i]);
	}
	made_note(*state, &m);
	assert_int_equal(ims_awaited_next(*state, NULL)->n_identities,
			 IMS_AWAITED_MAX_IDENTITIES);
	/* It may come for any of those that are kept. */
	comes(*state, "sip:a15@h", "sip:as0@h", 1, SECOND);
	assert_int_equal(count(*state), 0);
}

/* What came for too many is forgotten, and nobody is accused for that. */
static void beyond_the_bound_nothing_is_awaited(void **state)
{
	char impu[32];

	registers(*state, "sip:a@h", 1, 0);
	for (unsigned i = 0; i < IMS_AWAITED_MAX_CAME; i++) {
		g_snprintf(impu, sizeof(impu), "sip:%u@h", i);
		comes(*state, impu, NULL, 1, SECOND);
	}
	assert_int_equal(count(*state), 1);
	comes(*state, "sip:b@h", NULL, 1, SECOND);
	assert_int_equal(count(*state), 0);
}

/* More came for one identity than are kept: the first may be among those. */
static void what_is_forgotten_may_have_come(void **state)
{
	for (unsigned i = 0; i <= IMS_AWAITED_CAME_KEPT; i++) {
		char server[32];

		g_snprintf(server, sizeof(server), "sip:as%u@h", i);
		comes(*state, "sip:a@h", server, 1, SECOND + i);
	}
	registers(*state, "sip:a@h", IMS_AWAITED_CAME_KEPT + 1, SECOND);
	assert_int_equal(count(*state), 0);
	/* Not where what was forgotten came before the assignment. */
	for (unsigned i = 0; i <= IMS_AWAITED_CAME_KEPT; i++)
		comes(*state, "sip:b@h", "sip:as1@h", 1, i);
	registers(*state, "sip:b@h", 1, SECOND);
	assert_int_equal(count(*state), 1);
}

static void so_many_addresses_are_known(void **state)
{
	const struct ims_expectation *e;
	char server[32];

	comes(*state, "sip:b@h", "sip:as0@h", 7, 0);
	registers(*state, "sip:a@h", 1, 0);
	e = ims_awaited_next(*state, NULL);
	assert_int_equal(e->address.family, 4);
	assert_int_equal(e->address.bytes[3], 7);
	for (unsigned i = 1; i < IMS_SERVERS_MAX; i++) {
		g_snprintf(server, sizeof(server), "sip:x%u@h", i);
		comes(*state, "sip:b@h", server, 1, 0);
	}
	registers(*state, "sip:c@h", 1, 0);
	comes(*state, "sip:b@h", "sip:x0@h", 1, 0);
	e = ims_awaited_next(*state, NULL);
	/* The one is told already; the other's is known no more. */
	assert_int_equal(e->address.family, 4);
	assert_int_equal(ims_awaited_next(*state, e)->address.family, 0);
}

static void a_name_may_be_an_address(void **state)
{
	static const struct {
		const char *server;
		unsigned family;
	} cases[] = {
		{"sip:10.1.2.3:5060", 4},
		{"sip:as@10.1.2.3", 4},
		{"sip:[2001:db8::1]:5060", 6},
		{"sip:as.h:5060", 0},
		{"sip::", 0},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct ims_awaited *a = ims_awaited_new();
		const struct ims_expectation *e;
		struct made m;

		made_init(&m, "sip:a@h", 1, 0);
		m.ifcs[0].server = ims_slice_of(cases[i].server);
		made_note(a, &m);
		e = ims_awaited_next(a, NULL);
		if (!e || e->address.family != cases[i].family)
			fail_msg("%s", cases[i].server);
		ims_awaited_free(a);
	}
	(void)state;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, they_begin, they_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_came_is_awaited_no_longer),
		TEST(what_came_before_the_200_was_heard_counts),
		TEST(what_comes_late_is_of_another_occasion),
		TEST(one_is_awaited_once),
		TEST(only_the_profile_of_a_first_registration_asks),
		TEST(so_many_are_awaited_at_once),
		TEST(a_profile_may_ask_for_many),
		TEST(a_profile_may_name_many),
		TEST(beyond_the_bound_nothing_is_awaited),
		TEST(what_is_forgotten_may_have_come),
		TEST(so_many_addresses_are_known),
		TEST(a_name_may_be_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
