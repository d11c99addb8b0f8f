// SPDX-License-Identifier: GPL-2.0-or-later
#include "shared.h"

#include <glib.h>

struct shared_text {
	uint32_t n; /* have it */
	uint32_t hash;
	uint32_t len;
	char text[];
};

static bool is_it(const void *value, const void *text)
{
	const struct shared_text *shared = value;

	return ims_slice_equal(*(const struct ims_slice *)text,
			       ims_slice(shared->text, shared->len));
}

static struct shared_text *of(const char *text)
{
	return (struct shared_text *)(text - G_STRUCT_OFFSET(struct shared_text,
							     text));
}

static struct shared_text *text_new(struct ims_shared *shared, uint32_t hash,
				    struct ims_slice text)
{
	struct shared_text *made = g_malloc(sizeof(*made) + text.len + 1);

	made->n = 0;
	made->hash = hash;
	made->len = (uint32_t)text.len;
	memcpy(made->text, text.at, text.len);
	made->text[text.len] = '\0';
	ims_set_add(&shared->texts, hash, made);
	return made;
}

const char *ims_shared_take(struct ims_shared *shared, struct ims_slice text)
{
	struct shared_text *found;
	uint32_t hash;

	if (!ims_slice_is_set(text) || text.len > UINT32_MAX)
		return NULL;
	hash = ims_set_hash_of(text);
	found = ims_set_find(&shared->texts, hash, is_it, &text);
	if (!found)
		found = text_new(shared, hash, text);
	found->n++;
	return found->text;
}

struct ims_slice ims_shared_bytes(const char *text)
{
	return text ? ims_slice(text, of(text)->len) : (struct ims_slice){0};
}

void ims_shared_give(struct ims_shared *shared, const char *text)
{
	struct shared_text *found;

	if (!text)
		return;
	found = of(text);
	if (--found->n)
		return;
	ims_set_remove(&shared->texts, found->hash, found);
	g_free(found);
}

void ims_shared_clear(struct ims_shared *shared)
{
	ims_set_clear(&shared->texts);
}
