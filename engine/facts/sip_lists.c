// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Header fields that are lists. All fields of one name are one list (RFC 3261
 * 7.3.1). Each is gone through once: its elements are read on the stack, where
 * there is room for as many as are kept, and copied into the record.
 */
#include "sip_reader.h"
#include "sip_scan.h"

/* The elements of all fields of one id, without the empty ones. */
struct elements {
	struct ims_sip_reader *reader;
	const struct ims_sip_header *next; /* field behind the one in `rest` */
	struct ims_slice rest;
	size_t max;	/* elements that are kept */
	size_t n;	/* elements gone by */
	bool any_empty; /* of those gone by */
};

static struct elements elements_of(struct ims_sip_reader *reader,
				   enum ims_sip_header_id id, size_t max)
{
	return (struct elements){
		.reader = reader,
		.next = ims_sip_reader_field(reader, id),
		.max = max,
	};
}

/* The next one of those that are kept: false, and a flaw, beyond them. */
static bool element_next(struct elements *e, struct ims_slice *element)
{
	for (;;) {
		while (ims_sip_list_next(&e->rest, element)) {
			if (element->len == 0) {
				e->any_empty = true;
			} else if (e->n < e->max) {
				e->n++;
				return true;
			} else {
				ims_sip_reader_flaw(
					e->reader, IMS_SIP_FLAW_LISTS_CUT,
					ims_sip_reader_place(e->reader,
							     element->at));
				return false;
			}
		}
		if (!e->next)
			return false;
		e->rest = ims_sip_header_value(e->next);
		e->next = ims_sip_reader_again(e->reader, e->next);
	}
}

/* A copy in the record of what was read; NULL and e->n 0 when there is none. */
static void *keep(struct elements *e, const void *read, size_t size)
{
	void *kept = ims_arena_copy_n(e->reader->arena, read, e->n, size);

	if (!kept && e->n > 0) {
		e->reader->no_memory = true;
		e->n = 0;
	}
	return kept;
}

static void read_vias(struct ims_sip_reader *reader)
{
	struct elements e =
		elements_of(reader, IMS_SIP_HEADER_VIA, IMS_SIP_MAX_VIAS);
	struct ims_sip_via vias[IMS_SIP_MAX_VIAS];
	struct ims_slice element;

	while (element_next(&e, &element))
		ims_sip_via_parse(&vias[e.n - 1], element);
	reader->facts->vias = keep(&e, vias, sizeof(*vias));
	reader->facts->n_vias = e.n;
}

static int64_t contact_expires(const struct ims_sip_address *address)
{
	struct ims_slice text = ims_sip_param_find(address->params, "expires");
	uint64_t expires;

	if (!ims_sip_number_parse(&expires, text, UINT32_MAX))
		return -1;
	return (int64_t)expires;
}

static void read_contacts(struct ims_sip_reader *reader)
{
	struct elements e =
		elements_of(reader, IMS_SIP_HEADER_CONTACT, IMS_SIP_MAX_LIST);
	struct ims_sip_contact contacts[IMS_SIP_MAX_LIST];
	struct ims_slice element;

	while (element_next(&e, &element)) {
		struct ims_sip_contact *contact = &contacts[e.n - 1];

		ims_sip_address_parse(&contact->address, element);
		contact->expires = contact_expires(&contact->address);
		if (ims_slice_is(contact->address.uri, "*"))
			reader->facts->contact_star = true;
	}
	reader->facts->contacts = keep(&e, contacts, sizeof(*contacts));
	reader->facts->n_contacts = e.n;
}

static void read_addresses(struct ims_sip_reader *reader,
			   struct ims_sip_addresses *list,
			   enum ims_sip_header_id id)
{
	struct elements e = elements_of(reader, id, IMS_SIP_MAX_LIST);
	struct ims_sip_address addresses[IMS_SIP_MAX_LIST];
	struct ims_slice element;

	while (element_next(&e, &element))
		ims_sip_address_parse(&addresses[e.n - 1], element);
	list->at = keep(&e, addresses, sizeof(*addresses));
	list->n = e.n;
}

