// SPDX-License-Identifier: GPL-2.0-or-later
#include "binding_table.h"

#include <glib.h>

#include "set.h"

/* NULL: no more. */
static struct ims_binding_record *next(const struct ims_binding_table *table,
				       struct ims_refs_walk *walk)
{
	uint32_t number = ims_refs_next(walk);

	return number ? ims_binding_record_at(&table->records, number) : NULL;
}

struct ims_binding_record *ims_binding_find(
	const struct ims_binding_table *table,
	const struct ims_identity *identity)
{
	struct ims_refs_walk walk =
		ims_refs_walk(&table->by_identity, identity->hash);
	struct ims_binding_record *record;

	while ((record = next(table, &walk)))
		if (ims_binding_record_bit(&table->records, record, identity))
			break;
	return record;
}

struct ims_binding_record *ims_binding_find_at(
	const struct ims_binding_table *table, const struct ims_address *ue)
{
	struct ims_refs_walk walk =
		ims_refs_walk(&table->by_ue, ims_address_hash(ue));
	struct ims_binding_record *record;

	while ((record = next(table, &walk))) {
		struct ims_endpoint own = ims_binding_record_ue(record);

		if (ims_address_equal(&own.address, ue))
			break;
	}
	return record;
}

struct ims_binding_record *ims_binding_find_rx(
	const struct ims_binding_table *table, struct ims_slice session)
{
	struct ims_refs_walk walk =
		ims_refs_walk(&table->by_rx, ims_set_hash_of(session));
	struct ims_binding_record *record;

	while ((record = next(table, &walk)))
		if (ims_slice_is(session,
				 ims_binding_rx(table, record)->session))
			break;
	return record;
}

struct ims_binding_record *ims_binding_oldest(
	const struct ims_binding_table *table)
{
	return table->ages.oldest ? ims_binding_record_at(&table->records,
							  table->ages.oldest)
				  : NULL;
}

static uint32_t hash_of_ue(const struct ims_binding_record *record)
{
	struct ims_endpoint ue = ims_binding_record_ue(record);

	return ims_address_hash(&ue.address);
}

static void leave_ue(struct ims_binding_table *table,
		     struct ims_binding_record *record)
{
	if (record->is_of_ue)
		ims_refs_remove(&table->by_ue, hash_of_ue(record),
				record->number);
	record->is_of_ue = false;
}

void ims_binding_be_of_ue(struct ims_binding_table *table,
			  struct ims_binding_record *record)
{
	struct ims_endpoint ue = ims_binding_record_ue(record);
	struct ims_binding_record *other;

	if (record->is_of_ue)
		return;
	other = ims_binding_find_at(table, &ue.address);
	if (other)
		leave_ue(table, other);
	ims_refs_add(&table->by_ue, hash_of_ue(record), record->number);
	record->is_of_ue = true;
}

static uint32_t hash_of_rx(const struct ims_binding_rx *rx)
{
	return ims_set_hash_of(ims_slice_of(rx->session));
}

static void leave_rx(struct ims_binding_table *table,
		     struct ims_binding_record *record)
{
	struct ims_binding_rx *rx = ims_binding_rx(table, record);

	if (!rx || !rx->is_last)
		return;
	ims_refs_remove(&table->by_rx, hash_of_rx(rx), record->number);
	rx->is_last = false;
}

static void enter_rx(struct ims_binding_table *table,
		     struct ims_binding_record *record)
{
	struct ims_binding_rx *rx = ims_binding_rx(table, record);

	ims_refs_add(&table->by_rx, hash_of_rx(rx), record->number);
	rx->is_last = true;
}

void ims_binding_be_of_rx(struct ims_binding_table *table,
			  struct ims_binding_record *record,
			  struct ims_slice session)
{
	struct ims_binding_rx *rx = ims_binding_rx_get(&table->records, record);
	struct ims_binding_record *other;

