// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Behind the record: texts with their NULs, of which one that ends another,
 * as a key does the URI that it is of, has no place of its own. Then where
 * in them the subscriber is; of each identity where its key is, its flags,
 * and perhaps when it was terminated; the source, and the legs. An address
 * is its family and its bytes. Nothing of it is aligned.
 */
#include "subscription_record.h"

#include <string.h>

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

struct texts {
	char at[MAX_TEXTS];
	size_t size;
};

struct entries {
	char at[MAX_ENTRIES];
	size_t size;
};

/* Where it is. */
static uint16_t put_text(struct texts *texts, const char *text)
{
	size_t size = strlen(text) + 1;
	const char *found = memmem(texts->at, texts->size, text, size);

	if (!found) {
		found = texts->at + texts->size;
		memcpy(texts->at + texts->size, text, size);
		texts->size += size;
	}
	return (uint16_t)(found - texts->at);
}

static void put(struct entries *entries, const void *value, size_t size)
{
	memcpy(entries->at + entries->size, value, size);
	entries->size += size;
}

static void get(const char **at, void *value, size_t size)
{
	memcpy(value, *at, size);
	*at += size;
}

static size_t length_of(uint8_t family)
{
	return family == 6 ? 16 : family == 4 ? 4 : 0;
}

static void put_address(struct entries *entries,
			const struct ims_address *address)
{
	put(entries, &address->family, 1);
	put(entries, address->bytes, length_of(address->family));
}

static void get_address(const char **at, struct ims_address *address)
{
	*address = (struct ims_address){0};
	get(at, &address->family, 1);
	get(at, address->bytes, length_of(address->family));
}

static void put_aor(struct entries *entries, struct texts *texts,
		    const struct ims_subscription_aor *aor)
{
	uint16_t key = put_text(texts, aor->key);
	uint8_t flags = (aor->is_active ? IS_ACTIVE : 0) |
			(aor->terminated_ns != -1 ? HAS_TERMINATED : 0);

	put(entries, &key, sizeof(key));
	put(entries, &flags, sizeof(flags));
	if (flags & HAS_TERMINATED)
		put(entries, &aor->terminated_ns, sizeof(aor->terminated_ns));
}

static void get_aor(const char **at, struct ims_subscription_aor *aor,
		    const char *texts)
{
	uint16_t key;
	uint8_t flags;

	get(at, &key, sizeof(key));
	get(at, &flags, sizeof(flags));
	*aor = (struct ims_subscription_aor){
		.key = texts + key,
		.is_active = flags & IS_ACTIVE,
		.terminated_ns = -1,
	};
	if (flags & HAS_TERMINATED)
		get(at, &aor->terminated_ns, sizeof(aor->terminated_ns));
}

/* The dialog first, then what is longest. */
static void put_all(struct texts *texts, struct entries *entries,
		    const struct ims_subscription *about, const char *dialog)
{
	uint16_t subscriber = 0;

	put_text(texts, dialog);
	if (about->subscriber)
		subscriber = put_text(texts, about->subscriber);
	put(entries, &subscriber, sizeof(subscriber));
	for (unsigned i = 0; i < about->n_aors; i++)
		put_aor(entries, texts, &about->aors[i]);
	put_address(entries, &about->source);
	for (unsigned i = 0; i < about->n_legs; i++) {
		put_address(entries, &about->legs[i].from);
		put_address(entries, &about->legs[i].to);
	}
}

struct ims_subscription_record *ims_subscription_pack(
	struct ims_shared *shared, const struct ims_subscription *about,
	const char *dialog)
{
	struct texts texts = {.size = 0};
	struct entries entries = {.size = 0};
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
	get(&at, &subscriber, sizeof(subscriber));
	if (record->has_subscriber)
		about->subscriber = record->data + subscriber;
	for (unsigned i = 0; i < record->n_aors; i++)
		get_aor(&at, &about->aors[i], record->data);
	get_address(&at, &about->source);
	for (unsigned i = 0; i < record->n_legs; i++) {
		get_address(&at, &about->legs[i].from);
		get_address(&at, &about->legs[i].to);
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
