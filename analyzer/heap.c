// SPDX-License-Identifier: GPL-2.0-or-later
#include "heap.h"

#include <glib.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__GLIBC__)
#include <malloc.h>
#if __GLIBC_PREREQ(2, 33) && defined(MADV_HUGEPAGE)
#define HAS_LARGE_PAGES
#endif
#endif

#ifdef HAS_LARGE_PAGES

/* Of address space, which costs nothing until it is written to. */
#define GROWTH	   (64 << 20)
#define LARGE_PAGE ((uintptr_t)2 << 20)
#define SMALL_PAGE 4096
/* What is larger comes from the system and goes back there. */
#define LARGE_BLOCK (4 << 20)

/* What malloc has at the heap's end: so much it gives before the heap grows. */
static size_t left(void)
{
	return mallinfo2().keepcost;
}

/*
 * Has the heap grow: malloc is asked for more than it has. What it writes for
 * that comes to lie right before a large page, whose begin is returned: one
 * that was written to before it was asked for stays 512 small ones.
 */
static char *grow(void)
{
	size_t size = left() + SMALL_PAGE;
	char *behind = (char *)sbrk(0) + size + SMALL_PAGE;
	uintptr_t left_out = -(uintptr_t)behind & (LARGE_PAGE - 1);

	sbrk((intptr_t)left_out);
	g_free(g_malloc(size));
	return behind + left_out;
}

void ims_heap_prepare(void)
{
	char *begin;
	char *end;

	if (left() > LARGE_BLOCK / 2) /* it has grown already */
		return;
	mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
	mallopt(M_TRIM_THRESHOLD, GROWTH);
	mallopt(M_TOP_PAD, GROWTH);
	begin = grow();
	end = sbrk(0);
	/* Where that is refused, pages are as small as ever. */
	if (begin < end)
		madvise(begin, (size_t)(end - begin), MADV_HUGEPAGE);
}

void ims_heap_share(void)
{
	mallopt(M_ARENA_MAX, 1);
}

#else

void ims_heap_prepare(void)
{
}

void ims_heap_share(void)
{
}

#endif