/* Whether an empty element stands in what has not been gone through. */
static bool is_empty_later(struct elements *e)
{
	struct ims_slice element;

	while (!e->any_empty) {
		while (ims_sip_list_next(&e->rest, &element))
			if (element.len == 0)
				return true;
		if (!e->next)
			return false;
		e->rest = ims_sip_header_value(e->next);
		e->next = ims_sip_reader_again(e->reader, e->next);
	}
	return true;
}

static void read_options(struct ims_sip_reader *reader,
			 struct ims_sip_options *list,
			 enum ims_sip_header_id id)
{
	struct elements e = elements_of(reader, id, IMS_SIP_MAX_LIST);
	struct ims_slice options[IMS_SIP_MAX_LIST];
	struct ims_slice element;

	list->present = true;
	while (element_next(&e, &element))
		options[e.n - 1] = element;
	list->at = keep(&e, options, sizeof(*options));
	list->n = e.n;
	/* To the very end: the last element may be the empty one. */
	list->empty_element = is_empty_later(&e);
}

static void read_mechanisms(struct ims_sip_reader *reader,
			    struct ims_sip_mechanisms *list,
			    enum ims_sip_header_id id)
{
	struct elements e = elements_of(reader, id, IMS_SIP_MAX_MECHANISMS);
	struct ims_sip_mechanism mechanisms[IMS_SIP_MAX_MECHANISMS];
	struct ims_slice element;

	list->present = true;
	while (element_next(&e, &element))
		ims_sip_mechanism_parse(&mechanisms[e.n - 1], element);
	list->at = keep(&e, mechanisms, sizeof(*mechanisms));
	list->n = e.n;
}

static void read_all_addresses(struct ims_sip_reader *reader)
{
	struct ims_sip_facts *f = reader->facts;
	const struct {
		enum ims_sip_header_id id;
		struct ims_sip_addresses *list;
	} lists[] = {
		{IMS_SIP_HEADER_ROUTE, &f->routes},
		{IMS_SIP_HEADER_RECORD_ROUTE, &f->record_routes},
		{IMS_SIP_HEADER_PATH, &f->paths},
		{IMS_SIP_HEADER_SERVICE_ROUTE, &f->service_routes},
		{IMS_SIP_HEADER_P_ASSOCIATED_URI, &f->associated_uris},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (reader->first[lists[i].id])
			read_addresses(reader, lists[i].list, lists[i].id);
}

static void read_all_options(struct ims_sip_reader *reader)
{
	struct ims_sip_facts *f = reader->facts;
	const struct {
		enum ims_sip_header_id id;
		struct ims_sip_options *list;
	} lists[] = {
		{IMS_SIP_HEADER_REQUIRE, &f->require},
		{IMS_SIP_HEADER_PROXY_REQUIRE, &f->proxy_require},
		{IMS_SIP_HEADER_SUPPORTED, &f->supported},
		{IMS_SIP_HEADER_UNSUPPORTED, &f->unsupported},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (reader->first[lists[i].id])
			read_options(reader, lists[i].list, lists[i].id);
}

static void read_all_mechanisms(struct ims_sip_reader *reader)
{
	struct ims_sip_facts *f = reader->facts;
	const struct {
		enum ims_sip_header_id id;
		struct ims_sip_mechanisms *list;
	} lists[] = {
		{IMS_SIP_HEADER_SECURITY_CLIENT, &f->security_client},
		{IMS_SIP_HEADER_SECURITY_SERVER, &f->security_server},
		{IMS_SIP_HEADER_SECURITY_VERIFY, &f->security_verify},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (reader->first[lists[i].id])
			read_mechanisms(reader, lists[i].list, lists[i].id);
}

void ims_sip_reader_lists(struct ims_sip_reader *reader)
{
	if (reader->first[IMS_SIP_HEADER_VIA])
		read_vias(reader);
	if (reader->first[IMS_SIP_HEADER_CONTACT])
		read_contacts(reader);
	read_all_addresses(reader);
	read_all_options(reader);
	read_all_mechanisms(reader);
}
