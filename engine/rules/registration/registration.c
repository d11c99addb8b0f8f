// SPDX-License-Identifier: GPL-2.0-or-later
/* Registration: what became of the REGISTER. */
#include "family.h"
#include "index.h"
#include "registrant.h"
#include "rejection.h"
#include "request.h"

#define FAMILY "Registration"

static void tell_silence(struct ims_draft *draft, const struct ims_hop *hop)
{
	char to[IMS_PARTY_TEXT];
	const struct ims_facts *last = ims_hop_last_request(hop);

	ims_party_format(to, &hop->to);
	ims_draft_evidence(draft, hop->request, "REGISTER to %s", to);
	if (last != hop->request)
		ims_draft_evidence(draft, last, "the same again, the %u. time",
				   hop->n_requests);
	if (hop->icmp)
		ims_draft_evidence(draft, hop->icmp,
				   "ICMP error, type %u code %u: the host is "
				   "there, the port is not open",
				   hop->icmp->icmp_type, hop->icmp->icmp_code);
	ims_draft_text(draft, "next_hop", to);
	ims_draft_integer(draft, "transmissions", hop->n_requests);
	ims_draft_boolean(draft, "icmp_error", hop->icmp != NULL);
}

static void check_unanswered(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *hop = last ? ims_journey_first(last) : NULL;
	struct ims_draft *draft;
	char to[IMS_PARTY_TEXT];
	char how[64] = "sent once";

	if (!ims_is_own(attempt) || !hop ||
	    attempt->outcome != IMS_OUTCOME_UNANSWERED)
		return;
	draft = ims_fire(check);
	ims_party_format(to, &hop->to);
	if (hop->n_requests > 1)
		g_snprintf(how, sizeof(how), "sent %u times in %.1f s",
			   hop->n_requests,
			   ims_seconds(hop->last_request_ns - hop->first_ns));
	ims_draft_summary(draft, "REGISTER of %.*s to %s got no answer: %s%s",
			  IMS_SLICE_ARG(ims_registrant(attempt)), to, how,
			  hop->icmp ? ", refused by ICMP" : "");
	tell_silence(draft, hop);
	/* It may have had the answer to the last. */
	if (!hop->icmp &&
	    hop->last_request_ns - hop->first_ns < IMS_LEAST_SENDING)
		ims_draft_likely(draft);
}

static const struct ims_rule register_unanswered = {
	.slug = "register_unanswered",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_SILENCE,
	.is_echo = true,
	.title = "REGISTER without any answer",
	.explain = "The UE sent its REGISTER, again and again, and nothing "
		   "came back on that leg. The node it asks is not running, "
		   "does not listen on that address and port, does not route "
		   "the request, or answers to an address from which nothing "
		   "reaches the UE.",
	.recognised =
		"No response to a REGISTER on the UE's leg, 32 s of capture "
		"from its first transmission on or a new attempt of the UE, "
		"and the UE shows that it got none: it sent it again for 15 s; "
		"or four times and more, where the capture holds other SIP of "
		"the node asked to the UE, and no sign that it took this "
		"(nothing sent on, nothing asked of the HSS); or once on a "
		"stream that has no hole, without such a sign; or ICMP refused "
		"it; "
		"or the UE began anew 32 s later. A UE that stays calm or goes "
		"on has had its answer, captured or not: then it does not "
		"fire. Likely when the UE stopped before 15 s. Where the core "
		"answered see register_response_lost.",
	.advice =
		"Look whether the P-CSCF runs and listens on that address, "
		"port and transport (ss -lnpu), whether its firewall or an "
		"ipban table drops the UE (Kamailio's pike and htable: "
		"kamctl rpc htable.dump ipban), and whether its answers leave "
		"by an interface that leads back to the UE (Kamailio: "
		"mhomed=1 with several interfaces, force_rport() for a UE "
		"behind address translation). In containers "
		"compare the address the UE was given (P-CSCF address in the "
		"PCO) with the one the P-CSCF is bound to.",
	.specs = IMS_SPECS("RFC 3261 17.1.2", "TS 24.229 5.1.1.2"),
	.facts = IMS_FACT_KEYS(
		{"next_hop", IMS_FACT_STRING, "who was asked"},
		{"transmissions", IMS_FACT_INTEGER, "how often it was sent"},
		{"icmp_error", IMS_FACT_BOOLEAN, "an ICMP error came back"}),
	.needs = IMS_SIGN_OWN | IMS_SIGN_FAILED,
	.check = check_unanswered,
};

