/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a report goes: standard output, or a file whole or not at all. */
#ifndef IMS_OUTPUT_H
#define IMS_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include <ims/attributes.h>

struct ims_output {
	FILE *file;
	const char *name; /* for complaints */
	char *target;	  /* the file that commit puts in place, or NULL */
	char *temporary;  /* the file written so far, if it has a name */
};

/*
 * Opens `path`, standard output for NULL. A regular file is written beside
 * its place; devices and pipes are written to as they are. Returns false
 * with errno set; then there is nothing to close.
 */
bool ims_output_open(struct ims_output *output, const char *path)
	IMS_NONNULL(1) IMS_MUST_USE;

/* Puts the file in its place. Returns false, with errno, and discards it. */
bool ims_output_commit(struct ims_output *output) IMS_NONNULL_ALL IMS_MUST_USE;

/* Leaves what was at `path` as it was. */
void ims_output_discard(struct ims_output *output) IMS_NONNULL_ALL;

#endif
