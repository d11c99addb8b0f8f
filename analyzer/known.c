// SPDX-License-Identifier: GPL-2.0-or-later
#include "known.h"

#include <glib.h>

#include "complain.h"

bool ims_known_load(struct ims_signature_files *files, const char *named)
{
	/* The program itself, however it was called. */
	char *program = g_file_read_link("/proc/self/exe", NULL);

	ims_signature_files_load(files, program, named);
	g_free(program);
	if (files->wrong) {
		ims_complain(files->at_fault, "%s", files->wrong);
		return false;
	}
	if (!files->has_shipped)
		ims_complain("share/imsleuth/signatures.conf",
			     "is not installed: findings will not say what is "
			     "known of products");
	return true;
}