/* What only an I-CSCF asks, and what only an S-CSCF (TS 29.228 6). */
static enum ims_role role_of_asker(enum ims_command command)
{
	switch (command) {
	case IMS_COMMAND_UA:
	case IMS_COMMAND_LI:
		return IMS_ROLE_I_CSCF;
	case IMS_COMMAND_MA:
	case IMS_COMMAND_SA:
		return IMS_ROLE_S_CSCF;
	default:
		return IMS_ROLE_UNKNOWN;
	}
}

/* Where an agent's side alone is captured, the command tells who asked; a
   relay leaves a Route-Record (RFC 6733 6.1.9). */
static bool is_asked_by(const struct ims_cx *cx, const struct ims_party *node)
{
	const struct ims_diameter_facts *request = ims_diameter(cx->request);

	if (ims_address_equal(&cx->about.asker.address,
			      &node->endpoint.address))
		return true;
	return request && request->n_route_records &&
	       node->role != IMS_ROLE_UNKNOWN &&
	       node->role == role_of_asker(cx->command);
}

/* The node asked something of the HSS or sent the request on: it had it. */
static bool did_anything(const struct ims_attempt *attempt,
			 const struct ims_journey *journey,
			 const struct ims_hop *hop)
{
	if (ims_hop_has_below(journey, hop))
		return true;
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];

		if (cx->about.request_time_ns >= hop->first_ns &&
		    is_asked_by(cx, &hop->to))
			return true;
	}
	return false;
}

/* When the request was first sent again; -1: never. */
static int64_t sent_again_ns(const struct ims_hop *hop)
{
	for (unsigned i = 0; i < hop->n_messages; i++)
		if (hop->messages[i]->kind == IMS_EVENT_SIP &&
		    hop->messages[i]->sip->is_request &&
		    hop->messages[i]->time_ns > hop->first_ns)
			return hop->messages[i]->time_ns;
	return -1;
}

/* T1 and twice that; it is T2, 4 s, once 100 has come (RFC 3261 17.1.2.2). */
#define SENT_AGAIN_BY (3 * IMS_SECOND)

/* Sent again as one does to whom nothing came, refused, or (a stream) answered
   for by the asker only after a while. */
static bool is_waited_for(const struct ims_attempt *attempt,
			  const struct ims_hop *hop)
{
	if (hop->icmp)
		return true;
	if (hop->request->transport == IMS_TRANSPORT_UDP)
		return hop->n_requests > 1 &&
		       sent_again_ns(hop) - hop->first_ns < SENT_AGAIN_BY;
	return attempt->final &&
	       attempt->final->time_ns - hop->first_ns >= IMS_AT_ONCE;
}

static const struct ims_hop *silent_hop(const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *silent = NULL;

	for (unsigned i = 0; last && i < last->n_hops; i++) {
		const struct ims_hop *hop = last->hops[i];

		/* A 100 says that it is there: the cause lies beyond it. */
		if (hop->depth < 2 || !hop->request || hop->provisional ||
		    hop->final || !is_waited_for(attempt, hop) ||
		    did_anything(attempt, last, hop))
			continue;
		if (!silent || hop->depth > silent->depth)
			silent = hop;
	}
	return silent;
}

static bool can_be_silence(const struct ims_attempt *attempt)
{
	if (attempt->outcome == IMS_OUTCOME_UNANSWERED)
		return true;
	return attempt->outcome == IMS_OUTCOME_REJECTED &&
	       (attempt->status == 408 || attempt->status == 480 ||
		attempt->status == 500 || attempt->status == 503 ||
		attempt->status == 504);
}

