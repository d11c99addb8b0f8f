/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory for what is made during one judgement: taken piece by piece, given
 * back all at once. Where there is none, the program ends as it does with
 * GLib's g_malloc.
 */
#ifndef IMS_SCRATCH_H
#define IMS_SCRATCH_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

struct ims_scratch;

struct ims_scratch *ims_scratch_new(void) IMS_MUST_USE;
void ims_scratch_free(struct ims_scratch *scratch); /* NULL: nothing */

/* Everything taken is given back; memory stays for the next time. */
void ims_scratch_clear(struct ims_scratch *scratch) IMS_NONNULL_ALL;

/* `size` bytes, aligned for any type and not cleared. Never NULL. */
void *ims_scratch_take(struct ims_scratch *scratch,
		       size_t size) IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * A longer place for an array of n things of `size` bytes, that are copied:
 * its room is *room, which is doubled, or 8 for the first. Never NULL.
 */
void *ims_scratch_grow(struct ims_scratch *scratch, const void *array,
		       unsigned *room, unsigned n, size_t size)
	IMS_NONNULL(1, 3) IMS_MUST_USE;

/* A copy; the absent slice gives the absent slice. */
struct ims_slice ims_scratch_copy(struct ims_scratch *scratch,
				  struct ims_slice s) IMS_NONNULL(1);

/* Both words with a number between them. */
struct ims_slice ims_scratch_join(struct ims_scratch *scratch,
				  struct ims_slice before, uint64_t number,
				  struct ims_slice after) IMS_NONNULL(1);

/* A number between words: what "%s%u%s" would be, without reading a format.
   Inline, so that the length of literals is none to be counted. */
IMS_INLINE struct ims_slice ims_scratch_number(struct ims_scratch *scratch,
					       const char *before,
					       uint64_t number,
					       const char *after)
{
	return ims_scratch_join(scratch, ims_slice_of(before), number,
				ims_slice_of(after));
}

/* What printf would write. */
struct ims_slice ims_scratch_format(struct ims_scratch *scratch,
				    const char *fmt, va_list args)
	IMS_NONNULL(1, 2) IMS_PRINTF(2, 0);

struct ims_slice ims_scratch_print(struct ims_scratch *scratch, const char *fmt,
				   ...) IMS_NONNULL(1, 2) IMS_PRINTF(2, 3);

#endif
