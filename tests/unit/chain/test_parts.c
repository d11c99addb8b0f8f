// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts that stand alone: timers, window, index, pairs, nodes, proof. */
#include "story.h"

#include "core.h"

struct alarm {
	struct ims_timer timer; /* first */
	unsigned name;
	int64_t again_ns; /* sets itself again, that much later */
};

struct bell {
	struct ims_timers *timers;
	unsigned rung[64];
	unsigned n;
};

static void ring(void *user, struct ims_timer *timer)
{
	struct bell *bell = user;
	struct alarm *alarm = (struct alarm *)timer;

	assert_int_equal(timer->place, 0);
	bell->rung[bell->n++] = alarm->name;
	if (alarm->again_ns)
		ims_timer_set(bell->timers, timer,
			      timer->due_ns + alarm->again_ns);
}

static void timers_fire_in_order(void **state)
{
	static const int64_t dues[] = {50, 20, 90, 20, 70, 10, 60, 30, 80, 40};
	static const unsigned order[] = {5, 1, 3, 7, 9, 0, 6, 4, 8, 2};
	struct bell bell = {.timers = ims_timers_new()};
	struct alarm alarms[10] = {{{0}, 0, 0}};

	(void)state;
	assert_int_equal(ims_timers_due(bell.timers, INT64_MAX), INT64_MAX);
	for (unsigned i = 0; i < 10; i++) {
		alarms[i].name = i;
		alarms[i].timer.fire = ring;
		ims_timer_set(bell.timers, &alarms[i].timer, dues[i]);
	}
	assert_int_equal(ims_timers_due(bell.timers, INT64_MAX), 10);
	ims_timers_run(bell.timers, 9, &bell);
	assert_int_equal(bell.n, 0);
	ims_timers_run(bell.timers, 90, &bell);
	assert_int_equal(bell.n, 10);
	for (unsigned i = 0; i < 10; i++)
		if (dues[order[i]] != 20)
			assert_int_equal(bell.rung[i], order[i]);
	ims_timers_free(bell.timers);
}

static void timers_are_moved_and_stopped(void **state)
{
	struct bell bell = {.timers = ims_timers_new()};
	struct alarm a = {.name = 1, .timer.fire = ring};
	struct alarm b = {.name = 2, .timer.fire = ring};
	struct alarm c = {.name = 3, .timer.fire = ring, .again_ns = 10};

	(void)state;
	ims_timer_stop(bell.timers, &a.timer); /* not set: nothing */
	ims_timer_set(bell.timers, &a.timer, 10);
	ims_timer_set(bell.timers, &b.timer, 20);
	ims_timer_set(bell.timers, &c.timer, 5);
	ims_timer_set(bell.timers, &a.timer, 30);
	ims_timer_stop(bell.timers, &b.timer);
	assert_int_equal(b.timer.place, 0);
	ims_timers_run(bell.timers, 30, &bell);
	assert_int_equal(bell.n, 4);
	assert_int_equal(bell.rung[0], 3); /* at 5, 15, 25 */
	assert_int_equal(bell.rung[2], 3);
	assert_int_equal(bell.rung[3], 1);
	assert_int_equal(ims_timers_due(bell.timers, INT64_MAX), 35);
	ims_timers_free(bell.timers);
}

static void many_timers_keep_their_heap(void **state)
{
	struct bell bell = {.timers = ims_timers_new()};
	struct alarm alarms[64] = {{{0}, 0, 0}};
	uint32_t random = 1;

	(void)state;
	for (unsigned round = 0; round < 1000; round++) {
		struct alarm *alarm;

		random = random * 1664525 + 1013904223;
		alarm = &alarms[random >> 26];
		alarm->timer.fire = ring;
		alarm->name = random >> 26;
		if (random & 0x100)
			ims_timer_set(bell.timers, &alarm->timer,
				      random >> 12 & 0xff);
		else
			ims_timer_stop(bell.timers, &alarm->timer);
	}
	for (int64_t now = 0, n = 0; now < 256; now++) {
		ims_timers_run(bell.timers, now, &bell);
		for (; n < bell.n; n++)
			assert_int_equal(alarms[bell.rung[n]].timer.due_ns,
					 now);
	}
	for (unsigned i = 0; i < 64; i++)
		assert_int_equal(alarms[i].timer.place, 0);
	ims_timers_free(bell.timers);
}

