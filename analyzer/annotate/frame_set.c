// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame_set.h"

#include <glib.h>
#include <string.h>

#define LEAST_BYTES 1024

struct ims_frame_bits {
	uint8_t *at;
	size_t n; /* bytes */
};

static void add_captures(struct ims_frame_set *set, size_t n)
{
	set->captures = g_renew(struct ims_frame_bits, set->captures, n);
	for (size_t i = set->n_captures; i < n; i++)
		set->captures[i] = (struct ims_frame_bits){0};
	set->n_captures = n;
}

static void make_room(struct ims_frame_bits *bits, size_t byte)
{
	size_t n = MAX(bits->n, LEAST_BYTES);

	if (byte < bits->n)
		return;
	while (n <= byte)
		n *= 2;
	bits->at = g_realloc(bits->at, n);
	memset(bits->at + bits->n, 0, n - bits->n);
	bits->n = n;
}

void ims_frame_set_add(struct ims_frame_set *set, struct ims_frame frame)
{
	size_t byte = (size_t)(frame.number / 8);
	uint8_t bit = (uint8_t)(1u << frame.number % 8);
	struct ims_frame_bits *bits;

	if (frame.number == 0)
		return;
	if (frame.capture >= set->n_captures)
		add_captures(set, (size_t)frame.capture + 1);
	bits = &set->captures[frame.capture];
	make_room(bits, byte);
	set->n += !(bits->at[byte] & bit);
	bits->at[byte] |= bit;
}

void ims_frame_set_remove(struct ims_frame_set *set, struct ims_frame frame)
{
	if (!ims_frame_set_has(set, frame))
		return;
	set->captures[frame.capture].at[frame.number / 8] &=
		(uint8_t) ~(1u << frame.number % 8);
	set->n--;
}

void ims_frame_set_join(struct ims_frame_set *set,
			const struct ims_frame_set *other)
{
	for (size_t i = 0; i < other->n_captures; i++) {
		uint64_t n = (uint64_t)other->captures[i].n * 8;

		for (uint64_t k = 0; k < n; k++) {
			struct ims_frame frame = {(uint32_t)i, k};

			if (ims_frame_set_has(other, frame))
				ims_frame_set_add(set, frame);
		}
	}
}

bool ims_frame_set_has(const struct ims_frame_set *set, struct ims_frame frame)
{
	const struct ims_frame_bits *bits;

	if (frame.capture >= set->n_captures)
		return false;
	bits = &set->captures[frame.capture];
	return frame.number / 8 < bits->n &&
	       bits->at[frame.number / 8] & 1u << frame.number % 8;
}

void ims_frame_set_fini(struct ims_frame_set *set)
{
	for (size_t i = 0; i < set->n_captures; i++)
		g_free(set->captures[i].at);
	g_free(set->captures);
	*set = (struct ims_frame_set){0};
}
