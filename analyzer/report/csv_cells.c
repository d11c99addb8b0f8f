// SPDX-License-Identifier: GPL-2.0-or-later
#include "csv_cells.h"

#include <string.h>

#include "escape.h"

static void next_cell(GString *row)
{
	if (row->len && row->str[row->len - 1] != '\n')
		g_string_append_c(row, ',');
}

/* With which a cell begins that Excel or LibreOffice calculates; the wide
   forms are those of East Asian editions. TAB and CR come escaped. */
static bool is_formula(const char *text)
{
	switch (g_utf8_get_char(text)) {
	case '=':
	case '+':
	case '-':
	case '@':
	case '\t':
	case '\r':
	case 0xff1d: /* wide = */
	case 0xff0b: /* wide + */
	case 0xff0d: /* wide - */
	case 0x2212: /* minus sign */
	case 0xff20: /* wide @ */
		return true;
	default:
		return false;
	}
}

/* Escaped and defused: to be freed. */
static GString *harmless(struct ims_slice text)
{
	bool is_cut = text.len > IMS_CSV_MAX_CELL;
	GString *raw = g_string_new(NULL);
	GString *cell = g_string_new(NULL);
	bool is_start = true;

	ims_escape_append(raw,
			  ims_slice(text.at, MIN(text.len, IMS_CSV_MAX_CELL)));
	for (const char *c = raw->str; *c; c = g_utf8_next_char(c)) {
		if (is_start && is_formula(c))
			g_string_append_c(cell, '\'');
		g_string_append_len(cell, c, (gssize)(g_utf8_next_char(c) - c));
		/* Some trim a cell before they look at it. */
		is_start = *c == ';' ||
			   (is_start && g_unichar_isspace(g_utf8_get_char(c)));
	}
	if (is_cut)
		g_string_append(cell, "...");
	g_string_free(raw, TRUE);
	return cell;
}

void ims_csv_text(GString *row, struct ims_slice text)
{
	GString *cell;

	next_cell(row);
	if (ims_slice_is_empty(text))
		return;
	cell = harmless(text);
	if (cell->str[0] != ' ' && cell->str[cell->len - 1] != ' ' &&
	    !strpbrk(cell->str, ",;\"\r\n")) {
		g_string_append_len(row, cell->str, (gssize)cell->len);
	} else {
		g_string_append_c(row, '"');
		for (const char *c = cell->str; *c; c++) {
			if (*c == '"')
				g_string_append_c(row, '"');
			g_string_append_c(row, *c);
		}
		g_string_append_c(row, '"');
	}
	g_string_free(cell, TRUE);
}

void ims_csv_word(GString *row, const char *word)
{
	next_cell(row);
	if (word)
		g_string_append(row, word);
}

void ims_csv_count(GString *row, uint64_t n, bool is_known)
{
	next_cell(row);
	if (is_known)
		g_string_append_printf(row, "%" G_GUINT64_FORMAT, n);
}

void ims_csv_end(GString *row)
{
	g_string_append(row, "\r\n");
}
