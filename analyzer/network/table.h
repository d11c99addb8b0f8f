/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash table whose entries are also in order of use, oldest first: what
 * is followed over packets is found by one look-up and let go by age. Values
 * begin with a struct ims_entry and belong to the caller.
 */
#ifndef IMS_TABLE_H
#define IMS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/address.h>
#include <ims/attributes.h>

/* Compared whole: words that are not used are 0. */
struct ims_key {
	uint64_t word[5];
};

struct ims_entry {
	struct ims_entry *chain;
	struct ims_entry *older;
	struct ims_entry *newer;
	uint64_t hash;
	int64_t used_ns; /* when it was added or last touched */
	struct ims_key key;
};

struct ims_table {
	struct ims_entry **buckets;
	size_t n_buckets; /* a power of 2 */
	size_t n_entries;
	uint64_t seed; /* so that nobody can aim at one bucket */
	struct ims_entry *oldest;
	struct ims_entry *newest;
};

void ims_table_init(struct ims_table *table) IMS_NONNULL_ALL;

/* Frees the table, not what is in it: that must be gone. */
void ims_table_fini(struct ims_table *table) IMS_NONNULL_ALL;

/* NULL: not there. */
struct ims_entry *ims_table_find(const struct ims_table *table,
				 const struct ims_key *key) IMS_NONNULL_ALL;

/* As the newest. The key must not be there yet. */
void ims_table_add(struct ims_table *table, struct ims_entry *entry,
		   const struct ims_key *key, int64_t now_ns) IMS_NONNULL_ALL;

void ims_table_remove(struct ims_table *table,
		      struct ims_entry *entry) IMS_NONNULL_ALL;

/* Makes it the newest. */
void ims_table_touch(struct ims_table *table, struct ims_entry *entry,
		     int64_t now_ns) IMS_NONNULL_ALL;

/*
 * The key of a pair of endpoints, the same in both directions. Returns which
 * end of the pair `source` is: 0 or 1. Equal endpoints: 0.
 */
unsigned ims_key_of_pair(struct ims_key *key, const struct ims_endpoint *source,
			 const struct ims_endpoint *destination)
	IMS_NONNULL_ALL;

/* The words of one address, for keys of other kinds. */
static inline void ims_key_address(uint64_t words[2],
				   const struct ims_address *address)
{
	memcpy(words, address->bytes, sizeof(address->bytes));
}

#endif
