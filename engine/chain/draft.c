// SPDX-License-Identifier: GPL-2.0-or-later
#include "draft.h"

#include <stdarg.h>

#include "changes.h"
#include "core.h"

struct ims_drafts *ims_drafts_new(void)
{
	struct ims_drafts *drafts = g_new0(struct ims_drafts, 1);

	drafts->memory = ims_scratch_new();
	return drafts;
}

void ims_drafts_clear(struct ims_drafts *drafts)
{
	ims_scratch_clear(drafts->memory);
	drafts->at = NULL;
	drafts->n = 0;
	drafts->room = 0;
}

void ims_drafts_free(struct ims_drafts *drafts)
{
	if (!drafts)
		return;
	ims_scratch_free(drafts->memory);
	g_free(drafts);
}

static struct ims_scratch *memory_of(const struct ims_draft *draft)
{
	return draft->check->drafts->memory;
}

/* Room for one more of n things. */
#define NEED(draft, array, n, room)                                           \
	do {                                                                  \
		if ((n) == (room))                                            \
			(array) = ims_scratch_grow(memory_of(draft), (array), \
						   &(room), (n),              \
						   sizeof(*(array)));         \
	} while (0)

/* Whom it is about, as what is judged says. */
static void name_subject(struct ims_draft *draft, const struct ims_check *check)
{
	if (check->attempt) {
		draft->impi = check->attempt->impi;
		draft->impu = check->attempt->impu;
		draft->call_id = check->attempt->call_id;
	} else if (check->cx) {
		draft->impi = check->cx->about.impi;
		draft->impu = check->cx->about.impu;
	} else if (check->journey) {
		draft->call_id = check->journey->call_id;
		if (check->binding)
			draft->impi = ims_slice_of(check->binding->impi);
		if (check->binding)
			draft->impu = ims_slice_of(check->binding->impu);
	} else if (check->message && check->message->sip) {
		draft->call_id = check->message->sip->call_id;
	}
}

struct ims_draft *ims_fire(struct ims_check *check)
{
	struct ims_drafts *drafts = check->drafts;
	struct ims_draft *draft =
		ims_scratch_take(drafts->memory, sizeof(*draft));

	*draft = (struct ims_draft){
		.check = check,
		.rule = check->rule,
		.severity = check->rule->severity,
	};
	name_subject(draft, check);
	NEED(draft, drafts->at, drafts->n, drafts->room);
	drafts->at[drafts->n++] = draft;
	return draft;
}

