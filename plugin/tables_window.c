// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "tables.h"
#include "tap.h"

/* Numbers that may be missing are text; so wide they are in order as such. */
#define NUMBER_WIDTH 14

/*
 * A table of which any number of dialogs may be open. They share its rows and
 * keep pointers to those that they showed last.
 */
struct window {
	stat_tap_table_ui ui; /* the first: Wireshark hands this back */
	enum ims_table table;
	bool is_begun;	    /* a packet was told since the reset */
	GHashTable *shown;  /* indices of the rows that are in it */
	GPtrArray *retired; /* rows that a dialog may still point to */
};

static struct window windows[IMS_N_TABLES];

static const struct ims_table_shape *shape_of(const struct window *window)
{
	return ims_table_shape(window->table);
}

/* A title is our own, and so tells whose table it is. */
static struct window *window_of(const stat_tap_table *table)
{
	int i = 0;

	while (i < IMS_N_TABLES - 1 &&
	       ims_table_shape((enum ims_table)i)->title != table->title)
		i++;
	return &windows[i];
}

static void free_cell(stat_tap_table *table _U_, guint row _U_,
		      guint column _U_, stat_tap_table_item_type *cell)
{
	if (cell->type == TABLE_ITEM_STRING)
		g_free((char *)cell->value.string_value);
	cell->type = TABLE_ITEM_NONE;
}

static void free_retired(struct window *window)
{
	for (guint i = 0; i < window->retired->len; i++) {
		stat_tap_table_item_type *row =
			g_ptr_array_index(window->retired, i);

		for (guint c = 0; c < shape_of(window)->n_columns; c++)
			free_cell(NULL, i, c, &row[c]);
		g_free(row);
	}
	g_ptr_array_set_size(window->retired, 0);
}

/*
 * Packets will be told anew. The dialog that asked for it lets go of its rows
 * right after this, and of those before it did; any other does not.
 */
static void reset(stat_tap_table *table)
{
	struct window *window = window_of(table);

	if (window->ui.refcount <= 1)
		free_retired(window);
	for (guint i = 0; i < table->num_elements; i++)
		g_ptr_array_add(window->retired, table->elements[i]);
	table->num_elements = 0;
	window->is_begun = false;
	g_hash_table_remove_all(window->shown);
}

/* A dialog is opened, or filled again: then the reset is still to come. */
static void begin(stat_tap_table_ui *ui)
{
	struct window *window = (struct window *)ui;
	const struct ims_table_shape *shape = shape_of(window);
	stat_tap_table *table = stat_tap_find_table(ui, shape->title);

	if (table)
		return;
	free_retired(window);
	window->is_begun = false;
	g_hash_table_remove_all(window->shown);
	table = stat_tap_init_table(shape->title, (int)shape->n_columns, 0,
				    NULL);
	stat_tap_add_table(ui, table);
}

/* Of one column, all cells have one type: sorting compares them unseen. */
static stat_tap_table_item_type make_cell(const struct ims_rows *rows,
					  size_t row, size_t column)
{
	stat_tap_table_item_type cell = {.type = TABLE_ITEM_STRING};
	char *text = ims_rows_cell(rows, row, column);

	switch (ims_rows_shape(rows)->columns[column].kind) {
	case IMS_COLUMN_COUNT:
		cell.type = TABLE_ITEM_UINT;
		cell.value.uint_value = (guint)g_ascii_strtoull(text, NULL, 10);
		break;
	case IMS_COLUMN_NUMBER:
		cell.value.string_value =
			g_strdup_printf("%*s", NUMBER_WIDTH, text ? text : "");
		break;
	case IMS_COLUMN_TEXT:
		cell.value.string_value = g_strdup(text ? text : "");
		break;
	}
	g_free(text);
	return cell;
}

static void add_row(struct window *window, stat_tap_table *table,
		    const struct ims_rows *rows, size_t row)
{
	guint n = (guint)shape_of(window)->n_columns;
	stat_tap_table_item_type *cells;

	if (!g_hash_table_add(window->shown, GSIZE_TO_POINTER(row)))
		return;
	cells = g_new0(stat_tap_table_item_type, n);
	for (guint column = 0; column < n; column++)
		cells[column] = make_cell(rows, row, column);
	stat_tap_init_table_row(table, table->num_elements, n, cells);
	g_free(cells);
}

static void add_rows_at(struct window *window, stat_tap_table *table,
			const struct ims_rows *rows, uint32_t frame)
{
	GArray *found = ims_rows_at(rows, frame);

	for (guint i = 0; i < found->len; i++)
		add_row(window, table, rows, g_array_index(found, size_t, i));
	g_array_free(found, TRUE);
}

static tap_packet_status take_frame(void *data, packet_info *pinfo,
				    epan_dissect_t *edt _U_, const void *told,
				    tap_flags_t flags _U_)
{
	struct window *window =
		(struct window *)((stat_data_t *)data)->stat_tap_data;
	stat_tap_table *table =
		stat_tap_find_table(&window->ui, shape_of(window)->title);
	struct ims_rows *rows;

	if (!told || !table)
		return TAP_PACKET_DONT_REDRAW;
	if (window->is_begun && window->table == IMS_TABLE_CX)
		return TAP_PACKET_DONT_REDRAW;
	rows = ims_rows_new(window->table, told);
	if (!window->is_begun)
		add_rows_at(window, table, rows, 0);
	add_rows_at(window, table, rows, pinfo->num);
	ims_rows_free(rows);
	window->is_begun = true;
	return TAP_PACKET_REDRAW;
}

static stat_tap_table_item *make_fields(const struct ims_table_shape *shape)
{
	stat_tap_table_item *fields =
		g_new0(stat_tap_table_item, shape->n_columns);

	for (size_t i = 0; i < shape->n_columns; i++) {
		const struct ims_column *column = &shape->columns[i];

		fields[i] = (stat_tap_table_item){
			.type = column->kind == IMS_COLUMN_COUNT
					? TABLE_ITEM_UINT
					: TABLE_ITEM_STRING,
			.align = column->kind == IMS_COLUMN_TEXT
					 ? TAP_ALIGN_LEFT
					 : TAP_ALIGN_RIGHT,
			.column_name = column->name,
			.field_format =
				column->kind == IMS_COLUMN_COUNT ? "%u" : "%s",
		};
	}
	return fields;
}

void ims_tables_register_window(void)
{
	for (int i = 0; i < IMS_N_TABLES; i++) {
		struct window *window = &windows[i];
		const struct ims_table_shape *shape =
			ims_table_shape((enum ims_table)i);

		window->table = (enum ims_table)i;
		window->shown = g_hash_table_new(NULL, NULL);
		window->retired = g_ptr_array_new();
		window->ui = (stat_tap_table_ui){
			.group = IMS_GROUP_WITHOUT_MENU,
			.title = shape->title,
			.tap_name = IMS_TAP,
			.cli_string = ims_table_command(window->table),
			.stat_tap_init_cb = begin,
			.packet_func = take_frame,
			.stat_tap_reset_table_cb = reset,
			.stat_tap_free_table_item_cb = free_cell,
			.nfields = shape->n_columns,
			.fields = make_fields(shape),
		};
		register_stat_tap_table_ui(&window->ui);
	}
}
