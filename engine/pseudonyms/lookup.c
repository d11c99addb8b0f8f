// SPDX-License-Identifier: GPL-2.0-or-later
#include "lookup.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *key, const void *element)
{
	const struct ims_slice *name = key;
	const char *other = *(const char *const *)element;
	size_t n = strlen(other);
	int order = g_ascii_strncasecmp(name->at, other, MIN(name->len, n));

	return order ? order : (name->len > n) - (name->len < n);
}

const void *ims_lookup(struct ims_slice name, const void *table, size_t n,
		       size_t size)
{
	return bsearch(&name, table, n, size, compare);
}
