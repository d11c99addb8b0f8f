/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stream that a report writes to, in large pieces, and the first thing
 * that went wrong.
 */
#ifndef IMS_WRITER_H
#define IMS_WRITER_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include <ims/attributes.h>

#define IMS_WRITER_PIECE ((size_t)64 * 1024)
/* Whoever reads the lines waits no longer; nor, of a live capture, than the
   second. */
#define IMS_WRITER_DELAY_MS 200
#define IMS_WRITER_LIVE_MS  50

struct ims_writer {
	FILE *out;
	int error; /* errno of the first failure; 0: none */
	char *piece;
	size_t len;
	/* Of lines that are waited for: who sends what lies there too long. */
	GThread *sender;
	unsigned delay_ms;
	GMutex lock; /* of all of the above */
	GCond cond;  /* there is something to send, or no more will come */
	bool done;
};

/* At the address given: it must not be moved. */
void ims_writer_init(struct ims_writer *writer, FILE *out) IMS_NONNULL_ALL;
void ims_writer_clear(struct ims_writer *writer) IMS_NONNULL_ALL;

/*
 * From now on lines are sent IMS_WRITER_DELAY_MS after they were put, if not
 * before. Does nothing for a regular file: nobody reads it yet.
 */
void ims_writer_hurry(struct ims_writer *writer) IMS_NONNULL_ALL;

/* Of a live capture: after IMS_WRITER_LIVE_MS, to a regular file too. */
void ims_writer_live(struct ims_writer *writer) IMS_NONNULL_ALL;

/* What is put is sent in time, and not only when it is a piece. */
static inline bool ims_writer_is_waited_for(const struct ims_writer *writer)
{
	return writer->sender != NULL;
}

/* Writes, in one if it is no more than a piece; after a failure nothing
   more. */
void ims_writer_put(struct ims_writer *writer, const char *text,
		    size_t len) IMS_NONNULL_ALL;
void ims_writer_puts(struct ims_writer *writer,
		     const char *text) IMS_NONNULL_ALL;

/* Flushes. Returns false with errno of the first failure. */
bool ims_writer_finish(struct ims_writer *writer) IMS_NONNULL_ALL;

#endif
