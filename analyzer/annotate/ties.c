// SPDX-License-Identifier: GPL-2.0-or-later
#include "ties.h"

struct tie {
	struct ims_frame frame;
	uint64_t number;
};

/* What ims_ties_settle goes through them with. */
struct settling {
	struct ims_ties *ties;
	struct ims_frame_set *frames;
	const struct ims_frame_set *seeds;
};

void ims_ties_init(struct ims_ties *ties, const char *folder)
{
	ties->chosen = (struct ims_number_set){0};
	ties->frames = ims_spill_new(folder, sizeof(struct tie));
}

void ims_ties_fini(struct ims_ties *ties)
{
	ims_number_set_fini(&ties->chosen);
	ims_spill_free(ties->frames);
}

void ims_ties_add(struct ims_ties *ties, struct ims_frame frame,
		  uint64_t number)
{
	const struct tie tie = {frame, number};

	ims_spill_add(ties->frames, &tie);
}

void ims_ties_choose(struct ims_ties *ties, uint64_t number)
{
	ims_number_set_add(&ties->chosen, number);
}

static void choose(void *user, const void *record)
{
	const struct settling *settling = user;
	const struct tie *tie = record;

	if (ims_frame_set_has(settling->seeds, tie->frame))
		ims_ties_choose(settling->ties, tie->number);
}

static void take(void *user, const void *record)
{
	const struct settling *settling = user;
	const struct tie *tie = record;

	if (ims_number_set_has(&settling->ties->chosen, tie->number))
		ims_frame_set_add(settling->frames, tie->frame);
}

bool ims_ties_settle(struct ims_ties *ties, struct ims_frame_set *frames,
		     const struct ims_frame_set *seeds)
{
	struct settling settling = {ties, frames, seeds};

	return ims_spill_each(ties->frames, choose, &settling) &&
	       ims_spill_each(ties->frames, take, &settling);
}
