// SPDX-License-Identifier: GPL-2.0-or-later
/* Transport: SIP that did not get through whole, or not at all. */
#include "family.h"
#include "registrant.h"
#include "request.h"

#define FAMILY "Capture"

#define FINDINGS_MAX 32u

/* An answer that speaks of a next hop that could not be reached; or none. */
static bool fits_silence(const struct ims_attempt *attempt)
{
	if (attempt->outcome != IMS_OUTCOME_REJECTED)
		return true;
	return attempt->status == 408 || attempt->status == 480 ||
	       attempt->status == 500 || attempt->status == 503 ||
	       attempt->status == 504;
}

static void append_times(GString *text,
			 const struct ims_observed_partial *partial)
{
	g_string_append_printf(text, "sent %u times in %.1f s", partial->n,
			       ims_seconds(partial->sightings.last.time_ns -
					   partial->sightings.at[0].time_ns));
}

static void tell_fragments(struct ims_draft *draft,
			   const struct ims_observed_partial *partial)
{
	for (unsigned i = 0; i < partial->sightings.n; i++)
		ims_draft_sighting(draft, &partial->sightings.at[i],
				   "%s in fragments, of which not all came",
				   partial->name);
	ims_draft_sighting(draft, &partial->sightings.last,
			   "the same, the %u. time", partial->n);
	if (partial->failure.frame.number)
		ims_draft_sighting(draft, &partial->failure,
				   "ICMP: not all fragments came in time");
}

/* Whom it is about, and whether it explains why his registration failed. */
static void tell_whose(struct ims_check *check, struct ims_draft *draft,
		       const struct ims_observed_partial *partial)
{
	const struct ims_attempt *attempt = check->attempt;

	if (!attempt) {
		ims_draft_call(draft, ims_slice_of(partial->call_id));
		ims_draft_about(draft, ims_slice_of(NULL),
				ims_slice_of(partial->impu));
		return;
	}
	ims_draft_evidence(draft, attempt->final, "%u %.*s", attempt->status,
			   IMS_SLICE_ARG(ims_shown(attempt->reason)));
	if (!fits_silence(attempt))
		ims_draft_no_cause(draft);
}

/* "REGISTER of sip:alice@home", "401 to sip:alice@home", "NOTIFY" */
static void append_what(GString *text, const struct ims_check *check,
			const struct ims_observed_partial *partial)
{
	struct ims_slice who = check->attempt ? ims_registrant(check->attempt)
					      : ims_slice_of(partial->impu);

	g_string_append(text, partial->name);
	if (!ims_slice_is_empty(who))
		g_string_append_printf(text, " %s %.*s",
				       partial->is_request ? "of" : "to",
				       IMS_SLICE_ARG(ims_shown(who)));
}

static struct ims_draft *tell_partial(struct ims_check *check,
				      struct ims_observed_partial *partial,
				      unsigned n_more)
{
	struct ims_party from = ims_party_at(check, &partial->source);
	struct ims_party to = ims_party_at(check, &partial->destination);
	struct ims_draft *draft = ims_fire(check);
	GString *text = g_string_new(NULL);
	char a[IMS_PARTY_TEXT];
	char b[IMS_PARTY_TEXT];

	partial->told = true;
	ims_party_format(a, &from);
	ims_party_format(b, &to);
	append_what(text, check, partial);
	g_string_append_printf(text, " never reached %s from %s whole: ", b, a);
	append_times(text, partial);
	g_string_append(text, ", each time without some of its fragments, and "
			      "nothing came of it");
	if (n_more)
		g_string_append_printf(text, " (%u more messages alike)",
				       n_more);
	ims_draft_summary(draft, "%s", text->str);
	tell_fragments(draft, partial);
	tell_whose(check, draft, partial);
	ims_draft_text(draft, "message", partial->name);
	ims_draft_text(draft, "from", a);
	ims_draft_text(draft, "to", b);
	ims_draft_integer(draft, "transmissions", partial->n);
	ims_draft_boolean(draft, "icmp_error",
			  partial->failure.frame.number != 0);
	if (n_more)
		ims_draft_integer(draft, "further_messages", n_more);
	g_string_free(text, TRUE);
	return draft;
}

/* What the attempt failed by: its last REGISTER, one behind that, or the
   answer. */
static bool is_of_attempt(const struct ims_attempt *attempt,
			  const struct ims_observed_partial *partial)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	return last && partial->method == IMS_SIP_METHOD_REGISTER &&
	       (partial->is_request ? partial->cseq >= last->cseq
				    : partial->cseq == last->cseq);
}

