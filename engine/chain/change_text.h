/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comparing what header fields say, and what of it may be shown. */
#ifndef IMS_CHANGE_TEXT_H
#define IMS_CHANGE_TEXT_H

#include <stdbool.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/*
 * As strcmp, but for blanks outside of quotes: around separators they do not
 * count, elsewhere several are one (RFC 3261 7.3.1). Linear.
 */
int ims_text_compare(struct ims_slice a, struct ims_slice b) IMS_PURE;

/* As strcmp, ASCII letters without regard to case. Absent is empty. */
int ims_text_compare_nocase(struct ims_slice a, struct ims_slice b) IMS_PURE;

/* A parameter of this name has a value that is never shown. */
bool ims_text_names_secret(struct ims_slice name) IMS_PURE;

/* Such a parameter, or a URI with a password, stands in the text. Linear. */
bool ims_text_has_secret(struct ims_slice text) IMS_PURE;

#endif
