// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "few.h"

static unsigned values[40];

static void holds(const struct ims_few *few, unsigned from, unsigned until)
{
	assert_int_equal(few->n, until - from);
	for (unsigned i = 0; i < few->n; i++)
		assert_ptr_equal(few->at[i], &values[from + i]);
}

static void a_few_take_no_memory(void **state)
{
	struct ims_few few;

	(void)state;
	ims_few_init(&few);
	for (unsigned i = 0; i < IMS_FEW; i++)
		ims_few_add(&few, &values[i]);
	assert_ptr_equal(few.at, few.own);
	holds(&few, 0, IMS_FEW);
	/* Nothing to be freed. */
}

/* The oldest out, a new one in, at every length, up and down. */
static void order_is_kept_at_every_length(void **state)
{
	struct ims_few few;

	(void)state;
	ims_few_init(&few);
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned n = 0; n < 40; n++) {
			ims_few_add(&few, &values[n]);
			holds(&few, 0, n + 1);
		}
		for (unsigned n = 0; n < 40; n++) {
			ims_few_remove_at(&few, 0);
			holds(&few, n + 1, 40);
		}
	}
	for (unsigned n = 0; n < 33; n++)
		ims_few_add(&few, &values[n]);
	while (few.n > 8)
		ims_few_remove_at(&few, few.n - 1);
	for (unsigned n = 8; n < 17; n++)
		ims_few_add(&few, &values[n]);
	holds(&few, 0, 17);
	ims_few_clear(&few);
	holds(&few, 0, 0);
	assert_ptr_equal(few.at, few.own);
}

static void the_first_of_equals_goes(void **state)
{
	struct ims_few few;

	(void)state;
	ims_few_init(&few);
	assert_false(ims_few_remove(&few, &values[0]));
	ims_few_add(&few, &values[0]);
	ims_few_add(&few, &values[1]);
	ims_few_add(&few, &values[0]);
	assert_true(ims_few_has(&few, &values[1]));
	assert_false(ims_few_has(&few, &values[2]));
	assert_true(ims_few_remove(&few, &values[0]));
	assert_int_equal(few.n, 2);
	assert_ptr_equal(few.at[0], &values[1]);
	assert_ptr_equal(few.at[1], &values[0]);
	assert_false(ims_few_remove(&few, &values[2]));
	ims_few_clear(&few);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_few_take_no_memory),
		cmocka_unit_test(order_is_kept_at_every_length),
		cmocka_unit_test(the_first_of_equals_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
