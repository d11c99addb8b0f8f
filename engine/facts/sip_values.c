// SPDX-License-Identifier: GPL-2.0-or-later
/* Header fields that hold one value, or of which the first one counts. */
#include "sip_reader.h"
#include "sip_scan.h"

static void read_cseq(struct ims_sip_reader *reader)
{
	struct ims_slice text =
		ims_sip_reader_value(reader, IMS_SIP_HEADER_CSEQ);
	struct ims_sip_facts *facts = reader->facts;
	struct ims_sip_cseq cseq;

	if (!text.at)
		return;
	ims_sip_cseq_parse(&cseq, text);
	facts->cseq = cseq.number;
	facts->has_cseq = cseq.has_number;
	if (!facts->is_request) {
		facts->method_text = cseq.method;
		facts->method = ims_sip_method_find(cseq.method);
	}
	if (!cseq.has_number || !cseq.method.at ||
	    !ims_slice_equal(cseq.method, facts->method_text))
		ims_sip_reader_flaw(reader, IMS_SIP_FLAW_BAD_CSEQ,
				    ims_sip_reader_place(reader, text.at));
}

static void read_dialog(struct ims_sip_reader *reader)
{
	struct ims_slice from =
		ims_sip_reader_value(reader, IMS_SIP_HEADER_FROM);
	struct ims_slice to = ims_sip_reader_value(reader, IMS_SIP_HEADER_TO);
	struct ims_sip_facts *facts = reader->facts;

	facts->call_id = ims_sip_reader_value(reader, IMS_SIP_HEADER_CALL_ID);
	if (from.at)
		ims_sip_address_parse(&facts->from, from);
	if (to.at)
		ims_sip_address_parse(&facts->to, to);
	facts->from_tag = ims_sip_param_find(facts->from.params, "tag");
	facts->to_tag = ims_sip_param_find(facts->to.params, "tag");
}

static void read_texts(struct ims_sip_reader *reader)
{
	struct ims_sip_facts *f = reader->facts;

#define TEXT(id) ims_sip_reader_value(reader, IMS_SIP_HEADER_##id)
	f->charging_vector = TEXT(P_CHARGING_VECTOR);
	f->reason = TEXT(REASON);
	f->warning = TEXT(WARNING);
	f->server = TEXT(SERVER);
	if (!f->server.at)
		f->server = TEXT(USER_AGENT);
	f->event = TEXT(EVENT);
	f->subscription_state = TEXT(SUBSCRIPTION_STATE);
	f->content_type = TEXT(CONTENT_TYPE);
#undef TEXT
}

/* RFC 7315 5.3: quoted string or token, then parameters; a list of these. */
static void read_visited_network(struct ims_sip_reader *reader)
{
	struct ims_slice list = ims_sip_reader_value(
		reader, IMS_SIP_HEADER_P_VISITED_NETWORK_ID);
	struct ims_slice first;

	if (!ims_sip_list_next(&list, &first))
		return;
	first.len = ims_sip_find_unquoted(first, ';');
	reader->facts->visited_network_id = ims_sip_unquote(first);
}

static int64_t read_number(const struct ims_sip_reader *reader,
			   enum ims_sip_header_id id)
{
	uint64_t number;

	if (!ims_sip_number_parse(&number, ims_sip_reader_value(reader, id),
				  UINT32_MAX))
		return -1;
	return (int64_t)number;
}

static const struct ims_sip_auth *read_auth(struct ims_sip_reader *reader,
					    enum ims_sip_header_id id)
{
	static const struct ims_sip_auth none;
	const struct ims_sip_header *h = ims_sip_reader_field(reader, id);
	struct ims_sip_auth *kept;
	struct ims_sip_auth first;
	struct ims_sip_auth one;
	bool is_digest = false;

	if (!h)
		return &none;
	for (first.present = false; h && !is_digest;
	     h = ims_sip_reader_again(reader, h)) {
		ims_sip_auth_parse(&one, ims_sip_header_value(h));
		one.folded = h->folded;
		is_digest = ims_slice_is_nocase(one.scheme, "Digest");
		if (is_digest || !first.present)
			first = one;
	}
	kept = ims_arena_take(reader->arena, sizeof(*kept));
	if (!kept) {
		reader->no_memory = true;
		return &none;
	}
	*kept = first;
	return kept;
}

void ims_sip_reader_values(struct ims_sip_reader *reader)
{
	struct ims_sip_facts *facts = reader->facts;

	read_dialog(reader);
	read_cseq(reader);
	read_texts(reader);
	read_visited_network(reader);
	facts->expires = read_number(reader, IMS_SIP_HEADER_EXPIRES);
	facts->min_expires = read_number(reader, IMS_SIP_HEADER_MIN_EXPIRES);
	facts->authorization = read_auth(reader, IMS_SIP_HEADER_AUTHORIZATION);
	facts->challenge = read_auth(reader, IMS_SIP_HEADER_WWW_AUTHENTICATE);
}
