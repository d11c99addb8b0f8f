/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stream that a report writes to, and the first thing that went wrong. */
#ifndef IMS_WRITER_H
#define IMS_WRITER_H

#include <stdbool.h>
#include <stdio.h>

#include <ims/attributes.h>

struct ims_writer {
	FILE *out;
	int error; /* errno of the first failure; 0: none */
};

/* Writes; after a failure nothing more. */
void ims_writer_put(struct ims_writer *writer, const char *text,
		    size_t len) IMS_NONNULL_ALL;
void ims_writer_puts(struct ims_writer *writer,
		     const char *text) IMS_NONNULL_ALL;

/* Flushes. Returns false with errno of the first failure. */
bool ims_writer_finish(struct ims_writer *writer) IMS_NONNULL_ALL;

#endif
