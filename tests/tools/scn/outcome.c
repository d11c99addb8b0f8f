/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the engine over events and keeps what it hands over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outcome.h"

static char *slice_text(struct ims_slice s)
{
	return ims_slice_is_set(s) ? g_strndup(s.at, s.len) : g_strdup("none");
}

static char *strings_text(const struct ims_fact *fact)
{
	GString *text = g_string_new(NULL);
	for (size_t i = 0; i < fact->value.strings.n; i++)
		g_string_append_printf(
			text, "%s%.*s", i ? "," : "",
			IMS_SLICE_ARG(fact->value.strings.at[i]));
	return g_string_free(text, FALSE);
}

static char *fact_text(const struct ims_fact *fact)
{
	switch (fact->type) {
	case IMS_FACT_STRING:
		return slice_text(fact->value.string);
	case IMS_FACT_INTEGER:
		return g_strdup_printf("%" G_GINT64_FORMAT,
				       (gint64)fact->value.integer);
	case IMS_FACT_NUMBER:
		return g_strdup_printf("%g", fact->value.number);
	case IMS_FACT_BOOLEAN:
		return g_strdup(fact->value.boolean ? "yes" : "no");
	case IMS_FACT_FRAME:
		return g_strdup_printf("%" G_GUINT64_FORMAT,
				       (guint64)fact->value.frame.number);
	case IMS_FACT_STRINGS:
		return strings_text(fact);
	}
	return g_strdup("?");
}

static void take_finding(void *user, const struct ims_finding *finding)
{
	struct outcome *outcome = user;
	struct outcome_finding *out = g_new0(struct outcome_finding, 1);
	out->slug = g_strdup(finding->rule->slug);
	out->severity = finding->severity;
	out->confidence = finding->confidence;
	out->is_cause = finding->is_cause;
	out->registration = finding->registration;
	out->frames = g_array_new(FALSE, FALSE, sizeof(guint64));
	out->facts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	GString *text = g_string_new_len(finding->summary.at,
					 (gssize)finding->summary.len);
	g_string_append_printf(text, "\n%.*s", IMS_SLICE_ARG(finding->advice));
	for (size_t i = 0; i < finding->n_evidence; i++) {
		const struct ims_evidence *evidence = &finding->evidence[i];
		guint64 number = evidence->frame.number;
		g_array_append_val(out->frames, number);
		g_string_append_printf(text, "\n%.*s",
				       IMS_SLICE_ARG(evidence->saying));
	}
	out->text = g_string_free(text, FALSE);
	for (size_t i = 0; i < finding->n_facts; i++)
		g_hash_table_insert(out->facts, g_strdup(finding->facts[i].key),
				    fact_text(&finding->facts[i]));
	g_ptr_array_add(outcome->findings, out);
}

static void put(GHashTable *values, const char *name, char *g_allocated)
{
	g_hash_table_insert(values, g_strdup(name), g_allocated);
}

static void take_registration(void *user, const struct ims_registration *r)
{
	struct outcome *outcome = user;
	struct outcome_registration *out =
		g_new0(struct outcome_registration, 1);
	GHashTable *values =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	char ue[IMS_ENDPOINT_TEXT];
	out->id = r->id;
	put(values, "id", g_strdup_printf("%u", (unsigned)r->id));
	put(values, "ims", g_strdup(r->ims ? "yes" : "no"));
	put(values, "kind", g_strdup(ims_kind_name(r->kind)));
	put(values, "outcome", g_strdup(ims_outcome_name(r->outcome)));
	put(values, "cause", g_strdup(r->cause ? r->cause->slug : "none"));
	put(values, "status", g_strdup_printf("%u", r->status));
	put(values, "impi", slice_text(r->impi));
	put(values, "impu", slice_text(r->impu));
	put(values, "call_id", slice_text(r->call_id));
	put(values, "scscf", slice_text(r->scscf));
	put(values, "ue", g_strdup(ims_endpoint_format(ue, &r->ue)));
	put(values, "expires",
	    g_strdup_printf("%" G_GINT64_FORMAT, (gint64)r->expires));
	out->values = values;
	g_ptr_array_add(outcome->registrations, out);
}

static void free_finding(gpointer data)
{
	struct outcome_finding *finding = data;
	g_free(finding->slug);
	g_free(finding->text);
	g_array_unref(finding->frames);
	g_hash_table_unref(finding->facts);
	g_free(finding);
}

static void free_registration(gpointer data)
{
	struct outcome_registration *registration = data;
	g_hash_table_unref(registration->values);
	g_free(registration);
}

static const char *value(const struct outcome_registration *registration,
			 const char *name)
{
	return g_hash_table_lookup(registration->values, name);
}

