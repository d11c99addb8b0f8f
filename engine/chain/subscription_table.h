/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records of subscriptions, by all that they go by. */
#ifndef IMS_SUBSCRIPTION_TABLE_H
#define IMS_SUBSCRIPTION_TABLE_H

#include "refs.h"
#include "subscription_record.h"

/* All zero: none. */
struct ims_subscription_table {
	struct ims_subscription_records records;
	struct ims_refs by_dialog;
	struct ims_refs by_aor; /* under each of its identities */
	struct ims_ages ages;	/* the longest silent first */
	unsigned n;
};

/* Those that tell of one identity, the oldest first. */
struct ims_subscriptions_same {
	struct ims_subscription_record *at[IMS_SUBSCRIPTIONS_SAME_AOR];
	unsigned n;
};

/* Frees all of them. */
void ims_subscription_table_clear(struct ims_subscription_table *table)
	IMS_NONNULL_ALL;

/* NULL: none. */
struct ims_subscription_record *ims_subscription_find(
	const struct ims_subscription_table *table,
	const char *dialog) IMS_NONNULL_ALL;
void ims_subscription_find_same(struct ims_subscriptions_same *same,
				const struct ims_subscription_table *table,
				const char *key) IMS_NONNULL_ALL;
/* The longest silent; NULL: there is none. */
struct ims_subscription_record *ims_subscription_oldest(
	const struct ims_subscription_table *table) IMS_NONNULL_ALL;

/* Packs it in the place of what it was (NULL: a new one); identities may have
   been added. It is the youngest. */
void ims_subscription_put(struct ims_subscription_table *table,
			  struct ims_subscription_record *was,
			  const struct ims_subscription *about,
			  const char *dialog) IMS_NONNULL(1, 3, 4);
/* Frees it. */
void ims_subscription_remove(struct ims_subscription_table *table,
			     struct ims_subscription_record *record)
	IMS_NONNULL_ALL;

#endif
