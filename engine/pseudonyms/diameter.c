// SPDX-License-Identifier: GPL-2.0-or-later
#include "diameter.h"

#include <string.h>

#include "diameter_avps.h"
#include "diameter_message.h"
#include "digest.h"
#include "rewriting.h"
#include "secrets.h"
#include "sip.h"
#include "words.h"

#define MAX_DEPTH   8
#define COMMAND_MAR 303 /* Cx */
#define ROOM_ASKED  's' /* of the vault: sessions, and whom they are about */

#define RAND_AUTS 30

static bool is_text(struct ims_chars value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];

		if (c < ' ' && c != '\t' && c != '\r' && c != '\n')
			return false;
	}
	return true;
}

/* Words where there are such, else every byte; no word is kept for its looks.
 */
static void rewrite_opaque(struct ims_pseudonyms *p, struct ims_chars value)
{
	if (value.len > 4 && is_text(value))
		ims_rewrite_value(p, value);
	else
		ims_secret_bytes(p, IMS_SECRET_OTHER, (uint8_t *)value.at,
				 value.len);
}

static void rewrite_binary(struct ims_pseudonyms *p, struct ims_chars value,
			   enum ims_secret kind)
{
	ims_secret_bytes(p, kind, (uint8_t *)value.at, value.len);
}

/* A host name, then numbers that may be anybody's (RFC 6733 8.8). */
static void rewrite_session(struct ims_pseudonyms *p, struct ims_chars value)
{
	const char *end = memchr(value.at, ';', value.len);
	size_t n = end ? (size_t)(end - value.at) : value.len;

	ims_rewrite_host(p, ims_chars(value.at, n));
	while (n < value.len) {
		size_t start = n + 1;

		end = memchr(value.at + start, ';', value.len - start);
		n = end ? (size_t)(end - value.at) : value.len;
		ims_rewrite_value(p, ims_chars(value.at + start, n - start));
	}
}

/* Two digits an octet, the lower first; beyond 9 it is no digit. */
static void rewrite_tbcd(struct ims_pseudonyms *p, struct ims_chars value)
{
	char text[2 * IMS_WORD_MAX];
	size_t n = 0;

	if (value.len > IMS_WORD_MAX) {
		rewrite_binary(p, value, IMS_SECRET_OTHER);
		return;
	}
	for (size_t i = 0; i < 2 * value.len; i++) {
		unsigned digit =
			(unsigned char)value.at[i / 2] >> (i % 2 ? 4 : 0) &
			0x0f;

		text[n++] = (char)(digit < 10 ? '0' + digit : '-');
	}
	ims_word_replace(p, ims_chars(text, n));
	for (size_t i = 0; i < n; i++) {
		unsigned shift = i % 2 ? 4 : 0;
		unsigned char *octet = (unsigned char *)value.at + i / 2;

		if (text[i] != '-')
			*octet = (unsigned char)((*octet & ~(0x0fu << shift)) |
						 (unsigned)(text[i] - '0')
							 << shift);
	}
}

/* An IMEI may be in TBCD here, whatever the standard says. */
static void rewrite_number(struct ims_pseudonyms *p, struct ims_chars value)
{
	if (is_text(value))
		ims_rewrite_number(p, value);
	else
		rewrite_tbcd(p, value);
}

static void rewrite_address(struct ims_pseudonyms *p, uint8_t family,
			    struct ims_chars bytes)
{
	struct ims_address address = {.family = family};

	if (bytes.len != (family == 4 ? 4 : 16)) {
		rewrite_binary(p, bytes, IMS_SECRET_OTHER);
		return;
	}
	memcpy(address.bytes, bytes.at, bytes.len);
	ims_pseudonym_address(p, &address);
	memcpy(bytes.at, address.bytes, bytes.len);
}

/* Its family (1: IPv4, 2: IPv6), then the address; another one is text. */
static void rewrite_typed_address(struct ims_pseudonyms *p,
				  struct ims_chars value)
{
	if (value.len >= 2 && value.at[0] == 0 &&
	    (value.at[1] == 1 || value.at[1] == 2))
		rewrite_address(p, value.at[1] == 1 ? 4 : 6,
				ims_chars_from(value, 2));
	else
		rewrite_opaque(p, value);
}