/* Put off again and again, it fires once, at the last time, among others. */
static void timers_are_put_off(void **state)
{
	struct bell bell = {.timers = ims_timers_new()};
	struct alarm a = {.name = 1, .timer.fire = ring};
	struct alarm b = {.name = 2, .timer.fire = ring};

	(void)state;
	ims_timer_set(bell.timers, &b.timer, 15);
	for (int64_t due = 10; due <= 30; due++)
		ims_timer_set(bell.timers, &a.timer, due);
	assert_int_equal(ims_timers_due(bell.timers, 14), INT64_MAX);
	assert_int_equal(ims_timers_due(bell.timers, 15), 15);
	ims_timers_run(bell.timers, 29, &bell);
	assert_int_equal(bell.n, 1);
	assert_int_equal(bell.rung[0], 2);
	ims_timer_set(bell.timers, &a.timer, 20); /* and back */
	assert_int_equal(ims_timers_due(bell.timers, INT64_MAX), 20);
	ims_timers_run(bell.timers, 29, &bell);
	assert_int_equal(bell.n, 2);
	ims_timers_free(bell.timers);
}

struct released {
	int64_t times[16];
	struct ims_facts *facts[16];
	unsigned n;
	unsigned n_copies;
	int64_t copy_ns; /* of the last copy, and of what it is a copy */
	int64_t copied_ns;
};

static void note_released(void *user, struct ims_facts *facts)
{
	struct released *released = user;

	assert_true(released->n < 16);
	released->times[released->n] = facts->time_ns;
	released->facts[released->n++] = facts;
}

static struct ims_facts *esp(int64_t time_ns, uint32_t sequence)
{
	struct ims_event event = {
		.kind = IMS_EVENT_ESP,
		.time_ns = time_ns,
		.source = node_at("ue"),
		.destination = node_at("p"),
		.spi = 1,
		.sequence = sequence,
	};
	struct ims_facts *facts = ims_facts_new(&event);

	assert_non_null(facts);
	return facts;
}

static const struct ims_window_calls noting = {.apply = note_released};

static void released_free(struct released *released)
{
	for (unsigned i = 0; i < released->n; i++)
		ims_facts_unref(released->facts[i]);
}

static void the_window_puts_in_order(void **state)
{
	struct released out = {.n = 0};
	struct ims_window *window = ims_window_new(&noting, &out);

	(void)state;
	ims_window_put(window, esp(30, 1));
	ims_window_put(window, esp(10, 2));
	ims_window_put(window, esp(20, 3));
	assert_int_equal(out.n, 0);
	ims_window_put(window, esp(20 + IMS_WINDOW_NS, 4));
	ims_window_advance(window, 20 + IMS_WINDOW_NS);
	assert_int_equal(out.n, 2);
	ims_window_put(window, esp(15, 5)); /* 20 is out already */
	assert_int_equal(ims_window_late(window), 1);
	assert_int_equal(out.n, 3);
	ims_window_flush(window);
	assert_int_equal(out.n, 5);
	assert_int_equal(out.times[0], 10);
	assert_int_equal(out.times[1], 20);
	assert_int_equal(out.times[2], 15);
	assert_int_equal(out.times[3], 30);
	ims_window_free(window);
	released_free(&out);
}

