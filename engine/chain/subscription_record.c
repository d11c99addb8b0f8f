// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Behind the record: texts (see ims_packed_put_ending), of which the dialog is
 * the first. Then times and numbers; what is shared; in parts (parted.h) the
 * subscriber and the key of each identity; the states of those; who received
 * the last.
 */
#include "subscription_record.h"

#include "packed.h"

enum {
	IS_ACTIVE = 1,
	HAS_TERMINATED = 2, /* and the times follow */
	STATE_BITS = 2,
};

/* That all have. */
#define N_NUMBERS 4u

#define SECOND INT64_C(1000000000)

#define MAX_SHARED (3 + 2 * IMS_SUBSCRIPTION_MAX_LEGS)

#define MAX_TEXTS                                                      \
	(IMS_SUBSCRIPTION_MAX_DIALOG + IMS_SUBSCRIPTION_MAX_TEXT + 2 + \
	 IMS_SUBSCRIPTION_MAX_AORS * (IMS_SUBSCRIPTION_MAX_TEXT + 1))
#define MAX_ENTRIES                                                     \
	((N_NUMBERS + 3 + MAX_SHARED + 1 + IMS_SUBSCRIPTION_MAX_AORS) * \
		 IMS_PACKED_NUMBER_MAX +                                \
	 (IMS_SUBSCRIPTION_MAX_AORS + 1) * IMS_PARTED_MAX +             \
	 sizeof(struct ims_address))

G_STATIC_ASSERT(MAX_TEXTS <= UINT16_MAX);
G_STATIC_ASSERT(IMS_SUBSCRIPTION_MAX_AORS <= IMS_PARTED_MAX_HASHES);
G_STATIC_ASSERT(IMS_SUBSCRIPTION_MAX_AORS < 1 << 5);
G_STATIC_ASSERT(IMS_SUBSCRIPTION_MAX_LEGS < 1 << 3);

/* It is granted for whole seconds, mostly by what was heard last: those are a
   shorter number. */
static bool is_whole(const struct ims_subscription *about)
{
	return about->expires_ns >= about->last_ns &&
	       (about->expires_ns - about->last_ns) % SECOND == 0;
}

static void put_expires(struct ims_packed *entries,
			const struct ims_subscription *about)
{
	int64_t last_ns = about->last_ns;
	int64_t expires = about->expires_ns;

	if (is_whole(about))
		expires = last_ns + (expires - last_ns) / SECOND;
	ims_packed_put_time(entries, expires, last_ns, -1);
}

static int64_t get_expires(const char **at,
			   const struct ims_subscription_record *record)
{
	int64_t last_ns = record->last_ns;
	int64_t expires = ims_packed_get_time(at, last_ns, -1);

	return record->is_whole ? last_ns + (expires - last_ns) * SECOND
				: expires;
}

/* Those that all have first. */
static void put_numbers(struct ims_packed *entries,
			const struct ims_subscription *about)
{
	int64_t last_ns = about->last_ns;

	put_expires(entries, about);
	ims_packed_put_number(entries, about->last_cseq);
	ims_packed_put_time(entries, about->since_ns, last_ns, -1);
	ims_packed_put_number(entries, about->last_frame.number);
	if (about->last_frame.capture)
		ims_packed_put_number(entries, about->last_frame.capture);
	if (about->ended_ns != INT64_MAX)
		ims_packed_put_time(entries, about->ended_ns, last_ns, -1);
	if (about->unread_ns != -1)
		ims_packed_put_time(entries, about->unread_ns, last_ns, -1);
}

static void get_numbers(const char **at, struct ims_subscription *about,
			const struct ims_subscription_record *record)
{
	int64_t last_ns = record->last_ns;

	about->expires_ns = get_expires(at, record);
	about->last_cseq = (uint32_t)ims_packed_get_number(at);
	about->since_ns = ims_packed_get_time(at, last_ns, -1);
	about->last_frame.number = ims_packed_get_number(at);
	about->last_frame.capture = 0;
	if (record->has_capture)
		about->last_frame.capture = (uint32_t)ims_packed_get_number(at);
	about->ended_ns = INT64_MAX;
	if (record->has_ended)
		about->ended_ns = ims_packed_get_time(at, last_ns, -1);
	about->unread_ns = -1;
	if (record->has_unread)
		about->unread_ns = ims_packed_get_time(at, last_ns, -1);
}

