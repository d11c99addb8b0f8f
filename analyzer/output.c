// SPDX-License-Identifier: GPL-2.0-or-later
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often another name is tried when one is taken. */
#define MAX_TRIES 100

/* Opens a file without a name in `folder`: a killed run leaves nothing. */
static int open_nameless(const char *folder)
{
#ifdef O_TMPFILE
	return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
#else
	(void)folder;
	errno = ENOTSUP;
	return -1;
#endif
}

static int open_beside(struct ims_output *output)
{
	char *folder = g_path_get_dirname(output->target);
	int fd = open_nameless(folder);

	g_free(folder);
	if (fd >= 0)
		return fd;
	output->temporary = g_strconcat(output->target, ".XXXXXX", NULL);
	fd = g_mkstemp_full(output->temporary, O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0)
		g_clear_pointer(&output->temporary, g_free);
	return fd;
}

/* Forgets everything; errno stays. */
static bool fail(struct ims_output *output)
{
	int error = errno;

	ims_output_discard(output);
	errno = error;
	return false;
}

static bool open_target(struct ims_output *output, const char *path,
			const struct stat *old)
{
	/* A link stays a link: what it points to is replaced. */
	char *real = old ? realpath(path, NULL) : NULL;
	int fd;

	output->target = g_strdup(real ? real : path);
	free(real);
	fd = open_beside(output);
	if (fd < 0)
		return fail(output);
	output->file = fdopen(fd, "w");
	if (!output->file) {
		close(fd);
		return fail(output);
	}
	if (old && fchmod(fd, old->st_mode & 0777) != 0)
		return fail(output);
	return true;
}

bool ims_output_open(struct ims_output *output, const char *path)
{
	struct stat old;
	bool exists;

	*output = (struct ims_output){.name = path};
	if (!path) {
		output->name = "standard output";
		output->file = stdout;
		return true;
	}
	exists = stat(path, &old) == 0;
	if (exists && !S_ISREG(old.st_mode)) {
		output->file = fopen(path, "we");
		return output->file != NULL;
	}
	if (exists && access(path, W_OK) != 0)
		return false;
	return open_target(output, path, exists ? &old : NULL);
}

/* Gives the nameless file a name, so that it can be renamed over another. */
static bool give_name(struct ims_output *output)
{
	char *link = g_strdup_printf("/proc/self/fd/%d", fileno(output->file));
	bool done = false;

	for (int i = 0; i < MAX_TRIES && !done; i++) {
		char *name = g_strdup_printf("%s.%08x", output->target,
					     g_random_int());

		done = linkat(AT_FDCWD, link, AT_FDCWD, name,
			      AT_SYMLINK_FOLLOW) == 0;
		if (done)
			output->temporary = name;
		else
			g_free(name);
		if (!done && errno != EEXIST)
			break;
	}
	g_free(link);
	return done;
}

bool ims_output_commit(struct ims_output *output)
{
	FILE *file = output->file;

	if (!output->target) {
		bool failed = fflush(file) != 0 || ferror(file);

		output->file = NULL;
		if (file != stdout && fclose(file) != 0)
			return false;
		return !failed;
	}
	if (ferror(file) || fflush(file) != 0 || fsync(fileno(file)) != 0)
		return fail(output);
	if (!output->temporary && !give_name(output))
		return fail(output);
	output->file = NULL;
	if (fclose(file) != 0 || rename(output->temporary, output->target) != 0)
		return fail(output);
	g_clear_pointer(&output->temporary, g_free);
	g_clear_pointer(&output->target, g_free);
	return true;
}

void ims_output_discard(struct ims_output *output)
{
	if (output->file && output->file != stdout)
		fclose(output->file);
	output->file = NULL;
	if (output->temporary)
		unlink(output->temporary);
	g_clear_pointer(&output->temporary, g_free);
	g_clear_pointer(&output->target, g_free);
}
