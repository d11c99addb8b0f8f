// SPDX-License-Identifier: GPL-2.0-or-later
#include "table.h"

#include <glib.h>

#define BUCKETS_MIN 64

void ims_table_init(struct ims_table *table)
{
	*table = (struct ims_table){
		.buckets = g_new0(struct ims_entry *, BUCKETS_MIN),
		.n_buckets = BUCKETS_MIN,
		.seed = (uint64_t)g_random_int() << 32 | g_random_int(),
	};
}

void ims_table_fini(struct ims_table *table)
{
	g_free(table->buckets);
	*table = (struct ims_table){0};
}

static uint64_t hash_of(const struct ims_table *table,
			const struct ims_key *key)
{
	uint64_t hash = table->seed;

	for (size_t i = 0; i < G_N_ELEMENTS(key->word); i++) {
		hash = (hash ^ key->word[i]) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
	}
	return hash;
}

static struct ims_entry **bucket_of(const struct ims_table *table,
				    uint64_t hash)
{
	return &table->buckets[hash & (table->n_buckets - 1)];
}

struct ims_entry *ims_table_find(const struct ims_table *table,
				 const struct ims_key *key)
{
	struct ims_entry *entry = *bucket_of(table, hash_of(table, key));

	while (entry && memcmp(&entry->key, key, sizeof(*key)) != 0)
		entry = entry->chain;
	return entry;
}

static void link_newest(struct ims_table *table, struct ims_entry *entry)
{
	entry->newer = NULL;
	entry->older = table->newest;
	if (table->newest)
		table->newest->newer = entry;
	else
		table->oldest = entry;
	table->newest = entry;
}

static void unlink_order(struct ims_table *table, struct ims_entry *entry)
{
	if (entry->older)
		entry->older->newer = entry->newer;
	else
		table->oldest = entry->newer;
	if (entry->newer)
		entry->newer->older = entry->older;
	else
		table->newest = entry->older;
}

static void chain_in(struct ims_table *table, struct ims_entry *entry)
{
	struct ims_entry **bucket = bucket_of(table, entry->hash);

	entry->chain = *bucket;
	*bucket = entry;
}

/* Without memory the chains grow longer, that is all. */
static void grow(struct ims_table *table)
{
	size_t n = table->n_buckets * 2;
	struct ims_entry **buckets = g_try_malloc(n * sizeof(*buckets));

	if (!buckets)
		return;
	memset(buckets, 0, n * sizeof(*buckets));
	g_free(table->buckets);
	table->buckets = buckets;
	table->n_buckets = n;
	for (struct ims_entry *e = table->oldest; e; e = e->newer)
		chain_in(table, e);
}

void ims_table_add(struct ims_table *table, struct ims_entry *entry,
		   const struct ims_key *key, int64_t now_ns)
{
	if (table->n_entries >= table->n_buckets)
		grow(table);
	entry->key = *key;
	entry->hash = hash_of(table, key);
	entry->used_ns = now_ns;
	chain_in(table, entry);
	link_newest(table, entry);
	table->n_entries++;
}

void ims_table_remove(struct ims_table *table, struct ims_entry *entry)
{
	struct ims_entry **at = bucket_of(table, entry->hash);

	while (*at != entry)
		at = &(*at)->chain;
	*at = entry->chain;
	unlink_order(table, entry);
	table->n_entries--;
}

void ims_table_touch(struct ims_table *table, struct ims_entry *entry,
		     int64_t now_ns)
{
	entry->used_ns = now_ns;
	if (table->newest == entry)
		return;
	unlink_order(table, entry);
	link_newest(table, entry);
}

unsigned ims_key_of_pair(struct ims_key *key, const struct ims_endpoint *source,
			 const struct ims_endpoint *destination)
{
	unsigned side = ims_endpoint_compare(source, destination) > 0;
	const struct ims_endpoint *low = side ? destination : source;
	const struct ims_endpoint *high = side ? source : destination;

	ims_key_address(&key->word[0], &low->address);
	ims_key_address(&key->word[2], &high->address);
	key->word[4] = (uint64_t)low->address.family << 32 |
		       (uint64_t)low->port << 16 | high->port;
	return side;
}
