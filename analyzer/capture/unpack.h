/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gzip, zstd, xz and lz4 data unpacked as it is read, never as a whole; up to
 * the last byte that can be had before it is cut or damaged.
 */
#ifndef IMS_CAPTURE_UNPACK_H
#define IMS_CAPTURE_UNPACK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <ims/attributes.h>

#include "source.h"

struct ims_unpack;

/*
 * `name`, static text, is what ims_magic_compression said of it.
 * Unpacks `head`, bytes already read from `source` and taken over (g_free),
 * and then the rest of `source`, which must live longer. NULL: no memory.
 */
struct ims_unpack *ims_unpack_new(struct ims_source *source, const char *name,
				  uint8_t *head,
				  size_t n_head) IMS_NONNULL_ALL IMS_MUST_USE;
void ims_unpack_free(struct ims_unpack *unpack); /* NULL: nothing */

/* Up to n bytes, n not 0; 0 at the end; -1: see ims_unpack_fault. */
ssize_t ims_unpack_read(struct ims_unpack *unpack, void *buffer,
			size_t n) IMS_NONNULL_ALL IMS_MUST_USE;

/* What is wrong, or NULL; lives as long as `unpack`. */
const char *ims_unpack_fault(const struct ims_unpack *unpack) IMS_NONNULL_ALL;

const char *ims_unpack_name(const struct ims_unpack *unpack) IMS_NONNULL_ALL;

#endif
