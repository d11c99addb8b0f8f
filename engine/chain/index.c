// SPDX-License-Identifier: GPL-2.0-or-later
#include "index.h"

struct ims_index {
	GHashTable *table; /* char * -> GPtrArray */
};

guint ims_text_hash(gconstpointer text)
{
	uint64_t hash = ims_slice_hash(ims_slice_of(text));

	return (guint)(hash ^ hash >> 32);
}

static guint address_hash(gconstpointer key)
{
	return ims_address_hash(key);
}

static gboolean address_equal(gconstpointer a, gconstpointer b)
{
	return ims_address_equal(a, b);
}

GHashTable *ims_address_table_new(void)
{
	return g_hash_table_new(address_hash, address_equal);
}

static void values_free(gpointer values)
{
	g_ptr_array_free(values, TRUE);
}

struct ims_index *ims_index_new(void)
{
	struct ims_index *index = g_new0(struct ims_index, 1);

	index->table = g_hash_table_new_full(ims_text_hash, g_str_equal, g_free,
					     values_free);
	return index;
}

void ims_index_free(struct ims_index *index)
{
	if (!index)
		return;
	g_hash_table_destroy(index->table);
	g_free(index);
}

static struct ims_slice until(struct ims_slice s, const char *stops)
{
	size_t len = 0;

	while (len < s.len && !memchr(stops, s.at[len], strlen(stops)))
		len++;
	return ims_slice(s.at, len);
}

static struct ims_slice without_scheme(struct ims_slice s)
{
	static const char *const schemes[] = {"sip:", "sips:", "tel:"};

	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
		size_t len = strlen(schemes[i]);

		if (ims_slice_starts_nocase(s, schemes[i]))
			return ims_slice(s.at + len, s.len - len);
	}
	return s;
}

/* The host's port; an IPv6 reference keeps its colons. */
static size_t host_end(const char *key, size_t host, size_t len)
{
	size_t i = host;

	if (i < len && key[i] == '[')
		while (i < len && key[i] != ']')
			i++;
	while (i < len && key[i] != ':')
		i++;
	return i;
}

char *ims_identity_key(struct ims_slice identity)
{
	struct ims_slice bare = without_scheme(ims_slice_trim(identity));
	struct ims_slice user = until(bare, "@");
	char *key;
	size_t len;

	bare = until(bare, user.len < bare.len ? ";?>" : ";>");
	if (bare.len == 0 || memchr(bare.at, '\0', bare.len))
		return NULL;
	key = g_strndup(bare.at, bare.len);
	if (user.len >= bare.len)
		return key;
	len = host_end(key, user.len + 1, bare.len);
	key[len] = '\0';
	for (size_t i = user.len + 1; i < len; i++)
		key[i] = g_ascii_tolower(key[i]);
	return key;
}

bool ims_same_identity(struct ims_slice a, struct ims_slice b)
{
	char *x = ims_identity_key(a);
	char *y = ims_identity_key(b);
	bool same = x && y && strcmp(x, y) == 0;

	g_free(x);
	g_free(y);
	return same;
}

void ims_index_add(struct ims_index *index, const char *key, void *value)
{
	GPtrArray *values = g_hash_table_lookup(index->table, key);

	if (!values) {
		values = g_ptr_array_new();
		g_hash_table_insert(index->table, g_strdup(key), values);
	}
	g_ptr_array_add(values, value);
}

void ims_index_remove(struct ims_index *index, const char *key, void *value)
{
	GPtrArray *values = g_hash_table_lookup(index->table, key);

	if (!values)
		return;
	g_ptr_array_remove(values, value);
	if (values->len == 0)
		g_hash_table_remove(index->table, key);
}

GPtrArray *ims_index_find(const struct ims_index *index, const char *key)
{
	return g_hash_table_lookup(index->table, key);
}
