/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Credentials and challenges: Authorization, WWW-Authenticate (RFC 3261
 * 20.7, 20.44; RFC 3310 for auts; TS 24.229 7.2A.1 and 7.2A.2 for
 * integrity-protected, ik and ck).
 */
#ifndef IMS_SIP_AUTH_H
#define IMS_SIP_AUTH_H

#include <stdbool.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/* Credentials or a challenge, of scheme Digest or another. */
struct ims_sip_auth {
	bool present;
	bool folded; /* its header field was written over several lines */
	struct ims_slice scheme;
	struct ims_slice username;
	struct ims_slice realm;
	struct ims_slice nonce;
	struct ims_slice uri;
	struct ims_slice response;
	struct ims_slice algorithm;
	struct ims_slice qop; /* challenge: the list as written */
	struct ims_slice nc;
	struct ims_slice cnonce;
	struct ims_slice opaque;
	struct ims_slice auts;
	struct ims_slice integrity_protected;
	struct ims_slice ck; /* secret: never printed */
	struct ims_slice ik; /* secret: never printed */
	struct ims_slice stale;
};

/*
 * Reads one header field's value: sets `present`, the scheme and the
 * parameters that are known; of a parameter that stands twice the first.
 * `folded` is the caller's.
 */
void ims_sip_auth_parse(struct ims_sip_auth *auth,
			struct ims_slice text) IMS_NONNULL_ALL;

#endif
