// SPDX-License-Identifier: GPL-2.0-or-later
/* A group of a file, read and checked. */
#include <string.h>

#include "signature_table.h"

/* While a group is read; `key` is the one being read. */
struct reading {
	GKeyFile *file;
	const char *group;
	struct ims_signature_entry *entry;
	const char *key;
	char *wrong; /* to be freed; or NULL */
};

struct text_key {
	const char *name;
	size_t offset; /* in struct ims_signature */
	bool required;
};

static const struct text_key texts[] = {
	{"product", offsetof(struct ims_signature, product), true},
	{"says", offsetof(struct ims_signature, says), true},
	{"source", offsetof(struct ims_signature, source), true},
	{"component", offsetof(struct ims_signature, component), false},
	{"versions", offsetof(struct ims_signature, versions), false},
	{"advice", offsetof(struct ims_signature, advice), false},
};

static const char **text_of(struct ims_signature *about,
			    const struct text_key *key)
{
	return (const char **)(void *)((char *)about + key->offset);
}

void ims_signature_entry_free(struct ims_signature_entry *entry)
{
	if (!entry)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free((char *)*text_of(&entry->about, &texts[i]));
	g_free((char *)entry->about.name);
	ims_pattern_clear(&entry->pattern);
	g_ptr_array_free(entry->rules, TRUE);
	g_free(entry);
}

/* The value of reading->key without blanks at its ends; NULL: wrong. */
static char *value_of(struct reading *reading)
{
	GError *error = NULL;
	char *value = g_key_file_get_string(reading->file, reading->group,
					    reading->key, &error);

	/* An escape that is none gives both. */
	if (error) {
		reading->wrong = g_strdup(error->message);
		g_error_free(error);
		g_free(value);
		return NULL;
	}
	g_strstrip(value);
	if (*value)
		return value;
	g_free(value);
	reading->wrong = g_strdup("is empty");
	return NULL;
}

static void take_rules(struct reading *reading, const char *value)
{
	char **list = ims_pattern_list(value);

	if (!list) {
		reading->wrong = g_strdup("a part of the list is empty");
		return;
	}
	for (size_t i = 0; list[i] && !reading->wrong; i++) {
		const struct ims_rule *rule = ims_rule_find(list[i]);

		if (!rule)
			reading->wrong = g_strdup_printf(
				"there is no rule '%s'", list[i]);
		else if (!g_ptr_array_find(reading->entry->rules, rule, NULL))
			g_ptr_array_add(reading->entry->rules, (gpointer)rule);
	}
	g_strfreev(list);
}

static void take_disabled(struct reading *reading, const char *value)
{
	reading->entry->disabled = strcmp(value, "true") == 0;
	if (!reading->entry->disabled && strcmp(value, "false") != 0)
		reading->wrong =
			g_strdup_printf("'%s' is not true or false", value);
}

/* Takes over `value` where it is a text's; false: it is of another key. */
static bool take_text(struct reading *reading, const char *value)
{
	const char **text;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (strcmp(texts[i].name, reading->key) != 0)
			continue;
		text = text_of(&reading->entry->about, &texts[i]);
		/* A key that stands twice may be told apart by its blanks. */
		g_free((char *)*text);
		*text = g_strdup(value);
		return true;
	}
	return false;
}

static void take_key(struct reading *reading)
{
	char *value = value_of(reading);

	if (!value)
		return;
	if (strcmp(reading->key, "rules") == 0)
		take_rules(reading, value);
	else if (strcmp(reading->key, "disabled") == 0)
		take_disabled(reading, value);
	else if (ims_pattern_has_key(reading->key))
		(void)!ims_pattern_add(&reading->entry->pattern, reading->key,
				       value, &reading->wrong);
	else if (!take_text(reading, value))
		reading->wrong = g_strdup("there is no such key");
	g_free(value);
}

/* What all keys together must be. */
static void check_whole(struct reading *reading)
{
	const struct ims_signature_entry *entry = reading->entry;

	if (entry->disabled)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (texts[i].required &&
		    !*text_of(&reading->entry->about, &texts[i])) {
			reading->key = texts[i].name;
			reading->wrong = g_strdup("is missing");
			return;
		}
	}
	reading->key = NULL;
	if (!entry->pattern.n_sip && !entry->pattern.n_diameter)
		reading->wrong = g_strdup("matches anything: it has no "
					  "condition as status, reason or "
					  "result");
}

static bool is_of_a_name(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
}

/* Slug-like: it is named in reports, and on command lines. */
static void check_name(struct reading *reading)
{
	const char *c = reading->group;

	while (*c && is_of_a_name(*c))
		c++;
	if (*c)
		reading->wrong = g_strdup("a name has letters, digits, '-', "
					  "'_' and '.' only");
}

struct ims_signature_entry *ims_signature_entry_new(GKeyFile *file,
						    const char *group,
						    char **error)
{
	struct reading reading = {
		.file = file,
		.group = group,
		.entry = g_new0(struct ims_signature_entry, 1),
	};
	char **keys = g_key_file_get_keys(file, group, NULL, NULL);

	ims_pattern_init(&reading.entry->pattern);
	reading.entry->about.name = g_strdup(group);
	reading.entry->rules = g_ptr_array_new();
	check_name(&reading);
	for (size_t i = 0; keys && keys[i] && !reading.wrong; i++) {
		reading.key = keys[i];
		take_key(&reading);
	}
	if (!reading.wrong)
		check_whole(&reading);
	if (reading.wrong) {
		*error = g_strdup_printf(
			"[%s]%s%s: %s", group, reading.key ? " " : "",
			reading.key ? reading.key : "", reading.wrong);
		g_clear_pointer(&reading.entry, ims_signature_entry_free);
	}
	g_free(reading.wrong);
	g_strfreev(keys);
	return reading.entry;
}