static void check_upstream_silent(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_hop *hop;
	struct ims_draft *draft;
	char from[IMS_PARTY_TEXT];
	char to[IMS_PARTY_TEXT];

	if (!ims_is_own(attempt) || !can_be_silence(attempt))
		return;
	hop = silent_hop(attempt);
	if (!hop)
		return;
	draft = ims_fire(check);
	ims_party_format(from, &hop->from);
	ims_party_format(to, &hop->to);
	ims_draft_summary(draft,
			  "%s never answered the REGISTER of %.*s that %s sent "
			  "it%s",
			  to, IMS_SLICE_ARG(ims_registrant(attempt)), from,
			  hop->icmp ? ": ICMP says its port is closed" : "");
	tell_silence(draft, hop);
	ims_draft_text(draft, "asked_by", from);
	ims_draft_evidence(draft, attempt->final, "%u %.*s to the UE",
			   attempt->status, IMS_SLICE_ARG(attempt->reason));
	if (!hop->icmp && hop->n_requests == 1)
		ims_draft_likely(draft);
}

static const struct ims_rule register_upstream_silent = {
	.slug = "register_upstream_silent",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEXT_HOP,
	.is_echo = true,
	.title = "A node behind the P-CSCF never answered the REGISTER",
	.explain = "The UE was told 408, 500, 503 or 504 (or nothing) because "
		   "a node further on never answered the REGISTER that was "
		   "sent to it. Kamailio's P-CSCF turns its own timeout into "
		   "504 Server Time-Out.",
	.recognised =
		"A leg behind the first on which the REGISTER was sent again "
		"within 3 s, or refused by ICMP, or (on TCP) given up after "
		"more than 1.5 s, without any response; the node asked sent "
		"nothing on and asked the HSS nothing, on any side of an "
		"agent. Not when "
		"that node answered 408 "
		"itself: then the cause lies beyond it; nor where the first "
		"repetition comes later, for then 100 Trying had come. Likely "
		"on TCP.",
	.advice = "Look whether the node named here runs and listens on the "
		  "address, port and transport that the request went to, and "
		  "whether the name it was reached by (the home domain for an "
		  "I-CSCF, Server-Name for an S-CSCF) resolves to where it "
		  "really is. A Request-URI that is an address in place of "
		  "the home domain leads a P-CSCF nowhere (the UE's proxy "
		  "goes into Route). Kamailio says 504 when fr_timer of tm "
		  "has run out.",
	.specs = IMS_SPECS("RFC 3261 17.1.2", "RFC 3261 16.7",
			   "TS 24.229 5.3.1.3"),
	.facts = IMS_FACT_KEYS(
		{"next_hop", IMS_FACT_STRING, "who never answered"},
		{"asked_by", IMS_FACT_STRING, "who asked it"},
		{"transmissions", IMS_FACT_INTEGER, "how often it was sent"},
		{"icmp_error", IMS_FACT_BOOLEAN, "an ICMP error came back"}),
	.needs = IMS_SIGN_OWN | IMS_SIGN_FAILED,
	.check = check_upstream_silent,
};

/*
 * A proxy that gives up on what is behind it answers for itself (Kamailio's
 * I-CSCF: "500 Server error on UAR select next S-CSCF"): the last refusal that
 * it had got by then. NULL: none in the capture.
 */
static const struct ims_hop *refused_before(const struct ims_journey *journey,
					    const struct ims_hop *maker)
{
	const struct ims_hop *found = NULL;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->above == maker && hop->final &&
		    hop->final->sip->status >= 300 &&
		    hop->final->time_ns <= maker->final->time_ns &&
		    (!found || hop->final->time_ns > found->final->time_ns))
			found = hop;
	}
	return found;
}

