/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a node changed in a message, in one line for a reader at night. */
#ifndef IMS_TEXT_CHANGES_H
#define IMS_TEXT_CHANGES_H

#include <ims/attributes.h>
#include <ims/finding.h>

/* Changes that one line has; beyond, it says "...". */
#define IMS_TEXT_MAX_CHANGES 12

/*
 * "+ Path; Require: path\n- Security-Client": a line each for what was added,
 * removed (-) and changed (~), escaped, of those fields that registrations and
 * calls fail by: routing and charging are left out. To be freed; NULL: nothing
 * of these changed.
 */
char *ims_text_changes(const struct ims_changes *changes);

#endif
