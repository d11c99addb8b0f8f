// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Header fields that are lists. All fields of one name are one list (RFC 3261
 * 7.3.1). Each is gone through once: its elements are read on the stack, where
 * there is room for as many as are kept, and copied into the record.
 */
#include "sip_reader.h"
#include "sip_scan.h"

static void read_via(void *via, struct ims_slice element)
{
	ims_sip_via_parse(via, element);
}

static void read_contact(void *item, struct ims_slice element)
{
	struct ims_sip_contact *contact = item;
	uint64_t expires;

	ims_sip_address_parse(&contact->address, element);
	contact->expires = -1;
	if (ims_sip_number_parse(
		    &expires,
		    ims_sip_param_find(contact->address.params, "expires"),
		    UINT32_MAX))
		contact->expires = (int64_t)expires;
}

static void read_address(void *address, struct ims_slice element)
{
	ims_sip_address_parse(address, element);
}

static void read_option(void *option, struct ims_slice element)
{
	*(struct ims_slice *)option = element;
}

static void read_mechanism(void *mechanism, struct ims_slice element)
{
	ims_sip_mechanism_parse(mechanism, element);
}

/* What a list may be of. */
struct kind {
	void (*read)(void *item, struct ims_slice element);
	size_t size; /* of an item */
	size_t max;  /* items that are kept */
};

static const struct kind via = {read_via, sizeof(struct ims_sip_via),
				IMS_SIP_MAX_VIAS};
static const struct kind contact = {
	read_contact, sizeof(struct ims_sip_contact), IMS_SIP_MAX_LIST};
static const struct kind address = {
	read_address, sizeof(struct ims_sip_address), IMS_SIP_MAX_LIST};
static const struct kind option = {read_option, sizeof(struct ims_slice),
				   IMS_SIP_MAX_LIST};
static const struct kind mechanism = {read_mechanism,
				      sizeof(struct ims_sip_mechanism),
				      IMS_SIP_MAX_MECHANISMS};

/* Room for the items of any list. */
union items {
	struct ims_sip_via vias[IMS_SIP_MAX_VIAS];
	struct ims_sip_contact contacts[IMS_SIP_MAX_LIST];
	struct ims_sip_address addresses[IMS_SIP_MAX_LIST];
	struct ims_slice options[IMS_SIP_MAX_LIST];
	struct ims_sip_mechanism mechanisms[IMS_SIP_MAX_MECHANISMS];
};

/* Of which fields what list is made. */
struct list {
	enum ims_sip_header_id id;
	const struct kind *kind;
	/* Where it is in the facts. */
	uint32_t at;
	uint32_t n;
	uint32_t present; /* 0: no such member; likewise: */
	uint32_t empty_element;
};

#define PLACE(member) offsetof(struct ims_sip_facts, member)

static const struct list lists[] = {
	{IMS_SIP_HEADER_VIA, &via, PLACE(vias), PLACE(n_vias), 0, 0},
	{IMS_SIP_HEADER_CONTACT, &contact, PLACE(contacts), PLACE(n_contacts),
	 0, 0},
	{IMS_SIP_HEADER_ROUTE, &address, PLACE(routes.at), PLACE(routes.n), 0,
	 0},
	{IMS_SIP_HEADER_RECORD_ROUTE, &address, PLACE(record_routes.at),
	 PLACE(record_routes.n), 0, 0},
	{IMS_SIP_HEADER_PATH, &address, PLACE(paths.at), PLACE(paths.n), 0, 0},
	{IMS_SIP_HEADER_SERVICE_ROUTE, &address, PLACE(service_routes.at),
	 PLACE(service_routes.n), 0, 0},
	{IMS_SIP_HEADER_P_ASSOCIATED_URI, &address, PLACE(associated_uris.at),
	 PLACE(associated_uris.n), 0, 0},
	{IMS_SIP_HEADER_REQUIRE, &option, PLACE(require.at), PLACE(require.n),
	 PLACE(require.present), PLACE(require.empty_element)},
	{IMS_SIP_HEADER_PROXY_REQUIRE, &option, PLACE(proxy_require.at),
	 PLACE(proxy_require.n), PLACE(proxy_require.present),
	 PLACE(proxy_require.empty_element)},
	{IMS_SIP_HEADER_SUPPORTED, &option, PLACE(supported.at),
	 PLACE(supported.n), PLACE(supported.present),
	 PLACE(supported.empty_element)},
	{IMS_SIP_HEADER_UNSUPPORTED, &option, PLACE(unsupported.at),
	 PLACE(unsupported.n), PLACE(unsupported.present),
	 PLACE(unsupported.empty_element)},
	{IMS_SIP_HEADER_SECURITY_CLIENT, &mechanism, PLACE(security_client.at),
	 PLACE(security_client.n), PLACE(security_client.present), 0},
	{IMS_SIP_HEADER_SECURITY_SERVER, &mechanism, PLACE(security_server.at),
	 PLACE(security_server.n), PLACE(security_server.present), 0},
	{IMS_SIP_HEADER_SECURITY_VERIFY, &mechanism, PLACE(security_verify.at),
	 PLACE(security_verify.n), PLACE(security_verify.present), 0},
};

/* Reads all elements but the empty ones, and says whether there are such. */
static size_t read_items(struct ims_sip_reader *reader, union items *items,
			 bool *any_empty, const struct list *list)
{
	const struct ims_sip_header *h = ims_sip_reader_field(reader, list->id);
	const struct kind *kind = list->kind;
	struct ims_slice element;
	size_t n = 0;

	for (; h; h = ims_sip_reader_again(reader, h)) {
		struct ims_slice rest = ims_sip_header_value(h);

		while (ims_sip_list_next(&rest, &element)) {
			if (element.len == 0)
				*any_empty = true;
			else if (n < kind->max)
				kind->read((char *)items + n++ * kind->size,
					   element);
			else
				ims_sip_reader_flaw(
					reader, IMS_SIP_FLAW_LISTS_CUT,
					ims_sip_reader_place(reader,
							     element.at));
		}
	}
	return n;
}

static void read_list(struct ims_sip_reader *reader, const struct list *list)
{
	char *facts = (char *)reader->facts;
	const bool is_there = true;
	bool any_empty = false;
	union items items; /* written up to n */
	size_t n = read_items(reader, &items, &any_empty, list);
	void *kept =
		ims_arena_copy_n(reader->arena, &items, n, list->kind->size);

	if (!kept && n > 0) {
		reader->no_memory = true;
		return;
	}
	memcpy(facts + list->at, &kept, sizeof(kept));
	memcpy(facts + list->n, &n, sizeof(n));
	if (list->present)
		memcpy(facts + list->present, &is_there, sizeof(is_there));
	if (list->empty_element)
		memcpy(facts + list->empty_element, &any_empty,
		       sizeof(any_empty));
}

static bool has_star(const struct ims_sip_facts *facts)
{
	for (size_t i = 0; i < facts->n_contacts; i++)
		if (ims_slice_is(facts->contacts[i].address.uri, "*"))
			return true;
	return false;
}

void ims_sip_reader_lists(struct ims_sip_reader *reader)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (reader->first[lists[i].id])
			read_list(reader, &lists[i]);
	reader->facts->contact_star = has_star(reader->facts);
}
