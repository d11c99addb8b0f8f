// SPDX-License-Identifier: GPL-2.0-or-later
#include "merge.h"

#include <dirent.h>
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "input.h"
#include "magic.h"

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* By bytes: the same in every locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/*
 * A file that may not be opened is taken as well: to leave it out in silence
 * would hide that something is missing, reading it says so.
 */
static bool is_capture(const char *path)
{
	struct ims_input *input;
	const uint8_t *bytes;
	struct stat status;
	bool is = false;
	size_t n;

	/* opening a pipe would wait for its writer */
	if (stat(path, &status) < 0 || !S_ISREG(status.st_mode))
		return false;
	input = ims_input_open(path, NULL);
	n = ims_input_peek(input, &bytes, IMS_MAGIC_SIZE);
	if (n)
		is = ims_magic_format(bytes, n) != IMS_FORMAT_NONE;
	else
		is = ims_input_source(input)->fault != NULL;
	ims_input_close(input);
	return is;
}

_Bool ims_capture_folder(GPtrArray *files, const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_visible, by_name);

	if (n < 0)
		return false;
	for (int i = 0; i < n; i++) {
		char *path = g_build_filename(folder, entries[i]->d_name, NULL);
		if (is_capture(path))
			g_ptr_array_add(files, path);
		else
			g_free(path);
		free(entries[i]);
	}
	free(entries);
	return true;
}
