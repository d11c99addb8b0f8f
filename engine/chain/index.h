/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Identities and the open attempts that go by them. */
#ifndef IMS_INDEX_H
#define IMS_INDEX_H

#include <glib.h>

#include <ims/address.h>
#include <ims/slice.h>

#include "few.h"

struct ims_stock;
struct ims_index;

/* Its memory is from `stock`; NULL: from the system. */
struct ims_index *ims_index_new(struct ims_stock *stock) IMS_MUST_USE;
void ims_index_free(struct ims_index *index); /* NULL: nothing */

/* What counts of an identity, borrowed from a text. `host` is absent where
   there is no '@'; all zero: it is none. */
struct ims_identity {
	struct ims_slice user;
	struct ims_slice host;
	uint32_t hash; /* of both: hashed once, however often it is looked up */
};

/* Of its parts, which are as ims_identity_read takes them out of a text. */
struct ims_identity ims_identity_of(struct ims_slice user,
				    struct ims_slice host);

/* False, and all zero, where the text holds none. */
bool ims_identity_read(struct ims_identity *identity, struct ims_slice text)
	IMS_NONNULL(1);
/* Of a text that ims_identity_key gave. */
struct ims_identity ims_identity_of_key(const char *key) IMS_NONNULL_ALL;
bool ims_identity_is(const struct ims_identity *identity,
		     const char *key) IMS_NONNULL_ALL;
/* False where either is none. */
bool ims_identity_equal(const struct ims_identity *a,
			const struct ims_identity *b) IMS_NONNULL_ALL;
/* Bytes of its key, with the NUL: never more than the text had and one. */
size_t ims_identity_size(const struct ims_identity *identity) IMS_NONNULL_ALL;
/* The key of one, with its NUL, into a place that is large enough; of none an
   empty text. */
void ims_identity_write(char *key,
			const struct ims_identity *identity) IMS_NONNULL_ALL;

/*
 * The form in which identities are compared: without scheme, parameters,
 * port and brackets, host in lower case: an IMPU "sip:a@H;x" and an IMPI
 * "a@h" that was derived from it are one. NULL for an empty one. g_free.
 */
char *ims_identity_key(struct ims_slice text) IMS_MUST_USE;

/* Both are identities, and are compared as one. */
bool ims_same_identity(struct ims_slice a, struct ims_slice b);
/* Both are identities, and are not one. */
bool ims_other_identity(struct ims_slice a, struct ims_slice b);

/* For tables of texts from the wire: g_str_hash is too easily led. */
guint ims_text_hash(gconstpointer text);

/* Address -> anything; the keys are borrowed. */
GHashTable *ims_address_table_new(void) IMS_MUST_USE;

/* What goes by an identity, oldest first; NULL: nothing. Borrowed until the
   index changes. */
const struct ims_few *ims_index_of(const struct ims_index *index,
				   const struct ims_identity *identity)
	IMS_NONNULL_ALL;
/* The same by a text. */
const struct ims_few *ims_index_of_text(const struct ims_index *index,
					struct ims_slice text) IMS_NONNULL(1);

/* The same, to add a value to at once; it stays where it is as long as there
   is one. `identity` is none of those that are none. */
struct ims_few *ims_index_get(struct ims_index *index,
			      const struct ims_identity *identity)
	IMS_NONNULL_ALL;
/* Takes a value out of what ims_index_get gave, which is gone with the last. */
void ims_index_remove(struct ims_index *index, struct ims_few *values,
		      const void *value) IMS_NONNULL_ALL;

#endif
