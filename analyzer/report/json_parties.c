// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_parties.h"

#include <glib.h>
#include <string.h>

/* Those of a core and of the UEs that are heard at once; each has one place,
   where it takes that of another. */
#define PLACES_BITS 6
#define N_PLACES    (1 << PLACES_BITS)

/* Most texts are no longer: IPv4. */
#define SHORT 32

/* All that a party is, without what lies between its parts. */
struct key {
	uint64_t words[3];
};

struct place {
	struct key key; /* all zero, as no party with an address is: nothing */
	size_t len;
	char text[IMS_JSON_PARTY_TEXT];
};

struct ims_json_parties {
	struct place places[N_PLACES];
};

struct ims_json_parties *ims_json_parties_new(void)
{
	return g_new0(struct ims_json_parties, 1);
}

static struct key key_of(const struct ims_party *party)
{
	const struct ims_endpoint *e = &party->endpoint;
	struct key key;

	memcpy(key.words, e->address.bytes, sizeof(e->address.bytes));
	key.words[2] = (uint64_t)party->role << 32 | (uint64_t)e->port << 8 |
		       e->address.family;
	return key;
}

static bool is_same(const struct key *a, const struct key *b)
{
	return a->words[0] == b->words[0] && a->words[1] == b->words[1] &&
	       a->words[2] == b->words[2];
}

static size_t place_of(const struct key *key)
{
	uint64_t mixed = key->words[0] ^
			 key->words[1] * UINT64_C(0xd1b54a32d192ed03) ^
			 key->words[2] * UINT64_C(0x2545f4914f6cdd1d);

	return mixed * UINT64_C(0x9e3779b97f4a7c15) >> (64 - PLACES_BITS);
}

/* Neither names of roles nor addresses need escapes. */
static void write_text(struct place *place, const struct ims_party *party)
{
	const char *role = ims_role_name(party->role);
	char *at = place->text;

	*at++ = '"';
	if (role) {
		at = stpcpy(at, role);
		*at++ = ' ';
	}
	at = ims_endpoint_put(at, &party->endpoint);
	*at++ = '"';
	*at++ = ',';
	place->len = (size_t)(at - place->text);
}

char *ims_json_parties_put(struct ims_json_parties *parties,
			   char out[IMS_JSON_PARTY_TEXT],
			   const struct ims_party *party)
{
	struct key key = key_of(party);
	struct place *place = &parties->places[place_of(&key)];

	if (!is_same(&place->key, &key)) {
		place->key = key;
		write_text(place, party);
	}
	memcpy(out, place->text, SHORT);
	if (place->len > SHORT)
		memcpy(out + SHORT, place->text + SHORT,
		       IMS_JSON_PARTY_TEXT - SHORT);
	return out + place->len;
}
