/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts that read a SIP message into facts share: the record that
 * is being filled, its header fields by id, its flaws. Lives on the stack of
 * ims_sip_facts_new and is nothing to anyone else.
 */
#ifndef IMS_SIP_READER_H
#define IMS_SIP_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "sip_facts.h"

struct ims_sip_reader {
	struct ims_arena *arena;
	struct ims_sip_facts *facts;
	char *copy;	   /* of the header, in the record */
	size_t header_len; /* start line to empty line, both included */
	size_t start_len;  /* of the start line; 0: it has no end */
	bool cut;
	bool has_end;	 /* the header ends with an empty line */
	bool no_memory;	 /* something could not be kept: the record is void */
	bool fields_cut; /* there are more fields than are kept */
	/* Of the first field of each id, and of the next one behind a field of
	   the same: index and one; 0: none. The last one is for entering. */
	uint16_t first[IMS_SIP_N_HEADERS];
	uint16_t last[IMS_SIP_N_HEADERS];
	uint16_t next[IMS_SIP_MAX_HEADERS];
};

/* Notes a flaw at an offset of the message. */
void ims_sip_reader_flaw(struct ims_sip_reader *reader, enum ims_sip_flaw flaw,
			 size_t offset) IMS_NONNULL_ALL;

/* The place of what a slice of the record begins with. */
static inline size_t ims_sip_reader_place(const struct ims_sip_reader *reader,
					  const char *at)
{
	return (size_t)(at - reader->copy);
}

/* The first field of that id; NULL when there is none. */
static inline const struct ims_sip_header *ims_sip_reader_field(
	const struct ims_sip_reader *reader, enum ims_sip_header_id id)
{
	return reader->first[id]
		       ? &reader->facts->headers[reader->first[id] - 1]
		       : NULL;
}

/* The next field of the same id; NULL when there is none. */
static inline const struct ims_sip_header *ims_sip_reader_again(
	const struct ims_sip_reader *reader, const struct ims_sip_header *field)
{
	const struct ims_sip_header *headers = reader->facts->headers;
	uint16_t next = reader->next[field - headers];

	return next ? &headers[next - 1] : NULL;
}

/* The value of the first field of that id; absent when there is none. */
static inline struct ims_slice ims_sip_reader_value(
	const struct ims_sip_reader *reader, enum ims_sip_header_id id)
{
	const struct ims_sip_header *h = ims_sip_reader_field(reader, id);

	return h ? ims_sip_header_value(h) : (struct ims_slice){0};
}

/*
 * Finds the fields of the header that begins the copy, of which there are so
 * many bytes; folds are undone there.
 */
void ims_sip_reader_header(struct ims_sip_reader *reader,
			   size_t len) IMS_NONNULL_ALL;

/* Fills what is one value: Call-ID, CSeq, From, Authorization, ... */
void ims_sip_reader_values(struct ims_sip_reader *reader) IMS_NONNULL_ALL;

/* Fills all the lists of the record: Via, Contact, Route, Require, ... */
void ims_sip_reader_lists(struct ims_sip_reader *reader) IMS_NONNULL_ALL;

/*
 * Fills what comes of the body, which is by Content-Length what stands behind
 * the header in the message. After the values.
 */
void ims_sip_reader_body(struct ims_sip_reader *reader,
			 struct ims_slice message) IMS_NONNULL_ALL;

/* Fills the marks, by what all the others have filled. */
void ims_sip_reader_marks(struct ims_sip_reader *reader) IMS_NONNULL_ALL;

#endif
