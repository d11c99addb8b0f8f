// SPDX-License-Identifier: GPL-2.0-or-later
/* The time of a live capture. */
#include "unit.h"

#include <glib.h>

#include "follow.h"

#define SEC INT64_C(1000000000)
#define MS  INT64_C(1000000)

static int64_t now_ns(void)
{
	return g_get_real_time() * 1000;
}

static void what_is_of_now_is_live(void **state)
{
	static const struct {
		int64_t age_ns;
		bool is_live;
	} cases[] = {
		{0, true},	   {8 * SEC, true},    {-8 * SEC, true},
		{11 * SEC, false}, {-11 * SEC, false}, {86400 * SEC, false},
	};
	struct ims_follow follow;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		ims_follow_begin(&follow, false, now_ns() - cases[i].age_ns);
		assert_int_equal(follow.is_live, cases[i].is_live);
		ims_follow_begin(&follow, true, now_ns() - cases[i].age_ns);
		assert_true(follow.is_live);
	}
}

/* Packets come late, never early: the least lag is the capture's. */
static void time_follows_the_promptest_packet(void **state)
{
	struct ims_follow follow;
	int64_t start = 1000 * SEC; /* of a clock that is wrong */

	(void)state;
	ims_follow_begin(&follow, true, start);
	ims_follow_packet(&follow, start - 5 * SEC);
	assert_in_range(ims_follow_now(&follow), start, start + 60 * SEC);
	ims_follow_packet(&follow, start + 100 * SEC);
	assert_in_range(ims_follow_now(&follow), start + 100 * SEC,
			start + 160 * SEC);
	g_usleep(20000);
	assert_true(ims_follow_now(&follow) >= start + 100 * SEC + 20 * MS);
}

static void any_time_is_survived(void **state)
{
	static const int64_t times[] = {INT64_MIN, -1, 0, INT64_MAX};
	struct ims_follow follow;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
		ims_follow_begin(&follow, false, times[i]);
		assert_false(follow.is_live);
		for (size_t k = 0; k < G_N_ELEMENTS(times); k++)
			ims_follow_packet(&follow, times[k]);
		(void)ims_follow_now(&follow);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_of_now_is_live),
		cmocka_unit_test(time_follows_the_promptest_packet),
		cmocka_unit_test(any_time_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
