// SPDX-License-Identifier: GPL-2.0-or-later
#include "print.h"

/* A cell wider than this is not waited for by those below and above it. */
#define WIDEST 64

#define UNKNOWN "-"

struct page {
	FILE *out;
	const struct ims_rows *rows;
	const struct ims_table_shape *shape;
	const GArray *chosen;
	size_t *widths; /* of the columns */
};

static size_t n_rows(const struct page *page)
{
	return page->chosen ? page->chosen->len : ims_rows_count(page->rows);
}

/* Never NULL; to be freed by g_free. */
static char *cell(const struct page *page, size_t place, size_t column)
{
	size_t row = page->chosen
			     ? g_array_index(page->chosen, size_t, (guint)place)
			     : place;
	char *text = ims_rows_cell(page->rows, row, column);

	if (text && *text)
		return text;
	g_free(text);
	return g_strdup(UNKNOWN);
}

static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (!g_unichar_iszerowidth(c))
			width += g_unichar_iswide(c) ? 2 : 1;
	}
	return width;
}

static void widen(struct page *page, size_t column, const char *text)
{
	size_t width = width_of(text);

	if (width > page->widths[column] && width <= WIDEST)
		page->widths[column] = width;
}

static void measure(struct page *page)
{
	for (size_t column = 0; column < page->shape->n_columns; column++) {
		widen(page, column, page->shape->columns[column].name);
		for (size_t i = 0; i < n_rows(page); i++) {
			char *text = cell(page, i, column);

			widen(page, column, text);
			g_free(text);
		}
	}
}

static void print_spaces(FILE *out, size_t n)
{
	fprintf(out, "%*s", (int)n, "");
}

static void print_cell(const struct page *page, size_t column, const char *text)
{
	bool is_last = column + 1 == page->shape->n_columns;
	bool is_right = page->shape->columns[column].kind != IMS_COLUMN_TEXT;
	size_t width = width_of(text);
	size_t missing =
		page->widths[column] > width ? page->widths[column] - width : 0;

	if (column > 0)
		print_spaces(page->out, 2);
	if (is_right)
		print_spaces(page->out, missing);
	fputs(text, page->out);
	if (!is_right && !is_last)
		print_spaces(page->out, missing);
}

static void print_table(const struct page *page)
{
	for (size_t column = 0; column < page->shape->n_columns; column++)
		print_cell(page, column, page->shape->columns[column].name);
	fputc('\n', page->out);
	for (size_t i = 0; i < n_rows(page); i++) {
		for (size_t c = 0; c < page->shape->n_columns; c++) {
			char *text = cell(page, i, c);

			print_cell(page, c, text);
			g_free(text);
		}
		fputc('\n', page->out);
	}
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "Total 4: 1 error, 3 note" */
static void print_tally(const struct page *page)
{
	size_t column = (size_t)(page->shape->tally - page->shape->columns);
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
	const char *mark = ":";

	for (size_t i = 0; i < n_rows(page); i++)
		g_ptr_array_add(words, cell(page, i, column));
	g_ptr_array_sort(words, by_name);
	fprintf(page->out, "Total %u", words->len);
	for (guint i = 0, next; i < words->len; i = next) {
		const char *word = g_ptr_array_index(words, i);

		for (next = i + 1; next < words->len; next++)
			if (strcmp(g_ptr_array_index(words, next), word) != 0)
				break;
		fprintf(page->out, "%s %u %s", mark, next - i, word);
		mark = ",";
	}
	fputc('\n', page->out);
	g_ptr_array_free(words, TRUE);
}

void ims_rows_print(FILE *out, const struct ims_rows *rows,
		    const GArray *chosen)
{
	struct page page = {
		.out = out,
		.rows = rows,
		.shape = ims_rows_shape(rows),
		.chosen = chosen,
	};

	page.widths = g_new0(size_t, page.shape->n_columns);
	measure(&page);
	print_table(&page);
	if (page.shape->tally)
		print_tally(&page);
	g_free(page.widths);
}
