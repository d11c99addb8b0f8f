// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_blocks.h"

#include "text_ladder.h"

static const char *const kinds[] = {
	[IMS_KIND_INITIAL] = "registration",
	[IMS_KIND_REFRESH] = "refresh of the registration",
	[IMS_KIND_DEREGISTRATION] = "deregistration",
	[IMS_KIND_THIRD_PARTY] = "third-party registration",
	[IMS_KIND_EMERGENCY] = "emergency registration",
	[IMS_KIND_FETCH] = "query of the bindings",
};

void ims_text_put_names(GString *out, const GPtrArray *names, uint64_t n_all)
{
	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(
			out, "%s%s", i ? ", " : "",
			(const char *)g_ptr_array_index(names, i));
	if (n_all > names->len)
		g_string_append_printf(out, "%s%" G_GUINT64_FORMAT " more",
				       names->len ? " and " : "",
				       n_all - names->len);
}

/* "Rejected, 403 Forbidden: registration of alice". */
static char *failure_title(const struct ims_text_registration *r)
{
	GString *title = g_string_new(ims_outcome_name(r->outcome));

	title->str[0] = g_ascii_toupper(title->str[0]);
	if (r->status) {
		g_string_append_printf(title, ", %u", r->status);
		if (r->reason)
			g_string_append_printf(title, " %s", r->reason);
	}
	g_string_append_printf(title, ": %s of %s", kinds[r->kind], r->who);
	return g_string_free(title, FALSE);
}

/* Adds what there is, unless `told` says it anyway. */
static void add_identity(GString *text, const char *name, const char *value,
			 const char *told)
{
	if (!value || (told && strstr(told, value)))
		return;
	g_string_append_printf(text, "%s%s %s", text->len ? ", " : "", name,
			       value);
}

/* Who it is, in full, to be copied. */
static void put_identities(struct ims_page *page,
			   const struct ims_text_failure *failure)
{
	const struct ims_text_registration *r = failure->registration;
	const char *told = failure->finding ? failure->finding->summary : NULL;
	GString *text = g_string_new(NULL);

	add_identity(text, "IMPU", r->impu, told);
	add_identity(text, "IMPI", r->impi, told);
	add_identity(text, "UE", r->ue, told);
	if (text->len)
		ims_page_paragraph(page, NULL, text->str);
	g_string_free(text, TRUE);
}

static GArray *frames_of(const struct ims_text_finding *finding)
{
	GArray *frames = g_array_new(FALSE, FALSE, sizeof(struct ims_frame));

	for (guint i = 0; i < finding->evidence->len; i++) {
		const struct ims_text_evidence *e = &g_array_index(
			finding->evidence, struct ims_text_evidence, i);

		if (e->frame.number)
			g_array_append_val(frames, e->frame);
	}
	return frames;
}

static void put_specs(struct ims_page *page, const struct ims_rule *rule)
{
	GString *text = g_string_new(NULL);

	for (const char *const *s = rule->specs; s && *s; s++)
		g_string_append_printf(text, "%s%s", text->len ? "; " : "", *s);
	if (text->len)
		ims_page_paragraph(page, "See", text->str);
	g_string_free(text, TRUE);
}

/* Of findings in a row what several have in common is said once. */
struct last {
	const char *advice;
	const char *known;
};

/* Which product behaves so, what to do and where it is written. */
static void put_advice(struct ims_page *page,
		       const struct ims_text_finding *finding,
		       struct last *last)
{
	if (finding->known && g_strcmp0(last->known, finding->known) != 0)
		ims_page_paragraph(page, "Known", finding->known);
	last->known = finding->known;
	if (finding->advice && g_strcmp0(last->advice, finding->advice) == 0)
		return;
	if (finding->advice)
		ims_page_paragraph(page, "Do", finding->advice);
	put_specs(page, finding->rule);
	last->advice = finding->advice;
}

static void put_explanation(struct ims_page *page,
			    const struct ims_text_failure *failure,
			    struct last *last)
{
	const struct ims_text_finding *finding = failure->finding;
	GArray *frames = frames_of(finding);

	ims_page_paragraph(
		page,
		finding->confidence == IMS_CONFIDENCE_LIKELY ? "Likely" : NULL,
		finding->summary);
	ims_page_evidence(page, finding);
	ims_text_put_ladder(page, failure->registration->ladder,
			    finding->rule->slug);
	put_advice(page, finding, last);
	ims_page_wireshark(page, frames);
	g_array_free(frames, TRUE);
}

static void put_failure_title(struct ims_page *page,
			      const struct ims_text_registration *r)
{
	char *title = failure_title(r);

	ims_page_headline(page, IMS_SEVERITY_ERROR, title,
			  r->cause ? r->cause->slug : NULL);
	g_free(title);
}

static void put_failure(struct ims_page *page,
			const struct ims_text_failure *failure,
			struct last *last)
{
	const struct ims_text_registration *r = failure->registration;

	g_string_append_c(page->out, '\n');
	put_failure_title(page, r);
	put_identities(page, failure);
	if (failure->finding) {
		put_explanation(page, failure, last);
	} else {
		ims_page_paragraph(page, NULL,
				   r->cause ? r->cause->title
					    : "Nothing in the capture tells "
					      "why.");
		ims_text_put_ladder(page, r->ladder,
				    r->cause ? r->cause->slug : NULL);
		ims_page_wireshark(page, r->frames);
	}
}

void ims_text_put_failure(struct ims_page *page,
			  const struct ims_text_failure *failure, bool in_full)
{
	struct last last = {0};

	if (in_full)
		put_failure(page, failure, &last);
	else
		put_failure_title(page, failure->registration);
}

