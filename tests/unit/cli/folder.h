/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder of its own for a test, and what the program says in it. */
#ifndef FOLDER_H
#define FOLDER_H

#include "unit.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

/* To be removed with folder_free. */
static inline char *folder_new(void)
{
	char *folder = g_dir_make_tmp("imsleuth-XXXXXX", NULL);

	assert_non_null(folder);
	return folder;
}

static inline void folder_free(char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	assert_non_null(dir);
	while ((name = g_dir_read_name(dir))) {
		char *path = g_build_filename(folder, name, NULL);

		g_unlink(path);
		g_free(path);
	}
	g_dir_close(dir);
	assert_int_equal(g_rmdir(folder), 0);
	g_free(folder);
}

static inline unsigned folder_count(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	unsigned n = 0;

	assert_non_null(dir);
	while (g_dir_read_name(dir))
		n++;
	g_dir_close(dir);
	return n;
}

/* The path of a file with that text; to be freed. */
static inline char *file_new(const char *folder, const char *name,
			     const char *text)
{
	char *path = g_build_filename(folder, name, NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static inline void file_is(const char *path, const char *text)
{
	char *found = NULL;

	assert_true(g_file_get_contents(path, &found, NULL, NULL));
	assert_string_equal(found, text);
	g_free(found);
}

/* What goes to a descriptor between the two calls. */
struct captured {
	int fd;
	int saved;
	char *path;
};

static inline struct captured capture_start(int fd)
{
	struct captured c = {.fd = fd};
	int file = g_file_open_tmp("imsleuth-XXXXXX", &c.path, NULL);

	assert_true(file >= 0);
	fflush(NULL);
	c.saved = dup(fd);
	assert_true(c.saved >= 0);
	assert_int_equal(dup2(file, fd), fd);
	close(file);
	return c;
}

/* To be freed. */
static inline char *capture_end(struct captured *c)
{
	char *text = NULL;

	fflush(NULL);
	assert_int_equal(dup2(c->saved, c->fd), c->fd);
	close(c->saved);
	assert_true(g_file_get_contents(c->path, &text, NULL, NULL));
	g_unlink(c->path);
	g_free(c->path);
	return text;
}

#endif
