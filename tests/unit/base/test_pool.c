// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <string.h>

#include "pool.h"
#include "sanitized.h"

static void sizes_are_told(void **state)
{
	struct ims_pool *pool = ims_pool_new();
	size_t size = 1;
	void *at = ims_pool_take(pool, &size);

	(void)state;
	assert_non_null(at);
	assert_int_equal(size, IMS_POOL_STEP);
	memset(at, 1, size);
	ims_pool_give(pool, at, size);
	size = IMS_POOL_STEP + 1;
	at = ims_pool_take(pool, &size);
	assert_non_null(at);
	assert_int_equal(size, 2 * IMS_POOL_STEP);
	memset(at, 1, size);
	ims_pool_give(pool, at, size);
	/* None of ours, and none at all. */
	size = IMS_POOL_MAX + 1;
	at = ims_pool_take(pool, &size);
	assert_int_equal(size, IMS_POOL_MAX + 1);
	ims_pool_give(pool, at, size);
	size = 100;
	at = ims_pool_take(NULL, &size);
	assert_int_equal(size, 100);
	ims_pool_give(NULL, at, size);
	size = 0;
	ims_pool_give(pool, ims_pool_take(pool, &size), size);
	ims_pool_free(pool);
	ims_pool_free(NULL);
}

/* Far more than are kept: what is beyond goes back. */
static void many_are_given_back(void **state)
{
	enum {
		N = 2 * IMS_POOL_KEPT / IMS_POOL_MAX
	};
	struct ims_pool *pool = ims_pool_new();
	void *taken[N];
	size_t size = IMS_POOL_MAX;

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < N; i++) {
			taken[i] = ims_pool_take(pool, &size);
			assert_non_null(taken[i]);
			assert_int_equal(size, IMS_POOL_MAX);
			memset(taken[i], (int)i, size);
		}
		for (unsigned i = 0; i < N; i++) {
			assert_int_equal(*(unsigned char *)taken[i], i % 256);
			ims_pool_give(pool, taken[i], size);
		}
	}
	ims_pool_free(pool);
}

/* While it is still in the caches. */
static void what_was_given_last_is_taken_first(void **state)
{
	struct ims_pool *pool = ims_pool_new();
	size_t size = IMS_POOL_STEP;
	void *first = ims_pool_take(pool, &size);
	void *last = ims_pool_take(pool, &size);

	(void)state;
	ims_pool_give(pool, first, size);
	ims_pool_give(pool, last, size);
	/* A sanitizer sees all of it go. */
	if (!IMS_IS_SANITIZED) {
		assert_ptr_equal(ims_pool_take(pool, &size), last);
		assert_ptr_equal(ims_pool_take(pool, &size), first);
		ims_pool_give(pool, last, size);
		ims_pool_give(pool, first, size);
	}
	ims_pool_free(pool);
}

static void take_and_give(void *user)
{
	struct ims_pool *pool = ims_pool_new();
	unsigned *n_whole = user;
	size_t size = 1000;
	void *at = ims_pool_take(pool, &size);

	if (at) {
		++*n_whole;
		ims_pool_give(pool, at, size);
	} else {
		assert_int_equal(size, 1000);
	}
	ims_pool_free(pool);
}

static void want_of_memory_is_told(void **state)
{
	unsigned n_whole = 0;

	(void)state;
	assert_true(starve(take_and_give, &n_whole) >= 1);
	assert_int_equal(n_whole, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_told),
		cmocka_unit_test(many_are_given_back),
		cmocka_unit_test(what_was_given_last_is_taken_first),
		cmocka_unit_test(want_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
