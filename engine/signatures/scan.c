// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GKeyFile joins groups of one name and takes the last of two keys: here both
 * are mistakes, most likely of copying.
 */
#include "signature_scan.h"

#include <glib.h>
#include <string.h>

#include <ims/signature.h>

struct scan {
	GHashTable *groups; /* of names, owned */
	GHashTable *keys;   /* of the group, owned */
	char *group;	    /* or NULL */
};

static char *take_group(struct scan *scan, struct ims_slice line)
{
	const char *end = memchr(line.at, ']', line.len);

	/* The key file's reader says what is wrong with it. */
	if (!end)
		return NULL;
	g_free(scan->group);
	scan->group = g_strndup(line.at + 1, (gsize)(end - line.at - 1));
	g_hash_table_remove_all(scan->keys);
	if (g_hash_table_add(scan->groups, g_strdup(scan->group)))
		return NULL;
	return g_strdup_printf("[%s]: stands twice in this file", scan->group);
}

static char *take_key(struct scan *scan, struct ims_slice line)
{
	const char *end = memchr(line.at, '=', line.len);
	struct ims_slice name;
	char *key;

	if (!end || !scan->group)
		return NULL;
	name = ims_slice_trim(ims_slice(line.at, (size_t)(end - line.at)));
	key = g_strndup(name.at, name.len);
	if (g_hash_table_add(scan->keys, key))
		return NULL;
	return g_strdup_printf("[%s] %.*s: stands twice in this group",
			       scan->group, IMS_SLICE_ARG(name));
}

static char *take_line(struct scan *scan, struct ims_slice line)
{
	line = ims_slice_trim(line);
	if (ims_slice_is_empty(line) || line.at[0] == '#')
		return NULL;
	return line.at[0] == '[' ? take_group(scan, line)
				 : take_key(scan, line);
}

char *ims_signature_scan(struct ims_slice text)
{
	struct scan scan = {0};
	char *wrong = NULL;

	if (text.len > IMS_SIGNATURES_MAX_TEXT)
		return g_strdup_printf("has more than %u bytes",
				       IMS_SIGNATURES_MAX_TEXT);
	if (text.len && !g_utf8_validate(text.at, (gssize)text.len, NULL))
		return g_strdup("is not text in UTF-8");
	scan.groups =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	scan.keys =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t at = 0; at < text.len && !wrong;) {
		const char *line = text.at + at;
		const char *end = memchr(line, '\n', text.len - at);
		size_t len = end ? (size_t)(end - line) : text.len - at;

		wrong = take_line(&scan, ims_slice(line, len));
		at += len + 1;
	}
	g_hash_table_destroy(scan.groups);
	g_hash_table_destroy(scan.keys);
	g_free(scan.group);
	return wrong;
}
