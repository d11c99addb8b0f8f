// SPDX-License-Identifier: GPL-2.0-or-later
#include "kept.h"

#include <glib.h>
#include <stdlib.h>

/* Texts are put together in pieces of this. */
#define TEXTS 65536

struct ims_kept {
	GStringChunk *texts;
	GPtrArray *blocks;     /* arrays, freed with the rest */
	GArray *registrations; /* of struct ims_registration */
	GArray *findings;      /* of struct ims_finding */
	GArray *exchanges;     /* of struct ims_exchange */
	GArray *mentions;      /* of struct ims_mention, by frame */
	GArray *rules;	       /* the summary's own */
	GArray *commands;      /* likewise */
	struct ims_summary summary;
};

struct ims_kept *ims_kept_new(void)
{
	struct ims_kept *kept = g_new0(struct ims_kept, 1);

	kept->texts = g_string_chunk_new(TEXTS);
	kept->blocks = g_ptr_array_new_with_free_func(g_free);
	kept->registrations =
		g_array_new(FALSE, FALSE, sizeof(struct ims_registration));
	kept->findings = g_array_new(FALSE, FALSE, sizeof(struct ims_finding));
	kept->exchanges =
		g_array_new(FALSE, FALSE, sizeof(struct ims_exchange));
	kept->mentions = g_array_new(FALSE, FALSE, sizeof(struct ims_mention));
	kept->rules = g_array_new(FALSE, FALSE, sizeof(struct ims_rule_count));
	kept->commands =
		g_array_new(FALSE, FALSE, sizeof(struct ims_command_count));
	return kept;
}

void ims_kept_free(struct ims_kept *kept)
{
	if (!kept)
		return;
	g_array_free(kept->registrations, TRUE);
	g_array_free(kept->findings, TRUE);
	g_array_free(kept->exchanges, TRUE);
	g_array_free(kept->mentions, TRUE);
	g_array_free(kept->rules, TRUE);
	g_array_free(kept->commands, TRUE);
	g_ptr_array_free(kept->blocks, TRUE);
	g_string_chunk_free(kept->texts);
	g_free(kept);
}

static struct ims_slice keep_text(struct ims_kept *kept, struct ims_slice text)
{
	if (!text.at)
		return text;
	return ims_slice(g_string_chunk_insert_len(kept->texts, text.at,
						   (gssize)text.len),
			 text.len);
}

/* Words that come again and again are kept once. */
static struct ims_slice keep_word(struct ims_kept *kept, struct ims_slice text)
{
	char word[64];

	if (!text.at || text.len >= sizeof(word) ||
	    memchr(text.at, '\0', text.len))
		return keep_text(kept, text);
	memcpy(word, text.at, text.len);
	word[text.len] = '\0';
	return ims_slice(g_string_chunk_insert_const(kept->texts, word),
			 text.len);
}

static void *keep_block(struct ims_kept *kept, const void *at, size_t size)
{
	void *block = size ? g_memdup2(at, size) : NULL;

	if (block)
		g_ptr_array_add(kept->blocks, block);
	return block;
}

static void mention(struct ims_kept *kept, struct ims_frame frame,
		    enum ims_mention_kind kind, size_t item, size_t part)
{
	struct ims_mention m = {
		.frame = (uint32_t)frame.number,
		.kind = kind,
		.item = (uint32_t)item,
		.part = (uint32_t)part,
	};

	if (frame.number && frame.number <= UINT32_MAX)
		g_array_append_val(kept->mentions, m);
}

static struct ims_changes *keep_changes(struct ims_kept *kept,
					const struct ims_changes *changes)
{
	struct ims_changes *copy = keep_block(kept, changes, sizeof(*changes));
	struct ims_change *at = keep_block(kept, changes->at,
					   changes->n * sizeof(*changes->at));

	for (size_t i = 0; i < changes->n; i++) {
		at[i].header = keep_word(kept, at[i].header);
		at[i].element = keep_word(kept, at[i].element);
		at[i].before = keep_word(kept, at[i].before);
		at[i].after = keep_word(kept, at[i].after);
	}
	copy->at = at;
	return copy;
}

