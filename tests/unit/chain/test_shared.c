// SPDX-License-Identifier: GPL-2.0-or-later
/* What compact records are made of: shared texts, packed bytes. */
#include "packed.h"
#include "shared.h"

#include <glib.h>

#include "unit.h"

static void one_copy_as_long_as_any_has_it(void **state)
{
	struct ims_shared shared = {0};
	const char *first = ims_shared_take(&shared, ims_slice_of("scscf"));
	const char *second = ims_shared_take(&shared, ims_slice("scscf.h", 5));
	const char *other = ims_shared_take(&shared, ims_slice_of("pcscf"));

	(void)state;
	assert_ptr_equal(first, second);
	assert_string_equal(second, "scscf");
	assert_ptr_not_equal(first, other);
	assert_int_equal(shared.texts.n, 2);
	ims_shared_give(&shared, first);
	assert_int_equal(shared.texts.n, 2);
	ims_shared_give(&shared, second);
	ims_shared_give(&shared, other);
	ims_shared_give(&shared, NULL);
	assert_int_equal(shared.texts.n, 0);
	assert_null(ims_shared_take(&shared, (struct ims_slice){0}));
	ims_shared_clear(&shared);
}

static void bytes_have_any_value(void **state)
{
	struct ims_shared shared = {0};
	struct ims_slice bytes = ims_slice("a\0b", 3);
	const char *found = ims_shared_take(&shared, bytes);
	const char *shorter = ims_shared_take(&shared, ims_slice_of("a"));

	(void)state;
	assert_ptr_not_equal(found, shorter);
	assert_true(ims_slice_equal(ims_shared_bytes(found), bytes));
	assert_false(ims_slice_is_set(ims_shared_bytes(NULL)));
	ims_shared_give(&shared, found);
	ims_shared_give(&shared, shorter);
	ims_shared_clear(&shared);
}

static void a_text_that_ends_another_has_no_place(void **state)
{
	char room[64];
	struct ims_packed texts = {room, 0};
	uint16_t uri = ims_packed_put_text(&texts, "sip:a@h");
	uint16_t key = ims_packed_put_text(&texts, "a@h");
	uint16_t user = ims_packed_put_text(&texts, "sip:a");

	(void)state;
	assert_int_equal(uri, 0);
	assert_int_equal(key, 4);
	assert_int_equal(user, sizeof("sip:a@h"));
	assert_string_equal(room + user, "sip:a");
	assert_int_equal(texts.size, sizeof("sip:a@h") + sizeof("sip:a"));
}

static void addresses_are_as_long_as_their_family(void **state)
{
	static const struct ims_address all[] = {
		{4, {10, 0, 0, 1}}, {0}, {6, {0x20, 1, [15] = 9}}};
	char room[64];
	struct ims_packed packed = {room, 0};
	const char *at = room;

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
		ims_packed_put_address(&packed, &all[i]);
	assert_int_equal(packed.size, 5 + 1 + 17);
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
		struct ims_address found;

		ims_packed_get_address(&at, &found);
		assert_true(ims_address_equal(&found, &all[i]));
	}
	assert_ptr_equal(at, room + packed.size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_copy_as_long_as_any_has_it),
		cmocka_unit_test(bytes_have_any_value),
		cmocka_unit_test(a_text_that_ends_another_has_no_place),
		cmocka_unit_test(addresses_are_as_long_as_their_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
