/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The annotated capture: of what is read, the signalling packets of what is
 * shown, with the findings as comments on the packets that prove them.
 *
 * What is shown is known at the end only. So the captures are read a second
 * time then, and written are the packets that were chosen meanwhile; of a
 * capture that cannot be read twice all but media is kept in a file. Memory
 * takes a bit for each packet of what is read, and what notes.h and choice.h
 * bound; the rest is in files without a name.
 *
 * The functions of the reading side and of the engine's side may be called by
 * two threads, each side by one at a time.
 */
#ifndef IMS_ANNOTATE_H
#define IMS_ANNOTATE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <ims/attributes.h>
#include <ims/engine.h>

#include "capture.h"
#include "report.h"

/* All that are written; what is beyond is counted. 40 bytes of memory each. */
#define IMS_ANNOTATE_MAX_COMMENTS (1u << 21)

struct ims_annotate;

/* What is read: it is copied. */
struct ims_annotate_input {
	const char *const *files;
	const int64_t *offsets_ns; /* that are added to their times */
	size_t n_files;
	bool is_live; /* they are no files that could be read again */
};

/*
 * Called for each packet before it is written: it may put other bytes in the
 * place of packet->bytes, and other lengths and times, which are its own until
 * the next call. Returns false for a packet that is not to be written.
 */
typedef bool ims_annotate_fn(void *user, struct ims_packet *packet);

/* Files without a name are opened in `folder`, or NULL. Never NULL. */
struct ims_annotate *ims_annotate_new(const char *folder) IMS_MUST_USE;
void ims_annotate_free(struct ims_annotate *annotate); /* NULL: nothing */

/* Packets are to be changed before they are written. */
void ims_annotate_rewrite(struct ims_annotate *annotate,
			  ims_annotate_fn *rewrite, void *user)
	IMS_NONNULL(1, 2);

/* Before all that follows. `shown` says what a report lists: it is copied. */
void ims_annotate_begin(struct ims_annotate *annotate,
			const struct ims_annotate_input *input,
			const struct ims_report_options *shown) IMS_NONNULL_ALL;

/* --- the reading side: all that is read, in order --- */

void ims_annotate_packet(struct ims_annotate *annotate,
			 const struct ims_packet *packet) IMS_NONNULL_ALL;
/* As IMS_READ_DROPS has it. */
void ims_annotate_drops(struct ims_annotate *annotate,
			const struct ims_packet *packet) IMS_NONNULL_ALL;
/* As ims_event_fn and ims_part_fn. */
void ims_annotate_event(struct ims_annotate *annotate,
			const struct ims_event *event) IMS_NONNULL_ALL;
void ims_annotate_part(struct ims_annotate *annotate, struct ims_frame whole,
		       struct ims_frame part) IMS_NONNULL_ALL;

/* --- the engine's side: as ims_sink --- */

bool ims_annotate_wants_steps(const struct ims_annotate *annotate,
			      const struct ims_registration *registration)
	IMS_NONNULL_ALL;
void ims_annotate_registration(struct ims_annotate *annotate,
			       const struct ims_registration *registration)
	IMS_NONNULL_ALL;
void ims_annotate_exchange(struct ims_annotate *annotate,
			   const struct ims_exchange *exchange) IMS_NONNULL_ALL;
void ims_annotate_finding(struct ims_annotate *annotate,
			  const struct ims_finding *finding) IMS_NONNULL_ALL;
void ims_annotate_call(struct ims_annotate *annotate,
		       const struct ims_call_message *message) IMS_NONNULL_ALL;
void ims_annotate_copy(struct ims_annotate *annotate, struct ims_frame copy,
		       struct ims_frame first) IMS_NONNULL_ALL;

/* --- when both sides are done --- */

/* What became of one of the captures. */
void ims_annotate_capture(struct ims_annotate *annotate, uint32_t index,
			  const struct ims_capture_info *info) IMS_NONNULL_ALL;

/* What was written. */
struct ims_annotate_count {
	uint64_t packets;
	uint64_t left_out;	    /* packets that `rewrite` did not want */
	uint64_t comments_left_out; /* for IMS_ANNOTATE_MAX_COMMENTS */
};

/*
 * Writes the capture to `out`, which stays the caller's, and flushes. Returns
 * false with *why it could not be done whole, which lives as long as
 * `annotate`.
 */
bool ims_annotate_write(struct ims_annotate *annotate,
			struct ims_annotate_count *count, const char **why,
			FILE *out) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
