/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For who rewrites packets: where in them everything stands. Bytes that are
 * put together of several packets lie in a space, a direction of a TCP
 * connection, a chunk of SCTP, a datagram in fragments; a place is a space
 * and a position in it, which wraps around at 32 bits.
 */
#ifndef IMS_NETWORK_TAP_H
#define IMS_NETWORK_TAP_H

#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

#include "layers.h"

struct ims_network;

/* Each may be called while a packet is read; what is pointed at is the packet
   itself or what was put together, borrowed for the call. */
struct ims_tap {
	void *user;
	/* A header of the kind cursor->layer begins at the cursor. */
	void (*layer)(void *user, const struct ims_cursor *cursor);
	/* These bytes of the packet, or of what it is in, have that place. */
	void (*placed)(void *user, const uint8_t *at, size_t len,
		       uint64_t space, uint32_t position);
	/* A datagram was put together: the space as a whole. The layers that
	   follow are in it. */
	void (*whole)(void *user, const uint8_t *at, size_t len,
		      uint64_t space);
	/* What the next events' messages are taken from, or a part of it, is
	   from that place; `len` 0: what was told before no longer holds. Not
	   told of what is in the packet alone. */
	void (*origin)(void *user, const uint8_t *at, size_t len,
		       uint64_t space, uint32_t position);
};

/* Before the first packet; borrowed as long as the network lives. */
void ims_network_tap(struct ims_network *network,
		     const struct ims_tap *tap) IMS_NONNULL_ALL;

#endif