/* Those of step `i`; a retransmission's are the first one's. */
static const struct ims_changes *keep_step_changes(
	struct ims_kept *kept, const struct ims_step *kept_steps,
	const struct ims_registration *r, size_t i)
{
	const struct ims_changes *changes = r->steps[i].changes;

	if (!changes || !changes->n)
		return NULL;
	for (size_t k = 0; k < i; k++)
		if (r->steps[k].changes == changes)
			return kept_steps[k].changes;
	return keep_changes(kept, changes);
}

static void keep_registration(void *user, const struct ims_registration *r)
{
	struct ims_kept *kept = user;
	struct ims_registration copy = *r;
	struct ims_step *steps =
		keep_block(kept, r->steps, r->n_steps * sizeof(*r->steps));

	for (size_t i = 0; i < r->n_steps; i++) {
		steps[i].message = keep_word(kept, steps[i].message);
		steps[i].detail = keep_word(kept, steps[i].detail);
		steps[i].changes = keep_step_changes(kept, steps, r, i);
	}
	copy.steps = steps;
	copy.findings = keep_block(kept, r->findings,
				   r->n_findings * sizeof(*r->findings));
	copy.reason = keep_word(kept, r->reason);
	copy.impi = keep_text(kept, r->impi);
	copy.impu = keep_text(kept, r->impu);
	copy.call_id = keep_text(kept, r->call_id);
	copy.scscf = keep_word(kept, r->scscf);
	copy.lacking = keep_word(kept, r->lacking);
	g_array_append_val(kept->registrations, copy);
}

static void keep_exchange(void *user, const struct ims_exchange *e)
{
	struct ims_kept *kept = user;
	struct ims_exchange copy = *e;

	copy.impi = keep_text(kept, e->impi);
	copy.impu = keep_text(kept, e->impu);
	copy.server_name = keep_word(kept, e->server_name);
	copy.origin_host = keep_word(kept, e->origin_host);
	copy.destination_realm = keep_word(kept, e->destination_realm);
	g_array_append_val(kept->exchanges, copy);
}

/* The facts are for reports: here the sentences say what they say. */
static void keep_finding(void *user, const struct ims_finding *f)
{
	struct ims_kept *kept = user;
	struct ims_finding copy = *f;
	struct ims_evidence *evidence = keep_block(
		kept, f->evidence, f->n_evidence * sizeof(*f->evidence));

	for (size_t i = 0; i < f->n_evidence; i++) {
		evidence[i].saying = keep_text(kept, evidence[i].saying);
		evidence[i].changes = NULL; /* steps have them */
		mention(kept, evidence[i].frame, IMS_MENTION_EVIDENCE,
			kept->findings->len, i);
	}
	copy.evidence = evidence;
	copy.facts = NULL;
	copy.n_facts = 0;
	copy.steps = NULL; /* not asked for */
	copy.n_steps = 0;
	copy.headline = keep_word(kept, f->headline);
	copy.summary = keep_text(kept, f->summary);
	copy.advice = keep_text(kept, f->advice);
	copy.call_id = keep_text(kept, f->call_id);
	copy.impi = keep_text(kept, f->impi);
	copy.impu = keep_text(kept, f->impu);
	g_array_append_val(kept->findings, copy);
}

static void keep_copy(void *user, struct ims_frame copy, struct ims_frame first)
{
	struct ims_kept *kept = user;

	if (copy.number != first.number && first.number <= UINT32_MAX)
		mention(kept, copy, IMS_MENTION_COPY, (size_t)first.number, 0);
}

struct ims_sink ims_kept_sink(struct ims_kept *kept)
{
	return (struct ims_sink){
		.user = kept,
		.registration = keep_registration,
		.exchange = keep_exchange,
		.finding = keep_finding,
		.copy = keep_copy,
	};
}

