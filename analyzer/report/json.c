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
};

struct ims_report {
	struct ims_report_options options;
	struct ims_writer writer;
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

	ims_json_init();
	report->options = *options;
	report->writer.out = options->out;
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

static json_t *begin(const struct ims_report *report, const char *type)
{
	json_t *object = json_object();

	if (report->is_lines)
		ims_json_put(object, "type", ims_json_text(type));
	return object;
}

/* Takes over `object`. */
static void write_line(struct ims_report *report, json_t *object)
{
	char *text = ims_json_dump(object);

	json_decref(object);
	ims_writer_puts(&report->writer, text);
	ims_writer_puts(&report->writer, "\n");
	g_free(text);
}

/* Takes over `object`. */
static void end(struct ims_report *report, enum section section, json_t *object,
		int64_t major, uint64_t minor)
{
	struct record record = {.major = major, .minor = minor};

	if (report->is_lines) {
		write_line(report, object);
		return;
	}
	record.text = ims_json_dump(object);
	json_decref(object);
	g_array_append_val(report->records[section], record);
}

static void add_registration(struct ims_report *report,
			     const struct ims_registration *registration)
{
	json_t *object;

	if (!ims_filter_registration(&report->options, registration))
		return;
	object = begin(report, sections[REGISTRATIONS].type);
	ims_json_registration(object, registration);
	end(report, REGISTRATIONS, object, 0, registration->id);
}

static void add_exchange(struct ims_report *report,
			 const struct ims_exchange *exchange)
{
	json_t *object;

	if (!ims_filter_exchange(&report->options, exchange))
		return;
	object = begin(report, sections[EXCHANGES].type);
	ims_json_exchange(object, exchange);
	end(report, EXCHANGES, object, 0, exchange->id);
}

static void add_finding(struct ims_report *report,
			const struct ims_finding *finding)
{
	json_t *object;

	if (!ims_filter_finding(&report->options, finding))
		return;
	object = begin(report, sections[FINDINGS].type);
	ims_json_finding(object, finding);
	end(report, FINDINGS, object, finding->time_ns, finding->id);
}

static void add_node(struct ims_report *report, const struct ims_node *node)
{
	json_t *object = begin(report, sections[NODES].type);

	ims_json_node(object, node);
	end(report, NODES, object, 0, report->n_nodes++);
}

static void add_capture(struct ims_report *report,
			const struct ims_capture_report *capture)
{
	json_t *object = begin(report, sections[CAPTURES].type);

	ims_json_capture(object, capture);
	end(report, CAPTURES, object, 0, capture->capture);
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
		ims_writer_puts(writer, i ? ",\n " : "\n ");
		ims_writer_puts(writer,
				g_array_index(records, struct record, i).text);
	}
	ims_writer_puts(writer, "]");
}

static void put_version(json_t *object)
{
	ims_json_put(object, "imsleuth", ims_json_text(IMSLEUTH_VERSION));
	ims_json_put(object, "schema", json_integer(SCHEMA));
}

static void write_object(struct ims_report *report, json_t *summary)
{
	json_t *version = json_object();
	char *text;

	put_version(version);
	text = ims_json_dump(version);
	json_decref(version);
	/* The version's closing bracket gives way to what follows. */
	ims_writer_put(&report->writer, text, strlen(text) - 1);
	g_free(text);
	for (int i = 0; i < N_SECTIONS; i++)
		write_section(report, (enum section)i);
	ims_writer_puts(&report->writer, ",\n\"summary\": ");
	text = ims_json_dump(summary);
	json_decref(summary);
	ims_writer_puts(&report->writer, text);
	ims_writer_puts(&report->writer, "}\n");
	g_free(text);
}

static bool finish(struct ims_report *report, const struct ims_summary *summary)
{
	json_t *object = begin(report, "summary");

	if (report->is_lines)
		put_version(object);
	ims_json_summary(object, summary);
	if (report->is_lines)
		write_line(report, object);
	else
		write_object(report, object);
	return ims_writer_finish(&report->writer);
}

static void free_report(struct ims_report *report)
{
	for (int i = 0; i < N_SECTIONS; i++)
		g_array_free(report->records[i], TRUE);
	g_free(report);
}

#define CALLBACKS                                                         \
	.registration = add_registration, .exchange = add_exchange,       \
	.finding = add_finding, .node = add_node, .capture = add_capture, \
	.finish = finish, .free = free_report

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
