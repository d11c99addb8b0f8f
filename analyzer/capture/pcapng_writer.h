/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes pcapng: a section of interfaces and packets, each with what is to be
 * said of it. Whose bytes they are, read or made, is nothing to it.
 */
#ifndef IMS_CAPTURE_PCAPNG_WRITER_H
#define IMS_CAPTURE_PCAPNG_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <ims/attributes.h>

#include "packet.h"

/* How the application is named that leaves packets out on purpose: behind its
   version. Readers of ours do not take that for losses. */
#define IMS_PCAPNG_SELECTION " (selection)"

struct ims_pcapng_writer;

/* What is said of the whole; NULL: nothing. */
struct ims_pcapng_section {
	const char *comment;
	bool is_selection; /* see above */
};

/*
 * All text is UTF-8, and NULL where there is none; of what is beyond 65,535
 * bytes the end is left out.
 */
struct ims_pcapng_interface {
	uint16_t link_type; /* LINKTYPE_ value */
	uint32_t snapshot;  /* 0: no limit */
	const char *name;
	const char *description;
	const char *comment;
};

/* What is said of one packet beside its bytes. */
struct ims_pcapng_notes {
	const char *const *comments; /* Wireshark shows each of them */
	size_t n_comments;
	uint64_t dropped; /* packets that were lost before it; 0: none */
};

struct ims_pcapng_span {
	int64_t start_ns;
	int64_t end_ns;
	uint64_t dropped; /* in all, those told with packets among them */
};

/*
 * Begins a section in `file`, which stays the caller's and must live longer.
 * NULL `section`: nothing is said of it. Failures are kept and told by every
 * later call. Never NULL.
 */
struct ims_pcapng_writer *ims_pcapng_writer_new(
	FILE *file, const struct ims_pcapng_section *section)
	IMS_NONNULL(1) IMS_MUST_USE;

/* Flushes too; a failure that ims_pcapng_writer_flush did not see is lost. */
void ims_pcapng_writer_free(struct ims_pcapng_writer *writer); /* or NULL */

/*
 * Adds an interface with times in nanoseconds and puts its number into *id.
 * It may come after packets of others. false with errno set when writing
 * failed.
 */
bool ims_pcapng_writer_interface(struct ims_pcapng_writer *writer, uint32_t *id,
				 const struct ims_pcapng_interface *interface)
	IMS_NONNULL_ALL;

/*
 * Writes packet->bytes, ->captured, ->wire and ->time_ns; times before 1970
 * become 1970. NULL notes: none. false with errno set: EINVAL for an interface
 * that was not added, or a packet or comments beyond 16 MiB, with nothing
 * written, else as fwrite.
 */
bool ims_pcapng_writer_packet(struct ims_pcapng_writer *writer,
			      uint32_t interface,
			      const struct ims_packet *packet,
			      const struct ims_pcapng_notes *notes)
	IMS_NONNULL(1, 3);

/*
 * Says how long the interface was captured, which may be more than its packets
 * tell. To be said behind all of them. Fails as ims_pcapng_writer_packet.
 */
bool ims_pcapng_writer_span(struct ims_pcapng_writer *writer,
			    uint32_t interface,
			    const struct ims_pcapng_span *span) IMS_NONNULL_ALL;

/* false with errno set when this or anything before could not be written. */
bool ims_pcapng_writer_flush(struct ims_pcapng_writer *writer)
	IMS_NONNULL_ALL IMS_MUST_USE;

#endif
