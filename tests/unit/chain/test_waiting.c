// SPDX-License-Identifier: GPL-2.0-or-later
/* Records in order of time, whatever the order they come in. */
#include "waiting.h"

#include <glib.h>

#include "unit.h"

#define N 5000u

struct line {
	struct ims_facts facts[N];
	struct ims_waiting *waiting;
	uint64_t n; /* pushed */
	uint32_t random;
};

static uint32_t random_of(struct line *line)
{
	line->random = line->random * 1664525 + 1013904223;
	return line->random >> 16;
}

static void push(struct line *line, int64_t time_ns)
{
	struct ims_facts *facts = &line->facts[line->n];

	facts->time_ns = time_ns;
	facts->arrival = line->n++;
	ims_waiting_push(line->waiting, facts);
}

static struct ims_facts *pop(struct line *line)
{
	struct ims_facts *facts = ims_waiting_first(line->waiting);

	assert_non_null(facts);
	ims_waiting_pop(line->waiting);
	return facts;
}

static void drain_in_order(struct line *line)
{
	const struct ims_facts *before = NULL;

	while (ims_waiting_count(line->waiting)) {
		const struct ims_facts *facts = pop(line);

		if (before && before->time_ns == facts->time_ns)
			assert_true(before->arrival < facts->arrival);
		else if (before)
			assert_true(before->time_ns < facts->time_ns);
		before = facts;
	}
	assert_null(ims_waiting_first(line->waiting));
}

static struct line *line_new(void)
{
	struct line *line = g_new0(struct line, 1);

	line->waiting = ims_waiting_new();
	line->random = 7;
	return line;
}

static void line_free(struct line *line)
{
	ims_waiting_free(line->waiting);
	g_free(line);
}

static void what_comes_in_order_is_a_queue(void **state)
{
	struct line *line = line_new();

	(void)state;
	for (unsigned i = 0; i < N; i++) {
		push(line, i / 3);
		if (i % 4 == 3)
			assert_ptr_equal(pop(line), &line->facts[i / 4]);
	}
	drain_in_order(line);
	line_free(line);
}

static void any_order_is_put_right(void **state)
{
	struct line *line;

	(void)state;
	for (unsigned spread = 1; spread <= 4096; spread *= 16) {
		line = line_new();
		for (unsigned i = 0; i < N; i++)
			push(line, i + random_of(line) % spread);
		drain_in_order(line);
		line_free(line);
	}
}

static void backwards_is_put_right(void **state)
{
	struct line *line = line_new();

	(void)state;
	for (unsigned i = 0; i < N; i++)
		push(line, N - i);
	assert_int_equal(ims_waiting_count(line->waiting), N);
	drain_in_order(line);
	line_free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_in_order_is_a_queue),
		cmocka_unit_test(any_order_is_put_right),
		cmocka_unit_test(backwards_is_put_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
