// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the agreement shows on the legs: it must not be seen behind the
 * P-CSCF, and in front of it nothing may pass beside it.
 */
#include "family.h"
#include "sec_agree.h"

/* "Require, Security-Verify" of a request that speaks of an agreement. */
static size_t leaked(struct ims_slice names[5], const struct ims_facts *request)
{
	const struct ims_sip_facts *sip = ims_sip(request);
	size_t n = 0;

	if (!sip)
		return 0;
	if (ims_options_have(&sip->require, IMS_SEC_AGREE))
		names[n++] = ims_slice_of("Require");
	if (ims_options_have(&sip->proxy_require, IMS_SEC_AGREE))
		names[n++] = ims_slice_of("Proxy-Require");
	if (sip->security_client.present)
		names[n++] = ims_slice_of("Security-Client");
	if (sip->security_server.present)
		names[n++] = ims_slice_of("Security-Server");
	if (sip->security_verify.present)
		names[n++] = ims_slice_of("Security-Verify");
	return n;
}

/* Behind the UE's first leg, and not on the last one, which is a UE's too:
   what stands there is that P-CSCF's own. */
static const struct ims_hop *find_leak(const struct ims_journey *journey)
{
	struct ims_slice names[5];

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->depth >= 2 && hop->leg != IMS_LEG_GM &&
		    leaked(names, hop->request))
			return hop;
	}
	return NULL;
}

static bool shows_leak(const struct ims_check *check,
		       const struct ims_journey *journey)
{
	(void)check;
	return find_leak(journey);
}

