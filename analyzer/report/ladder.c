// SPDX-License-Identifier: GPL-2.0-or-later
#include "ladder.h"

#include <string.h>

#include "text_changes.h"
#include "text_keep.h"

/* Bytes of a message's name and of its detail. */
#define MAX_MESSAGE 40
#define MAX_DETAIL  200

bool ims_step_is_answer(const struct ims_step *step)
{
	struct ims_slice m = step->message;

	switch (step->protocol) {
	case IMS_PROTOCOL_SIP:
		return m.len > 0 && g_ascii_isdigit(m.at[0]);
	case IMS_PROTOCOL_CX:
	case IMS_PROTOCOL_RX:
		return m.len > 0 && m.at[m.len - 1] == 'A';
	default:
		return false;
	}
}

const struct ims_ladder_column *ims_ladder_column(
	const struct ims_ladder *ladder, guint index)
{
	return &g_array_index(ladder->columns, struct ims_ladder_column, index);
}

const struct ims_ladder_row *ims_ladder_row(const struct ims_ladder *ladder,
					    guint index)
{
	return &g_array_index(ladder->rows, struct ims_ladder_row, index);
}

/* A row while retransmissions of it are looked for. */
struct draft {
	const struct ims_step *step; /* the first */
	const struct ims_step *last;
	guint from, to;
	uint32_t n_times;
	bool failing;
};

static bool is_same(const struct ims_step *a, const struct ims_step *b)
{
	return a->protocol == b->protocol &&
	       ims_endpoint_equal(&a->from.endpoint, &b->from.endpoint) &&
	       ims_endpoint_equal(&a->to.endpoint, &b->to.endpoint) &&
	       ims_slice_equal(a->message, b->message) &&
	       (a->protocol == IMS_PROTOCOL_ESP ||
		ims_slice_equal(a->detail, b->detail));
}

/*
 * Whether what came after the message says that the same once more is not a
 * retransmission of it. A request of SIP has its CSeq in its detail, so that
 * the same is the same; a response is another's once another request went by
 * between the two nodes, a Diameter request is anew once it was answered.
 */
static bool ends_it(const struct draft *later, const struct draft *row)
{
	if (row->step->protocol == IMS_PROTOCOL_ESP)
		return true;
	if (row->step->protocol == IMS_PROTOCOL_ICMP ||
	    later->step->protocol != row->step->protocol ||
	    later->from != row->to || later->to != row->from)
		return false;
	if (ims_step_is_answer(row->step))
		return !ims_step_is_answer(later->step);
	return row->step->protocol != IMS_PROTOCOL_SIP &&
	       ims_step_is_answer(later->step);
}

/* The row that `step` is sent again of; NULL: of none. */
static struct draft *row_of(GArray *drafts, const struct ims_step *step)
{
	struct draft *row = NULL;

	for (guint i = drafts->len; !row && i-- > 0;) {
		struct draft *d = &g_array_index(drafts, struct draft, i);

		if (is_same(d->step, step))
			row = d;
	}
	if (!row)
		return NULL;
	for (guint i = drafts->len; i-- > 0;) {
		const struct draft *later =
			&g_array_index(drafts, struct draft, i);

		if (later == row)
			break;
		if (ends_it(later, row))
			return NULL;
	}
	return row;
}

static GArray *fold(const struct ims_step *steps, size_t n, const guint *ends)
{
	GArray *drafts = g_array_new(FALSE, FALSE, sizeof(struct draft));

	for (size_t i = 0; i < n; i++) {
		const struct draft new = {
			.step = &steps[i],
			.from = ends[2 * i],
			.to = ends[2 * i + 1],
		};
		struct draft *row = row_of(drafts, &steps[i]);

		if (!row) {
			g_array_append_val(drafts, new);
			row = &g_array_index(drafts, struct draft,
					     drafts->len - 1);
		}
		row->last = &steps[i];
		row->n_times++;
		row->failing = row->failing || steps[i].failing;
	}
	return drafts;
}

static void clear_row(gpointer data)
{
	struct ims_ladder_row *row = data;

	g_free(row->message);
	g_free(row->detail);
	g_free(row->changes);
}

static struct ims_ladder_row row_from(const struct draft *d)
{
	const struct ims_step *s = d->step;
	struct ims_ladder_row row = {
		.frame = s->frame,
		.time_ns = s->time_ns,
		.from = d->from,
		.to = d->to,
		.protocol = s->protocol,
		.is_answer = ims_step_is_answer(s),
		.failing = d->failing,
		.message = ims_text_of(s->message, MAX_MESSAGE),
		.detail = ims_text_of(s->detail, MAX_DETAIL),
		.changes = ims_text_changes(s->changes),
		.n_times = d->n_times,
		.last_frame = d->last->frame,
		.last_ns = d->last->time_ns,
	};

	if (!row.message)
		row.message = g_strdup("?");
	return row;
}

/* Of many rows the first, the last, and the first that fail between. */
static void keep_rows(GArray *rows, const GArray *drafts)
{
	guint most = IMS_LADDER_MAX_FIRST + IMS_LADDER_MAX_LAST +
		     IMS_LADDER_MAX_FAILING;
	guint n_failing = 0;
	uint32_t n_left_out = 0;

	for (guint i = 0; i < drafts->len; i++) {
		const struct draft *d = &g_array_index(drafts, struct draft, i);
		struct ims_ladder_row row;

		if (drafts->len > most && i >= IMS_LADDER_MAX_FIRST &&
		    i + IMS_LADDER_MAX_LAST < drafts->len &&
		    (!d->failing || n_failing++ >= IMS_LADDER_MAX_FAILING)) {
			n_left_out++;
			continue;
		}
		row = row_from(d);
		row.n_left_out = n_left_out;
		n_left_out = 0;
		g_array_append_val(rows, row);
	}
}

struct ims_ladder *ims_ladder_new(const struct ims_step *steps, size_t n,
				  int64_t start_ns)
{
	struct ims_ladder *ladder;
	GArray *drafts;
	guint *ends;

	if (n == 0)
		return NULL;
	ladder = g_new0(struct ims_ladder, 1);
	ladder->start_ns = start_ns;
	ends = g_new0(guint, 2 * n);
	ladder->columns = ims_ladder_columns(steps, n, ends);
	drafts = fold(steps, n, ends);
	ladder->rows = g_array_new(FALSE, FALSE, sizeof(struct ims_ladder_row));
	g_array_set_clear_func(ladder->rows, clear_row);
	keep_rows(ladder->rows, drafts);
	g_array_free(drafts, TRUE);
	g_free(ends);
	return ladder;
}

void ims_ladder_free(struct ims_ladder *ladder)
{
	if (!ladder)
		return;
	g_array_free(ladder->columns, TRUE);
	g_array_free(ladder->rows, TRUE);
	g_free(ladder);
}

int64_t ims_ladder_end(const struct ims_ladder *ladder)
{
	int64_t end = ladder->start_ns;

	for (guint i = 0; i < ladder->rows->len; i++)
		end = MAX(end, ims_ladder_row(ladder, i)->last_ns);
	return end;
}

bool ims_ladder_has_failing(const struct ims_ladder *ladder)
{
	for (guint i = 0; i < ladder->rows->len; i++)
		if (ims_ladder_row(ladder, i)->failing)
			return true;
	return false;
}
