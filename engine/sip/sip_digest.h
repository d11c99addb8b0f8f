/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a response to a digest challenge is made of (RFC 2617 3.2.2.1; with
 * AKA's RES as the password RFC 3310), with MD5. All hashes are small
 * hexadecimal digits, without a NUL.
 */
#ifndef IMS_SIP_DIGEST_H
#define IMS_SIP_DIGEST_H

#include <ims/attributes.h>
#include <ims/slice.h>

#include "sip_auth.h"

#define IMS_MD5_HEX 32

void ims_md5(char out[IMS_MD5_HEX], struct ims_slice bytes) IMS_NONNULL_ALL;

/* H(username:realm:password). */
void ims_digest_ha1(char out[IMS_MD5_HEX], const struct ims_sip_auth *auth,
		    struct ims_slice password) IMS_NONNULL_ALL;

/* Whether the body is signed too. */
static inline bool ims_digest_is_of_body(const struct ims_sip_auth *auth)
{
	return ims_slice_is_nocase(auth->qop, "auth-int");
}

/*
 * The response: without qop the old form, without nc and cnonce. `body`: its
 * MD5, looked at where it is signed. What is absent counts as nothing.
 */
void ims_digest_response(char out[IMS_MD5_HEX], const struct ims_sip_auth *auth,
			 struct ims_slice method, struct ims_slice body,
			 struct ims_slice ha1) IMS_NONNULL_ALL;

#endif
