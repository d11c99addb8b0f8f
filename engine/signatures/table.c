// SPDX-License-Identifier: GPL-2.0-or-later
/* The table: texts added one after the other, and asked by rule. */
#include <string.h>

#include "signature_match.h"
#include "signature_scan.h"
#include "signature_table.h"

static void free_entry(gpointer entry)
{
	ims_signature_entry_free(entry);
}

static void free_list(gpointer list)
{
	g_ptr_array_free(list, TRUE);
}

struct ims_signatures *ims_signatures_new(void)
{
	struct ims_signatures *signatures = g_new0(struct ims_signatures, 1);

	signatures->entries = g_ptr_array_new_with_free_func(free_entry);
	signatures->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	signatures->by_rule =
		g_hash_table_new_full(NULL, NULL, NULL, free_list);
	signatures->shown = g_hash_table_new_full(NULL, NULL, NULL, free_list);
	signatures->general = g_ptr_array_new();
	return signatures;
}

void ims_signatures_free(struct ims_signatures *signatures)
{
	if (!signatures)
		return;
	g_hash_table_destroy(signatures->shown);
	g_hash_table_destroy(signatures->by_rule);
	g_hash_table_destroy(signatures->by_name);
	g_ptr_array_free(signatures->general, TRUE);
	g_ptr_array_free(signatures->entries, TRUE);
	g_free(signatures->error);
	g_free(signatures);
}

static unsigned n_conditions(const struct ims_signature_entry *entry)
{
	return entry->pattern.n_sip + entry->pattern.n_diameter;
}

