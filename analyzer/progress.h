/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a run is, on standard error. Several threads may step forward; each
 * other call is made by one thread while no other one uses it.
 */
#ifndef IMS_PROGRESS_H
#define IMS_PROGRESS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>

struct ims_progress {
	bool is_wanted;
	bool is_terminal; /* one line written over; else a line each time */
	uint64_t size;	  /* bytes to be read in all; 0: not known */

	GMutex lock; /* of what follows */
	bool is_shown;
	int64_t next_us; /* monotonic time from which it is due again */
	uint64_t packets;
	uint64_t read;
};

/* `quiet` wins over `wanted`; neither: only on a terminal. */
void ims_progress_init(struct ims_progress *progress, bool quiet,
		       bool wanted) IMS_NONNULL_ALL;

/* So many packets and bytes more; shown at most five times a second. */
void ims_progress_step(struct ims_progress *progress, uint64_t packets,
		       uint64_t read) IMS_NONNULL_ALL;

/* Takes it off the terminal, before anything else is written. */
void ims_progress_clear(struct ims_progress *progress) IMS_NONNULL_ALL;

#endif