static gint by_registration_id(gconstpointer a, gconstpointer b)
{
	const struct ims_registration *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static gint by_exchange_id(gconstpointer a, gconstpointer b)
{
	const struct ims_exchange *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static gint by_frame(gconstpointer a, gconstpointer b)
{
	const struct ims_mention *x = a, *y = b;

	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->item != y->item)
		return x->item < y->item ? -1 : 1;
	return x->part < y->part ? -1 : x->part > y->part;
}

/* Their places are known only now that they are in order. */
static void mention_steps(struct ims_kept *kept)
{
	for (guint i = 0; i < kept->registrations->len; i++) {
		const struct ims_registration *r =
			ims_kept_registration(kept, i);

		for (size_t k = 0; k < r->n_steps; k++)
			mention(kept, r->steps[k].frame, IMS_MENTION_STEP, i,
				k);
	}
}

static void mention_answers(struct ims_kept *kept)
{
	for (guint i = 0; i < kept->exchanges->len; i++)
		mention(kept, ims_kept_exchange(kept, i)->answer,
			IMS_MENTION_ANSWER, i, 0);
}

void ims_kept_finish(struct ims_kept *kept, const struct ims_summary *summary)
{
	g_array_sort(kept->registrations, by_registration_id);
	g_array_sort(kept->exchanges, by_exchange_id);
	mention_steps(kept);
	mention_answers(kept);
	g_array_sort(kept->mentions, by_frame);
	g_array_append_vals(kept->rules, summary->rules,
			    (guint)summary->n_rules);
	g_array_append_vals(kept->commands, summary->commands,
			    (guint)summary->n_commands);
	kept->summary = *summary;
	kept->summary.rules =
		(const struct ims_rule_count *)(void *)kept->rules->data;
	kept->summary.commands =
		(const struct ims_command_count *)(void *)kept->commands->data;
}

const struct ims_registration *ims_kept_registration(
	const struct ims_kept *kept, size_t index)
{
	return index < kept->registrations->len
		       ? &g_array_index(kept->registrations,
					struct ims_registration, index)
		       : NULL;
}

const struct ims_finding *ims_kept_finding(const struct ims_kept *kept,
					   size_t index)
{
	return index < kept->findings->len
		       ? &g_array_index(kept->findings, struct ims_finding,
					index)
		       : NULL;
}

const struct ims_exchange *ims_kept_exchange(const struct ims_kept *kept,
					     size_t index)
{
	return index < kept->exchanges->len
		       ? &g_array_index(kept->exchanges, struct ims_exchange,
					index)
		       : NULL;
}

size_t ims_kept_n_registrations(const struct ims_kept *kept)
{
	return kept->registrations->len;
}

size_t ims_kept_n_findings(const struct ims_kept *kept)
{
	return kept->findings->len;
}

const struct ims_registration *ims_kept_registration_of(
	const struct ims_kept *kept, uint64_t id)
{
	const struct ims_registration key = {.id = id};
	guint place;

	if (!g_array_binary_search(kept->registrations, &key,
				   by_registration_id, &place))
		return NULL;
	return ims_kept_registration(kept, place);
}

const struct ims_summary *ims_kept_summary(const struct ims_kept *kept)
{
	return &kept->summary;
}

size_t ims_kept_mentions(const struct ims_kept *kept,
			 const struct ims_mention **first, uint32_t frame)
{
	const struct ims_mention *all =
		(const struct ims_mention *)(void *)kept->mentions->data;
	size_t low = 0, high = kept->mentions->len, n = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all[middle].frame < frame)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + n < kept->mentions->len && all[low + n].frame == frame)
		n++;
	*first = all + low;
	return n;
}

static gint by_index(gconstpointer a, gconstpointer b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void add_steps(const struct ims_kept *kept, GArray *found,
		      uint32_t frame)
{
	const struct ims_mention *m;
	size_t n = ims_kept_mentions(kept, &m, frame);

	for (size_t i = 0; i < n; i++) {
		size_t index = m[i].item;

		if (m[i].kind == IMS_MENTION_STEP)
			g_array_append_val(found, index);
	}
}

GArray *ims_kept_registrations_at(const struct ims_kept *kept, uint32_t frame)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(size_t));
	const struct ims_mention *m;
	size_t n = ims_kept_mentions(kept, &m, frame);
	guint n_different = 0;

	add_steps(kept, found, frame);
	for (size_t i = 0; i < n; i++)
		if (m[i].kind == IMS_MENTION_COPY)
			add_steps(kept, found, m[i].item);
	g_array_sort(found, by_index);
	for (guint i = 0; i < found->len; i++) {
		size_t index = g_array_index(found, size_t, i);

		if (i == 0 || index != g_array_index(found, size_t, i - 1))
			g_array_index(found, size_t, n_different++) = index;
	}
	g_array_set_size(found, n_different);
	return found;
}
