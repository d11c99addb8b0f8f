/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IP datagrams put together again (RFC 791 3.2, RFC 8200 4.5). */
#ifndef IMS_FRAGMENTS_H
#define IMS_FRAGMENTS_H

#include <ims/attributes.h>

#include "layers.h"
#include "runs.h"
#include "table.h"

/* Bytes of fragments held, bookkeeping included. */
#define IMS_FRAGMENTS_MAX_BYTES (8u * 1024u * 1024u)
/* Fragments of one datagram: 64 KiB in pieces of 256 bytes. */
#define IMS_FRAGMENTS_MAX_PIECES 256
/*
 * A datagram is waited for as long. A receiver waits longer (RFC 8200 4.5: 60
 * s; Linux 30 s), but fragments leave one behind the other, and the
 * registration that lacks them must hear of it before it is judged.
 */
#define IMS_FRAGMENTS_TIMEOUT_NS (3 * INT64_C(1000000000))
/* Copies of fragments may come as long after the datagram was whole. */
#define IMS_FRAGMENTS_COPIES_NS (2 * INT64_C(1000000000))

struct ims_network;

struct ims_fragments {
	struct ims_table table;
	struct ims_budget budget;
	uint8_t *whole; /* the datagram that came out last */
};

void ims_fragments_init(struct ims_fragments *fragments) IMS_NONNULL_ALL;
void ims_fragments_fini(struct ims_fragments *fragments) IMS_NONNULL_ALL;

/*
 * Takes the fragment at the cursor. Returns true when it makes a datagram
 * whole: the cursor is then at its first byte behind the IP header, in
 * memory that lives until the next one is whole.
 */
bool ims_fragments_take(struct ims_network *network,
			struct ims_cursor *cursor) IMS_NONNULL_ALL IMS_MUST_USE;

/* Reports the datagrams whose time is over. */
void ims_fragments_expire(struct ims_network *network) IMS_NONNULL_ALL;

/* Reports all that are not whole. */
void ims_fragments_finish(struct ims_network *network) IMS_NONNULL_ALL;

#endif
