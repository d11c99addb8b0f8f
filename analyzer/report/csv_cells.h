/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cells of CSV (RFC 4180) that no spreadsheet takes for formulas. */
#ifndef IMS_CSV_CELLS_H
#define IMS_CSV_CELLS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/* Bytes of a cell; what is longer ends in "...". A spreadsheet has 32767
   characters. */
#define IMS_CSV_MAX_CELL 8000

/*
 * Appends text as one cell, a comma before it unless it is the row's first:
 * escaped as for a terminal, quoted where it must be. A single quote is put
 * before what a spreadsheet would calculate: = + - @ and their wide forms at
 * the start, and behind a semicolon, which separates cells in some countries.
 * Absent: an empty cell.
 */
void ims_csv_text(GString *row, struct ims_slice text) IMS_NONNULL(1);

/* The same of a name of ours, or NULL; as it is. */
void ims_csv_word(GString *row, const char *word) IMS_NONNULL(1);

/* A number, or an empty cell for one that is not known. */
void ims_csv_count(GString *row, uint64_t n, bool is_known) IMS_NONNULL_ALL;

void ims_csv_end(GString *row) IMS_NONNULL_ALL;

#endif
