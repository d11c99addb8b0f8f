// SPDX-License-Identifier: GPL-2.0-or-later
/* Records by what they hold: whatever comes and goes, whatever the hashes. */
#include "set.h"

#include <glib.h>

#include "unit.h"

#define N 512u

struct record {
	uint32_t key;
	bool is_in;
};

static struct record records[N];

static bool is_of(const void *value, const void *key)
{
	return ((const struct record *)value)->key == *(const uint32_t *)key;
}

static void all_are_where_they_belong(const struct ims_set *set, uint32_t mask)
{
	size_t n = 0;
	size_t place = 0;

	for (uint32_t i = 0; i < N; i++) {
		struct record *found = ims_set_find(set, i & mask, is_of, &i);

		assert_ptr_equal(found, records[i].is_in ? &records[i] : NULL);
		n += records[i].is_in;
	}
	assert_int_equal(set->n, n);
	for (; ims_set_next(set, &place); n--)
		assert_true(n > 0);
	assert_int_equal(n, 0);
}

/* With a mask of few bits nearly all collide. */
static void they_come_and_go(void **state)
{
	static const uint32_t masks[] = {0, 3, 0x1ff, 0xffffffff};
	uint32_t random = 1;

	(void)state;
	for (unsigned m = 0; m < G_N_ELEMENTS(masks); m++) {
		struct ims_set set = {0};

		for (uint32_t i = 0; i < N; i++)
			records[i] = (struct record){i, false};
		for (unsigned round = 0; round < 20000; round++) {
			struct record *record;

			random = random * 1664525 + 1013904223;
			record = &records[random >> 23];
			if (!record->is_in)
				ims_set_add(&set, record->key & masks[m],
					    record);
			else
				assert_true(ims_set_remove(
					&set, record->key & masks[m], record));
			record->is_in = !record->is_in;
			if (round % 500 == 0)
				all_are_where_they_belong(&set, masks[m]);
		}
		ims_set_clear(&set);
	}
}

/* One record under many hashes: each is taken out for itself. */
static void one_record_has_many_hashes(void **state)
{
	struct ims_set set = {0};
	uint32_t key = 7;

	(void)state;
	records[0] = (struct record){7, true};
	for (uint32_t hash = 0; hash < 40; hash++)
		ims_set_add(&set, hash * 3, &records[0]);
	for (uint32_t hash = 0; hash < 40; hash++) {
		assert_ptr_equal(ims_set_find(&set, hash * 3, is_of, &key),
				 &records[0]);
		assert_true(ims_set_remove(&set, hash * 3, &records[0]));
		assert_false(ims_set_remove(&set, hash * 3, &records[0]));
		assert_null(ims_set_find(&set, hash * 3, is_of, &key));
	}
	assert_int_equal(set.n, 0);
	ims_set_clear(&set);
}

/* All of one key, whatever others have the same hash. */
static void all_of_one_key_are_found(void **state)
{
	struct record alike[] = {{7, true}, {8, true}, {7, true}, {7, true}};
	const uint32_t key = 7;
	struct ims_set set = {0};
	size_t at = 3;
	unsigned n = 0;

	(void)state;
	assert_null(ims_set_find_next(&set, &at, 3, is_of, &key));
	for (unsigned i = 0; i < G_N_ELEMENTS(alike); i++)
		ims_set_add(&set, 3, &alike[i]);
	for (struct record *found;
	     (found = ims_set_find_next(&set, &at, 3, is_of, &key)); n++)
		assert_int_equal(found->key, 7);
	assert_int_equal(n, 3);
	ims_set_clear(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_one_key_are_found),
		cmocka_unit_test(they_come_and_go),
		cmocka_unit_test(one_record_has_many_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
