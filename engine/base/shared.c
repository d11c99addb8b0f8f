// SPDX-License-Identifier: GPL-2.0-or-later
#include "shared.h"

#include <glib.h>

#include "packed.h"
#include "set.h"

struct shared_text {
	uint32_t n; /* have it */
	uint32_t hash;
	uint32_t len;
	char text[]; /* with a NUL */
};

static struct shared_text *at(const struct ims_shared *shared, uint32_t number)
{
	return shared->texts.at[number];
}

static size_t size_of(size_t len)
{
	return offsetof(struct shared_text, text) + len + 1;
}

static uint32_t find(const struct ims_shared *shared, uint32_t hash,
		     struct ims_slice text)
{
	struct ims_refs_walk walk = ims_refs_walk(&shared->numbers, hash);
	uint32_t number;

	while ((number = ims_refs_next(&walk)) &&
	       !ims_slice_equal(ims_shared_bytes(shared, number), text))
		;
	return number;
}

static uint32_t text_new(struct ims_shared *shared, uint32_t hash,
			 struct ims_slice text)
{
	struct shared_text *made = g_malloc(size_of(text.len));
	uint32_t number = ims_numbered_add(&shared->texts, made);

	made->n = 0;
	made->hash = hash;
	made->len = (uint32_t)text.len;
	memcpy(made->text, text.at, text.len);
	made->text[text.len] = '\0';
	ims_refs_add(&shared->numbers, hash, number);
	shared->size += size_of(text.len);
	return number;
}

uint32_t ims_shared_take(struct ims_shared *shared, struct ims_slice text)
{
	uint32_t number;
	uint32_t hash;

	if (!ims_slice_is_set(text) || text.len > INT32_MAX)
		return 0;
	number = shared->last;
	if (!ims_slice_equal(ims_shared_bytes(shared, number), text)) {
		hash = ims_set_hash_of(text);
		number = find(shared, hash, text);
		if (!number)
			number = text_new(shared, hash, text);
		shared->last = number;
	}
	at(shared, number)->n++;
	return number;
}

struct ims_slice ims_shared_bytes(const struct ims_shared *shared,
				  uint32_t number)
{
	const struct shared_text *text;

	if (!number)
		return (struct ims_slice){0};
	text = at(shared, number);
	return ims_slice(text->text, text->len);
}

const char *ims_shared_text(const struct ims_shared *shared, uint32_t number)
{
	return number ? at(shared, number)->text : NULL;
}

void ims_shared_give(struct ims_shared *shared, uint32_t number)
{
	struct shared_text *text;

	if (!number)
		return;
	text = at(shared, number);
	if (--text->n)
		return;
	shared->size -= size_of(text->len);
	if (shared->last == number)
		shared->last = 0;
	ims_refs_remove(&shared->numbers, text->hash, number);
	ims_numbered_remove(&shared->texts, number);
	g_free(text);
}

uint32_t ims_shared_take_address(struct ims_shared *shared,
				 const struct ims_address *address)
{
	char room[sizeof(*address)];
	struct ims_packed packed = {room, 0};

	if (!address->family)
		return 0;
	ims_packed_put_address(&packed, address);
	return ims_shared_take(shared, ims_slice(packed.at, packed.size));
}

struct ims_address ims_shared_address(const struct ims_shared *shared,
				      uint32_t number)
{
	struct ims_slice bytes = ims_shared_bytes(shared, number);
	struct ims_address address = {0};

	if (number)
		ims_packed_get_address(&bytes.at, &address);
	return address;
}

void ims_shared_clear(struct ims_shared *shared)
{
	ims_refs_clear(&shared->numbers);
	ims_numbered_clear(&shared->texts);
	*shared = (struct ims_shared){0};
}
