// SPDX-License-Identifier: GPL-2.0-or-later
#include "draft.h"

#include <stdarg.h>

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

	draft->rule = check->rule;
	draft->severity = check->rule->severity;
	draft->evidence = g_array_new(FALSE, TRUE, sizeof(struct ims_evidence));
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
		if (check->binding && check->binding->impus)
			draft->impu = g_strdup(check->binding->impus[0]);
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
			  const struct ims_facts *facts)
{
	unsigned place = draft->evidence->len;

	for (unsigned i = 0; i < draft->evidence->len; i++) {
		const struct ims_evidence *e =
			&g_array_index(draft->evidence, struct ims_evidence, i);

		if (e->frame.capture == facts->frame.capture &&
		    e->frame.number == facts->frame.number)
			return -1;
		if (e->time_ns > facts->time_ns && i < place)
			place = i;
	}
	return (int)place;
}

void ims_draft_evidence(struct ims_draft *draft, const struct ims_facts *facts,
			const char *fmt, ...)
{
	struct ims_evidence evidence = {0};
	va_list args;
	int place;

	if (!facts || draft->evidence->len == IMS_DRAFT_MAX_EVIDENCE)
		return;
	place = evidence_place(draft, facts);
	if (place < 0)
		return;
	evidence.frame = facts->frame;
	evidence.time_ns = facts->time_ns;
	if (fmt) {
		va_start(args, fmt);
		evidence.saying = ims_slice_of(g_strdup_vprintf(fmt, args));
		va_end(args);
	}
	g_array_insert_val(draft->evidence, (guint)place, evidence);
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
		add(draft, key, IMS_FACT_FRAME)->value.frame = facts->frame;
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

const char *ims_party_format(char out[IMS_PARTY_TEXT],
			     const struct ims_party *party)
{
	char address[IMS_ENDPOINT_TEXT];
	const char *role = ims_role_name(party->role);

	ims_address_format(address, &party->endpoint.address);
	if (role && address[0])
		g_snprintf(out, IMS_PARTY_TEXT, "%s %s", role, address);
	else
		g_snprintf(out, IMS_PARTY_TEXT, "%s",
			   role		? role
			   : address[0] ? address
					: "an unknown node");
	return out;
}

bool ims_options_have(const struct ims_sip_options *options, const char *tag)
{
	for (size_t i = 0; i < options->n; i++)
		if (ims_slice_is_nocase(options->at[i], tag))
			return true;
	return false;
}

int64_t ims_last_sip(const struct ims_check *check,
		     const struct ims_address *from,
		     const struct ims_address *to)
{
	const struct ims_pair *pair =
		ims_pairs_find(check->engine->pairs, from, to);

	return pair ? pair->sip_ns : -1;
}

const struct ims_binding *ims_binding_of(const struct ims_check *check,
					 struct ims_slice identity)
{
	return ims_bindings_find(check->engine->bindings, identity,
				 check->now_ns);
}

const struct ims_binding *ims_binding_at(const struct ims_check *check,
					 const struct ims_address *ue)
{
	return ims_bindings_at(check->engine->bindings, ue, check->now_ns);
}

int64_t ims_median_latency(const struct ims_check *check,
			   const struct ims_cx *cx)
{
	return ims_counts_median(check->engine->counts, cx);
}

bool ims_first_in_call(struct ims_check *check)
{
	return ims_first_of_kind(check, check->rule);
}

bool ims_first_flaw_between(struct ims_check *check, uint32_t flaws)
{
	struct ims_pair *pair = ims_pairs_get(
		check->engine->pairs, &check->message->source.address,
		&check->message->destination.address);
	bool is_new = flaws & ~pair->flaws_told;

	pair->flaws_told |= flaws;
	return is_new;
}

bool ims_first_of_kind(struct ims_check *check, const void *kind)
{
	struct ims_thread *thread = NULL;

	if (check->journey)
		thread = ims_thread_find((struct ims_engine *)check->engine,
					 check->journey->call_id);
	else if (check->attempt && ims_slice_is_set(check->attempt->call_id))
		thread = ims_thread_find((struct ims_engine *)check->engine,
					 check->attempt->call_id);
	if (!thread)
		return true;
	if (!thread->told)
		thread->told = g_hash_table_new(NULL, NULL);
	return g_hash_table_add(thread->told, (gpointer)kind);
}