static void check_attempt_fragments(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const GPtrArray *partials =
		ims_observed_partials_of(check->observation, attempt->call_id);
	/* Who answers for itself has given up. */
	int64_t now_ns = attempt->outcome == IMS_OUTCOME_REJECTED
				 ? INT64_MAX
				 : check->now_ns;

	for (unsigned i = 0; partials && i < partials->len; i++) {
		struct ims_observed_partial *partial = partials->pdata[i];

		if (is_of_attempt(attempt, partial) &&
		    ims_partial_is_in_vain(check->observation, partial,
					   now_ns)) {
			tell_partial(check, partial, 0);
			return;
		}
	}
}

/* The receiver is there, and answers its sender else. */
static bool is_suspect(const struct ims_check *check,
		       const struct ims_observed_partial *partial)
{
	return ims_partial_is_suspect(partial, check->now_ns) &&
	       ims_last_sip(check, &partial->destination.address,
			    &partial->source.address) >= 0;
}

static void tell_at_end(struct ims_check *check,
			struct ims_observed_partial *partial, unsigned n_more)
{
	struct ims_draft *draft = tell_partial(check, partial, n_more);

	if (ims_partial_is_in_vain(check->observation, partial, check->now_ns))
		return;
	ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	ims_draft_likely(draft);
}

static void check_fragment_lost(struct ims_check *check)
{
	GPtrArray *partials;
	unsigned n = 0;

	if (check->attempt) {
		check_attempt_fragments(check);
		return;
	}
	partials = ims_observed_partials(check->observation);
	for (unsigned i = 0; i < partials->len; i++) {
		struct ims_observed_partial *partial = partials->pdata[i];

		if (!partial->told &&
		    (is_suspect(check, partial) ||
		     ims_partial_is_in_vain(check->observation, partial,
					    check->now_ns)))
			partials->pdata[n++] = partial;
	}
	for (unsigned i = 0; i < MIN(n, FINDINGS_MAX); i++)
		tell_at_end(check, partials->pdata[i],
			    i + 1 == FINDINGS_MAX ? n - FINDINGS_MAX : 0);
	g_ptr_array_free(partials, TRUE);
}

static const struct ims_rule sip_fragment_lost = {
	.slug = "sip_fragment_lost",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_CAPTURE,
	.origin = IMS_ORIGIN_NEXT_HOP,
	.title = "Fragments of a SIP message are lost on the way",
	.explain =
		"The message is larger than the path takes in one packet, so "
		"IP cut it into fragments, and not all of them came: a tunnel "
		"or radio bearer, a firewall or a NAT on the way drops them. "
		"Without all of them the receiver has nothing; sending it "
		"again does not help, as it is as large as before.",
	.recognised =
		"The first fragment of the same SIP message (Call-ID, CSeq, "
		"branch) came at least three times and never the rest within 3 "
		"s; until 4 s after the last nothing shows that it arrived: no "
		"answer, no copy further "
		"on, no whole one, no ACK. And the capture takes fragments: "
		"others than first ones are in it, or the receiver said by "
		"ICMP that it could not put them together. Where a capture "
		"holds first fragments only, as with a filter on a port, it is "
		"told as a likely warning and as no cause, if the message was "
		"sent five times and its receiver speaks to its sender "
		"otherwise; else not: see capture_gap. The cause of a "
		"registration of "
		"which that REGISTER, or its answer, is the last.",
	.advice =
		"Find what drops fragments between the two: compare captures "
		"on both sides, ping with -M do -s 1400. Lower the MTU of the "
		"IMS APN (1280 to 1400; Open5GS: smf mtu), allow fragments in "
		"the firewall and security groups, or let large requests go by "
		"TCP (RFC 3261 18.1.1; Kamailio: udp_mtu=1300 and "
		"udp_mtu_try_proto=TCP). Make the message smaller: fewer "
		"Security-Client mechanisms and codecs, compact headers.",
	.specs = IMS_SPECS("RFC 3261 18.1.1", "RFC 8085 3.2", "RFC 791 3.2"),
	.facts = IMS_FACT_KEYS(
		{"message", IMS_FACT_STRING, "method, or status code"},
		{"from", IMS_FACT_STRING, "who sent it"},
		{"to", IMS_FACT_STRING, "who did not get it"},
		{"transmissions", IMS_FACT_INTEGER,
		 "how often it was sent, each time incomplete"},
		{"icmp_error", IMS_FACT_BOOLEAN,
		 "ICMP says that fragments are missing"},
		{"further_messages", IMS_FACT_INTEGER,
		 "messages alike that have no finding of their own"}),
	.check = check_fragment_lost,
};

/* SYNs, and over what time, of which one capture does not lose the answers:
   they would not have been sent again (RFC 6298 2: 1, 2, 4 s). */
#define SYNS_LEAST   3
#define SYNS_OVER_NS (29 * IMS_SECOND / 10)

/* The last of them is answered by then, if at all. */
#define SYN_WAIT_NS (3 * IMS_SECOND)

