// SPDX-License-Identifier: GPL-2.0-or-later
/* Registration: why a node on the way refused the REGISTER. */
#include <inttypes.h>

#include "cx/cx_reading.h"
#include "cx/cx_silence.h"
#include "family.h"
#include "registrant.h"
#include "rejection.h"
#include "request.h"

#define FAMILY "Registration"

static bool is_same_node(const struct ims_party *a, const struct ims_party *b)
{
	return a->endpoint.address.family &&
	       ims_endpoint_equal(&a->endpoint, &b->endpoint);
}

/* The way from `hop` back to the UE asks the same node before. */
static bool comes_back(const struct ims_hop *hop)
{
	for (const struct ims_hop *before = hop->above; before;
	     before = before->above)
		if (is_same_node(&before->to, &hop->to))
			return true;
	return false;
}

/* The first leg on which the REGISTER comes to a node that had it already, or
   that its own sender is asked on. NULL: the capture shows none. */
static const struct ims_hop *looping_hop(const struct ims_journey *journey)
{
	const struct ims_hop *found = NULL;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (!hop->request || hop->depth < 2 ||
		    (found && found->depth <= hop->depth))
			continue;
		if (comes_back(hop) || is_same_node(&hop->from, &hop->to))
			found = hop;
	}
	return found;
}

/* A node's place on the way tells its role: in a circle its first place. */
static void name_by_first_place(char out[IMS_PARTY_TEXT],
				const struct ims_journey *journey,
				const struct ims_hop *hop)
{
	const struct ims_party *party = &hop->to;
	unsigned depth = hop->depth;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *other = journey->hops[i];

		if (other->depth < depth &&
		    is_same_node(&other->to, &hop->to)) {
			party = &other->to;
			depth = other->depth;
		}
	}
	ims_party_format(out, party);
}

static struct ims_slice top_route(const struct ims_facts *request)
{
	const struct ims_sip_facts *sip = ims_sip(request);
	struct ims_slice none = {0};

	return sip && sip->routes.n ? sip->routes.at[0].uri : none;
}

static void tell_circle(struct ims_draft *draft, GString *sentence,
			const struct ims_journey *journey)
{
	const struct ims_hop *hop = looping_hop(journey);
	struct ims_slice route;
	char node[IMS_PARTY_TEXT];

	if (!hop)
		return;
	route = ims_shown(top_route(hop->request));
	name_by_first_place(node, journey, hop);
	g_string_append_printf(sentence, "; it came back to %s", node);
	if (ims_slice_is_set(route))
		g_string_append_printf(sentence,
				       ", with the topmost Route %.*s",
				       IMS_SLICE_ARG(route));
	ims_draft_text(draft, "looping_node", node);
	ims_draft_string(draft, "route", route);
	ims_draft_evidence(draft, hop->request, "REGISTER comes back to %s",
			   node);
}

static void check_loop(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_hop *maker;
	struct ims_draft *draft;
	GString *sentence;
	char by[IMS_MAKER_TEXT];

	if (!attempt->ims || !ims_is_rejected(attempt) ||
	    attempt->status != 482)
		return;
	draft = ims_fire(check);
	maker = ims_refuser(by, attempt);
	if (maker && looping_hop(ims_attempt_last(attempt)))
		name_by_first_place(by, ims_attempt_last(attempt), maker);
	sentence = g_string_new(NULL);
	g_string_append_printf(
		sentence,
		"%s refused the REGISTER of %.*s as looping: 482 %.*s", by,
		IMS_SLICE_ARG(ims_registrant(attempt)),
		IMS_SLICE_ARG(ims_shown(attempt->reason)));
	tell_circle(draft, sentence, ims_attempt_last(attempt));
	ims_draft_summary(draft, "%s", sentence->str);
	g_string_free(sentence, TRUE);
	ims_tell_rejection(draft, attempt, by);
	if (!maker)
		ims_draft_likely(draft);
}

