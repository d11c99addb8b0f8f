// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The format mermaid: one sequence diagram, as GitHub and others draw it from
 * a block of Markdown marked `mermaid`. A block holds one diagram, so what is
 * shown stands in one, a section each; and since Mermaid draws none above a
 * size, what failed goes first where not all has room, and the rest is
 * counted. With --separate there is a diagram a capture, and the output is
 * Markdown.
 */
#include <glib.h>

#include "filter.h"
#include "formats.h"
#include "mermaid_sections.h"
#include "mermaid_text.h"
#include "text_keep.h"
#include "writer.h"

/* Mermaid's maxTextSize is 50000 characters; less what frames the sections:
   the participants, and the note of what is left out. */
#define MAX_TEXT     50000
#define MAX_SECTIONS (MAX_TEXT - 12000)
/* Kept until the end, of those that failed and of the others; more have no
   room anyway: each takes 100 bytes at least. */
#define MAX_KEPT 400
/* Causes that wait for their registration, and the other way round. */
#define MAX_WAITING 4096

struct ims_report {
	struct ims_report_options options;
	struct ims_writer writer;
	GPtrArray *failed; /* of struct ims_mermaid_section * */
	GPtrArray *others;
	uint64_t n_left_out;
	GHashTable *whys; /* registration id: char *, of its cause */
};

static void free_section(gpointer data)
{
	ims_mermaid_section_free(data);
}

static struct ims_report *new_report(const struct ims_report_options *options)
{
	struct ims_report *report = g_new0(struct ims_report, 1);

	report->options = *options;
	ims_writer_init(&report->writer, options->out);
	report->failed = g_ptr_array_new_with_free_func(free_section);
	report->others = g_ptr_array_new_with_free_func(free_section);
	report->whys = g_hash_table_new_full(g_int64_hash, g_int64_equal,
					     g_free, g_free);
	return report;
}

/* Takes it over, or counts it. */
static void keep(struct ims_report *report, struct ims_mermaid_section *section)
{
	GPtrArray *list = section->failed ? report->failed : report->others;

	if (!section->ladder) {
		ims_mermaid_section_free(section);
		return;
	}
	if (list->len < MAX_KEPT) {
		g_ptr_array_add(list, section);
		return;
	}
	report->n_left_out++;
	ims_mermaid_section_free(section);
}

static bool wants_steps(const struct ims_report *report,
			const struct ims_registration *r)
{
	return ims_filter_registration(&report->options, r);
}

static void add_registration(struct ims_report *report,
			     const struct ims_registration *r)
{
	struct ims_mermaid_section *section;
	char *why = g_hash_table_lookup(report->whys, &r->id);

	if (ims_filter_registration(&report->options, r)) {
		section = ims_mermaid_section_of_registration(r);
		if (why) {
			g_free(section->why);
			section->why = g_strdup(why);
		}
		keep(report, section);
	}
	g_hash_table_remove(report->whys, &r->id);
}

/* The cause of a registration that came before it. */
static bool explain(GPtrArray *sections, const struct ims_finding *f)
{
	for (guint i = sections->len; i-- > 0;) {
		struct ims_mermaid_section *section =
			g_ptr_array_index(sections, i);

		if (section->id != f->registration || !section->is_registration)
			continue;
		g_free(section->why);
		section->why = ims_mermaid_why(f);
		return true;
	}
	return false;
}

static void add_finding(struct ims_report *report, const struct ims_finding *f)
{
	uint64_t *key;

	if (f->is_cause && f->registration) {
		if (explain(report->failed, f) ||
		    g_hash_table_size(report->whys) >= MAX_WAITING)
			return;
		key = g_new(uint64_t, 1);
		*key = f->registration;
		g_hash_table_insert(report->whys, key, ims_mermaid_why(f));
	} else if (f->n_steps && f->severity == IMS_SEVERITY_ERROR &&
		   ims_filter_finding(&report->options, f)) {
		keep(report, ims_mermaid_section_of_finding(f));
	}
}