/* What never came is told when waiting for it ends: that is no disorder. */
static void losses_are_not_late(void **state)
{
	struct released out = {.n = 0};
	struct ims_window *window = ims_window_new(&noting, &out);
	struct ims_facts *lost = esp(10, 2);

	(void)state;
	ims_window_put(window, esp(20, 1));
	ims_window_put(window, esp(30 + IMS_WINDOW_NS, 3));
	lost->kind = IMS_EVENT_FRAGMENT_LOST;
	ims_window_put(window, lost);
	assert_int_equal(out.n, 2);
	assert_int_equal(ims_window_late(window), 0);
	ims_window_put(window, esp(10, 4));
	assert_int_equal(ims_window_late(window), 1);
	ims_window_flush(window);
	ims_window_free(window);
	released_free(&out);
}

static void note_copy(void *user, const struct ims_facts *copy,
		      const struct ims_facts *first)
{
	struct released *out = user;

	out->n_copies++;
	out->copy_ns = copy->time_ns;
	out->copied_ns = first->time_ns;
}

static void copies_are_near_in_time(void **state)
{
	struct released out = {.n = 0};
	const struct ims_window_calls calls = {
		.apply = note_released,
		.copied = note_copy,
	};
	struct ims_window *window = ims_window_new(&calls, &out);

	(void)state;
	ims_window_put(window, esp(0, 1));
	ims_window_put(window, esp(IMS_COPY_NS, 1));
	ims_window_put(window, esp(IMS_COPY_NS + 1, 2));
	ims_window_put(window, esp(IMS_COPY_NS + 1, 1));
	ims_window_flush(window);
	assert_int_equal(ims_window_copies(window), 1);
	assert_int_equal(out.n, 3);
	assert_int_equal(out.facts[0]->copies, 2);
	assert_int_equal(out.n_copies, 1);
	assert_int_equal(out.copy_ns, IMS_COPY_NS);
	assert_int_equal(out.copied_ns, 0);
	/* Far back in time it is none, and what it is like is let go. */
	ims_window_put(window, esp(0, 2));
	assert_int_equal(ims_window_copies(window), 1);
	assert_int_equal(ims_window_late(window), 1);
	assert_int_equal(out.n, 4);
	ims_window_free(window);
	released_free(&out);
}

static void log_of(GString *log, char what, const struct ims_facts *facts)
{
	g_string_append_printf(log, "%c%u ", what, facts->sequence);
}

static void log_read(void *user, struct ims_facts *facts)
{
	log_of(user, 'r', facts);
}

static void log_applied(void *user, struct ims_facts *facts)
{
	log_of(user, 'a', facts);
	ims_facts_unref(facts);
}

static void log_copy(void *user, const struct ims_facts *copy,
		     const struct ims_facts *first)
{
	assert_int_equal(first->copies, 2);
	log_of(user, 'c', copy);
}

/* Those of a batch are read one after the other, and applied likewise; of a
   copy nothing is read, and it is told when what it is a copy of is known. */
static void a_batch_is_read_then_applied(void **state)
{
	const struct ims_window_calls calls = {log_read, log_applied, log_copy};
	GString *log = g_string_new(NULL);
	struct ims_window *window = ims_window_new(&calls, log);

	(void)state;
	ims_window_put(window, esp(1, 1));
	ims_window_put(window, esp(3, 3));
	ims_window_put(window, esp(2, 2));
	ims_window_put(window, esp(4, 1));
	/* They are due, and more may come to make them worth a look. */
	for (uint32_t i = 4; i < IMS_WINDOW_BATCH; i++) {
		assert_string_equal(log->str, "");
		ims_window_put(window, esp(10 + IMS_WINDOW_NS, 100 + i));
	}
	assert_string_equal(log->str, "r1 r2 r3 a1 a2 a3 c1 ");
	ims_window_free(window);
	g_string_free(log, TRUE);
}

static void count_released(void *user, struct ims_facts *facts)
{
	unsigned *n = user;

	++*n;
	ims_facts_unref(facts);
}

static void keep_none(void *user, struct ims_facts *facts)
{
	(void)user;
	ims_facts_unref(facts);
}

