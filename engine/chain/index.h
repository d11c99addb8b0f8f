/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Identities and the open attempts that go by them. */
#ifndef IMS_INDEX_H
#define IMS_INDEX_H

#include <glib.h>

#include <ims/address.h>
#include <ims/slice.h>

struct ims_index;

struct ims_index *ims_index_new(void) IMS_MUST_USE;
void ims_index_free(struct ims_index *index); /* NULL: nothing */

/* What counts of an identity, borrowed from a text. `host` is absent where
   there is no '@'; all zero: it is none. */
struct ims_identity {
	struct ims_slice user;
	struct ims_slice host;
};

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
uint32_t ims_identity_hash(const struct ims_identity *identity) IMS_NONNULL_ALL;
/* The key of one, with its NUL, into a place that is large enough: never more
   than the text had and one. */
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

/* The key as the index has it, as long as the value is under it. */
const char *ims_index_add(struct ims_index *index, const char *key,
			  void *value) IMS_NONNULL_ALL;
void ims_index_remove(struct ims_index *index, const char *key,
		      void *value) IMS_NONNULL_ALL;
/* For tables of texts from the wire: g_str_hash is too easily led. */
guint ims_text_hash(gconstpointer text);

/* Address -> anything; the keys are borrowed. */
GHashTable *ims_address_table_new(void) IMS_MUST_USE;

/* Values under one key, oldest first. Most have one, which costs nothing more
   than its place. */
struct ims_values {
	void **pdata;
	uint32_t len;
	uint32_t size;
	void *one;
};

/* NULL: none. Borrowed until the index changes. */
const struct ims_values *ims_index_find(const struct ims_index *index,
					const char *key) IMS_NONNULL_ALL;
/* The same, of one that was read; none is under one that is none. */
const struct ims_values *ims_index_of(const struct ims_index *index,
				      const struct ims_identity *identity)
	IMS_NONNULL_ALL;

#endif
