/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of signatures from within. */
#ifndef IMS_SIGNATURE_TABLE_H
#define IMS_SIGNATURE_TABLE_H

#include <glib.h>

#include "signature_pattern.h"

/* One of a table, with all that its group says. */
struct ims_signature_entry {
	struct ims_signature about; /* its texts are owned */
	struct ims_pattern pattern;
	GPtrArray *rules; /* of const struct ims_rule *; empty: any failure */
	bool disabled;
	unsigned text;	/* of which text, from 1 */
	unsigned order; /* among all that were read */
};

struct ims_signatures {
	GPtrArray *entries;  /* owned, in order */
	GHashTable *by_name; /* the same, by name */
	/* What is asked, in this order; made anew for each text. */
	GHashTable *by_rule; /* rule: GPtrArray of entries that name it */
	GHashTable *shown;   /* rule: GPtrArray of their signatures */
	GPtrArray *general;  /* entries that name no rule */
	unsigned n_texts;
	char *error;
};

/*
 * Reads the group of a key file. NULL, with *error as ims_signatures_error has
 * it (to be freed), when anything is wrong. To be freed with
 * ims_signature_entry_free.
 */
struct ims_signature_entry *ims_signature_entry_new(
	GKeyFile *file, const char *group,
	char **error) IMS_NONNULL_ALL IMS_MUST_USE;
void ims_signature_entry_free(struct ims_signature_entry *entry); /* NULL */

#endif
