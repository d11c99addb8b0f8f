// SPDX-License-Identifier: GPL-2.0-or-later
#include "signature_files.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>

#define FOLDER "imsleuth"
#define NAME   "signatures.conf"
/* From lib/ARCHITECTURE/wireshark/plugins/4.0/epan to the prefix: 7. */
#define MAX_FOLDERS_UP 8

static bool is_file(const char *path)
{
	return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* To be freed; NULL: there is none. */
static char *find_above(const char *program)
{
	char *folder = g_path_get_dirname(program);
	char *found = NULL;

	for (int i = 0; i < MAX_FOLDERS_UP && !found; i++) {
		char *up = g_path_get_dirname(folder);
		char *path =
			g_build_filename(folder, "share", FOLDER, NAME, NULL);

		if (is_file(path))
			found = g_steal_pointer(&path);
		g_free(path);
		g_free(folder);
		folder = up;
	}
	g_free(folder);
	return found;
}

static char *find_shipped(const char *program)
{
	char *found = program ? find_above(program) : NULL;

	if (!found && is_file(IMSLEUTH_DATADIR "/" NAME))
		found = g_strdup(IMSLEUTH_DATADIR "/" NAME);
	return found;
}

static char *find_own(void)
{
	char *path =
		g_build_filename(g_get_user_config_dir(), FOLDER, NAME, NULL);

	if (!is_file(path))
		g_clear_pointer(&path, g_free);
	return path;
}

/* One byte more than is allowed is read of any file, be it a device. NULL:
   errno says why not. */
static GString *read_text(const char *path)
{
	FILE *file = g_fopen(path, "rbe");
	GString *text;
	size_t len;
	int error = 0;

	if (!file)
		return NULL;
	text = g_string_sized_new(IMS_SIGNATURES_MAX_TEXT + 1);
	errno = 0;
	len = fread(text->str, 1, IMS_SIGNATURES_MAX_TEXT + 1, file);
	if (ferror(file))
		error = errno ? errno : EIO;
	fclose(file);
	if (error) {
		g_string_free(text, TRUE);
		errno = error;
		return NULL;
	}
	g_string_set_size(text, len);
	return text;
}

/* Takes `path` over. Does nothing where a file before was wrong. */
static void read_file(struct ims_signature_files *files, char *path)
{
	GString *text;

	if (files->wrong || !path) {
		g_free(path);
		return;
	}
	text = read_text(path);
	if (!text)
		files->wrong = g_strdup(g_strerror(errno));
	else if (!ims_signatures_parse(files->signatures,
				       ims_slice(text->str, text->len)))
		files->wrong =
			g_strdup(ims_signatures_error(files->signatures));
	if (files->wrong)
		files->at_fault = g_steal_pointer(&path);
	if (text)
		g_string_free(text, TRUE);
	g_free(path);
}

void ims_signature_files_load(struct ims_signature_files *files,
			      const char *program, const char *named)
{
	char *shipped = find_shipped(program);

	*files = (struct ims_signature_files){
		.signatures = ims_signatures_new(),
		.has_shipped = shipped != NULL,
	};
	read_file(files, shipped);
	read_file(files, find_own());
	read_file(files, g_strdup(named));
	if (files->wrong)
		g_clear_pointer(&files->signatures, ims_signatures_free);
}

void ims_signature_files_clear(struct ims_signature_files *files)
{
	ims_signatures_free(files->signatures);
	g_free(files->at_fault);
	g_free(files->wrong);
	*files = (struct ims_signature_files){0};
}
