// SPDX-License-Identifier: GPL-2.0-or-later
/* Where something entered a request on its way, and where it left it. */
#include "change_list.h"
#include "changes.h"
#include "sip_address.h"
#include "sip_scan.h"

static bool has_param(struct ims_slice rest, char separator,
		      struct ims_slice name)
{
	struct ims_sip_param param;

	while (ims_sip_param_next(&rest, separator, &param))
		if (ims_slice_equal_nocase(param.name, name))
			return true;
	return false;
}

static bool address_has(struct ims_slice text, struct ims_slice name)
{
	struct ims_sip_address address = {0};

	ims_sip_address_parse(&address, text);
	return has_param(address.uri_params, ';', name) ||
	       has_param(address.params, ';', name);
}

/* One value of a list, or a field that is no list. */
static bool value_has(struct ims_slice text, enum ims_change_reading reading,
		      struct ims_slice name)
{
	size_t start;

	switch (reading) {
	case IMS_CHANGE_TAGS:
		return ims_slice_equal_nocase(text, name);
	case IMS_CHANGE_LIST:
		start = ims_sip_find_unquoted(text, ';');
		return has_param(ims_sip_from(text, start), ';', name);
	case IMS_CHANGE_ADDRESSES:
		return address_has(text, name);
	case IMS_CHANGE_PARAMS:
		return has_param(text, ';', name);
	case IMS_CHANGE_CREDENTIALS:
		start = ims_change_scheme(text).len;
		return has_param(ims_sip_from(text, start), ',', name);
	case IMS_CHANGE_AUTH_PARAMS:
		return has_param(text, ',', name);
	case IMS_CHANGE_LINES:
		break;
	}
	return false;
}

static bool field_has(const struct ims_sip_header *header,
		      struct ims_slice element)
{
	enum ims_change_reading reading = ims_change_reading(header->id);
	struct ims_slice value = ims_sip_header_value(header);
	struct ims_slice rest = value;
	struct ims_slice text;

	if (!element.at)
		return true;
	if (!ims_change_is_list(reading))
		return value_has(value, reading, element);
	while (ims_sip_list_next(&rest, &text))
		if (value_has(text, reading, element))
			return true;
	return false;
}

bool ims_message_has(const struct ims_facts *message,
		     const struct ims_sought *sought)
{
	const struct ims_sip_facts *sip = ims_sip(message);

	for (size_t i = 0; sip && i < sip->n_headers; i++) {
		enum ims_sip_header_id id = sip->headers[i].id;

		if (id != IMS_SIP_HEADER_OTHER &&
		    (id == sought->header || id == sought->or_header) &&
		    field_has(&sip->headers[i], sought->element))
			return true;
	}
	return false;
}

/* The copy on the leg above lacks it, and would have shown it. */
static const struct ims_party *find_giver(const struct ims_hop *hop)
{
	bool known = hop->depth == 1 || (hop->above && hop->above->request &&
					 !hop->above->request->cut);

	return known ? &hop->from : NULL;
}

static void find_left(struct ims_trace *trace,
		      const struct ims_journey *journey,
		      const struct ims_sought *sought)
{
	for (unsigned i = 0; !trace->left && i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (!hop->above || !hop->request || hop->request->cut ||
		    ims_message_has(hop->request, sought) ||
		    !ims_message_has(hop->above->request, sought))
			continue;
		trace->left = hop;
		trace->taken_out_by = &hop->from;
	}
}

void ims_journey_trace(struct ims_trace *trace,
		       const struct ims_journey *journey,
		       const struct ims_sought *sought)
{
	*trace = (struct ims_trace){0};
	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (!ims_message_has(hop->request, sought))
			continue;
		if (!trace->entered)
			trace->entered = hop;
		else if (hop->depth > trace->entered->depth && !trace->kept)
			trace->kept = hop;
	}
	if (!trace->entered)
		return;
	trace->put_in_by = find_giver(trace->entered);
	find_left(trace, journey, sought);
}
