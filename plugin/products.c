// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "products.h"

#include <dlfcn.h>

#include "signature_files.h"

static struct ims_signature_files files;
static char *told; /* what was said of a file that is wrong */

/* The file of the plugin itself; NULL: unknown. */
static const char *plugin_path(void)
{
	Dl_info info;

	return dladdr(&files, &info) ? info.dli_fname : NULL;
}

static void tell(void)
{
	char *text = files.wrong ? g_strdup_printf("imsleuth: %s: %s",
						   files.at_fault, files.wrong)
				 : NULL;

	if (text && g_strcmp0(text, told) != 0)
		report_failure("%s", text);
	g_free(told);
	told = text;
}

const struct ims_signatures *ims_products_read(const char *named)
{
	ims_products_forget();
	ims_signature_files_load(&files, plugin_path(),
				 named && *named ? named : NULL);
	tell();
	return files.signatures;
}

void ims_products_forget(void)
{
	ims_signature_files_clear(&files);
}
