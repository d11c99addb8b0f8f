// SPDX-License-Identifier: GPL-2.0-or-later
#include "runs.h"

#include <glib.h>
#include <string.h>

static size_t cost(const struct ims_run *run)
{
	return sizeof(*run) + run->piece.len;
}

void ims_piece_trim(struct ims_piece *piece, uint32_t positions)
{
	size_t bytes = positions < piece->len ? positions : piece->len;

	piece->start += positions;
	piece->span -= positions;
	piece->at += bytes;
	piece->len -= bytes;
}

/* The part of the piece that ends at position `end`, which is inside it. */
static struct ims_piece head_of(const struct ims_piece *piece, uint32_t end)
{
	struct ims_piece head = *piece;

	head.span = end - piece->start;
	if (head.len > head.span)
		head.len = head.span;
	return head;
}

static struct ims_run *run_new(const struct ims_piece *piece)
{
	struct ims_run *run = g_try_malloc(sizeof(*run) + piece->len);

	if (!run)
		return NULL;
	run->next = NULL;
	run->piece = *piece;
	run->piece.at = run->data;
	if (piece->len)
		memcpy(run->data, piece->at, piece->len);
	return run;
}

/* Behind `before`, or first when that is NULL. */
static bool insert(struct ims_runs *runs, struct ims_budget *budget,
		   struct ims_run *before, const struct ims_piece *piece)
{
	struct ims_run *run = run_new(piece);

	if (!run)
		return false;
	if (before) {
		run->next = before->next;
		before->next = run;
	} else {
		run->next = runs->first;
		runs->first = run;
	}
	if (!run->next)
		runs->last = run;
	runs->n_runs++;
	runs->n_bytes += cost(run);
	budget->used += cost(run);
	return true;
}

/* The last run that starts before the position; NULL: none. */
static struct ims_run *run_before(const struct ims_runs *runs, uint32_t at)
{
	struct ims_run *found = NULL;

	if (runs->last && ims_before(runs->last->piece.start, at))
		return runs->last;
	for (struct ims_run *r = runs->first;
	     r && ims_before(r->piece.start, at); r = r->next)
		found = r;
	return found;
}

bool ims_runs_add(struct ims_runs *runs, struct ims_budget *budget,
		  const struct ims_piece *piece)
{
	struct ims_run *before = run_before(runs, piece->start);
	struct ims_piece rest = *piece;

	for (;;) {
		struct ims_run *next = before ? before->next : runs->first;
		struct ims_piece part;

		if (before) {
			uint32_t end = ims_piece_end(&before->piece);

			if (!ims_before(end, ims_piece_end(&rest)))
				return true;
			if (ims_before(rest.start, end))
				ims_piece_trim(&rest, end - rest.start);
		}
		part = rest;
		if (next && ims_before(next->piece.start, ims_piece_end(&rest)))
			part = head_of(&rest, next->piece.start);
		if (part.span && !insert(runs, budget, before, &part))
			return false;
		if (part.span == rest.span)
			return true;
		before = next;
	}
}

struct ims_run *ims_runs_pop(struct ims_runs *runs, struct ims_budget *budget)
{
	struct ims_run *run = runs->first;

	if (!run)
		return NULL;
	runs->first = run->next;
	if (!runs->first)
		runs->last = NULL;
	runs->n_runs--;
	runs->n_bytes -= cost(run);
	budget->used -= cost(run);
	return run;
}

void ims_runs_clear(struct ims_runs *runs, struct ims_budget *budget)
{
	while (runs->first)
		g_free(ims_runs_pop(runs, budget));
}
