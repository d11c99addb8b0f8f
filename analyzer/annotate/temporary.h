/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files without a name: what does not fit into memory, and ends with us. */
#ifndef IMS_ANNOTATE_TEMPORARY_H
#define IMS_ANNOTATE_TEMPORARY_H

#include <stdio.h>

#include <ims/attributes.h>

/*
 * Opened for writing and reading, in `folder`; where that cannot be, or for
 * NULL, where the system keeps such files. NULL with errno set: neither.
 */
FILE *ims_temporary_new(const char *folder) IMS_MUST_USE;

#endif
