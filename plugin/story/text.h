/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text off the wire as Wireshark may show it. */
#ifndef IMS_TEXT_H
#define IMS_TEXT_H

#include <glib.h>

#include <ims/slice.h>

/*
 * Valid UTF-8 without control characters: what is neither becomes U+FFFD.
 * To be freed by g_free; NULL for the absent slice.
 */
char *ims_text(struct ims_slice text);

#endif
