// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The format html: one page that needs nothing else. The page comes first,
 * then the data in blocks as the engine hands things over, then the script
 * that shows them. So nothing of a registration or a finding is kept here:
 * two blocks are open for each, of IMS_HTML_BLOCK_BYTES and one record more,
 * and beside them only counts, which are bounded.
 *
 * Several reports (--separate) are sections of the data of one page.
 */
#include <glib.h>

#include "filter.h"
#include "formats.h"
#include "html_block.h"
#include "html_json.h"
#include "html_latency.h"
#include "html_page.h"
#include "html_records.h"
#include "html_summary.h"
#include "html_times.h"
#include "writer.h"

/* Nodes of the core that are listed; beyond, they are counted. */
#define MAX_NODES 500

struct ims_report {
	struct ims_report_options options;
	struct ims_writer writer;
	struct ims_html_block registrations;
	struct ims_html_block ladders;
	struct ims_html_block findings;
	struct ims_html_block evidence;
	struct ims_html_times *times;
	struct ims_html_latency *latency;
	struct ims_json captures; /* lists, without their ends */
	struct ims_json nodes;
	uint64_t n_nodes; /* but for UEs */
	uint64_t n_ues;	  /* nodes that are nothing else */
};

static struct ims_report *new_report(const struct ims_report_options *options)
{
	struct ims_report *report = g_new0(struct ims_report, 1);

	report->options = *options;
	ims_writer_init(&report->writer, options->out);
	ims_html_block_init(&report->registrations, "registrations");
	ims_html_block_init(&report->ladders, "ladders");
	ims_html_block_init(&report->findings, "findings");
	ims_html_block_init(&report->evidence, "evidence");
	report->times = ims_html_times_new();
	report->latency = ims_html_latency_new();
	ims_json_open(&report->captures, NULL, '[');
	ims_json_open(&report->nodes, NULL, '[');
	if (!options->heading)
		ims_writer_puts(&report->writer, ims_html_head);
	ims_writer_puts(&report->writer, "<section data-observation>\n");
	return report;
}

static bool wants_steps(const struct ims_report *report,
			const struct ims_registration *registration)
{
	return ims_filter_registration(&report->options, registration);
}

static void add_registration(struct ims_report *report,
			     const struct ims_registration *registration)
{
	ims_html_times_add(report->times, registration->start_ns,
			   registration->outcome);
	if (!ims_filter_registration(&report->options, registration))
		return;
	ims_html_registration_row(&report->registrations, registration,
				  report->ladders.n_written);
	ims_html_registration_details(&report->ladders, registration);
	ims_html_block_pass(&report->registrations, &report->writer);
	ims_html_block_pass(&report->ladders, &report->writer);
}

static void add_exchange(struct ims_report *report,
			 const struct ims_exchange *exchange)
{
	ims_html_latency_add(report->latency, exchange);
}

static void add_finding(struct ims_report *report,
			const struct ims_finding *finding)
{
	if (!ims_filter_finding(&report->options, finding))
		return;
	ims_html_finding_row(&report->findings, finding,
			     report->evidence.n_written);
	ims_html_finding_details(&report->evidence, finding);
	ims_html_block_pass(&report->findings, &report->writer);
	ims_html_block_pass(&report->evidence, &report->writer);
}

/* Phones have rows of their own; what is listed is the core. */
static void add_node(struct ims_report *report, const struct ims_node *node)
{
	if (node->roles == 1u << IMS_ROLE_UE)
		report->n_ues++;
	else if (report->n_nodes++ < MAX_NODES)
		ims_html_node(&report->nodes, node);
}

static void add_capture(struct ims_report *report,
			const struct ims_capture_report *capture)
{
	ims_html_capture(&report->captures, capture);
}

/* A member that was gathered as a list. */
static void put_list(struct ims_json *out, const char *key,
		     struct ims_json *list)
{
	ims_json_close(list, ']');
	ims_json_literal(out, key, ims_json_made(list));
}

static void write_summary(struct ims_report *report,
			  const struct ims_summary *summary)
{
	struct ims_json json = {0}, *out = &json;
	struct ims_slice made;

	ims_json_open(out, NULL, '{');
	ims_html_text(out, "version", IMSLEUTH_VERSION);
	ims_html_filters(out, &report->options);
	put_list(out, "captures", &report->captures);
	put_list(out, "nodes", &report->nodes);
	ims_json_count(out, "n_nodes", report->n_nodes);
	ims_json_count(out, "ues", report->n_ues);
	ims_html_summary(out, summary);
	ims_html_times_put(report->times, out, "times");
	ims_html_latency_put(report->latency, out, "latencies");
	ims_json_close(out, '}');
	made = ims_json_made(out);
	ims_writer_puts(&report->writer, "<script type=\"application/json\" "
					 "data-block=\"summary\">");
	ims_writer_put(&report->writer, made.at, made.len);
	ims_writer_puts(&report->writer, "</script>\n");
	ims_json_clear(&json);
}

static bool finish(struct ims_report *report, const struct ims_summary *summary)
{
	ims_html_block_write(&report->registrations, &report->writer);
	ims_html_block_write(&report->ladders, &report->writer);
	ims_html_block_write(&report->findings, &report->writer);
	ims_html_block_write(&report->evidence, &report->writer);
	write_summary(report, summary);
	ims_writer_puts(&report->writer, "</section>\n");
	if (!report->options.heading)
		ims_writer_puts(&report->writer, ims_html_tail);
	return ims_writer_finish(&report->writer);
}

static void free_report(struct ims_report *report)
{
	ims_html_block_clear(&report->registrations);
	ims_html_block_clear(&report->ladders);
	ims_html_block_clear(&report->findings);
	ims_html_block_clear(&report->evidence);
	ims_html_times_free(report->times);
	ims_html_latency_free(report->latency);
	ims_json_clear(&report->captures);
	ims_json_clear(&report->nodes);
	ims_writer_clear(&report->writer);
	g_free(report);
}

const struct ims_report_format ims_report_html = {
	.name = "html",
	.series_start = ims_html_head,
	.series_between = "",
	.series_end = ims_html_tail,
	.lists_changes = true,
	.wants_steps = wants_steps,
	.new = new_report,
	.registration = add_registration,
	.exchange = add_exchange,
	.finding = add_finding,
	.node = add_node,
	.capture = add_capture,
	.finish = finish,
	.free = free_report,
};
