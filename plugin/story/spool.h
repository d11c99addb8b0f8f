/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events kept until somebody asks what they mean. They are written one after
 * the other and read back from the first; the front is in memory, and what
 * does not fit there in a file without a name. It knows nothing of what the
 * events say.
 */
#ifndef IMS_SPOOL_H
#define IMS_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/message.h>

/* So much is held in memory; the rest goes to the file. */
#define IMS_SPOOL_MEMORY (4u * 1024u * 1024u)

struct ims_spool;

/* What is read back; any member may be NULL. */
struct ims_spool_reader {
	void *user;
	void (*event)(void *user, const struct ims_event *event);
	void (*clock)(void *user, int64_t time_ns);
};

/* `memory` bytes are held before the file is used. Never NULL. */
struct ims_spool *ims_spool_new(size_t memory) IMS_MUST_USE;
void ims_spool_free(struct ims_spool *spool); /* NULL: nothing */

/* Keeps a copy of the event and its bytes. */
void ims_spool_event(struct ims_spool *spool,
		     const struct ims_event *event) IMS_NONNULL_ALL;

/* The capture goes on until then; of several in a row the last is kept. */
void ims_spool_clock(struct ims_spool *spool, int64_t time_ns) IMS_NONNULL_ALL;

/* Everything in the order in which it came; may be called again. */
void ims_spool_read(struct ims_spool *spool,
		    const struct ims_spool_reader *reader) IMS_NONNULL_ALL;

/*
 * A place in it, and everything that came since taken back. Returns false,
 * and leaves all as it is, when a part of that is in the file already.
 */
uint64_t ims_spool_place(const struct ims_spool *spool) IMS_NONNULL_ALL;
bool ims_spool_rewind(struct ims_spool *spool, uint64_t place) IMS_NONNULL_ALL;

/* Events that were not kept, or could not be read back: the disk is full. */
uint64_t ims_spool_lost(const struct ims_spool *spool) IMS_NONNULL_ALL;

#endif
