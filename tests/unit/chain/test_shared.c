// SPDX-License-Identifier: GPL-2.0-or-later
/* What compact records are made of: shared texts, packed bytes, parts. */
#include "shared.h"

#include <glib.h>

#include "packed.h"
#include "parted.h"
#include "unit.h"

static void one_copy_as_long_as_any_has_it(void **state)
{
	struct ims_shared shared = {0};
	uint32_t first = ims_shared_take(&shared, ims_slice_of("scscf"));
	uint32_t second = ims_shared_take(&shared, ims_slice("scscf.h", 5));
	uint32_t other = ims_shared_take(&shared, ims_slice_of("pcscf"));

	(void)state;
	assert_int_equal(first, second);
	assert_string_equal(ims_shared_text(&shared, second), "scscf");
	assert_int_not_equal(first, other);
	assert_int_equal(shared.numbers.n, 2);
	ims_shared_give(&shared, first);
	assert_int_equal(shared.numbers.n, 2);
	ims_shared_give(&shared, other);
	ims_shared_give(&shared, second);
	ims_shared_give(&shared, 0);
	assert_int_equal(shared.numbers.n, 0);
	assert_int_equal(shared.size, 0);
	assert_int_equal(ims_shared_take(&shared, (struct ims_slice){0}), 0);
	assert_null(ims_shared_text(&shared, 0));
	/* What was the last is nothing that one could take. */
	assert_int_not_equal(ims_shared_take(&shared, ims_slice_of("scscf")),
			     0);
	ims_shared_clear(&shared);
}

static void bytes_have_any_value(void **state)
{
	struct ims_shared shared = {0};
	struct ims_slice bytes = ims_slice("a\0b", 3);
	uint32_t found = ims_shared_take(&shared, bytes);
	uint32_t shorter = ims_shared_take(&shared, ims_slice_of("a"));

	(void)state;
	assert_int_not_equal(found, shorter);
	assert_true(ims_slice_equal(ims_shared_bytes(&shared, found), bytes));
	assert_false(ims_slice_is_set(ims_shared_bytes(&shared, 0)));
	ims_shared_clear(&shared);
}

static void addresses_are_shared(void **state)
{
	static const struct ims_address all[] = {
		{4, {10, 0, 0, 1}}, {0}, {6, {0x20, 1, [15] = 9}}};
	struct ims_shared shared = {0};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
		uint32_t number = ims_shared_take_address(&shared, &all[i]);
		struct ims_address found = ims_shared_address(&shared, number);

		assert_int_equal(number == 0, all[i].family == 0);
		assert_true(ims_address_equal(&found, &all[i]));
	}
	ims_shared_clear(&shared);
}

static uint16_t put(struct ims_packed *texts, const char *text)
{
	return ims_packed_put_ending(texts, ims_slice_of(text));
}

static void a_text_that_ends_another_has_no_place(void **state)
{
	char room[64];
	struct ims_packed texts = {room, 0};
	uint16_t uri = put(&texts, "sip:a@h");
	uint16_t key = put(&texts, "a@h");
	uint16_t user = put(&texts, "sip:a");
	uint16_t none = put(&texts, "");

	(void)state;
	assert_int_equal(uri, 0);
	assert_int_equal(key, 4);
	assert_int_equal(user, sizeof("sip:a@h"));
	assert_int_equal(none, sizeof("sip:a@h") - 1);
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

static void numbers_are_as_long_as_they_are_great(void **state)
{
	static const struct {
		uint64_t number;
		size_t size;
	} cases[] = {{0, 1},	      {127, 1},	       {128, 2},
		     {16383, 2},      {16384, 3},      {(uint64_t)1 << 62, 9},
		     {UINT32_MAX, 5}, {UINT64_MAX, 10}};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		char room[2 * IMS_PACKED_NUMBER_MAX];
		struct ims_packed packed = {room, 0};
		const char *at = room;

		ims_packed_put_number(&packed, cases[i].number);
		assert_int_equal(packed.size, cases[i].size);
		ims_packed_put_number(&packed, 7);
		assert_true(ims_packed_get_number(&at) == cases[i].number);
		assert_int_equal(ims_packed_get_number(&at), 7);
		at = room;
		ims_packed_skip_numbers(&at, 2);
		assert_ptr_equal(at, room + packed.size);
	}
}

static void times_come_back(void **state)
{
	static const int64_t all[] = {
		0, 1, 1760000156175247000, INT64_MAX - 1, INT64_MAX, -1};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
		for (unsigned k = 0; k + 1 < G_N_ELEMENTS(all); k++) {
			char room[IMS_PACKED_NUMBER_MAX];
			struct ims_packed packed = {room, 0};
			const char *at = room;

			ims_packed_put_time(&packed, all[i], all[k], -1);
			assert_true(ims_packed_get_time(&at, all[k], -1) ==
				    all[i]);
			if (all[i] == -1 || i == k)
				assert_int_equal(packed.size, 1);
		}
}