/* Each packet twice, as an `any` capture has them, among many others. */
static void many_copies_are_found(void **state)
{
	const struct ims_window_calls calls = {.apply = keep_none};
	struct ims_window *window = ims_window_new(&calls, NULL);

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		ims_window_put(window, esp(i * (IMS_COPY_NS / 1000), i));
		if (i >= 990)
			ims_window_put(window,
				       esp(i * (IMS_COPY_NS / 1000), i - 990));
	}
	ims_window_flush(window);
	assert_int_equal(ims_window_copies(window), 20000 - 990);
	ims_window_free(window);
}

static void the_window_is_bounded(void **state)
{
	unsigned n = 0;
	const struct ims_window_calls calls = {.apply = count_released};
	struct ims_window *window = ims_window_new(&calls, &n);

	(void)state;
	for (uint32_t i = 0; i < IMS_WINDOW_MAX + 100; i++)
		ims_window_put(window, esp(5, i));
	assert_int_equal(n, 100);
	ims_window_free(window); /* frees what was not released */
	assert_int_equal(n, 100);
}

static void identities_have_one_form(void **state)
{
	static const char *const cases[][2] = {
		{"sip:a@H.example", "a@h.example"},
		{"sips:a@h:5060;user=phone", "a@h"},
		{"SIP:A@H?x=1", "A@h"},
		{"tel:+491;phone-context=x", "+491"},
		{" sip:a@[2001:DB8::1]:5060 ", "a@[2001:db8::1]"},
		{"a@h>", "a@h"},
		{"+491?x", "+491?x"},
		{"+491?x;y", "+491?x"},
		{"a?x@h", "a"},
		{"a;x@h?y", "a"},
		{"a@[2001:db8::1;x]:5", "a@[2001:db8::1"},
		{"a@[h]", "a@[h]"},
		{"a@h:5060?x", "a@h"},
		{"a@", "a@"},
		{"@h", "@h"},
		{"sip:", NULL},
		{"", NULL},
		{";x", NULL},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *key = ims_identity_key(ims_slice_of(cases[i][0]));

		if (cases[i][1])
			assert_string_equal(key, cases[i][1]);
		else
			assert_null(key);
		g_free(key);
	}
	assert_null(ims_identity_key((struct ims_slice){0}));
	assert_null(ims_identity_key(ims_slice("a\0b", 3)));
	assert_null(ims_identity_key(ims_slice("a?\0", 3)));
	assert_null(ims_identity_key(ims_slice("a@h\0", 4)));
	assert_null(ims_identity_key(ims_slice("a@h:5\0;", 7)));
}

static void identity_keys_stay_inside(void **state)
{
	static const char text[] = "sips:user@[2001:db8::1]:5060;a=b?c";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		struct wall wall = wall_new(ims_slice(text, len));

		g_free(ims_identity_key(wall.bytes));
		wall_free(&wall);
	}
}

static struct ims_identity identity_in(const char *text)
{
	struct ims_identity identity;

	assert_true(ims_identity_read(&identity, ims_slice_of(text)));
	return identity;
}

static void the_index_holds_values_in_order(void **state)
{
	struct ims_stock *stock = ims_stock_new();
	struct ims_index *index = ims_index_new(stock);
	struct ims_identity k = identity_in("sip:K@h.example:5060;x");
	struct ims_identity same = identity_in("K@H.EXAMPLE>");
	struct ims_identity other = identity_in("k@h.example");
	struct ims_few *under;
	int a, b;

	(void)state;
	assert_null(ims_index_of(index, &k));
	under = ims_index_get(index, &k);
	ims_few_add(under, &a);
	assert_ptr_equal(ims_index_get(index, &same), under);
	ims_few_add(under, &b);
	assert_ptr_equal(ims_index_of_text(index, ims_slice_of("K@h.example")),
			 under);
	assert_ptr_equal(
		ims_index_of_text(index, ims_slice_of("sips:K@h.Example")),
		under);
	assert_null(ims_index_of(index, &other));
	assert_null(ims_index_of_text(index, ims_slice_of("")));
	assert_ptr_equal(under->at[0], &a);
	assert_ptr_equal(under->at[1], &b);
	ims_index_remove(index, under, &a);
	assert_ptr_equal(ims_index_of(index, &k)->at[0], &b);
	ims_index_remove(index, under, &b);
	assert_null(ims_index_of(index, &k));
	/* One that is freed with what is in it. */
	for (unsigned i = 0; i < 3 * IMS_FEW; i++)
		ims_few_add(ims_index_get(index, &other), &a);
	ims_index_free(index);
	ims_index_free(NULL);
	ims_stock_free(stock);
}

