// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Diameter messages: their extent, at every length, and their facts, whole
 * and cut. What is not Diameter is read as a user profile.
 */
#include <ims/message.h>

#include <stdint.h>
#include <stdlib.h>

#include "diameter_facts.h"
#include "facts.h"
#include "profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* More bytes settle what was open, and never change what was settled. */
static enum ims_extent check_extent(struct ims_slice bytes)
{
	size_t length, shorter;
	enum ims_extent extent = ims_diameter_extent(bytes, &length);
	size_t known = bytes.len < 64 ? bytes.len : 64;

	require(extent != IMS_EXTENT_WHOLE || length <= bytes.len);
	require(extent != IMS_EXTENT_FOREIGN || length == 0);
	for (size_t i = 0; i < known; i++) {
		enum ims_extent before;
		before = ims_diameter_extent(ims_slice(bytes.at, i), &shorter);
		if (before != IMS_EXTENT_PARTIAL)
			require(before == extent && shorter == length);
	}
	return extent;
}

static void read_facts(struct ims_slice bytes, bool cut)
{
	const struct ims_event event = {
		.kind = IMS_EVENT_DIAMETER,
		.bytes = bytes,
		.cut = cut,
	};
	struct ims_facts *facts = ims_facts_new(&event);

	require(facts && facts->diameter);
	require(!cut || facts->diameter->flaws & IMS_DIAMETER_FLAW_CUT);
	require((facts->diameter->flaws == 0) ==
		(facts->diameter->flaw_offset < 0));
	ims_facts_unref(facts);
}

static void read_profile(struct ims_slice bytes)
{
	struct ims_profile profile = {0};
	struct ims_arena *arena = ims_arena_new(0);
	bool many = false;

	require(arena && ims_profile_parse(&profile, &many, arena, bytes));
	require(profile.well_formed == !ims_slice_is_set(profile.error));
	ims_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ims_slice bytes = ims_slice(data, size);

	if (check_extent(bytes) == IMS_EXTENT_FOREIGN)
		read_profile(bytes);
	read_facts(bytes, false);
	read_facts(ims_slice(data, size / 2), true);
	return 0;
}
