/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XML as messages carry it, streamed to who knows its elements and never
 * kept. Nothing outside the document is ever loaded, and what it declares
 * itself is not read. Names come without their prefixes: nodes differ in them.
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

struct ims_xml_handler {
	/* `attributes`: name and value in turn, NULL at the end; or NULL. */
	void (*opens)(void *user, const char *name,
		      const char *const *attributes);
	/* `text`: of an element without children all it holds, trimmed;
	   absent: too long. */
	void (*closes)(void *user, const char *name, struct ims_slice text);
	void *user;
};

struct ims_xml_result {
	bool no_memory;
	bool well_formed;
	/*
	 * Not well-formed, or not read to its end, for want of ours: beyond a
	 * bound, with declarations of its own, or in an encoding that is not
	 * read here. It may be as good as any.
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

/* The attribute of that local name; absent: none. */
struct ims_slice ims_xml_attribute(const char *const *attributes,
				   const char *name) IMS_NONNULL(2);

#endif
