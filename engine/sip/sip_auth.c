// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_auth.h"

#include "sip_scan.h"

/* The field of a parameter, by the length of its name; NULL: unknown. */
static struct ims_slice *field_of(struct ims_sip_auth *auth,
				  struct ims_slice name)
{
	switch (name.len) {
	case 2:
		if (ims_slice_is_nocase(name, "nc"))
			return &auth->nc;
		if (ims_slice_is_nocase(name, "ck"))
			return &auth->ck;
		if (ims_slice_is_nocase(name, "ik"))
			return &auth->ik;
		break;
	case 3:
		if (ims_slice_is_nocase(name, "uri"))
			return &auth->uri;
		if (ims_slice_is_nocase(name, "qop"))
			return &auth->qop;
		break;
	case 4:
		if (ims_slice_is_nocase(name, "auts"))
			return &auth->auts;
		break;
	case 5:
		if (ims_slice_is_nocase(name, "realm"))
			return &auth->realm;
		if (ims_slice_is_nocase(name, "nonce"))
			return &auth->nonce;
		if (ims_slice_is_nocase(name, "stale"))
			return &auth->stale;
		break;
	case 6:
		if (ims_slice_is_nocase(name, "cnonce"))
			return &auth->cnonce;
		if (ims_slice_is_nocase(name, "opaque"))
			return &auth->opaque;
		break;
	case 8:
		if (ims_slice_is_nocase(name, "username"))
			return &auth->username;
		if (ims_slice_is_nocase(name, "response"))
			return &auth->response;
		break;
	case 9:
		if (ims_slice_is_nocase(name, "algorithm"))
			return &auth->algorithm;
		break;
	case 19:
		if (ims_slice_is_nocase(name, "integrity-protected"))
			return &auth->integrity_protected;
		break;
	default:
		break;
	}
	return NULL;
}

void ims_sip_auth_parse(struct ims_sip_auth *auth, struct ims_slice text)
{
	struct ims_sip_param param;
	struct ims_slice *field;
	size_t len;

	*auth = (struct ims_sip_auth){.present = true};
	text = ims_slice_trim(text);
	len = ims_sip_word_length(text);
	auth->scheme = ims_slice(text.at, len);
	text = ims_sip_from(text, len);
	while (ims_sip_param_next(&text, ',', &param)) {
		field = field_of(auth, param.name);
		if (field && !field->at)
			*field = param.value;
	}
}