/* 0, the prefix's length, and so many bytes of it as there are. */
static void rewrite_prefix(struct ims_pseudonyms *p, struct ims_chars value)
{
	struct ims_address address = {.family = 6};

	if (value.len < 2 || value.len > 2 + sizeof(address.bytes)) {
		rewrite_opaque(p, value);
		return;
	}
	memcpy(address.bytes, value.at + 2, value.len - 2);
	ims_pseudonym_address(p, &address);
	memcpy(value.at + 2, address.bytes, value.len - 2);
}

static void rewrite_secret(struct ims_pseudonyms *p, struct ims_chars value,
			   enum ims_avp_form form)
{
	switch (form) {
	case IMS_AVP_FORM_CHALLENGE:
		rewrite_binary(p, value, IMS_SECRET_CHALLENGE);
		break;
	case IMS_AVP_FORM_AUTHORIZATION:
		rewrite_binary(p, value,
			       value.len == RAND_AUTS ? IMS_SECRET_RESYNC
						      : IMS_SECRET_XRES);
		break;
	case IMS_AVP_FORM_CK:
		rewrite_binary(p, value, IMS_SECRET_CK);
		break;
	case IMS_AVP_FORM_IK:
		rewrite_binary(p, value, IMS_SECRET_IK);
		break;
	case IMS_AVP_FORM_HA1:
		ims_secret_hex(p, IMS_SECRET_HA1, value);
		break;
	case IMS_AVP_FORM_NONCE:
		ims_secret_nonce(p, value);
		break;
	case IMS_AVP_FORM_RESPONSE:
		ims_secret_hex(p, IMS_SECRET_RESPONSE, value);
		break;
	case IMS_AVP_FORM_AUTS:
		ims_secret_base64(p, IMS_SECRET_AUTS, value);
		break;
	default:
		rewrite_opaque(p, value);
		break;
	}
}

static void rewrite_text(struct ims_pseudonyms *p, struct ims_chars value,
			 enum ims_avp_form form)
{
	switch (form) {
	case IMS_AVP_FORM_HOST:
		ims_rewrite_host(p, value);
		break;
	case IMS_AVP_FORM_URI:
		ims_rewrite_uri(p, value);
		break;
	case IMS_AVP_FORM_VALUE:
		ims_rewrite_value(p, value);
		break;
	case IMS_AVP_FORM_PROSE:
		ims_rewrite_prose(p, value, IMS_PROSE_DIGITS);
		break;
	case IMS_AVP_FORM_SESSION:
		rewrite_session(p, value);
		break;
	case IMS_AVP_FORM_XML:
		ims_rewrite_xml(p, value);
		break;
	case IMS_AVP_FORM_SDP:
		ims_rewrite_sdp(p, value);
		break;
	default:
		rewrite_secret(p, value, form);
		break;
	}
}

/* Numbers are short; what is longer may be text. */
static void rewrite_kept(struct ims_pseudonyms *p, struct ims_chars value)
{
	if (value.len > 8)
		ims_rewrite_prose(p, value, IMS_GRAMMAR_DIGITS);
}

static void rewrite_avp(struct ims_pseudonyms *p, struct ims_chars value,
			enum ims_avp_form form)
{
	switch (form) {
	case IMS_AVP_FORM_KEEP:
		rewrite_kept(p, value);
		break;
	case IMS_AVP_FORM_NUMBER:
		rewrite_number(p, value);
		break;
	case IMS_AVP_FORM_TBCD:
		rewrite_tbcd(p, value);
		break;
	case IMS_AVP_FORM_ADDRESS:
		rewrite_typed_address(p, value);
		break;
	case IMS_AVP_FORM_IPV4:
		rewrite_address(p, 4, value);
		break;
	case IMS_AVP_FORM_PREFIX:
		rewrite_prefix(p, value);
		break;
	default:
		rewrite_text(p, value, form);
		break;
	}
}

static struct ims_chars in(struct ims_chars message, struct ims_slice part)
{
	return ims_chars(message.at + (part.at - message.at), part.len);
}

/* Behind an AVP that does not add up, anything may stand. */
static void rewrite_rest(struct ims_pseudonyms *p, struct ims_chars rest,
			 const struct ims_diameter_avp *avp)
{
	size_t header = IMS_DIAMETER_AVP_HEADER_SIZE + (avp->vendor ? 4u : 0u);

	if (rest.len > header)
		rewrite_opaque(p, ims_chars_from(rest, header));
}

