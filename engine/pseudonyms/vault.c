// SPDX-License-Identifier: GPL-2.0-or-later
#include "vault.h"

#include <string.h>

static GHashTable *table_new(void)
{
	return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
				     g_free);
}

void ims_vault_init(struct ims_vault *vault)
{
	vault->young = table_new();
	vault->old = table_new();
}

void ims_vault_fini(struct ims_vault *vault)
{
	g_hash_table_destroy(vault->young);
	g_hash_table_destroy(vault->old);
}

static gint64 key_of(char room, struct ims_slice name)
{
	return (gint64)(ims_slice_hash(name) + (uint64_t)(unsigned char)room);
}

static struct ims_vault_entry *find(struct ims_vault *vault, gint64 key)
{
	struct ims_vault_entry *entry = g_hash_table_lookup(vault->young, &key);

	return entry ? entry : g_hash_table_lookup(vault->old, &key);
}

/* As young, and empty at first. */
static struct ims_vault_entry *renew(struct ims_vault *vault, gint64 key)
{
	struct ims_vault_entry *old = find(vault, key);
	struct ims_vault_entry *entry = g_new0(struct ims_vault_entry, 1);
	gint64 *kept = g_new(gint64, 1);

	if (old)
		*entry = *old;
	*kept = key;
	if (g_hash_table_size(vault->young) >= IMS_VAULT_MAX) {
		g_hash_table_destroy(vault->old);
		vault->old = vault->young;
		vault->young = table_new();
	}
	g_hash_table_replace(vault->young, kept, entry);
	return entry;
}

static bool holds(const struct ims_vault_entry *entry, struct ims_slice secret)
{
	for (unsigned i = 0; i < MIN(entry->n, IMS_VAULT_CHOICES); i++)
		if (entry->choices[i].len == secret.len &&
		    memcmp(entry->choices[i].bytes, secret.at, secret.len) == 0)
			return true;
	return false;
}

void ims_vault_put(struct ims_vault *vault, char room, struct ims_slice name,
		   struct ims_slice secret)
{
	gint64 key = key_of(room, name);
	struct ims_vault_entry *entry = find(vault, key);
	struct ims_vault_secret *choice;

	if (secret.len == 0 || secret.len > IMS_VAULT_SECRET ||
	    (entry && holds(entry, secret)))
		return;
	entry = renew(vault, key);
	choice = &entry->choices[entry->n++ % IMS_VAULT_CHOICES];
	memcpy(choice->bytes, secret.at, secret.len);
	choice->len = (uint8_t)secret.len;
}

const struct ims_vault_entry *ims_vault_get(struct ims_vault *vault, char room,
					    struct ims_slice name)
{
	return find(vault, key_of(room, name));
}
