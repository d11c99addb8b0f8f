/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Responses to digest challenges (RFC 2617, RFC 3310): of which secret of the
 * HSS one follows, and what it is with that secret's pseudonym.
 */
#ifndef IMS_DIGEST_H
#define IMS_DIGEST_H

#include "pseudonyms_internal.h"
#include "sip_digest.h"

/* What the response is made of besides its own parameters. */
struct ims_signed {
	struct ims_slice method;
	struct ims_slice body;
};

enum ims_secret_found {
	IMS_FOUND_NONE,
	IMS_FOUND_PASSWORD, /* XRES; with auts none */
	IMS_FOUND_HA1,
};

struct ims_proof_of {
	enum ims_secret_found found;
	struct ims_vault_secret secret;
};

/* Which secret makes the response right; NONE: it is wrong, or no one knows. */
struct ims_proof_of ims_digest_prove(struct ims_pseudonyms *p,
				     const struct ims_sip_auth *auth,
				     const struct ims_signed *request);

/* The response as the secret's pseudonym makes it, over what was rewritten. */
void ims_digest_remake(char out[IMS_MD5_HEX], struct ims_pseudonyms *p,
		       const struct ims_proof_of *proof,
		       const struct ims_sip_auth *auth,
		       const struct ims_signed *request);

/* Secrets by whom they are for: `name` as User-Name has it, or nobody. */
void ims_digest_keep_ha1(struct ims_pseudonyms *p, uint64_t whose,
			 struct ims_slice ha1);
/* XRES by RAND and AUTN. */
void ims_digest_keep_xres(struct ims_pseudonyms *p, struct ims_slice challenge,
			  struct ims_slice xres);

#endif
