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
	struct ims_slice copy; /* of the header: offsets count from here */
	bool cut;
	bool no_memory;	 /* something could not be kept: the record is void */
	bool fields_cut; /* there are more fields than are kept */
	/* Of the first field of each id: index and one; 0: none. */
	uint16_t first[IMS_SIP_N_HEADERS];
};

/* Notes a flaw at a place in the copy of the header, or at its end. */
void ims_sip_reader_flaw(struct ims_sip_reader *reader, enum ims_sip_flaw flaw,
			 const char *at) IMS_NONNULL_ALL;

/*
 * The field of that id behind `previous`, the first one when that is NULL;
 * NULL when there is none.
 */
const struct ims_sip_header *ims_sip_reader_field(
	const struct ims_sip_reader *reader, enum ims_sip_header_id id,
	const struct ims_sip_header *previous) IMS_NONNULL(1);

/* The value of the first field of that id; absent when there is none. */
struct ims_slice ims_sip_reader_value(const struct ims_sip_reader *reader,
				      enum ims_sip_header_id id)
	IMS_NONNULL_ALL;

/*
 * Reads the lines behind the start line into the record's header fields.
 * `copy` is reader->copy, where it may be written to: folds are undone there.
 */
void ims_sip_reader_fields(struct ims_sip_reader *reader,
			   struct ims_slice fields, char *copy) IMS_NONNULL_ALL;

/* Fills what is one value: Call-ID, CSeq, From, Authorization, ... */
void ims_sip_reader_values(struct ims_sip_reader *reader) IMS_NONNULL_ALL;

/* Fills all the lists of the record: Via, Contact, Route, Require, ... */
void ims_sip_reader_lists(struct ims_sip_reader *reader) IMS_NONNULL_ALL;

/*
 * Fills what comes of the body, which is `body` and what lies behind it, by
 * Content-Length. After the values.
 */
void ims_sip_reader_body(struct ims_sip_reader *reader,
			 struct ims_slice body) IMS_NONNULL_ALL;

#endif
