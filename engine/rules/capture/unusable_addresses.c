// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses that lead nowhere, where others are to send to them: 0.0.0.0 and
 * :: (a socket bound to all addresses), an unset variable, nothing at all.
 */
#include "family.h"
#include "registrant.h"
#include "request.h"

/* The header fields that say where to send to. */
enum place {
	PLACE_VIA,
	PLACE_CONTACT,
	PLACE_RECORD_ROUTE,
	PLACE_PATH,
	PLACE_SERVICE_ROUTE,
	N_PLACES,
};

static const char *const place_names[N_PLACES] = {
	"Via", "Contact", "Record-Route", "Path", "Service-Route",
};

struct unusable {
	enum place place;
	const struct ims_hop *hop;
	const struct ims_facts *message;
	struct ims_slice host;
	struct ims_slice text; /* the URI, or sent-by, as written */
};

/* `host` is absent where the URI has none to have: "*", tel:, urn:. */
static bool is_unusable(struct ims_slice host)
{
	static const uint8_t zero[16];
	struct ims_address address;

	if (!ims_slice_is_set(host))
		return false;
	if (host.len == 0 || host.at[0] == '<')
		return true;
	/* Nothing else begins a zero address, and most hosts are none. */
	if (host.at[0] != '0' && host.at[0] != ':' && host.at[0] != '[')
		return false;
	return ims_address_parse(&address, host) &&
	       memcmp(address.bytes, zero, sizeof(zero)) == 0;
}

static bool find_in_list(struct unusable *found,
			 const struct ims_sip_addresses *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (is_unusable(list->at[i].host)) {
			found->host = list->at[i].host;
			found->text = list->at[i].uri;
			return true;
		}
	return false;
}

static bool find_in_contacts(struct unusable *found,
			     const struct ims_sip_facts *sip)
{
	/* A redirection names somebody else; a refusal has no dialog. */
	if (!sip->is_request && sip->status >= 300)
		return false;
	for (size_t i = 0; i < sip->n_contacts; i++)
		if (is_unusable(sip->contacts[i].address.host)) {
			found->host = sip->contacts[i].address.host;
			found->text = sip->contacts[i].address.uri;
			return true;
		}
	return false;
}

/* A response repeats the Vias of its request. */
static bool find_in_vias(struct unusable *found,
			 const struct ims_sip_facts *sip)
{
	for (size_t i = 0; sip->is_request && i < sip->n_vias; i++)
		if (is_unusable(sip->vias[i].host)) {
			found->host = sip->vias[i].host;
			found->text = sip->vias[i].host;
			return true;
		}
	return false;
}

static bool find_in_message(struct unusable *found,
			    const struct ims_facts *message)
{
	const struct ims_sip_facts *sip = message->sip;

	found->message = message;
	switch (found->place) {
	case PLACE_VIA:
		return find_in_vias(found, sip);
	case PLACE_CONTACT:
		return find_in_contacts(found, sip);
	case PLACE_RECORD_ROUTE:
		return find_in_list(found, &sip->record_routes);
	case PLACE_PATH:
		return find_in_list(found, &sip->paths);
	case PLACE_SERVICE_ROUTE:
		return find_in_list(found, &sip->service_routes);
	default:
		return false;
	}
}

static unsigned places_in_list(enum place place,
			       const struct ims_sip_addresses *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (is_unusable(list->at[i].host))
			return 1u << place;
	return 0;
}

static unsigned places_in_message(const struct ims_sip_facts *sip)
{
	unsigned places =
		places_in_list(PLACE_RECORD_ROUTE, &sip->record_routes) |
		places_in_list(PLACE_PATH, &sip->paths) |
		places_in_list(PLACE_SERVICE_ROUTE, &sip->service_routes);

	for (size_t i = 0; i < sip->n_vias; i++)
		if (is_unusable(sip->vias[i].host))
			places |= 1u << PLACE_VIA;
	for (size_t i = 0; i < sip->n_contacts; i++)
		if (is_unusable(sip->contacts[i].address.host))
			places |= 1u << PLACE_CONTACT;
	return places;
}

/* Bits of the places at which a message of the journey may have one: most
   have none, which one pass tells. */
static unsigned places_in(const struct ims_journey *journey)
{
	unsigned places = 0;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		for (unsigned k = 0; k < hop->n_messages; k++)
			if (hop->messages[k]->kind == IMS_EVENT_SIP)
				places |= places_in_message(
					hop->messages[k]->sip);
	}
	return places;
}