static gint by_id(gconstpointer a, gconstpointer b)
{
	const struct outcome_registration *const *x = a;
	const struct outcome_registration *const *y = b;
	return (x[0]->id > y[0]->id) - (x[0]->id < y[0]->id);
}

static struct outcome *run(const struct scn_event *events, size_t first,
			   size_t end, bool asks_all)
{
	struct outcome *outcome = g_new0(struct outcome, 1);
	outcome->findings = g_ptr_array_new_with_free_func(free_finding);
	outcome->registrations =
		g_ptr_array_new_with_free_func(free_registration);
	const struct ims_sink sink = {
		.user = outcome,
		.registration = take_registration,
		.finding = take_finding,
	};
	const struct ims_options options = {.changes = true,
					    .asks_all = asks_all};
	struct ims_engine *engine = ims_engine_new(&options, &sink);
	for (size_t i = first; i < end; i++) {
		if (!events[i].idle)
			ims_engine_feed(engine, &events[i].event);
		ims_engine_clock(engine, events[i].event.time_ns);
	}
	ims_engine_finish(engine);
	ims_engine_free(engine);
	g_ptr_array_sort(outcome->registrations, by_id);
	return outcome;
}

static bool same_finding(const struct outcome_finding *a,
			 const struct outcome_finding *b)
{
	return !strcmp(a->slug, b->slug) && a->severity == b->severity &&
	       a->confidence == b->confidence && a->is_cause == b->is_cause &&
	       a->registration == b->registration && !strcmp(a->text, b->text);
}

static bool same_findings(const struct outcome *a, const struct outcome *b)
{
	if (a->findings->len != b->findings->len)
		return false;
	for (guint i = 0; i < a->findings->len; i++)
		if (!same_finding(a->findings->pdata[i], b->findings->pdata[i]))
			return false;
	return true;
}

struct outcome *outcome_new(const struct scn_event *events, size_t first,
			    size_t end)
{
	struct outcome *outcome = run(events, first, end, false);
	struct outcome *all = run(events, first, end, true);
	outcome->needs_too_much = !same_findings(outcome, all);
	if (outcome->needs_too_much) {
		printf("with all rules asked:\n");
		outcome_print(all);
	}
	outcome_free(all);
	return outcome;
}

void outcome_free(struct outcome *outcome)
{
	g_ptr_array_unref(outcome->findings);
	g_ptr_array_unref(outcome->registrations);
	g_free(outcome);
}

static void print_finding(const struct outcome_finding *finding)
{
	printf("  %s %s %s%s, registration %u, frames",
	       ims_severity_name(finding->severity), finding->slug,
	       ims_confidence_name(finding->confidence),
	       finding->is_cause ? ", cause" : "",
	       (unsigned)finding->registration);
	for (guint i = 0; i < finding->frames->len; i++)
		printf(" %u",
		       (unsigned)g_array_index(finding->frames, guint64, i));
	GHashTableIter iter;
	gpointer key;
	gpointer text;
	g_hash_table_iter_init(&iter, finding->facts);
	while (g_hash_table_iter_next(&iter, &key, &text))
		printf(", %s=%s", (const char *)key, (const char *)text);
	printf("\n    %.*s\n",
	       (int)(strchr(finding->text, '\n') - finding->text),
	       finding->text);
}

void outcome_print(const struct outcome *outcome)
{
	for (guint i = 0; i < outcome->registrations->len; i++) {
		const struct outcome_registration *r =
			outcome->registrations->pdata[i];
		printf("  registration %s: %s, %s, cause %s, status %s, %s\n",
		       value(r, "id"), value(r, "kind"), value(r, "outcome"),
		       value(r, "cause"), value(r, "status"), value(r, "impi"));
	}
	for (guint i = 0; i < outcome->findings->len; i++)
		print_finding(outcome->findings->pdata[i]);
}

void outcome_print_lines(const struct outcome *outcome)
{
	for (guint i = 0; i < outcome->registrations->len; i++) {
		const struct outcome_registration *r =
			outcome->registrations->pdata[i];
		printf("registration %s %s %s %s %s\n", value(r, "id"),
		       value(r, "kind"), value(r, "outcome"), value(r, "cause"),
		       value(r, "status"));
	}
	for (guint i = 0; i < outcome->findings->len; i++) {
		const struct outcome_finding *finding =
			outcome->findings->pdata[i];
		printf("finding %s %s %s %u", finding->slug,
		       ims_severity_name(finding->severity),
		       ims_confidence_name(finding->confidence),
		       (unsigned)finding->registration);
		for (guint k = 0; k < finding->frames->len; k++)
			printf(" %u", (unsigned)g_array_index(finding->frames,
							      guint64, k));
		putchar('\n');
	}
}
