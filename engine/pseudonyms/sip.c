// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip.h"

#include <string.h>

#include "rewriting.h"
#include "secrets.h"
#include "sip_message.h"

/* Credentials of one request whose responses are looked at. */
#define MAX_CREDENTIALS 8

struct credentials {
	struct ims_chars value; /* of the header field */
	struct ims_proof_of proof;
};

static struct ims_chars in(struct ims_chars message, struct ims_slice part)
{
	return ims_chars(message.at + (part.at - message.at), part.len);
}

/* Words of the start line other than its method or version. */
static void rewrite_start(struct ims_pseudonyms *p, struct ims_chars message,
			  const struct ims_sip_message *view)
{
	const struct ims_sip_start *start = &view->start;
	size_t end = ims_sip_line_end(ims_chars_slice(message), 0);
	struct ims_chars line = ims_chars(message.at, end ? end : message.len);
	const char *blank;

	if (start->is_request && start->uri.at) {
		ims_rewrite_uri(p, in(message, start->uri));
		return;
	}
	blank = memchr(line.at, ' ', line.len);
	if (!blank)
		return;
	line = ims_chars_from(line, (size_t)(blank - line.at));
	if (ims_slice_starts_nocase(ims_chars_slice(message), "SIP/"))
		ims_rewrite_prose(p, line, IMS_PROSE_DIGITS);
	else
		ims_rewrite_value(p, line);
}

/* As far as Content-Length goes; what is behind it is not signed. */
static struct ims_slice signed_body(const struct ims_sip_message *view)
{
	struct ims_slice rest = view->fields;
	struct ims_slice body = view->body;
	struct ims_sip_field field;
	uint64_t length;

	while (ims_sip_field_next(&rest, &field)) {
		if (field.id != IMS_SIP_HEADER_CONTENT_LENGTH ||
		    !ims_slice_to_uint(field.value, UINT64_MAX, &length))
			continue;
		body.len = MIN(body.len, length);
		break;
	}
	return body;
}

static struct ims_signed signed_of(const struct ims_sip_message *view)
{
	return (struct ims_signed){view->start.method_text, signed_body(view)};
}

/* Those whose response follows from what the HSS gave. */
static size_t find_credentials(struct credentials found[MAX_CREDENTIALS],
			       struct ims_pseudonyms *p,
			       struct ims_chars message,
			       const struct ims_sip_message *view)
{
	const struct ims_signed request = signed_of(view);
	struct ims_slice rest = view->fields;
	struct ims_sip_field field;
	size_t n = 0;

	if (!view->start.is_request)
		return 0;
	while (n < MAX_CREDENTIALS && ims_sip_field_next(&rest, &field)) {
		struct ims_sip_auth auth;

		if (field.id != IMS_SIP_HEADER_AUTHORIZATION &&
		    field.id != IMS_SIP_HEADER_PROXY_AUTHORIZATION)
			continue;
		ims_sip_auth_parse(&auth, field.value);
		found[n].proof = ims_digest_prove(p, &auth, &request);
		if (found[n].proof.found == IMS_FOUND_NONE)
			continue;
		found[n++].value = in(message, field.value);
	}
	return n;
}

/* Over what is there by now. */
static void remake_response(struct ims_pseudonyms *p,
			    const struct credentials *credentials,
			    const struct ims_signed *request)
{
	const struct ims_chars value = credentials->value;
	struct ims_sip_auth auth;
	char made[IMS_MD5_HEX];

	ims_sip_auth_parse(&auth, ims_chars_slice(value));
	if (auth.response.len != sizeof(made))
		return;
	ims_digest_remake(made, p, &credentials->proof, &auth, request);
	memcpy(in(value, auth.response).at, made, sizeof(made));
}

/* Absent where there is none, and where the body is packed. */
static struct ims_slice type_of(const struct ims_sip_message *view)
{
	struct ims_slice rest = view->fields;
	struct ims_slice type = {0};
	struct ims_sip_field field;

	while (ims_sip_field_next(&rest, &field)) {
		if (field.id == IMS_SIP_HEADER_CONTENT_ENCODING)
			return (struct ims_slice){0};
		if (field.id == IMS_SIP_HEADER_CONTENT_TYPE && !type.at)
			type = field.value;
	}
	return type;
}

void ims_rewrite_sip(struct ims_pseudonyms *p, struct ims_chars message,
		     unsigned depth)
{
	struct credentials credentials[MAX_CREDENTIALS];
	struct ims_sip_message view;
	struct ims_signed request;
	size_t n;

	ims_sip_message_parse(&view, ims_chars_slice(message));
	n = find_credentials(credentials, p, message, &view);
	/* Its type is not rewritten in a way that matters. */
	if (view.body.at)
		ims_rewrite_body(p, in(message, view.body), type_of(&view),
				 depth);
	if (view.fields.at)
		ims_rewrite_fields(p, in(message, view.fields));
	/* A reason phrase may name a user of the fields. */
	rewrite_start(p, message, &view);
	request = signed_of(&view);
	for (size_t i = 0; i < n; i++)
		remake_response(p, &credentials[i], &request);
}