/* Notifier, state, and whoever sends, or receives on the way: CSCFs. */
static void put_shared(struct ims_packed *entries, struct ims_shared *shared,
		       const struct ims_subscription *about)
{
	uint32_t numbers[MAX_SHARED] = {
		ims_shared_take(shared, ims_slice_of(about->notifier)),
		ims_shared_take(shared, ims_slice_of(about->state)),
		ims_shared_take_address(shared, &about->source),
	};
	unsigned n = 3;

	for (unsigned i = 0; i < about->n_legs; i++) {
		const struct ims_subscription_leg *leg = &about->legs[i];

		numbers[n++] = ims_shared_take_address(shared, &leg->from);
		if (i + 1 < about->n_legs)
			numbers[n++] =
				ims_shared_take_address(shared, &leg->to);
	}
	for (unsigned i = 0; i < n; i++)
		ims_packed_put_number(entries, numbers[i]);
}

static uint32_t get_shared(const char **at)
{
	return (uint32_t)ims_packed_get_number(at);
}

static unsigned n_shared(const struct ims_subscription_record *record)
{
	return 3u + 2u * record->n_legs - (record->n_legs > 0);
}

static void lay_out_shared(struct ims_subscription *about, const char **at,
			   const struct ims_shared *shared)
{
	about->notifier = ims_shared_text(shared, get_shared(at));
	about->state = ims_shared_text(shared, get_shared(at));
	about->source = ims_shared_address(shared, get_shared(at));
	for (unsigned i = 0; i < about->n_legs; i++) {
		struct ims_subscription_leg *leg = &about->legs[i];

		leg->from = ims_shared_address(shared, get_shared(at));
		if (i + 1 < about->n_legs)
			leg->to = ims_shared_address(shared, get_shared(at));
	}
}

/* Of each identity, in one number. */
static void put_states(struct ims_packed *entries,
		       const struct ims_subscription *about)
{
	uint64_t states = 0;

	for (unsigned i = 0; i < about->n_aors; i++) {
		const struct ims_subscription_aor *aor = &about->aors[i];
		uint64_t state = aor->is_active ? IS_ACTIVE : 0;

		if (aor->terminated_ns != -1)
			state |= HAS_TERMINATED;
		states |= state << STATE_BITS * i;
	}
	ims_packed_put_number(entries, states);
	for (unsigned i = 0; i < about->n_aors; i++)
		if (about->aors[i].terminated_ns != -1)
			ims_packed_put_time(entries,
					    about->aors[i].terminated_ns,
					    about->last_ns, -1);
}

static void get_states(const char **at, struct ims_subscription *about)
{
	uint64_t states = ims_packed_get_number(at);

	for (unsigned i = 0; i < about->n_aors; i++, states >>= STATE_BITS) {
		struct ims_subscription_aor *aor = &about->aors[i];

		aor->is_active = states & IS_ACTIVE;
		aor->terminated_ns = -1;
		if (states & HAS_TERMINATED)
			aor->terminated_ns =
				ims_packed_get_time(at, about->last_ns, -1);
	}
}

/* The subscriber's URI first: its user ends with that of a key. */
static void put_all(struct ims_packed *entries, struct ims_packed *texts,
		    struct ims_shared *shared,
		    const struct ims_subscription *about, const char *dialog)
{
	ims_packed_put_text(texts, ims_slice_of(dialog));
	put_numbers(entries, about);
	put_shared(entries, shared, about);
	if (about->subscriber)
		ims_parted_put(entries, texts, shared, about->subscriber);
	for (unsigned i = 0; i < about->n_aors; i++)
		ims_parted_put(entries, texts, shared, about->aors[i].key);
	put_states(entries, about);
	if (about->n_legs)
		ims_packed_put_address(entries,
				       &about->legs[about->n_legs - 1].to);
}

static const char *entries_of(const struct ims_subscription_record *record)
{
	return record->data + record->texts_size;
}

static const char *shared_of(const struct ims_subscription_record *record)
{
	const char *at = entries_of(record);

	ims_packed_skip_numbers(&at, N_NUMBERS + record->has_capture +
					     record->has_ended +
					     record->has_unread);
	return at;
}

static void give_shared(struct ims_shared *shared,
			const struct ims_subscription_record *record)
{
	const char *at = shared_of(record);

	for (unsigned i = 0; i < n_shared(record); i++)
		ims_shared_give(shared, get_shared(&at));
	for (int i = 0; i < record->has_subscriber + record->n_aors; i++)
		ims_parted_give(&at, shared);
}

void ims_subscription_record_free(struct ims_subscription_records *records,
				  struct ims_subscription_record *record)
{
	give_shared(&records->shared, record);
	ims_depot_remove(&records->depot, record->number);
}

/* One with room for so much behind it. */
static struct ims_subscription_record *record_get(
	struct ims_subscription_records *records, size_t size,
	struct ims_subscription_record *over)
{
	uint32_t number;

