/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records of what stands, by all that they go by. */
#ifndef IMS_BINDING_TABLE_H
#define IMS_BINDING_TABLE_H

#include "binding_record.h"
#include "refs.h"

/* All zero: none. */
struct ims_binding_table {
	struct ims_binding_records records;
	struct ims_refs by_identity; /* by each of their keys */
	struct ims_refs by_ue;	     /* the last at that address */
	struct ims_refs by_rx;	     /* the last of that Session-Id */
	struct ims_ages ages;
	size_t n;
	size_t size; /* bytes, about, but for what they share */
};

/* Frees all of them. */
void ims_binding_table_clear(struct ims_binding_table *table) IMS_NONNULL_ALL;

/* NULL: none. */
struct ims_binding_record *ims_binding_find(
	const struct ims_binding_table *table,
	const struct ims_identity *identity) IMS_NONNULL_ALL;
struct ims_binding_record *ims_binding_find_at(
	const struct ims_binding_table *table,
	const struct ims_address *ue) IMS_NONNULL_ALL;
struct ims_binding_record *ims_binding_find_rx(
	const struct ims_binding_table *table,
	struct ims_slice session) IMS_NONNULL_ALL;
struct ims_binding_record *ims_binding_oldest(
	const struct ims_binding_table *table) IMS_NONNULL_ALL;

/* Packs the view in the place of what it was (NULL: a new one), of which it
   keeps what is rare, and what that is the last of. It is the youngest. */
struct ims_binding_record *ims_binding_put(struct ims_binding_table *table,
					   struct ims_binding_record *was,
					   const struct ims_binding_view *view)
	IMS_NONNULL(1, 3) IMS_MUST_USE;
/* Frees it. */
void ims_binding_remove(struct ims_binding_table *table,
			struct ims_binding_record *record) IMS_NONNULL_ALL;
/* The youngest from now on. */
void ims_binding_touch(struct ims_binding_table *table,
		       struct ims_binding_record *record) IMS_NONNULL_ALL;
/* The last at the address of its UE from now on. */
void ims_binding_be_of_ue(struct ims_binding_table *table,
			  struct ims_binding_record *record) IMS_NONNULL_ALL;
/* The last of that Rx session from now on, and of no other. */
void ims_binding_be_of_rx(struct ims_binding_table *table,
			  struct ims_binding_record *record,
			  struct ims_slice session) IMS_NONNULL_ALL;

/* NULL: none. */
static inline struct ims_binding_rx *ims_binding_rx(
	const struct ims_binding_table *table,
	const struct ims_binding_record *record)
{
	return ims_binding_rx_of(&table->records, record);
}

#endif
