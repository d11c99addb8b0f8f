/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time of a live capture, which goes on when no packet comes: the machine's
 * own, less what the capture's is behind. That is learnt from its packets: none
 * comes before it was sent.
 */
#ifndef IMS_FOLLOW_H
#define IMS_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>

/* Of a pipe: a first packet that is this near to now is live. */
#define IMS_FOLLOW_NEAR_NS (10 * INT64_C(1000000000))

struct ims_follow {
	bool is_live;
	int64_t lag_ns; /* monotonic time less the capture's: the least seen */
};

/* The first packet is here. Live if `is_known` or by its time. */
void ims_follow_begin(struct ims_follow *follow, bool is_known,
		      int64_t first_ns) IMS_NONNULL_ALL;

/* A packet is here; of a live capture. */
void ims_follow_packet(struct ims_follow *follow,
		       int64_t time_ns) IMS_NONNULL_ALL;

/* How far a live capture is. */
int64_t ims_follow_now(const struct ims_follow *follow) IMS_NONNULL_ALL;

#endif
