/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plugin's tables: registrations, findings, Cx. What their columns are
 * and what stands in them is said here, once, for the terminal and for the
 * window.
 */
#ifndef IMS_ROWS_H
#define IMS_ROWS_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

#include "kept.h"

enum ims_table {
	IMS_TABLE_REGISTRATIONS,
	IMS_TABLE_FINDINGS,
	IMS_TABLE_CX,
	IMS_N_TABLES,
};

enum ims_column_kind {
	IMS_COLUMN_TEXT,
	IMS_COLUMN_COUNT,  /* a whole number, always there */
	IMS_COLUMN_NUMBER, /* any number, or nothing */
};

struct ims_column {
	const char *name;
	enum ims_column_kind kind;
};

struct ims_table_shape {
	const char *name;  /* "registrations", as in -z imsleuth,NAME */
	const char *title; /* "IMS Registrations" */
	const char *label; /* "&Registrations", in the menu */
	const struct ims_column *columns;
	size_t n_columns;
	/* A capture's rows are counted by this column's text; NULL: not. */
	const struct ims_column *tally;
};

const struct ims_table_shape *ims_table_shape(enum ims_table table);

struct ims_rows;

/* A table of one capture. `kept` is borrowed and has to outlive it. */
struct ims_rows *ims_rows_new(enum ims_table table, const struct ims_kept *kept)
	IMS_NONNULL_ALL IMS_MUST_USE;
void ims_rows_free(struct ims_rows *rows); /* NULL: nothing */

const struct ims_table_shape *ims_rows_shape(const struct ims_rows *rows)
	IMS_NONNULL_ALL;
size_t ims_rows_count(const struct ims_rows *rows) IMS_NONNULL_ALL;

/*
 * What stands there: valid UTF-8 without control characters, to be freed by
 * g_free; NULL: nothing is known. A COUNT is decimal and never NULL.
 */
char *ims_rows_cell(const struct ims_rows *rows, size_t row,
		    size_t column) IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * The rows (size_t, in order) that say something of a frame, or, for frame
 * 0, those that are of no frame in particular: all of Cx, which counts. The
 * caller's, to be freed by g_array_free.
 */
GArray *ims_rows_at(const struct ims_rows *rows,
		    uint32_t frame) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
