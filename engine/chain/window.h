/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way in: events are put in order of time within a window, and the
 * copies of one packet (an `any` capture, two taps) are dropped.
 */
#ifndef IMS_WINDOW_H
#define IMS_WINDOW_H

#include <stdint.h>

#include "facts.h"

/* Captures of several interfaces are out of order by less than this. */
#define IMS_WINDOW_NS ((int64_t)1000000000)
/* Copies come within this; a SIP retransmission (T1 500 ms) does not. */
#define IMS_COPY_NS ((int64_t)200000000)
/* Records held at most, whatever their times say: waiting, and released ones
   that are known by their copies. */
#define IMS_WINDOW_MAX	      65536u
#define IMS_WINDOW_MAX_BYTES  (64u * 1024u * 1024u)
#define IMS_WINDOW_MAX_RECENT 65536u
/* Records are let out when so many more have come, if they are due. */
#define IMS_WINDOW_BATCH 32u

struct ims_window;

/* Each record is read, then applied or found to be a copy, in order of time;
   several may be read before the first of them is applied. */
struct ims_window_calls {
	/* NULL: there is nothing to read. */
	void (*read)(void *user, struct ims_facts *facts);
	/* Takes over the reference. */
	void (*apply)(void *user, struct ims_facts *facts);
	/* Sees what is dropped; NULL: nobody does. */
	void (*copied)(void *user, const struct ims_facts *copy,
		       const struct ims_facts *first);
};

struct ims_window *ims_window_new(const struct ims_window_calls *calls,
				  void *user) IMS_NONNULL(1) IMS_MUST_USE;

/* Takes over the reference; releases what is old enough. */
void ims_window_put(struct ims_window *window,
		    struct ims_facts *facts) IMS_NONNULL_ALL;

/* Time goes on without a record: releases what is old enough by then. */
void ims_window_advance(struct ims_window *window,
			int64_t time_ns) IMS_NONNULL_ALL;

/* Releases everything. */
void ims_window_flush(struct ims_window *window) IMS_NONNULL_ALL;
void ims_window_free(struct ims_window *window); /* NULL: nothing */

uint64_t ims_window_copies(const struct ims_window *window) IMS_NONNULL_ALL;
/* Records that came later than the window allows for: applied as they came.
   Gaps and lost fragments, which are told when waiting ends, do not count. */
uint64_t ims_window_late(const struct ims_window *window) IMS_NONNULL_ALL;

#endif
