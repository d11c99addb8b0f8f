/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of the chain's records, which come and go with nearly every message:
 * of each size what was given back last is taken first, while caches still
 * have it. All by one thread; pool.h is for larger ones, which may not be had.
 */
#ifndef IMS_STOCK_H
#define IMS_STOCK_H

#include <stddef.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/* Sizes are rounded up to the step; a larger one is the system's. */
#define IMS_STOCK_STEP 32u
#define IMS_STOCK_MAX  1024u
/* Bytes of one size that are kept while nobody has them; under a sanitizer
   none. */
#define IMS_STOCK_KEPT (256u * 1024u)

struct ims_stock;

struct ims_stock *ims_stock_new(void) IMS_MUST_USE;
/* All that was taken has been given back by then. NULL: nothing. */
void ims_stock_free(struct ims_stock *stock);

/* Zeroed, aligned for any type. Never NULL. Without a stock the system is
   asked. */
void *ims_stock_take(struct ims_stock *stock, size_t size) IMS_MUST_USE;
/* `size`: what it was taken with. NULL at `at`: nothing. */
void ims_stock_give(struct ims_stock *stock, void *at, size_t size);

/* A copy of a text, which ends with its first NUL; NULL of the absent one. It
   may not become shorter meanwhile. */
char *ims_stock_text(struct ims_stock *stock,
		     struct ims_slice text) IMS_MUST_USE;
/* NULL: nothing. */
void ims_stock_give_text(struct ims_stock *stock, char *text);

#endif
