// SPDX-License-Identifier: GPL-2.0-or-later
#include "pairs.h"

#include <glib.h>

struct ims_pairs {
	GHashTable *table;
};

static guint pair_hash(gconstpointer key)
{
	const struct ims_pair *pair = key;

	return ims_address_hash(&pair->from) * 31 + ims_address_hash(&pair->to);
}

static gboolean pair_equal(gconstpointer a, gconstpointer b)
{
	const struct ims_pair *x = a;
	const struct ims_pair *y = b;

	return ims_address_equal(&x->from, &y->from) &&
	       ims_address_equal(&x->to, &y->to);
}

struct ims_pairs *ims_pairs_new(void)
{
	struct ims_pairs *pairs = g_new0(struct ims_pairs, 1);

	pairs->table =
		g_hash_table_new_full(pair_hash, pair_equal, g_free, NULL);
	return pairs;
}

void ims_pairs_free(struct ims_pairs *pairs)
{
	if (!pairs)
		return;
	g_hash_table_destroy(pairs->table);
	g_free(pairs);
}

struct ims_pair *ims_pairs_get(struct ims_pairs *pairs,
			       const struct ims_address *from,
			       const struct ims_address *to)
{
	struct ims_pair key = {.from = *from, .to = *to};
	struct ims_pair *pair = g_hash_table_lookup(pairs->table, &key);

	if (pair)
		return pair;
	if (g_hash_table_size(pairs->table) == IMS_PAIRS_MAX)
		g_hash_table_remove_all(pairs->table);
	pair = g_new(struct ims_pair, 1);
	*pair = (struct ims_pair){*from, *to, -1, -1, -1, -1, 0};
	g_hash_table_add(pairs->table, pair);
	return pair;
}

const struct ims_pair *ims_pairs_find(const struct ims_pairs *pairs,
				      const struct ims_address *from,
				      const struct ims_address *to)
{
	struct ims_pair key = {.from = *from, .to = *to};

	return g_hash_table_lookup(pairs->table, &key);
}
