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
		ims_refs_walk(&table->by_aor, identity.hash);
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

static struct ims_parted_hashes hashes_of(
	const struct ims_subscription_table *table,
	const struct ims_subscription_record *record)
{
	return record ? ims_subscription_hashes(&table->records, record)
		      : (struct ims_parted_hashes){.n = 0};
}

static void leave_ages(struct ims_subscription_table *table, uint32_t number)
{
	ims_ages_remove(&table->ages, &table->records.depot, number);
	table->n--;
}

static void enter_ages(struct ims_subscription_table *table, uint32_t number)
{
	ims_ages_add(&table->ages, &table->records.depot, number);
	table->n++;
}

/* Of a dialog; see ims_parted_move. */
static void move_dialog(struct ims_subscription_table *table,
			const char *dialog, uint32_t before, uint32_t number)
{
	uint32_t hash = hash_of_dialog(dialog);

	if (before)
		ims_refs_remove(&table->by_dialog, hash, before);
	if (number)
		ims_refs_add(&table->by_dialog, hash, number);
}

void ims_subscription_remove(struct ims_subscription_table *table,
			     struct ims_subscription_record *record)
{
	const struct ims_parted_hashes none = {.n = 0};
	struct ims_parted_hashes was = hashes_of(table, record);

	ims_parted_move(&table->by_aor, &was, record->number, &none, 0);
	move_dialog(table, ims_subscription_dialog(record), record->number, 0);
	leave_ages(table, record->number);
	ims_subscription_record_free(&table->records, record);
}

/* What it goes by is looked up before it is packed over. */
void ims_subscription_put(struct ims_subscription_table *table,
			  struct ims_subscription_record *was,
			  const struct ims_subscription *about,
			  const char *dialog)
{
	struct ims_parted_hashes before = hashes_of(table, was);
	uint32_t number = was ? was->number : 0;
	struct ims_subscription_record *record;
	struct ims_parted_hashes now;

	if (was)
		leave_ages(table, number);
	record = ims_subscription_pack(&table->records, about, dialog, was);
	if (was && record != was)
		ims_subscription_record_free(&table->records, was);
	now = hashes_of(table, record);
	ims_parted_move(&table->by_aor, &before, number, &now, record->number);
	if (record->number != number)
		move_dialog(table, dialog, number, record->number);
	enter_ages(table, record->number);
}

void ims_subscription_table_clear(struct ims_subscription_table *table)
{
	ims_refs_clear(&table->by_dialog);
	ims_refs_clear(&table->by_aor);
	ims_shared_clear(&table->records.shared);
	ims_depot_clear(&table->records.depot);
	*table = (struct ims_subscription_table){.n = 0};
}
