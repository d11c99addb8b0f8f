// SPDX-License-Identifier: GPL-2.0-or-later
#include "endings.h"

#include "index.h"
#include "set.h"

struct record {
	struct ims_ending about; /* first */
	GList age;
	uint32_t hash;
	char key[];
};

struct ims_endings {
	struct ims_set by_identity; /* struct record */
	GQueue ages;		    /* the longest without a sign first */
	int64_t all_ns;		    /* of a sign that counts for everybody */
	uint64_t let_go;
};

struct ims_endings *ims_endings_new(void)
{
	struct ims_endings *e = g_new0(struct ims_endings, 1);

	g_queue_init(&e->ages);
	e->all_ns = INT64_MIN;
	return e;
}

static void drop(struct ims_endings *e, struct record *record)
{
	ims_set_remove(&e->by_identity, record->hash, record);
	g_queue_unlink(&e->ages, &record->age);
	g_free(record);
}

void ims_endings_free(struct ims_endings *e)
{
	if (!e)
		return;
	while (e->ages.head)
		drop(e, e->ages.head->data);
	ims_set_clear(&e->by_identity);
	g_free(e);
}

static bool is_of(const void *value, const void *identity)
{
	return ims_identity_is(identity, ((const struct record *)value)->key);
}

static struct record *find(const struct ims_endings *e,
			   const struct ims_identity *identity)
{
	if (!ims_slice_is_set(identity->user))
		return NULL;
	return ims_set_find(&e->by_identity, identity->hash, is_of, identity);
}

static struct record *lookup(const struct ims_endings *e, struct ims_slice text)
{
	struct ims_identity identity;

	if (!e->by_identity.n || !ims_identity_read(&identity, text))
		return NULL;
	return find(e, &identity);
}

static void forget_oldest(struct ims_endings *e)
{
	struct record *oldest = e->ages.head->data;

	ims_endings_sign_all(e, oldest->about.sign_ns);
	e->let_go++;
	drop(e, oldest);
}

/* The identity's record, the youngest from now on; NULL: no identity. */
static struct record *get(struct ims_endings *e, struct ims_slice text)
{
	struct ims_identity identity;
	struct record *record;

	if (!ims_identity_read(&identity, text))
		return NULL;
	record = find(e, &identity);
	if (record) {
		g_queue_unlink(&e->ages, &record->age);
		g_queue_push_tail_link(&e->ages, &record->age);
		return record;
	}
	if (e->ages.length == IMS_ENDINGS_MAX)
		forget_oldest(e);
	record = g_malloc0(sizeof(*record) + text.len + 1);
	record->hash = identity.hash;
	ims_identity_write(record->key, &identity);
	record->age.data = record;
	record->about.sign_ns = INT64_MIN;
	record->about.ended_ns = -1;
	record->about.asked_ns = -1;
	ims_set_add(&e->by_identity, record->hash, record);
	g_queue_push_tail_link(&e->ages, &record->age);
	return record;
}

void ims_endings_sign(struct ims_endings *e, struct ims_slice identity,
		      int64_t time_ns)
{
	struct record *record = get(e, identity);

	if (record)
		record->about.sign_ns = MAX(record->about.sign_ns, time_ns);
}

void ims_endings_ask(struct ims_endings *e, struct ims_slice identity,
		     int64_t time_ns)
{
	struct record *record = get(e, identity);

	if (!record)
		return;
	record->about.sign_ns = MAX(record->about.sign_ns, time_ns);
	if (record->about.asked_ns < 0)
		record->about.asked_ns = time_ns;
}

void ims_endings_sign_all(struct ims_endings *e, int64_t time_ns)
{
	e->all_ns = MAX(e->all_ns, time_ns);
}

void ims_endings_confirm(struct ims_endings *e, struct ims_slice identity,
			 const struct ims_ending *how)
{
	struct record *record = get(e, identity);
	struct ims_ending before;

	if (!record)
		return;
	before = record->about;
	record->about = *how;
	record->about.sign_ns = MAX(before.sign_ns, how->ended_ns);
	record->about.asked_ns = before.asked_ns;
}

void ims_endings_withdraw(struct ims_endings *e,
			  const struct ims_identity *identity, int64_t since_ns)
{
	struct record *record = find(e, identity);

	if (!record)
		return;
	record->about.ended_ns = -1;
	if (record->about.asked_ns < since_ns)
		record->about.asked_ns = -1;
}

bool ims_endings_asked(const struct ims_endings *e,
		       const struct ims_identity *identity, int64_t when_ns)
{
	const struct record *record = find(e, identity);

	return record && record->about.asked_ns >= 0 &&
	       record->about.asked_ns < when_ns;
}

bool ims_endings_doubt(const struct ims_endings *e, struct ims_slice identity,
		       int64_t since_ns)
{
	const struct record *record = lookup(e, identity);

	return e->all_ns > since_ns ||
	       (record && record->about.sign_ns > since_ns);
}

const struct ims_ending *ims_endings_last(const struct ims_endings *e,
					  struct ims_slice identity)
{
	const struct record *record = lookup(e, identity);

	if (!record || record->about.ended_ns < 0 ||
	    record->about.sign_ns > record->about.ended_ns ||
	    e->all_ns > record->about.ended_ns)
		return NULL;
	return &record->about;
}

uint64_t ims_endings_let_go(const struct ims_endings *e)
{
	return e->let_go;
}
