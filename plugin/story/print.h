/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table as text for a terminal. */
#ifndef IMS_PRINT_H
#define IMS_PRINT_H

#include <glib.h>
#include <stdio.h>

#include <ims/attributes.h>

#include "rows.h"

/*
 * Writes the names of the columns, the rows, and how many there are of each
 * kind. Columns stand two spaces apart, by the width at which a terminal
 * shows them; nothing is cut. `chosen` (of size_t, in order) are the rows;
 * NULL: all.
 */
void ims_rows_print(FILE *out, const struct ims_rows *rows,
		    const GArray *chosen) IMS_NONNULL(1, 2);

#endif
