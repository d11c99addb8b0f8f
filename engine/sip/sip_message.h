/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A view of one SIP message: start line, header fields one by one, body. It
 * points into the bytes it was made from, allocates nothing and refuses
 * nothing: what is wrong stands in the view. Lines end with LF; a CR before
 * it belongs to the line end.
 */
#ifndef IMS_SIP_MESSAGE_H
#define IMS_SIP_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

#include "sip_names.h"

struct ims_sip_start {
	/* The line is a request line or status line of SIP/2.0, and whole. */
	bool well_formed;
	bool is_request;
	/*
	 * Of a request; also of a line that is cut behind a method. A status
	 * line has none.
	 */
	enum ims_sip_method method;
	struct ims_slice method_text;
	struct ims_slice uri;	 /* of a request, as written */
	uint16_t status;	 /* of a response; else 0 */
	struct ims_slice reason; /* empty where the line ends before it */
};

struct ims_sip_message {
	struct ims_sip_start start;
	struct ims_slice fields; /* the lines behind the start line */
	struct ims_slice body;	 /* absent without the empty line */
	size_t header_len;	 /* start line to empty line, both included */
	bool has_end;		 /* the empty line stands */
};

/* Never fails; linear in the length of the header. */
void ims_sip_message_parse(struct ims_sip_message *message,
			   struct ims_slice bytes) IMS_NONNULL_ALL;

/* The offset behind the LF of the line at `start`; 0 where there is none. */
size_t ims_sip_line_end(struct ims_slice bytes, size_t start) IMS_PURE;

/* Whether the line at `start` is empty; *end is then the offset behind it. */
bool ims_sip_is_empty_line(struct ims_slice s, size_t start,
			   size_t *end) IMS_NONNULL_ALL;

/*
 * The length of the header of a message: the offset behind its empty line,
 * or 0 where there is none. Linear.
 */
size_t ims_sip_header_length(struct ims_slice bytes) IMS_PURE;

/* Reads a start line without its line end. */
void ims_sip_start_parse(struct ims_sip_start *start,
			 struct ims_slice line) IMS_NONNULL_ALL;

/* One header field, which may go over several lines (RFC 3261 7.3.1). */
struct ims_sip_field {
	enum ims_sip_header_id id;
	struct ims_slice line;	/* all of it, line ends included */
	struct ims_slice name;	/* absent: the line has no name and colon */
	struct ims_slice value; /* trimmed; folds still in it */
	bool folded;
	bool ended; /* a line end stands: else the bytes ran out */
};

/*
 * Takes the next header field off `rest`. Returns false, and leaves *field
 * alone, at the end.
 */
bool ims_sip_field_next(struct ims_slice *rest,
			struct ims_sip_field *field) IMS_NONNULL_ALL;

#endif
