/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words: runs of letters and digits, also where they are written %41. Each has
 * one pseudonym, wherever it stands: digits for digits, letters for letters,
 * capitals for capitals, so that what was equal is equal, and what is made of
 * the same words still is. An IMSI keeps its MCC and MNC.
 */
#ifndef IMS_WORDS_H
#define IMS_WORDS_H

#include <stdbool.h>

#include "pseudonyms_internal.h"

/* One character of a text, which may be written %XX. */
struct ims_unit {
	uint8_t c;
	size_t len; /* 1 or 3 */
};

/* The one at `at`, which is before the end. */
struct ims_unit ims_unit_at(struct ims_chars text, size_t at);

/* Letters, digits, and whatever is not ASCII. */
bool ims_is_word(uint8_t c);

/* The end of the word at `start`; `start` where there is none. */
size_t ims_word_end(struct ims_chars text, size_t start);

/*
 * Replaces a word. What is in it that belongs to none (the separators of a
 * telephone number) stays, and does not count.
 */
void ims_word_replace(struct ims_pseudonyms *p,
		      struct ims_chars word) IMS_NONNULL_ALL;

/* Where a word may be one that identifies nobody, and is kept. */
enum ims_word_place {
	IMS_WORD_USER = 1u << 0,  /* before the "@" */
	IMS_WORD_HOST = 1u << 1,  /* a label, or part of one */
	IMS_WORD_VALUE = 1u << 2, /* of a parameter or an element */
};

/* Whether the word is kept in one of the places; case ignored. */
bool ims_word_is_kept(struct ims_slice word, unsigned places) IMS_PURE;

#endif
