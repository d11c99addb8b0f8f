/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of JSON that lies inside a <script> element of a page. It has no "<",
 * so nothing in it can end the element or begin a comment (HTML 4.12.1.3,
 * "restrictions for contents of script elements"); and text from the wire is as
 * ims_escape_append leaves it, so that no character in it hides or reorders
 * what a reader sees. All else is as json_writer.h has it.
 */
#ifndef IMS_HTML_JSON_H
#define IMS_HTML_JSON_H

#include <glib.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

#include "json_values.h"

/* Appends the string, with its quotes. */
void ims_html_quote(GString *out, struct ims_slice wire) IMS_NONNULL(1);

/* A string; null for what is absent or empty. */
void ims_html_string(struct ims_json *json, const char *key,
		     struct ims_slice wire) IMS_NONNULL(1);
void ims_html_text(struct ims_json *json, const char *key, const char *text)
	IMS_NONNULL(1);

/* Nanoseconds as milliseconds, to the last digit: times have more of them than
   ims_json_ms writes. */
void ims_html_ms(struct ims_json *json, const char *key, int64_t ns)
	IMS_NONNULL(1);

#endif