static int64_t last(const struct ims_pairs *pairs, const char *from,
		    const char *to, enum ims_heard what)
{
	struct ims_address a = node_at(from).address;
	struct ims_address b = node_at(to).address;

	return ims_pairs_last(pairs, &a, &b, what);
}

static void pairs_have_a_direction(void **state)
{
	struct ims_pairs *pairs = ims_pairs_new();
	struct ims_address ue = node_at("ue").address;
	struct ims_address p = node_at("p").address;
	struct ims_heard_times times;

	(void)state;
	assert_int_equal(last(pairs, "ue", "p", IMS_HEARD_SIP), -1);
	ims_pairs_note(pairs, &ue, &p, IMS_HEARD_SIP | IMS_HEARD_OTHER_REQUEST,
		       7);
	ims_pairs_note(pairs, &p, &ue, IMS_HEARD_SIP | IMS_HEARD_END, 8);
	ims_pairs_note(pairs, &p, &ue, IMS_HEARD_GAP, 9);
	assert_int_equal(last(pairs, "ue", "p", IMS_HEARD_SIP), 7);
	assert_int_equal(last(pairs, "ue", "p", IMS_HEARD_OTHER_REQUEST), 7);
	assert_int_equal(last(pairs, "ue", "p", IMS_HEARD_END), -1);
	assert_int_equal(last(pairs, "p", "ue", IMS_HEARD_SIP), 8);
	assert_int_equal(last(pairs, "p", "ue", IMS_HEARD_OTHER_REQUEST), -1);
	assert_int_equal(last(pairs, "p", "ue", IMS_HEARD_END), 8);
	assert_int_equal(last(pairs, "p", "ue", IMS_HEARD_GAP), 9);
	assert_int_equal(last(pairs, "p", "ue", IMS_HEARD_ESP), -1);
	assert_int_equal(last(pairs, "ue", "s", IMS_HEARD_SIP), -1);
	times = ims_pairs_times(pairs, &p, &ue);
	assert_int_equal(times.sip_ns, 8);
	assert_int_equal(times.other_request_ns, -1);
	assert_int_equal(times.esp_ns, -1);
	assert_int_equal(times.gap_ns, 9);
	assert_int_equal(times.end_ns, 8);
	times = ims_pairs_times(pairs, &ue, &p);
	assert_int_equal(times.other_request_ns, 7);
	assert_int_equal(times.gap_ns, -1);
	assert_true(ims_pairs_first_flaws(pairs, &ue, &p, 3));
	assert_false(ims_pairs_first_flaws(pairs, &ue, &p, 1));
	assert_true(ims_pairs_first_flaws(pairs, &p, &ue, 1));
	ims_pairs_free(pairs);
}

/* Four bytes of one family are not the first four of another. */
static void pairs_know_families(void **state)
{
	struct ims_pairs *pairs = ims_pairs_new();
	struct ims_address four = {4, {32, 1, 13, 184}};
	struct ims_address six = {6, {32, 1, 13, 184}};
	struct ims_address none = {0};

	(void)state;
	ims_pairs_note(pairs, &four, &six, IMS_HEARD_ESP, 1);
	ims_pairs_note(pairs, &four, &four, IMS_HEARD_SIP, 2);
	ims_pairs_note(pairs, &none, &six, IMS_HEARD_SIP, 3);
	assert_int_equal(ims_pairs_last(pairs, &four, &six, IMS_HEARD_ESP), 1);
	assert_int_equal(ims_pairs_last(pairs, &six, &four, IMS_HEARD_ESP), -1);
	assert_int_equal(ims_pairs_last(pairs, &four, &four, IMS_HEARD_SIP), 2);
	assert_int_equal(ims_pairs_last(pairs, &six, &six, IMS_HEARD_SIP), -1);
	assert_int_equal(ims_pairs_last(pairs, &none, &six, IMS_HEARD_SIP), 3);
	ims_pairs_free(pairs);
}

