/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target over files: the seeds and the inputs that once failed.
 * Arguments are files or folders of files; a folder that is not there holds
 * none. Fails when nothing at all was replayed.
 */
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of the exact size: a sanitizer sees one byte too far. */
static unsigned replay_file(const char *path)
{
	char *text;
	gsize size;
	if (!g_file_get_contents(path, &text, &size, NULL)) {
		fprintf(stderr, "cannot read %s\n", path);
		return 0;
	}
	uint8_t *data = g_memdup2(text, size);
	g_free(text);
	LLVMFuzzerTestOneInput(data, size);
	g_free(data);
	return 1;
}

static unsigned replay(const char *path)
{
	if (!g_file_test(path, G_FILE_TEST_IS_DIR))
		return g_file_test(path, G_FILE_TEST_EXISTS) ? replay_file(path)
							     : 0;
	unsigned n = 0;
	GDir *folder = g_dir_open(path, 0, NULL);
	const char *name;
	while (folder && (name = g_dir_read_name(folder))) {
		char *file = g_build_filename(path, name, NULL);
		n += replay_file(file);
		g_free(file);
	}
	if (folder)
		g_dir_close(folder);
	return n;
}

int main(int argc, char **argv)
{
	unsigned n = 0;
	for (int i = 1; i < argc; i++)
		n += replay(argv[i]);
	printf("%u inputs replayed\n", n);
	return n == 0;
}
