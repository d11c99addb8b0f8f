// SPDX-License-Identifier: GPL-2.0-or-later
/* The body: its length, its MD5 where Digest needs it, and reginfo. */
#include <glib.h>

#include "sip_reader.h"
#include "sip_scan.h"

/* Content-Length; `available` where there is none that can be read. */
static uint64_t read_length(struct ims_sip_reader *reader, size_t available)
{
	const struct ims_sip_header *h =
		ims_sip_reader_field(reader, IMS_SIP_HEADER_CONTENT_LENGTH);
	const struct ims_sip_header *known = NULL;
	uint64_t length = available;
	uint64_t one;

	for (; h; h = ims_sip_reader_again(reader, h)) {
		size_t place =
			ims_sip_reader_place(reader, h->at + h->value_place);

		if (!ims_slice_to_uint(ims_sip_header_value(h), UINT64_MAX,
				       &one)) {
			ims_sip_reader_flaw(reader, IMS_SIP_FLAW_BAD_LENGTH,
					    place);
		} else if (!known) {
			known = h;
			length = one;
		} else if (one != length) {
			ims_sip_reader_flaw(reader, IMS_SIP_FLAW_TWO_LENGTHS,
					    place);
		}
	}
	if (length > available && !reader->cut)
		ims_sip_reader_flaw(
			reader, IMS_SIP_FLAW_BAD_LENGTH,
			ims_sip_reader_place(reader,
					     known->at + known->value_place));
	return length;
}

/* Who answers a challenge with qop=auth-int signs the body too. */
static bool wants_body_md5(const struct ims_sip_facts *facts)
{
	return facts->is_request &&
	       (facts->method == IMS_SIP_METHOD_REGISTER ||
		ims_slice_is_nocase(facts->authorization->qop, "auth-int"));
}

static void body_md5(struct ims_sip_facts *facts, struct ims_slice body)
{
	GChecksum *md5 = g_checksum_new(G_CHECKSUM_MD5);
	gsize len = sizeof(facts->body_md5);

	g_checksum_update(md5, (const guchar *)body.at, (gssize)body.len);
	g_checksum_get_digest(md5, facts->body_md5, &len);
	g_checksum_free(md5);
}

static bool is_reginfo(const struct ims_sip_reader *reader)
{
	struct ims_slice type = reader->facts->content_type;

	type.len = ims_sip_find_unquoted(type, ';');
	return reader->facts->is_request &&
	       reader->facts->method == IMS_SIP_METHOD_NOTIFY &&
	       ims_slice_is_nocase(ims_slice_trim(type),
				   "application/reginfo+xml") &&
	       !reader->first[IMS_SIP_HEADER_CONTENT_ENCODING];
}

void ims_sip_reader_body(struct ims_sip_reader *reader,
			 struct ims_slice message)
{
	struct ims_sip_facts *facts = reader->facts;
	size_t available = message.len - reader->header_len;
	uint64_t length = read_length(reader, available);
	struct ims_slice body;

	if (available == 0)
		return;
	body = ims_sip_from(message, reader->header_len);
	if (length < body.len)
		body.len = (size_t)length;
	facts->body_length = body.len;
	if (body.len == 0)
		return;
	if (wants_body_md5(facts))
		body_md5(facts, body);
	if (!is_reginfo(reader))
		return;
	if (body.len > IMS_SIP_MAX_REGINFO) {
		body.len = IMS_SIP_MAX_REGINFO;
		ims_sip_reader_flaw(reader, IMS_SIP_FLAW_LISTS_CUT,
				    reader->header_len);
	}
	facts->reginfo = message.at == reader->copy
				 ? body
				 : ims_arena_copy(reader->arena, body);
	if (!facts->reginfo.at)
		reader->no_memory = true;
}
