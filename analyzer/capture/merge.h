/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several captures read as one observation, merged by time. */
#ifndef IMS_MERGE_H
#define IMS_MERGE_H

#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

#include "capture.h"

/* At a time, open: the rest is opened when its turn comes. */
#define IMS_MERGE_MAX_OPEN 256

struct ims_merge;

/*
 * Takes over the captures. `offsets_ns[i]` is added to the times of capture
 * i (its clock's correction). Each file's own order is kept; among files the
 * earliest next packet comes first.
 */
struct ims_merge *ims_merge_new(struct ims_capture *const *captures,
				const int64_t *offsets_ns,
				size_t n_captures) IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * As ims_capture_read, of the capture in packet->capture. An error in one
 * capture is returned once and the others go on; END when all are read.
 */
enum ims_read ims_merge_read(struct ims_merge *merge, struct ims_packet *packet)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* Closes the captures too. */
void ims_merge_free(struct ims_merge *merge); /* NULL: nothing */

/* Identity of a packet whatever its link layer; 0: none. */
typedef uint64_t ims_identity_fn(const struct ims_packet *packet);

/*
 * Estimates each file's clock offset against the first from packets that
 * both hold (those that `identity` says are the same): the median
 * of the differences. offsets_ns[i] is what must be added to capture i's
 * times; 0 where fewer than 5 packets are shared, they do not agree, or one
 * file goes on where the other ended.
 * Opens the files for itself; standard input is left at 0.
 */
void ims_clock_offsets(int64_t *offsets_ns, const char *const *files,
		       size_t n_files,
		       ims_identity_fn *identity) IMS_NONNULL_ALL;

/*
 * The captures in a folder, in order of name, not deeper: those that begin
 * as pcap or pcapng does, compressed or not. Adds g_strdup'd paths to
 * `files`, a GPtrArray. Returns false with errno set when the folder cannot
 * be read.
 */
typedef struct _GPtrArray GPtrArray;
_Bool ims_capture_folder(GPtrArray *files,
			 const char *folder) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
