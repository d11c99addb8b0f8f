// SPDX-License-Identifier: GPL-2.0-or-later
#include "few.h"

#include <glib.h>
#include <string.h>

void *ims_few_room(void *pointers, const void *own, unsigned n)
{
	void **moved;

	if (n < IMS_FEW || (n & (n - 1)))
		return pointers;
	moved = g_renew(void *, pointers == own ? NULL : pointers,
			2 * (gsize)n);
	if (pointers == own)
		memcpy(moved, own, n * sizeof(*moved));
	return moved;
}

void ims_few_free(void *pointers, const void *own)
{
	if (pointers != own)
		g_free(pointers);
}

void ims_few_clear(struct ims_few *few)
{
	ims_few_free(few->at, few->own);
	ims_few_init(few);
}

void ims_few_add(struct ims_few *few, void *value)
{
	few->at = ims_few_room(few->at, few->own, few->n);
	few->at[few->n++] = value;
}

void ims_few_remove_at(struct ims_few *few, unsigned i)
{
	few->n--;
	memmove(&few->at[i], &few->at[i + 1], (few->n - i) * sizeof(*few->at));
}

static unsigned place_of(const struct ims_few *few, const void *value)
{
	unsigned i = 0;

	while (i < few->n && few->at[i] != value)
		i++;
	return i;
}

bool ims_few_remove(struct ims_few *few, const void *value)
{
	unsigned i = place_of(few, value);

	if (i == few->n)
		return false;
	ims_few_remove_at(few, i);
	return true;
}

bool ims_few_has(const struct ims_few *few, const void *value)
{
	return place_of(few, value) < few->n;
}
