// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_folds.h"

#include <ims/digits.h>

#include "escape.h"

/* Most keys are no longer. */
#define KEY_ROOM 256

struct ims_text_folds {
	unsigned max_folds;
	GPtrArray *kinds;  /* of struct ims_text_kind * */
	GHashTable *facts; /* text of rule and facts: fold, borrowed */
	GHashTable *calls; /* text of rule and Call-ID: fold, borrowed */
};

static void free_sibling(gpointer data)
{
	struct ims_text_sibling *sibling = data;

	g_free(sibling->summary);
	g_array_free(sibling->frames, TRUE);
	g_free(sibling);
}

static void free_frames(gpointer data)
{
	g_array_free(data, TRUE);
}

static void free_fold(gpointer data)
{
	struct ims_text_fold *fold = data;

	ims_text_finding_free(fold->first);
	g_ptr_array_free(fold->places, TRUE);
	g_ptr_array_free(fold->siblings, TRUE);
	g_free(fold);
}

static void free_kind(gpointer data)
{
	struct ims_text_kind *kind = data;

	g_ptr_array_free(kind->folds, TRUE);
	g_ptr_array_free(kind->left_out, TRUE);
	g_free(kind);
}

struct ims_text_folds *ims_text_folds_new(unsigned max_folds)
{
	struct ims_text_folds *folds = g_new0(struct ims_text_folds, 1);

	folds->max_folds = max_folds;
	folds->kinds = g_ptr_array_new_with_free_func(free_kind);
	folds->facts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	folds->calls =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return folds;
}

static struct ims_text_kind *kind_of(struct ims_text_folds *folds,
				     const struct ims_finding *finding)
{
	struct ims_text_kind *kind;

	for (guint i = 0; i < folds->kinds->len; i++) {
		kind = g_ptr_array_index(folds->kinds, i);
		if (kind->rule == finding->rule &&
		    kind->severity == finding->severity)
			return kind;
	}
	kind = g_new0(struct ims_text_kind, 1);
	kind->rule = finding->rule;
	kind->severity = finding->severity;
	kind->first_ns = finding->time_ns;
	kind->folds = g_ptr_array_new_with_free_func(free_fold);
	kind->left_out = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(folds->kinds, kind);
	return kind;
}

/* Keys are made of every finding, so without printf. */
static void add_number(GString *key, uint64_t number)
{
	char digits[IMS_DIGITS_MAX];

	g_string_append_len(key, digits, ims_digits(digits, number) - digits);
}

static void add_word(GString *key, const char *word)
{
	g_string_append_c(key, '|');
	g_string_append(key, word);
}

/* Length first: no text can be taken for two. */
static void add_text(GString *key, struct ims_slice text)
{
	g_string_append_c(key, '|');
	add_number(key, text.len);
	g_string_append_c(key, ':');
	text.len = MIN(text.len, IMS_TEXT_MAX_SENTENCE);
	ims_escape_append(key, text);
}

/* Frames tell the places apart, not the facts. */
static void add_fact(GString *key, const struct ims_fact *fact)
{
	switch (fact->type) {
	case IMS_FACT_STRING:
		add_text(key, fact->value.string);
		break;
	case IMS_FACT_INTEGER:
		g_string_append_c(key, '|');
		add_number(key, (uint64_t)fact->value.integer);
		break;
	case IMS_FACT_NUMBER:
		g_string_append_printf(key, "|%g", fact->value.number);
		break;
	case IMS_FACT_BOOLEAN:
		add_word(key, fact->value.boolean ? "yes" : "no");
		break;
	case IMS_FACT_STRINGS:
		for (size_t i = 0; i < fact->value.strings.n; i++)
			add_text(key, fact->value.strings.at[i]);
		break;
	case IMS_FACT_FRAME:
		break;
	}
}

static GString *key_of(const struct ims_finding *finding)
{
	GString *key = g_string_sized_new(KEY_ROOM);

	g_string_append(key, finding->rule->slug);
	g_string_append_c(key, '|');
	add_number(key, finding->severity);
	return key;
}

static char *facts_key(const struct ims_finding *finding)
{
	GString *key = key_of(finding);

	add_text(key, finding->impi);
	add_text(key, finding->impu);
	for (size_t i = 0; i < finding->n_facts; i++) {
		add_word(key, finding->facts[i].key);
		add_fact(key, &finding->facts[i]);
	}
	if (finding->signature)
		add_text(key, ims_slice_of(finding->signature->name));
	if (finding->n_facts == 0)
		add_text(key, finding->summary);
	return g_string_free(key, FALSE);
}

/* NULL for a finding outside any call. */
static char *call_key(const struct ims_finding *finding)
{
	GString *key;

	if (ims_slice_is_empty(finding->call_id))
		return NULL;
	key = key_of(finding);
	add_text(key, finding->call_id);
	return g_string_free(key, FALSE);
}