	leave_rx(table, record);
	g_free(rx->session);
	rx->session = g_strndup(session.at, session.len);
	rx->end_ns = 0;
	other = ims_binding_find_rx(table, ims_slice_of(rx->session));
	if (other)
		leave_rx(table, other);
	enter_rx(table, record);
}

/* How large it is, about, for the bound. */
static size_t size_of(const struct ims_binding_record *record)
{
	return sizeof(*record) + record->texts_size;
}

void ims_binding_touch(struct ims_binding_table *table,
		       struct ims_binding_record *record)
{
	ims_ages_remove(&table->ages, &table->records.depot, record->number);
	ims_ages_add(&table->ages, &table->records.depot, record->number);
}

/* Among those there are, the youngest of them. */
static void count(struct ims_binding_table *table,
		  struct ims_binding_record *record)
{
	ims_ages_add(&table->ages, &table->records.depot, record->number);
	table->n++;
	table->size += size_of(record);
}

static void discount(struct ims_binding_table *table,
		     struct ims_binding_record *record)
{
	ims_ages_remove(&table->ages, &table->records.depot, record->number);
	table->n--;
	table->size -= size_of(record);
}

static struct ims_parted_hashes hashes_of(
	const struct ims_binding_table *table,
	const struct ims_binding_record *record)
{
	return record ? ims_binding_record_hashes(&table->records, record)
		      : (struct ims_parted_hashes){.n = 0};
}

void ims_binding_remove(struct ims_binding_table *table,
			struct ims_binding_record *record)
{
	const struct ims_parted_hashes none = {.n = 0};
	struct ims_parted_hashes was = hashes_of(table, record);

	ims_parted_move(&table->by_identity, &was, record->number, &none, 0);
	leave_ue(table, record);
	leave_rx(table, record);
	discount(table, record);
	ims_binding_record_free(&table->records, record);
}

/* Over what it was, or with what is rare of that for its own. */
static struct ims_binding_record *pack(struct ims_binding_table *table,
				       const struct ims_binding_view *view,
				       struct ims_binding_record *was)
{
	struct ims_binding_record *record =
		ims_binding_pack(&table->records, view, was);

	if (was && record != was) {
		record->rare = was->rare;
		was->rare = 0;
		ims_binding_record_free(&table->records, was);
	}
	return record;
}

/* What it goes by is looked up before it is packed over. */
static struct ims_binding_record *put(struct ims_binding_table *table,
				      struct ims_binding_record *was,
				      const struct ims_binding_view *view)
{
	struct ims_parted_hashes before = hashes_of(table, was);
	uint32_t number = was ? was->number : 0;
	struct ims_binding_record *record = pack(table, view, was);
	struct ims_parted_hashes now = hashes_of(table, record);

	ims_parted_move(&table->by_identity, &before, number, &now,
			record->number);
	return record;
}

struct ims_binding_record *ims_binding_put(struct ims_binding_table *table,
					   struct ims_binding_record *was,
					   const struct ims_binding_view *view)
{
	const struct ims_binding_rx *rx =
		was ? ims_binding_rx(table, was) : NULL;
	bool is_of_rx = rx && rx->is_last;
	bool is_of_ue = was && was->is_of_ue;
	struct ims_binding_record *record;

	if (was) {
		leave_ue(table, was);
		leave_rx(table, was);
		discount(table, was);
	}
	record = put(table, was, view);
	count(table, record);
	if (is_of_rx)
		enter_rx(table, record);
	if (is_of_ue)
		ims_binding_be_of_ue(table, record);
	return record;
}

void ims_binding_table_clear(struct ims_binding_table *table)
{
	while (table->n)
		ims_binding_remove(table, ims_binding_oldest(table));
	ims_refs_clear(&table->by_identity);
	ims_refs_clear(&table->by_ue);
	ims_refs_clear(&table->by_rx);
	ims_binding_records_clear(&table->records);
}
