/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes to standard error: `imsleuth: FILE: what is wrong`. */
#ifndef IMS_COMPLAIN_H
#define IMS_COMPLAIN_H

#include <ims/attributes.h>

/*
 * Writes one line. `subject` is the file or option at fault, or NULL. Names
 * of files may hold any byte: the line is escaped for terminals.
 */
void ims_complain(const char *subject, const char *format, ...) IMS_PRINTF(2, 3)
	IMS_NONNULL(2);

/* The same for a wrong command line, with a pointer to --help. */
void ims_complain_usage(const char *subject, const char *format, ...)
	IMS_PRINTF(2, 3) IMS_NONNULL(2);

#endif
