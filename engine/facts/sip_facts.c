// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_facts.h"

#include "facts.h"
#include "sip_message.h"
#include "sip_reader.h"

static void read_start(struct ims_sip_reader *reader)
{
	bool has_end = reader->start_len > 0;
	size_t len = has_end ? reader->start_len : reader->header_len;
	struct ims_sip_facts *facts = reader->facts;
	struct ims_sip_start start;

	ims_sip_start_parse(&start, ims_slice(reader->copy, len));
	facts->is_request = start.is_request;
	facts->method = start.method;
	facts->method_text = start.method_text;
	facts->status = start.status;
	facts->reason_phrase = start.reason;
	if (start.uri.at)
		ims_sip_uri_parse(&facts->request_uri, start.uri);
	if (!(start.well_formed && has_end) && !reader->cut)
		ims_sip_reader_flaw(reader, IMS_SIP_FLAW_BAD_START, 0);
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

	if (reader->fields_cut)
		return;
	for (size_t i = 0; i < sizeof(mandatory) / sizeof(mandatory[0]); i++)
		if (ims_sip_reader_value(reader, mandatory[i].id).len == 0)
			ims_sip_reader_flaw(reader, mandatory[i].flaw,
					    reader->header_len);
}

/* All but the table of the next ones, which is written as fields are found. */
static void init(struct ims_sip_reader *reader, struct ims_arena *arena,
		 bool cut)
{
	reader->arena = arena;
	reader->facts = ims_arena_alloc(arena, sizeof(*reader->facts));
	reader->cut = cut;
	reader->has_end = false;
	reader->no_memory = !reader->facts;
	reader->fields_cut = false;
	memset(reader->first, 0, sizeof(reader->first));
}

/* `len`: of what is there of it in the copy, the header at least. */
static const struct ims_sip_facts *read_message(struct ims_sip_reader *reader,
						size_t len,
						struct ims_slice bytes)
{
	if (reader->no_memory)
		return NULL;
	reader->facts->flaw_offset = -1;
	ims_sip_reader_header(reader, len);
	if (reader->no_memory)
		return NULL;
	read_start(reader);
	ims_sip_reader_values(reader);
	ims_sip_reader_lists(reader);
	ims_sip_reader_body(reader, bytes);
	ims_sip_reader_marks(reader);
	if (!reader->cut && !reader->has_end)
		ims_sip_reader_flaw(reader, IMS_SIP_FLAW_NO_END,
				    reader->header_len);
	if (!reader->cut || reader->has_end)
		find_missing(reader);
	return reader->no_memory ? NULL : reader->facts;
}

const struct ims_sip_facts *ims_sip_facts_new(struct ims_arena *arena,
					      struct ims_slice bytes, bool cut)
{
	size_t len = ims_sip_header_length(bytes);
	struct ims_sip_reader reader;

	if (len == 0)
		len = bytes.len;
	init(&reader, arena, cut);
	reader.copy = ims_arena_take(arena, len);
	if (!reader.copy)
		return NULL;
	if (len > 0)
		memcpy(reader.copy, bytes.at, len);
	return read_message(&reader, len, bytes);
}

const struct ims_sip_facts *ims_sip_facts_read(struct ims_arena *arena,
					       char *bytes, size_t len,
					       bool cut)
{
	struct ims_sip_reader reader;

	init(&reader, arena, cut);
	reader.copy = bytes;
	return read_message(&reader, len, ims_slice(bytes, len));
}
