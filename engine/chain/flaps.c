// SPDX-License-Identifier: GPL-2.0-or-later
#include "flaps.h"

#include <ims/digits.h>

#include "check.h"
#include "index.h"
#include "set.h"

#define MINUTE	    (60 * IMS_SECOND)
#define LEAST	    3u /* with a deregistration in between, no matter when */
#define LEAST_AGAIN 4u /* without one, within a minute */
/* A binding for less is renewed within a minute by any UE (TS 24.229 5.1.1.4:
   at half of its time). */
#define LEAST_EXPIRES 120

/* A row is over a minute after its last; finals are told up to that late. */
#define KEPT (2 * MINUTE)

struct row {
	struct ims_rounds rounds; /* first */
	bool told;
	uint32_t hash;
	GList age;
	char key[]; /* of the contact */
};

struct ims_flaps {
	struct ims_set rows; /* struct row */
	GQueue ages;	     /* the longest without a registration first */
	uint64_t let_go;     /* of those that were not over */
};

struct ims_flaps *ims_flaps_new(void)
{
	return g_new0(struct ims_flaps, 1);
}

static void drop(struct ims_flaps *flaps, struct row *row)
{
	ims_set_remove(&flaps->rows, row->hash, row);
	g_queue_unlink(&flaps->ages, &row->age);
	g_free(row);
}

void ims_flaps_free(struct ims_flaps *flaps)
{
	if (!flaps)
		return;
	while (flaps->ages.head)
		drop(flaps, flaps->ages.head->data);
	ims_set_clear(&flaps->rows);
	g_free(flaps);
}

/* +sip.instance="<urn:...>" (RFC 5626 4.1), which outlives ports. */
static struct ims_slice instance_of(const struct ims_sip_address *contact)
{
	static const char name[] = "+sip.instance=\"";
	struct ims_slice params = contact->params;
	size_t start = ims_slice_find_nocase(params, name);
	size_t end = start + sizeof(name) - 1;
	struct ims_slice none = {0};

	while (end < params.len && params.at[end] != '"')
		end++;
	return start < params.len && end < params.len
		       ? ims_slice(params.at + start, end - start)
		       : none;
}

/* "identity device" or "identity host:port"; up to a first NUL of the wire's
   words. */
static char *write_key(const struct ims_identity *identity,
		       struct ims_slice device,
		       const struct ims_sip_address *contact)
{
	bool has_device = ims_slice_is_set(device);
	struct ims_slice where = has_device ? device : contact->host;
	size_t size = ims_identity_size(identity);
	char *key = g_malloc(size + where.len + IMS_DIGITS_MAX + sizeof(" :"));
	char *at = key + size - 1;

	ims_identity_write(key, identity);
	*at++ = ' ';
	if (where.len)
		at = mempcpy(at, where.at, strnlen(where.at, where.len));
	if (!has_device) {
		*at++ = ':';
		at = ims_digits(at, contact->port);
	}
	*at = '\0';
	return key;
}

/* The identity and the device, or where the capture does not name that, the
   contact's host and port. NULL: there is no contact. */
static char *key_of(const struct ims_attempt *attempt)
{
	const struct ims_facts *request =
		ims_journey_request(ims_attempt_last(attempt));
	const struct ims_sip_address *contact;

	if (!request || request->sip->n_contacts == 0)
		return NULL;
	contact = &request->sip->contacts[0].address;
	return write_key(&attempt->impu_read, instance_of(contact), contact);
}

static int64_t last_of(const struct row *row)
{
	return row->rounds.last[row->rounds.n_last - 1].time_ns;
}

/* Rows that are over go; where too many are not, the oldest do, which accuses
   nobody. */
static void make_room(struct ims_flaps *flaps, int64_t now_ns)
{
	while (flaps->ages.head) {
		struct row *oldest = flaps->ages.head->data;

		if (flaps->ages.length < IMS_FLAPS_MAX &&
		    now_ns - last_of(oldest) <= KEPT)
			return;
		flaps->let_go += now_ns - last_of(oldest) <= KEPT;
		drop(flaps, oldest);
	}
}

static bool is_of(const void *value, const void *key)
{
	return strcmp(((const struct row *)value)->key, key) == 0;
}

/* The youngest from now on. */
static struct row *row_of(struct ims_flaps *flaps, const char *key)
{
	uint32_t hash = ims_set_hash_of(ims_slice_of(key));
	struct row *row = ims_set_find(&flaps->rows, hash, is_of, key);

	if (row) {
		g_queue_unlink(&flaps->ages, &row->age);
	} else {
		row = g_malloc0(sizeof(*row) + strlen(key) + 1);
		memcpy(row->key, key, strlen(key) + 1);
		row->hash = hash;
		row->age.data = row;
		ims_set_add(&flaps->rows, hash, row);
	}
	g_queue_push_tail_link(&flaps->ages, &row->age);
	return row;
}

/* Made or made again, and not because its time was running out. */
static bool is_round(const struct ims_attempt *attempt)
{
	if (attempt->outcome != IMS_OUTCOME_REGISTERED || !attempt->final ||
	    (attempt->kind != IMS_KIND_INITIAL &&
	     attempt->kind != IMS_KIND_REFRESH))
		return false;
	return !attempt->before || attempt->expires >= LEAST_EXPIRES;
}

static void append(struct ims_rounds *rounds, const struct ims_attempt *attempt)
{
	if (rounds->n_last == IMS_ROUNDS_KEPT)
		memmove(&rounds->last[0], &rounds->last[1],
			--rounds->n_last * sizeof(rounds->last[0]));
	rounds->last[rounds->n_last++] = (struct ims_round){
		attempt->final->frame, attempt->final->time_ns};
	rounds->n++;
	rounds->n_again += attempt->before != NULL;
}

static bool are_too_many(const struct ims_rounds *rounds)
{
	const struct ims_round *last = &rounds->last[rounds->n_last - 1];

	if (rounds->n >= IMS_ROUNDS_KEPT)
		return true;
	if (!rounds->n_again)
		return rounds->n >= LEAST;
	return rounds->n_last >= LEAST_AGAIN &&
	       last->time_ns - rounds->last[rounds->n_last - LEAST_AGAIN]
				       .time_ns <=
		       MINUTE;
}

const struct ims_rounds *ims_flaps_note(struct ims_flaps *flaps,
					const struct ims_attempt *attempt)
{
	char *key = is_round(attempt) ? key_of(attempt) : NULL;
	int64_t now_ns;
	struct row *row;

	if (!key)
		return NULL;
	now_ns = attempt->final->time_ns;
	make_room(flaps, now_ns);
	row = row_of(flaps, key);
	g_free(key);
	if (row->rounds.n_last && now_ns - last_of(row) > MINUTE) {
		row->rounds = (struct ims_rounds){.n = 0};
		row->told = false;
	}
	if (row->rounds.n == 0)
		row->rounds.first_ns = now_ns;
	append(&row->rounds, attempt);
	if (row->told || !are_too_many(&row->rounds))
		return NULL;
	row->told = true;
	return &row->rounds;
}

uint64_t ims_flaps_let_go(const struct ims_flaps *flaps)
{
	return flaps->let_go;
}
