/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records wait for seconds between the times that they are looked at, in more
 * memory than caches hold. Who knows which one is next asks for it early.
 */
#ifndef IMS_PREFETCH_H
#define IMS_PREFETCH_H

#include <stddef.h>

#define IMS_CACHE_LINE 64u

/* Asks for memory that will be read soon. Reads none of it: any address will
   do. */
static inline void ims_prefetch(const void *at, size_t size)
{
	const char *line = at;

	for (size_t i = 0; i < size; i += IMS_CACHE_LINE)
		__builtin_prefetch(line + i);
}

#endif