void ims_text_put_cause(struct ims_page *page,
			const struct ims_text_cause *cause)
{
	uint64_t n_more = cause->n_failures - cause->full->len;
	struct last last = {0};
	GString *text;

	for (guint i = 0; i < cause->full->len; i++)
		put_failure(page, g_ptr_array_index(cause->full, i), &last);
	if (n_more == 0)
		return;
	text = g_string_new("The same for ");
	ims_text_put_names(text, cause->named, n_more);
	g_string_append_c(text, '.');
	g_string_append_c(page->out, '\n');
	ims_page_headline(page, IMS_SEVERITY_ERROR, text->str,
			  cause->rule ? cause->rule->slug : NULL);
	g_string_free(text, TRUE);
}

static void put_places(struct ims_page *page, const struct ims_text_fold *fold)
{
	GString *text = g_string_new(NULL);

	g_string_append(text, fold->n_places == 1 ? "The same once more"
						  : "The same ");
	if (fold->n_places != 1)
		ims_page_count(text, fold->n_places, "time", "times more");
	for (guint i = 0; i < fold->places->len; i++) {
		g_string_append(text, i ? "; " : ": ");
		ims_page_frames(page, text, g_ptr_array_index(fold->places, i));
	}
	if (fold->n_places > fold->places->len)
		g_string_append(text, "; ...");
	ims_page_paragraph(page, NULL, text->str);
	g_string_free(text, TRUE);
}

static void put_siblings(struct ims_page *page,
			 const struct ims_text_fold *fold)
{
	for (guint i = 0; i < fold->siblings->len; i++) {
		const struct ims_text_sibling *s =
			g_ptr_array_index(fold->siblings, i);
		GString *text = g_string_new(s->summary ? s->summary : "");

		g_string_append(text, " (");
		ims_page_frames(page, text, s->frames);
		g_string_append_c(text, ')');
		ims_page_paragraph(page, "Also", text->str);
		g_string_free(text, TRUE);
	}
}

static void add_frames(GArray *all, const GArray *frames)
{
	for (guint i = 0; i < frames->len; i++) {
		struct ims_frame f = g_array_index(frames, struct ims_frame, i);

		if (f.number)
			g_array_append_val(all, f);
	}
}

/* Those of the first, of the places and of the siblings. */
static GArray *all_frames_of(const struct ims_text_fold *fold)
{
	GArray *frames = frames_of(fold->first);

	for (guint i = 0; i < fold->places->len; i++)
		add_frames(frames, g_ptr_array_index(fold->places, i));
	for (guint i = 0; i < fold->siblings->len; i++) {
		const struct ims_text_sibling *s =
			g_ptr_array_index(fold->siblings, i);

		add_frames(frames, s->frames);
	}
	return frames;
}

/* "Warning, likely: headline", where there is one; else the summary, which an
   error's title is alone. */
static char *finding_title(const struct ims_text_finding *f)
{
	bool is_likely = f->confidence == IMS_CONFIDENCE_LIKELY;
	static const char *const words[] = {
		[IMS_SEVERITY_NOTE] = "Note",
		[IMS_SEVERITY_WARNING] = "Warning",
		[IMS_SEVERITY_ERROR] = "Error",
	};

	const char *text = f->headline ? f->headline : f->summary;

	if (f->severity == IMS_SEVERITY_ERROR && !is_likely)
		return g_strdup(text);
	return g_strdup_printf("%s%s: %s", words[f->severity],
			       is_likely ? ", likely" : "", text);
}

static void put_finding_title(struct ims_page *page,
			      const struct ims_text_finding *finding)
{
	char *title = finding_title(finding);

	ims_page_headline(page, finding->severity, title, finding->rule->slug);
	g_free(title);
}

static void put_fold(struct ims_page *page, const struct ims_text_fold *fold,
		     struct last *last)
{
	GArray *frames = all_frames_of(fold);

	g_string_append_c(page->out, '\n');
	put_finding_title(page, fold->first);
	if (fold->first->headline)
		ims_page_paragraph(page, NULL, fold->first->summary);
	ims_page_evidence(page, fold->first);
	ims_text_put_ladder(page, fold->first->ladder, fold->first->rule->slug);
	put_siblings(page, fold);
	if (fold->n_places)
		put_places(page, fold);
	put_advice(page, fold->first, last);
	ims_page_wireshark(page, frames);
	g_array_free(frames, TRUE);
}

void ims_text_put_finding(struct ims_page *page,
			  struct ims_text_finding *finding, bool in_full)
{
	struct ims_text_fold fold = {.first = finding};
	struct last last = {0};

	if (!in_full) {
		put_finding_title(page, finding);
		return;
	}
	fold.places = g_ptr_array_new();
	fold.siblings = g_ptr_array_new();
	put_fold(page, &fold, &last);
	g_ptr_array_free(fold.places, TRUE);
	g_ptr_array_free(fold.siblings, TRUE);
}

void ims_text_put_kind(struct ims_page *page, const struct ims_text_kind *kind)
{
	struct last last = {0};
	GString *text;

	for (guint i = 0; i < kind->folds->len; i++)
		put_fold(page, g_ptr_array_index(kind->folds, i), &last);
	if (kind->n_left_out == 0)
		return;
	text = g_string_new("And ");
	ims_page_count(text, kind->n_left_out, "other like it",
		       "others like it");
	if (kind->left_out->len) {
		g_string_append(text, ", of ");
		ims_text_put_names(text, kind->left_out, kind->left_out->len);
		if (kind->n_left_out > kind->left_out->len)
			g_string_append(text, ", ...");
	}
	g_string_append_c(page->out, '\n');
	ims_page_headline(page, kind->severity, text->str, kind->rule->slug);
	g_string_free(text, TRUE);
}
