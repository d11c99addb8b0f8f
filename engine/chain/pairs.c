// SPDX-License-Identifier: GPL-2.0-or-later
#include "pairs.h"

#include <glib.h>

#include "depot.h"
#include "refs.h"

/* Each subscriber has one of them at his P-CSCF, so they are kept small: what
   is seldom there is aside, and addresses are as long as their family has
   them. */
enum {
	/* what everybody has; bits of enum ims_heard */
	N_USUAL = 2,
	N_RARE = 3,
};

/* One way. */
struct usual {
	int64_t last_ns[N_USUAL];
};

struct rare {
	int64_t last_ns[N_RARE];
	uint32_t flaws_told;
};

struct pair {
	struct usual usual[2]; /* from the lesser address, and to it */
	uint32_t rare;	       /* number of two, likewise; 0: nothing */
	uint8_t families[2];
	uint8_t addresses[]; /* the lesser first */
};

struct ims_pairs {
	struct ims_depot depot; /* struct pair, and what is rare of them */
	struct ims_refs table;	/* struct pair */
	uint64_t let_go;
};

struct key {
	const struct ims_address *address[2]; /* the lesser first */
	unsigned way;			      /* 1: the greater one speaks */
};

/* An order of addresses, whichever: by family, then as numbers. */
static bool is_less(const struct ims_address *a, const struct ims_address *b)
{
	uint64_t x[2];
	uint64_t y[2];

	if (a->family != b->family)
		return a->family < b->family;
	memcpy(x, a->bytes, sizeof(x));
	memcpy(y, b->bytes, sizeof(y));
	return x[0] != y[0] ? x[0] < y[0] : x[1] < y[1];
}

static struct key key_of(const struct ims_address *from,
			 const struct ims_address *to)
{
	if (is_less(to, from))
		return (struct key){{to, from}, 1};
	return (struct key){{from, to}, 0};
}

static uint32_t hash_of(const struct key *key)
{
	return ims_address_hash(key->address[0]) * 31 +
	       ims_address_hash(key->address[1]);
}

/* Lengths that the compiler knows: most are IPv4, and no call then. */
static bool has_bytes(const uint8_t *at, const struct ims_address *address)
{
	if (address->family == 4)
		return memcmp(at, address->bytes, 4) == 0;
	return address->family != 6 || memcmp(at, address->bytes, 16) == 0;
}

static bool is_of(const struct pair *pair, const struct key *key)
{
	const struct ims_address *a = key->address[0];
	const struct ims_address *b = key->address[1];

	return pair->families[0] == a->family &&
	       pair->families[1] == b->family &&
	       has_bytes(pair->addresses, a) &&
	       has_bytes(pair->addresses + ims_family_size(a->family), b);
}

struct ims_pairs *ims_pairs_new(void)
{
	return g_new0(struct ims_pairs, 1);
}

static void forget_all(struct ims_pairs *pairs)
{
	ims_refs_clear(&pairs->table);
	ims_depot_clear(&pairs->depot);
}

void ims_pairs_free(struct ims_pairs *pairs)
{
	if (!pairs)
		return;
	forget_all(pairs);
	g_free(pairs);
}

static struct pair *find(const struct ims_pairs *pairs, const struct key *key)
{
	struct ims_refs_walk walk = ims_refs_walk(&pairs->table, hash_of(key));
	uint32_t number;

	while ((number = ims_refs_next(&walk))) {
		struct pair *pair = ims_depot_at(&pairs->depot, number);

		if (is_of(pair, key))
			return pair;
	}
	return NULL;
}

static struct pair *pair_new(struct ims_pairs *pairs, const struct key *key)
{
	const struct ims_address *a = key->address[0];
	const struct ims_address *b = key->address[1];
	size_t first = ims_family_size(a->family);
	size_t second = ims_family_size(b->family);
	uint32_t number = ims_depot_add(
		&pairs->depot,
		MAX(sizeof(struct pair),
		    offsetof(struct pair, addresses) + first + second));
	struct pair *pair = ims_depot_at(&pairs->depot, number);

