// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The format csv: a row a registration, written when it is final and the
 * findings about it are known. The columns are described in imsleuth(1).
 */
#include <glib.h>

#include "csv_cells.h"
#include "filter.h"
#include "formats.h"
#include "stamp.h"
#include "writer.h"

/* Registrations that wait for findings, and findings for registrations. */
#define MAX_WAITING 4096
/* Of one row. */
#define MAX_FINDINGS 64
#define MAX_FRAMES   64

#define HEADER                                                            \
	"id,kind,outcome,cause,status,reason,impu,impi,ue,scscf,expires," \
	"start,end,duration_ms,ims,legs,call_id,lacking,capture,frame,"   \
	"confidence,cause_frames,summary,findings\r\n"

/* What is known of a row. */
struct row {
	GString *cells; /* of the registration; NULL: it did not come yet */
	bool is_listed;
	size_t n_expected; /* findings */
	size_t n_seen;
	const char *confidence; /* of the cause; or NULL */
	char *frames;
	char *summary;
	GString *findings; /* slugs, blanks between */
};

struct ims_report {
	struct ims_report_options options;
	struct ims_writer writer;
	GHashTable *rows; /* registration id: struct row */
};

static void free_row(gpointer data)
{
	struct row *row = data;

	if (row->cells)
		g_string_free(row->cells, TRUE);
	g_free(row->frames);
	g_free(row->summary);
	g_string_free(row->findings, TRUE);
	g_free(row);
}

static struct row *new_row(void)
{
	struct row *row = g_new0(struct row, 1);

	row->findings = g_string_new(NULL);
	return row;
}

static struct ims_report *new_report(const struct ims_report_options *options)
{
	struct ims_report *report = g_new0(struct ims_report, 1);

	report->options = *options;
	ims_writer_init(&report->writer, options->out);
	if (options->live)
		ims_writer_live(&report->writer);
	else
		ims_writer_hurry(&report->writer);
	report->rows = g_hash_table_new_full(g_int64_hash, g_int64_equal,
					     g_free, free_row);
	/* With --separate it stands once, before all. */
	if (!options->heading)
		ims_writer_puts(&report->writer, HEADER);
	return report;
}

/* NULL where too many wait. */
static struct row *row_of(struct ims_report *report, uint64_t id)
{
	struct row *row = g_hash_table_lookup(report->rows, &id);
	uint64_t *key;

	if (row || g_hash_table_size(report->rows) >= MAX_WAITING)
		return row;
	row = new_row();
	key = g_new(uint64_t, 1);
	*key = id;
	g_hash_table_insert(report->rows, key, row);
	return row;
}

static void write_row(struct ims_report *report, struct row *row)
{
	if (!row->is_listed)
		return;
	ims_csv_word(row->cells, row->confidence);
	ims_csv_word(row->cells, row->frames);
	ims_csv_text(row->cells, ims_slice_of(row->summary));
	ims_csv_word(row->cells, row->findings->str);
	ims_csv_end(row->cells);
	ims_writer_put(&report->writer, row->cells->str, row->cells->len);
}

static void write_if_whole(struct ims_report *report, uint64_t id,
			   struct row *row)
{
	if (!row->cells || row->n_seen < row->n_expected)
		return;
	write_row(report, row);
	g_hash_table_remove(report->rows, &id);
}

static void put_legs(GString *cells, uint32_t legs)
{
	GString *text = g_string_new(NULL);

	for (int leg = IMS_LEG_GM; leg <= IMS_LEG_RX; leg++)
		if (legs & 1u << leg)
			g_string_append_printf(text, "%s%s",
					       text->len ? " " : "",
					       ims_leg_name((enum ims_leg)leg));
	ims_csv_word(cells, text->str);
	g_string_free(text, TRUE);
}

static void put_times(GString *cells, const struct ims_registration *r)
{
	char text[IMS_STAMP_TEXT];

	ims_csv_word(cells, ims_stamp(text, r->start_ns));
	ims_csv_word(cells, ims_stamp(text, r->end_ns));
	g_snprintf(text, sizeof(text), "%.3f",
		   (double)(r->end_ns - r->start_ns) / 1e6);
	ims_csv_word(cells, text);
}

/* Where it begins: the file, and the frame in it. */
static void put_place(const struct ims_report *report, GString *cells,
		      const struct ims_registration *r)
{
	struct ims_frame frame =
		r->n_steps ? r->steps[0].frame : (struct ims_frame){0};
	const char *file =
		frame.number && frame.capture < report->options.n_files
			? report->options.files[frame.capture]
			: report->options.heading;

	ims_csv_text(cells, ims_slice_of(file));
	ims_csv_count(cells, frame.number, frame.number != 0);
}