	size = MAX(sizeof(*over),
		   offsetof(struct ims_subscription_record, data) + size);
	if (over && ims_depot_fits(&records->depot, over->number, size)) {
		give_shared(&records->shared, over);
		return over;
	}
	number = ims_depot_add(&records->depot, size);
	over = ims_subscription_record_at(records, number);
	*over = (struct ims_subscription_record){.number = number};
	return over;
}

struct ims_subscription_record *ims_subscription_pack(
	struct ims_subscription_records *records,
	const struct ims_subscription *about, const char *dialog,
	struct ims_subscription_record *over)
{
	char texts_room[MAX_TEXTS];
	char entries_room[MAX_ENTRIES];
	struct ims_packed texts = {texts_room, 0};
	struct ims_packed entries = {entries_room, 0};
	struct ims_subscription_record *record;

	put_all(&entries, &texts, &records->shared, about, dialog);
	record = record_get(records, texts.size + entries.size, over);
	record->last_ns = about->last_ns;
	record->texts_size = (uint16_t)texts.size;
	record->n_aors = about->n_aors & 0x1f;
	record->n_legs = about->n_legs & 0x7;
	record->last_answered = about->last_answered;
	record->has_subscriber = about->subscriber != NULL;
	record->is_whole = is_whole(about);
	record->has_capture = about->last_frame.capture != 0;
	record->has_ended = about->ended_ns != INT64_MAX;
	record->has_unread = about->unread_ns != -1;
	memcpy(record->data, texts.at, texts.size);
	memcpy(record->data + texts.size, entries.at, entries.size);
	return record;
}

static void lay_out_identities(struct ims_subscription *about, const char **at,
			       struct ims_arena *arena,
			       const struct ims_shared *shared,
			       const struct ims_subscription_record *record)
{
	if (record->has_subscriber)
		about->subscriber = ims_parted_text(
			ims_parted_get(at, record->data, shared), arena);
	for (unsigned i = 0; i < record->n_aors; i++) {
		const char *key = ims_parted_text(
			ims_parted_get(at, record->data, shared), arena);

		about->aors[i].key = key ? key : "";
	}
}

void ims_subscription_unpack(struct ims_subscription *about,
			     struct ims_arena *arena,
			     const struct ims_subscription_records *records,
			     const struct ims_subscription_record *record)
{
	const struct ims_shared *shared = &records->shared;
	const char *at = entries_of(record);

	*about = (struct ims_subscription){
		.n_aors = record->n_aors,
		.last_ns = record->last_ns,
		.last_answered = record->last_answered,
		.n_legs = record->n_legs,
	};
	get_numbers(&at, about, record);
	lay_out_shared(about, &at, shared);
	lay_out_identities(about, &at, arena, shared, record);
	get_states(&at, about);
	if (about->n_legs)
		ims_packed_get_address(&at, &about->legs[about->n_legs - 1].to);
}

int64_t ims_subscription_end(const struct ims_subscription_record *record)
{
	const char *at = entries_of(record);
	struct ims_subscription about;

	get_numbers(&at, &about, record);
	return MIN(about.expires_ns, about.ended_ns);
}

uint32_t ims_subscription_last_cseq(
	const struct ims_subscription_record *record)
{
	const char *at = entries_of(record);

	ims_packed_skip_numbers(&at, 1);
	return (uint32_t)ims_packed_get_number(&at);
}

int64_t ims_subscription_since(const struct ims_subscription_record *record)
{
	const char *at = entries_of(record);

	ims_packed_skip_numbers(&at, 2);
	return ims_packed_get_time(&at, record->last_ns, -1);
}

const char *ims_subscription_dialog(
	const struct ims_subscription_record *record)
{
	return record->data;
}

static const char *keys_of(const struct ims_subscription_record *record)
{
	const char *at = shared_of(record);

	ims_packed_skip_numbers(&at,
				n_shared(record) + record->has_subscriber *
							   IMS_PARTED_NUMBERS);
	return at;
}

bool ims_subscription_tells_of(const struct ims_subscription_records *records,
			       const struct ims_subscription_record *record,
			       const struct ims_identity *identity)
{
	return ims_parted_find(keys_of(record), record->n_aors, record->data,
			       &records->shared, identity) < record->n_aors;
}

struct ims_parted_hashes ims_subscription_hashes(
	const struct ims_subscription_records *records,
	const struct ims_subscription_record *record)
{
	return ims_parted_hashes_of(keys_of(record), record->n_aors,
				    record->data, &records->shared);
}