static bool find_on_hop(struct unusable *found, const struct ims_hop *hop,
			bool is_request)
{
	found->hop = hop;
	for (unsigned i = 0; i < hop->n_messages; i++)
		if (hop->messages[i]->kind == IMS_EVENT_SIP &&
		    hop->messages[i]->sip->is_request == is_request &&
		    find_in_message(found, hop->messages[i]))
			return true;
	return false;
}

/* The copy nearest to who wrote it: of a request the first, of a response the
   last leg. */
static bool find_at(struct unusable *found, const struct ims_journey *journey,
		    enum place place)
{
	found->place = place;
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (find_on_hop(found, journey->hops[i], true))
			return true;
	for (unsigned i = journey->n_hops; i-- > 0;)
		if (find_on_hop(found, journey->hops[i], false))
			return true;
	return false;
}

/* Once a place for each attempt and each call. */
static bool is_first_at(struct ims_check *check, enum place place)
{
	const struct ims_attempt *attempt = check->attempt;
	struct unusable found;

	if (!attempt)
		return ims_first_of_kind(check, &place_names[place]);
	for (unsigned i = 0;
	     i < attempt->n_journeys && attempt->journeys[i] != check->journey;
	     i++)
		if (find_at(&found, attempt->journeys[i], place))
			return false;
	return true;
}

/* Statuses that a request gets which could not be delivered. */
static bool was_undeliverable(const struct ims_journey *journey)
{
	const struct ims_facts *final = ims_journey_final(journey, NULL);
	unsigned status = final ? final->sip->status : 0;

	return status == 408 || status == 478 || status == 500 ||
	       status == 502 || status == 503 || status == 504;
}

/* A 2xx to INVITE is sent until its ACK comes (RFC 3261 13.3.1.4). */
#define LEAST_SENT_IN_VAIN 2

static bool was_not_acknowledged(const struct ims_journey *journey)
{
	if (journey->method != IMS_SIP_METHOD_INVITE)
		return false;
	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->final && hop->final->sip->status < 300 &&
		    hop->n_finals >= LEAST_SENT_IN_VAIN)
			return true;
	}
	return false;
}

/* Whoever takes the request in puts right what its Contact says: the UE asked
   for it (RFC 3581; its Via is the lowest, on whatever leg), or a proxy is seen
   to write another. */
static bool is_mended(const struct unusable *found,
		      const struct ims_journey *journey)
{
	const struct ims_sip_facts *sip = found->message->sip;
	const struct ims_hop *next = ims_hop_next(journey, found->hop);
	const struct ims_sip_facts *copy = next ? ims_sip(next->request) : NULL;

	if (sip->n_vias && sip->vias[sip->n_vias - 1].has_rport)
		return true;
	return copy && copy->n_contacts &&
	       !is_unusable(copy->contacts[0].address.host);
}

/* A registration that stands, and by which nothing will come or go. */
static bool is_in_vain(const struct ims_attempt *attempt,
		       const struct unusable *found,
		       const struct ims_journey *journey)
{
	const struct ims_hop *hop = found->hop;

	if (!attempt->ims || !ims_is_own(attempt) ||
	    attempt->outcome != IMS_OUTCOME_REGISTERED)
		return false;
	/* On one machine 0.0.0.0 is that machine. */
	if (ims_address_equal(&hop->from.endpoint.address,
			      &hop->to.endpoint.address))
		return false;
	/* Record-Route means nothing in REGISTER (RFC 3261 10.2). */
	return found->place != PLACE_RECORD_ROUTE &&
	       (found->place != PLACE_CONTACT || !is_mended(found, journey));
}

/* Something failed by it, or will. */
static bool is_harmful(const struct ims_check *check,
		       const struct unusable *found)
{
	if (found->place == PLACE_VIA)
		return ims_hop_is_unanswered(found->hop);
	if (check->attempt)
		return is_in_vain(check->attempt, found, check->journey);
	return was_undeliverable(check->journey) ||
	       was_not_acknowledged(check->journey) ||
	       ims_hop_is_unanswered(found->hop);
}

static const char *consequence(enum place place)
{
	switch (place) {
	case PLACE_VIA:
		return "who answers by it sends its responses nowhere";
	case PLACE_CONTACT:
		return "requests to it do not arrive";
	case PLACE_RECORD_ROUTE:
		return "later requests of the dialog do not arrive";
	case PLACE_PATH:
		return "calls to the UE do not arrive";
	default:
		return "calls of the UE do not arrive";
	}
}

