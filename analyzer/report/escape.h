/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text from the wire made fit to be shown. Everything that reaches a terminal
 * or a file goes through one of these; none changes plain text.
 */
#ifndef IMS_ESCAPE_H
#define IMS_ESCAPE_H

#include <glib.h>
#include <stddef.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/*
 * Appends `wire` for a terminal, as valid UTF-8: each maximal part that is not
 * becomes one U+FFFD (Unicode 3.9, "best practice"). What could move the
 * cursor, change colours, reorder or hide text comes out as \x1b or \u{202e}.
 * The result has no control, no line end, no bidirectional override and no
 * invisible character.
 */
void ims_escape_append(GString *out, struct ims_slice wire) IMS_NONNULL(1);

/* Most bytes that one of a text becomes within a JSON string: \u001B. */
#define IMS_ESCAPE_JSON_MAX 6

/*
 * Writes `wire` as the inside of a JSON string: the same characters, and what
 * JSON demands, as \u escapes. It means what was there, and can be looked at on
 * a terminal. `out` has room for IMS_ESCAPE_JSON_MAX a byte. Returns the end.
 */
char *ims_escape_json(char *out, struct ims_slice wire) IMS_NONNULL(1);

/* Terminal columns that `len` bytes of valid UTF-8 take up. */
size_t ims_columns(const char *text, size_t len) IMS_NONNULL_ALL IMS_PURE;

/* Bytes of the longest beginning of it that takes up no more than `columns`,
   with the marks that belong to its last character. */
size_t ims_columns_fit(const char *text, size_t len,
		       size_t columns) IMS_NONNULL_ALL IMS_PURE;

#endif
