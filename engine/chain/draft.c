// SPDX-License-Identifier: GPL-2.0-or-later
#include "draft.h"

#include <stdarg.h>

#include "changes.h"
#include "core.h"

static char *copy(struct ims_slice s)
{
	return s.at ? g_strndup(s.at, s.len) : NULL;
}

static struct ims_slice own(struct ims_slice s)
{
	return s.at ? ims_slice(g_memdup2(s.at, s.len ? s.len : 1), s.len) : s;
}

struct ims_draft *ims_fire(struct ims_check *check)
{
	struct ims_draft *draft = g_new0(struct ims_draft, 1);

	draft->check = check;
	draft->rule = check->rule;
	draft->severity = check->rule->severity;
	draft->evidence = g_array_new(FALSE, TRUE, sizeof(struct ims_evidence));
	draft->messages = g_ptr_array_new();
	draft->facts = g_array_new(FALSE, TRUE, sizeof(struct ims_fact));
	if (check->attempt) {
		draft->impi = copy(check->attempt->impi);
		draft->impu = copy(check->attempt->impu);
		draft->call_id = check->attempt->call_id;
	} else if (check->cx) {
		draft->impi = copy(check->cx->about.impi);
		draft->impu = copy(check->cx->about.impu);
	} else if (check->journey) {
		draft->call_id = check->journey->call_id;
		if (check->binding && check->binding->impi)
			draft->impi = g_strdup(check->binding->impi);
		if (check->binding && check->binding->impu)
			draft->impu = g_strdup(check->binding->impu);
	} else if (check->message && check->message->sip) {
		draft->call_id = check->message->sip->call_id;
	}
	g_ptr_array_add(check->drafts, draft);
	return draft;
}

static void fact_clear(struct ims_fact *fact)
{
	if (fact->type == IMS_FACT_STRING) {
		g_free((char *)fact->value.string.at);
	} else if (fact->type == IMS_FACT_STRINGS) {
		for (size_t i = 0; i < fact->value.strings.n; i++)
			g_free((char *)fact->value.strings.at[i].at);
		g_free((struct ims_slice *)fact->value.strings.at);
	}
}

void ims_draft_free(struct ims_draft *draft)
{
	if (!draft)
		return;
	for (unsigned i = 0; i < draft->evidence->len; i++)
		g_free((char *)g_array_index(draft->evidence,
					     struct ims_evidence, i)
			       .saying.at);
	for (unsigned i = 0; i < draft->facts->len; i++)
		fact_clear(&g_array_index(draft->facts, struct ims_fact, i));
	g_array_free(draft->evidence, TRUE);
	g_ptr_array_free(draft->messages, TRUE);
	g_array_free(draft->facts, TRUE);
	g_free(draft->headline);
	g_free(draft->summary);
	g_free(draft->advice);
	g_free(draft->impi);
	g_free(draft->impu);
	g_free(draft);
}

int64_t ims_draft_time(const struct ims_draft *draft)
{
	return draft->evidence->len
		       ? g_array_index(draft->evidence, struct ims_evidence, 0)
				 .time_ns
		       : INT64_MAX;
}

void ims_draft_severity(struct ims_draft *draft, enum ims_severity severity)
{
	draft->severity = severity;
}

void ims_draft_likely(struct ims_draft *draft)
{
	draft->confidence = IMS_CONFIDENCE_LIKELY;
}

void ims_draft_no_cause(struct ims_draft *draft)
{
	draft->no_cause = true;
}

/* Where it belongs in order of time; -1: it stands already. */
static int evidence_place(const struct ims_draft *draft,
			  const struct ims_evidence *evidence)
{
	unsigned place = draft->evidence->len;

	for (unsigned i = 0; i < draft->evidence->len; i++) {
		const struct ims_evidence *e =
			&g_array_index(draft->evidence, struct ims_evidence, i);

		if (e->frame.capture == evidence->frame.capture &&
		    e->frame.number == evidence->frame.number)
			return -1;
		if (e->time_ns > evidence->time_ns && i < place)
			place = i;
	}
	return (int)place;
}

static bool is_on(const struct ims_hop *hop, const struct ims_facts *facts)
{
	for (unsigned i = 0; i < hop->n_messages; i++)
		if (hop->messages[i] == facts)
			return true;
	return false;
}

/* False: the message is not of this journey. */
static bool take_changes(struct ims_evidence *evidence,
			 const struct ims_journey *journey,
			 const struct ims_facts *facts)
{
	const struct ims_hop *hop = NULL;

	for (unsigned i = 0; !hop && i < journey->n_hops; i++)
		if (is_on(journey->hops[i], facts))
			hop = journey->hops[i];
	if (!hop)
		return false;
	evidence->changes = ims_message_changes(journey, hop, facts);
	evidence->by = facts->sip->is_request ? hop->from : hop->to;
	evidence->by.endpoint = facts->source;
	return true;
}

static void add_changes(struct ims_evidence *evidence,
			const struct ims_check *check,
			const struct ims_facts *facts)
{
	const struct ims_attempt *attempt = check->attempt;
	unsigned n = attempt ? attempt->n_journeys : check->n_call;
	struct ims_journey *const *all =
		attempt ? attempt->journeys : check->call;

	if (facts->kind != IMS_EVENT_SIP ||
	    (check->journey && take_changes(evidence, check->journey, facts)))
		return;
	for (unsigned i = 0; i < n; i++)
		if (take_changes(evidence, all[i], facts))
			return;
}

