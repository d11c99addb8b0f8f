/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The catalogue of diagnoses for programs: the schema is made from it. */
#ifndef IMS_CATALOGUE_H
#define IMS_CATALOGUE_H

#include <glib.h>

#include <ims/rule.h>

/*
 * An array of {"slug", "family", "scope", "severity", "title", "explain",
 * "recognised", "advice", "specs": [], "facts": [{"key", "type",
 * "meaning"}]}. To be freed.
 */
GString *ims_catalogue_json(void) IMS_MUST_USE;

/* "string", "integer", "number", "boolean", "strings" or "frame". */
const char *ims_catalogue_fact_type(enum ims_fact_type type);

#endif