static const struct ims_rule register_loop = {
	.slug = "register_loop",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEXT_HOP,
	.title = "The REGISTER went round in a circle",
	.explain =
		"A node found that it had this very REGISTER already: its own "
		"address is in the Via list, or the same request came to it by "
		"two ways. Most often a proxy did not take its own address out "
		"of Route and sent the request to itself, or a next hop's name "
		"resolves to the node that asks.",
	.recognised = "The registration ended with 482. Where the legs are in "
		      "the capture, the node named besides is the first that "
		      "the REGISTER came to a second time, or that sent it to "
		      "itself.",
	.advice =
		"At the node that loops, see that it takes its own preloaded "
		"Route off (Kamailio: loose_route() before relaying, and every "
		"name it is known by as alias=), and what the Request-URI's "
		"domain resolves to there: the next hop must not be itself.",
	.specs =
		IMS_SPECS("RFC 3261 16.3", "RFC 3261 8.2.2.2", "RFC 3261 16.4"),
	.facts = IMS_FACT_KEYS(
		IMS_REJECTION_KEYS,
		{"looping_node", IMS_FACT_STRING,
		 "the node that the REGISTER came back to"},
		{"route", IMS_FACT_STRING, "topmost Route with which it did"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_FAILED,
	.check = check_loop,
};

static bool speaks_of_dns(struct ims_slice text)
{
	static const char *const phrases[] = {
		"unresolv",	   "not resolve",	"unable to resolve",
		"fail to resolve", "failed to resolve", "can't resolve",
		"name resolution", "resolution fail",	"host not found",
		"unknown host",	   "no such host",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(phrases); i++)
		if (ims_slice_find_nocase(text, phrases[i]) < text.len)
			return true;
	return ims_has_word(text, "dns") || ims_has_word(text, "nxdomain") ||
	       ims_has_word(text, "naptr");
}

static bool is_unresolvable(const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *final = ims_sip(attempt->final);

	if (attempt->status == 478)
		return true;
	return attempt->status >= 500 && attempt->status < 700 &&
	       (speaks_of_dns(final->reason_phrase) ||
		speaks_of_dns(final->warning) || speaks_of_dns(final->reason));
}

static bool is_literal(struct ims_slice host)
{
	struct ims_address address;

	return ims_address_parse(&address, host);
}

/* The S-CSCF that the I-CSCF was told to ask (TS 24.229 5.3.1.2). */
static struct ims_slice told_server(const struct ims_attempt *attempt,
				    const struct ims_hop *maker)
{
	const struct ims_cx *ua = ims_attempt_exchange(attempt, IMS_COMMAND_UA,
						       attempt->final->time_ns);
	const struct ims_diameter_facts *answer =
		ua ? ims_diameter(ua->answer) : NULL;
	struct ims_sip_address uri = {0};

	if (answer && ims_cx_asks_asker(maker, ua) &&
	    !ims_slice_is_empty(answer->server_name))
		ims_sip_uri_parse(&uri, answer->server_name);
	return uri.host;
}

/*
 * What the node that gave up had to resolve: the S-CSCF's name where the HSS
 * told it one; else the topmost Route behind its own, which a UE's is
 * (RFC 3261 16.4), or the Request-URI.
 */
static struct ims_slice next_hop(const struct ims_attempt *attempt,
				 const struct ims_hop *maker)
{
	const struct ims_facts *request =
		maker && maker->request
			? maker->request
			: ims_journey_request(ims_attempt_last(attempt));
	const struct ims_sip_facts *sip = ims_sip(request);
	struct ims_slice server = {0};

	if (maker)
		server = told_server(attempt, maker);
	if (ims_slice_is_set(server) || !sip)
		return server;
	for (size_t i = maker && maker->depth > 1 ? 0 : 1; i < sip->routes.n;
	     i++)
		if (!is_literal(sip->routes.at[i].host))
			return sip->routes.at[i].host;
	return sip->request_uri.host;
}

static void check_unresolvable(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_hop *maker;
	struct ims_draft *draft;
	struct ims_slice host;
	char by[IMS_MAKER_TEXT];

	if (!attempt->ims || !ims_is_rejected(attempt) ||
	    !is_unresolvable(attempt))
		return;
	draft = ims_fire(check);
	maker = ims_refuser(by, attempt);
	host = ims_shown(next_hop(attempt, maker));
	ims_draft_summary(
		draft,
		"%s could not resolve %.*s%sthe next hop of the REGISTER of "
		"%.*s: %u %.*s",
		by, IMS_SLICE_ARG(host), ims_slice_is_empty(host) ? "" : ", ",
		IMS_SLICE_ARG(ims_registrant(attempt)), attempt->status,
		IMS_SLICE_ARG(ims_shown(attempt->reason)));
	ims_tell_rejection(draft, attempt, by);
	ims_draft_string(draft, "host", host);
	if (maker)
		ims_draft_string(draft, "route", top_route(maker->request));
	ims_draft_string(draft, "warning", ims_sip(attempt->final)->warning);
	if (!maker)
		ims_draft_likely(draft);
}

static const struct ims_rule register_unresolvable = {
	.slug = "register_unresolvable",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEXT_HOP,
	.title = "The next hop's name does not resolve",
	.explain =
		"A proxy could not find an address for the host to which the "
		"REGISTER goes next: the home domain for a P-CSCF, the "
		"S-CSCF's name for an I-CSCF. The zone lacks it, the resolver "
		"does not know the zone, or the name is misspelt: an MNC of "
		"two digits stands in the domain as three (mnc001, not mnc01).",
	.recognised =
		"The registration ended with 478, or with a 5xx or 6xx whose "
		"reason phrase, Warning or Reason speaks of DNS or of a name "
		"that does not resolve. The host named is Server-Name of the "
		"UAA where the refuser had asked for it, else the topmost "
		"Route behind its own, else the Request-URI's.",
	.advice =
		"On the node named, resolve the host as it does (NAPTR, SRV, "
		"A and AAAA: dig, with the resolver of its container). Compare "
		"the domain with ims.mncNNN.mccNNN.3gppnetwork.org. A port in "
		"the URI makes proxies skip SRV. Correct the zone, the "
		"resolver, or the realm in SIM, UE and S-CSCF name.",
	.specs = IMS_SPECS("RFC 3263 4", "TS 23.003 13.2", "TS 24.229 5.2.2"),
	.facts = IMS_FACT_KEYS(
		IMS_REJECTION_KEYS, {"host", IMS_FACT_STRING, "the next hop"},
		{"route", IMS_FACT_STRING,
		 "topmost Route of the REGISTER that the node got"},
		{"warning", IMS_FACT_STRING, "Warning in the response"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_FAILED,
	.check = check_unresolvable,
};

static void check_interval_too_brief(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	int64_t asked;
	int64_t least;
	struct ims_draft *draft;
	GString *sentence;
	char by[IMS_MAKER_TEXT];

	if (!attempt->ims || !ims_is_rejected(attempt) ||
	    attempt->status != 423)
		return;
	asked = ims_asked_expires(
		ims_sip(ims_journey_request(ims_attempt_last(attempt))));
	least = attempt->final->sip->min_expires;
	ims_refuser(by, attempt);
	draft = ims_fire(check);
	sentence = g_string_new(NULL);
	g_string_append_printf(
		sentence, "%s refused to register %.*s for so short a time", by,
		IMS_SLICE_ARG(ims_registrant(attempt)));
	if (asked >= 0)
		g_string_append_printf(
			sentence, ": Expires %" PRId64 " was asked", asked);
	if (least >= 0)
		g_string_append_printf(
			sentence, "%s %" PRId64 " is the least (Min-Expires)",
			asked >= 0 ? "," : ":", least);
	if (attempt->began_anew)
		g_string_append(sentence, "; the UE began anew");
	ims_draft_summary(draft, "%s", sentence->str);
	g_string_free(sentence, TRUE);
	ims_tell_rejection(draft, attempt, by);
	if (asked >= 0)
		ims_draft_integer(draft, "expires", asked);
	if (least >= 0)
		ims_draft_integer(draft, "min_expires", least);
}

static const struct ims_rule register_interval_too_brief = {
	.slug = "register_interval_too_brief",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEXT_HOP,
	.title = "The UE asked for too short a registration",
	.explain = "The registrar does not keep registrations as short as the "
		   "UE asked for, and says in Min-Expires what the least is. "
		   "A UE should ask again for that long; one that does not "
		   "stays without service.",
	.recognised =
		"A registration that ended with 423. One that follows, for "
		"longer, is a registration of its own.",
	.advice =
		"Set the UE's registration time to Min-Expires or more, or the "
		"registrar's least lower (min_expires of Kamailio's "
		"ims_registrar_scscf). Operators use 600000 s; the UE renews "
		"it by itself.",
	.specs = IMS_SPECS("RFC 3261 10.2.8", "RFC 3261 21.4.17",
			   "TS 24.229 5.1.1.2"),
	.facts = IMS_FACT_KEYS(
		IMS_REJECTION_KEYS,
		{"expires", IMS_FACT_INTEGER, "seconds that the UE asked for"},
		{"min_expires", IMS_FACT_INTEGER, "Min-Expires of the 423"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_FAILED,
	.check = check_interval_too_brief,
};

/* The 403 that the asker itself made, or that the UE got, once the asker had
   waited in vain. */
static const struct ims_facts *forbidden_after(
	const struct ims_attempt *attempt, const struct ims_cx *cx)
{
	int64_t since_ns = cx->about.request_time_ns + IMS_CX_GIVES_UP;
	const struct ims_facts *error =
		ims_cx_asker_error(attempt, cx, since_ns);

	if (error)
		return error->sip->status == 403 ? error : NULL;
	return attempt->status == 403 && attempt->final->time_ns >= since_ns
		       ? attempt->final
		       : NULL;
}

static void check_hss_failure_as_403(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_cx *cx = check->cx;
	const struct ims_facts *error;
	struct ims_draft *draft;
	char who[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];
	double waited;

	if (!attempt || !ims_is_own(attempt) || !attempt->ims ||
	    !ims_is_rejected(attempt) || attempt->status != 403 ||
	    !ims_cx_explains(check) || !ims_cx_is_unanswered(check))
		return;
	error = forbidden_after(attempt, cx);
	if (!error)
		return;
	waited = ims_seconds(error->time_ns - cx->about.request_time_ns);
	draft = ims_fire(check);
	ims_draft_summary(
		draft,
		"%s had no answer to its %s for %s in %.1f s, and the UE was "
		"told 403, after which it must not try again; 480 or 504 "
		"would let it",
		ims_cx_asker(who, cx), ims_command_name(cx->command, true),
		ims_cx_subject(subject, cx), waited);
	ims_cx_tell(draft, cx);
	ims_draft_number(draft, "waited_s", waited);
	ims_draft_evidence(draft, error, "403 %.*s, %.1f s after the %s",
			   IMS_SLICE_ARG(ims_shown(error->sip->reason_phrase)),
			   waited, ims_command_name(cx->command, true));
	ims_cx_tell_outcome(draft, attempt);
}

static const struct ims_rule register_hss_failure_as_403 = {
	.slug = "register_hss_failure_as_403",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_EXCHANGE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "403 although the HSS only did not answer",
	.explain =
		"The HSS never said that the user is forbidden: it said "
		"nothing. The CSCF told the UE 403 all the same, which a UE "
		"takes as final: many do not register again until they are "
		"switched off and on, and a short outage of the HSS costs the "
		"subscriber its service for hours. That the HSS is silent is "
		"told by cx_unanswered; this is about the response.",
	.recognised =
		"A UAR, MAR or SAR that cx_unanswered finds unanswered, and a "
		"403 by the node that asked (or, where its leg shows no error "
		"of its own, to the UE) 2 s or more after it. A 403 within "
		"that time says that the answer had come.",
	.advice =
		"Have the CSCF answer 480 (I-CSCF) or 504 when a Cx request "
		"times out. In Kamailio's I-CSCF see the failure branch behind "
		"I_perform_user_authorization_request and its reply.",
	.specs = IMS_SPECS("TS 24.229 5.3.1.3"),
	.facts = IMS_FACT_KEYS(IMS_CX_KEYS,
			       {"waited_s", IMS_FACT_NUMBER,
				"seconds from the request to the 403"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_FAILED,
	.check = check_hss_failure_as_403,
};

static const struct ims_rule *const rules[] = {
	&register_loop,
	&register_unresolvable,
	&register_interval_too_brief,
	&register_hss_failure_as_403,
};

const struct ims_rule_list ims_rules_register_refused = {rules,
							 G_N_ELEMENTS(rules)};