static bool is_in_vain(const struct ims_check *check,
		       const struct ims_observed_dial *dial)
{
	return dial->n_refused ||
	       (dial->n_syns >= SYNS_LEAST &&
		dial->longest_ns >= SYNS_OVER_NS &&
		check->now_ns - dial->openings.last.time_ns >= SYN_WAIT_NS);
}

static bool speaks_sip(const struct ims_check *check,
		       const struct ims_endpoint *at)
{
	return ims_party_at(check, at).role != IMS_ROLE_UNKNOWN ||
	       ims_binding_at(check, &at->address);
}

/* Or is it somebody who looks for open ports? Then the server may well be a
   node; the client is none. */
static bool was_needed(const struct ims_check *check,
		       const struct ims_observed_dial *dial)
{
	const struct ims_sighting *syn = &dial->openings.at[0];

	return dial->is_protected || dial->n_connections > 1 || dial->call_id ||
	       speaks_sip(check, &syn->source) ||
	       ims_last_sip(check, &dial->client, &dial->server.address) >= 0 ||
	       ims_last_sip(check, &dial->server.address, &dial->client) >= 0;
}

static void append_failure(GString *text, const struct ims_observed_dial *dial)
{
	if (!dial->n_refused)
		g_string_append_printf(text, "no answer to %u SYNs in %.1f s",
				       dial->n_syns,
				       ims_seconds(dial->longest_ns));
	else
		g_string_append_printf(text, "refused by %s",
				       dial->by_icmp ? "ICMP" : "reset");
	if (dial->n_connections > 1)
		g_string_append_printf(text, ", %u attempts",
				       dial->n_connections);
	if (dial->fell_back)
		g_string_append(text, "; by UDP it was answered then");
	else if (dial->stood)
		g_string_append(text, "; a later attempt succeeded");
}

static void tell_dial_evidence(struct ims_draft *draft,
			       const struct ims_observed_dial *dial,
			       const char *client, const char *server)
{
	if (dial->call_id)
		ims_draft_sighting(draft, &dial->request,
				   "a request that names the server");
	for (unsigned i = 0; i < dial->openings.n; i++)
		ims_draft_sighting(draft, &dial->openings.at[i],
				   "%s asks for a connection", client);
	ims_draft_sighting(draft, &dial->openings.last,
			   "%s asks for a connection", client);
	if (dial->refusal.frame.number)
		ims_draft_sighting(draft, &dial->refusal, "%s",
				   dial->by_icmp ? "ICMP: it cannot be reached"
						 : server);
}

static struct ims_draft *tell_dial(struct ims_check *check,
				   struct ims_observed_dial *dial,
				   unsigned n_more)
{
	const struct ims_sighting *syn = &dial->openings.at[0];
	struct ims_party client = ims_party_at(check, &syn->source);
	struct ims_party server = ims_party_at(check, &dial->server);
	struct ims_draft *draft = ims_fire(check);
	GString *what = g_string_new(NULL);
	char a[IMS_PARTY_TEXT];
	char b[IMS_PARTY_TEXT];
	char refuses[IMS_PARTY_TEXT + 16];

	dial->told = true;
	if (dial->call_id && !check->attempt)
		ims_draft_call(draft, ims_slice_of(dial->call_id));
	ims_party_format(a, &client);
	ims_party_format(b, &server);
	g_snprintf(refuses, sizeof(refuses), "%s refuses it", b);
	append_failure(what, dial);
	if (dial->call_id)
		g_string_append(what, "; a request for it had just come");
	if (n_more)
		g_string_append_printf(what, " (%u more servers alike)",
				       n_more);
	ims_draft_summary(draft,
			  "%s could not connect to port %u of %s for SIP: %s",
			  a, dial->server.port, b, what->str);
	tell_dial_evidence(draft, dial, a, refuses);
	ims_draft_text(draft, "client", a);
	ims_draft_text(draft, "server", b);
	ims_draft_integer(draft, "port", dial->server.port);
	ims_draft_boolean(draft, "refused", dial->n_refused != 0);
	ims_draft_integer(draft, "attempts", dial->n_connections);
	ims_draft_integer(draft, "syns", dial->n_syns);
	ims_draft_boolean(draft, "fell_back", dial->fell_back);
	ims_draft_boolean(draft, "connected_later", dial->stood);
	if (n_more)
		ims_draft_integer(draft, "further_servers", n_more);
	g_string_free(what, TRUE);
	return draft;
}

/* The last node that had the REGISTER tried to connect before it, or the
   attempt, gave up, and sent it to nobody. */
