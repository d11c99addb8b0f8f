/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a key file's reader is silent about. */
#ifndef IMS_SIGNATURE_SCAN_H
#define IMS_SIGNATURE_SCAN_H

#include <ims/attributes.h>
#include <ims/slice.h>

/*
 * A group or a key of a group that stands twice, a byte that is no text, or
 * more text than is allowed: what is wrong, to be freed. NULL: nothing.
 */
char *ims_signature_scan(struct ims_slice text) IMS_MUST_USE;

#endif
