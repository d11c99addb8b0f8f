/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What unit tests share: cmocka, input at a wall, memory that runs out. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ims/slice.h>

/*
 * A copy of `bytes` whose last byte is the last of a page, with an unmapped
 * page behind it: reading one byte too far is a crash. Freed by wall_free.
 */
struct wall {
	void *map;
	size_t map_size;
	struct ims_slice bytes;
};

struct wall wall_new(struct ims_slice bytes);
void wall_free(struct wall *wall);

/*
 * Calls `fn(user)` with the first, then the second, ... g_try_malloc failing
 * once, until a call in which none was left to fail. Returns how many failed.
 */
unsigned starve(void (*fn)(void *user), void *user);

#endif
