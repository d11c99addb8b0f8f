// SPDX-License-Identifier: GPL-2.0-or-later
#include "set.h"

#include <glib.h>

#define LEAST 16u

void ims_set_clear(struct ims_set *set)
{
	g_free(set->values);
	g_free(set->hashes);
	*set = (struct ims_set){0};
}

static void put(struct ims_set *set, uint32_t hash, void *value)
{
	size_t i = hash & (set->size - 1);

	while (set->values[i])
		i = (i + 1) & (set->size - 1);
	set->values[i] = value;
	set->hashes[i] = hash;
}

static void resize(struct ims_set *set, size_t size)
{
	struct ims_set old = *set;

	set->size = size;
	set->values = g_new0(void *, size);
	set->hashes = g_new(uint32_t, size);
	for (size_t i = 0; i < old.size; i++)
		if (old.values[i])
			put(set, old.hashes[i], old.values[i]);
	g_free(old.values);
	g_free(old.hashes);
}

void ims_set_add(struct ims_set *set, uint32_t hash, void *value)
{
	/* At most three quarters are taken. */
	if ((set->n + 1) * 4 > set->size * 3)
		resize(set, MAX(set->size * 2, LEAST));
	put(set, hash, value);
	set->n++;
}

/* What comes behind a place that falls free moves up, unless it stands before
   where it belongs. */
static void close_gap(struct ims_set *set, size_t gap)
{
	size_t mask = set->size - 1;

	for (size_t i = (gap + 1) & mask; set->values[i]; i = (i + 1) & mask) {
		size_t home = set->hashes[i] & mask;

		if (((i - home) & mask) < ((i - gap) & mask))
			continue;
		set->values[gap] = set->values[i];
		set->hashes[gap] = set->hashes[i];
		gap = i;
	}
	set->values[gap] = NULL;
}

bool ims_set_remove(struct ims_set *set, uint32_t hash, const void *value)
{
	size_t mask = set->size - 1;
	size_t i = hash & mask;

	if (!set->n)
		return false;
	/* A record may be there under several hashes. */
	while (set->values[i] &&
	       (set->values[i] != value || set->hashes[i] != hash))
		i = (i + 1) & mask;
	if (!set->values[i])
		return false;
	close_gap(set, i);
	set->n--;
	/* What was full once does not stay large. */
	if (set->size > 16 * LEAST && set->n * 8 < set->size)
		resize(set, set->size / 4);
	return true;
}

void *ims_set_next(const struct ims_set *set, size_t *i)
{
	while (*i < set->size) {
		void *value = set->values[(*i)++];

		if (value)
			return value;
	}
	return NULL;
}