/* The text read last, more conditions, the order of the text. */
static gint by_precedence(gconstpointer a, gconstpointer b)
{
	const struct ims_signature_entry *x =
		*(struct ims_signature_entry *const *)a;
	const struct ims_signature_entry *y =
		*(struct ims_signature_entry *const *)b;

	if (x->text != y->text)
		return x->text > y->text ? -1 : 1;
	if (n_conditions(x) != n_conditions(y))
		return n_conditions(x) > n_conditions(y) ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static GPtrArray *list_of(GHashTable *lists, const struct ims_rule *rule)
{
	GPtrArray *list = g_hash_table_lookup(lists, rule);

	if (!list) {
		list = g_ptr_array_new();
		g_hash_table_insert(lists, (gpointer)rule, list);
	}
	return list;
}

static void enter(struct ims_signatures *signatures,
		  struct ims_signature_entry *entry)
{
	if (entry->rules->len == 0)
		g_ptr_array_add(signatures->general, entry);
	for (guint i = 0; i < entry->rules->len; i++)
		g_ptr_array_add(
			list_of(signatures->by_rule, entry->rules->pdata[i]),
			entry);
}

static void make_index(struct ims_signatures *signatures)
{
	GHashTableIter iter;
	gpointer rule, list;

	g_hash_table_remove_all(signatures->by_rule);
	g_hash_table_remove_all(signatures->shown);
	g_ptr_array_set_size(signatures->general, 0);
	for (guint i = 0; i < signatures->entries->len; i++)
		enter(signatures, signatures->entries->pdata[i]);
	g_ptr_array_sort(signatures->general, by_precedence);
	g_hash_table_iter_init(&iter, signatures->by_rule);
	while (g_hash_table_iter_next(&iter, &rule, &list)) {
		GPtrArray *entries = list;
		GPtrArray *shown = list_of(signatures->shown, rule);

		g_ptr_array_sort(entries, by_precedence);
		for (guint i = 0; i < entries->len; i++)
			g_ptr_array_add(shown, &((struct ims_signature_entry *)
							 entries->pdata[i])
							->about);
	}
}

static void remove_name(struct ims_signatures *signatures, const char *name)
{
	struct ims_signature_entry *old =
		g_hash_table_lookup(signatures->by_name, name);

	if (!old)
		return;
	g_hash_table_remove(signatures->by_name, name);
	g_ptr_array_remove(signatures->entries, old);
}

/* Takes over what was read: nothing can be wrong any more. */
static void commit(struct ims_signatures *signatures, GPtrArray *read)
{
	signatures->n_texts++;
	g_ptr_array_set_free_func(read, NULL);
	for (guint i = 0; i < read->len; i++) {
		struct ims_signature_entry *entry = read->pdata[i];

		remove_name(signatures, entry->about.name);
		if (entry->disabled) {
			ims_signature_entry_free(entry);
			continue;
		}
		entry->text = signatures->n_texts;
		entry->order = i;
		g_ptr_array_add(signatures->entries, entry);
		g_hash_table_insert(signatures->by_name,
				    (gpointer)entry->about.name, entry);
	}
	make_index(signatures);
}

/* There is something to switch off, where there was a text before. */
static char *check_disabled(const struct ims_signatures *signatures,
			    const struct ims_signature_entry *entry)
{
	if (!entry->disabled || signatures->n_texts == 0 ||
	    g_hash_table_contains(signatures->by_name, entry->about.name))
		return NULL;
	return g_strdup_printf("[%s] disabled: there is no such signature",
			       entry->about.name);
}

static char *read_groups(const struct ims_signatures *signatures,
			 GPtrArray *read, GKeyFile *file)
{
	gsize n;
	char **groups = g_key_file_get_groups(file, &n);
	char *wrong = NULL;

	if (n + signatures->entries->len > IMS_SIGNATURES_MAX)
		wrong = g_strdup_printf("more than %d signatures in all",
					IMS_SIGNATURES_MAX);
	for (gsize i = 0; i < n && !wrong; i++) {
		struct ims_signature_entry *entry =
			ims_signature_entry_new(file, groups[i], &wrong);

		if (!entry)
			break;
		g_ptr_array_add(read, entry);
		wrong = check_disabled(signatures, entry);
	}
	g_strfreev(groups);
	return wrong;
}

static char *read_text(const struct ims_signatures *signatures, GPtrArray *read,
		       struct ims_slice text)
{
	char *wrong = ims_signature_scan(text);
	GError *error = NULL;
	GKeyFile *file;

	if (wrong || ims_slice_is_empty(text))
		return wrong;
	file = g_key_file_new();
	if (g_key_file_load_from_data(file, text.at, text.len,
				      G_KEY_FILE_KEEP_TRANSLATIONS, &error)) {
		wrong = read_groups(signatures, read, file);
	} else {
		wrong = g_strdup(error->message);
		g_error_free(error);
	}
	g_key_file_free(file);
	return wrong;
}

bool ims_signatures_parse(struct ims_signatures *signatures,
			  struct ims_slice text)
{
	GPtrArray *read = g_ptr_array_new_with_free_func(free_entry);

	g_free(signatures->error);
	signatures->error = read_text(signatures, read, text);
	if (!signatures->error)
		commit(signatures, read);
	g_ptr_array_free(read, TRUE);
	return !signatures->error;
}

const char *ims_signatures_error(const struct ims_signatures *signatures)
{
	return signatures->error;
}

size_t ims_signatures_count(const struct ims_signatures *signatures)
{
	return signatures->entries->len;
}

const struct ims_signature *ims_signatures_at(
	const struct ims_signatures *signatures, size_t index)
{
	const struct ims_signature_entry *entry =
		index < signatures->entries->len
			? signatures->entries->pdata[index]
			: NULL;

	return entry ? &entry->about : NULL;
}

size_t ims_signatures_of(const struct ims_signatures *signatures,
			 const struct ims_signature *const **list,
			 const struct ims_rule *rule)
{
	const GPtrArray *shown = g_hash_table_lookup(signatures->shown, rule);

	*list = shown ? (const struct ims_signature *const *)shown->pdata
		      : NULL;
	return shown ? shown->len : 0;
}

static const struct ims_signature_entry *first_met(
	const GPtrArray *entries, const struct ims_signature_case *about)
{
	for (guint i = 0; entries && i < entries->len; i++) {
		const struct ims_signature_entry *entry = entries->pdata[i];

		for (size_t m = 0; m < about->n_messages; m++)
			if (ims_pattern_matches(&entry->pattern, about, m))
				return entry;
	}
	return NULL;
}

const struct ims_signature *ims_signatures_find(
	const struct ims_signatures *signatures,
	const struct ims_signature_case *about)
{
	const struct ims_signature_entry *named = first_met(
		g_hash_table_lookup(signatures->by_rule, about->rule), about);
	const struct ims_signature_entry *general =
		about->is_failure ? first_met(signatures->general, about)
				  : NULL;

	if (named && (!general || named->text >= general->text))
		return &named->about;
	return general ? &general->about : NULL;
}
