// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "print.h"
#include "session.h"
#include "tables.h"
#include "tap.h"

/* One -z of the command line. */
struct request {
	enum ims_table table;
	char *filter;	/* NULL: the whole capture */
	GArray *frames; /* of guint32: those that passed the filter */
};

static void request_free(void *data)
{
	struct request *request = data;

	g_array_free(request->frames, TRUE);
	g_free(request->filter);
	g_free(request);
}

static tap_packet_status take_frame(void *data, packet_info *pinfo,
				    epan_dissect_t *edt _U_,
				    const void *kept _U_, tap_flags_t flags _U_)
{
	struct request *request = data;

	if (request->filter)
		g_array_append_val(request->frames, pinfo->num);
	return TAP_PACKET_DONT_REDRAW;
}

static void mark(const struct ims_rows *rows, bool *marks, uint32_t frame)
{
	GArray *found = ims_rows_at(rows, frame);

	for (guint i = 0; i < found->len; i++)
		marks[g_array_index(found, size_t, i)] = true;
	g_array_free(found, TRUE);
}

/* The rows that are of a frame that passed. */
static GArray *choose(const struct request *request,
		      const struct ims_rows *rows)
{
	size_t n = ims_rows_count(rows);
	bool *marks = g_new0(bool, n + 1);
	GArray *chosen = g_array_new(FALSE, FALSE, sizeof(size_t));

	for (guint i = 0; i < request->frames->len; i++)
		mark(rows, marks, g_array_index(request->frames, guint32, i));
	for (size_t i = 0; i < n; i++)
		if (marks[i])
			g_array_append_val(chosen, i);
	g_free(marks);
	return chosen;
}

static void print_rows(const struct request *request,
		       const struct ims_kept *kept)
{
	struct ims_rows *rows = ims_rows_new(request->table, kept);
	GArray *chosen = request->filter ? choose(request, rows) : NULL;

	ims_rows_print(stdout, rows, chosen);
	if (chosen)
		g_array_free(chosen, TRUE);
	ims_rows_free(rows);
}

#define RULER "==================================================="

/* The frames have all been read, once or twice. */
static void draw(void *data)
{
	const struct request *request = data;
	const struct ims_kept *kept = ims_session_kept_whole();

	printf("\n" RULER "\n%s\n", ims_table_shape(request->table)->title);
	if (request->filter)
		printf("Filter: %s\n", request->filter);
	if (kept)
		print_rows(request, kept);
	printf(RULER "\n");
}

static bool listen_for(enum ims_table table, const char *filter)
{
	struct request *request = g_new0(struct request, 1);
	GString *error;

	request->table = table;
	request->filter = g_strdup(filter);
	request->frames = g_array_new(FALSE, FALSE, sizeof(guint32));
	error = register_tap_listener(IMS_TAP, request, filter,
				      TL_REQUIRES_NOTHING, NULL, take_frame,
				      draw, request_free);
	if (!error)
		return true;
	fprintf(stderr, "tshark: -z %s: %s\n", ims_table_command(table),
		error->str);
	g_string_free(error, TRUE);
	request_free(request);
	return false;
}

/* `rest` is what stands behind the table's name. */
static bool begin_table(enum ims_table table, const char *rest)
{
	const char *problem = NULL;

	if (*rest && *rest != ',')
		problem = "there is no such table";
	else if (*rest && table == IMS_TABLE_CX)
		problem = "it counts the whole capture and takes no filter";
	if (!problem)
		return listen_for(table, *rest ? rest + 1 : NULL);
	fprintf(stderr, "tshark: -z %s%s: %s\n", ims_table_command(table), rest,
		problem);
	return false;
}

static ims_stat_begun begin(const char *option, void *data)
{
	enum ims_table table = (enum ims_table)GPOINTER_TO_INT(data);

	IMS_STAT_RETURN(
		begin_table(table, option + strlen(ims_table_command(table))));
}

void ims_tables_register_terminal(void)
{
	for (int table = 0; table < IMS_N_TABLES; table++) {
		stat_tap_ui ui = {
			.group = IMS_GROUP_WITHOUT_MENU,
			.cli_string = ims_table_command((enum ims_table)table),
			.tap_init_cb = begin,
		};

		register_stat_tap_ui(&ui, GINT_TO_POINTER(table));
	}
}
