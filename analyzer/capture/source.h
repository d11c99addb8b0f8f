/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file or standard input read from front to back. Its descriptor can be
 * given up in the middle: the next read opens the file again where it was.
 */
#ifndef IMS_CAPTURE_SOURCE_H
#define IMS_CAPTURE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <ims/attributes.h>

#include "wait.h"

struct ims_source {
	char *file;
	int fd; /* -1: closed */
	bool regular;
	uint64_t offset; /* read so far */
	uint64_t size;	 /* 0: not known */
	dev_t device;
	ino_t inode;
	const struct ims_wait *wait; /* of what is not regular; NULL: ever */
	bool is_broken_off; /* it had waited enough: the end is not its own */
	char *fault;	    /* why it cannot be opened or read on, or NULL */
};

/* `file` is "-" for standard input. Sets source->fault if it cannot be. */
void ims_source_open(struct ims_source *source,
		     const char *file) IMS_NONNULL_ALL;

/* Up to n bytes; 0 at the end; -1 with source->fault set. */
ssize_t ims_source_read(struct ims_source *source, void *buffer,
			size_t n) IMS_NONNULL_ALL IMS_MUST_USE;

/* Closes the descriptor of a regular file; anything else stays open. */
void ims_source_pause(struct ims_source *source) IMS_NONNULL_ALL;

void ims_source_close(struct ims_source *source) IMS_NONNULL_ALL;

#endif
