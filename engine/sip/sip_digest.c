// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_digest.h"

#include <glib.h>

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

static void finish(GChecksum *sum, char out[IMS_MD5_HEX])
{
	memcpy(out, g_checksum_get_string(sum), IMS_MD5_HEX);
	g_checksum_free(sum);
}

void ims_md5(char out[IMS_MD5_HEX], struct ims_slice bytes)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_MD5);

	add(sum, bytes);
	finish(sum, out);
}

void ims_digest_ha1(char out[IMS_MD5_HEX], const struct ims_sip_auth *auth,
		    struct ims_slice password)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_MD5);

	add(sum, auth->username);
	add_colon(sum, auth->realm);
	add_colon(sum, password);
	finish(sum, out);
}

static void make_ha2(char out[IMS_MD5_HEX], const struct ims_sip_auth *auth,
		     struct ims_slice method, struct ims_slice body)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_MD5);

	add(sum, method);
	add_colon(sum, auth->uri);
	if (ims_digest_is_of_body(auth))
		add_colon(sum, body);
	finish(sum, out);
}

void ims_digest_response(char out[IMS_MD5_HEX], const struct ims_sip_auth *auth,
			 struct ims_slice method, struct ims_slice body,
			 struct ims_slice ha1)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_MD5);
	char ha2[IMS_MD5_HEX];

	make_ha2(ha2, auth, method, body);
	add(sum, ha1);
	add_colon(sum, auth->nonce);
	if (ims_slice_is_set(auth->qop)) {
		add_colon(sum, auth->nc);
		add_colon(sum, auth->cnonce);
		add_colon(sum, auth->qop);
	}
	add_colon(sum, ims_slice(ha2, sizeof(ha2)));
	finish(sum, out);
}
