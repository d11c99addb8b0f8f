// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"

#include "cells.h"
#include "cx_rows.h"

#define TEXT(name)                    \
	{                             \
		name, IMS_COLUMN_TEXT \
	}
#define COUNT(name)                    \
	{                              \
		name, IMS_COLUMN_COUNT \
	}
#define NUMBER(name)                    \
	{                               \
		name, IMS_COLUMN_NUMBER \
	}

static const struct ims_column registration_columns[IMS_N_REGISTRATION_CELLS] =
	{
		[IMS_REGISTRATION_ID] = COUNT("Registration"),
		[IMS_REGISTRATION_START] = TEXT("Start (UTC)"),
		[IMS_REGISTRATION_KIND] = TEXT("Kind"),
		[IMS_REGISTRATION_OUTCOME] = TEXT("Outcome"),
		[IMS_REGISTRATION_CAUSE] = TEXT("Cause"),
		[IMS_REGISTRATION_STATUS] = NUMBER("Status"),
		[IMS_REGISTRATION_DURATION] = NUMBER("Duration (ms)"),
		[IMS_REGISTRATION_FRAME] = NUMBER("First frame"),
		[IMS_REGISTRATION_UE] = TEXT("UE"),
		[IMS_REGISTRATION_IMPI] = TEXT("IMPI"),
		[IMS_REGISTRATION_IMPU] = TEXT("IMPU"),
		[IMS_REGISTRATION_SCSCF] = TEXT("S-CSCF"),
};

static const struct ims_column finding_columns[IMS_N_FINDING_CELLS] = {
	[IMS_FINDING_ID] = COUNT("Finding"),
	[IMS_FINDING_SEVERITY] = TEXT("Severity"),
	[IMS_FINDING_RULE] = TEXT("Rule"),
	[IMS_FINDING_CONFIDENCE] = TEXT("Confidence"),
	[IMS_FINDING_REGISTRATION] = NUMBER("Registration"),
	[IMS_FINDING_FRAME] = NUMBER("First frame"),
	[IMS_FINDING_IDENTITY] = TEXT("IMPI or IMPU"),
	[IMS_FINDING_SUMMARY] = TEXT("Summary"),
};

static const struct ims_column cx_columns[IMS_N_CX_CELLS] = {
	[IMS_CX_COMMAND] = TEXT("Command"),
	[IMS_CX_RESULT] = TEXT("Result"),
	[IMS_CX_COUNT] = COUNT("Count"),
	[IMS_CX_ERRORS] = NUMBER("Errors"),
	[IMS_CX_UNANSWERED] = NUMBER("Unanswered"),
	[IMS_CX_P50] = NUMBER("p50 (ms)"),
	[IMS_CX_P95] = NUMBER("p95 (ms)"),
	[IMS_CX_MAX] = NUMBER("Max (ms)"),
};

static const struct ims_table_shape shapes[IMS_N_TABLES] = {
	[IMS_TABLE_REGISTRATIONS] =
		{
			.name = "registrations",
			.title = "IMS Registrations",
			.label = "&Registrations",
			.columns = registration_columns,
			.n_columns = IMS_N_REGISTRATION_CELLS,
			.tally =
				&registration_columns[IMS_REGISTRATION_OUTCOME],
		},
	[IMS_TABLE_FINDINGS] =
		{
			.name = "findings",
			.title = "IMS Findings",
			.label = "&Findings",
			.columns = finding_columns,
			.n_columns = IMS_N_FINDING_CELLS,
			.tally = &finding_columns[IMS_FINDING_SEVERITY],
		},
	[IMS_TABLE_CX] =
		{
			.name = "cx",
			.title = "IMS Cx",
			.label = "&Cx",
			.columns = cx_columns,
			.n_columns = IMS_N_CX_CELLS,
		},
};

struct ims_rows {
	enum ims_table table;
	const struct ims_kept *kept;
	GArray *cx; /* of struct ims_cx_row; NULL in the other tables */
};

const struct ims_table_shape *ims_table_shape(enum ims_table table)
{
	return &shapes[table];
}

struct ims_rows *ims_rows_new(enum ims_table table, const struct ims_kept *kept)
{
	struct ims_rows *rows = g_new0(struct ims_rows, 1);

	rows->table = table;
	rows->kept = kept;
	if (table == IMS_TABLE_CX)
		rows->cx = ims_cx_rows(kept);
	return rows;
}

void ims_rows_free(struct ims_rows *rows)
{
	if (!rows)
		return;
	if (rows->cx)
		g_array_free(rows->cx, TRUE);
	g_free(rows);
}

const struct ims_table_shape *ims_rows_shape(const struct ims_rows *rows)
{
	return ims_table_shape(rows->table);
}

size_t ims_rows_count(const struct ims_rows *rows)
{
	switch (rows->table) {
	case IMS_TABLE_REGISTRATIONS:
		return ims_kept_n_registrations(rows->kept);
	case IMS_TABLE_FINDINGS:
		return ims_kept_n_findings(rows->kept);
	default:
		return rows->cx->len;
	}
}

char *ims_rows_cell(const struct ims_rows *rows, size_t row, size_t column)
{
	switch (rows->table) {
	case IMS_TABLE_REGISTRATIONS:
		return ims_registration_cell(
			ims_kept_registration(rows->kept, row),
			(enum ims_registration_cell)column);
	case IMS_TABLE_FINDINGS:
		return ims_finding_cell(ims_kept_finding(rows->kept, row),
					(enum ims_finding_cell)column);
	default:
		return ims_cx_cell(
			&g_array_index(rows->cx, struct ims_cx_row, row),
			(enum ims_cx_cell)column);
	}
}

static GArray *findings_at(const struct ims_kept *kept, uint32_t frame)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(size_t));
	const struct ims_mention *m;
	size_t n = ims_kept_mentions(kept, &m, frame);
	size_t last = SIZE_MAX;

	for (size_t i = 0; i < n; i++) {
		size_t index = m[i].item;

		if (m[i].kind != IMS_MENTION_EVIDENCE || index == last)
			continue;
		g_array_append_val(found, index);
		last = index;
	}
	return found;
}

static bool is_of_a_frame(const struct ims_rows *rows, size_t row)
{
	char *frame;

	if (rows->table == IMS_TABLE_CX)
		return false;
	frame = ims_rows_cell(rows, row,
			      rows->table == IMS_TABLE_FINDINGS
				      ? (size_t)IMS_FINDING_FRAME
				      : (size_t)IMS_REGISTRATION_FRAME);
	g_free(frame);
	return frame != NULL;
}

static GArray *rows_of_no_frame(const struct ims_rows *rows)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(size_t));
	size_t n = ims_rows_count(rows);

	for (size_t i = 0; i < n; i++)
		if (!is_of_a_frame(rows, i))
			g_array_append_val(found, i);
	return found;
}

GArray *ims_rows_at(const struct ims_rows *rows, uint32_t frame)
{
	if (frame == 0)
		return rows_of_no_frame(rows);
	switch (rows->table) {
	case IMS_TABLE_REGISTRATIONS:
		return ims_kept_registrations_at(rows->kept, frame);
	case IMS_TABLE_FINDINGS:
		return findings_at(rows->kept, frame);
	default:
		return g_array_new(FALSE, FALSE, sizeof(size_t));
	}
}
