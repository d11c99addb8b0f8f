// SPDX-License-Identifier: GPL-2.0-or-later
/* Want of memory, and the table and runs that everything rests on. */
#include "packets.h"

#include "runs.h"
#include "table.h"

static void segment(struct lab *lab, uint32_t sequence, struct ims_slice bytes)
{
	static struct made m;
	uint8_t h[20] = {[12] = 0x50, [13] = 0x10};

	put16(h, 40000);
	put16(h + 2, 5060);
	put32(h + 4, sequence);
	make(&m, bytes.at, bytes.len);
	wrap(&m, h, sizeof(h));
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 6});
	feed(lab, &m);
}

static void chunk(struct lab *lab, uint32_t tsn, uint8_t flags,
		  struct ims_slice bytes)
{
	static struct made m;
	uint8_t h[28] = {0, 1, 0, 2, [7] = 9, [13] = flags};

	put16(h + 14, 16 + bytes.len);
	put32(h + 16, tsn);
	make(&m, bytes.at, bytes.len);
	wrap(&m, h, sizeof(h));
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 132});
	feed(lab, &m);
}

static void fragment(struct lab *lab, uint16_t from, uint16_t to)
{
	static struct made m;

	make_text(&m, REGISTER);
	wrap_udp(&m, 5060, 5060);
	if (to > m.len)
		to = (uint16_t)m.len;
	memmove(m.at, m.at + from, (size_t)to - from);
	m.len = (size_t)to - from;
	wrap_ipv4(&m, (struct ipv4){.from = 1,
				    .to = 2,
				    .protocol = 17,
				    .id = 1,
				    .offset = from,
				    .more = to == 64});
	feed(lab, &m);
}

static void an_esp_packet(struct lab *lab)
{
	static struct made m;

	make(&m, "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 50});
	feed(lab, &m);
}

/* One of everything that allocates. */
static void everything(void *user)
{
	struct lab lab = lab_new(LINK_RAW);
	size_t *most = user;
	size_t n;

	segment(&lab, 1000, ims_slice(REGISTER, 50));
	segment(&lab, 1100, ims_slice_of(&REGISTER[100]));
	segment(&lab, 1050, ims_slice(&REGISTER[50], 50));
	chunk(&lab, 1, 2, ims_slice(watchdog, 20));
	chunk(&lab, 2, 1, ims_slice(watchdog + 20, 24));
	fragment(&lab, 64, UINT16_MAX);
	fragment(&lab, 0, 64);
	an_esp_packet(&lab);
	ims_network_finish(lab.network);
	n = n_told(&lab, IMS_EVENT_SIP) + n_told(&lab, IMS_EVENT_DIAMETER);
	/* what is not told was let go */
	assert_true(n == 3 || lab_count(&lab).let_go > 0);
	assert_int_equal(n_told(&lab, IMS_EVENT_ESP), 1);
	*most = MAX(*most, n);
	lab_fini(&lab);
}

static void want_of_memory_is_survived(void **state)
{
	size_t most = 0;

	(void)state;
	assert_true(starve(everything, &most) >= 10);
	assert_int_equal(most, 3);
}

struct value {
	struct ims_entry entry;
	unsigned number;
};

static struct ims_key key_of(unsigned number)
{
	return (struct ims_key){.word = {number, 0, 0, 0, number % 3}};
}

static void the_table_finds_and_forgets(void **state)
{
	static struct value values[1000];
	struct ims_table table;
	struct ims_key key;

	(void)state;
	ims_table_init(&table);
	for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
		key = key_of(i);
		values[i].number = i;
		assert_null(ims_table_find(&table, &key));
		ims_table_add(&table, &values[i].entry, &key, i);
	}
	ims_table_touch(&table, &values[0].entry, 5000);
	ims_table_touch(&table, &values[500].entry, 5001);
	ims_table_touch(&table, &values[500].entry, 5002);
	for (unsigned i = 100; i < 200; i++)
		ims_table_remove(&table, &values[i].entry);
	assert_int_equal(table.n_entries, 900);
	for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
		key = key_of(i);
		assert_ptr_equal(ims_table_find(&table, &key),
				 i >= 100 && i < 200 ? NULL : &values[i].entry);
	}
	assert_ptr_equal(table.oldest, &values[1].entry);
	assert_ptr_equal(table.newest, &values[500].entry);
	for (int64_t last = -1; table.oldest;) {
		assert_true(table.oldest->used_ns > last);
		last = table.oldest->used_ns;
		ims_table_remove(&table, table.oldest);
	}
	assert_null(table.newest);
	assert_int_equal(table.n_entries, 0);
	ims_table_fini(&table);
}

/* Random pieces: what is kept is what came first, in order, once. */
static void runs_keep_the_first(void **state)
{
	static uint8_t bytes[300], model[300];
	uint32_t noise = 7;

	(void)state;
	for (unsigned round = 0; round < 500; round++) {
		struct ims_runs runs = {0};
		struct ims_budget budget = {0};
		uint32_t base = UINT32_MAX - 150; /* wraps around */
		uint32_t end = base;

		memset(model, 0, sizeof(model));
		for (uint8_t k = 1; k < 12; k++) {
			noise = noise * 1664525 + 1013904223;
			uint32_t from = (noise >> 8) % 250;
			uint32_t len = 1 + (noise >> 20) % 50;
			struct ims_piece piece = {.start = base + from,
						  .span = len,
						  .at = bytes,
						  .len = len};

			memset(bytes, k, len);
			assert_true(ims_runs_add(&runs, &budget, &piece));
			for (uint32_t i = from; i < from + len; i++)
				model[i] = model[i] ? model[i] : k;
		}
		for (struct ims_run *r; (r = ims_runs_pop(&runs, &budget));) {
			const struct ims_piece *p = &r->piece;

			assert_false(ims_before(p->start, end));
			for (; end != p->start; end++)
				assert_int_equal(model[end - base], 0);
			assert_memory_equal(r->data, model + (end - base),
					    p->len);
			assert_int_equal(p->len, p->span);
			end = ims_piece_end(p);
			g_free(r);
		}
		for (; end != base + 300; end++)
			assert_int_equal(model[end - base], 0);
		assert_int_equal(budget.used, 0);
		assert_int_equal(runs.n_bytes, 0);
		assert_null(runs.last);
	}
}

/* Of a cut piece the parts behind the cut have no bytes. */
static void runs_know_what_was_cut(void **state)
{
	struct ims_runs runs = {0};
	struct ims_budget budget = {0};
	struct ims_piece middle = {
		.start = 40, .span = 10, .at = (const uint8_t *)"m", .len = 1};
	struct ims_piece piece = {.start = 0,
				  .span = 100,
				  .at = (const uint8_t *)REGISTER,
				  .len = 60};
	static const uint32_t expected[][3] = {
		{0, 40, 40}, {40, 10, 1}, {50, 50, 10}};

	(void)state;
	assert_true(ims_runs_add(&runs, &budget, &middle));
	assert_true(ims_runs_add(&runs, &budget, &piece));
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
		struct ims_run *run = ims_runs_pop(&runs, &budget);

		assert_non_null(run);
		assert_int_equal(run->piece.start, expected[i][0]);
		assert_int_equal(run->piece.span, expected[i][1]);
		assert_int_equal(run->piece.len, expected[i][2]);
		g_free(run);
	}
	assert_null(ims_runs_pop(&runs, &budget));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(want_of_memory_is_survived),
		cmocka_unit_test(the_table_finds_and_forgets),
		cmocka_unit_test(runs_keep_the_first),
		cmocka_unit_test(runs_know_what_was_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
