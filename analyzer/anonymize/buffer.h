/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A packet, or what was put together of several, with what is known of its
 * bytes; and the messages, each of which lies in one or more of them.
 */
#ifndef IMS_ANONYMIZE_BUFFER_H
#define IMS_ANONYMIZE_BUFFER_H

#include <glib.h>

#include <ims/attributes.h>
#include <ims/pseudonyms.h>

#include "anonymize.h"
#include "layers.h"

/* A header, as the network came to it. */
struct ims_note {
	enum ims_layer layer;
	size_t at;	  /* where it begins, and how many bytes are */
	size_t len;	  /* there from it on */
	struct ims_ip ip; /* around it, with addresses as they were */
	uint32_t check;	  /* its checksum's deviation from right */
};

/* Bytes that have a place (network_tap.h). */
struct ims_range {
	size_t at;
	size_t len;
	uint64_t space;
	uint32_t position;
};

struct ims_buffer {
	unsigned n_references;
	uint8_t *bytes;
	size_t len;
	size_t kept;	/* of them, these are handed on */
	GArray *notes;	/* of struct ims_note, outermost first */
	GArray *ranges; /* of struct ims_range */
	bool is_packet; /* may be cut short */
	bool done;	/* rewritten */
};

/* A copy of the bytes. */
struct ims_buffer *ims_buffer_new(const uint8_t *bytes, size_t len);
struct ims_buffer *ims_buffer_ref(struct ims_buffer *buffer);
void ims_buffer_unref(struct ims_buffer *buffer); /* NULL: nothing */

struct ims_store;

/* What buffers are rewritten with. */
struct ims_rewriting {
	struct ims_pseudonyms *pseudonyms;
	struct ims_store *store;
	struct ims_anonymized *count;
};

/* Rewrites it, once: its payload, its headers, its checksums. */
void ims_buffer_finish(struct ims_buffer *buffer,
		       const struct ims_rewriting *with) IMS_NONNULL_ALL;

/* The rest is for the files of buffers among themselves. */

/* Nothing of [at, at + len) is handed on. */
void ims_buffer_blank(struct ims_buffer *buffer, size_t at, size_t len);

/* Nothing from `at` on is handed on, if that changes nothing for who reads;
   else it becomes 0. */
void ims_buffer_cut(struct ims_buffer *buffer, size_t at);

/* What the innermost header says is in it; `note` is that header's. */
void ims_payload_finish(struct ims_buffer *buffer, const struct ims_note *note,
			const struct ims_rewriting *with);

/*
 * Makes of [at, at + len) what the store says, and of the rest of it 0, but for
 * line ends. Returns where what the store knew ends; `at`: it knew nothing.
 */
size_t ims_payload_apply(struct ims_buffer *buffer, size_t at, size_t len,
			 const struct ims_rewriting *with);

void ims_payload_sctp(struct ims_buffer *buffer, const struct ims_note *note,
		      const struct ims_rewriting *with);
void ims_payload_icmp(struct ims_buffer *buffer, const struct ims_note *note,
		      const struct ims_rewriting *with);

/* From the outermost to the innermost. */
void ims_headers_rewrite(struct ims_buffer *buffer,
			 const struct ims_rewriting *with);

/* An address of that family, 4 or 6, at `at` becomes another. */
void ims_header_rewrite_address(uint8_t *at, uint8_t family,
				const struct ims_rewriting *with);

/* An IP header at `at` that stands alone, as ICMP quotes it, and its
   addresses. */
void ims_header_rewrite_ip(struct ims_buffer *buffer, size_t at, size_t end,
			   const struct ims_rewriting *with);

/* What a header's checksum deviates by, before anything is changed; and its
   checksum such that it deviates by that again. */
uint32_t ims_check_before(const struct ims_note *note, const uint8_t *at);
void ims_check_mend(struct ims_buffer *buffer, const struct ims_note *note,
		    const struct ims_rewriting *with);

#endif