static GString *cells_of(const struct ims_report *report,
			 const struct ims_registration *r)
{
	GString *cells = g_string_new(NULL);
	char ue[IMS_ENDPOINT_TEXT];

	ims_csv_count(cells, r->id, true);
	ims_csv_word(cells, ims_kind_name(r->kind));
	ims_csv_word(cells, ims_outcome_name(r->outcome));
	ims_csv_word(cells, r->cause ? r->cause->slug : NULL);
	ims_csv_count(cells, r->status, r->status != 0);
	ims_csv_text(cells, r->reason);
	ims_csv_text(cells, r->impu);
	ims_csv_text(cells, r->impi);
	ims_csv_word(cells, r->ue.address.family
				    ? ims_endpoint_format(ue, &r->ue)
				    : NULL);
	ims_csv_text(cells, r->scscf);
	ims_csv_count(cells, (uint64_t)r->expires, r->expires >= 0);
	put_times(cells, r);
	ims_csv_word(cells, r->ims ? "true" : "false");
	put_legs(cells, r->legs);
	ims_csv_text(cells, r->call_id);
	ims_csv_text(cells, r->lacking);
	put_place(report, cells, r);
	return cells;
}

static bool wants_steps(const struct ims_report *report,
			const struct ims_registration *r)
{
	return ims_filter_registration(&report->options, r);
}

static void add_registration(struct ims_report *report,
			     const struct ims_registration *r)
{
	struct row *row = row_of(report, r->id);
	struct row *alone = row ? NULL : new_row();

	row = row ? row : alone;
	row->is_listed = ims_filter_registration(&report->options, r);
	row->cells = row->is_listed ? cells_of(report, r) : g_string_new(NULL);
	row->n_expected = r->n_findings;
	if (alone) {
		write_row(report, alone);
		free_row(alone);
	} else {
		write_if_whole(report, r->id, row);
	}
}

/* "3 10 11"; of several captures "0#3 1#11", which no spreadsheet takes for a
   time or a date. */
static char *frames_of(const struct ims_report *report,
		       const struct ims_finding *f)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < MIN(f->n_evidence, MAX_FRAMES); i++) {
		struct ims_frame frame = f->evidence[i].frame;

		if (frame.number == 0)
			continue;
		if (text->len)
			g_string_append_c(text, ' ');
		if (report->options.n_files > 1)
			g_string_append_printf(text, "%u#", frame.capture);
		g_string_append_printf(text, "%" G_GUINT64_FORMAT,
				       frame.number);
	}
	return g_string_free(text, FALSE);
}

static void keep_cause(struct ims_report *report, struct row *row,
		       const struct ims_finding *f)
{
	row->confidence = ims_confidence_name(f->confidence);
	g_free(row->frames);
	row->frames = frames_of(report, f);
	g_free(row->summary);
	row->summary = ims_slice_is_empty(f->summary)
			       ? g_strdup(f->rule->title)
			       : g_strndup(f->summary.at, f->summary.len);
}

static void add_finding(struct ims_report *report, const struct ims_finding *f)
{
	struct row *row =
		f->registration ? row_of(report, f->registration) : NULL;

	if (!row)
		return;
	row->n_seen++;
	if (f->is_cause)
		keep_cause(report, row, f);
	if (f->severity >= report->options.severity &&
	    row->n_seen <= MAX_FINDINGS)
		g_string_append_printf(row->findings, "%s%s",
				       row->findings->len ? " " : "",
				       f->rule->slug);
	write_if_whole(report, f->registration, row);
}

static bool finish(struct ims_report *report, const struct ims_summary *summary)
{
	GHashTableIter iter;
	gpointer value;

	(void)summary;
	g_hash_table_iter_init(&iter, report->rows);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct row *row = value;

		if (row->cells)
			write_row(report, row);
	}
	return ims_writer_finish(&report->writer);
}

static void free_report(struct ims_report *report)
{
	g_hash_table_destroy(report->rows);
	ims_writer_clear(&report->writer);
	g_free(report);
}

const struct ims_report_format ims_report_csv = {
	.name = "csv",
	.series_start = HEADER,
	.series_between = "",
	.series_end = "",
	.new = new_report,
	.wants_steps = wants_steps,
	.registration = add_registration,
	.finding = add_finding,
	.finish = finish,
	.free = free_report,
};
