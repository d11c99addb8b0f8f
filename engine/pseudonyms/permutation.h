/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all pseudonyms come from: a keyed function that nobody inverts
 * (HMAC-SHA256), and keyed permutations of short words made of it.
 */
#ifndef IMS_PERMUTATION_H
#define IMS_PERMUTATION_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

/* Symbols of one word; what is longer is taken in pieces. */
#define IMS_WORD_MAX 128

struct ims_prf {
	GHmac *keyed; /* copied for each use */
};

void ims_prf_init(struct ims_prf *prf, const void *key,
		  size_t len) IMS_NONNULL_ALL;
void ims_prf_fini(struct ims_prf *prf) IMS_NONNULL_ALL;

/* Fills `out` with what the key makes of the label and the bytes. */
void ims_prf_fill(const struct ims_prf *prf, const char *label, const void *in,
		  size_t n_in, uint8_t *out, size_t n_out) IMS_NONNULL_ALL;

/*
 * Replaces the word by another one of the same form: symbol i is below
 * radix[i] before and after, and no two words of one form and label become
 * the same. At most IMS_WORD_MAX symbols. A Feistel network over the two
 * halves of the word, each a number in mixed radix.
 */
void ims_permute(const struct ims_prf *prf, const char *label, uint8_t *symbols,
		 const uint8_t *radix, size_t n) IMS_NONNULL_ALL;

/* A value below `n`, at most 256, by a permutation of its own for what is
   given. */
uint8_t ims_permute_small(const struct ims_prf *prf, const char *label,
			  const void *in, size_t n_in, uint8_t value,
			  unsigned n) IMS_NONNULL_ALL;

#endif
