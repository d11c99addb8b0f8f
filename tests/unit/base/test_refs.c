// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers by hashes: whatever comes and goes, whatever the hashes. */
#include "refs.h"

#include <glib.h>

#include "unit.h"

#define N 6000u

static bool is_in[N + 1];

static void all_are_where_they_belong(const struct ims_refs *refs,
				      uint32_t mask)
{
	size_t n = 0;

	for (uint32_t i = 1; i <= N; i++) {
		struct ims_refs_walk walk = ims_refs_walk(refs, i & mask);
		uint32_t found;

		while ((found = ims_refs_next(&walk)) && found != i)
			;
		assert_int_equal(found, is_in[i] ? i : 0);
		n += is_in[i];
	}
	assert_int_equal(refs->n, n);
}

/* Each as often in as out; with a mask of few bits nearly all collide. */
static void they_come_and_go(struct ims_refs *refs, uint32_t mask,
			     uint32_t among, unsigned rounds)
{
	uint32_t random = 1;

	for (unsigned round = 0; round < rounds; round++) {
		uint32_t i;

		random = random * 1664525 + 1013904223;
		i = 1 + (random >> 8) % among;
		if (!is_in[i])
			ims_refs_add(refs, i & mask, i);
		else
			assert_true(ims_refs_remove(refs, i & mask, i));
		is_in[i] = !is_in[i];
	}
	all_are_where_they_belong(refs, mask);
}

static void they_are_found(void **state)
{
	static const struct {
		uint32_t mask;
		uint32_t among;
	} cases[] = {{0, 60}, {3, 200}, {0xff000000, 90}, {UINT32_MAX, N}};

	(void)state;
	for (unsigned c = 0; c < G_N_ELEMENTS(cases); c++) {
		struct ims_refs refs = {0};

		memset(is_in, 0, sizeof(is_in));
		for (unsigned i = 0; i < 5; i++)
			they_come_and_go(&refs, cases[c].mask, cases[c].among,
					 cases[c].among * 3);
		ims_refs_clear(&refs);
		assert_int_equal(refs.n, 0);
	}
}

/* What holds many is full to about nine tenths, and what held many is small. */
static void there_is_little_room(void **state)
{
	struct ims_refs refs = {0};
	size_t room = 0;

	(void)state;
	for (uint32_t i = 1; i <= N; i++)
		ims_refs_add(&refs, i * 0x85ebca6bu, i);
	for (size_t s = 0; s < (size_t)1 << refs.bits; s++)
		room += refs.segments[s].room;
	assert_true(refs.bits > 0);
	assert_in_range(room, N + N / 15, N + N / 6);
	for (uint32_t i = 1; i <= N; i++)
		assert_true(ims_refs_remove(&refs, i * 0x85ebca6bu, i));
	for (size_t s = 0; s < (size_t)1 << refs.bits; s++)
		assert_null(refs.segments[s].places);
	ims_refs_clear(&refs);
}

/* One number under many hashes: each is taken out for itself. */
static void one_has_many_hashes(void **state)
{
	struct ims_refs refs = {0};

	(void)state;
	for (uint32_t hash = 0; hash < 40; hash++)
		ims_refs_add(&refs, hash * 3, 7);
	for (uint32_t hash = 0; hash < 40; hash++) {
		struct ims_refs_walk walk = ims_refs_walk(&refs, hash * 3);

		assert_int_equal(ims_refs_next(&walk), 7);
		assert_int_equal(ims_refs_next(&walk), 0);
		assert_true(ims_refs_remove(&refs, hash * 3, 7));
		assert_false(ims_refs_remove(&refs, hash * 3, 7));
	}
	assert_int_equal(refs.n, 0);
	ims_refs_clear(&refs);
}

/* All under one hash, in the order in which they came. */
static void they_stay_in_order(void **state)
{
	struct ims_refs refs = {0};
	struct ims_refs_walk walk;

	(void)state;
	for (uint32_t i = 1; i <= 100; i++) {
		ims_refs_add(&refs, 5, i);
		ims_refs_add(&refs, i * 1000, 1000 + i);
	}
	walk = ims_refs_walk(&refs, 5);
	for (uint32_t i = 1; i <= 100; i++)
		assert_int_equal(ims_refs_next(&walk), i);
	assert_int_equal(ims_refs_next(&walk), 0);
	ims_refs_clear(&refs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_are_found),
		cmocka_unit_test(there_is_little_room),
		cmocka_unit_test(one_has_many_hashes),
		cmocka_unit_test(they_stay_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