/* The AVPs that the walk passes, and those in them. */
static void rewrite_avps(struct ims_pseudonyms *p, struct ims_chars message,
			 struct ims_diameter_walk walk, unsigned depth)
{
	enum ims_diameter_step step;

	do {
		struct ims_diameter_avp avp;
		enum ims_avp_form form;

		step = ims_diameter_next(&walk, &avp);
		if (step == IMS_DIAMETER_STEP_MALFORMED)
			rewrite_rest(p, in(message, walk.rest), &avp);
		if ((step != IMS_DIAMETER_STEP_AVP &&
		     step != IMS_DIAMETER_STEP_CUT) ||
		    avp.value.len == 0)
			continue;
		form = ims_avp_form(avp.vendor, avp.code);
		if (form == IMS_AVP_FORM_GROUP && depth < MAX_DEPTH)
			rewrite_avps(p, message, ims_diameter_walk_group(&avp),
				     depth + 1);
		else
			rewrite_avp(p, in(message, avp.value), form);
	} while (step == IMS_DIAMETER_STEP_AVP);
}

void ims_rewrite_diameter(struct ims_pseudonyms *p, struct ims_chars message)
{
	struct ims_diameter_header header;
	struct ims_slice bytes = ims_chars_slice(message);

	if (ims_diameter_header_parse(&header, bytes))
		rewrite_avps(p, message,
			     ims_diameter_walk_message(&header, bytes), 0);
}

/* What is learned of a message. */
struct learned {
	struct ims_slice session;
	struct ims_slice user_name;
	struct ims_slice challenge; /* of the open item */
	struct ims_slice xres;
};

static uint64_t whose(const struct learned *learned, struct ims_pseudonyms *p)
{
	const struct ims_vault_entry *asked;
	uint64_t name = 0;

	if (learned->user_name.len)
		return ims_slice_hash(learned->user_name);
	asked = ims_vault_get(&p->vault, ROOM_ASKED, learned->session);
	if (asked && asked->choices[0].len == sizeof(name))
		memcpy(&name, asked->choices[0].bytes, sizeof(name));
	return name;
}

static void learn_avps(struct ims_pseudonyms *p, struct learned *learned,
		       struct ims_diameter_walk walk, unsigned depth)
{
	struct ims_diameter_avp avp;

	while (ims_diameter_next(&walk, &avp) == IMS_DIAMETER_STEP_AVP) {
		enum ims_diameter_avp_id id =
			ims_diameter_avp_find(avp.vendor, avp.code);

		if (id == IMS_AVP_SESSION_ID)
			learned->session = avp.value;
		else if (id == IMS_AVP_USER_NAME && depth == 0)
			learned->user_name = avp.value;
		else if (id == IMS_AVP_CX_SIP_AUTHENTICATE)
			learned->challenge = avp.value;
		else if (id == IMS_AVP_CX_SIP_AUTHORIZATION)
			learned->xres = avp.value;
		else if (id == IMS_AVP_DIGEST_HA1)
			ims_digest_keep_ha1(p, whose(learned, p), avp.value);
		if (ims_diameter_avp_is_grouped(id) && depth < MAX_DEPTH) {
			learned->challenge = learned->xres =
				(struct ims_slice){0};
			learn_avps(p, learned, ims_diameter_walk_group(&avp),
				   depth + 1);
			ims_digest_keep_xres(p, learned->challenge,
					     learned->xres);
		}
	}
}

void ims_learn_diameter(struct ims_pseudonyms *p, struct ims_slice message)
{
	struct ims_diameter_header header;
	struct learned learned = {0};
	uint64_t name;

	if (!ims_diameter_header_parse(&header, message))
		return;
	learn_avps(p, &learned, ims_diameter_walk_message(&header, message), 0);
	if (!(header.flags & IMS_DIAMETER_FLAG_REQUEST) ||
	    !learned.user_name.len || !learned.session.len)
		return;
	name = ims_slice_hash(learned.user_name);
	ims_vault_put(&p->vault, ROOM_ASKED, learned.session,
		      ims_slice(&name, sizeof(name)));
}
