// SPDX-License-Identifier: GPL-2.0-or-later
#include "begun.h"

#include <glib.h>
#include <string.h>

#define SIZE_MIN 2048u

static bool reserve(struct ims_begun *begun, struct ims_budget *budget,
		    size_t len)
{
	size_t size = MAX(begun->size, SIZE_MIN);
	uint8_t *at;

	if (len <= begun->size)
		return true;
	while (size < len)
		size *= 2;
	at = g_try_malloc(size);
	if (!at)
		return false;
	if (begun->len)
		memcpy(at, begun->at, begun->len);
	g_free(begun->at);
	budget->used += size - begun->size;
	begun->at = at;
	begun->size = size;
	return true;
}

bool ims_begun_append(struct ims_begun *begun, struct ims_budget *budget,
		      const uint8_t *at, size_t len)
{
	if (!reserve(begun, budget, begun->len + len))
		return false;
	memcpy(begun->at + begun->len, at, len);
	begun->len += len;
	return true;
}

/* An empty line: the end of a SIP header may be there. */
static bool has_empty_line(const uint8_t *at, size_t len)
{
	const uint8_t *end = at + len;

	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		at++;
		if (at < end && *at == '\n')
			return true;
		if (end - at >= 2 && at[0] == '\r' && at[1] == '\n')
			return true;
	}
	return false;
}

bool ims_begun_is_due(const struct ims_begun *begun)
{
	size_t from = begun->looked_at;

	if (begun->wanted)
		return begun->len >= begun->wanted;
	if (begun->len >= 2 * from)
		return true;
	from = from > 3 ? from - 3 : 0; /* it may have begun before */
	return has_empty_line(begun->at + from, begun->len - from);
}

void ims_begun_skip(struct ims_begun *begun, struct ims_budget *budget,
		    size_t used)
{
	size_t left = begun->len - used;

	if (left == 0) {
		ims_begun_drop(begun, budget);
		return;
	}
	if (used)
		memmove(begun->at, begun->at + used, left);
	begun->len = left;
	begun->looked_at = left;
}

void ims_begun_drop(struct ims_begun *begun, struct ims_budget *budget)
{
	budget->used -= begun->size;
	g_free(begun->at);
	*begun = (struct ims_begun){0};
}