static void roles_go_by_hint_port_and_address(void **state)
{
	struct ims_role_hint hints[] = {
		{node_at("as"), IMS_ROLE_MRF},
		{node_at("as"), IMS_ROLE_AS},
	};
	struct ims_nodes *nodes;
	struct ims_endpoint i = node_at("i");
	struct ims_endpoint other = i;
	struct ims_endpoint as = node_at("as");

	(void)state;
	hints[0].endpoint.port = 0;
	nodes = ims_nodes_new(hints, 2);
	other.port = 6060;
	ims_nodes_note(nodes, &i, IMS_ROLE_I_CSCF, true);
	assert_int_equal(ims_nodes_role(nodes, &other), IMS_ROLE_I_CSCF);
	ims_nodes_note(nodes, &other, IMS_ROLE_S_CSCF, true);
	assert_int_equal(ims_nodes_role(nodes, &i), IMS_ROLE_I_CSCF);
	assert_int_equal(ims_nodes_role(nodes, &other), IMS_ROLE_S_CSCF);
	other.port = 1;
	assert_int_equal(ims_nodes_role(nodes, &other), IMS_ROLE_UNKNOWN);
	ims_nodes_drop(nodes, &i.address, IMS_ROLE_I_CSCF);
	assert_true(ims_nodes_is(nodes, &i.address, IMS_ROLE_S_CSCF));
	assert_false(ims_nodes_is(nodes, &i.address, IMS_ROLE_I_CSCF));
	assert_int_equal(ims_nodes_hint(nodes, &i), IMS_ROLE_UNKNOWN);
	assert_int_equal(ims_nodes_role(nodes, &as), IMS_ROLE_AS);
	as.port = 1;
	assert_int_equal(ims_nodes_role(nodes, &as), IMS_ROLE_MRF);
	/* UEs are no nodes of the core. */
	i = node_at("ue");
	ims_nodes_note(nodes, &i, IMS_ROLE_UE, true);
	assert_int_equal(ims_nodes_role(nodes, &i), IMS_ROLE_UNKNOWN);
	ims_nodes_free(nodes);
}

static void nodes_are_bounded(void **state)
{
	struct ims_nodes *nodes = ims_nodes_new(NULL, 0);
	struct ims_endpoint at = {.address.family = 4, .port = 1};

	(void)state;
	for (unsigned i = 0; i < IMS_NODES_MAX + 1; i++) {
		at.address.bytes[2] = (uint8_t)(i >> 8);
		at.address.bytes[3] = (uint8_t)i;
		ims_nodes_note(nodes, &at, IMS_ROLE_AS, false);
	}
	assert_false(ims_nodes_is(nodes, &at.address, IMS_ROLE_AS));
	at.address.bytes[2] = at.address.bytes[3] = 0;
	assert_true(ims_nodes_is(nodes, &at.address, IMS_ROLE_AS));
	ims_nodes_free(nodes);
}

