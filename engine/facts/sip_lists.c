// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Header fields that are lists. All fields of one name are one list (RFC 3261
 * 7.3.1). Each is gone through twice: to count its elements, and to read them
 * into an array of that size.
 */
#include "sip_reader.h"
#include "sip_scan.h"

/* The elements of all fields of one id, without the empty ones. */
struct elements {
	const struct ims_sip_reader *reader;
	enum ims_sip_header_id id;
	const struct ims_sip_header *field;
	struct ims_slice rest;
	bool any_empty; /* of those gone by */
};

static struct elements elements_of(const struct ims_sip_reader *reader,
				   enum ims_sip_header_id id)
{
	return (struct elements){.reader = reader, .id = id};
}

static bool element_next(struct elements *e, struct ims_slice *element)
{
	for (;;) {
		while (ims_sip_list_next(&e->rest, element)) {
			if (element->len > 0)
				return true;
			e->any_empty = true;
		}
		e->field = ims_sip_reader_field(e->reader, e->id, e->field);
		if (!e->field)
			return false;
		e->rest = e->field->value;
	}
}

/*
 * A zeroed array for the elements of `id`, `max` at most, of `size` bytes
 * each; NULL and *n 0 when there are none or no memory.
 */
static void *array_new(struct ims_sip_reader *reader, size_t *n,
		       enum ims_sip_header_id id, size_t max, size_t size)
{
	struct elements e = elements_of(reader, id);
	struct ims_slice element;
	void *array;

	*n = 0;
	while (element_next(&e, &element)) {
		if (*n == max) {
			ims_sip_reader_flaw(reader, IMS_SIP_FLAW_LISTS_CUT,
					    element.at);
			break;
		}
		++*n;
	}
	if (*n == 0)
		return NULL;
	array = ims_arena_alloc_n(reader->arena, *n, size);
	if (!array) {
		reader->no_memory = true;
		*n = 0;
	}
	return array;
}

static void read_vias(struct ims_sip_reader *reader)
{
	struct elements e = elements_of(reader, IMS_SIP_HEADER_VIA);
	struct ims_slice element;
	struct ims_sip_via *vias;
	size_t n;

	vias = array_new(reader, &n, e.id, IMS_SIP_MAX_VIAS, sizeof(*vias));
	for (size_t i = 0; i < n && element_next(&e, &element); i++)
		ims_sip_via_parse(&vias[i], element);
	reader->facts->vias = vias;
	reader->facts->n_vias = n;
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
	struct elements e = elements_of(reader, IMS_SIP_HEADER_CONTACT);
	struct ims_sip_contact *contacts;
	struct ims_slice element;
	size_t n;

	contacts = array_new(reader, &n, e.id, IMS_SIP_MAX_LIST,
			     sizeof(*contacts));
	for (size_t i = 0; i < n && element_next(&e, &element); i++) {
		struct ims_sip_address *address = &contacts[i].address;

		ims_sip_address_parse(address, element);
		contacts[i].expires = contact_expires(address);
		if (ims_slice_is(address->uri, "*"))
			reader->facts->contact_star = true;
	}
	reader->facts->contacts = contacts;
	reader->facts->n_contacts = n;
}

static void read_addresses(struct ims_sip_reader *reader,
			   struct ims_sip_addresses *list,
			   enum ims_sip_header_id id)
{
	struct elements e = elements_of(reader, id);
	struct ims_sip_address *addresses;
	struct ims_slice element;

	addresses = array_new(reader, &list->n, id, IMS_SIP_MAX_LIST,
			      sizeof(*addresses));
	for (size_t i = 0; i < list->n && element_next(&e, &element); i++)
		ims_sip_address_parse(&addresses[i], element);
	list->at = addresses;
}

static void read_options(struct ims_sip_reader *reader,
			 struct ims_sip_options *list,
			 enum ims_sip_header_id id)
{
	struct elements e = elements_of(reader, id);
	struct ims_slice *options;
	struct ims_slice element;
	size_t i = 0;

	list->present = ims_sip_reader_field(reader, id, NULL) != NULL;
	options = array_new(reader, &list->n, id, IMS_SIP_MAX_LIST,
			    sizeof(*options));
	/* To the very end: the last element may be the empty one. */
	while (element_next(&e, &element))
		if (i < list->n)
			options[i++] = element;
	list->at = options;
	list->empty_element = e.any_empty;
}

static void read_mechanisms(struct ims_sip_reader *reader,
			    struct ims_sip_mechanisms *list,
			    enum ims_sip_header_id id)
{
	struct elements e = elements_of(reader, id);
	struct ims_sip_mechanism *mechanisms;
	struct ims_slice element;

	list->present = ims_sip_reader_field(reader, id, NULL) != NULL;
	mechanisms = array_new(reader, &list->n, id, IMS_SIP_MAX_MECHANISMS,
			       sizeof(*mechanisms));
	for (size_t i = 0; i < list->n && element_next(&e, &element); i++)
		ims_sip_mechanism_parse(&mechanisms[i], element);
	list->at = mechanisms;
}

void ims_sip_reader_lists(struct ims_sip_reader *reader)
{
	struct ims_sip_facts *f = reader->facts;

	read_vias(reader);
	read_contacts(reader);
	read_addresses(reader, &f->routes, IMS_SIP_HEADER_ROUTE);
	read_addresses(reader, &f->record_routes, IMS_SIP_HEADER_RECORD_ROUTE);
	read_addresses(reader, &f->paths, IMS_SIP_HEADER_PATH);
	read_addresses(reader, &f->service_routes,
		       IMS_SIP_HEADER_SERVICE_ROUTE);
	read_addresses(reader, &f->associated_uris,
		       IMS_SIP_HEADER_P_ASSOCIATED_URI);
	read_addresses(reader, &f->asserted_identities,
		       IMS_SIP_HEADER_P_ASSERTED_IDENTITY);
	read_addresses(reader, &f->preferred_identities,
		       IMS_SIP_HEADER_P_PREFERRED_IDENTITY);
	read_options(reader, &f->require, IMS_SIP_HEADER_REQUIRE);
	read_options(reader, &f->proxy_require, IMS_SIP_HEADER_PROXY_REQUIRE);
	read_options(reader, &f->supported, IMS_SIP_HEADER_SUPPORTED);
	read_options(reader, &f->unsupported, IMS_SIP_HEADER_UNSUPPORTED);
	read_mechanisms(reader, &f->security_client,
			IMS_SIP_HEADER_SECURITY_CLIENT);
	read_mechanisms(reader, &f->security_server,
			IMS_SIP_HEADER_SECURITY_SERVER);
	read_mechanisms(reader, &f->security_verify,
			IMS_SIP_HEADER_SECURITY_VERIFY);
}
