// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_tally.h"

#include "wrap.h"

#define MAX_CAUSES 20

/* "registered", "refreshed", "third-party rejected". */
static void put_outcome(GString *text, enum ims_outcome outcome,
			enum ims_kind kind, uint64_t n)
{
	const char *word = ims_outcome_name(outcome);

	g_string_append_printf(text, "%" G_GUINT64_FORMAT " ", n);
	if (kind == IMS_KIND_REFRESH && outcome == IMS_OUTCOME_REGISTERED)
		word = "refreshed";
	else if (kind == IMS_KIND_FETCH && outcome == IMS_OUTCOME_REGISTERED)
		word = "fetch answered";
	else if (kind != IMS_KIND_INITIAL &&
		 !(kind == IMS_KIND_DEREGISTRATION &&
		   outcome == IMS_OUTCOME_DEREGISTERED))
		g_string_append_printf(text, "%s ", ims_kind_name(kind));
	g_string_append(text, word);
}

static void put_registrations(GString *text, const struct ims_text_tally *t)
{
	const char *comma = ": ";

	if (t->n_registrations == 0) {
		g_string_append(text, "No registration.");
		return;
	}
	ims_page_count(text, t->n_registrations, "registration", NULL);
	for (int o = 0; o < IMS_N_OUTCOMES; o++) {
		for (int k = 0; k <= IMS_KIND_FETCH; k++) {
			if (!t->registrations[o][k])
				continue;
			g_string_append(text, comma);
			put_outcome(text, (enum ims_outcome)o, (enum ims_kind)k,
				    t->registrations[o][k]);
			comma = ", ";
		}
	}
	g_string_append_c(text, '.');
}

void ims_text_put_tally(struct ims_page *page, const struct ims_text_tally *t)
{
	uint64_t n_errors = t->findings[IMS_SEVERITY_ERROR];
	uint64_t n_warnings = t->findings[IMS_SEVERITY_WARNING];
	GString *text = g_string_new(NULL);

	put_registrations(text, t);
	if (t->n_refused) {
		g_string_append(text, "  ");
		ims_page_count(text, t->n_refused, "request of a call refused.",
			       "requests of a call refused.");
		n_errors -= MIN(n_errors, t->n_refused);
	}
	if (n_errors + n_warnings) {
		g_string_append(text, "  Other findings: ");
		if (n_errors)
			ims_page_count(text, n_errors, "error", NULL);
		if (n_errors && n_warnings)
			g_string_append(text, ", ");
		if (n_warnings)
			ims_page_count(text, n_warnings, "warning", NULL);
		g_string_append_c(text, '.');
	}
	ims_wrap(page->out, text->str, 2, page->width);
	g_string_free(text, TRUE);
}

static int compare_causes(gconstpointer a, gconstpointer b)
{
	const struct ims_rule_count *left =
		*(const struct ims_rule_count *const *)a;
	const struct ims_rule_count *right =
		*(const struct ims_rule_count *const *)b;

	if (left->causes != right->causes)
		return left->causes > right->causes ? -1 : 1;
	return strcmp(left->rule->slug, right->rule->slug);
}

void ims_text_put_causes(struct ims_page *page,
			 const struct ims_summary *summary)
{
	GPtrArray *causes = g_ptr_array_new();
	uint64_t n_failures = 0;

	for (size_t i = 0; i < summary->n_rules; i++) {
		if (!summary->rules[i].causes)
			continue;
		n_failures += summary->rules[i].causes;
		g_ptr_array_add(causes, (gpointer)&summary->rules[i]);
	}
	g_ptr_array_sort(causes, compare_causes);
	for (guint i = 0; n_failures > 1 && i < causes->len; i++) {
		const struct ims_rule_count *c = g_ptr_array_index(causes, i);

		if (i == MAX_CAUSES) {
			g_string_append_printf(
				page->out, "          and %u other causes\n",
				causes->len - i);
			break;
		}
		g_string_append_printf(page->out,
				       "%8" G_GUINT64_FORMAT "  %-30s ",
				       c->causes, c->rule->slug);
		ims_wrap(page->out, c->rule->title, 41, page->width);
	}
	g_ptr_array_free(causes, TRUE);
}
