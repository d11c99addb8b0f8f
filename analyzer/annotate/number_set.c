// SPDX-License-Identifier: GPL-2.0-or-later
#include "number_set.h"

#include <glib.h>

#define SLOTS_AT_FIRST 256

/* The slot of the number, or the free one where it would be. */
static size_t slot_of(const struct ims_number_set *set, uint64_t number)
{
	size_t at = (size_t)number & (set->n_slots - 1);

	while (set->slots[at] && set->slots[at] != number)
		at = (at + 1) & (set->n_slots - 1);
	return at;
}

static void grow(struct ims_number_set *set)
{
	struct ims_number_set grown = {
		.n_slots = set->n_slots ? 2 * set->n_slots : SLOTS_AT_FIRST,
		.n = set->n,
	};

	grown.slots = g_new0(uint64_t, grown.n_slots);
	for (size_t i = 0; i < set->n_slots; i++)
		if (set->slots[i])
			grown.slots[slot_of(&grown, set->slots[i])] =
				set->slots[i];
	g_free(set->slots);
	*set = grown;
}

/* None of a free slot: one in 2^64 is taken for another. */
static uint64_t not_0(uint64_t number)
{
	return number ? number : 1;
}

void ims_number_set_add(struct ims_number_set *set, uint64_t number)
{
	size_t at;

	if (ims_number_set_has(set, number) || set->n == IMS_NUMBER_SET_MAX)
		return;
	if (2 * (set->n + 1) > set->n_slots)
		grow(set);
	at = slot_of(set, not_0(number));
	set->slots[at] = not_0(number);
	set->n++;
}

bool ims_number_set_has(const struct ims_number_set *set, uint64_t number)
{
	return set->n_slots && set->slots[slot_of(set, not_0(number))];
}

void ims_number_set_fini(struct ims_number_set *set)
{
	g_free(set->slots);
	*set = (struct ims_number_set){0};
}