static const struct ims_fact_key leak_keys[] = {
	{"method", IMS_FACT_STRING, "method of the request"},
	{"in_dialog", IMS_FACT_BOOLEAN, "it was made within a dialog"},
	{"headers", IMS_FACT_STRINGS, "what should not stand there"},
	{"sent_by", IMS_FACT_STRING, "who passed it on"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void check_sec_agree_leak(struct ims_check *check)
{
	const struct ims_journey *journey = check->journey;
	const struct ims_hop *hop = find_leak(journey);
	struct ims_slice names[5];
	struct ims_draft *draft;
	GString *list;
	size_t n;
	char party[IMS_PARTY_TEXT];
	char next[IMS_PARTY_TEXT];

	if (!hop || !ims_is_first_to_show(check, shows_leak))
		return;
	list = g_string_new(NULL);
	n = leaked(names, hop->request);
	for (size_t i = 0; i < n; i++)
		g_string_append_printf(list, "%s%.*s", i ? ", " : "",
				       IMS_SLICE_ARG(names[i]));
	ims_party_format(party, &hop->from);
	draft = ims_fire(check);
	ims_draft_summary(
		draft,
		"The security agreement of the UE shows behind its P-CSCF: "
		"%s passes %s of %.*s on to %s",
		party, list->str, IMS_SLICE_ARG(ims_request_name(journey)),
		ims_party_format(next, &hop->to));
	ims_draft_evidence(draft, hop->request, "%s: %.*s with %s", party,
			   IMS_SLICE_ARG(ims_request_name(journey)), list->str);
	ims_draft_string(draft, "method", journey->method_text);
	ims_draft_boolean(draft, "in_dialog", journey->in_dialog);
	ims_draft_strings(draft, "headers", names, n);
	ims_draft_text(draft, "sent_by", party);
	g_string_free(list, TRUE);
}

static const struct ims_rule sec_agree_leak = {
	.slug = "sec_agree_leak",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REQUEST,
	.title = "The security agreement shows behind the P-CSCF",
	.explain =
		"The agreement is between the UE and its P-CSCF. The option-"
		"tag sec-agree and the header fields Security-Client and "
		"Security-Verify end there. Behind it the tag makes a strict "
		"server refuse the request with 420, and the header fields "
		"tell SPIs and ports to nodes that have no use for them. "
		"Kamailio's stock P-CSCF forwards Proxy-Require and both "
		"header fields of REGISTER.",
	.recognised =
		"On a leg behind the P-CSCF a request has sec-agree in "
		"Require or Proxy-Require, or a Security-* header field. In "
		"Supported the tag is legal. Told once for each call and "
		"each registration. Where a server refused it, "
		"sip_420_sec_agree is the error.",
	.advice = "On the P-CSCF take them out of every request of a UE before "
		  "it is forwarded. Kamailio (textops.so, textopsx.so): "
		  "exclude_hf_value(\"Require\", \"sec-agree\"); "
		  "exclude_hf_value(\"Proxy-Require\", \"sec-agree\"); "
		  "remove_hf(\"Security-Client\"); "
		  "remove_hf(\"Security-Verify\"); ahead of t_relay(), for "
		  "REGISTER, initial requests and requests within a dialog.",
	.specs = IMS_SPECS("RFC 3329 2.3.1"),
	.facts = leak_keys,
	.needs = IMS_SIGN_SECURITY,
	.check = check_sec_agree_leak,
};

/* In clear where the agreement protects. */
static bool is_in_clear(const struct ims_agreed *agreed,
			const struct ims_facts *message)
{
	struct ims_port_uses uses;

	if (message->kind != IMS_EVENT_SIP || message->protected)
		return false;
	ims_port_uses_read(&uses, agreed, message);
	return uses.ue || uses.pcscf;
}

struct clear {
	const struct ims_hop *hop;
	const struct ims_facts *message;
};

static bool find_clear(struct clear *found, const struct ims_check *check,
		       const struct ims_journey *journey)
{
	struct ims_agreed agreed;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (!ims_agreed_read(&agreed, check, hop))
			continue;
		for (unsigned k = 0; k < hop->n_messages; k++)
			if (is_in_clear(&agreed, hop->messages[k])) {
				found->hop = hop;
				found->message = hop->messages[k];
				return true;
			}
	}
	return false;
}

static bool shows_clear(const struct ims_check *check,
			const struct ims_journey *journey)
{
	struct clear found;

	return find_clear(&found, check, journey);
}

/* Timer E (RFC 3261 17.1.2.2) has run that often where nothing came back. */
#define LEAST_TRANSMISSIONS 4

/* That the P-CSCF took a REGISTER there before shows that it is lax, and that
   its silence has another reason. */
static bool is_served(const struct ims_check *check,
		      const struct ims_facts *message)
{
	return check->binding && check->binding->serves_clear &&
	       message->destination.port == check->binding->pcscf_port_s;
}

/*
 * The request itself was in clear, and its sender behaves as one that hears
 * nothing; of a REGISTER the attempt's outcome says so. An ICMP error tells of
 * a closed port, not of a policy.
 */
static bool is_ignored(const struct ims_check *check, const struct clear *clear)
{
	const struct ims_hop *hop = clear->hop;

	if (check->attempt && check->attempt->outcome != IMS_OUTCOME_UNANSWERED)
		return false;
	return clear->message->sip->is_request &&
	       !is_served(check, clear->message) && !hop->provisional &&
	       !hop->final && !hop->icmp &&
	       hop->n_requests >= LEAST_TRANSMISSIONS;
}

static const struct ims_fact_key unprotected_keys[] = {
	{"message", IMS_FACT_STRING, "method or status"},
	{"source", IMS_FACT_STRING, "where it came from"},
	{"destination", IMS_FACT_STRING, "where it went"},
	{"unanswered", IMS_FACT_BOOLEAN, "the other side stayed silent"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void tell_clear(struct ims_check *check, const struct clear *clear)
{
	const struct ims_facts *message = clear->message;
	const struct ims_sip_facts *sip = message->sip;
	bool ignored = is_ignored(check, clear);
	struct ims_draft *draft = ims_fire(check);
	char from[IMS_ENDPOINT_TEXT];
	char to[IMS_ENDPOINT_TEXT];
	char name[IMS_PARTY_TEXT];

	ims_endpoint_format(from, &message->source);
	ims_endpoint_format(to, &message->destination);
	if (sip->is_request)
		g_snprintf(name, sizeof(name), "%.*s",
			   IMS_SLICE_ARG(ims_shown(sip->method_text)));
	else
		g_snprintf(name, sizeof(name), "%u to %.*s", sip->status,
			   IMS_SLICE_ARG(ims_shown(sip->method_text)));
	ims_draft_summary(draft,
			  "%s from %s to %s is in clear although the UE and "
			  "its P-CSCF agreed to protect that port%s",
			  name, from, to,
			  ignored ? ", and nothing answers it" : "");
	ims_draft_evidence(draft, message, "%s from %s to %s outside ESP", name,
			   from, to);
	ims_draft_text(draft, "message", name);
	ims_draft_text(draft, "source", from);
	ims_draft_text(draft, "destination", to);
	ims_draft_boolean(draft, "unanswered", ignored);
	if (!ignored || (check->attempt &&
			 ims_attempt_last(check->attempt) != check->journey))
		ims_draft_no_cause(draft);
	if (ignored)
		ims_draft_severity(draft, IMS_SEVERITY_ERROR);
}

static void check_sec_agree_unprotected(struct ims_check *check)
{
	struct clear found;

	if (find_clear(&found, check, check->journey) &&
	    (is_ignored(check, &found) ||
	     ims_is_first_to_show(check, shows_clear)))
		tell_clear(check, &found);
}

static const struct ims_rule sec_agree_unprotected = {
	.slug = "sec_agree_unprotected",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REQUEST,
	.origin = IMS_ORIGIN_AGREEMENT,
	.title = "SIP in clear on a port that was agreed to be protected",
	.explain = "Both sides keep the ports of the agreement for ESP. A "
		   "message in clear to or from one of them means that the "
		   "security associations are not in use: they were never set "
		   "up, or the sender picked the wrong socket, for instance "
		   "after a TCP connection ended. The receiver's policy drops "
		   "such a message, unless it is lax. Or the capture was taken "
		   "behind the decryption.",
	.recognised =
		"A SIP message between a UE and its P-CSCF that did not come "
		"in ESP, from or to one of the four ports of their "
		"agreement, after it was made. An error when it is a request "
		"that was sent four times or more and never answered, and "
		"the registration failed for it, unless the same port has "
		"answered a REGISTER in clear before. Told once for each "
		"call and each registration.",
	.advice = "If the capture is from the P-CSCF itself, look whether it "
		  "was taken before or behind ESP. Then look at the security "
		  "associations and policies of both ends (ip xfrm state, ip "
		  "xfrm policy: one state and one policy for each of the four "
		  "pairs of ports). Kamailio: ipsec_forward() in every route "
		  "that sends to the UE, the protected sockets in listen, and "
		  "ims_ipsec_pcscf able to write xfrm (CAP_NET_ADMIN). "
		  "OPTIONS from port 5060 to a protected port of the UE are "
		  "keep-alives to be sent from the agreement's own ports, or "
		  "not at all.",
	.specs = IMS_SPECS("TS 33.203 7.1"),
	.facts = unprotected_keys,
	.needs = IMS_SIGN_PORTS,
	.check = check_sec_agree_unprotected,
};

/*
 * TS 33.203 7.1: what is sent goes from a client port to a server port; what
 * comes back on the same connection or pair goes the other way. So one end
 * is a client port and the other a server port, or it is wrong. A port that
 * is not known says nothing: its agreement may not have been captured.
 */
static bool is_wrong(const struct ims_port_uses *uses)
{
	bool standard = uses->ue_port == 5060 || uses->pcscf_port == 5060;

	if (uses->ue && uses->pcscf)
		return !((uses->ue & IMS_PORT_CLIENT &&
			  uses->pcscf & IMS_PORT_SERVER) ||
			 (uses->ue & IMS_PORT_SERVER &&
			  uses->pcscf & IMS_PORT_CLIENT));
	return (uses->ue || uses->pcscf) && standard;
}

static bool has_protected(const struct ims_hop *hop)
{
	for (unsigned k = 0; k < hop->n_messages; k++)
		if (hop->messages[k]->protected)
			return true;
	return false;
}

static bool find_wrong(struct clear *found, const struct ims_check *check,
		       const struct ims_journey *journey)
{
	struct ims_agreed agreed;
	struct ims_port_uses uses;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (!has_protected(hop) ||
		    !ims_agreed_read(&agreed, check, hop))
			continue;
		for (unsigned k = 0; k < hop->n_messages; k++) {
			const struct ims_facts *message = hop->messages[k];

			if (message->kind != IMS_EVENT_SIP ||
			    !message->protected)
				continue;
			ims_port_uses_read(&uses, &agreed, message);
			if (is_wrong(&uses)) {
				found->hop = hop;
				found->message = message;
				return true;
			}
		}
	}
	return false;
}

static bool shows_wrong(const struct ims_check *check,
			const struct ims_journey *journey)
{
	struct clear found;

	return find_wrong(&found, check, journey);
}

static const struct ims_fact_key wrong_ports_keys[] = {
	{"message", IMS_FACT_STRING, "method or status"},
	{"source", IMS_FACT_STRING, "where it came from"},
	{"destination", IMS_FACT_STRING, "where it went"},
	{"agreed", IMS_FACT_STRING, "the ports agreed last"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void tell_wrong(struct ims_check *check, const struct clear *wrong)
{
	const struct ims_facts *message = wrong->message;
	const struct ims_sip_facts *sip = message->sip;
	struct ims_draft *draft = ims_fire(check);
	struct ims_agreed agreed;
	const struct ims_ports *ports = &agreed.ports[0];
	char text[2 * IMS_ENDPOINT_TEXT];
	char from[IMS_ENDPOINT_TEXT];
	char to[IMS_ENDPOINT_TEXT];

	ims_agreed_read(&agreed, check, wrong->hop);
	for (unsigned i = 1; i < agreed.n; i++)
		if (agreed.ports[i].since_ns > ports->since_ns)
			ports = &agreed.ports[i];
	g_snprintf(text, sizeof(text),
		   "UE port-c %u, port-s %u; P-CSCF port-c %u, port-s %u",
		   ports->ue_c, ports->ue_s, ports->pcscf_c, ports->pcscf_s);
	ims_endpoint_format(from, &message->source);
	ims_endpoint_format(to, &message->destination);
	ims_draft_summary(draft,
			  "A protected %.*s went from %s to %s, which is no "
			  "pair of the agreement (%s)",
			  IMS_SLICE_ARG(sip->is_request
						? ims_shown(sip->method_text)
						: ims_slice_of("response")),
			  from, to, text);
	ims_draft_evidence(draft, message, "from %s to %s in ESP", from, to);
	ims_draft_string(draft, "message",
			 sip->is_request ? sip->method_text
					 : sip->reason_phrase);
	ims_draft_text(draft, "source", from);
	ims_draft_text(draft, "destination", to);
	ims_draft_text(draft, "agreed", text);
	if (ims_attempt_succeeded(check->attempt))
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	if (check->attempt &&
	    ims_attempt_last(check->attempt) != check->journey)
		ims_draft_no_cause(draft);
}

static void check_sec_agree_wrong_ports(struct ims_check *check)
{
	struct clear found;

	if (find_wrong(&found, check, check->journey) &&
	    ims_is_first_to_show(check, shows_wrong))
		tell_wrong(check, &found);
}

static const struct ims_rule sec_agree_wrong_ports = {
	.slug = "sec_agree_wrong_ports",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REQUEST,
	.origin = IMS_ORIGIN_AGREEMENT,
	.title = "A protected message on ports that the agreement forbids",
	.explain =
		"An agreement makes two pairs of security associations: "
		"between the UE's client port and the P-CSCF's server port, "
		"and between the P-CSCF's client port and the UE's server "
		"port. There is none from client to client or from server to "
		"server port. The receiver's policy drops what comes so.",
	.recognised =
		"A SIP message out of ESP between a UE and its P-CSCF whose "
		"two ports are of the agreement and do not go together, or "
		"one of which is 5060. That responses return on the pair of "
		"their request (TCP always, UDP for 100, 401 and 494 of some "
		"P-CSCFs) is right. Ports of an agreement that the capture "
		"did not show are not judged.",
	.advice = "Look at the sender's choice of socket: the P-CSCF sends to "
		  "the UE's port-s from its own port-c and receives on its "
		  "port-s. Kamailio: ipsec_forward() sets both; an alias in "
		  "Contact or Route must not overrule it afterwards.",
	.specs = IMS_SPECS("TS 33.203 7.1"),
	.facts = wrong_ports_keys,
	.needs = IMS_SIGN_PORTS,
	.check = check_sec_agree_wrong_ports,
};

static const struct ims_rule *const rules[] = {
	&sec_agree_leak,
	&sec_agree_unprotected,
	&sec_agree_wrong_ports,
};

const struct ims_rule_list ims_rules_sec_agree_legs = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
