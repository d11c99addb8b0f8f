// SPDX-License-Identifier: GPL-2.0-or-later
#include "heap.h"

#include <glib.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)

/* Of address space, which costs nothing until it is written to. */
#define GROWTH	   (64 << 20)
#define LARGE_PAGE ((uintptr_t)2 << 20)
/* What is larger comes from the system and goes back there. */
#define LARGE_BLOCK (4 << 20)

void ims_heap_prepare(bool shared)
{
	char *begin = sbrk(0);
	char *end;

	if (shared)
		mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
	mallopt(M_TRIM_THRESHOLD, GROWTH);
	mallopt(M_TOP_PAD, GROWTH);
	/* Makes it grow, by so much. */
	g_free(g_malloc(LARGE_BLOCK / 2));
	end = sbrk(0);
	begin += -(uintptr_t)begin & (LARGE_PAGE - 1);
	/* Where that is refused, pages are as small as ever. */
	if (begin < end)
		madvise(begin, (size_t)(end - begin), MADV_HUGEPAGE);
}

#else

void ims_heap_prepare(bool shared)
{
	(void)shared;
}

#endif
