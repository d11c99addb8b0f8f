// SPDX-License-Identifier: GPL-2.0-or-later
#include "heap.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

/* The flags of the part of the heap that `at` is in, as /proc/self/smaps gives
   them. NULL: it is not in it, as under a sanitizer. */
static char *flags_at(const void *at)
{
	char *text = NULL;
	char **lines;
	char *flags = NULL;
	bool is_here = false;

	if (!g_file_get_contents("/proc/self/smaps", &text, NULL, NULL))
		return NULL;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line && !flags; line++) {
		unsigned long begin, end;

		if (sscanf(*line, "%lx-%lx ", &begin, &end) == 2)
			is_here = begin <= (uintptr_t)at &&
				  (uintptr_t)at < end &&
				  g_str_has_suffix(*line, "[heap]");
		else if (is_here && g_str_has_prefix(*line, "VmFlags:"))
			flags = g_strconcat(*line, " ", NULL);
	}
	g_strfreev(lines);
	g_free(text);
	return flags;
}

static void pages_may_be_large(void **state)
{
	enum {
		N = 1000
	};
	void *pieces[N];
	char *flags;

	(void)state;
	/* Kernels without large pages do not know the flag. */
	if (!g_file_test("/sys/kernel/mm/transparent_hugepage",
			 G_FILE_TEST_IS_DIR))
		skip();
	ims_heap_prepare(true);
	/* Enough to leave what the heap held before. */
	for (unsigned i = 0; i < N; i++)
		pieces[i] = g_malloc(8192);
	flags = flags_at(pieces[N - 1]);
	for (unsigned i = 0; i < N; i++)
		g_free(pieces[i]);
	if (!flags)
		skip();
	assert_non_null(strstr(flags, " hg "));
	g_free(flags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_may_be_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
