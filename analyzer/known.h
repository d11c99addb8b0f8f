/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program's vendor signatures. */
#ifndef IMS_KNOWN_H
#define IMS_KNOWN_H

#include "signature_files.h"

/*
 * Reads them; `named` is the file of --signatures, or NULL. Returns false when
 * a file is wrong, and complains. That none was installed is remarked on:
 * findings then name no product. To be cleared whatever came of it.
 */
bool ims_known_load(struct ims_signature_files *files, const char *named)
	IMS_NONNULL(1) IMS_MUST_USE;

#endif
