// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_facts.h"

#include "facts.h"
#include "sip_message.h"
#include "sip_reader.h"

static void read_start(struct ims_sip_reader *reader,
		       const struct ims_sip_start *start)
{
	struct ims_sip_facts *facts = reader->facts;

	facts->is_request = start->is_request;
	facts->method = start->method;
	facts->method_text = start->method_text;
	facts->status = start->status;
	facts->reason_phrase = start->reason;
	if (start->uri.at)
		ims_sip_uri_parse(&facts->request_uri, start->uri);
	if (!start->well_formed && !reader->cut)
		ims_sip_reader_flaw(reader, IMS_SIP_FLAW_BAD_START,
				    reader->copy.at);
}

/* What RFC 3261 8.1.1 wants in every message, Max-Forwards left aside. */
static void find_missing(struct ims_sip_reader *reader)
{
	static const struct {
		enum ims_sip_header_id id;
		enum ims_sip_flaw flaw;
	} mandatory[] = {
		{IMS_SIP_HEADER_VIA, IMS_SIP_FLAW_NO_VIA},
		{IMS_SIP_HEADER_FROM, IMS_SIP_FLAW_NO_FROM},
		{IMS_SIP_HEADER_TO, IMS_SIP_FLAW_NO_TO},
		{IMS_SIP_HEADER_CALL_ID, IMS_SIP_FLAW_NO_CALL_ID},
		{IMS_SIP_HEADER_CSEQ, IMS_SIP_FLAW_NO_CSEQ},
	};
	const char *end = reader->copy.at + reader->copy.len;

	if (reader->fields_cut)
		return;
	for (size_t i = 0; i < sizeof(mandatory) / sizeof(mandatory[0]); i++)
		if (ims_sip_reader_value(reader, mandatory[i].id).len == 0)
			ims_sip_reader_flaw(reader, mandatory[i].flaw, end);
}

const struct ims_sip_facts *ims_sip_facts_new(struct ims_arena *arena,
					      struct ims_slice bytes, bool cut)
{
	struct ims_sip_reader reader = {.arena = arena, .cut = cut};
	struct ims_sip_message message;
	struct ims_slice body;
	char *copy;

	ims_sip_message_parse(&message, bytes);
	body = message.body;
	copy = ims_arena_alloc(arena, message.header_len);
	reader.facts = ims_arena_alloc(arena, sizeof(*reader.facts));
	if (!copy || !reader.facts)
		return NULL;
	if (message.header_len)
		memcpy(copy, bytes.at, message.header_len);
	reader.copy = ims_slice(copy, message.header_len);
	reader.facts->flaw_offset = -1;
	ims_sip_message_parse(&message, reader.copy);
	read_start(&reader, &message.start);
	ims_sip_reader_fields(&reader, message.fields, copy);
	ims_sip_reader_values(&reader);
	ims_sip_reader_lists(&reader);
	ims_sip_reader_body(&reader, body);
	if (!cut && !message.has_end)
		ims_sip_reader_flaw(&reader, IMS_SIP_FLAW_NO_END,
				    copy + reader.copy.len);
	if (!cut || message.has_end)
		find_missing(&reader);
	return reader.no_memory ? NULL : reader.facts;
}
