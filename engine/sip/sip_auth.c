// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_auth.h"

#include "sip_scan.h"

static void set_param(struct ims_sip_auth *auth, const struct ims_sip_param *p)
{
	const struct {
		const char *name;
		struct ims_slice *field;
	} params[] = {
		{"username", &auth->username},
		{"realm", &auth->realm},
		{"nonce", &auth->nonce},
		{"uri", &auth->uri},
		{"response", &auth->response},
		{"algorithm", &auth->algorithm},
		{"qop", &auth->qop},
		{"nc", &auth->nc},
		{"cnonce", &auth->cnonce},
		{"opaque", &auth->opaque},
		{"auts", &auth->auts},
		{"integrity-protected", &auth->integrity_protected},
		{"ck", &auth->ck},
		{"ik", &auth->ik},
		{"stale", &auth->stale},
	};

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
		if (!ims_slice_is_nocase(p->name, params[i].name))
			continue;
		if (!params[i].field->at)
			*params[i].field = p->value;
		return;
	}
}

void ims_sip_auth_parse(struct ims_sip_auth *auth, struct ims_slice text)
{
	struct ims_sip_param param;
	size_t len;

	*auth = (struct ims_sip_auth){.present = true};
	text = ims_slice_trim(text);
	len = ims_sip_word_length(text);
	auth->scheme = ims_slice(text.at, len);
	text = ims_sip_from(text, len);
	while (ims_sip_param_next(&text, ',', &param))
		set_param(auth, &param);
}
