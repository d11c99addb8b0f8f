/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys, challenges and responses. The same bytes have the same pseudonym
 * however they are written: as bytes, in hex, in base64.
 */
#ifndef IMS_SECRETS_H
#define IMS_SECRETS_H

#include "pseudonyms_internal.h"

/* Which bytes of which kind; each kind has pseudonyms of its own. */
enum ims_secret {
	IMS_SECRET_CHALLENGE, /* RAND, AUTN, and what may follow */
	IMS_SECRET_RESYNC,    /* RAND, AUTS */
	IMS_SECRET_AUTS,
	IMS_SECRET_XRES,
	IMS_SECRET_CK,
	IMS_SECRET_IK,
	IMS_SECRET_HA1,
	IMS_SECRET_RESPONSE, /* to a digest challenge, if it is wrong */
	IMS_SECRET_OTHER,
};

void ims_secret_bytes(const struct ims_pseudonyms *p, enum ims_secret kind,
		      uint8_t *bytes, size_t len) IMS_NONNULL_ALL;

/* Written in hex; what is not is a word. */
void ims_secret_hex(struct ims_pseudonyms *p, enum ims_secret kind,
		    struct ims_chars text) IMS_NONNULL(1);

/* Written in base64; what is not is words. */
void ims_secret_base64(struct ims_pseudonyms *p, enum ims_secret kind,
		       struct ims_chars text) IMS_NONNULL(1);

/* A nonce: RAND and AUTN in base64, or another one. */
void ims_secret_nonce(struct ims_pseudonyms *p, struct ims_chars text)
	IMS_NONNULL(1);

/* The bytes of base64; what is none of its characters is passed over. Returns
   how many there are, at most `size`. */
size_t ims_base64_bytes(uint8_t *bytes, size_t size, struct ims_slice text);

#endif
