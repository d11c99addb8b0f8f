// SPDX-License-Identifier: GPL-2.0-or-later
/* Sets of frames and of numbers, and records on disk. */
#include "unit.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <sys/resource.h>

#include "frame_set.h"
#include "number_set.h"
#include "spill.h"

static void frames_are_told_apart(void **state)
{
	struct ims_frame_set set = {0}, other = {0};
	const struct ims_frame none = {0, 0}, first = {0, 1}, far = {2, 100000};

	(void)state;
	assert_false(ims_frame_set_has(&set, first));
	ims_frame_set_remove(&set, first);
	ims_frame_set_add(&set, none);
	assert_int_equal(set.n, 0);
	ims_frame_set_add(&set, far);
	ims_frame_set_add(&set, far);
	assert_int_equal(set.n, 1);
	assert_true(ims_frame_set_has(&set, far));
	assert_false(ims_frame_set_has(&set, (struct ims_frame){1, 100000}));
	assert_false(ims_frame_set_has(&set, (struct ims_frame){2, 100001}));
	assert_false(ims_frame_set_has(&set, (struct ims_frame){2, 1u << 30}));
	ims_frame_set_add(&other, first);
	ims_frame_set_add(&other, far);
	ims_frame_set_join(&set, &other);
	assert_int_equal(set.n, 2);
	ims_frame_set_remove(&set, far);
	assert_false(ims_frame_set_has(&set, far));
	assert_true(ims_frame_set_has(&set, first));
	assert_int_equal(set.n, 1);
	ims_frame_set_fini(&set);
	ims_frame_set_fini(&other);
}

static void numbers_are_kept_up_to_a_bound(void **state)
{
	struct ims_number_set set = {0};

	(void)state;
	assert_false(ims_number_set_has(&set, 0));
	ims_number_set_add(&set, 0);
	assert_true(ims_number_set_has(&set, 0));
	/* Many in one place. */
	for (uint64_t i = 1; i < 600; i++)
		ims_number_set_add(&set, i << 40);
	for (uint64_t i = 1; i < 600; i++)
		assert_true(ims_number_set_has(&set, i << 40));
	assert_false(ims_number_set_has(&set, UINT64_C(600) << 40));
	assert_int_equal(set.n, 600);
	ims_number_set_fini(&set);
	for (uint64_t i = 0; i < 2 * IMS_NUMBER_SET_MAX; i++)
		ims_number_set_add(&set, i);
	assert_int_equal(set.n, IMS_NUMBER_SET_MAX);
	assert_false(ims_number_set_has(&set, 2 * IMS_NUMBER_SET_MAX - 1));
	ims_number_set_fini(&set);
}

static void sum(void *user, const void *record)
{
	uint64_t *all = user;

	*all = *all * 31 + *(const uint64_t *)record;
}

static void records_come_back_in_either_order(void **state)
{
	struct ims_spill *spill = ims_spill_new(NULL, sizeof(uint64_t));
	uint64_t there = 0, back = 0, found = 0;
	const uint64_t n = 10000;

	(void)state;
	assert_true(ims_spill_each(spill, sum, &found));
	assert_int_equal(found, 0);
	for (uint64_t i = 0; i < n; i++) {
		const uint64_t last = n - 1 - i;

		ims_spill_add(spill, &i);
		sum(&there, &i);
		sum(&back, &last);
	}
	assert_true(ims_spill_each(spill, sum, &found));
	assert_int_equal(found, there);
	found = 0;
	assert_true(ims_spill_each_backwards(spill, sum, &found));
	assert_int_equal(found, back);
	ims_spill_free(spill);
	ims_spill_free(NULL);
}

static void a_full_disk_is_told(void **state)
{
	struct ims_spill *spill = ims_spill_new(NULL, 1000);
	const char record[1000] = {0};
	struct rlimit old, none = {0};
	uint64_t found = 0;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	none.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	for (unsigned i = 0; i < 100; i++)
		ims_spill_add(spill, record);
	errno = 0;
	assert_false(ims_spill_each(spill, sum, &found));
	assert_int_equal(errno, EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_false(ims_spill_each_backwards(spill, sum, &found));
	assert_int_equal(errno, EFBIG);
	ims_spill_free(spill);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_told_apart),
		cmocka_unit_test(numbers_are_kept_up_to_a_bound),
		cmocka_unit_test(records_come_back_in_either_order),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