/* RFC 2617 3.5, RFC 2069's own example with its erratum, RFC 3310 by hand. */
static void digests_are_proved(void **state)
{
	struct ims_sip_auth auth = {
		.present = true,
		.scheme = ims_slice_of("Digest"),
		.username = ims_slice_of("Mufasa"),
		.realm = ims_slice_of("testrealm@host.com"),
		.nonce = ims_slice_of("dcd98b7102dd2f0e8b11d0f600bfb0c093"),
		.uri = ims_slice_of("/dir/index.html"),
		.qop = ims_slice_of("auth"),
		.nc = ims_slice_of("00000001"),
		.cnonce = ims_slice_of("0a4f113b"),
		.response = ims_slice_of("6629FAE49393a05397450978507c4ef1"),
	};
	struct ims_sip_facts request = {
		.method_text = ims_slice_of("GET"),
		.authorization = &auth,
	};
	struct ims_auth_item vector = {
		.digest_ha1 = ims_slice_of("939e7578ed9e3c518a452acee763bce9"),
	};

	(void)state;
	assert_int_equal(ims_response_proof(&request, &vector),
			 IMS_PROOF_RIGHT);
	assert_int_equal(ims_response_proof(&request, NULL), IMS_PROOF_UNKNOWN);
	auth.nc = ims_slice_of("00000002");
	assert_int_equal(ims_response_proof(&request, &vector),
			 IMS_PROOF_WRONG);
	/* What was not sent was not hashed as nothing. */
	auth.nc = (struct ims_slice){0};
	assert_int_equal(ims_response_proof(&request, &vector),
			 IMS_PROOF_UNKNOWN);
	auth.nc = ims_slice_of("00000001");
	auth.cnonce = (struct ims_slice){0};
	assert_int_equal(ims_response_proof(&request, &vector),
			 IMS_PROOF_UNKNOWN);
	auth.qop = (struct ims_slice){0};
	auth.response = ims_slice_of("670fd8c2df070c60b045671b8b24ff02");
	assert_int_equal(ims_response_proof(&request, &vector),
			 IMS_PROOF_RIGHT);
	auth.algorithm = ims_slice_of("SHA-256");
	assert_int_equal(ims_response_proof(&request, &vector),
			 IMS_PROOF_UNKNOWN);
	/* AKA: the password is RES; here it is that of the example. */
	auth.algorithm = ims_slice_of("AKAv1-MD5");
	vector.authorization = ims_slice_of("Circle Of Life");
	assert_int_equal(ims_response_proof(&request, &vector),
			 IMS_PROOF_RIGHT);
	vector.authorization = ims_slice_of("Circle of Life");
	assert_int_equal(ims_response_proof(&request, &vector),
			 IMS_PROOF_WRONG);
	vector.authorization = ims_slice_of("abc");
	assert_int_equal(ims_response_proof(&request, &vector),
			 IMS_PROOF_UNKNOWN);
	auth.response = (struct ims_slice){0};
	assert_int_equal(ims_response_proof(&request, &vector),
			 IMS_PROOF_UNKNOWN);
}

static void a_nonce_begins_with_its_vector(void **state)
{
	struct ims_slice vector =
		ims_slice_of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

	(void)state;
	assert_true(ims_nonce_is_vector(
		ims_slice_of("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="),
		vector));
	assert_true(ims_nonce_is_vector(
		ims_slice_of(
			"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQg=="),
		vector));
	assert_false(ims_nonce_is_vector(
		ims_slice_of("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUI="),
		vector));
	assert_false(ims_nonce_is_vector(ims_slice_of("QUFB"), vector));
	assert_int_equal(
		ims_nonce_bytes(ims_slice_of(
			"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")),
		32);
	assert_int_equal(
		ims_nonce_bytes(ims_slice_of(
			"QUFBQUFBQUFBQUFBQUFB QUFBQUFBQUFBQUFBQUFBQUE")),
		32);
	assert_int_equal(ims_nonce_bytes(ims_slice_of("QUFB")), 3);
	assert_int_equal(ims_nonce_bytes(ims_slice_of("QUFB:QUFB")), 0);
	assert_int_equal(ims_nonce_bytes((struct ims_slice){0}), 0);
	assert_false(ims_nonce_is_vector((struct ims_slice){0}, vector));
}

