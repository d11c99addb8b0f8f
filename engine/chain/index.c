// SPDX-License-Identifier: GPL-2.0-or-later
#include "index.h"

#include "set.h"
#include "stock.h"

/* One identity. */
struct entry {
	struct ims_few values; /* first */
	uint32_t hash;
	char key[];
};

struct ims_index {
	struct ims_set table; /* of struct entry */
	struct ims_stock *stock;
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

struct ims_index *ims_index_new(struct ims_stock *stock)
{
	struct ims_index *index = g_new0(struct ims_index, 1);

	index->stock = stock;
	return index;
}

static size_t size_of(size_t key)
{
	return sizeof(struct entry) + key + 1;
}

static void entry_free(struct ims_index *index, struct entry *entry)
{
	ims_few_clear(&entry->values);
	ims_stock_give(index->stock, entry, size_of(strlen(entry->key)));
}

void ims_index_free(struct ims_index *index)
{
	struct entry *entry;
	size_t i = 0;

	if (!index)
		return;
	while ((entry = ims_set_next(&index->table, &i)))
		entry_free(index, entry);
	ims_set_clear(&index->table);
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
	const char *colon =
		s.len > 3 ? memchr(s.at + 3, ':', MIN(s.len - 3, 2)) : NULL;

	for (size_t i = 0; colon && i < G_N_ELEMENTS(schemes); i++) {
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
	return ims_slice(host.at,
			 i + find(ims_slice(host.at + i, host.len - i), ':'));
}

bool ims_identity_read(struct ims_identity *identity, struct ims_slice text)
{
	struct ims_slice bare = without_scheme(ims_slice_trim(text));
	size_t at = find(bare, '@');

	if (at < bare.len)
		bare = until(bare, '?');
	bare = until(until(bare, ';'), '>');
	*identity = (struct ims_identity){.user = {0}};
	if (bare.len == 0 || memchr(bare.at, '\0', bare.len))
		return false;
	identity->user = bare;
	if (at < bare.len) {
		identity->user.len = at;
		identity->host = without_port(
			ims_slice(bare.at + at + 1, bare.len - at - 1));
	}
	return true;
}

struct ims_identity ims_identity_of_key(const char *key)
{
	struct ims_slice text = ims_slice_of(key);
	size_t at = find(text, '@');

	if (at == text.len)
		return (struct ims_identity){.user = text};
	return (struct ims_identity){
		ims_slice(text.at, at),
		ims_slice(text.at + at + 1, text.len - at - 1),
	};
}

static size_t key_length(const struct ims_identity *identity)
{
	return identity->user.len + ims_slice_is_set(identity->host) +
	       identity->host.len;
}

void ims_identity_write(char *key, const struct ims_identity *identity)
{
	char *host = key + identity->user.len;

	memcpy(key, identity->user.at, identity->user.len);
	if (ims_slice_is_set(identity->host))
		*host++ = '@';
	for (size_t i = 0; i < identity->host.len; i++) {
		char c = identity->host.at[i];

		*host++ = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	*host = '\0';
}

char *ims_identity_key(struct ims_slice text)
{
	struct ims_identity identity;
	char *key;

	if (!ims_identity_read(&identity, text))
		return NULL;
	key = g_malloc(key_length(&identity) + 1);
	ims_identity_write(key, &identity);
	return key;
}

/* By all of it: there may be one user's name in any number of domains. */
uint32_t ims_identity_hash(const struct ims_identity *identity)
{
	uint64_t host = ims_slice_is_set(identity->host)
				? ims_slice_hash_nocase(identity->host)
				: 0;

	return ims_set_hash_of(identity->user) + (uint32_t)(host >> 32);
}

bool ims_identity_is(const struct ims_identity *identity, const char *key)
{
	size_t user = identity->user.len;
	struct ims_slice host = identity->host;

	if (strncmp(key, identity->user.at, user) != 0)
		return false;
	if (!ims_slice_is_set(host))
		return key[user] == '\0';
	return key[user] == '@' && ims_slice_is_nocase(host, key + user + 1);
}

bool ims_identity_equal(const struct ims_identity *a,
			const struct ims_identity *b)
{
	return ims_slice_is_set(a->user) && ims_slice_equal(a->user, b->user) &&
	       ims_slice_equal_nocase(a->host, b->host);
}

bool ims_same_identity(struct ims_slice a, struct ims_slice b)
{
	struct ims_identity x;
	struct ims_identity y;

	return ims_identity_read(&x, a) && ims_identity_read(&y, b) &&
	       ims_identity_equal(&x, &y);
}

bool ims_other_identity(struct ims_slice a, struct ims_slice b)
{
	struct ims_identity x;
	struct ims_identity y;

	return ims_identity_read(&x, a) && ims_identity_read(&y, b) &&
	       !ims_identity_equal(&x, &y);
}

static bool is_entry_of(const void *value, const void *key)
{
	return ims_identity_is(key, ((const struct entry *)value)->key);
}

static struct entry *find_entry(const struct ims_index *index,
				const struct ims_identity *identity)
{
	return ims_set_find(&index->table, ims_identity_hash(identity),
			    is_entry_of, identity);
}

static struct entry *entry_new(struct ims_index *index,
			       const struct ims_identity *identity)
{
	struct entry *entry =
		ims_stock_take(index->stock, size_of(key_length(identity)));

	ims_few_init(&entry->values);
	entry->hash = ims_identity_hash(identity);
	ims_identity_write(entry->key, identity);
	ims_set_add(&index->table, entry->hash, entry);
	return entry;
}

struct ims_few *ims_index_get(struct ims_index *index,
			      const struct ims_identity *identity)
{
	struct entry *entry = find_entry(index, identity);

	if (!entry)
		entry = entry_new(index, identity);
	return &entry->values;
}

void ims_index_remove(struct ims_index *index, struct ims_few *values,
		      const void *value)
{
	struct entry *entry = (struct entry *)values;

	ims_few_remove(values, value);
	if (values->n)
		return;
	ims_set_remove(&index->table, entry->hash, entry);
	entry_free(index, entry);
}

const struct ims_few *ims_index_of(const struct ims_index *index,
				   const struct ims_identity *identity)
{
	const struct entry *entry = NULL;

	if (ims_slice_is_set(identity->user))
		entry = find_entry(index, identity);
	return entry ? &entry->values : NULL;
}

const struct ims_few *ims_index_of_text(const struct ims_index *index,
					struct ims_slice text)
{
	struct ims_identity identity;

	ims_identity_read(&identity, text);
	return ims_index_of(index, &identity);
}

const struct ims_few *ims_index_of_key(const struct ims_index *index,
				       const char *key)
{
	struct ims_identity identity = ims_identity_of_key(key);

	return ims_index_of(index, &identity);
}
