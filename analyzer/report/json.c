// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The formats json and ndjson. NDJSON writes each record as it comes; JSON
 * keeps each as its line of text until the end, when they are put in order.
 */
#include <glib.h>

#include "filter.h"
#include "formats.h"
#include "json_records.h"
#include "json_values.h"
#include "writer.h"

#define SCHEMA 1

/* In the order in which they stand in the object. */
enum section {
	CAPTURES,
	NODES,
	REGISTRATIONS,
	EXCHANGES,
	FINDINGS,
	N_SECTIONS
};

static const struct {
	const char *name; /* of the list */
	const char *type; /* of a line */
} sections[N_SECTIONS] = {
	[CAPTURES] = {"captures", "capture"},
	[NODES] = {"nodes", "node"},
	[REGISTRATIONS] = {"registrations", "registration"},
	[EXCHANGES] = {"exchanges", "exchange"},
	[FINDINGS] = {"findings", "finding"},
};

/* A finished record and its place among the others of its list. */
struct record {
	int64_t major;
	uint64_t minor;
	char *text;
	size_t len;
};

struct ims_report {
	struct ims_report_options options;
	struct ims_writer writer;
	/* The record that is being written; of NDJSON behind those that wait to
	   be handed on. */
	struct ims_json json;
	bool is_lines;
	uint64_t n_nodes;
	GArray *records[N_SECTIONS];
};

static void clear_record(gpointer data)
{
	g_free(((struct record *)data)->text);
}

static struct ims_report *new_report(const struct ims_report_options *options,
				     bool is_lines)
{
	struct ims_report *report = g_new0(struct ims_report, 1);

	report->options = *options;
	ims_writer_init(&report->writer, options->out);
	if (is_lines && options->live)
		ims_writer_live(&report->writer);
	else if (is_lines)
		ims_writer_hurry(&report->writer);
	report->is_lines = is_lines;
	for (int i = 0; i < N_SECTIONS; i++) {
		report->records[i] =
			g_array_new(FALSE, FALSE, sizeof(struct record));
		g_array_set_clear_func(report->records[i], clear_record);
	}
	return report;
}

static struct ims_report *new_json(const struct ims_report_options *options)
{
	return new_report(options, false);
}

static struct ims_report *new_ndjson(const struct ims_report_options *options)
{
	return new_report(options, true);
}

static struct ims_json *begin(struct ims_report *report, const char *type)
{
	struct ims_json *json = &report->json;

	if (!report->is_lines)
		ims_json_restart(json);
	ims_json_open(json, NULL, '{');
	if (report->is_lines)
		ims_json_name(json, "type", type);
	return json;
}

static void write_text(struct ims_report *report, const char *after)
{
	struct ims_slice made = ims_json_made(&report->json);

	ims_writer_put(&report->writer, made.at, made.len);
	ims_writer_puts(&report->writer, after);
}

static void hand_on_lines(struct ims_report *report)
{
	struct ims_slice made = ims_json_made(&report->json);

	ims_writer_put(&report->writer, made.at, made.len);
	ims_json_restart(&report->json);
}

/* Where nobody waits for a line they are handed on by so many that the writer
   need not gather them once more. */
static void write_line(struct ims_report *report)
{
	struct ims_json *json = &report->json;

	ims_json_close(json, '}');
	ims_json_end_line(json);
	if (ims_writer_is_waited_for(&report->writer) ||
	    ims_json_made(json).len > IMS_WRITER_PIECE)
		hand_on_lines(report);
}

static void end(struct ims_report *report, enum section section, int64_t major,
		uint64_t minor)
{
	struct record record = {.major = major, .minor = minor};
	struct ims_slice made;

	if (report->is_lines) {
		write_line(report);
		return;
	}
	ims_json_close(&report->json, '}');
	made = ims_json_made(&report->json);
	record.text = g_memdup2(made.at, made.len);
	record.len = made.len;
	g_array_append_val(report->records[section], record);
}

static bool wants_steps(const struct ims_report *report,
			const struct ims_registration *registration)
{
	return ims_filter_registration(&report->options, registration);
}

