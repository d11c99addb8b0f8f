// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Private addresses offered to peers that cannot reach them: by a node behind
 * address translation, or in a container, that does not know it.
 */
#include "family.h"
#include "registrant.h"
#include "request.h"

#define OFFERS 3

/* What one message offers to a peer that cannot reach it. */
struct exposure {
	const struct ims_hop *hop;
	const struct ims_facts *message;
	struct ims_address address;
	struct ims_slice headers[OFFERS]; /* "Via", "Contact" */
	size_t n_headers;
	/* The address that a response says the request came from. */
	struct ims_slice seen_as;
};

/*
 * `address` is not the one that the message came from, and its peer can't be
 * where it leads: one of the two is outside of private networks. Between
 * private ones nobody knows the routes; there silence has to tell.
 */
static bool is_out_of_reach(const struct exposure *exposure,
			    const struct ims_address *address)
{
	enum ims_reach reach = ims_address_reach(address);
	const struct ims_address *source = &exposure->message->source.address;
	const struct ims_address *peer =
		&exposure->message->destination.address;

	if (reach == IMS_REACH_ALL || ims_address_equal(address, source))
		return false;
	if (reach != IMS_REACH_PRIVATE)
		return ims_address_reach(source) != reach;
	return ims_address_reach(source) == IMS_REACH_ALL ||
	       ims_address_reach(peer) == IMS_REACH_ALL ||
	       (exposure->message->sip->is_request &&
		ims_hop_is_unanswered(exposure->hop));
}

static void add(struct exposure *exposure, const char *header,
		const struct ims_address *address)
{
	if (exposure->n_headers == 0)
		exposure->address = *address;
	if (exposure->n_headers < OFFERS)
		exposure->headers[exposure->n_headers++] = ims_slice_of(header);
}

/* What the hop's responses say of where the request came from (RFC 3261
   18.2.1); absent: nothing, or it came from where it says. */
static struct ims_slice received_of(const struct ims_hop *hop)
{
	for (unsigned i = 0; i < hop->n_messages; i++) {
		const struct ims_sip_facts *sip = hop->messages[i]->sip;

		if (hop->messages[i]->kind == IMS_EVENT_SIP &&
		    !sip->is_request && sip->n_vias &&
		    ims_slice_is_set(sip->vias[0].received))
			return sip->vias[0].received;
	}
	return (struct ims_slice){0};
}

/* The sender knows that it may be translated, and asks its peer to see to it
   (RFC 3581, RFC 5626), or the peer is seen to. */
static bool is_cared_for(const struct exposure *exposure)
{
	const struct ims_sip_via *via = &exposure->message->sip->vias[0];

	return via->has_rport || ims_slice_is_set(via->received);
}

static bool has_outbound(const struct ims_sip_facts *sip)
{
	return ims_options_have(&sip->supported, "outbound") ||
	       (sip->n_contacts &&
		ims_slice_find_nocase(sip->contacts[0].address.params,
				      "reg-id=") <
			sip->contacts[0].address.params.len);
}

/* Nothing answers an ACK, and what answers on a stream comes back by itself
   (RFC 3261 18.2.2). */
static bool is_via_used(const struct ims_facts *request)
{
	return request->transport == IMS_TRANSPORT_UDP &&
	       request->sip->method != IMS_SIP_METHOD_ACK;
}

static void add_via(struct exposure *exposure)
{
	const struct ims_facts *request = exposure->message;
	struct ims_address address;

	if (is_via_used(request) && !ims_slice_is_set(exposure->seen_as) &&
	    ims_address_parse(&address, request->sip->vias[0].host) &&
	    is_out_of_reach(exposure, &address))
		add(exposure, "Via", &address);
}

/* Seen before it is translated: what the peer saw is said in its answer. */
static bool was_translated(const struct exposure *exposure,
			   const struct ims_address *address)
{
	struct ims_address seen;

	return ims_address_reach(address) == IMS_REACH_PRIVATE &&
	       ims_address_reach(&exposure->message->destination.address) ==
		       IMS_REACH_ALL &&
	       ims_address_parse(&seen, exposure->seen_as) &&
	       ims_address_reach(&seen) == IMS_REACH_ALL;
}

