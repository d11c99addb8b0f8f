// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory of a judgement, and texts in it. */
#include <glib.h>
#include <inttypes.h>

#include "scratch.h"
#include "unit.h"

#define SAME(...)                                                \
	do {                                                     \
		char *wanted = g_strdup_printf(__VA_ARGS__);     \
		struct ims_slice made =                          \
			ims_scratch_print(scratch, __VA_ARGS__); \
		assert_int_equal(made.len, strlen(wanted));      \
		assert_memory_equal(made.at, wanted, made.len);  \
		g_free(wanted);                                  \
	} while (0)

static void texts_are_as_printf_writes_them(void **state)
{
	struct ims_scratch *scratch = ims_scratch_new();
	char *longer = g_strnfill(3000, 'x');
	struct ims_slice absent = ims_slice_of(NULL);

	(void)state;
	SAME("plain");
	SAME("%s", "");
	SAME("%s of %s: %u", "REGISTER", "a", 0u);
	SAME("%u%%, %u", UINT32_MAX, 10u);
	SAME("%" PRIu64 " bytes", UINT64_MAX);
	SAME("[%.*s]", 3, "abcdef");
	SAME("[%.*s]", 9, "abc");
	SAME("[%.*s]", 3, "a\0c");
	SAME("[%.*s]", 0, "abc");
	SAME("%.1f s, %d, %5u|%-5s|%zu", 1.25, -3, 7u, "ab", (size_t)9);
	SAME("%s and %s", longer, longer);
	/* An absent slice. */
	assert_int_equal(
		ims_scratch_print(scratch, "%.*s", IMS_SLICE_ARG(absent)).len,
		0);
	g_free(longer);
	ims_scratch_free(scratch);
}

static void memory_is_used_again(void **state)
{
	struct ims_scratch *scratch = ims_scratch_new();
	void *first = ims_scratch_take(scratch, 1);
	struct ims_slice absent = {0};
	unsigned room = 0;
	uint64_t *list = NULL;

	(void)state;
	assert_ptr_not_equal(first, ims_scratch_take(scratch, 1));
	memset(ims_scratch_take(scratch, 100000), 1, 100000);
	for (uint64_t i = 0; i < 20; i++) {
		if (i == room)
			list = ims_scratch_grow(scratch, list, &room,
						(unsigned)i, sizeof(*list));
		list[i] = i;
	}
	assert_int_equal(list[7], 7);
	assert_int_equal(list[19], 19);
	assert_null(ims_scratch_copy(scratch, absent).at);
	assert_non_null(ims_scratch_copy(scratch, ims_slice_of("")).at);
	ims_scratch_clear(scratch);
	assert_ptr_equal(ims_scratch_take(scratch, 1), first);
	ims_scratch_free(scratch);
	ims_scratch_free(NULL);
}

static void a_number_stands_between_words(void **state)
{
	struct ims_scratch *scratch = ims_scratch_new();

	(void)state;
	assert_true(ims_slice_is(ims_scratch_number(scratch, "", 0, ""), "0"));
	assert_true(ims_slice_is(
		ims_scratch_number(scratch, "CSeq ", UINT32_MAX, ", new"),
		"CSeq 4294967295, new"));
	assert_true(
		ims_slice_is(ims_scratch_number(scratch, "", UINT64_MAX, "!"),
			     "18446744073709551615!"));
	ims_scratch_free(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_as_printf_writes_them),
		cmocka_unit_test(a_number_stands_between_words),
		cmocka_unit_test(memory_is_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