static void add_evidence(struct ims_draft *draft,
			 const struct ims_evidence *about, const char *fmt,
			 va_list args) IMS_PRINTF(3, 0);

static void add_evidence(struct ims_draft *draft,
			 const struct ims_evidence *about, const char *fmt,
			 va_list args)
{
	struct ims_evidence evidence = *about;
	int place;

	if (draft->evidence->len == IMS_DRAFT_MAX_EVIDENCE)
		return;
	place = evidence_place(draft, about);
	if (place < 0)
		return;
	if (fmt)
		evidence.saying = ims_slice_of(g_strdup_vprintf(fmt, args));
	g_array_insert_val(draft->evidence, (guint)place, evidence);
}

void ims_draft_evidence(struct ims_draft *draft, const struct ims_facts *facts,
			const char *fmt, ...)
{
	struct ims_evidence evidence = {0};
	va_list args;

	if (!facts)
		return;
	evidence.frame = facts->frame;
	evidence.time_ns = facts->time_ns;
	add_changes(&evidence, draft->check, facts);
	va_start(args, fmt);
	add_evidence(draft, &evidence, fmt, args);
	va_end(args);
	g_ptr_array_add(draft->messages, (gpointer)facts);
}

void ims_draft_evidence_at(struct ims_draft *draft, struct ims_frame frame,
			   int64_t time_ns, const char *fmt, ...)
{
	const struct ims_evidence evidence = {.frame = frame,
					      .time_ns = time_ns};
	va_list args;

	if (!frame.number)
		return;
	va_start(args, fmt);
	add_evidence(draft, &evidence, fmt, args);
	va_end(args);
}

void ims_draft_sighting(struct ims_draft *draft,
			const struct ims_sighting *sighting, const char *fmt,
			...)
{
	const struct ims_evidence evidence = {.frame = sighting->frame,
					      .time_ns = sighting->time_ns};
	va_list args;

	va_start(args, fmt);
	add_evidence(draft, &evidence, fmt, args);
	va_end(args);
}

void ims_draft_headline(struct ims_draft *draft, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	g_free(draft->headline);
	draft->headline = g_strdup_vprintf(fmt, args);
	va_end(args);
}

void ims_draft_summary(struct ims_draft *draft, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	g_free(draft->summary);
	draft->summary = g_strdup_vprintf(fmt, args);
	va_end(args);
}

void ims_draft_advice(struct ims_draft *draft, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	g_free(draft->advice);
	draft->advice = g_strdup_vprintf(fmt, args);
	va_end(args);
}

void ims_draft_about(struct ims_draft *draft, struct ims_slice impi,
		     struct ims_slice impu)
{
	if (ims_slice_is_set(impi)) {
		g_free(draft->impi);
		draft->impi = copy(impi);
	}
	if (ims_slice_is_set(impu)) {
		g_free(draft->impu);
		draft->impu = copy(impu);
	}
}

void ims_draft_call(struct ims_draft *draft, struct ims_slice call_id)
{
	draft->call_id = call_id;
}

/* The key must be one that the rule declares, with this type. */
static struct ims_fact *add(struct ims_draft *draft, const char *key,
			    enum ims_fact_type type)
{
	const struct ims_fact_key *known = draft->rule->facts;
	struct ims_fact fact = {.type = type};

	while (known && known->key && strcmp(known->key, key) != 0)
		known++;
	g_assert(known && known->key && known->type == type);
	fact.key = known->key;
	g_array_append_val(draft->facts, fact);
	return &g_array_index(draft->facts, struct ims_fact,
			      draft->facts->len - 1);
}

void ims_draft_string(struct ims_draft *draft, const char *key,
		      struct ims_slice value)
{
	if (ims_slice_is_set(value))
		add(draft, key, IMS_FACT_STRING)->value.string = own(value);
}

void ims_draft_text(struct ims_draft *draft, const char *key, const char *value)
{
	if (value)
		ims_draft_string(draft, key, ims_slice_of(value));
}

void ims_draft_integer(struct ims_draft *draft, const char *key, int64_t value)
{
	add(draft, key, IMS_FACT_INTEGER)->value.integer = value;
}

void ims_draft_number(struct ims_draft *draft, const char *key, double value)
{
	add(draft, key, IMS_FACT_NUMBER)->value.number = value;
}

void ims_draft_boolean(struct ims_draft *draft, const char *key, bool value)
{
	add(draft, key, IMS_FACT_BOOLEAN)->value.boolean = value;
}

void ims_draft_frame(struct ims_draft *draft, const char *key,
		     const struct ims_facts *facts)
{
	if (facts)
		ims_draft_place(draft, key, facts->frame);
}

void ims_draft_place(struct ims_draft *draft, const char *key,
		     struct ims_frame frame)
{
	add(draft, key, IMS_FACT_FRAME)->value.frame = frame;
}

void ims_draft_strings(struct ims_draft *draft, const char *key,
		       const struct ims_slice *values, size_t n_values)
{
	struct ims_slice *list = g_new0(struct ims_slice, n_values + 1);
	struct ims_fact *fact = add(draft, key, IMS_FACT_STRINGS);

	for (size_t i = 0; i < n_values; i++)
		list[i] = own(values[i]);
	fact->value.strings.at = list;
	fact->value.strings.n = n_values;
}
