/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON that lies inside a <script> element of a page. It has no "<", so
 * nothing in it can end the element or begin a comment (HTML 4.12.1.3,
 * "restrictions for contents of script elements"); and text from the wire is as
 * ims_escape_append leaves it, so that no character in it hides or reorders
 * what a reader sees.
 *
 * Members and elements are separated by themselves.
 */
#ifndef IMS_HTML_JSON_H
#define IMS_HTML_JSON_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

void ims_html_open(GString *out, char bracket) IMS_NONNULL_ALL;
void ims_html_close(GString *out, char bracket) IMS_NONNULL_ALL;

/* What is put next is this member's. `key` is a plain word. */
void ims_html_key(GString *out, const char *key) IMS_NONNULL_ALL;

/* A string; null for what is absent or empty. */
void ims_html_wire(GString *out, struct ims_slice wire) IMS_NONNULL(1);
void ims_html_text(GString *out, const char *text) IMS_NONNULL(1);

void ims_html_count(GString *out, uint64_t n) IMS_NONNULL_ALL;
void ims_html_bool(GString *out, bool value) IMS_NONNULL_ALL;
/* 1 or 0: the same in fewer bytes, of what there is much. */
void ims_html_flag(GString *out, bool value) IMS_NONNULL_ALL;
void ims_html_null(GString *out) IMS_NONNULL_ALL;

/* Nanoseconds as milliseconds, to the last digit. */
void ims_html_ms(GString *out, int64_t ns) IMS_NONNULL_ALL;

#endif
