// SPDX-License-Identifier: GPL-2.0-or-later
#include "index.h"

#include "set.h"
#include "sip_find.h"
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
	return ims_sip_find_char(s, c);
}

static struct ims_slice without_scheme(struct ims_slice s)
{
	static const struct ims_slice schemes[] = {
		{"sip:", 4}, {"sips:", 5}, {"tel:", 4}};

	if (s.len < 4 || (s.at[3] != ':' && (s.len < 5 || s.at[4] != ':')))
		return s;
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
		size_t len = schemes[i].len;

		if (s.len >= len && ims_same_nocase(s.at, schemes[i].at, len))
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

static bool stands_at(struct ims_slice s, size_t i, char c)
{
	return i < s.len && s.at[i] == c;
}

/* By all of it: there may be one user's name in any number of domains. */
static uint32_t hash_of(struct ims_slice user, struct ims_slice host)
{
	uint64_t of_host =
		ims_slice_is_set(host) ? ims_slice_hash_nocase(host) : 0;

	return ims_set_hash_of(user) + (uint32_t)(of_host >> 32);
}

struct ims_identity ims_identity_of(struct ims_slice user,
				    struct ims_slice host)
{
	return (struct ims_identity){user, host, hash_of(user, host)};
}

/* Where the user ends: at the '@', or at what follows one that has no host. A
   '?' is among the characters of a number, and ends a URI that has an '@'. */
static size_t user_end(struct ims_slice s)
{
	const struct ims_sip_stops all = {{'@', ';', '>', '?', '\0'}, false};
	const struct ims_sip_stops of_number = {{';', '>', '>', '>', '\0'},
						false};
	size_t i = ims_sip_find(s, 0, all);

	if (stands_at(s, i, '?') && !memchr(s.at + i, '@', s.len - i))
		i = ims_sip_find(s, i, of_number);
	return i;
}

/* The host behind the '@', and where all ends that counts of the URI. Only a
   port or an IPv6 reference has colons. */
static struct ims_slice host_at(size_t *end, struct ims_slice s, size_t at)
{
	const struct ims_sip_stops of_name = {{':', ';', '>', '?', '\0'},
					      false};
	const struct ims_sip_stops of_uri = {{';', ';', '>', '?', '\0'}, false};
	struct ims_slice host;

	*end = ims_sip_find(s, at, of_name);
	host = ims_slice(s.at + at, *end - at);
	if (stands_at(s, *end, ':')) {
		*end = ims_sip_find(s, *end, of_uri);
		host = without_port(ims_slice(s.at + at, *end - at));
	}
	return host;
}

bool ims_identity_read(struct ims_identity *identity, struct ims_slice text)
{
	struct ims_slice bare = without_scheme(ims_slice_trim(text));
	struct ims_slice host = {0};
	size_t at = user_end(bare);
	size_t end = at;

	if (stands_at(bare, at, '@'))
		host = host_at(&end, bare, at + 1);
	*identity = (struct ims_identity){.hash = 0};
	if (end == 0 || stands_at(bare, end, '\0'))
		return false;
	*identity = ims_identity_of(ims_slice(bare.at, at), host);
	return true;
}

struct ims_identity ims_identity_of_key(const char *key)
{
	struct ims_slice text = ims_slice_of(key);
	size_t at = find(text, '@');
	struct ims_slice host = {0};

	if (at < text.len)
		host = ims_slice(text.at + at + 1, text.len - at - 1);
	return ims_identity_of(ims_slice(text.at, at), host);
}

size_t ims_identity_size(const struct ims_identity *identity)
{
	return identity->user.len + ims_slice_is_set(identity->host) +
	       identity->host.len + 1;
}

void ims_identity_write(char *key, const struct ims_identity *identity)
{
	char *host = key + identity->user.len;

	if (identity->user.len)
		memcpy(key, identity->user.at, identity->user.len);
	if (ims_slice_is_set(identity->host))
		*host++ = '@';
	ims_slice_lower(host, identity->host);
	host[identity->host.len] = '\0';
}

char *ims_identity_key(struct ims_slice text)
{
	struct ims_identity identity;
	char *key;

	if (!ims_identity_read(&identity, text))
		return NULL;
	key = g_malloc(ims_identity_size(&identity));
	ims_identity_write(key, &identity);
	return key;
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
	return ims_slice_is_set(a->user) && a->hash == b->hash &&
	       ims_slice_equal(a->user, b->user) &&
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
	return ims_set_find(&index->table, identity->hash, is_entry_of,
			    identity);
}

static struct entry *entry_new(struct ims_index *index,
			       const struct ims_identity *identity)
{
	struct entry *entry = ims_stock_take(
		index->stock, size_of(ims_identity_size(identity) - 1));

	ims_few_init(&entry->values);
	entry->hash = identity->hash;
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
