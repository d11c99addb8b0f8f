// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a digest response follows from what the HSS handed out. */
#include "attempt.h"

#include <glib.h>

#include "sip_digest.h"

static void body_md5(char out[IMS_MD5_HEX], const struct ims_sip_facts *request)
{
	static const char digits[] = "0123456789abcdef";

	if (request->body_length == 0) {
		ims_md5(out, ims_slice("", 0));
		return;
	}
	for (size_t i = 0; i < sizeof(request->body_md5); i++) {
		out[2 * i] = digits[request->body_md5[i] >> 4];
		out[2 * i + 1] = digits[request->body_md5[i] & 15];
	}
}

static bool is_md5(struct ims_slice algorithm, const char *name)
{
	return ims_slice_is_nocase(algorithm, name);
}

/* H(user:realm:password); false when this vector cannot give it. */
static bool find_ha1(char out[IMS_MD5_HEX], const struct ims_sip_auth *auth,
		     const struct ims_auth_item *vector)
{
	if (is_md5(auth->algorithm, "AKAv1-MD5")) {
		struct ims_slice res = vector->authorization;

		if (ims_slice_is_set(auth->auts))
			res = ims_slice("", 0); /* RFC 3310 3.4 */
		else if (res.len < 4 || res.len > 16)
			return false;
		ims_digest_ha1(out, auth, res);
		return true;
	}
	if (ims_slice_is_set(auth->algorithm) &&
	    !is_md5(auth->algorithm, "MD5"))
		return false;
	if (vector->digest_ha1.len != IMS_MD5_HEX)
		return false;
	for (size_t i = 0; i < IMS_MD5_HEX; i++)
		out[i] = g_ascii_tolower(vector->digest_ha1.at[i]);
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
	char ha1[IMS_MD5_HEX];
	char expected[IMS_MD5_HEX];
	char md5[IMS_MD5_HEX];
	struct ims_slice body = {0};

	if (!vector || !auth->present || ims_slice_is_empty(auth->response) ||
	    !ims_slice_is_nocase(auth->scheme, "Digest"))
		return IMS_PROOF_UNKNOWN;
	/* qop=auth-int over a body that the capture cut. */
	if (ims_digest_is_of_body(auth) &&
	    (request->flaws & IMS_SIP_FLAW_BAD_LENGTH))
		return IMS_PROOF_UNKNOWN;
	if (lacks_count(auth) || !find_ha1(ha1, auth, vector))
		return IMS_PROOF_UNKNOWN;
	if (ims_digest_is_of_body(auth)) {
		body_md5(md5, request);
		body = ims_slice(md5, sizeof(md5));
	}
	ims_digest_response(expected, auth, request->method_text, body,
			    ims_slice(ha1, sizeof(ha1)));
	return ims_slice_equal_nocase(auth->response,
				      ims_slice(expected, sizeof(expected)))
		       ? IMS_PROOF_RIGHT
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
