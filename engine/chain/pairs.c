// SPDX-License-Identifier: GPL-2.0-or-later
#include "pairs.h"

#include <glib.h>

#include "set.h"

struct ims_pairs {
	struct ims_set table;
	uint64_t let_go;
};

struct key {
	const struct ims_address *from;
	const struct ims_address *to;
};

static uint32_t hash_of(const struct ims_address *from,
			const struct ims_address *to)
{
	return ims_address_hash(from) * 31 + ims_address_hash(to);
}

static bool is_of(const void *value, const void *key)
{
	const struct ims_pair *x = value;
	const struct key *y = key;

	return ims_address_equal(&x->from, y->from) &&
	       ims_address_equal(&x->to, y->to);
}

struct ims_pairs *ims_pairs_new(void)
{
	return g_new0(struct ims_pairs, 1);
}

static void forget_all(struct ims_pairs *pairs)
{
	size_t i = 0;
	struct ims_pair *pair;

	while ((pair = ims_set_next(&pairs->table, &i)))
		g_free(pair);
	ims_set_clear(&pairs->table);
}

void ims_pairs_free(struct ims_pairs *pairs)
{
	if (!pairs)
		return;
	forget_all(pairs);
	g_free(pairs);
}

struct ims_pair *ims_pairs_get(struct ims_pairs *pairs,
			       const struct ims_address *from,
			       const struct ims_address *to)
{
	struct key key = {from, to};
	uint32_t hash = hash_of(from, to);
	struct ims_pair *pair = ims_set_find(&pairs->table, hash, is_of, &key);

	if (pair)
		return pair;
	if (pairs->table.n == IMS_PAIRS_MAX) {
		pairs->let_go += pairs->table.n;
		forget_all(pairs);
	}
	pair = g_new(struct ims_pair, 1);
	*pair = (struct ims_pair){
		.from = *from,
		.to = *to,
		.sip_ns = -1,
		.other_request_ns = -1,
		.esp_ns = -1,
		.gap_ns = -1,
		.end_told_ns = -1,
	};
	ims_set_add(&pairs->table, hash, pair);
	return pair;
}

const struct ims_pair *ims_pairs_find(const struct ims_pairs *pairs,
				      const struct ims_address *from,
				      const struct ims_address *to)
{
	struct key key = {from, to};

	return ims_set_find(&pairs->table, hash_of(from, to), is_of, &key);
}

uint64_t ims_pairs_let_go(const struct ims_pairs *pairs)
{
	return pairs->let_go;
}
