/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the HSS handed out, to tell right responses from wrong ones: XRES by
 * its challenge, Digest-HA1 by whom it is for. The oldest are let go.
 */
#ifndef IMS_VAULT_H
#define IMS_VAULT_H

#include <glib.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

#define IMS_VAULT_MAX	  32768 /* secrets, and as many that are older */
#define IMS_VAULT_CHOICES 4	/* of one challenge, of one subscriber */
#define IMS_VAULT_SECRET  32	/* bytes of one */

struct ims_vault_secret {
	uint8_t bytes[IMS_VAULT_SECRET];
	uint8_t len;
};

struct ims_vault_entry {
	struct ims_vault_secret choices[IMS_VAULT_CHOICES];
	unsigned n; /* ever put in; the newest overwrite the oldest */
};

struct ims_vault {
	GHashTable *young; /* of hashes to struct ims_vault_entry */
	GHashTable *old;
};

void ims_vault_init(struct ims_vault *vault) IMS_NONNULL_ALL;
void ims_vault_fini(struct ims_vault *vault) IMS_NONNULL_ALL;

/* `room` keeps names of different kinds apart. What is too long is not kept. */
void ims_vault_put(struct ims_vault *vault, char room, struct ims_slice name,
		   struct ims_slice secret) IMS_NONNULL(1);

/* NULL: nothing under that name. Borrowed until the next put. */
const struct ims_vault_entry *ims_vault_get(struct ims_vault *vault, char room,
					    struct ims_slice name)
	IMS_NONNULL(1);

#endif
