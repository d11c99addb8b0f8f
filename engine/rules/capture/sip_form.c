// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests that are legal, and written so that somebody on the way may lose
   them or a part of them. */
#include <inttypes.h>

#include "family.h"
#include "request.h"

#define FAMILY "Capture"

static const struct ims_sip_header *folded_field(
	const struct ims_facts *request)
{
	const struct ims_sip_facts *sip = ims_sip(request);

	for (size_t i = 0; sip && i < sip->n_headers; i++) {
		const struct ims_sip_header *header = &sip->headers[i];

		if (header->folded &&
		    (header->id == IMS_SIP_HEADER_AUTHORIZATION ||
		     header->id == IMS_SIP_HEADER_PROXY_AUTHORIZATION))
			return header;
	}
	return NULL;
}

static const struct ims_hop *find_folded(const struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (folded_field(journey->hops[i]->request))
			return journey->hops[i];
	return NULL;
}

static bool shows_folded(const struct ims_check *check,
			 const struct ims_journey *journey)
{
	(void)check;
	return find_folded(journey) != NULL;
}

static void check_folded(struct ims_check *check)
{
	const struct ims_hop *hop = find_folded(check->journey);
	struct ims_draft *draft;
	const char *name;
	char by[IMS_PARTY_TEXT];

	if (!hop || !ims_is_first_to_show(check, shows_folded))
		return;
	name = ims_sip_header_name(folded_field(hop->request)->id);
	ims_party_format(by, &hop->from);
	draft = ims_fire(check);
	ims_draft_summary(draft, "%s sends %s over several lines", by, name);
	ims_draft_evidence(draft, hop->request, "%s: %.*s, %s is folded", by,
			   IMS_SLICE_ARG(check->journey->method_text), name);
	ims_draft_text(draft, "header", name);
	ims_draft_text(draft, "sent_by", by);
}

static const struct ims_rule sip_header_folded = {
	.slug = "sip_header_folded",
	.family = FAMILY,
	.severity = IMS_SEVERITY_NOTE,
	.scope = IMS_SCOPE_REQUEST,
	.needs = IMS_SIGN_FOLDED,
	.title = "Credentials are written over several lines",
	.explain = "A header field may go on in the next line if that begins "
		   "with a blank. It is legal, and there are parsers that "
		   "read the first line alone: of Authorization they lose nc "
		   "and response, and the REGISTER is challenged for ever.",
	.recognised = "Authorization or Proxy-Authorization of a request goes "
		      "over more than one line. Other header fields that do "
		      "are not told. Once for each registration and call.",
	.advice = "Nothing, where the registration succeeds. Else see whether "
		  "the parameters behind the fold arrive (nonce_count_missing "
		  "tells), and update the node that loses them: Kamailio "
		  "before the fix for folded Authorization (Pixel phones) "
		  "logs \"qop specified with no nonce count\".",
	.specs = IMS_SPECS("RFC 3261 7.3.1"),
	.facts = IMS_FACT_KEYS(
		{"header", IMS_FACT_STRING, "which header field"},
		{"sent_by", IMS_FACT_STRING, "who sends it, on the first leg"}),
	.check = check_folded,
};

static const struct ims_hop *find_too_large(const struct ims_journey *journey)
{
	const struct ims_hop *largest = NULL;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->request &&
		    hop->request->transport == IMS_TRANSPORT_UDP &&
		    hop->request->length > IMS_UDP_MOST &&
		    (!largest ||
		     hop->request->length > largest->request->length))
			largest = hop;
	}
	return largest;
}

static bool shows_too_large(const struct ims_check *check,
			    const struct ims_journey *journey)
{
	(void)check;
	return find_too_large(journey) != NULL;
}

static void check_too_large(struct ims_check *check)
{
	const struct ims_hop *hop = find_too_large(check->journey);
	struct ims_slice method;
	struct ims_draft *draft;
	char from[IMS_PARTY_TEXT];
	char to[IMS_PARTY_TEXT];

	if (!hop || !ims_is_first_to_show(check, shows_too_large))
		return;
	method = ims_request_name(check->journey);
	ims_party_format(from, &hop->from);
	ims_party_format(to, &hop->to);
	draft = ims_fire(check);
	ims_draft_summary(
		draft, "%s sent %.*s of %" PRIu64 " bytes over UDP to %s", from,
		IMS_SLICE_ARG(ims_shown(method)), hop->request->length, to);
	ims_draft_evidence(
		draft, hop->request, "%.*s over UDP, %" PRIu64 " bytes",
		IMS_SLICE_ARG(ims_shown(method)), hop->request->length);
	ims_draft_string(draft, "method", method);
	ims_draft_integer(draft, "bytes", (int64_t)hop->request->length);
	ims_draft_text(draft, "sent_by", from);
	ims_draft_text(draft, "sent_to", to);
}

static const struct ims_rule sip_too_large_for_udp = {
	.slug = "sip_too_large_for_udp",
	.family = FAMILY,
	.severity = IMS_SEVERITY_NOTE,
	.scope = IMS_SCOPE_REQUEST,
	.needs = IMS_SIGN_LARGE,
	.title = "A request too large for UDP",
	.explain = "Above 1300 bytes a request belongs on TCP, unless the "
		   "path is known to take more. Over UDP it is cut into IP "
		   "fragments, and a firewall, NAT or GTP tunnel that drops "
		   "one of them drops the request: it is then sent again and "
		   "again and never answered.",
	.recognised = "A request of more than 1300 bytes in a UDP datagram, "
		      "inside ESP or not; the largest copy of the first such "
		      "request, once for each registration and call. "
		      "Responses go where the request came from and are not "
		      "told.",
	.advice = "Nothing, where it is answered and the path is your own. "
		  "Else send large requests over TCP (Kamailio: udp_mtu=1300 "
		  "and udp_mtu_try_proto=TCP, if the other side listens on "
		  "TCP), or make the message smaller. Where it is not "
		  "answered, look for lost fragments on both sides.",
	.specs = IMS_SPECS("RFC 3261 18.1.1"),
	.facts = IMS_FACT_KEYS({"method", IMS_FACT_STRING, "of the request"},
			       {"bytes", IMS_FACT_INTEGER, "its size"},
			       {"sent_by", IMS_FACT_STRING, "who sent it"},
			       {"sent_to", IMS_FACT_STRING, "to whom"}),
	.check = check_too_large,
};

static const struct ims_rule *const rules[] = {
	&sip_header_folded,
	&sip_too_large_for_udp,
};

const struct ims_rule_list ims_rules_sip_form = {rules, G_N_ELEMENTS(rules)};