/* Whoever is to reach the sender by Contact has nothing else to go by. */
static bool is_contact_used(const struct ims_sip_facts *sip)
{
	bool made = sip->method == IMS_SIP_METHOD_INVITE ||
		    sip->method == IMS_SIP_METHOD_SUBSCRIBE;

	if (sip->n_vias != 1 || sip->n_contacts == 0 || sip->contact_star)
		return false;
	if (sip->is_request && sip->method == IMS_SIP_METHOD_REGISTER)
		return sip->paths.n == 0;
	return made && sip->record_routes.n == 0;
}

static void add_contact(struct exposure *exposure)
{
	const struct ims_sip_facts *sip = exposure->message->sip;
	struct ims_address address;

	if (!is_contact_used(sip) ||
	    !ims_address_parse(&address, sip->contacts[0].address.host))
		return;
	if ((is_out_of_reach(exposure, &address) ||
	     was_translated(exposure, &address)) &&
	    !has_outbound(sip))
		add(exposure, "Contact", &address);
}

/* The first of a list, where the sender itself has put it in: the leg before
   has fewer, or there is none but a UE before. */
static void add_route(struct exposure *exposure, const char *header,
		      const struct ims_sip_addresses *list, size_t n_before)
{
	const struct ims_facts *message = exposure->message;
	struct ims_address address;

	if (list->n > n_before &&
	    ims_address_reach(&message->source.address) == IMS_REACH_ALL &&
	    ims_address_reach(&message->destination.address) == IMS_REACH_ALL &&
	    ims_address_parse(&address, list->at[0].host) &&
	    is_out_of_reach(exposure, &address))
		add(exposure, header, &address);
}

static void add_routes(struct exposure *exposure)
{
	const struct ims_hop *hop = exposure->hop;
	const struct ims_sip_facts *sip = exposure->message->sip;
	const struct ims_sip_facts *before =
		hop->above ? ims_sip(hop->above->request) : NULL;

	if (!before && hop->depth != 2)
		return;
	add_route(exposure, "Record-Route", &sip->record_routes,
		  before ? before->record_routes.n : 0);
	add_route(exposure, "Path", &sip->paths, before ? before->paths.n : 0);
}

static bool find_in_request(struct exposure *exposure,
			    const struct ims_hop *hop)
{
	memset(exposure, 0, sizeof(*exposure));
	exposure->hop = hop;
	exposure->message = hop->request;
	if (!hop->request || hop->request->sip->n_vias == 0)
		return false;
	exposure->seen_as = received_of(hop);
	if (!is_cared_for(exposure)) {
		add_via(exposure);
		add_contact(exposure);
	}
	add_routes(exposure);
	return exposure->n_headers > 0;
}

/* The Contact of who accepts a dialog. */
static bool find_in_response(struct exposure *exposure,
			     const struct ims_hop *hop)
{
	memset(exposure, 0, sizeof(*exposure));
	exposure->hop = hop;
	exposure->message = hop->final;
	if (!hop->final || hop->final->sip->status >= 300)
		return false;
	add_contact(exposure);
	return exposure->n_headers > 0;
}

static bool find_exposure(struct exposure *exposure,
			  const struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (find_in_request(exposure, journey->hops[i]) ||
		    find_in_response(exposure, journey->hops[i]))
			return true;
	return false;
}

static bool shows_exposure(const struct ims_check *check,
			   const struct ims_journey *journey)
{
	struct exposure exposure;

	(void)check;
	return find_exposure(&exposure, journey);
}

/* "came from 198.51.100.7:5060"; where it is translated behind the capture
   "is seen there as 198.51.100.7". */
static void format_origin(char out[2 * IMS_ENDPOINT_TEXT],
			  const struct exposure *exposure)
{
	const struct ims_endpoint *source = &exposure->message->source;
	char text[IMS_ENDPOINT_TEXT];

	if (ims_address_equal(&exposure->address, &source->address))
		g_snprintf(out, 2 * IMS_ENDPOINT_TEXT, "is seen there as %.*s",
			   IMS_SLICE_ARG(ims_shown(exposure->seen_as)));
	else
		g_snprintf(out, 2 * IMS_ENDPOINT_TEXT, "came from %s",
			   ims_endpoint_format(text, source));
}