static gint by_start(gconstpointer a, gconstpointer b)
{
	const struct ims_mermaid_section *x =
		*(const struct ims_mermaid_section *const *)a;
	const struct ims_mermaid_section *y =
		*(const struct ims_mermaid_section *const *)b;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* A diagram while it is put together. */
struct diagram {
	struct ims_mermaid_nodes *nodes;
	uint64_t used;
	size_t len;
};

/* Those of `sections` that there is room for get `text`. */
static void choose(struct ims_report *report, struct diagram *diagram,
		   GPtrArray *sections)
{
	for (guint i = 0; i < sections->len; i++) {
		struct ims_mermaid_section *section =
			g_ptr_array_index(sections, i);
		uint64_t used = 0;
		GString *text = g_string_new(NULL);

		ims_mermaid_section_put(section, diagram->nodes, text, &used,
					report->options.n_files > 1);
		if (diagram->len + text->len > MAX_SECTIONS) {
			report->n_left_out++;
			g_string_free(text, TRUE);
			continue;
		}
		diagram->len += text->len;
		diagram->used |= used;
		section->text = g_string_free(text, FALSE);
	}
}

/* A note over all of the diagram. */
static void put_note(const struct diagram *diagram, GString *out,
		     const char *text)
{
	guint first = 0, last = 0;

	if (diagram->used)
		ims_mermaid_nodes_ends(diagram->nodes, &first, &last,
				       diagram->used);
	g_string_append_printf(out, "    Note over n%u", first);
	if (last != first)
		g_string_append_printf(out, ",n%u", last);
	g_string_append(out, ": ");
	ims_mermaid_escape(out, text);
	g_string_append_c(out, '\n');
}

static void put_left_out(const struct ims_report *report,
			 const struct diagram *diagram, GString *out)
{
	char *text;

	if (report->n_left_out == 0)
		return;
	text = g_strdup_printf(
		"%" G_GUINT64_FORMAT
		" more have no room in one diagram: choose with -s, "
		"--only failed, --from and --to",
		report->n_left_out);
	put_note(diagram, out, text);
	g_free(text);
}

static void put_diagram(struct ims_report *report, GString *out)
{
	struct diagram diagram = {.nodes = ims_mermaid_nodes_new()};
	GPtrArray *all = g_ptr_array_new();

	g_ptr_array_sort(report->failed, by_start);
	g_ptr_array_sort(report->others, by_start);
	choose(report, &diagram, report->failed);
	choose(report, &diagram, report->others);
	g_ptr_array_extend(all, report->failed, NULL, NULL);
	g_ptr_array_extend(all, report->others, NULL, NULL);
	g_ptr_array_sort(all, by_start);
	g_string_append(out, "sequenceDiagram\n");
	ims_mermaid_nodes_put(diagram.nodes, out, diagram.used);
	if (!diagram.used)
		g_string_append(out, "    participant n0 as imsleuth\n");
	if (all->len == 0 && report->n_left_out == 0)
		put_note(&diagram, out, "No registration");
	for (guint i = 0; i < all->len; i++) {
		const struct ims_mermaid_section *section =
			g_ptr_array_index(all, i);

		if (section->text)
			g_string_append(out, section->text);
	}
	put_left_out(report, &diagram, out);
	g_ptr_array_free(all, TRUE);
	ims_mermaid_nodes_free(diagram.nodes);
}

static bool finish(struct ims_report *report, const struct ims_summary *summary)
{
	GString *out = g_string_new(NULL);

	(void)summary;
	if (report->options.heading) {
		char *name = ims_text_of(ims_slice_of(report->options.heading),
					 IMS_TEXT_MAX_NAME);

		g_string_append(out, "## ");
		ims_markdown_escape(out, name ? name : "?");
		g_string_append(out, "\n\n```mermaid\n");
		g_free(name);
	}
	put_diagram(report, out);
	if (report->options.heading)
		g_string_append(out, "```\n");
	ims_writer_put(&report->writer, out->str, out->len);
	g_string_free(out, TRUE);
	return ims_writer_finish(&report->writer);
}

static void free_report(struct ims_report *report)
{
	g_ptr_array_free(report->failed, TRUE);
	g_ptr_array_free(report->others, TRUE);
	g_hash_table_destroy(report->whys);
	ims_writer_clear(&report->writer);
	g_free(report);
}

const struct ims_report_format ims_report_mermaid = {
	.name = "mermaid",
	.series_start = "",
	.series_between = "\n",
	.series_end = "",
	.lists_requests = true,
	.new = new_report,
	.wants_steps = wants_steps,
	.registration = add_registration,
	.finding = add_finding,
	.finish = finish,
	.free = free_report,
};
