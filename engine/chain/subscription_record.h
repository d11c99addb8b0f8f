/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subscription at rest: all of it in one piece of memory, since each
 * subscriber who is registered has one or more. It is laid open for who
 * reads or changes it, and packed anew.
 */
#ifndef IMS_SUBSCRIPTION_RECORD_H
#define IMS_SUBSCRIPTION_RECORD_H

#include "depot.h"
#include "parted.h"
#include "subscriptions.h"

struct ims_subscription_record {
	struct ims_age age; /* first */
	/* As in struct ims_subscription, like what is packed behind. */
	int64_t last_ns;
	uint32_t number; /* its own */
	uint16_t texts_size;
	uint8_t n_aors : 5;
	uint8_t n_legs : 3;
	bool last_answered : 1;
	bool is_whole : 1;    /* seconds until it expires, since the last */
	bool has_capture : 1; /* another than the first */
	bool has_subscriber : 1;
	bool has_ended : 1;
	bool has_unread : 1;
	char data[]; /* see subscription_record.c */
};

/* Records, and what they share. All zero: none. */
struct ims_subscription_records {
	struct ims_depot depot;
	struct ims_shared shared;
};

static inline struct ims_subscription_record *ims_subscription_record_at(
	const struct ims_subscription_records *records, uint32_t number)
{
	return ims_depot_at(&records->depot, number);
}

/* What is told of in `about`: over a record that it was (NULL: none), which
   keeps its number, if it fits there; else a new one. Who it is by age is the
   caller's. Never NULL. */
struct ims_subscription_record *ims_subscription_pack(
	struct ims_subscription_records *records,
	const struct ims_subscription *about, const char *dialog,
	struct ims_subscription_record *over) IMS_NONNULL(1, 2, 3) IMS_MUST_USE;
void ims_subscription_record_free(struct ims_subscription_records *records,
				  struct ims_subscription_record *record)
	IMS_NONNULL_ALL;

/* Lays it open. Texts stay where they are until the record is freed; those of
   identities go to `arena`, and are not there when it has no memory. */
void ims_subscription_unpack(
	struct ims_subscription *about, struct ims_arena *arena,
	const struct ims_subscription_records *records,
	const struct ims_subscription_record *record) IMS_NONNULL_ALL;

/* When it ends: as granted or as seen, whichever is earlier. */
int64_t ims_subscription_end(const struct ims_subscription_record *record)
	IMS_NONNULL_ALL;
int64_t ims_subscription_since(const struct ims_subscription_record *record)
	IMS_NONNULL_ALL;
uint32_t ims_subscription_last_cseq(
	const struct ims_subscription_record *record) IMS_NONNULL_ALL;
const char *ims_subscription_dialog(
	const struct ims_subscription_record *record) IMS_NONNULL_ALL;

/* Whether it tells of the identity. */
bool ims_subscription_tells_of(const struct ims_subscription_records *records,
			       const struct ims_subscription_record *record,
			       const struct ims_identity *identity)
	IMS_NONNULL_ALL;
/* Of the keys of its identities. */
struct ims_parted_hashes ims_subscription_hashes(
	const struct ims_subscription_records *records,
	const struct ims_subscription_record *record) IMS_NONNULL_ALL;

#endif
