/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcapng in two parts: pcapng.c finds the blocks, blocks.c says what is in
 * them. Only these two include this.
 */
#ifndef IMS_CAPTURE_BLOCKS_H
#define IMS_CAPTURE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

#include "interface.h"
#include "reader.h"

/* draft-ietf-opsawg-pcapng 4.1: the one type that other blocks depend on */
#define IMS_BLOCK_SECTION 0x0a0d0d0au

#define IMS_BLOCK_LEAST 12 /* type, length, length again */

struct ims_pcapng {
	struct ims_reader reader;
	struct ims_reading *reading;
	bool big;
	struct ims_interface *interfaces; /* of this section */
	size_t n_interfaces;
	size_t room;
	bool drops_told; /* of the packet that comes next */
};

struct ims_block {
	uint32_t type;
	uint32_t length;     /* of all of it */
	const uint8_t *body; /* between the two lengths */
	size_t n;
};

enum ims_outcome {
	IMS_OUTCOME_NONE, /* nothing that the caller sees: read on */
	IMS_OUTCOME_PACKET,
	IMS_OUTCOME_DROPS, /* with drops_told the block's packet follows */
	IMS_OUTCOME_FAILED,
};

/* The error is told: what ims_reading_damaged and _cut return is known. */
static inline enum ims_outcome ims_outcome_failed(enum ims_read told)
{
	(void)told;
	return IMS_OUTCOME_FAILED;
}

/* Whether ims_pcapng_look_into has a use for blocks of this type. */
bool ims_pcapng_is_looked_into(uint32_t type);

/* Fills in `packet` for a packet or drops; its bytes are the block's. */
enum ims_outcome ims_pcapng_look_into(
	struct ims_pcapng *self, struct ims_packet *packet,
	const struct ims_block *block) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
