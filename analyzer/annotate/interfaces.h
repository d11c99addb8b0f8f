/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interfaces of a file that is written: one a capture and link type. */
#ifndef IMS_ANNOTATE_INTERFACES_H
#define IMS_ANNOTATE_INTERFACES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>

#include "packet.h"
#include "pcapng_writer.h"

struct ims_interfaces {
	GArray *known; /* of struct ims_interface_of */
	GHashTable *by_key;
};

/* What one of them is of. */
struct ims_interface_of {
	uint32_t capture;
	uint32_t id;
	uint64_t dropped; /* told with its packets */
};

void ims_interfaces_init(struct ims_interfaces *interfaces) IMS_NONNULL_ALL;
void ims_interfaces_fini(struct ims_interfaces *interfaces) IMS_NONNULL_ALL;

/*
 * The one that the packet is of, borrowed until the next is asked for; where it
 * is new it is written first, with what `about` says beside the link type
 * (NULL: nothing). false with errno set: EINVAL for a link type that pcapng has
 * no room for, else as ims_pcapng_writer_interface.
 */
bool ims_interfaces_find(struct ims_interfaces *interfaces,
			 struct ims_interface_of **of,
			 struct ims_pcapng_writer *writer,
			 const struct ims_packet *packet,
			 const struct ims_pcapng_interface *about)
	IMS_NONNULL(1, 2, 3, 4) IMS_MUST_USE;

#endif
