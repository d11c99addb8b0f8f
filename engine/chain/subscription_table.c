// SPDX-License-Identifier: GPL-2.0-or-later
#include "subscription_table.h"

#include <glib.h>

#include "set.h"

static uint32_t hash_of_dialog(const char *dialog)
{
	return ims_set_hash_of(ims_slice_of(dialog));
}

/* NULL: no more. */
static struct ims_subscription_record *next(
	const struct ims_subscription_table *table, struct ims_refs_walk *walk)
{
	uint32_t number = ims_refs_next(walk);

	return number ? ims_subscription_record_at(&table->records, number)
		      : NULL;
}

struct ims_subscription_record *ims_subscription_find(
	const struct ims_subscription_table *table, const char *dialog)
{
	struct ims_refs_walk walk =
		ims_refs_walk(&table->by_dialog, hash_of_dialog(dialog));
	struct ims_subscription_record *record;

	while ((record = next(table, &walk)) &&
	       strcmp(ims_subscription_dialog(record), dialog) != 0)
		;
	return record;
}

static void sort_in(struct ims_subscriptions_same *same,
		    struct ims_subscription_record *record)
{
	int64_t since_ns = ims_subscription_since(record);
	unsigned i = same->n++;

	for (; i && ims_subscription_since(same->at[i - 1]) > since_ns; i--)
		same->at[i] = same->at[i - 1];
	same->at[i] = record;
}

void ims_subscription_find_same(struct ims_subscriptions_same *same,
				const struct ims_subscription_table *table,
				const char *key)
{
	struct ims_identity identity = ims_identity_of_key(key);
	struct ims_refs_walk walk =
		ims_refs_walk(&table->by_aor, ims_identity_hash(&identity));
	struct ims_subscription_record *record;

	same->n = 0;
	while (same->n < IMS_SUBSCRIPTIONS_SAME_AOR &&
	       (record = next(table, &walk)))
		if (ims_subscription_tells_of(&table->records, record,
					      &identity))
			sort_in(same, record);
}

struct ims_subscription_record *ims_subscription_oldest(
	const struct ims_subscription_table *table)
{
	return table->ages.oldest ? ims_subscription_record_at(
					    &table->records, table->ages.oldest)
				  : NULL;
}

static void enter(struct ims_subscription_table *table,
		  struct ims_subscription_record *record)
{
	struct ims_parted_hashes hashes =
		ims_subscription_hashes(&table->records, record);

	for (unsigned i = 0; i < hashes.n; i++)
		ims_refs_add(&table->by_aor, hashes.at[i], record->number);
	ims_refs_add(&table->by_dialog,
		     hash_of_dialog(ims_subscription_dialog(record)),
		     record->number);
	ims_ages_add(&table->ages, &table->records.depot, record->number);
	table->n++;
}

static void leave(struct ims_subscription_table *table,
		  struct ims_subscription_record *record)
{
	struct ims_parted_hashes hashes =
		ims_subscription_hashes(&table->records, record);

	for (unsigned i = 0; i < hashes.n; i++)
		ims_refs_remove(&table->by_aor, hashes.at[i], record->number);
	ims_refs_remove(&table->by_dialog,
			hash_of_dialog(ims_subscription_dialog(record)),
			record->number);
	ims_ages_remove(&table->ages, &table->records.depot, record->number);
	table->n--;
}

void ims_subscription_remove(struct ims_subscription_table *table,
			     struct ims_subscription_record *record)
{
	leave(table, record);
	ims_subscription_record_free(&table->records, record);
}

void ims_subscription_put(struct ims_subscription_table *table,
			  struct ims_subscription_record *was,
			  const struct ims_subscription *about,
			  const char *dialog)
{
	struct ims_subscription_record *record;

	if (was)
		leave(table, was);
	record = ims_subscription_pack(&table->records, about, dialog, was);
	if (was && record != was)
		ims_subscription_record_free(&table->records, was);
	enter(table, record);
}

void ims_subscription_table_clear(struct ims_subscription_table *table)
{
	ims_refs_clear(&table->by_dialog);
	ims_refs_clear(&table->by_aor);
	ims_shared_clear(&table->records.shared);
	ims_depot_clear(&table->records.depot);
	*table = (struct ims_subscription_table){.n = 0};
}