int64_t ims_draft_time(const struct ims_draft *draft)
{
	return draft->n_evidence ? draft->evidence[0].time_ns : INT64_MAX;
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
	unsigned place = draft->n_evidence;

	for (unsigned i = 0; i < draft->n_evidence; i++) {
		const struct ims_evidence *e = &draft->evidence[i];

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

void ims_draft_add_changes(struct ims_draft *draft)
{
	for (unsigned i = 0; i < draft->n_evidence; i++)
		if (draft->shown[i])
			add_changes(&draft->evidence[i], draft->check,
				    draft->shown[i]);
}

static void insert_evidence(struct ims_draft *draft, unsigned place,
			    const struct ims_evidence *evidence,
			    const struct ims_facts *shown)
{
	unsigned n_behind = draft->n_evidence - place;

	NEED(draft, draft->evidence, draft->n_evidence, draft->evidence_room);
	NEED(draft, draft->shown, draft->n_evidence, draft->shown_room);
	memmove(&draft->evidence[place + 1], &draft->evidence[place],
		n_behind * sizeof(*draft->evidence));
	memmove(&draft->shown[place + 1], &draft->shown[place],
		n_behind * sizeof(const struct ims_facts *));
	draft->evidence[place] = *evidence;
	draft->shown[place] = shown;
	draft->n_evidence++;
}

static void add_evidence(struct ims_draft *draft, struct ims_evidence evidence,
			 const struct ims_facts *shown, const char *fmt,
			 va_list args) IMS_PRINTF(4, 0);

static void add_evidence(struct ims_draft *draft, struct ims_evidence evidence,
			 const struct ims_facts *shown, const char *fmt,
			 va_list args)
{
	int place;

	if (draft->n_evidence == IMS_DRAFT_MAX_EVIDENCE)
		return;
	place = evidence_place(draft, &evidence);
	if (place < 0)
		return;
	if (fmt)
		evidence.saying =
			ims_scratch_format(memory_of(draft), fmt, args);
	insert_evidence(draft, (unsigned)place, &evidence, shown);
}

void ims_draft_message(struct ims_draft *draft, const struct ims_facts *facts)
{
	NEED(draft, draft->messages, draft->n_messages, draft->message_room);
	draft->messages[draft->n_messages++] = facts;
}

void ims_draft_evidence(struct ims_draft *draft, const struct ims_facts *facts,
			const char *fmt, ...)
{
	va_list args;

	if (!facts)
		return;
	va_start(args, fmt);
	add_evidence(draft,
		     (struct ims_evidence){.frame = facts->frame,
					   .time_ns = facts->time_ns},
		     facts, fmt, args);
	va_end(args);
	ims_draft_message(draft, facts);
}

void ims_draft_evidence_at(struct ims_draft *draft, struct ims_frame frame,
			   int64_t time_ns, const char *fmt, ...)
{
	va_list args;

	if (!frame.number)
		return;
	va_start(args, fmt);
	add_evidence(draft,
		     (struct ims_evidence){.frame = frame, .time_ns = time_ns},
		     NULL, fmt, args);
	va_end(args);
}

void ims_draft_sighting(struct ims_draft *draft,
			const struct ims_sighting *sighting, const char *fmt,
			...)
{
	va_list args;

	va_start(args, fmt);
	add_evidence(draft,
		     (struct ims_evidence){.frame = sighting->frame,
					   .time_ns = sighting->time_ns},
		     NULL, fmt, args);
	va_end(args);
}

void ims_draft_headline(struct ims_draft *draft, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	draft->headline = ims_scratch_format(memory_of(draft), fmt, args);
	va_end(args);
}

void ims_draft_summary(struct ims_draft *draft, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	draft->summary = ims_scratch_format(memory_of(draft), fmt, args);
	va_end(args);
}

void ims_draft_advice(struct ims_draft *draft, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	draft->advice = ims_scratch_format(memory_of(draft), fmt, args);
	va_end(args);
}

void ims_draft_about(struct ims_draft *draft, struct ims_slice impi,
		     struct ims_slice impu)
{
	if (ims_slice_is_set(impi))
		draft->impi = ims_scratch_copy(memory_of(draft), impi);
	if (ims_slice_is_set(impu))
		draft->impu = ims_scratch_copy(memory_of(draft), impu);
}

void ims_draft_call(struct ims_draft *draft, struct ims_slice call_id)
{
	draft->call_id = call_id;
}

/* Mostly the very words of the rule's list, which its file has once. */
static const struct ims_fact_key *find_key(const struct ims_fact_key *known,
					   const char *key)
{
	for (const struct ims_fact_key *k = known; k && k->key; k++)
		if (k->key == key)
			return k;
	while (known && known->key && strcmp(known->key, key) != 0)
		known++;
	return known;
}

/* The key must be one that the rule declares, with this type. */
static struct ims_fact *add(struct ims_draft *draft, const char *key,
			    enum ims_fact_type type)
{
	const struct ims_fact_key *known = find_key(draft->rule->facts, key);
	struct ims_fact *fact;

	g_assert(known && known->key && known->type == type);
	NEED(draft, draft->facts, draft->n_facts, draft->fact_room);
	fact = &draft->facts[draft->n_facts++];
	*fact = (struct ims_fact){.key = known->key, .type = type};
	return fact;
}

void ims_draft_string(struct ims_draft *draft, const char *key,
		      struct ims_slice value)
{
	if (ims_slice_is_set(value))
		add(draft, key, IMS_FACT_STRING)->value.string =
			ims_scratch_copy(memory_of(draft), value);
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
	struct ims_scratch *memory = memory_of(draft);
	struct ims_slice *list =
		ims_scratch_take(memory, n_values * sizeof(*list));
	struct ims_fact *fact = add(draft, key, IMS_FACT_STRINGS);

	for (size_t i = 0; i < n_values; i++)
		list[i] = ims_scratch_copy(memory, values[i]);
	fact->value.strings.at = list;
	fact->value.strings.n = n_values;
}
