// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a digest response follows from what the HSS handed out. */
#include "attempt.h"

#include <glib.h>

#define MD5_HEX 33 /* 32 digits and NUL */

/* A parameter as a digest takes it: an absent one is nothing. */
static void add(GChecksum *sum, struct ims_slice part)
{
	if (part.len)
		g_checksum_update(sum, (const guchar *)part.at,
				  (gssize)part.len);
}

static void add_colon(GChecksum *sum, struct ims_slice part)
{
	g_checksum_update(sum, (const guchar *)":", 1);
	add(sum, part);
}

static void finish(GChecksum *sum, char out[MD5_HEX])
{
	g_strlcpy(out, g_checksum_get_string(sum), MD5_HEX);
	g_checksum_free(sum);
}

static void digest_ha1(char out[MD5_HEX], const struct ims_sip_auth *auth,
		       struct ims_slice password)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_MD5);

	add(sum, auth->username);
	add_colon(sum, auth->realm);
	add_colon(sum, password);
	finish(sum, out);
}

static void body_hex(char out[MD5_HEX], const struct ims_sip_facts *request)
{
	GChecksum *sum;

	if (request->body_length == 0) {
		sum = g_checksum_new(G_CHECKSUM_MD5);
		finish(sum, out);
		return;
	}
	for (size_t i = 0; i < sizeof(request->body_md5); i++)
		g_snprintf(out + 2 * i, 3, "%02x", request->body_md5[i]);
}

static void digest_ha2(char out[MD5_HEX], const struct ims_sip_facts *request)
{
	const struct ims_sip_auth *auth = request->authorization;
	GChecksum *sum = g_checksum_new(G_CHECKSUM_MD5);
	char body[MD5_HEX];

	add(sum, request->method_text);
	add_colon(sum, auth->uri);
	if (ims_slice_is_nocase(auth->qop, "auth-int")) {
		body_hex(body, request);
		add_colon(sum, ims_slice_of(body));
	}
	finish(sum, out);
}

/* RFC 2617 3.2.2.1: without qop the old form, without nc and cnonce. */
static void digest_response(char out[MD5_HEX],
			    const struct ims_sip_facts *request,
			    struct ims_slice ha1)
{
	const struct ims_sip_auth *auth = request->authorization;
	GChecksum *sum = g_checksum_new(G_CHECKSUM_MD5);
	char ha2[MD5_HEX];

	digest_ha2(ha2, request);
	add(sum, ha1);
	add_colon(sum, auth->nonce);
	if (ims_slice_is_set(auth->qop)) {
		add_colon(sum, auth->nc);
		add_colon(sum, auth->cnonce);
		add_colon(sum, auth->qop);
	}
	add_colon(sum, ims_slice_of(ha2));
	finish(sum, out);
}

static bool is_md5(struct ims_slice algorithm, const char *name)
{
	return ims_slice_is_nocase(algorithm, name);
}

/* H(user:realm:password) as hex; false when this vector cannot give it. */
static bool find_ha1(char out[MD5_HEX], const struct ims_sip_auth *auth,
		     const struct ims_auth_item *vector)
{
	if (is_md5(auth->algorithm, "AKAv1-MD5")) {
		struct ims_slice res = vector->authorization;

		if (ims_slice_is_set(auth->auts))
			res = ims_slice("", 0); /* RFC 3310 3.4 */
		else if (res.len < 4 || res.len > 16)
			return false;
		digest_ha1(out, auth, res);
		return true;
	}
	if (ims_slice_is_set(auth->algorithm) &&
	    !is_md5(auth->algorithm, "MD5"))
		return false;
	if (vector->digest_ha1.len != MD5_HEX - 1)
		return false;
	for (size_t i = 0; i < MD5_HEX - 1; i++)
		out[i] = g_ascii_tolower(vector->digest_ha1.at[i]);
	out[MD5_HEX - 1] = '\0';
	return true;
}

/* RFC 2617 3.2.2: with qop they are part of what is hashed. What the UE took
   for one that it does not send, or that was lost, nobody knows. */
static bool lacks_count(const struct ims_sip_auth *auth)
{
	return !ims_slice_is_empty(auth->qop) &&
	       (ims_slice_is_empty(auth->nc) ||
		ims_slice_is_empty(auth->cnonce));
}

enum ims_proof ims_response_proof(const struct ims_sip_facts *request,
				  const struct ims_auth_item *vector)
{
	const struct ims_sip_auth *auth = request->authorization;
	char ha1[MD5_HEX];
	char expected[MD5_HEX];

	if (!vector || !auth->present || ims_slice_is_empty(auth->response) ||
	    !ims_slice_is_nocase(auth->scheme, "Digest"))
		return IMS_PROOF_UNKNOWN;
	/* qop=auth-int over a body that the capture cut. */
	if (ims_slice_is_nocase(auth->qop, "auth-int") &&
	    (request->flaws & IMS_SIP_FLAW_BAD_LENGTH))
		return IMS_PROOF_UNKNOWN;
	if (lacks_count(auth) || !find_ha1(ha1, auth, vector))
		return IMS_PROOF_UNKNOWN;
	digest_response(expected, request, ims_slice_of(ha1));
	return ims_slice_is_nocase(auth->response, expected) ? IMS_PROOF_RIGHT
							     : IMS_PROOF_WRONG;
}

size_t ims_nonce_bytes(struct ims_slice nonce)
{
	size_t digits = 0;

	for (size_t i = 0; i < nonce.len; i++) {
		char c = nonce.at[i];

		if (g_ascii_isalnum(c) || c == '+' || c == '/')
			digits++;
		else if (c != '=' && c != ' ' && c != '\t' && c != '\\')
			return 0;
	}
	return digits * 6 / 8;
}

bool ims_nonce_is_vector(struct ims_slice nonce, struct ims_slice rand_autn)
{
	char *text;
	guchar *bytes;
	gsize len = 0;
	bool same;

	if (nonce.len < 4 || nonce.len > 1024 || rand_autn.len != IMS_RAND_AUTN)
		return false;
	text = g_strndup(nonce.at, nonce.len);
	bytes = g_base64_decode(text, &len);
	same = len >= IMS_RAND_AUTN &&
	       memcmp(bytes, rand_autn.at, IMS_RAND_AUTN) == 0;
	g_free(bytes);
	g_free(text);
	return same;
}
