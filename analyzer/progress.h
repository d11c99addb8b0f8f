/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a run is, on standard error. */
#ifndef IMS_PROGRESS_H
#define IMS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>

struct ims_progress {
	bool is_wanted;
	bool is_terminal; /* one line written over; else a line each time */
	bool is_shown;
	int64_t next_us; /* monotonic time from which it is due again */
};

/* `quiet` wins over `wanted`; neither: only on a terminal. */
void ims_progress_init(struct ims_progress *progress, bool quiet,
		       bool wanted) IMS_NONNULL_ALL;

/* True at most five times a second: then show it. */
bool ims_progress_is_due(struct ims_progress *progress) IMS_NONNULL_ALL;

/* `size` 0: not known. */
void ims_progress_show(struct ims_progress *progress, uint64_t packets,
		       uint64_t read, uint64_t size) IMS_NONNULL_ALL;

/* Takes it off the terminal, before anything else is written. */
void ims_progress_clear(struct ims_progress *progress) IMS_NONNULL_ALL;

#endif