static void check_attempt_dials(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *deepest =
		last && last->n_hops ? last->hops[last->n_hops - 1] : NULL;
	struct ims_observed_dial *dial;
	struct ims_draft *draft;

	if (!deepest || !deepest->request || !ims_is_own(attempt) ||
	    !fits_silence(attempt))
		return;
	dial = ims_observed_dial_of(
		check->observation, &deepest->to.endpoint.address,
		deepest->first_ns,
		attempt->final ? attempt->final->time_ns : attempt->last_ns);
	if (!dial || !is_in_vain(check, dial) || dial->fell_back || dial->stood)
		return;
	draft = tell_dial(check, dial, 0);
	ims_draft_evidence(draft, deepest->request,
			   "REGISTER, which was to go on by that connection");
	ims_draft_evidence(draft, attempt->final, "%u %.*s", attempt->status,
			   IMS_SLICE_ARG(ims_shown(attempt->reason)));
	ims_draft_likely(draft);
}

static void check_connection_refused(struct ims_check *check)
{
	GPtrArray *dials;
	unsigned n = 0;

	if (check->attempt) {
		check_attempt_dials(check);
		return;
	}
	dials = ims_observed_dials(check->observation);
	for (unsigned i = 0; i < dials->len; i++) {
		struct ims_observed_dial *dial = dials->pdata[i];

		if (!dial->told && is_in_vain(check, dial))
			dials->pdata[n++] = dial;
	}
	for (unsigned i = 0; i < MIN(n, FINDINGS_MAX); i++) {
		struct ims_observed_dial *dial = dials->pdata[i];
		struct ims_draft *draft =
			tell_dial(check, dial,
				  i + 1 == FINDINGS_MAX ? n - FINDINGS_MAX : 0);

		if (dial->fell_back || dial->stood) {
			ims_draft_severity(draft, IMS_SEVERITY_WARNING);
		} else if (!was_needed(check, dial)) {
			ims_draft_severity(draft, IMS_SEVERITY_WARNING);
			ims_draft_likely(draft);
		}
	}
	g_ptr_array_free(dials, TRUE);
}

static const struct ims_rule sip_connection_refused = {
	.slug = "sip_connection_refused",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_CAPTURE,
	.origin = IMS_ORIGIN_NEXT_HOP,
	.title = "A connection for SIP is refused or not answered",
	.explain =
		"A node wanted to send SIP over TCP or TLS and got no "
		"connection: nobody listens on that port, or SYNs are "
		"swallowed on the way. Requests above 1300 bytes go by TCP "
		"even where all others use UDP, so it can hit INVITE and spare "
		"REGISTER; the asker then answers 408, 480 or 503 after a "
		"while.",
	.recognised =
		"SYN to port 5060 or 5061, to another at which SIP is spoken "
		"(by datagrams, or named in a Request-URI or Contact), or "
		"inside a security agreement, "
		"answered by RST or an ICMP error; or three SYNs of one "
		"attempt over 3 s without an answer until 3 s after the "
		"last. Not when the "
		"connection was accepted after some SYNs. A warning when a "
		"later attempt succeeded, when the request then went by UDP "
		"and was answered, or when a single attempt was refused whose "
		"client speaks no SIP otherwise, no request that names the "
		"server having come just before: that may be somebody looking "
		"for open ports. The cause of a "
		"registration when the node that had the REGISTER last made "
		"the attempt before it failed.",
	.advice =
		"Let the server listen on TCP at that address and port "
		"(Kamailio: listen=tcp:...; a UE: its port-s, and a TCP SYN "
		"must come from the P-CSCF's port-c), and look for a firewall, "
		"or an IPsec policy that takes UDP only. If it is only the "
		"size that led to TCP: raise udp_mtu in Kamailio, or unset "
		"udp_mtu_try_proto. A UE that closed its connection when idle "
		"is reached on its protected server port, not on the old one.",
	.specs =
		IMS_SPECS("RFC 3261 18.1.1", "RFC 9293 3.5.2", "TS 33.203 7.1"),
	.facts = IMS_FACT_KEYS(
		{"client", IMS_FACT_STRING, "who tried"},
		{"server", IMS_FACT_STRING, "who did not take it"},
		{"port", IMS_FACT_INTEGER, "port of the server"},
		{"refused", IMS_FACT_BOOLEAN, "by RST, ABORT or ICMP"},
		{"attempts", IMS_FACT_INTEGER, "connections tried"},
		{"syns", IMS_FACT_INTEGER, "most SYNs of one attempt"},
		{"fell_back", IMS_FACT_BOOLEAN,
		 "the server answered by UDP then"},
		{"connected_later", IMS_FACT_BOOLEAN,
		 "a later attempt succeeded"},
		{"further_servers", IMS_FACT_INTEGER,
		 "servers alike that have no finding of their own"}),
	.check = check_connection_refused,
};

static const struct ims_rule *const rules[] = {
	&sip_fragment_lost,
	&sip_connection_refused,
};

const struct ims_rule_list ims_rules_transport = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
