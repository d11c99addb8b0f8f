// SPDX-License-Identifier: GPL-2.0-or-later
#include "flaps.h"

#include "check.h"
#include "index.h"

#define MINUTE	    (60 * IMS_SECOND)
#define LEAST	    3u /* with a deregistration in between, no matter when */
#define LEAST_AGAIN 4u /* without one, within a minute */
/* A binding for less is renewed within a minute by any UE (TS 24.229 5.1.1.4:
   at half of its time). */
#define LEAST_EXPIRES 120

struct row {
	struct ims_rounds rounds; /* first */
	bool told;
};

struct ims_flaps {
	GHashTable *rows; /* contact -> struct row */
};

struct ims_flaps *ims_flaps_new(void)
{
	struct ims_flaps *flaps = g_new0(struct ims_flaps, 1);

	flaps->rows = g_hash_table_new_full(ims_text_hash, g_str_equal, g_free,
					    g_free);
	return flaps;
}

void ims_flaps_free(struct ims_flaps *flaps)
{
	if (!flaps)
		return;
	g_hash_table_destroy(flaps->rows);
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

/* The identity and the device, or where the capture does not name that, the
   contact's host and port. NULL: there is no contact. */
static char *key_of(const struct ims_attempt *attempt)
{
	const struct ims_facts *request =
		ims_journey_request(ims_attempt_last(attempt));
	const struct ims_sip_address *contact;
	struct ims_slice device;
	char *identity;
	char *key;

	if (!request || request->sip->n_contacts == 0)
		return NULL;
	contact = &request->sip->contacts[0].address;
	device = instance_of(contact);
	identity = ims_identity_key(attempt->impu);
	if (ims_slice_is_set(device))
		key = g_strdup_printf("%s %.*s", identity ? identity : "",
				      IMS_SLICE_ARG(device));
	else
		key = g_strdup_printf("%s %.*s:%u", identity ? identity : "",
				      IMS_SLICE_ARG(contact->host),
				      contact->port);
	g_free(identity);
	return key;
}

static gboolean is_past(gpointer key, gpointer value, gpointer now_ns)
{
	const struct ims_rounds *rounds = value;

	(void)key;
	return *(const int64_t *)now_ns -
		       rounds->last[rounds->n_last - 1].time_ns >
	       MINUTE;
}

/* Rows that are over go first. Where few are, all go, lest each new one should
   look through the table. */
static void make_room(struct ims_flaps *flaps, int64_t now_ns)
{
	if (g_hash_table_size(flaps->rows) < IMS_FLAPS_MAX)
		return;
	g_hash_table_foreach_remove(flaps->rows, is_past, &now_ns);
	if (g_hash_table_size(flaps->rows) > IMS_FLAPS_MAX / 2)
		g_hash_table_remove_all(flaps->rows);
}

static struct row *row_of(struct ims_flaps *flaps, char *key, int64_t now_ns)
{
	struct row *row = g_hash_table_lookup(flaps->rows, key);

	if (row) {
		g_free(key);
		return row;
	}
	make_room(flaps, now_ns);
	row = g_new0(struct row, 1);
	g_hash_table_insert(flaps->rows, key, row);
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
	row = row_of(flaps, key, now_ns);
	if (row->rounds.n_last &&
	    now_ns - row->rounds.last[row->rounds.n_last - 1].time_ns > MINUTE)
		*row = (struct row){.told = false};
	if (row->rounds.n == 0)
		row->rounds.first_ns = now_ns;
	append(&row->rounds, attempt);
	if (row->told || !are_too_many(&row->rounds))
		return NULL;
	row->told = true;
	return &row->rounds;
}
