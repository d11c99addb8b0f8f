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

static size_t find(struct ims_slice s, char c)
{
	const char *at = s.len ? memchr(s.at, c, s.len) : NULL;

	return at ? (size_t)(at - s.at) : s.len;
}

static struct ims_slice until(struct ims_slice s, char c)
{
	return ims_slice(s.at, find(s, c));
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

/* Without the port; an IPv6 reference keeps its colons. */
static struct ims_slice without_port(struct ims_slice host)
{
	size_t i = 0;

	if (host.len > 0 && host.at[0] == '[')
		i = find(host, ']');
	while (i < host.len && host.at[i] != ':')
		i++;
	return ims_slice(host.at, i);
}

/* What counts of an identity; `host` is absent where there is no '@'. */
struct identity {
	struct ims_slice user;
	struct ims_slice host;
};

/* False: it is none. */
static bool read_identity(struct identity *identity, struct ims_slice text)
{
	struct ims_slice bare = without_scheme(ims_slice_trim(text));
	size_t at = find(bare, '@');

	if (at < bare.len)
		bare = until(bare, '?');
	bare = until(until(bare, ';'), '>');
	if (bare.len == 0 || memchr(bare.at, '\0', bare.len))
		return false;
	*identity = (struct identity){.user = bare};
	if (at < bare.len) {
		identity->user.len = at;
		identity->host = without_port(
			ims_slice(bare.at + at + 1, bare.len - at - 1));
	}
	return true;
}

char *ims_identity_key(struct ims_slice text)
{
	struct identity identity;
	char *key;
	char *host;

	if (!read_identity(&identity, text))
		return NULL;
	key = g_malloc(identity.user.len + 1 + identity.host.len + 1);
	memcpy(key, identity.user.at, identity.user.len);
	host = key + identity.user.len;
	if (ims_slice_is_set(identity.host))
		*host++ = '@';
	for (size_t i = 0; i < identity.host.len; i++)
		*host++ = g_ascii_tolower(identity.host.at[i]);
	*host = '\0';
	return key;
}

static bool is_same(const struct identity *a, const struct identity *b)
{
	return ims_slice_equal(a->user, b->user) &&
	       ims_slice_equal_nocase(a->host, b->host);
}

bool ims_same_identity(struct ims_slice a, struct ims_slice b)
{
	struct identity x;
	struct identity y;

	return read_identity(&x, a) && read_identity(&y, b) && is_same(&x, &y);
}

bool ims_other_identity(struct ims_slice a, struct ims_slice b)
{
	struct identity x;
	struct identity y;

	return read_identity(&x, a) && read_identity(&y, b) && !is_same(&x, &y);
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
