/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where vendor signatures are read from: the file that is installed, the
 * user's own, and one that was named. Both front ends look for them here, so
 * that both say the same.
 */
#ifndef IMS_SIGNATURE_FILES_H
#define IMS_SIGNATURE_FILES_H

#include <ims/signature.h>

struct ims_signature_files {
	struct ims_signatures *signatures; /* NULL: a file is wrong */
	char *at_fault;			   /* the file that is wrong, or NULL */
	char *wrong;			   /* what is wrong with it, or NULL */
	bool has_shipped;		   /* the installed file was found */
};

/*
 * Reads share/imsleuth/signatures.conf, looked for in the folders above
 * `program` (the path of the program or plugin; NULL: unknown), then where the
 * installation was configured to be; then imsleuth/signatures.conf in the
 * user's configuration, where it is; then `named`, unless NULL, which must be
 * there. To be cleared whatever came of it.
 */
void ims_signature_files_load(struct ims_signature_files *files,
			      const char *program, const char *named)
	IMS_NONNULL(1);

void ims_signature_files_clear(struct ims_signature_files *files)
	IMS_NONNULL_ALL;

#endif