static void add_registration(struct ims_report *report,
			     const struct ims_registration *registration)
{
	if (!ims_filter_registration(&report->options, registration))
		return;
	ims_json_registration(begin(report, sections[REGISTRATIONS].type),
			      registration);
	end(report, REGISTRATIONS, 0, registration->id);
}

static void add_exchange(struct ims_report *report,
			 const struct ims_exchange *exchange)
{
	if (!ims_filter_exchange(&report->options, exchange))
		return;
	ims_json_exchange(begin(report, sections[EXCHANGES].type), exchange);
	end(report, EXCHANGES, 0, exchange->id);
}

static void add_finding(struct ims_report *report,
			const struct ims_finding *finding)
{
	if (!ims_filter_finding(&report->options, finding))
		return;
	ims_json_finding(begin(report, sections[FINDINGS].type), finding);
	end(report, FINDINGS, finding->time_ns, finding->id);
}

static void add_node(struct ims_report *report, const struct ims_node *node)
{
	ims_json_node(begin(report, sections[NODES].type), node);
	end(report, NODES, 0, report->n_nodes++);
}

static void add_capture(struct ims_report *report,
			const struct ims_capture_report *capture)
{
	ims_json_capture(begin(report, sections[CAPTURES].type), capture);
	end(report, CAPTURES, 0, capture->capture);
}

static int compare_records(gconstpointer a, gconstpointer b)
{
	const struct record *left = a, *right = b;

	if (left->major != right->major)
		return left->major < right->major ? -1 : 1;
	return (left->minor > right->minor) - (left->minor < right->minor);
}

static void write_section(struct ims_report *report, enum section section)
{
	GArray *records = report->records[section];
	struct ims_writer *writer = &report->writer;

	g_array_sort(records, compare_records);
	ims_writer_puts(writer, ",\n\"");
	ims_writer_puts(writer, sections[section].name);
	ims_writer_puts(writer, "\": [");
	for (guint i = 0; i < records->len; i++) {
		const struct record *record =
			&g_array_index(records, struct record, i);

		ims_writer_puts(writer, i ? ",\n " : "\n ");
		ims_writer_put(writer, record->text, record->len);
	}
	ims_writer_puts(writer, "]");
}

static void put_version(struct ims_json *json)
{
	ims_json_text(json, "imsleuth", IMSLEUTH_VERSION);
	ims_json_integer(json, "schema", SCHEMA);
}

static void write_object(struct ims_report *report,
			 const struct ims_summary *summary)
{
	/* It is closed behind the last section. */
	put_version(begin(report, NULL));
	write_text(report, "");
	for (int i = 0; i < N_SECTIONS; i++)
		write_section(report, (enum section)i);
	ims_writer_puts(&report->writer, ",\n\"summary\": ");
	ims_json_summary(begin(report, NULL), summary);
	ims_json_close(&report->json, '}');
	write_text(report, "}\n");
}

static void write_last_line(struct ims_report *report,
			    const struct ims_summary *summary)
{
	struct ims_json *json = begin(report, "summary");

	put_version(json);
	ims_json_summary(json, summary);
	write_line(report);
	hand_on_lines(report);
}

static bool finish(struct ims_report *report, const struct ims_summary *summary)
{
	if (report->is_lines)
		write_last_line(report, summary);
	else
		write_object(report, summary);
	return ims_writer_finish(&report->writer);
}

static void free_report(struct ims_report *report)
{
	for (int i = 0; i < N_SECTIONS; i++)
		g_array_free(report->records[i], TRUE);
	ims_json_clear(&report->json);
	ims_writer_clear(&report->writer);
	g_free(report);
}

#define CALLBACKS                                                           \
	.wants_steps = wants_steps, .registration = add_registration,       \
	.exchange = add_exchange, .finding = add_finding, .node = add_node, \
	.capture = add_capture, .finish = finish, .free = free_report

const struct ims_report_format ims_report_json = {
	.name = "json",
	.series_start = "[\n",
	.series_between = ",\n",
	.series_end = "]\n",
	.lists_changes = true,
	.new = new_json,
	CALLBACKS,
};

const struct ims_report_format ims_report_ndjson = {
	.name = "ndjson",
	.series_start = "",
	.series_between = "",
	.series_end = "",
	.lists_changes = true,
	.new = new_ndjson,
	CALLBACKS,
};
