/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a bounded width. */
#ifndef IMS_WRAP_H
#define IMS_WRAP_H

#include <glib.h>
#include <stddef.h>

#include <ims/attributes.h>

/* Where no terminal says how wide it is. */
#define IMS_WRAP_WIDTH 100

/*
 * Appends `text`, valid UTF-8, broken at blanks into lines of at most `width`
 * columns, each line end included. The first line goes on where the last line
 * of `out` ends; the others begin with `indent` spaces. A word wider than a
 * line is not broken: somebody will want to copy it. Blanks within a line
 * stay, those at its ends and line ends in `text` do not.
 */
void ims_wrap(GString *out, const char *text, unsigned indent,
	      unsigned width) IMS_NONNULL_ALL;

/* Appends spaces until the last line of `out` is `column` columns wide. */
void ims_wrap_pad(GString *out, size_t column) IMS_NONNULL_ALL;

/* Columns of the last line of `out`. */
size_t ims_wrap_column(const GString *out) IMS_NONNULL_ALL;

#endif