static bool holds(const struct ims_parted_hashes *hashes, uint32_t hash)
{
	for (unsigned i = 0; i < hashes->n; i++)
		if (hashes->at[i] == hash)
			return true;
	return false;
}

static unsigned place_of(const char *at, const char *texts,
			 const struct ims_shared *shared, unsigned n,
			 const char *key)
{
	struct ims_identity identity = ims_identity_of_key(key);

	return ims_parted_find(at, n, texts, shared, &identity);
}

static void domains_are_shared(void **state)
{
	static const char *const all[] = {"sip:a@ims.example",
					  "a@ims.example",
					  "b@ims.example",
					  "+1",
					  "a@h",
					  "@",
					  ""};
	char entries_room[G_N_ELEMENTS(all) * IMS_PARTED_MAX];
	char texts_room[128];
	struct ims_packed entries = {entries_room, 0};
	struct ims_packed texts = {texts_room, 0};
	struct ims_arena *arena = ims_arena_new(0);
	struct ims_parted_hashes hashes;
	struct ims_shared shared = {0};
	const char *at = entries_room;

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
		ims_parted_put(&entries, &texts, &shared, all[i]);
	assert_int_equal(shared.numbers.n, 1);
	hashes = ims_parted_hashes_of(at, G_N_ELEMENTS(all), texts_room,
				      &shared);
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
		struct ims_identity key = ims_identity_of_key(all[i]);
		struct ims_parted parted =
			ims_parted_get(&at, texts_room, &shared);

		assert_string_equal(ims_parted_text(parted, arena), all[i]);
		assert_true(holds(&hashes, key.hash));
		assert_int_equal(place_of(entries_room, texts_room, &shared,
					  G_N_ELEMENTS(all), all[i]),
				 i);
		for (unsigned k = 0; k < G_N_ELEMENTS(all); k++) {
			key = ims_identity_of_key(all[k]);
			assert_int_equal(ims_parted_is(parted, &key),
					 ims_identity_is(&key, all[i]));
		}
	}
	assert_int_equal(hashes.n, G_N_ELEMENTS(all));
	assert_int_equal(place_of(entries_room, texts_room, &shared,
				  G_N_ELEMENTS(all), "b@IMS.Example"),
			 2);
	assert_int_equal(place_of(entries_room, texts_room, &shared,
				  G_N_ELEMENTS(all), "b@ims.exampl"),
			 G_N_ELEMENTS(all));
	at = entries_room;
	assert_int_equal(ims_parted_hashes_of(at, 1, texts_room, &shared).n, 1);
	at = entries_room;
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
		ims_parted_give(&at, &shared);
	assert_ptr_equal(at, entries_room + entries.size);
	assert_int_equal(shared.numbers.n, 0);
	ims_arena_free(arena);
	ims_shared_clear(&shared);
}

static unsigned count(const struct ims_refs *table, uint32_t hash)
{
	struct ims_refs_walk walk = ims_refs_walk(table, hash);
	unsigned n = 0;

	while (ims_refs_next(&walk))
		n++;
	return n;
}

/* To other hashes, to another number, and to neither. */
static void a_record_moves_in_its_table(void **state)
{
	const struct ims_parted_hashes none = {.n = 0};
	const struct ims_parted_hashes two = {{1, 2}, 2};
	const struct ims_parted_hashes other = {{2, 3}, 2};
	struct ims_refs table = {0};

	(void)state;
	ims_parted_move(&table, &none, 0, &two, 7);
	ims_parted_move(&table, &two, 7, &two, 7);
	assert_int_equal(table.n, 2);
	ims_parted_move(&table, &two, 7, &other, 7);
	assert_int_equal(table.n, 2);
	assert_int_equal(count(&table, 1), 0);
	assert_int_equal(count(&table, 3), 1);
	ims_parted_move(&table, &other, 7, &other, 8);
	assert_int_equal(table.n, 2);
	assert_true(ims_refs_remove(&table, 2, 8));
	ims_refs_add(&table, 2, 8);
	ims_parted_move(&table, &other, 8, &none, 0);
	assert_int_equal(table.n, 0);
	ims_refs_clear(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_copy_as_long_as_any_has_it),
		cmocka_unit_test(bytes_have_any_value),
		cmocka_unit_test(addresses_are_shared),
		cmocka_unit_test(a_text_that_ends_another_has_no_place),
		cmocka_unit_test(addresses_are_as_long_as_their_family),
		cmocka_unit_test(numbers_are_as_long_as_they_are_great),
		cmocka_unit_test(times_come_back),
		cmocka_unit_test(domains_are_shared),
		cmocka_unit_test(a_record_moves_in_its_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
