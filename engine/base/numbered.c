// SPDX-License-Identifier: GPL-2.0-or-later
#include "numbered.h"

#include <glib.h>

#define LEAST 16u

static void make_room(struct ims_numbered *numbered)
{
	if (numbered->n + 1 < numbered->room)
		return;
	numbered->room = MAX(numbered->room * 2, LEAST);
	numbered->at = g_renew(void *, numbered->at, numbered->room);
	numbered->unused = g_renew(uint32_t, numbered->unused, numbered->room);
}

uint32_t ims_numbered_add(struct ims_numbered *numbered, void *thing)
{
	uint32_t number;

	if (numbered->n_unused) {
		number = numbered->unused[--numbered->n_unused];
	} else {
		make_room(numbered);
		number = ++numbered->n;
	}
	numbered->at[number] = thing;
	return number;
}

void ims_numbered_remove(struct ims_numbered *numbered, uint32_t number)
{
	numbered->at[number] = NULL;
	numbered->unused[numbered->n_unused++] = number;
}

void ims_numbered_clear(struct ims_numbered *numbered)
{
	for (uint32_t i = 1; i <= numbered->n; i++)
		g_free(numbered->at[i]);
	g_free(numbered->at);
	g_free(numbered->unused);
	*numbered = (struct ims_numbered){0};
}
