/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this folder share. */
#ifndef IMS_PSEUDONYMS_INTERNAL_H
#define IMS_PSEUDONYMS_INTERNAL_H

#include <glib.h>

#include <ims/pseudonyms.h>

#include "permutation.h"
#include "vault.h"

/* Words and addresses remembered, so that one that comes again is not made
   again; and names. */
#define IMS_WORDS_MAX	  65536
#define IMS_ADDRESSES_MAX 65536
#define IMS_NAMES_MAX	  65536

struct ims_pseudonyms {
	struct ims_prf prf;
	GHashTable *words; /* GBytes to GBytes: symbols, and their pseudonym */
	GHashTable *addresses; /* of struct known_address */
	GHashTable *names;     /* words that stood before an "@", small */
	struct ims_vault vault;
};

/* The table of addresses. */
GHashTable *ims_addresses_new(void);

/* Text that is rewritten where it stands. */
struct ims_chars {
	char *at;
	size_t len;
};

static inline struct ims_chars ims_chars(char *at, size_t len)
{
	return (struct ims_chars){at, len};
}

static inline struct ims_chars ims_chars_from(struct ims_chars c, size_t start)
{
	return ims_chars(c.at + start, c.len - start);
}

static inline struct ims_slice ims_chars_slice(struct ims_chars c)
{
	return ims_slice(c.at, c.len);
}

#endif
