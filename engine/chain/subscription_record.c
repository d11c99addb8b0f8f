// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Behind the record: texts with their NULs, of which one that ends another,
 * as a key does the URI that it is of, has no place of its own. Then where
 * in them the subscriber is; of each identity where its key is, its flags,
 * and perhaps when it was terminated; the source, and the legs. An address
 * is its family and its bytes. Nothing of it is aligned.
 */
#include "subscription_record.h"

#include "packed.h"

enum {
	IS_ACTIVE = 1,
	HAS_TERMINATED = 2, /* and the time follows */
};

#define MAX_TEXTS                                                      \
	(IMS_SUBSCRIPTION_MAX_DIALOG + IMS_SUBSCRIPTION_MAX_TEXT + 2 + \
	 IMS_SUBSCRIPTION_MAX_AORS * (IMS_SUBSCRIPTION_MAX_TEXT + 1))
#define MAX_ENTRIES                                         \
	(sizeof(uint16_t) +                                 \
	 IMS_SUBSCRIPTION_MAX_AORS *                        \
		 (sizeof(uint16_t) + 1 + sizeof(int64_t)) + \
	 (1 + 2 * IMS_SUBSCRIPTION_MAX_LEGS) * sizeof(struct ims_address))

G_STATIC_ASSERT(MAX_TEXTS <= UINT16_MAX);

static void put_aor(struct ims_packed *entries, struct ims_packed *texts,
		    const struct ims_subscription_aor *aor)
{
	uint16_t key = ims_packed_put_text(texts, aor->key);
	uint8_t flags = (aor->is_active ? IS_ACTIVE : 0) |
			(aor->terminated_ns != -1 ? HAS_TERMINATED : 0);

	ims_packed_put(entries, &key, sizeof(key));
	ims_packed_put(entries, &flags, sizeof(flags));
	if (flags & HAS_TERMINATED)
		ims_packed_put(entries, &aor->terminated_ns,
			       sizeof(aor->terminated_ns));
}

static void get_aor(const char **at, struct ims_subscription_aor *aor,
		    const char *texts)
{
	uint16_t key;
	uint8_t flags;

	ims_packed_get(at, &key, sizeof(key));
	ims_packed_get(at, &flags, sizeof(flags));
	*aor = (struct ims_subscription_aor){
		.key = texts + key,
		.is_active = flags & IS_ACTIVE,
		.terminated_ns = -1,
	};
	if (flags & HAS_TERMINATED)
		ims_packed_get(at, &aor->terminated_ns,
			       sizeof(aor->terminated_ns));
}

/* The dialog first, then what is longest. */
static void put_all(struct ims_packed *texts, struct ims_packed *entries,
		    const struct ims_subscription *about, const char *dialog)
{
	uint16_t subscriber = 0;

	ims_packed_put_text(texts, dialog);
	if (about->subscriber)
		subscriber = ims_packed_put_text(texts, about->subscriber);
	ims_packed_put(entries, &subscriber, sizeof(subscriber));
	for (unsigned i = 0; i < about->n_aors; i++)
		put_aor(entries, texts, &about->aors[i]);
	ims_packed_put_address(entries, &about->source);
	for (unsigned i = 0; i < about->n_legs; i++) {
		ims_packed_put_address(entries, &about->legs[i].from);
		ims_packed_put_address(entries, &about->legs[i].to);
	}
}

struct ims_subscription_record *ims_subscription_pack(
	struct ims_shared *shared, const struct ims_subscription *about,
	const char *dialog)
{
	char texts_room[MAX_TEXTS];
	char entries_room[MAX_ENTRIES];
	struct ims_packed texts = {texts_room, 0};
	struct ims_packed entries = {entries_room, 0};
	struct ims_subscription_record *record;

	put_all(&texts, &entries, about, dialog);
	record = g_malloc(offsetof(struct ims_subscription_record, data) +
			  texts.size + entries.size);
	*record = (struct ims_subscription_record){
		.notifier =
			ims_shared_take(shared, ims_slice_of(about->notifier)),
		.state = ims_shared_take(shared, ims_slice_of(about->state)),
		.last_number = about->last_frame.number,
		.last_capture = about->last_frame.capture,
		.last_ns = about->last_ns,
		.last_cseq = about->last_cseq,
		.last_answered = about->last_answered,
		.since_ns = about->since_ns,
		.expires_ns = about->expires_ns,
		.ended_ns = about->ended_ns,
		.unread_ns = about->unread_ns,
		.has_subscriber = about->subscriber != NULL,
		.n_aors = (uint8_t)about->n_aors,
		.n_legs = (uint8_t)about->n_legs,
		.texts_size = (uint16_t)texts.size,
	};
	memcpy(record->data, texts.at, texts.size);
	memcpy(record->data + texts.size, entries.at, entries.size);
	return record;
}

void ims_subscription_record_free(struct ims_shared *shared,
				  struct ims_subscription_record *record)
{
	ims_shared_give(shared, record->notifier);
	ims_shared_give(shared, record->state);
	g_free(record);
}

void ims_subscription_unpack(struct ims_subscription *about,
			     const struct ims_subscription_record *record)
{
	const char *at = record->data + record->texts_size;
	uint16_t subscriber;

	*about = (struct ims_subscription){
		.notifier = record->notifier,
		.state = record->state,
		.n_aors = record->n_aors,
		.last_frame = {record->last_capture, record->last_number},
		.last_ns = record->last_ns,
		.last_cseq = record->last_cseq,
		.last_answered = record->last_answered,
		.n_legs = record->n_legs,
		.since_ns = record->since_ns,
		.expires_ns = record->expires_ns,
		.ended_ns = record->ended_ns,
		.unread_ns = record->unread_ns,
	};
	ims_packed_get(&at, &subscriber, sizeof(subscriber));
	if (record->has_subscriber)
		about->subscriber = record->data + subscriber;
	for (unsigned i = 0; i < record->n_aors; i++)
		get_aor(&at, &about->aors[i], record->data);
	ims_packed_get_address(&at, &about->source);
	for (unsigned i = 0; i < record->n_legs; i++) {
		ims_packed_get_address(&at, &about->legs[i].from);
		ims_packed_get_address(&at, &about->legs[i].to);
	}
}

const char *ims_subscription_dialog(
	const struct ims_subscription_record *record)
{
	return record->data;
}

const char *ims_subscription_key(const struct ims_subscription_record *record,
				 unsigned i)
{
	const char *at = record->data + record->texts_size + sizeof(uint16_t);
	struct ims_subscription_aor aor;

	do
		get_aor(&at, &aor, record->data);
	while (i--);
	return aor.key;
}
