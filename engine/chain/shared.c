// SPDX-License-Identifier: GPL-2.0-or-later
#include "shared.h"

#include <glib.h>

struct shared_text {
	uint32_t n; /* have it */
	uint32_t hash;
	char text[];
};

static bool is_it(const void *value, const void *text)
{
	return ims_slice_is(*(const struct ims_slice *)text,
			    ((const struct shared_text *)value)->text);
}

static struct shared_text *text_new(struct ims_shared *shared, uint32_t hash,
				    struct ims_slice text)
{
	struct shared_text *made = g_malloc(sizeof(*made) + text.len + 1);

	made->n = 0;
	made->hash = hash;
	memcpy(made->text, text.at, text.len);
	made->text[text.len] = '\0';
	ims_set_add(&shared->texts, hash, made);
	return made;
}

const char *ims_shared_take(struct ims_shared *shared, struct ims_slice text)
{
	struct shared_text *found;
	uint32_t hash;

	if (!ims_slice_is_set(text))
		return NULL;
	text.len = strnlen(text.at, text.len);
	hash = ims_set_hash_of(text);
	found = ims_set_find(&shared->texts, hash, is_it, &text);
	if (!found)
		found = text_new(shared, hash, text);
	found->n++;
	return found->text;
}

void ims_shared_give(struct ims_shared *shared, const char *text)
{
	struct shared_text *found;

	if (!text)
		return;
	found = (struct shared_text *)(text -
				       G_STRUCT_OFFSET(struct shared_text,
						       text));
	if (--found->n)
		return;
	ims_set_remove(&shared->texts, found->hash, found);
	g_free(found);
}

void ims_shared_clear(struct ims_shared *shared)
{
	ims_set_clear(&shared->texts);
}
