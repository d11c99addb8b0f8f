/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the bytes of spaces (network_tap.h) are to become: parts of messages,
 * and of datagrams. Kept for a while, for what is sent again.
 */
#ifndef IMS_ANONYMIZE_STORE_H
#define IMS_ANONYMIZE_STORE_H

#include "buffer.h"

/* What is kept; the oldest is let go. */
#define IMS_STORE_MAX_BYTES   (64u * 1024u * 1024u)
#define IMS_STORE_MAX_RECORDS 262144

struct ims_message; /* SIP or Diameter */

struct ims_message *ims_message_new(enum ims_event_kind kind,
				    struct ims_slice bytes);
void ims_message_unref(struct ims_message *message);

struct ims_store *ims_store_new(void);
void ims_store_free(struct ims_store *store);

/* `len` bytes of the message from `offset` on are those from `position` on. */
void ims_store_message(struct ims_store *store, uint64_t space,
		       uint32_t position, struct ims_message *message,
		       size_t offset, size_t len) IMS_NONNULL_ALL;

/* The space is that of the buffer. */
void ims_store_buffer(struct ims_store *store, uint64_t space,
		      struct ims_buffer *buffer) IMS_NONNULL_ALL;

/*
 * Overwrites the bytes that have that place with what they are to be, as far
 * as the store has them. What is rewritten for the first time is so now.
 * `covered` is set to 1 for each that was. Returns how many were.
 */
size_t ims_store_apply(struct ims_store *store, uint8_t *bytes,
		       uint8_t *covered, const struct ims_range *range,
		       const struct ims_rewriting *with) IMS_NONNULL_ALL;

#endif
