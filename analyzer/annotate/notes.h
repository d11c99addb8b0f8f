/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comments of packets, kept in a file until the packets are written. */
#ifndef IMS_ANNOTATE_NOTES_H
#define IMS_ANNOTATE_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/message.h>

#include "annotate.h"

/* Of one packet; of more the last one says how many. */
#define IMS_NOTES_MAX_OF_PACKET 16
/* Bytes of one: more is no comment that anybody reads. */
#define IMS_NOTES_MAX_TEXT 16384

struct ims_notes;

/* Where the file is opened: see ims_temporary_new. Never NULL. */
struct ims_notes *ims_notes_new(const char *folder) IMS_MUST_USE;
void ims_notes_free(struct ims_notes *notes); /* NULL: nothing */

/* Of one packet in the order in which they are added. `registration` is what
   it is about; 0: no registration. */
void ims_notes_add(struct ims_notes *notes, struct ims_frame frame,
		   uint64_t registration, const char *text) IMS_NONNULL_ALL;

/*
 * No more are added from here on; those about what `shows` does not want go.
 * Returns false with errno set when one could not be kept.
 */
typedef bool ims_notes_fn(void *user, uint64_t registration);
bool ims_notes_settle(struct ims_notes *notes, ims_notes_fn *shows, void *user)
	IMS_NONNULL(1, 2) IMS_MUST_USE;

/*
 * Settled: the comments of a packet. *texts and they are borrowed until the
 * next call. Returns false with errno set when they cannot be read back.
 */
bool ims_notes_of(struct ims_notes *notes, const char *const **texts, size_t *n,
		  struct ims_frame frame) IMS_NONNULL_ALL IMS_MUST_USE;

/* How many were more than IMS_ANNOTATE_MAX_COMMENTS. */
uint64_t ims_notes_left_out(const struct ims_notes *notes) IMS_NONNULL_ALL;

#endif
