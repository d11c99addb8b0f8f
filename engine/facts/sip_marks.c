// SPDX-License-Identifier: GPL-2.0-or-later
/* The marks of a message, when all else of it is read. */
#include "sip_reader.h"

static uint32_t marks_of_host(struct ims_slice host)
{
	uint32_t odd = IMS_SIP_MARK_ODD_HOST | IMS_SIP_MARK_LOCAL_HOST;

	if (!ims_slice_is_set(host))
		return 0;
	if (host.len > 1 && host.at[0] == '[')
		host = ims_slice(host.at + 1, host.len - 1);
	switch (host.len ? host.at[0] : '<') {
	case '0': /* 0.0.0.0, 0:0:0:0:0:0:0:1 */
	case ':': /* ::, ::1, ::ffff:127.0.0.1 */
	case '<': /* <null> */
		return odd;
	case '1': /* 127.0.0.1, 169.254.0.0/16 */
		return host.len >= 3 && (memcmp(host.at, "127", 3) == 0 ||
					 memcmp(host.at, "169", 3) == 0)
			       ? IMS_SIP_MARK_LOCAL_HOST
			       : 0;
	case 'f': /* fe80::/10 */
	case 'F':
		return IMS_SIP_MARK_LOCAL_HOST;
	default:
		return 0;
	}
}

static uint32_t marks_of_addresses(const struct ims_sip_addresses *list)
{
	uint32_t marks = 0;

	for (size_t i = 0; i < list->n; i++)
		marks |= marks_of_host(list->at[i].host);
	return marks;
}

static uint32_t marks_of_hosts(const struct ims_sip_facts *facts)
{
	uint32_t marks = marks_of_addresses(&facts->record_routes) |
			 marks_of_addresses(&facts->paths) |
			 marks_of_addresses(&facts->service_routes);

	for (size_t i = 0; i < facts->n_vias; i++)
		marks |= marks_of_host(facts->vias[i].host);
	for (size_t i = 0; i < facts->n_contacts; i++)
		marks |= marks_of_host(facts->contacts[i].address.host);
	return marks;
}

static bool has_sec_agree(const struct ims_sip_options *options)
{
	for (size_t i = 0; i < options->n; i++)
		if (ims_slice_is_nocase(options->at[i], "sec-agree"))
			return true;
	return false;
}

static uint32_t marks_of_options(const struct ims_sip_facts *facts)
{
	const struct ims_sip_options *require = &facts->require;
	const struct ims_sip_options *proxy_require = &facts->proxy_require;
	uint32_t marks = 0;

	if (require->empty_element || proxy_require->empty_element ||
	    facts->supported.empty_element)
		marks |= IMS_SIP_MARK_EMPTY_OPTION;
	if (require->n || proxy_require->n)
		marks |= IMS_SIP_MARK_REQUIRES;
	if (facts->security_client.present || facts->security_server.present ||
	    facts->security_verify.present || has_sec_agree(require) ||
	    has_sec_agree(proxy_require))
		marks |= IMS_SIP_MARK_AGREEMENT;
	return marks;
}

static uint32_t marks_of_credentials(const struct ims_sip_facts *facts)
{
	uint32_t marks = 0;

	if (!ims_slice_is_empty(facts->authorization->response))
		marks |= IMS_SIP_MARK_RESPONSE;
	if (!ims_slice_is_empty(facts->authorization->auts))
		marks |= IMS_SIP_MARK_AUTS;
	if (!ims_slice_is_empty(facts->challenge->ck) ||
	    !ims_slice_is_empty(facts->challenge->ik))
		marks |= IMS_SIP_MARK_KEYS;
	return marks;
}

static uint32_t marks_of_folds(const struct ims_sip_reader *reader,
			       enum ims_sip_header_id id)
{
	const struct ims_sip_header *h = ims_sip_reader_field(reader, id);

	for (; h; h = ims_sip_reader_again(reader, h))
		if (h->folded)
			return IMS_SIP_MARK_FOLDED;
	return 0;
}

void ims_sip_reader_marks(struct ims_sip_reader *reader)
{
	struct ims_sip_facts *facts = reader->facts;

	facts->marks =
		marks_of_hosts(facts) | marks_of_options(facts) |
		marks_of_credentials(facts) |
		marks_of_folds(reader, IMS_SIP_HEADER_AUTHORIZATION) |
		marks_of_folds(reader, IMS_SIP_HEADER_PROXY_AUTHORIZATION);
}
