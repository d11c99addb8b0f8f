/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Feeds an engine, if wanted on a thread of its own: while one thread reads
 * packets and finds messages in them, the other one reads those and draws the
 * conclusions. In which order the engine gets what does not depend on that.
 */
#ifndef IMS_FEEDER_H
#define IMS_FEEDER_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/engine.h>

/* Bounds of what is on its way between the threads. */
#define IMS_FEEDER_BATCH       256	      /* events handed over at once */
#define IMS_FEEDER_BATCH_BYTES (256u * 1024u) /* of messages, likewise */
#define IMS_FEEDER_BATCHES     8	      /* that wait */

struct ims_feeder;

/*
 * The engine is borrowed. Threaded, it and its sink belong to the feeder's
 * thread from here to the end of ims_feeder_finish. Never NULL; where no
 * thread can be had it does without.
 */
struct ims_feeder *ims_feeder_new(struct ims_engine *engine, bool is_threaded)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* As ims_engine_feed. Returns false when the event was lost for want of
   memory. */
bool ims_feeder_event(struct ims_feeder *feeder,
		      const struct ims_event *event) IMS_NONNULL_ALL;

/* As ims_engine_clock. */
void ims_feeder_clock(struct ims_feeder *feeder,
		      int64_t time_ns) IMS_NONNULL_ALL;

/* What was fed so far need not wait for more. */
void ims_feeder_flush(struct ims_feeder *feeder) IMS_NONNULL_ALL;

/* All was fed: waits until the engine has it, and finishes the engine. */
void ims_feeder_finish(struct ims_feeder *feeder) IMS_NONNULL_ALL;

void ims_feeder_free(struct ims_feeder *feeder); /* NULL: nothing */

#endif
