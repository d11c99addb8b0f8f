// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <glib.h>
#include <sys/mman.h>
#include <unistd.h>

static long allocations_left = -1;
static bool allocation_failed;

gpointer __real_g_try_malloc(gsize size);
gpointer __wrap_g_try_malloc(gsize size);

gpointer __wrap_g_try_malloc(gsize size)
{
	if (allocations_left >= 0 && allocations_left-- == 0) {
		allocation_failed = true;
		return NULL;
	}
	return __real_g_try_malloc(size);
}

struct wall wall_new(struct ims_slice bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t data = (bytes.len + page - 1) / page * page;
	struct wall wall = {.map_size = data + page};
	char *at;

	wall.map = mmap(NULL, wall.map_size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(wall.map != MAP_FAILED);
	at = (char *)wall.map + data;
	assert_int_equal(mprotect(at, page, PROT_NONE), 0);
	at -= bytes.len;
	if (bytes.len)
		memcpy(at, bytes.at, bytes.len);
	wall.bytes = ims_slice(at, bytes.len);
	return wall;
}

void wall_free(struct wall *wall)
{
	munmap(wall->map, wall->map_size);
	*wall = (struct wall){0};
}

unsigned starve(void (*fn)(void *user), void *user)
{
	unsigned failed = 0;

	for (;;) {
		allocation_failed = false;
		allocations_left = (long)failed;
		fn(user);
		allocations_left = -1;
		if (!allocation_failed)
			return failed;
		failed++;
	}
}