static void tell_refused_before(struct ims_draft *draft, GString *sentence,
				const struct ims_hop *hop)
{
	const struct ims_sip_facts *final = hop->final->sip;
	char by[IMS_PARTY_TEXT];
	char *text;

	text = g_strdup_printf("%s: %u %.*s", ims_party_format(by, &hop->to),
			       final->status,
			       IMS_SLICE_ARG(ims_shown(final->reason_phrase)));
	g_string_append_printf(sentence, ", after %s had answered it %u %.*s",
			       by, final->status,
			       IMS_SLICE_ARG(ims_shown(final->reason_phrase)));
	ims_draft_evidence(draft, hop->final, "%s", text);
	ims_draft_text(draft, "refused_before", text);
	g_free(text);
}

static void check_rejected(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_sip_facts *final = ims_sip(attempt->final);
	const struct ims_hop *maker;
	const struct ims_hop *before;
	struct ims_draft *draft;
	GString *sentence;
	char by[IMS_MAKER_TEXT];

	if (!ims_is_rejected(attempt))
		return;
	maker = ims_refuser(by, attempt);
	before =
		maker ? refused_before(ims_attempt_last(attempt), maker) : NULL;
	draft = ims_fire(check);
	sentence = g_string_new(NULL);
	g_string_append_printf(
		sentence, "%s refused the %s of %.*s: %u %.*s", by,
		attempt->kind == IMS_KIND_DEREGISTRATION ? "deregistration"
							 : "registration",
		IMS_SLICE_ARG(ims_registrant(attempt)), attempt->status,
		IMS_SLICE_ARG(ims_shown(attempt->reason)));
	if (before)
		tell_refused_before(draft, sentence, before);
	ims_draft_summary(draft, "%s", sentence->str);
	g_string_free(sentence, TRUE);
	ims_tell_rejection(draft, attempt, by);
	ims_draft_string(draft, "server", final->server);
	ims_draft_string(draft, "warning", final->warning);
	ims_draft_string(draft, "reason", final->reason);
	if (!maker)
		ims_draft_likely(draft);
}

static const struct ims_rule register_rejected = {
	.slug = "register_rejected",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_ECHO,
	.is_echo = true,
	.title = "REGISTER refused",
	.explain = "The registration ended with a final response of 300 or "
		   "more, and nothing else in the capture explains it. The "
		   "node named is the one that made the response: the last on "
		   "the way whose leg shows it, \"or a node behind it\" where "
		   "the capture does not show that it was the last. A proxy "
		   "that gives up on what is behind it answers for itself: "
		   "the refusal that it had got is named then, and is where "
		   "to look (Kamailio's I-CSCF says 500 Server error on UAR "
		   "select next S-CSCF whatever its S-CSCF answered).",
	.recognised = "A final response of 300 or more (401 and 407 are "
		      "challenges), and no finding nearer to the origin.",
	.advice =
		"Read the log of the node that made the response at that "
		"time, by the Call-ID. Reason, Warning and Server in the "
		"response name what it will tell. If the leg behind that node "
		"is not in the capture, capture there too (Cx among it): the "
		"origin may be further on.",
	.specs = IMS_SPECS("RFC 3261 21", "TS 24.229 5.1.1.2"),
	.facts = IMS_FACT_KEYS(
		IMS_REJECTION_KEYS,
		{"server", IMS_FACT_STRING, "Server or User-Agent in it"},
		{"warning", IMS_FACT_STRING, "Warning in it"},
		{"reason", IMS_FACT_STRING, "Reason in it"},
		{"refused_before", IMS_FACT_STRING,
		 "what the node behind had answered, where that is other"}),
	.needs = IMS_SIGN_OWN | IMS_SIGN_FAILED,
	.check = check_rejected,
};

static bool is_asked(const struct ims_sip_facts *request,
		     struct ims_slice server)
{
	char *asked = ims_identity_key(request->request_uri.uri);
	char *named = ims_identity_key(server);
	bool same = asked && named && strcmp(asked, named) == 0;

	g_free(asked);
	g_free(named);
	return same;
}