static void tell(struct ims_check *check, const struct exposure *exposure)
{
	const struct ims_facts *message = exposure->message;
	const struct ims_hop *hop = exposure->hop;
	bool is_request = message->sip->is_request;
	struct ims_draft *draft = ims_fire(check);
	GString *headers = g_string_new(NULL);
	char address[IMS_ENDPOINT_TEXT];
	char source[IMS_ENDPOINT_TEXT];
	char by[IMS_PARTY_TEXT];
	char peer[IMS_PARTY_TEXT];
	char came_from[2 * IMS_ENDPOINT_TEXT];

	format_origin(came_from, exposure);
	for (size_t i = 0; i < exposure->n_headers; i++)
		g_string_append_printf(headers, "%s%.*s", i ? " and " : "",
				       IMS_SLICE_ARG(exposure->headers[i]));
	ims_address_format(address, &exposure->address);
	ims_endpoint_format(source, &message->source);
	ims_party_format(by, is_request ? &hop->from : &hop->to);
	ims_party_format(peer, is_request ? &hop->to : &hop->from);
	ims_draft_summary(
		draft,
		"%s offers %s the address %s in %s of its %s%.*s, "
		"which %s: it is not reached by it from there",
		by, peer, address, headers->str, is_request ? "" : "answer to ",
		IMS_SLICE_ARG(ims_shown(message->sip->method_text)), came_from);
	ims_draft_evidence(draft, message, "from %s to %s, with %s in %s",
			   source, peer, address, headers->str);
	ims_draft_text(draft, "address", address);
	ims_draft_strings(draft, "headers", exposure->headers,
			  exposure->n_headers);
	ims_draft_text(draft, "source", source);
	ims_draft_text(draft, "sent_by", by);
	ims_draft_text(draft, "peer", peer);
	ims_draft_string(draft, "seen_as", exposure->seen_as);
	ims_draft_boolean(draft, "unanswered",
			  is_request && ims_hop_is_unanswered(hop));
	g_string_free(headers, TRUE);
}

static void check_exposed(struct ims_check *check)
{
	struct exposure exposure;

	if (find_exposure(&exposure, check->journey) &&
	    ims_is_first_to_show(check, shows_exposure))
		tell(check, &exposure);
}

static const struct ims_rule private_address_exposed = {
	.slug = "private_address_exposed",
	.family = "Capture",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REQUEST,
	.needs = IMS_SIGN_EXPOSED,
	.origin = IMS_ORIGIN_NEVER,
	.title = "A private address offered to a peer that cannot reach it",
	.explain =
		"The node knows only the address of its own network or "
		"container, and tells it to a peer that sees it under another: "
		"address translation stands between. What the peer sends by "
		"it, a response, a call to the UE, BYE, does not arrive. "
		"Where a security agreement is made the addresses are part of "
		"it, and ESP fails.",
	.recognised =
		"Via, Contact, Record-Route or Path hold a private, link-local "
		"or loopback address that is not the packet's source, put in "
		"by its sender, and source or peer are public; between private "
		"networks, whose routes a capture does not show, only when the "
		"request was sent again and never answered. Or Contact holds "
		"the private source, and the public peer's received says that "
		"it saw a public one. Not where Via asks for rport, "
		"or has received, or an answer to it has, nor on a stream; nor "
		"Contact with "
		"outbound (RFC 5626), Path or Record-Route. Inside GTP-U and "
		"ESP the inner addresses count. Told once for each "
		"call or attempt.",
	.advice = "In a container or behind address translation tell the node "
		  "the address it is reached by (Kamailio: listen=... "
		  "advertise ADDRESS:PORT; Docker: network_mode host, or a "
		  "network without masquerading between UEs and P-CSCF). "
		  "On the P-CSCF take in translated UEs: force_rport() and "
		  "set_contact_alias() or fix_nated_register() (nathelper), "
		  "handle_ruri_alias() on the way back. With IPsec there must "
		  "be no translation between UE and P-CSCF, or "
		  "UDP-encapsulated tunnel mode.",
	.specs = IMS_SPECS("RFC 3261 18.2.1", "RFC 3581 4", "RFC 5626 4.2"),
	.facts = IMS_FACT_KEYS(
		{"address", IMS_FACT_STRING, "what is offered"},
		{"headers", IMS_FACT_STRINGS, "in which header fields"},
		{"source", IMS_FACT_STRING, "where the message came from"},
		{"sent_by", IMS_FACT_STRING, "who sends it"},
		{"peer", IMS_FACT_STRING, "to whom"},
		{"seen_as", IMS_FACT_STRING, "received in the peer's answer"},
		{"unanswered", IMS_FACT_BOOLEAN,
		 "it was sent again and got no answer"}),
	.check = check_exposed,
};

static const struct ims_rule *const rules[] = {
	&private_address_exposed,
};

const struct ims_rule_list ims_rules_exposed_addresses = {rules,
							  G_N_ELEMENTS(rules)};
