// SPDX-License-Identifier: GPL-2.0-or-later
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_standard_input(const struct ims_source *source)
{
	return strcmp(source->file, "-") == 0;
}

static bool fail(struct ims_source *source, const char *why)
{
	if (!source->fault)
		source->fault = g_strdup(why);
	return false;
}

static bool open_descriptor(struct ims_source *source, struct stat *status)
{
	if (is_standard_input(source))
		source->fd = STDIN_FILENO;
	else
		source->fd =
			open(source->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (source->fd < 0 || fstat(source->fd, status) < 0)
		return fail(source, g_strerror(errno));
	return true;
}

void ims_source_open(struct ims_source *source, const char *file)
{
	struct stat status;

	*source = (struct ims_source){.file = g_strdup(file), .fd = -1};
	if (!open_descriptor(source, &status))
		return;
	if (S_ISDIR(status.st_mode)) {
		fail(source, "a folder, not a file");
		return;
	}
	source->regular = S_ISREG(status.st_mode) && !is_standard_input(source);
	source->size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
	source->device = status.st_dev;
	source->inode = status.st_ino;
}

static bool resume(struct ims_source *source)
{
	struct stat status;

	if (!open_descriptor(source, &status))
		return false;
	if (status.st_dev != source->device || status.st_ino != source->inode)
		return fail(source, "the file was replaced while it was read");
	if (lseek(source->fd, (off_t)source->offset, SEEK_SET) < 0)
		return fail(source, g_strerror(errno));
	return true;
}

ssize_t ims_source_read(struct ims_source *source, void *buffer, size_t n)
{
	ssize_t got;

	if (source->fault || (source->fd < 0 && !resume(source)))
		return -1;
	if (source->wait && source->wait->fn && !source->regular &&
	    !ims_wait(source->wait, source->fd)) {
		source->is_broken_off = true;
		return 0;
	}
	do
		got = read(source->fd, buffer, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		fail(source, g_strerror(errno));
	else
		source->offset += (uint64_t)got;
	return got;
}

void ims_source_pause(struct ims_source *source)
{
	if (!source->regular || source->fd < 0)
		return;
	close(source->fd);
	source->fd = -1;
}

void ims_source_close(struct ims_source *source)
{
	if (source->fd >= 0 && !is_standard_input(source))
		close(source->fd);
	g_free(source->file);
	g_free(source->fault);
	*source = (struct ims_source){.fd = -1};
}