static void tell(struct ims_check *check, const struct unusable *found)
{
	const struct ims_sip_facts *sip = found->message->sip;
	struct ims_slice text = ims_shown(found->text);
	struct ims_draft *draft = ims_fire(check);
	const char *header = place_names[found->place];
	char name[IMS_PARTY_TEXT];
	char by[IMS_PARTY_TEXT];

	if (sip->is_request)
		g_snprintf(name, sizeof(name), "%.*s",
			   IMS_SLICE_ARG(ims_shown(sip->method_text)));
	else
		g_snprintf(name, sizeof(name), "%u to %.*s", sip->status,
			   IMS_SLICE_ARG(ims_shown(sip->method_text)));
	ims_party_format(by,
			 sip->is_request ? &found->hop->from : &found->hop->to);
	ims_draft_summary(draft,
			  "%s in the %s that %s sends has no usable address "
			  "(%.*s): %s",
			  header, name, by,
			  IMS_SLICE_ARG(text.len ? text : ims_slice_of("none")),
			  consequence(found->place));
	ims_draft_evidence(draft, found->message, "%s: %s with %s: %.*s", by,
			   name, header, IMS_SLICE_ARG(text));
	ims_draft_text(draft, "header", header);
	if (found->host.len)
		ims_draft_string(draft, "host", ims_shown(found->host));
	if (text.len)
		ims_draft_string(draft, "uri", text);
	ims_draft_text(draft, "message", name);
	ims_draft_text(draft, "sent_by", by);
	if (is_harmful(check, found))
		return;
	ims_draft_severity(draft, IMS_SEVERITY_WARNING);
}

static void check_unusable(struct ims_check *check)
{
	unsigned places = places_in(check->journey);
	struct unusable found;

	for (enum place place = 0; places && place < N_PLACES; place++)
		if (places & 1u << place &&
		    find_at(&found, check->journey, place) &&
		    is_first_at(check, place))
			tell(check, &found);
}

static const struct ims_rule unusable_address = {
	.slug = "unusable_address",
	.family = "Capture",
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REQUEST,
	.needs = IMS_SIGN_ODD_HOST,
	.origin = IMS_ORIGIN_NEVER,
	.title = "An address that leads nowhere",
	.explain =
		"Via, Contact, Record-Route, Path and Service-Route say where "
		"others are to send to. 0.0.0.0 and :: are what a node is "
		"bound to when it listens everywhere, and no address of it; "
		"<null> is a variable of a script that was never set. Who "
		"follows them sends to itself or nowhere: calls to a UE, ACK, "
		"BYE and re-INVITE are lost, and the error that is told "
		"in the end names another node.",
	.recognised =
		"0.0.0.0, ::, <null> or nothing as the host in one of those "
		"header fields of a request or response, whatever its "
		"network; not Contact: *, a redirection's Contact, a name as "
		"anonymous.invalid, nor addresses in SDP. Told once for each "
		"call or attempt and header field, of the copy nearest to who "
		"wrote it. An error where the request then failed to "
		"arrive (408, 478, 500, 502, 503, 504, or no answer) or the "
		"2xx to an INVITE was sent again for want of ACK, and "
		"for "
		"Contact, Path and Service-Route of an IMS registration that "
		"stands, unless Via asks for rport, a proxy put Contact "
		"right, or both ends are one machine; else a warning. A Via is "
		"an error only where nothing answered.",
	.advice = "On the node named give the address that others reach it "
		  "by. Kamailio: listen= on that address, or listen=... "
		  "advertise ADDRESS:PORT, and mhomed=1 with several "
		  "interfaces; record_route() and a Path from "
		  "append_hf() take it from there. For <null> look for the "
		  "variable in the script. In a phone set the address or "
		  "interface it shall use.",
	.specs = IMS_SPECS("RFC 3261 8.1.1.8", "RFC 3261 18.1.1"),
	.facts = IMS_FACT_KEYS(
		{"header", IMS_FACT_STRING, "the header field"},
		{"host", IMS_FACT_STRING, "the host; null: none written"},
		{"uri", IMS_FACT_STRING, "the URI, of Via the host"},
		{"message", IMS_FACT_STRING, "method or status"},
		{"sent_by", IMS_FACT_STRING, "who sends it"}),
	.check = check_unusable,
};

static const struct ims_rule *const rules[] = {
	&unusable_address,
};

const struct ims_rule_list ims_rules_unusable_addresses = {rules,
							   G_N_ELEMENTS(rules)};
