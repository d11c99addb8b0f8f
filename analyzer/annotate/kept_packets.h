/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kept of captures that cannot be read twice, as of a pipe: all but
 * media, in a file without a name. It is a capture too, in which each packet
 * has the number that it had.
 */
#ifndef IMS_ANNOTATE_KEPT_PACKETS_H
#define IMS_ANNOTATE_KEPT_PACKETS_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>

#include "packet.h"

/* Bytes of one capture; with more it cannot be annotated: EFBIG. */
#define IMS_KEPT_MAX (UINT64_C(4) << 30)

struct ims_kept;

/* NULL: the file can be read twice, and nothing need be kept. `is_live`: it
   cannot, whatever there is of that name. */
struct ims_kept *ims_kept_new(const char *file, bool is_live,
			      const char *folder) IMS_NONNULL(1) IMS_MUST_USE;
void ims_kept_free(struct ims_kept *kept); /* NULL: nothing */

/* The next packet: all of the capture go through here. `dropped` were lost
   before it. A failure is kept, and told by ims_kept_file. */
void ims_kept_packet(struct ims_kept *kept, const struct ims_packet *packet,
		     uint64_t dropped) IMS_NONNULL_ALL;

/*
 * No more packets: what to open in its place, borrowed. The times in it are
 * those that the packets came with. NULL with errno set when not all could be
 * kept.
 */
const char *ims_kept_file(struct ims_kept *kept) IMS_NONNULL_ALL;

#endif
