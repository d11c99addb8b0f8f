/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of changes while it is made: for the files that compare. */
#ifndef IMS_CHANGE_LIST_H
#define IMS_CHANGE_LIST_H

#include <glib.h>

#include <ims/change.h>

#include "sip_names.h"

/* Lines, list values or parameters of one field that are compared; beyond,
   nothing is said of that field but that the list is cut. */
#define IMS_CHANGE_MAX_PARTS 1024

struct ims_change_list {
	struct ims_change at[IMS_CHANGES_MAX];
	size_t n;
	bool cut;
	GStringChunk *texts; /* joined lines; NULL: none yet */
};

/* What is said of one field: `is_hidden`, no value of it is shown. */
struct ims_change_field {
	struct ims_change_list *list;
	struct ims_slice name;
	bool is_hidden;
};

/*
 * Adds a change, or notes that one is left out. The kind follows from which of
 * `before` and `after` is set. Values that hold secrets are not kept.
 */
void ims_change_add(const struct ims_change_field *field,
		    struct ims_slice element, struct ims_slice before,
		    struct ims_slice after) IMS_NONNULL_ALL;

/* How a field's lines fall into what is compared one by one. */
enum ims_change_reading {
	IMS_CHANGE_LINES,	/* a line a value, and nothing in it */
	IMS_CHANGE_TAGS,	/* a list of tokens */
	IMS_CHANGE_LIST,	/* of values with parameters */
	IMS_CHANGE_ADDRESSES,	/* the same, a URI having parameters too */
	IMS_CHANGE_PARAMS,	/* of nothing: P-Charging-Vector */
	IMS_CHANGE_CREDENTIALS, /* a scheme and its parameters */
	IMS_CHANGE_AUTH_PARAMS, /* without a scheme: Authentication-Info */
};

enum ims_change_reading ims_change_reading(enum ims_sip_header_id id);

/* Commas separate its values, on one line or several. */
bool ims_change_is_list(enum ims_change_reading reading);

/* The lines of one field of one copy, in order. */
struct ims_change_lines {
	const struct ims_slice *at;
	unsigned n;
};

/* Adds what differs between the lines of one field; both have some. */
void ims_change_compare(const struct ims_change_field *field,
			enum ims_change_reading reading,
			const struct ims_change_lines *before,
			const struct ims_change_lines *after) IMS_NONNULL_ALL;

/* The parameters of one value, those of the URI in it apart. */
struct ims_change_params {
	struct ims_slice of_uri;
	struct ims_slice of_field;
};

/* Adds what differs between the parameters of what is one value. */
void ims_change_params(const struct ims_change_field *field,
		       const struct ims_change_params *before,
		       const struct ims_change_params *after,
		       char separator) IMS_NONNULL_ALL;

/* Each of the tags on its own. False: there are none, nothing is added. */
bool ims_change_tags(const struct ims_change_field *field,
		     const struct ims_change_lines *before,
		     const struct ims_change_lines *after) IMS_NONNULL_ALL;

/* "Digest" of credentials or a challenge. */
struct ims_slice ims_change_scheme(struct ims_slice line) IMS_PURE;

#endif
