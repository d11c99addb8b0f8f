/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes pcapng: interfaces and packets, with comments if wanted. */
#ifndef IMS_CAPTURE_PCAPNG_WRITER_H
#define IMS_CAPTURE_PCAPNG_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <ims/attributes.h>

#include "packet.h"

struct ims_pcapng_writer;

/*
 * Begins a section in `file`, which stays the caller's and must live longer.
 * Failures are kept and told by every later call. Never NULL.
 */
struct ims_pcapng_writer *ims_pcapng_writer_new(FILE *file)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* Flushes too; a failure that ims_pcapng_writer_flush did not see is lost. */
void ims_pcapng_writer_free(struct ims_pcapng_writer *writer); /* or NULL */

/*
 * Adds an interface with times in nanoseconds and puts its number into *id.
 * `link_type` is a LINKTYPE_ value; `snapshot` 0: no limit. false with errno
 * set when writing failed.
 */
bool ims_pcapng_writer_interface(struct ims_pcapng_writer *writer, uint32_t *id,
				 uint16_t link_type,
				 uint32_t snapshot) IMS_NONNULL_ALL;

/*
 * Writes packet->bytes, ->captured, ->wire and ->time_ns; times before 1970
 * become 1970. `comment` is UTF-8 or NULL; what is beyond 65,535 bytes of it
 * is left out. false with errno set: EINVAL for an interface that was not
 * added or a packet beyond 16 MiB, with nothing written, else as fwrite.
 */
bool ims_pcapng_writer_packet(struct ims_pcapng_writer *writer,
			      uint32_t interface,
			      const struct ims_packet *packet,
			      const char *comment) IMS_NONNULL(1, 3);

/* false with errno set when this or anything before could not be written. */
bool ims_pcapng_writer_flush(struct ims_pcapng_writer *writer)
	IMS_NONNULL_ALL IMS_MUST_USE;

#endif
