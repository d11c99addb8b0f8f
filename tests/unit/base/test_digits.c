// SPDX-License-Identifier: GPL-2.0-or-later
#include <ims/digits.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

static void expect(uint64_t value)
{
	char expected[IMS_DIGITS_MAX + 1];
	char out[IMS_DIGITS_MAX];
	size_t len =
		(size_t)snprintf(expected, sizeof(expected), "%" PRIu64, value);

	assert_int_equal(ims_digits(out, value) - out, len);
	assert_memory_equal(out, expected, len);
}

static void numbers_are_as_printf_has_them(void **state)
{
	(void)state;
	for (uint64_t value = 0; value < 12000; value++)
		expect(value);
	for (uint64_t power = 10; power <= UINT64_MAX / 10; power *= 10) {
		expect(power * 10 - 1);
		expect(power * 10);
		expect(power * 10 + 1);
	}
	expect(UINT32_MAX);
	expect(UINT64_MAX);
}

static void expect_fixed(uint32_t value, unsigned n, const char *text)
{
	char out[16] = "##############";

	assert_ptr_equal(ims_digits_fixed(out, value, n), out + n);
	assert_memory_equal(out, text, n);
	assert_int_equal(out[n], '#');
}

static void a_fixed_number_has_zeros_in_front(void **state)
{
	(void)state;
	expect_fixed(0, 9, "000000000");
	expect_fixed(7, 9, "000000007");
	expect_fixed(999999999, 9, "999999999");
	expect_fixed(123456789, 9, "123456789");
	expect_fixed(50, 6, "000050");
	expect_fixed(654321, 6, "654321");
	/* Only the last of them. */
	expect_fixed(1234, 3, "234");
	expect_fixed(1234, 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_as_printf_has_them),
		cmocka_unit_test(a_fixed_number_has_zeros_in_front),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
