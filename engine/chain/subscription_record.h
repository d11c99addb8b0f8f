/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subscription at rest: all of it in one piece of memory, since each
 * subscriber who is registered has one or more. It is laid open for who
 * reads or changes it, and packed anew.
 */
#ifndef IMS_SUBSCRIPTION_RECORD_H
#define IMS_SUBSCRIPTION_RECORD_H

#include <sys/queue.h>

#include "shared.h"
#include "subscriptions.h"

struct ims_subscription_record {
	TAILQ_ENTRY(ims_subscription_record) age;
	const char *notifier; /* shared */
	const char *state;    /* shared */
	/* As in struct ims_subscription. */
	uint64_t last_number;
	int64_t last_ns;
	int64_t since_ns;
	int64_t expires_ns;
	int64_t ended_ns;
	int64_t unread_ns;
	uint32_t last_capture;
	uint32_t last_cseq;
	uint32_t hash;	 /* of the dialog */
	uint32_t serial; /* of those that were made */
	bool last_answered : 1;
	bool has_subscriber : 1;
	uint8_t n_aors;
	uint8_t n_legs;
	uint16_t texts_size;
	char data[]; /* see subscription_record.c */
};

/*
 * Packs what is told of in `about`. Its notifier and state are taken from
 * `shared`, for which ims_subscription_record_free gives them back; who it is
 * by age and serial is the caller's. Never NULL.
 */
struct ims_subscription_record *ims_subscription_pack(
	struct ims_shared *shared, const struct ims_subscription *about,
	const char *dialog) IMS_NONNULL_ALL IMS_MUST_USE;
void ims_subscription_record_free(struct ims_shared *shared,
				  struct ims_subscription_record *record)
	IMS_NONNULL_ALL;

/* Lays it open; texts are borrowed from the record, and stay where they are
   until it is freed. */
void ims_subscription_unpack(struct ims_subscription *about,
			     const struct ims_subscription_record *record)
	IMS_NONNULL_ALL;

const char *ims_subscription_dialog(
	const struct ims_subscription_record *record) IMS_NONNULL_ALL;
/* The key of its identity number i, which is less than n_aors. */
const char *ims_subscription_key(const struct ims_subscription_record *record,
				 unsigned i) IMS_NONNULL_ALL;

#endif
