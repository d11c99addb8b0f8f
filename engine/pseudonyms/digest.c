// SPDX-License-Identifier: GPL-2.0-or-later
#include "digest.h"

#include <string.h>

#include "secrets.h"

/* Rooms of the vault. */
#define ROOM_XRES 'x'
#define ROOM_HA1  'h'

#define CHALLENGE_SIZE 32 /* RAND and AUTN */
#define XRES_MIN       4
#define XRES_MAX       16

static void make_response(char out[IMS_MD5_HEX],
			  const struct ims_sip_auth *auth,
			  const struct ims_signed *request,
			  struct ims_slice ha1)
{
	struct ims_slice body = {0};
	char md5[IMS_MD5_HEX];

	if (ims_digest_is_of_body(auth)) {
		ims_md5(md5, request->body);
		body = ims_slice(md5, sizeof(md5));
	}
	ims_digest_response(out, auth, request->method, body, ha1);
}

static struct ims_slice bytes_of(const struct ims_vault_secret *secret)
{
	return ims_slice(secret->bytes, secret->len);
}

static void make(char out[IMS_MD5_HEX], const struct ims_sip_auth *auth,
		 const struct ims_signed *request, enum ims_secret_found found,
		 const struct ims_vault_secret *secret)
{
	char ha1[IMS_MD5_HEX];

	if (found == IMS_FOUND_HA1) {
		make_response(out, auth, request, bytes_of(secret));
		return;
	}
	ims_digest_ha1(ha1, auth, bytes_of(secret));
	make_response(out, auth, request, ims_slice(ha1, sizeof(ha1)));
}

/* Tries one secret. */
static bool is_it(struct ims_proof_of *proof, const struct ims_sip_auth *auth,
		  const struct ims_signed *request, enum ims_secret_found found,
		  const struct ims_vault_secret *secret)
{
	char made[IMS_MD5_HEX];

	make(made, auth, request, found, secret);
	if (!ims_slice_equal_nocase(ims_slice(made, sizeof(made)),
				    auth->response))
		return false;
	proof->found = found;
	proof->secret = *secret;
	return true;
}

static bool is_one_of(struct ims_proof_of *proof,
		      const struct ims_sip_auth *auth,
		      const struct ims_signed *request,
		      enum ims_secret_found found,
		      const struct ims_vault_entry *entry)
{
	for (unsigned i = 0; entry && i < MIN(entry->n, IMS_VAULT_CHOICES); i++)
		if (is_it(proof, auth, request, found, &entry->choices[i]))
			return true;
	return false;
}

static void prove_aka(struct ims_pseudonyms *p, struct ims_proof_of *proof,
		      const struct ims_sip_auth *auth,
		      const struct ims_signed *request)
{
	static const struct ims_vault_secret none;
	uint8_t challenge[CHALLENGE_SIZE];
	size_t n = ims_base64_bytes(challenge, sizeof(challenge), auth->nonce);

	/* RFC 3310 3.4: with auts the password is empty. */
	if (ims_slice_is_set(auth->auts))
		is_it(proof, auth, request, IMS_FOUND_PASSWORD, &none);
	else if (n == sizeof(challenge))
		is_one_of(proof, auth, request, IMS_FOUND_PASSWORD,
			  ims_vault_get(&p->vault, ROOM_XRES,
					ims_slice(challenge, n)));
}

static struct ims_slice name_of(const uint64_t *whose)
{
	return ims_slice(whose, sizeof(*whose));
}

struct ims_proof_of ims_digest_prove(struct ims_pseudonyms *p,
				     const struct ims_sip_auth *auth,
				     const struct ims_signed *request)
{
	struct ims_proof_of proof = {.found = IMS_FOUND_NONE};
	uint64_t whose = ims_slice_hash(auth->username), nobody = 0;

	if (auth->response.len != IMS_MD5_HEX ||
	    !ims_slice_is_nocase(auth->scheme, "Digest"))
		return proof;
	if (ims_slice_is_nocase(auth->algorithm, "AKAv1-MD5"))
		prove_aka(p, &proof, auth, request);
	else if (!is_one_of(
			 &proof, auth, request, IMS_FOUND_HA1,
			 ims_vault_get(&p->vault, ROOM_HA1, name_of(&whose))))
		is_one_of(&proof, auth, request, IMS_FOUND_HA1,
			  ims_vault_get(&p->vault, ROOM_HA1, name_of(&nobody)));
	return proof;
}

void ims_digest_remake(char out[IMS_MD5_HEX], struct ims_pseudonyms *p,
		       const struct ims_proof_of *proof,
		       const struct ims_sip_auth *auth,
		       const struct ims_signed *request)
{
	struct ims_vault_secret secret = proof->secret;

	if (proof->found == IMS_FOUND_HA1)
		ims_secret_hex(p, IMS_SECRET_HA1,
			       ims_chars((char *)secret.bytes, secret.len));
	else
		ims_secret_bytes(p, IMS_SECRET_XRES, secret.bytes, secret.len);
	make(out, auth, request, proof->found, &secret);
}

void ims_digest_keep_ha1(struct ims_pseudonyms *p, uint64_t whose,
			 struct ims_slice ha1)
{
	char lower[IMS_MD5_HEX];

	if (ha1.len != sizeof(lower))
		return;
	for (size_t i = 0; i < sizeof(lower); i++)
		lower[i] = g_ascii_tolower(ha1.at[i]);
	ims_vault_put(&p->vault, ROOM_HA1, name_of(&whose),
		      ims_slice(lower, sizeof(lower)));
}

void ims_digest_keep_xres(struct ims_pseudonyms *p, struct ims_slice challenge,
			  struct ims_slice xres)
{
	if (challenge.len < CHALLENGE_SIZE || xres.len < XRES_MIN ||
	    xres.len > XRES_MAX)
		return;
	challenge.len = CHALLENGE_SIZE;
	ims_vault_put(&p->vault, ROOM_XRES, challenge, xres);
}