/* What the user's filter criterion says of this AS; -1: not known. */
static int64_t default_handling(const struct ims_attempt *attempt,
				const struct ims_sip_facts *request)
{
	const struct ims_binding *binding = attempt->before;
	const struct ims_profile *profile = attempt->asked_by;

	for (size_t i = 0; request && profile && i < profile->n_ifcs; i++)
		if (profile->ifcs[i].on_register &&
		    is_asked(request, profile->ifcs[i].server))
			return profile->ifcs[i].default_handling;
	for (unsigned i = 0; request && binding && i < binding->n_servers; i++)
		if (is_asked(request, ims_slice_of(binding->servers[i].server)))
			return binding->servers[i].default_handling;
	return -1;
}

static const char *handling_text(int64_t handling)
{
	if (handling == 1)
		return "DefaultHandling 1 (SESSION_TERMINATED): the S-CSCF "
		       "should deregister the user; Kamailio does nothing";
	if (handling == 0)
		return "DefaultHandling 0 (SESSION_CONTINUED): the user stays "
		       "registered";
	return "its DefaultHandling is not known";
}

static void check_third_party_failed(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *hop = last ? ims_journey_first(last) : NULL;
	struct ims_draft *draft;
	char to[IMS_PARTY_TEXT];
	int64_t handling;

	if (ims_is_own(attempt) || !hop ||
	    (attempt->outcome != IMS_OUTCOME_REJECTED &&
	     attempt->outcome != IMS_OUTCOME_UNANSWERED))
		return;
	handling = default_handling(attempt, ims_sip(hop->request));
	ims_party_format(to, &hop->to);
	draft = ims_fire(check);
	if (attempt->final)
		ims_draft_summary(draft,
				  "%s refused the third-party REGISTER for "
				  "%.*s: %u %.*s; %s",
				  to, IMS_SLICE_ARG(ims_registrant(attempt)),
				  attempt->status,
				  IMS_SLICE_ARG(attempt->reason),
				  handling_text(handling));
	else
		ims_draft_summary(draft,
				  "%s never answered the third-party REGISTER "
				  "for %.*s, sent %u times; %s",
				  to, IMS_SLICE_ARG(ims_registrant(attempt)),
				  hop->n_requests, handling_text(handling));
	ims_draft_evidence(draft, hop->request, "third-party REGISTER to %s",
			   to);
	ims_draft_evidence(draft, hop->icmp, "ICMP error");
	ims_draft_evidence(draft, attempt->final, "%u %.*s", attempt->status,
			   IMS_SLICE_ARG(attempt->reason));
	ims_draft_text(draft, "application_server", to);
	if (attempt->final)
		ims_draft_integer(draft, "status", attempt->status);
	if (handling >= 0)
		ims_draft_integer(draft, "default_handling", handling);
}

static const struct ims_rule third_party_register_failed = {
	.slug = "third_party_register_failed",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_HSS,
	.title = "The application server did not take the third-party REGISTER",
	.explain =
		"The S-CSCF tells application servers of a registration by a "
		"REGISTER of its own, as the user's filter criteria ask. This "
		"one was refused or not answered: the UE has its 200 and the "
		"service (telephony server, SMS gateway) does not know it.",
	.recognised = "A third-party REGISTER whose final response is 300 or "
		      "more, or that was sent again and again without one.",
	.advice =
		"Look at the application server's log for that Call-ID: does "
		"it accept REGISTER, from this S-CSCF, for this identity? "
		"Check ServerName and DefaultHandling of the filter criterion "
		"in the HSS. If the server need not know of registrations, "
		"take the REGISTER trigger out of the profile.",
	.specs = IMS_SPECS("TS 24.229 5.4.1.7", "TS 29.228 B.2.2"),
	.facts = IMS_FACT_KEYS(
		{"application_server", IMS_FACT_STRING, "who refused"},
		{"status", IMS_FACT_INTEGER, "its answer"},
		{"default_handling", IMS_FACT_INTEGER,
		 "of the filter criterion: 0 continued, 1 terminated"}),
	.needs = IMS_SIGN_FAILED,
	.check = check_third_party_failed,
};

static const struct ims_rule *const rules[] = {
	&register_unanswered,
	&register_rejected,
	&register_upstream_silent,
	&third_party_register_failed,
};

const struct ims_rule_list ims_rules_registration = {rules,
						     G_N_ELEMENTS(rules)};
