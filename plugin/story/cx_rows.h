/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diameter by command: first how many exchanges, how many of them failed or
 * got no answer, and how long answers took; then each result with its count.
 */
#ifndef IMS_CX_ROWS_H
#define IMS_CX_ROWS_H

#include <glib.h>

#include <ims/attributes.h>

#include "kept.h"

enum ims_cx_cell {
	IMS_CX_COMMAND,
	IMS_CX_RESULT,
	IMS_CX_COUNT,
	IMS_CX_ERRORS,
	IMS_CX_UNANSWERED,
	IMS_CX_P50,
	IMS_CX_P95,
	IMS_CX_MAX,
	IMS_N_CX_CELLS,
};

struct ims_cx_row {
	const char *command;		       /* static */
	const struct ims_command_count *total; /* NULL: one result's row */
	struct ims_result result; /* container NONE: an answer without one */
	bool is_answered;
	uint64_t count;
};

/*
 * Of struct ims_cx_row, borrowing from `kept`; a command's total stands before
 * its results. To be freed by g_array_free.
 */
GArray *ims_cx_rows(const struct ims_kept *kept) IMS_NONNULL_ALL IMS_MUST_USE;

/* To be freed by g_free; NULL where nothing is known. */
char *ims_cx_cell(const struct ims_cx_row *row,
		  enum ims_cx_cell cell) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
