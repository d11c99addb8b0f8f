/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A block of data in the page: a <script type="application/json"> element
 * with many records. A text that several of them have, such as a header
 * field's name, is written once: records have its index in `strings`.
 *
 *     {"strings": [null, "REGISTER", ...], "records": [[...], ...]}
 *
 * A block is written out when it has grown to its bound: then it begins anew.
 */
#ifndef IMS_HTML_BLOCK_H
#define IMS_HTML_BLOCK_H

#include <glib.h>

#include <ims/attributes.h>
#include <ims/slice.h>

#include "json_writer.h"
#include "writer.h"

/* A block is full when its texts and records together have this. */
#define IMS_HTML_BLOCK_BYTES (128u * 1024u)

struct ims_html_block {
	const char *kind;	 /* its data-block attribute */
	uint64_t n_written;	 /* blocks of this kind so far */
	struct ims_json records; /* the list without its end */
	struct ims_json strings; /* likewise */
	GString *key;		 /* of the last text asked for */
	GHashTable *indices;	 /* text -> index, from 1 */
};

void ims_html_block_init(struct ims_html_block *block,
			 const char *kind) IMS_NONNULL_ALL;
void ims_html_block_clear(struct ims_html_block *block) IMS_NONNULL_ALL;

/* Puts the text's index among the records; 0: absent or empty. */
void ims_html_block_wire(struct ims_html_block *block, struct ims_slice wire)
	IMS_NONNULL(1);
void ims_html_block_text(struct ims_html_block *block, const char *text)
	IMS_NONNULL(1);

/* Between two records: writes the block out if it is full. */
void ims_html_block_pass(struct ims_html_block *block,
			 struct ims_writer *writer) IMS_NONNULL_ALL;

/* Writes the block out unless it has no record. */
void ims_html_block_write(struct ims_html_block *block,
			  struct ims_writer *writer) IMS_NONNULL_ALL;

#endif
