// SPDX-License-Identifier: GPL-2.0-or-later
/* Records by numbers, whatever their sizes; and their ages. */
#include "depot.h"

#include <glib.h>

#include "unit.h"

#define N 400u

struct record {
	uint32_t number; /* 0: none */
	size_t size;
};

static void fill(const struct ims_depot *depot, const struct record *record)
{
	memset(ims_depot_at(depot, record->number), (int)record->size & 0xff,
	       record->size);
}

static void is_whole(const struct ims_depot *depot, const struct record *record)
{
	const unsigned char *at = ims_depot_at(depot, record->number);

	for (size_t i = 0; i < record->size; i++)
		assert_int_equal(at[i], record->size & 0xff);
}

static void they_come_and_go(void **state)
{
	struct record records[N] = {{0, 0}};
	struct ims_depot depot = {0};
	uint32_t random = 1;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		struct record *record;

		random = random * 1664525 + 1013904223;
		record = &records[(random >> 8) % N];
		if (record->number) {
			is_whole(&depot, record);
			ims_depot_remove(&depot, record->number);
			record->number = 0;
			continue;
		}
		record->size = 1 + (random >> 20) % (IMS_DEPOT_MAX + 200);
		record->number = ims_depot_add(&depot, record->size);
		assert_int_not_equal(record->number, 0);
		assert_int_equal(
			(uintptr_t)ims_depot_at(&depot, record->number) %
				IMS_DEPOT_STEP,
			0);
		fill(&depot, record);
	}
	for (unsigned i = 0; i < N; i++)
		if (records[i].number)
			is_whole(&depot, &records[i]);
	ims_depot_clear(&depot);
}

/* What falls free is used again, and a block of which all is goes. */
static void numbers_are_used_again(void **state)
{
	uint32_t numbers[3 * IMS_DEPOT_BLOCK];
	struct ims_depot depot = {0};

	(void)state;
	for (unsigned round = 0; round < 100; round++) {
		for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++)
			numbers[i] = ims_depot_add(&depot, 40);
		for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++)
			ims_depot_remove(&depot, numbers[i]);
		assert_int_equal(depot.blocks.n, 3);
		assert_int_equal(depot.blocks.n_unused, 3);
	}
	ims_depot_clear(&depot);
}

static void what_fits_takes_as_much(void **state)
{
	struct ims_depot depot = {0};
	uint32_t small = ims_depot_add(&depot, 33);
	uint32_t large = ims_depot_add(&depot, IMS_DEPOT_MAX + 1);

	(void)state;
	assert_true(ims_depot_fits(&depot, small, 33));
	assert_true(ims_depot_fits(&depot, small, 40));
	assert_false(ims_depot_fits(&depot, small, 32));
	assert_false(ims_depot_fits(&depot, small, 41));
	assert_true(ims_depot_fits(&depot, large, IMS_DEPOT_MAX + 8));
	assert_false(ims_depot_fits(&depot, large, IMS_DEPOT_MAX));
	ims_depot_clear(&depot);
}

static void the_oldest_comes_first(void **state)
{
	struct ims_depot depot = {0};
	struct ims_ages ages = {0};
	uint32_t numbers[4];

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		numbers[i] = ims_depot_add(&depot, sizeof(struct ims_age));
		ims_ages_add(&ages, &depot, numbers[i]);
	}
	ims_ages_remove(&ages, &depot, numbers[1]); /* between others */
	ims_ages_remove(&ages, &depot, numbers[0]); /* the oldest */
	ims_ages_add(&ages, &depot, numbers[0]);
	assert_int_equal(ages.oldest, numbers[2]);
	ims_ages_remove(&ages, &depot, numbers[2]);
	assert_int_equal(ages.oldest, numbers[3]);
	ims_ages_remove(&ages, &depot, numbers[3]);
	assert_int_equal(ages.oldest, numbers[0]);
	assert_int_equal(ages.youngest, numbers[0]);
	ims_ages_remove(&ages, &depot, numbers[0]);
	assert_int_equal(ages.oldest, 0);
	assert_int_equal(ages.youngest, 0);
	ims_depot_clear(&depot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_come_and_go),
		cmocka_unit_test(numbers_are_used_again),
		cmocka_unit_test(what_fits_takes_as_much),
		cmocka_unit_test(the_oldest_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
