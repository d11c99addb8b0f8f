/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of frames: a bit for each packet of a capture up to the last in it. */
#ifndef IMS_ANNOTATE_FRAME_SET_H
#define IMS_ANNOTATE_FRAME_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/message.h>

struct ims_frame_bits;

/* All zero: empty. */
struct ims_frame_set {
	struct ims_frame_bits *captures;
	size_t n_captures;
	uint64_t n; /* frames in it */
};

/* Numbers are those of packets that were read: they bound what it takes. */
void ims_frame_set_add(struct ims_frame_set *set,
		       struct ims_frame frame) IMS_NONNULL_ALL;

void ims_frame_set_remove(struct ims_frame_set *set,
			  struct ims_frame frame) IMS_NONNULL_ALL;

/* All of `other` too. */
void ims_frame_set_join(struct ims_frame_set *set,
			const struct ims_frame_set *other) IMS_NONNULL_ALL;

bool ims_frame_set_has(const struct ims_frame_set *set,
		       struct ims_frame frame) IMS_NONNULL_ALL IMS_PURE;

void ims_frame_set_fini(struct ims_frame_set *set) IMS_NONNULL_ALL;

#endif
