/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of --roles: which address has which role. */
#ifndef IMS_HINTS_H
#define IMS_HINTS_H

#include <glib.h>
#include <stdbool.h>

#include <ims/engine.h>

/* More than any core has addresses; a larger file is a mistake. */
#define IMS_HINTS_MAX 65536

/*
 * Reads lines `10.0.0.5 P-CSCF`, `10.0.0.5:4060 I-CSCF`, `2001:db8::1 AS`,
 * `[2001:db8::1]:5060 S-CSCF`; `#` begins a comment. Adds to `hints`, an
 * array of struct ims_role_hint. Returns false after a complaint that names
 * file and line.
 */
bool ims_hints_read(GArray *hints,
		    const char *file) IMS_NONNULL_ALL IMS_MUST_USE;

/* Reads one line's text. Returns NULL, or what is wrong (static). */
const char *ims_hints_line(struct ims_role_hint *hint,
			   struct ims_slice line) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
