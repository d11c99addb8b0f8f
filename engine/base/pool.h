/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of records that come and go by the thousand, all of much the same
 * sizes: what was given back last is taken first, while it is still in the
 * caches. All by one thread.
 *
 * Of each size so much is kept for the next ones and no more: what is beyond
 * goes back to the system. Under a sanitizer all of it does, so that it sees
 * who uses what was given back.
 */
#ifndef IMS_POOL_H
#define IMS_POOL_H

#include <stddef.h>

#include <ims/attributes.h>

/* Sizes are multiples of the step; a larger one is never kept. */
#define IMS_POOL_STEP 512u
#define IMS_POOL_MAX  8192u
/* Bytes of one size that are kept while nobody has them. */
#define IMS_POOL_KEPT (1024u * 1024u)

struct ims_pool;

/* NULL when there is no memory. */
struct ims_pool *ims_pool_new(void) IMS_MUST_USE;
/* All that was taken has been given back by then. NULL: nothing. */
void ims_pool_free(struct ims_pool *pool);

/*
 * *size bytes or some more, not zeroed and aligned for any type; *size becomes
 * what it really is, which whoever gives it back has to tell. NULL, and *size
 * as it was, when there is no memory. Without a pool the system is asked.
 */
void *ims_pool_take(struct ims_pool *pool, size_t *size)
	IMS_NONNULL(2) IMS_MUST_USE;
/* NULL at `at`: nothing. */
void ims_pool_give(struct ims_pool *pool, void *at, size_t size);

#endif
