// SPDX-License-Identifier: GPL-2.0-or-later
#include "cx_rows.h"

#include <inttypes.h>

#include "cells.h"

/* Totals first, answers in order of their codes, what has none last. */
static gint by_result(gconstpointer a, gconstpointer b)
{
	const struct ims_cx_row *x = a, *y = b;
	int commands = strcmp(x->command, y->command);

	if (commands)
		return commands;
	if (!x->total != !y->total)
		return x->total ? -1 : 1;
	if (x->is_answered != y->is_answered)
		return x->is_answered ? -1 : 1;
	if (x->result.code != y->result.code)
		return x->result.code < y->result.code ? -1 : 1;
	if (x->result.container != y->result.container)
		return x->result.container < y->result.container ? -1 : 1;
	if (x->result.vendor != y->result.vendor)
		return x->result.vendor < y->result.vendor ? -1 : 1;
	return 0;
}

static void add_totals(GArray *rows, const struct ims_summary *summary)
{
	for (size_t i = 0; i < summary->n_commands; i++) {
		const struct ims_command_count *total = &summary->commands[i];
		struct ims_cx_row row = {
			.command = total->command,
			.total = total,
			.count = total->count,
		};

		g_array_append_val(rows, row);
	}
}

static void add_exchanges(GArray *rows, const struct ims_kept *kept)
{
	const struct ims_exchange *e;

	for (size_t i = 0; (e = ims_kept_exchange(kept, i)); i++) {
		struct ims_cx_row row = {
			.command = e->command,
			.result = e->result,
			.is_answered = e->answer.number != 0,
			.count = 1,
		};

		g_array_append_val(rows, row);
	}
}

/* Those of one result, which stand together, become one row. */
static void join_equal(GArray *rows)
{
	struct ims_cx_row *row = (struct ims_cx_row *)(void *)rows->data;
	guint n = 0;

	for (guint i = 0; i < rows->len; i++) {
		if (n > 0 && by_result(&row[n - 1], &row[i]) == 0)
			row[n - 1].count += row[i].count;
		else
			row[n++] = row[i];
	}
	g_array_set_size(rows, n);
}

GArray *ims_cx_rows(const struct ims_kept *kept)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct ims_cx_row));

	add_totals(rows, ims_kept_summary(kept));
	add_exchanges(rows, kept);
	g_array_sort(rows, by_result);
	join_equal(rows);
	return rows;
}

/* "5001 DIAMETER_ERROR_USER_UNKNOWN": a name is its container's. */
static char *result_cell(const struct ims_cx_row *row)
{
	const struct ims_result *r = &row->result;

	if (row->total)
		return g_strdup("all");
	if (!row->is_answered)
		return g_strdup("no answer");
	if (r->container == IMS_RESULT_NONE)
		return g_strdup("no result");
	if (r->name)
		return g_strdup_printf("%u %s", r->code, r->name);
	return g_strdup_printf("%u (%s %u)", r->code,
			       ims_result_container_name(r->container),
			       r->vendor);
}

static char *total_cell(const struct ims_command_count *total,
			enum ims_cx_cell cell)
{
	switch (cell) {
	case IMS_CX_ERRORS:
		return g_strdup_printf("%" PRIu64, total->errors);
	case IMS_CX_UNANSWERED:
		return g_strdup_printf("%" PRIu64, total->unanswered);
	case IMS_CX_P50:
		return ims_cell_ms(total->latency.p50_ns);
	case IMS_CX_P95:
		return ims_cell_ms(total->latency.p95_ns);
	case IMS_CX_MAX:
		return ims_cell_ms(total->latency.max_ns);
	default:
		return NULL;
	}
}

char *ims_cx_cell(const struct ims_cx_row *row, enum ims_cx_cell cell)
{
	switch (cell) {
	case IMS_CX_COMMAND:
		return g_strdup(row->command);
	case IMS_CX_RESULT:
		return result_cell(row);
	case IMS_CX_COUNT:
		return g_strdup_printf("%" PRIu64, row->count);
	default:
		return row->total ? total_cell(row->total, cell) : NULL;
	}
}