static GArray *frames_of(const struct ims_finding *finding)
{
	GArray *frames = g_array_new(FALSE, FALSE, sizeof(struct ims_frame));
	size_t n = MIN(finding->n_evidence, IMS_TEXT_MAX_FRAMES);

	for (size_t i = 0; i < n; i++)
		g_array_append_val(frames, finding->evidence[i].frame);
	return frames;
}

static void add_place(struct ims_text_fold *fold,
		      const struct ims_finding *finding)
{
	fold->n_places++;
	if (fold->places->len < IMS_TEXT_MAX_PLACES)
		g_ptr_array_add(fold->places, frames_of(finding));
}

/* Returns false when the fold has its fill of them. */
static bool add_sibling(struct ims_text_fold *fold,
			const struct ims_finding *finding)
{
	struct ims_text_sibling *sibling;

	if (fold->siblings->len >= IMS_TEXT_MAX_SIBLINGS)
		return false;
	sibling = g_new0(struct ims_text_sibling, 1);
	sibling->summary = ims_text_of(ims_slice_is_empty(finding->headline)
					       ? finding->summary
					       : finding->headline,
				       IMS_TEXT_MAX_SENTENCE);
	sibling->frames = frames_of(finding);
	g_ptr_array_add(fold->siblings, sibling);
	return true;
}

static void leave_out(struct ims_text_kind *kind,
		      const struct ims_finding *finding)
{
	char *who = ims_text_name_of(finding->impi, finding->impu);

	kind->n_left_out++;
	if (who && kind->left_out->len < IMS_TEXT_MAX_SIBLINGS)
		g_ptr_array_add(kind->left_out, who);
	else
		g_free(who);
}

/* Takes over both keys. */
static void add_fold(struct ims_text_folds *folds, struct ims_text_kind *kind,
		     const struct ims_finding *finding, char *facts, char *call)
{
	struct ims_text_fold *fold = g_new0(struct ims_text_fold, 1);

	fold->first = ims_text_finding_new(finding);
	fold->places = g_ptr_array_new_with_free_func(free_frames);
	fold->siblings = g_ptr_array_new_with_free_func(free_sibling);
	g_ptr_array_add(kind->folds, fold);
	g_hash_table_insert(folds->facts, facts, fold);
	if (call)
		g_hash_table_insert(folds->calls, call, fold);
}

void ims_text_folds_add(struct ims_text_folds *folds,
			const struct ims_finding *finding)
{
	struct ims_text_kind *kind = kind_of(folds, finding);
	char *facts = facts_key(finding), *call = call_key(finding);
	struct ims_text_fold *same = g_hash_table_lookup(folds->facts, facts);
	struct ims_text_fold *akin =
		call ? g_hash_table_lookup(folds->calls, call) : NULL;

	kind->n_findings++;
	kind->first_ns = MIN(kind->first_ns, finding->time_ns);
	if (same) {
		add_place(same, finding);
	} else if (akin && add_sibling(akin, finding)) {
		/* Told with the first of its call. */
	} else if (kind->folds->len < folds->max_folds) {
		add_fold(folds, kind, finding, facts, call);
		return;
	} else {
		leave_out(kind, finding);
	}
	g_free(facts);
	g_free(call);
}

static int compare_kinds(gconstpointer a, gconstpointer b)
{
	const struct ims_text_kind *left =
		*(const struct ims_text_kind *const *)a;
	const struct ims_text_kind *right =
		*(const struct ims_text_kind *const *)b;

	if (left->severity != right->severity)
		return left->severity > right->severity ? -1 : 1;
	if (left->first_ns != right->first_ns)
		return left->first_ns < right->first_ns ? -1 : 1;
	return strcmp(left->rule->slug, right->rule->slug);
}

static int compare_folds(gconstpointer a, gconstpointer b)
{
	const struct ims_text_finding *left =
		(*(const struct ims_text_fold *const *)a)->first;
	const struct ims_text_finding *right =
		(*(const struct ims_text_fold *const *)b)->first;

	if (left->time_ns != right->time_ns)
		return left->time_ns < right->time_ns ? -1 : 1;
	return (left->id > right->id) - (left->id < right->id);
}

const GPtrArray *ims_text_folds_finish(struct ims_text_folds *folds)
{
	g_ptr_array_sort(folds->kinds, compare_kinds);
	for (guint i = 0; i < folds->kinds->len; i++) {
		struct ims_text_kind *kind = g_ptr_array_index(folds->kinds, i);

		g_ptr_array_sort(kind->folds, compare_folds);
	}
	return folds->kinds;
}

void ims_text_folds_free(struct ims_text_folds *folds)
{
	g_hash_table_destroy(folds->facts);
	g_hash_table_destroy(folds->calls);
	g_ptr_array_free(folds->kinds, TRUE);
	g_free(folds);
}
