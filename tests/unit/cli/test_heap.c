// SPDX-License-Identifier: GPL-2.0-or-later
#include "heap.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

/*
 * What /proc/self/smaps says, behind `name`, of the part of the heap that `at`
 * is in, until the next call. NULL: it is not in it, as under a sanitizer.
 * Asks for next to no memory.
 */
static const char *said_of(const void *at, const char *name)
{
	static char line[256];
	static char buffer[4096];
	FILE *file = fopen("/proc/self/smaps", "re");
	const char *found = NULL;
	bool is_here = false;

	if (!file)
		return NULL;
	setvbuf(file, buffer, _IOFBF, sizeof(buffer));
	while (!found && fgets(line, sizeof(line), file)) {
		unsigned long begin, end;

		if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
			is_here = begin <= (uintptr_t)at &&
				  (uintptr_t)at < end && strstr(line, "[heap]");
		else if (is_here && g_str_has_prefix(line, name))
			found = line + strlen(name);
	}
	fclose(file);
	return found;
}

/* Kernels without large pages do not know the flag. */
static bool there_are_large_pages(void)
{
	return g_file_test("/sys/kernel/mm/transparent_hugepage",
			   G_FILE_TEST_IS_DIR);
}

static void pages_may_be_large(void **state)
{
	enum {
		N = 1000
	};
	void *pieces[N];
	const char *flags;

	(void)state;
	if (!there_are_large_pages())
		skip();
	ims_heap_prepare();
	/* Enough to leave what the heap held before. */
	for (unsigned i = 0; i < N; i++)
		pieces[i] = g_malloc(8192);
	flags = said_of(pieces[N - 1], "VmFlags:");
	for (unsigned i = 0; i < N; i++)
		g_free(pieces[i]);
	if (!flags)
		skip();
	assert_non_null(strstr(flags, " hg "));
}

/* A page that was written to while small ones were handed out stays small. */
static void none_was_used_before(void **state)
{
	const char *used;

	(void)state;
	if (!there_are_large_pages())
		skip();
	ims_heap_prepare();
	used = said_of((char *)sbrk(0) - 1, "Rss:");
	if (!used)
		skip();
	assert_string_equal(g_strstrip((char *)used), "0 kB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_was_used_before),
		cmocka_unit_test(pages_may_be_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