static void latencies_are_right_within_a_hundredth(void **state)
{
	struct ims_counts *counts = ims_counts_new();
	struct ims_summary summary = {.n_rules = 0};
	struct ims_facts message = {.kind = IMS_EVENT_DIAMETER};
	struct ims_cx about = {
		.request = &message,
		.answer = &message,
		.about = {.command = "UAR",
			  .result = {IMS_RESULT_CODE, 0, 2001, NULL}},
	};

	(void)state;
	assert_int_equal(ims_counts_median(counts, &about), -1);
	for (int64_t i = 1; i <= 100; i++) {
		about.about.answer_time_ns = i * IMS_MILLISECOND;
		about.about.result.code = i == 100 ? 5012 : 2001;
		ims_counts_exchange(counts, &about);
	}
	about.answer = NULL;
	ims_counts_exchange(counts, &about);
	ims_counts_summary(counts, &summary);
	assert_int_equal(summary.n_commands, 1);
	assert_int_equal(summary.commands[0].count, 101);
	assert_int_equal(summary.commands[0].errors, 1);
	assert_int_equal(summary.commands[0].unanswered, 1);
	assert_in_range(summary.commands[0].latency.p50_ns, 49500000, 50500000);
	assert_in_range(summary.commands[0].latency.p95_ns, 94050000, 95950000);
	assert_int_equal(summary.commands[0].latency.max_ns, 100000000);
	assert_in_range(ims_counts_median(counts, &about), 49500000, 50500000);
	assert_false(summary.has_errors);
	ims_counts_free(counts);
}

static int64_t median_of(int64_t latency_ns)
{
	struct ims_counts *counts = ims_counts_new();
	struct ims_facts message = {.kind = IMS_EVENT_DIAMETER};
	struct ims_cx about = {
		.request = &message,
		.answer = &message,
		.about = {.command = "UAR", .answer_time_ns = latency_ns},
	};
	int64_t median;

	/* The largest is exact: one that is larger must not hide the error. */
	ims_counts_exchange(counts, &about);
	about.about.answer_time_ns = latency_ns * 10;
	ims_counts_exchange(counts, &about);
	median = ims_counts_median(counts, &about);
	ims_counts_free(counts);
	return median;
}

/* Over all that a histogram holds, not at some round numbers only. */
static void no_latency_is_wrong_by_a_hundredth(void **state)
{
	double worst = 0;

	(void)state;
	for (int64_t latency = 1001; latency < 100 * IMS_SECOND;
	     latency += latency / 73) {
		double error = (double)(median_of(latency) - latency) /
			       (double)latency;

		worst = MAX(worst, error < 0 ? -error : error);
	}
	assert_true(worst <= 0.01);
	assert_true(worst > 0.001); /* it was measured */
}

/* Each bound has its words, and a name that no other has. */
static void bounds_have_names(void **state)
{
	(void)state;
	for (int i = 0; i < IMS_N_BOUNDS; i++) {
		const struct ims_bound_text *text =
			ims_bound_text((enum ims_bound)i);

		assert_non_null(text->name);
		assert_non_null(text->one);
		assert_non_null(text->many);
		assert_non_null(text->what);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				text->name,
				ims_bound_text((enum ims_bound)k)->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_fire_in_order),
		cmocka_unit_test(timers_are_moved_and_stopped),
		cmocka_unit_test(many_timers_keep_their_heap),
		cmocka_unit_test(timers_are_put_off),
		cmocka_unit_test(the_window_puts_in_order),
		cmocka_unit_test(losses_are_not_late),
		cmocka_unit_test(copies_are_near_in_time),
		cmocka_unit_test(a_batch_is_read_then_applied),
		cmocka_unit_test(many_copies_are_found),
		cmocka_unit_test(the_window_is_bounded),
		cmocka_unit_test(identities_have_one_form),
		cmocka_unit_test(identity_keys_stay_inside),
		cmocka_unit_test(the_index_holds_values_in_order),
		cmocka_unit_test(pairs_have_a_direction),
		cmocka_unit_test(pairs_know_families),
		cmocka_unit_test(roles_go_by_hint_port_and_address),
		cmocka_unit_test(nodes_are_bounded),
		cmocka_unit_test(digests_are_proved),
		cmocka_unit_test(a_nonce_begins_with_its_vector),
		cmocka_unit_test(latencies_are_right_within_a_hundredth),
		cmocka_unit_test(no_latency_is_wrong_by_a_hundredth),
		cmocka_unit_test(bounds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
