/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XML as messages carry it, streamed to who knows its elements and never
 * kept. Nothing outside the document is ever loaded, and what it declares
 * itself is not read. Names come without their prefixes: nodes differ in them.
 *
 * What is plain is read here, which is nearly all; all else, and whatever has
 * a fault, by libxml2. Both hand over the same.
 */
#ifndef IMS_XML_H
#define IMS_XML_H

#include <stdbool.h>
#include <stddef.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/* Bytes of a document. */
#define IMS_XML_MAX (1024u * 1024u)
/* Longer text of an element is not handed over. */
#define IMS_XML_MAX_TEXT 1024
/* libxml2's time grows with the square of an element's attributes. */
#define IMS_XML_MAX_ATTRIBUTES 256
#define IMS_XML_MAX_FAULT      256

struct ims_xml_attribute {
	struct ims_slice name; /* without its prefix */
	struct ims_slice value;
};

struct ims_xml_attributes {
	const struct ims_xml_attribute *at;
	size_t n;
};

/* Slices are borrowed for the call. */
struct ims_xml_handler {
	/* The document is read from its start again: what was handed over of
	   it is void. */
	void (*again)(void *user);
	void (*opens)(void *user, struct ims_slice name,
		      const struct ims_xml_attributes *attributes);
	/* `text`: of an element without children all it holds, trimmed;
	   absent: too long. */
	void (*closes)(void *user, struct ims_slice name,
		       struct ims_slice text);
	void *user;
};

struct ims_xml_result {
	bool no_memory;
	bool well_formed;
	/*
	 * Not well-formed, or not read to its end, for want of ours: beyond a
	 * bound, with declarations of its own, in an encoding that is not
	 * read here, or without libxml2. It may be as good as any.
	 */
	bool unread;
	/* The first fault in the parser's own words; empty: none. */
	char fault[IMS_XML_MAX_FAULT];
};

/*
 * Hands over what comes before the first fault. NULs at the end, of who sends
 * a string of C whole, are no part of the document.
 */
void ims_xml_read(struct ims_xml_result *result,
		  const struct ims_xml_handler *handler, struct ims_slice xml)
	IMS_NONNULL(1, 2);

/* The value of that attribute; absent: none. */
struct ims_slice ims_xml_value(const struct ims_xml_attributes *attributes,
			       const char *name) IMS_NONNULL_ALL;

/* The rest is for the files of XML among themselves, and their test. */

/*
 * Reads a document that is plain: ASCII; elements, attributes and text; no
 * references, comments, CDATA, instructions, declarations but the first line's;
 * within bounds of its own. Returns false when it is not, or not well-formed:
 * what was handed over is void then.
 */
bool ims_xml_plain(const struct ims_xml_handler *handler, struct ims_slice xml)
	IMS_NONNULL(1) IMS_MUST_USE;

/* Reads any document, by libxml2. *result is zeroed. */
void ims_xml_parse(struct ims_xml_result *result,
		   const struct ims_xml_handler *handler, struct ims_slice xml)
	IMS_NONNULL(1, 2);

/* Without what stands up to the last colon. */
static inline struct ims_slice ims_xml_local(struct ims_slice name)
{
	const char *end = name.at + name.len;
	const char *at = end;

	while (at > name.at && at[-1] != ':')
		at--;
	return ims_slice(at, (size_t)(end - at));
}

#endif
