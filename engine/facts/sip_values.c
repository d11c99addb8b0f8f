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
		ims_sip_reader_flaw(reader, IMS_SIP_FLAW_BAD_CSEQ, text.at);
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
	const struct {
		struct ims_slice *text;
		enum ims_sip_header_id id;
	} texts[] = {
		{&f->access_network_info, IMS_SIP_HEADER_P_ACCESS_NETWORK_INFO},
		{&f->charging_vector, IMS_SIP_HEADER_P_CHARGING_VECTOR},
		{&f->reason, IMS_SIP_HEADER_REASON},
		{&f->warning, IMS_SIP_HEADER_WARNING},
		{&f->server, IMS_SIP_HEADER_SERVER},
		{&f->event, IMS_SIP_HEADER_EVENT},
		{&f->subscription_state, IMS_SIP_HEADER_SUBSCRIPTION_STATE},
		{&f->content_type, IMS_SIP_HEADER_CONTENT_TYPE},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i].text = ims_sip_reader_value(reader, texts[i].id);
	if (!f->server.at)
		f->server =
			ims_sip_reader_value(reader, IMS_SIP_HEADER_USER_AGENT);
	f->icid = ims_sip_param_find(f->charging_vector, "icid-value");
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

static void read_auth(const struct ims_sip_reader *reader,
		      struct ims_sip_auth *auth, enum ims_sip_header_id id)
{
	const struct ims_sip_header *h = NULL;
	struct ims_sip_auth one;

	while ((h = ims_sip_reader_field(reader, id, h)) != NULL) {
		bool is_digest;

		ims_sip_auth_parse(&one, h->value);
		one.folded = h->folded;
		is_digest = ims_slice_is_nocase(one.scheme, "Digest");
		if (is_digest || !auth->present)
			*auth = one;
		if (is_digest)
			return;
	}
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
	read_auth(reader, &facts->authorization, IMS_SIP_HEADER_AUTHORIZATION);
	read_auth(reader, &facts->challenge, IMS_SIP_HEADER_WWW_AUTHENTICATE);
}
