// SPDX-License-Identifier: GPL-2.0-or-later
#include "depot.h"

#include <glib.h>

G_STATIC_ASSERT(offsetof(struct ims_depot_block, records) % IMS_DEPOT_STEP ==
		0);
G_STATIC_ASSERT(IMS_DEPOT_BLOCK == 8 * sizeof(uint64_t));

static bool is_shared(const struct ims_depot_block *block)
{
	return block->size <= IMS_DEPOT_MAX;
}

/* Where blocks of that size are while any of it is free. */
static struct ims_depot_blocks *open_of(struct ims_depot *depot, uint32_t size)
{
	return &depot->open[size / IMS_DEPOT_STEP - 1];
}

static struct ims_depot_block *block_new(struct ims_depot *depot, size_t size)
{
	bool shared = size <= IMS_DEPOT_MAX;
	struct ims_depot_block *block = g_malloc(
		sizeof(*block) + (shared ? IMS_DEPOT_BLOCK : 1) * size);

	g_assert(size <= UINT32_MAX);
	block->size = (uint32_t)size;
	block->free = shared ? UINT64_MAX : 1;
	block->number = ims_numbered_add(&depot->blocks, block);
	/* So many records are in no memory. */
	g_assert(block->number <= UINT32_MAX / IMS_DEPOT_BLOCK);
	if (shared)
		LIST_INSERT_HEAD(open_of(depot, block->size), block, open);
	return block;
}

static size_t rounded(size_t size)
{
	return MAX(size + IMS_DEPOT_STEP - 1, IMS_DEPOT_STEP) / IMS_DEPOT_STEP *
	       IMS_DEPOT_STEP;
}

uint32_t ims_depot_add(struct ims_depot *depot, size_t size)
{
	struct ims_depot_block *block = NULL;
	uint32_t place;

	size = rounded(size);
	if (size <= IMS_DEPOT_MAX)
		block = LIST_FIRST(open_of(depot, (uint32_t)size));
	if (!block)
		block = block_new(depot, size);
	place = (uint32_t)__builtin_ctzll(block->free);
	block->free &= block->free - 1;
	if (!block->free && is_shared(block))
		LIST_REMOVE(block, open);
	return block->number * IMS_DEPOT_BLOCK + place;
}

bool ims_depot_fits(const struct ims_depot *depot, uint32_t number, size_t size)
{
	const struct ims_depot_block *block =
		depot->blocks.at[number / IMS_DEPOT_BLOCK];

	return block->size == rounded(size);
}

static void block_free(struct ims_depot *depot, struct ims_depot_block *block)
{
	ims_numbered_remove(&depot->blocks, block->number);
	g_free(block);
}

void ims_depot_remove(struct ims_depot *depot, uint32_t number)
{
	struct ims_depot_block *block =
		depot->blocks.at[number / IMS_DEPOT_BLOCK];
	bool was_open = block->free != 0;

	block->free |= (uint64_t)1 << number % IMS_DEPOT_BLOCK;
	if (!is_shared(block)) {
		block_free(depot, block);
		return;
	}
	if (!was_open)
		LIST_INSERT_HEAD(open_of(depot, block->size), block, open);
	if (block->free != UINT64_MAX)
		return;
	LIST_REMOVE(block, open);
	block_free(depot, block);
}

void ims_depot_clear(struct ims_depot *depot)
{
	ims_numbered_clear(&depot->blocks);
	*depot = (struct ims_depot){0};
}

static struct ims_age *age_of(const struct ims_depot *depot, uint32_t number)
{
	return ims_depot_at(depot, number);
}

void ims_ages_add(struct ims_ages *ages, const struct ims_depot *depot,
		  uint32_t number)
{
	*age_of(depot, number) = (struct ims_age){.older = ages->youngest};
	if (ages->youngest)
		age_of(depot, ages->youngest)->younger = number;
	else
		ages->oldest = number;
	ages->youngest = number;
}

void ims_ages_remove(struct ims_ages *ages, const struct ims_depot *depot,
		     uint32_t number)
{
	const struct ims_age *age = age_of(depot, number);

	if (age->older)
		age_of(depot, age->older)->younger = age->younger;
	else
		ages->oldest = age->younger;
	if (age->younger)
		age_of(depot, age->younger)->older = age->older;
	else
		ages->youngest = age->older;
}