	*pair = (struct pair){
		.usual = {{{-1, -1}}, {{-1, -1}}},
		.families = {a->family, b->family},
	};
	memcpy(pair->addresses, a->bytes, first);
	memcpy(pair->addresses + first, b->bytes, second);
	ims_refs_add(&pairs->table, hash_of(key), number);
	return pair;
}

static struct pair *get(struct ims_pairs *pairs, const struct key *key)
{
	struct pair *pair = find(pairs, key);

	if (pair)
		return pair;
	if (pairs->table.n == IMS_PAIRS_MAX) {
		pairs->let_go += pairs->table.n;
		forget_all(pairs);
	}
	return pair_new(pairs, key);
}

static struct rare *rare_of(struct ims_pairs *pairs, struct pair *pair,
			    unsigned way)
{
	static const struct rare none = {.last_ns = {-1, -1, -1}};
	struct rare *rare;

	if (!pair->rare) {
		pair->rare = ims_depot_add(&pairs->depot, 2 * sizeof(*rare));
		rare = ims_depot_at(&pairs->depot, pair->rare);
		rare[0] = rare[1] = none;
	}
	rare = ims_depot_at(&pairs->depot, pair->rare);
	return &rare[way];
}

void ims_pairs_note(struct ims_pairs *pairs, const struct ims_address *from,
		    const struct ims_address *to, unsigned what,
		    int64_t time_ns)
{
	struct key key = key_of(from, to);
	struct pair *pair = get(pairs, &key);

	for (unsigned i = 0; i < N_USUAL; i++)
		if (what & 1u << i)
			pair->usual[key.way].last_ns[i] = time_ns;
	what >>= N_USUAL;
	for (unsigned i = 0; what; i++, what >>= 1)
		if (what & 1)
			rare_of(pairs, pair, key.way)->last_ns[i] = time_ns;
}

struct ims_heard_times ims_pairs_times(const struct ims_pairs *pairs,
				       const struct ims_address *from,
				       const struct ims_address *to)
{
	struct key key = key_of(from, to);
	const struct pair *pair = find(pairs, &key);
	struct ims_heard_times times = {-1, -1, -1, -1, -1};

	if (!pair)
		return times;
	times.sip_ns = pair->usual[key.way].last_ns[0];
	times.other_request_ns = pair->usual[key.way].last_ns[1];
	if (pair->rare) {
		const struct rare *rare =
			ims_depot_at(&pairs->depot, pair->rare);

		times.esp_ns = rare[key.way].last_ns[0];
		times.gap_ns = rare[key.way].last_ns[1];
		times.end_ns = rare[key.way].last_ns[2];
	}
	return times;
}

int64_t ims_pairs_last(const struct ims_pairs *pairs,
		       const struct ims_address *from,
		       const struct ims_address *to, enum ims_heard what)
{
	struct key key = key_of(from, to);
	const struct pair *pair = find(pairs, &key);
	const struct rare *rare;
	unsigned place = (unsigned)g_bit_nth_lsf(what, -1);

	if (pair && place < N_USUAL)
		return pair->usual[key.way].last_ns[place];
	if (!pair || !pair->rare)
		return -1;
	rare = ims_depot_at(&pairs->depot, pair->rare);
	return rare[key.way].last_ns[place - N_USUAL];
}

bool ims_pairs_first_flaws(struct ims_pairs *pairs,
			   const struct ims_address *from,
			   const struct ims_address *to, uint32_t flaws)
{
	struct key key = key_of(from, to);
	struct rare *rare = rare_of(pairs, get(pairs, &key), key.way);
	bool is_new = flaws & ~rare->flaws_told;

	rare->flaws_told |= flaws;
	return is_new;
}

uint64_t ims_pairs_let_go(const struct ims_pairs *pairs)
{
	return pairs->let_go;
}
