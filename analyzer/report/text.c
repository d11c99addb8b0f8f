// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The report that a person reads: what came of the registrations, then each
 * failure with its cause, evidence and advice, then what else is wrong. All
 * is printed at the end; what is kept until then is bounded (see the names
 * IMS_TEXT_MAX_...), what is above a bound is counted. Of a live capture
 * failures and findings are printed as they come, the rest at the end.
 */
#include "filter.h"
#include "formats.h"
#include "text_blocks.h"
#include "text_captures.h"
#include "text_ladder.h"
#include "text_live.h"
#include "text_others.h"
#include "text_tally.h"
#include "wrap.h"
#include "writer.h"

#define MIN_WIDTH 60
#define MAX_WIDTH 120

struct ims_report {
	struct ims_report_options options;
	struct ims_writer writer;
	struct ims_page page;
	struct ims_text_tally tally;
	struct ims_text_failures *failures;
	struct ims_text_folds *folds;
	struct ims_text_live *live; /* NULL: it is not */
	struct ims_text_others *others;
	struct ims_text_captures *captures;
};

static void begin_live(struct ims_report *r)
{
	r->live = ims_text_live_new(&r->page, &r->writer,
				    r->options.subscriber
					    ? IMS_TEXT_MAX_FULL_ASKED
					    : IMS_TEXT_MAX_FULL);
	ims_text_failures_tell(r->failures, ims_text_live_failure, r->live);
}

static struct ims_report *new_report(const struct ims_report_options *options)
{
	struct ims_report *r = g_new0(struct ims_report, 1);
	bool is_asked = options->subscriber != NULL;

	r->options = *options;
	ims_writer_init(&r->writer, options->out);
	r->page.out = g_string_new(NULL);
	r->page.colour = options->colour;
	r->page.width = options->width
				? CLAMP(options->width, MIN_WIDTH, MAX_WIDTH)
				: IMS_WRAP_WIDTH;
	r->page.ladder_width = options->width ? CLAMP(options->width,
						      IMS_TEXT_LADDER_MIN_WIDTH,
						      IMS_TEXT_LADDER_MAX_WIDTH)
					      : IMS_TEXT_LADDER_WIDTH;
	r->page.unicode = options->unicode;
	r->page.files = g_ptr_array_new_with_free_func(g_free);
	r->failures = ims_text_failures_new(is_asked ? IMS_TEXT_MAX_FULL_ASKED
						     : IMS_TEXT_MAX_FULL,
					    options->ladder);
	r->folds = ims_text_folds_new(is_asked ? IMS_TEXT_MAX_FOLDS_ASKED
					       : IMS_TEXT_MAX_FOLDS);
	r->others = ims_text_others_new(is_asked, options->ladder);
	r->captures = ims_text_captures_new();
	if (options->live)
		begin_live(r);
	return r;
}

/* Those of which something is to be explained. */
static bool is_failure(const struct ims_registration *registration)
{
	return ims_filter_has_failed(registration) &&
	       (registration->cause ||
		registration->outcome != IMS_OUTCOME_INCOMPLETE);
}

static bool wants_steps(const struct ims_report *r,
			const struct ims_registration *registration)
{
	return (r->options.ladder || is_failure(registration)) &&
	       ims_filter_registration(&r->options, registration);
}

static void add_registration(struct ims_report *r,
			     const struct ims_registration *registration)
{
	bool is_listed = ims_filter_registration(&r->options, registration);

	r->tally.n_registrations++;
	r->tally.registrations[registration->outcome][registration->kind]++;
	if (is_failure(registration))
		ims_text_failures_add(r->failures, registration, is_listed);
	else if (is_listed)
		ims_text_others_add(r->others, registration);
}

static void add_finding(struct ims_report *r, const struct ims_finding *f)
{
	if (f->is_cause && f->registration) {
		ims_text_failures_explain(r->failures, f);
		return;
	}
	r->tally.findings[f->severity]++;
	if (f->severity == IMS_SEVERITY_ERROR && f->registration == 0 &&
	    f->rule->scope == IMS_SCOPE_REQUEST)
		r->tally.n_refused++;
	if (f->severity < r->options.severity)
		r->tally.n_hidden++;
	else if (!ims_filter_finding(&r->options, f))
		return;
	else if (r->live)
		ims_text_live_finding(r->live, f);
	else
		ims_text_folds_add(r->folds, f);
}

static void add_capture(struct ims_report *r,
			const struct ims_capture_report *capture)
{
	char *name =
		ims_text_of(ims_slice_of(capture->file), IMS_TEXT_MAX_NAME);

	g_ptr_array_add(r->page.files, name ? name : g_strdup("?"));
	ims_text_captures_add(r->captures, capture);
}

static void put_heading(struct ims_report *r)
{
	char *name;

	if (!r->options.heading)
		return;
	name = ims_text_of(ims_slice_of(r->options.heading), IMS_TEXT_MAX_NAME);
	g_string_append_printf(r->page.out, "== %s ==\n", name ? name : "?");
	g_free(name);
}

static void put_blocks(struct ims_report *r)
{
	const GPtrArray *causes = ims_text_failures_finish(r->failures);
	const GPtrArray *kinds = ims_text_folds_finish(r->folds);

	for (guint i = 0; i < causes->len; i++)
		ims_text_put_cause(&r->page, g_ptr_array_index(causes, i));
	for (guint i = 0; i < kinds->len; i++)
		ims_text_put_kind(&r->page, g_ptr_array_index(kinds, i));
}

static void put_hidden(struct ims_report *r)
{
	GString *text = g_string_new(NULL);

	if (r->tally.n_hidden) {
		ims_page_count(text, r->tally.n_hidden, "finding", NULL);
		g_string_append_printf(text,
				       " below severity %s not shown "
				       "(--severity note shows all).",
				       ims_severity_name(r->options.severity));
		g_string_append_c(r->page.out, '\n');
		ims_wrap(r->page.out, text->str, 2, r->page.width);
	}
	g_string_free(text, TRUE);
}

static bool finish(struct ims_report *r, const struct ims_summary *summary)
{
	put_heading(r);
	if (r->live)
		g_string_append_c(r->page.out, '\n');
	ims_text_captures_put_damage(r->captures, &r->page, true);
	ims_text_put_tally(&r->page, &r->tally);
	if (r->tally.n_registrations == 0)
		ims_text_captures_put_contents(r->captures, &r->page);
	ims_text_put_causes(&r->page, summary);
	put_blocks(r);
	ims_text_others_put(r->others, &r->page);
	put_hidden(r);
	ims_text_captures_put_remarks(r->captures, &r->page, summary);
	ims_text_captures_put_damage(r->captures, &r->page, false);
	ims_writer_put(&r->writer, r->page.out->str, r->page.out->len);
	return ims_writer_finish(&r->writer);
}

static void free_report(struct ims_report *r)
{
	ims_text_failures_free(r->failures);
	ims_text_live_free(r->live);
	ims_text_folds_free(r->folds);
	ims_text_others_free(r->others);
	ims_text_captures_free(r->captures);
	g_ptr_array_free(r->page.files, TRUE);
	g_string_free(r->page.out, TRUE);
	ims_writer_clear(&r->writer);
	g_free(r);
}

const struct ims_report_format ims_report_text = {
	.name = "text",
	.series_start = "",
	.series_between = "\n",
	.series_end = "",
	.new = new_report,
	.wants_steps = wants_steps,
	.registration = add_registration,
	.finding = add_finding,
	/* Exchanges and nodes are read of in the evidence. */
	.capture = add_capture,
	.finish = finish,
	.free = free_report,
};
