// SPDX-License-Identifier: GPL-2.0-or-later
#include "parted.h"

/* A shorter one costs less in the record. */
#define LEAST_TAIL 8u

void ims_parted_put(struct ims_packed *entries, struct ims_packed *texts,
		    struct ims_shared *shared, const char *text)
{
	size_t len = strlen(text);
	const char *at = memchr(text, '@', len);
	const char *end = text + len;
	uint32_t tail = 0;

	if (at && end - at >= (ptrdiff_t)LEAST_TAIL) {
		tail = ims_shared_take(shared,
				       ims_slice(at, (size_t)(end - at)));
		end = at;
	}
	ims_packed_put_number(
		entries, ims_packed_put_ending(
				 texts, ims_slice(text, (size_t)(end - text))));
	ims_packed_put_number(entries, tail);
}

struct ims_parted ims_parted_get(const char **at, const char *texts,
				 const struct ims_shared *shared)
{
	const char *head = texts + ims_packed_get_number(at);
	uint32_t tail = (uint32_t)ims_packed_get_number(at);

	return (struct ims_parted){head, ims_shared_bytes(shared, tail)};
}

void ims_parted_give(const char **at, struct ims_shared *shared)
{
	ims_packed_get_number(at);
	ims_shared_give(shared, (uint32_t)ims_packed_get_number(at));
}

const char *ims_parted_text(struct ims_parted parted, struct ims_arena *arena)
{
	size_t head_len = strlen(parted.head);
	size_t len = head_len + parted.tail.len;
	char *text = ims_arena_take(arena, len + 1);

	if (!text)
		return NULL;
	memcpy(text, parted.head, head_len);
	if (parted.tail.len)
		memcpy(text + head_len, parted.tail.at, parted.tail.len);
	text[len] = '\0';
	return text;
}

static struct ims_slice domain_of(struct ims_parted parted)
{
	return ims_slice(parted.tail.at + 1, parted.tail.len - 1);
}

bool ims_parted_is(struct ims_parted parted,
		   const struct ims_identity *identity)
{
	if (!parted.tail.at)
		return ims_identity_is(identity, parted.head);
	return ims_slice_is_set(identity->host) &&
	       ims_slice_is(identity->user, parted.head) &&
	       ims_slice_equal_nocase(identity->host, domain_of(parted));
}

unsigned ims_parted_find(const char *at, unsigned n, const char *texts,
			 const struct ims_shared *shared,
			 const struct ims_identity *identity)
{
	unsigned i = 0;

	while (i < n &&
	       !ims_parted_is(ims_parted_get(&at, texts, shared), identity))
		i++;
	return i;
}

static uint32_t hash_of(struct ims_parted key)
{
	struct ims_identity identity =
		key.tail.at ? ims_identity_of(ims_slice_of(key.head),
					      domain_of(key))
			    : ims_identity_of_key(key.head);

	return identity.hash;
}

static void add_hash(struct ims_parted_hashes *hashes, uint32_t hash)
{
	for (unsigned i = 0; i < hashes->n; i++)
		if (hashes->at[i] == hash)
			return;
	hashes->at[hashes->n++] = hash;
}

struct ims_parted_hashes ims_parted_hashes_of(const char *at, unsigned n,
					      const char *texts,
					      const struct ims_shared *shared)
{
	struct ims_parted_hashes hashes = {.n = 0};

	while (n--)
		add_hash(&hashes, hash_of(ims_parted_get(&at, texts, shared)));
	return hashes;
}

static bool same_hashes(const struct ims_parted_hashes *a,
			const struct ims_parted_hashes *b)
{
	return a->n == b->n &&
	       memcmp(a->at, b->at, a->n * sizeof(a->at[0])) == 0;
}

void ims_parted_move(struct ims_refs *table,
		     const struct ims_parted_hashes *was, uint32_t before,
		     const struct ims_parted_hashes *now, uint32_t number)
{
	if (before == number && same_hashes(was, now))
		return;
	for (unsigned i = 0; before && i < was->n; i++)
		ims_refs_remove(table, was->at[i], before);
	for (unsigned i = 0; number && i < now->n; i++)
		ims_refs_add(table, now->at[i], number);
}
