// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <glib.h>
#include <stdalign.h>
#include <string.h>

#include "sanitized.h"
#include "stock.h"

static bool is_zero(const unsigned char *at, size_t size)
{
	while (size && !*at++)
		size--;
	return size == 0;
}

static void each_is_zeroed_and_its_own(void **state)
{
	static const size_t sizes[] = {
		1,
		IMS_STOCK_STEP - 1,
		IMS_STOCK_STEP,
		IMS_STOCK_STEP + 1,
		IMS_STOCK_MAX,
		IMS_STOCK_MAX + 1,
		100 * IMS_STOCK_MAX,
	};
	struct ims_stock *with = ims_stock_new();
	struct ims_stock *const all[] = {with, NULL};
	unsigned char *at[2];

	(void)state;
	for (size_t c = 0; c < G_N_ELEMENTS(all); c++)
		for (size_t i = 0; i < 3 * G_N_ELEMENTS(sizes); i++) {
			size_t size = sizes[i % G_N_ELEMENTS(sizes)];

			for (size_t k = 0; k < 2; k++) {
				at[k] = ims_stock_take(all[c], size);
				assert_int_equal((uintptr_t)at[k] %
							 alignof(max_align_t),
						 0);
				assert_true(is_zero(at[k], size));
				memset(at[k], 0xff, size);
			}
			assert_ptr_not_equal(at[0], at[1]);
			ims_stock_give(all[c], at[0], size);
			ims_stock_give(all[c], at[1], size);
		}
	ims_stock_give(with, ims_stock_take(with, 0), 0);
	ims_stock_give(with, NULL, 7);
	ims_stock_free(with);
	ims_stock_free(NULL);
}

static void the_last_given_is_the_first_taken(void **state)
{
	struct ims_stock *stock = ims_stock_new();
	void *a = ims_stock_take(stock, 100);
	void *b = ims_stock_take(stock, 100);

	(void)state;
	ims_stock_give(stock, a, 100);
	ims_stock_give(stock, b, 100);
	if (!IMS_IS_SANITIZED) {
		/* Of one size are all that are rounded up to it. */
		assert_ptr_equal(ims_stock_take(stock, 97), b);
		assert_ptr_equal(ims_stock_take(stock, 128), a);
		ims_stock_give(stock, b, 97);
		ims_stock_give(stock, a, 128);
	}
	ims_stock_free(stock);
}

/* Far more than are kept: what is beyond goes back. */
static void many_are_given_back(void **state)
{
	enum {
		N = 2 * IMS_STOCK_KEPT / IMS_STOCK_MAX
	};
	struct ims_stock *stock = ims_stock_new();
	unsigned *taken[N];

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < N; i++) {
			taken[i] = ims_stock_take(stock, IMS_STOCK_MAX);
			*taken[i] = i;
		}
		for (unsigned i = 0; i < N; i++) {
			assert_int_equal(*taken[i], i);
			ims_stock_give(stock, taken[i], IMS_STOCK_MAX);
		}
	}
	ims_stock_free(stock);
}

static void texts_end_with_their_first_nul(void **state)
{
	struct ims_stock *stock = ims_stock_new();
	struct wall wall = wall_new(ims_slice_of("text"));
	char *long_one = g_strnfill(2 * IMS_STOCK_MAX, 'x');
	const struct {
		struct ims_slice text;
		const char *copy;
	} cases[] = {
		{{0}, NULL},
		{ims_slice("x", 0), ""},
		{ims_slice("a\0b", 3), "a"},
		{wall.bytes, "text"},
		{ims_slice_of(long_one), long_one},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *copy = ims_stock_text(stock, cases[i].text);

		if (cases[i].copy)
			assert_string_equal(copy, cases[i].copy);
		else
			assert_null(copy);
		ims_stock_give_text(stock, copy);
	}
	g_free(long_one);
	wall_free(&wall);
	ims_stock_free(stock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_zeroed_and_its_own),
		cmocka_unit_test(the_last_given_is_the_first_taken),
		cmocka_unit_test(many_are_given_back),
		cmocka_unit_test(texts_end_with_their_first_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
