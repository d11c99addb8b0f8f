// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Diameter connections that Cx needs. Each rule is asked about every
 * connection at its end, and about each failed registration: there it looks
 * whether the CSCF that the REGISTER came to had any connection to ask on.
 */
#include "cx_links.h"
#include "cx_peer_words.h"
#include "cx_reading.h"
#include "family.h"

#define PEER_RULE \
	.family = "Cx", .scope = IMS_SCOPE_PEER, .severity = IMS_SEVERITY_ERROR

/* RFC 3539 3.4.1: two watchdog intervals without anything. */
#define DEAD_AIR (60 * IMS_SECOND)

#define PEER_KEYS                                                           \
	{"client", IMS_FACT_STRING, "who opened the connection"},           \
		{"server", IMS_FACT_STRING, "whom to"},                     \
		{"client_host", IMS_FACT_STRING, "Origin-Host of the CER"}, \
		{"server_host", IMS_FACT_STRING, "Origin-Host of the CEA"}, \
		{"what", IMS_FACT_STRING, "what the other side did"},       \
		{"connections", IMS_FACT_INTEGER, "attempts of this kind"}, \
	{                                                                   \
		"register", IMS_FACT_FRAME,                                 \
			"the REGISTER that needed the connection"           \
	}

/* The rest of how two rules recognise what they are about. */
#define WHOSE_FAILURE                                                        \
	"It is the cause of a registration that ended with 408, 480, "       \
	"500, 503, 504 or without an answer, at the last CSCF that the "     \
	"REGISTER is seen to reach: no ICMP error came from there, it "      \
	"asked nothing on Cx for the attempt (or, an S-CSCF, only for "      \
	"vectors before) and is alive (it responded, or spoke Diameter "     \
	"since), and none of its connections stood then (where the capture " \
	"shows the first attempt to connect only later: likely, and none "   \
	"stood when the "                                                    \
	"REGISTER failed); what is older than one that stood does not "      \
	"count. A "                                                          \
	"warning where the same peers connected afterwards and no "          \
	"registration failed for it."

/* Where a failed REGISTER came to an end for want of a connection. */
struct stop {
	const struct ims_hop *hop; /* NULL: it was no such failure */
	const struct ims_address *node;
	int64_t arrived_ns;
	int64_t failed_ns; /* the UE was told, or the attempt was over */
	/* The capture shows none of them until later: it begins between two
	   attempts to connect. */
	bool late;
	struct ims_link *const *links;
	unsigned n_links;
};

static bool is_failure_of_core(const struct ims_attempt *attempt)
{
	static const uint16_t statuses[] = {408, 480, 500, 503, 504};

	if (attempt->outcome == IMS_OUTCOME_UNANSWERED)
		return true;
	if (attempt->outcome != IMS_OUTCOME_REJECTED)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
		if (attempt->status == statuses[i])
			return true;
	return false;
}

/* The first leg to the last CSCF that the REGISTER is seen to reach. */
static const struct ims_hop *last_leg(const struct ims_attempt *attempt)
{
	const struct ims_journey *journey = ims_attempt_last(attempt);
	const struct ims_hop *last = NULL;

	for (unsigned i = 0; journey && i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->request && (!last || hop->depth > last->depth))
			last = hop;
	}
	/* The P-CSCF asks no HSS; who is unreachable has other troubles. */
	return last && last->leg == IMS_LEG_MW && !last->icmp ? last : NULL;
}

/* It asked about this REGISTER, or needed not: an I-CSCF may know the S-CSCF
   from an earlier one. An S-CSCF that had the vectors has a SAR to send. */
static bool has_asked(const struct ims_attempt *attempt,
		      const struct ims_hop *hop)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];

		if (ims_cx_asks_asker(hop, cx) &&
		    (cx->command != IMS_COMMAND_MA || !cx->request ||
		     cx->about.request_time_ns >= hop->first_ns))
			return true;
	}
	return false;
}

/* It answered on SIP, or spoke Diameter since. */
static bool is_alive(const struct ims_attempt *attempt, const struct stop *stop)
{
	const struct ims_journey *journey = ims_attempt_last(attempt);

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (ims_address_equal(&hop->to.endpoint.address, stop->node) &&
		    (hop->provisional || hop->final))
			return true;
	}
	for (unsigned i = 0; i < stop->n_links; i++)
		if (stop->links[i]->last_from_client_ns >= stop->arrived_ns ||
		    stop->links[i]->first_ns >= stop->arrived_ns)
			return true;
	return false;
}

/* How it was when the REGISTER came; what was still coming then, how it was
   when the REGISTER failed. */
static struct ims_diagnosis diagnose(const struct stop *stop,
				     const struct ims_link *link)
{
	struct ims_diagnosis found = ims_link_diagnosis(link, stop->arrived_ns);

	return stop->late || found.trouble == IMS_TROUBLE_PENDING
		       ? ims_link_diagnosis(link, stop->failed_ns)
		       : found;
}

/* Each was first seen after the REGISTER had come. */
static bool are_all_late(const struct stop *stop)
{
	for (unsigned i = 0; i < stop->n_links; i++)
		if (stop->links[i]->first_ns <= stop->arrived_ns)
			return false;
	return true;
}

/* No connection of it stood when the REGISTER came, and all are known. */
static bool had_no_connection(const struct stop *stop)
{
	bool known = false;

	for (unsigned i = 0; i < stop->n_links; i++) {
		enum ims_trouble trouble =
			diagnose(stop, stop->links[i]).trouble;

		if (trouble == IMS_TROUBLE_NONE)
			return false;
		known |= trouble >= IMS_TROUBLE_REJECTED;
	}
	return known;
}

static struct stop find_stop(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	struct stop stop = {.hop = NULL};
	const struct ims_hop *hop;

	if (!attempt->ims || !is_failure_of_core(attempt))
		return stop;
	hop = last_leg(attempt);
	if (!hop || has_asked(attempt, hop))
		return stop;
	stop.node = &hop->to.endpoint.address;
	stop.arrived_ns = hop->first_ns;
	stop.failed_ns =
		attempt->final ? attempt->final->time_ns : attempt->last_ns;
	stop.links = ims_links_of(check, stop.node, &stop.n_links);
	stop.late = are_all_late(&stop);
	if (had_no_connection(&stop) && is_alive(attempt, &stop))
		stop.hop = hop;
	return stop;
}

/* What is older than a connection that stood is history. */
static unsigned first_that_counts(const struct stop *stop)
{
	for (unsigned i = stop->n_links; i > 0; i--)
		if (diagnose(stop, stop->links[i - 1]).trouble ==
		    IMS_TROUBLE_ENDED)
			return i - 1;
	return 0;
}

/* The first with that trouble; names all of them as told. */
static struct ims_link *take_culprit(const struct stop *stop,
				     enum ims_trouble trouble, unsigned *n)
{
	struct ims_link *culprit = NULL;

	*n = 0;
	for (unsigned i = first_that_counts(stop); i < stop->n_links; i++) {
		struct ims_link *link = stop->links[i];

		if (diagnose(stop, link).trouble != trouble)
			continue;
		link->blamed = true;
		++*n;
		if (!culprit)
			culprit = link;
	}
	return culprit;
}

/* A REGISTER failed because its CSCF could not ask. */
static void blame_for_attempt(struct ims_check *check, enum ims_trouble trouble)
{
	struct stop stop = find_stop(check);
	struct ims_diagnosis found;
	struct ims_link *culprit;
	struct ims_draft *draft;
	GString *sentence;
	unsigned n;
	char who[IMS_PARTY_TEXT];

	culprit = stop.hop ? take_culprit(&stop, trouble, &n) : NULL;
	if (!culprit)
		return;
	found = diagnose(&stop, culprit);
	draft = ims_fire(check);
	ims_draft_severity(draft, IMS_SEVERITY_ERROR);
	/* One that stood until the REGISTER came, and of which the capture has
	   nothing, may have carried a question. */
	if (stop.late)
		ims_draft_likely(draft);
	ims_peer_tell(draft, culprit, &found, n);
	ims_party_format(who, &stop.hop->to);
	ims_draft_frame(draft, "register", stop.hop->request);
	ims_draft_evidence(draft, stop.hop->request,
			   "REGISTER to %s, which has no connection for Cx and "
			   "sends no request on one",
			   who);
	sentence = ims_peer_sentence(culprit, &found, n);
	g_string_append_printf(sentence,
			       "; so %s could not ask the HSS about the "
			       "REGISTER",
			       who);
	ims_cx_append_outcome(sentence, check->attempt);
	ims_cx_tell_outcome(draft, check->attempt);
	ims_peer_end(draft, sentence);
}

/* The same two nodes, later. */
static bool is_successor(const struct ims_link *link,
			 const struct ims_link *later)
{
	return later != link && later->first_ns > link->first_ns &&
	       ims_address_equal(&later->client.address,
				 &link->client.address) &&
	       ims_address_equal(&later->server.address, &link->server.address);
}

/* The asker of what was not answered did not take it calmly. */
static bool was_given_up(struct ims_check *check, const struct ims_link *link,
			 const struct ims_diagnosis *found)
{
	unsigned n;
	struct ims_link *const *links =
		ims_links_of(check, &link->client.address, &n);

	/* A refusal, or SYNs sent again, speak for themselves. */
	if (found->answer || found->asked->kind == IMS_EVENT_CONNECTION_OPENING)
		return true;
	if (check->now_ns - found->asked->time_ns >= DEAD_AIR)
		return true;
	for (unsigned i = 0; i < n; i++)
		if (is_successor(link, links[i]))
			return true;
	return ims_link_end(link, check->now_ns) != NULL;
}

/* Names those that failed alike until one stood: *stood. How many. */
static unsigned count_alike(struct ims_check *check,
			    const struct ims_link *link,
			    enum ims_trouble trouble, bool *stood)
{
	unsigned n;
	unsigned alike = 1;
	struct ims_link *const *links =
		ims_links_of(check, &link->client.address, &n);

	*stood = false;
	for (unsigned i = 0; i < n && !*stood; i++) {
		enum ims_trouble then;

		if (!is_successor(link, links[i]))
			continue;
		then = ims_link_diagnosis(links[i], check->now_ns).trouble;
		*stood = then == IMS_TROUBLE_NONE || then == IMS_TROUBLE_ENDED;
		if (then != trouble)
			continue;
		links[i]->blamed = true;
		alike++;
	}
	return alike;
}

/* A port scan asks once; a peer of the Diameter port asks until it is let in
   (RFC 6733 2.1, timer Tc). */
static bool is_scan(const struct ims_check *check, enum ims_trouble trouble,
		    unsigned n_alike)
{
	const struct ims_link *link = check->link;

	return trouble == IMS_TROUBLE_SILENT && !link->opened && !link->cer &&
	       link->n_openings == 1 && n_alike == 1 &&
	       ims_party_at(check, &link->client).role == IMS_ROLE_UNKNOWN;
}

/* A connection that never came to stand, whoever needed it. */
static void blame_link(struct ims_check *check, enum ims_trouble trouble)
{
	struct ims_link *link = check->link;
	struct ims_diagnosis found = ims_link_diagnosis(link, check->now_ns);
	struct ims_draft *draft;
	bool stood;
	unsigned n;

	if (link->blamed || found.trouble != trouble ||
	    !was_given_up(check, link, &found))
		return;
	link->blamed = true;
	n = count_alike(check, link, trouble, &stood);
	if (is_scan(check, trouble, n))
		return;
	draft = ims_fire(check);
	/* A start in the wrong order, after which all is well. */
	if (stood)
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	ims_peer_tell(draft, link, &found, n);
	ims_peer_end(draft, ims_peer_sentence(link, &found, n));
}

static void check_peer_rejected(struct ims_check *check)
{
	if (check->attempt)
		blame_for_attempt(check, IMS_TROUBLE_REJECTED);
	else
		blame_link(check, IMS_TROUBLE_REJECTED);
}

static const struct ims_rule cx_peer_rejected = {
	.slug = "cx_peer_rejected",
	PEER_RULE,
	.origin = IMS_ORIGIN_PEER,
	.title = "A Diameter peer was refused",
	.explain =
		"Before Cx can be spoken, both sides exchange capabilities "
		"(CER, CEA). Here that failed: the peer is not known, has no "
		"application in common, or is turned away. Without the "
		"connection a CSCF sends no request at all and fails the "
		"registration for itself.",
	.recognised =
		"CEA with a result from 3000 on (3010 unknown peer, 5010 no "
		"common application); CER without CEA that the other side "
		"answers by DPR, closing or resetting within 2 s; or Cx "
		"offered in CER and neither it nor relaying in CEA's list. "
		"Not where the capture may have lost the CEA: the other side "
		"said something after CER, has a hole since, or is not in the "
		"capture at all; nor where the end stands before CER (an "
		"earlier connection of the same ports), and not for "
		"connections of other applications alone. " WHOSE_FAILURE,
	.advice = "3010: enter the client's Origin-Host (as CER has it) into "
		  "the server's list of peers. Closed without an answer: "
		  "freeDiameter does so to peers it does not know (acl_wl, "
		  "ConnectPeer) and when a connection to the same peer stands "
		  "already. 5010 or Cx missing: let both sides offer "
		  "application 16777216 of vendor 10415 (Kamailio: Auth in the "
		  "DiameterPeer XML).",
	.specs = IMS_SPECS("RFC 6733 5.3", "RFC 6733 5.6", "TS 29.229 6.2"),
	.facts = IMS_FACT_KEYS(PEER_KEYS),
	.check = check_peer_rejected,
};

static void check_peer_silent(struct ims_check *check)
{
	if (check->attempt)
		blame_for_attempt(check, IMS_TROUBLE_SILENT);
	else
		blame_link(check, IMS_TROUBLE_SILENT);
}

static const struct ims_rule cx_peer_silent = {
	.slug = "cx_peer_silent",
	PEER_RULE,
	.origin = IMS_ORIGIN_PEER,
	.title = "Nobody answers at the Diameter peer",
	.explain =
		"The connection to the peer is refused or not answered, or it "
		"opens and nobody answers CER or DWR on it. Without a peer a "
		"CSCF sends no request at all and fails the registration for "
		"itself.",
	.recognised =
		"SYN or INIT refused, or sent again without an answer, and "
		"nothing was ever said on the connection; CER or "
		"DWR without an answer for 2 s, the other side says nothing "
		"later, and the asker gives up: it ends the connection, opens "
		"another, hears nothing for a minute, or fails a REGISTER for "
		"want of it. Not where the capture may have lost the answer: "
		"the other side has a hole since, or nothing of it is in the "
		"capture; the asker ends the connection within 2 s of CER, as "
		"one that was answered; the other side resets it later than "
		"that, or ends it after DWR. Not for connections of other "
		"applications alone, and not for one SYN alone that no "
		"REGISTER waited for, of a node that does nothing else of IMS "
		"in the capture. " WHOSE_FAILURE,
	.advice =
		"Is the HSS or agent running, and does it listen at this "
		"address, port and transport (TCP or SCTP)? If it accepts the "
		"connection and says nothing, the process hangs or something "
		"else has the port. Unanswered watchdogs: look for a firewall "
		"or a NAT that forgot the connection, or an HSS that hangs.",
	.specs = IMS_SPECS("RFC 6733 5.3", "RFC 6733 5.5", "RFC 3539 3.4"),
	.facts = IMS_FACT_KEYS(PEER_KEYS),
	.check = check_peer_silent,
};

/* A request that was on its way when the connection ended. */
static bool was_cut_off(const struct ims_attempt *attempt,
			const struct ims_cx *cx)
{
	const struct ims_facts *end;

	if (!ims_cx_is_cx(cx) || !cx->request || cx->answer || !cx->link)
		return false;
	end = ims_link_end(cx->link, attempt->last_ns);
	return end && end->time_ns >= cx->request->time_ns &&
	       !ims_cx_went_on(attempt, cx);
}

static void blame_for_request(struct ims_check *check, const struct ims_cx *cx)
{
	struct ims_draft *draft = ims_fire(check);
	struct ims_diagnosis found =
		ims_link_ended(cx->link, ims_link_end(cx->link, check->now_ns));
	GString *sentence;
	char who[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];

	cx->link->blamed = true;
	ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	ims_peer_tell(draft, cx->link, &found, 1);
	ims_draft_evidence(draft, cx->request, "%s: %s for %s",
			   ims_cx_asker(who, cx),
			   ims_command_name(cx->command, true),
			   ims_cx_subject(subject, cx));
	sentence = ims_peer_sentence(cx->link, &found, 1);
	g_string_append_printf(sentence,
			       " while the %s for %s waited for its answer",
			       ims_command_name(cx->command, true), subject);
	ims_cx_append_outcome(sentence, check->attempt);
	ims_cx_tell_outcome(draft, check->attempt);
	ims_peer_end(draft, sentence);
}

/* A connection that ends and that nobody misses is no finding: processes are
   stopped at the end of captures. */
static void check_peer_disconnected(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	if (!attempt)
		return;
	for (unsigned i = 0; i < attempt->n_exchanges; i++)
		if (was_cut_off(attempt, attempt->exchanges[i])) {
			blame_for_request(check, attempt->exchanges[i]);
			return;
		}
	blame_for_attempt(check, IMS_TROUBLE_ENDED);
}

static const struct ims_rule cx_peer_disconnected = {
	.slug = "cx_peer_disconnected",
	.family = "Cx",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_PEER,
	.origin = IMS_ORIGIN_PEER,
	.title = "The Diameter connection was gone when it was needed",
	.explain =
		"The connection to the HSS or agent ended, and a registration "
		"came before it stood again: the CSCF then sends no request "
		"and fails the registration for itself; or a request was on "
		"its way and lost its answer.",
	.recognised =
		"DPR, FIN, SHUTDOWN or reset on a connection, and before "
		"another stood a REGISTER reached its CSCF and failed with no "
		"request on the wire (an error), or a request on it had no "
		"answer yet. Not where nobody needed it, as when processes "
		"are stopped.",
	.advice = "See who ended it and why: Disconnect-Cause in DPR "
		  "(REBOOTING, BUSY, DO_NOT_WANT_TO_TALK_TO_YOU), a restart, a "
		  "crash (reset), an idle timeout on the way. Let the CSCF "
		  "reconnect sooner (Kamailio: Tc in the DiameterPeer XML) and "
		  "give it a second peer.",
	.specs = IMS_SPECS("RFC 6733 5.4", "RFC 6733 5.5.4", "RFC 6733 5.6"),
	.facts = IMS_FACT_KEYS(PEER_KEYS),
	.check = check_peer_disconnected,
};

static const struct ims_rule *const rules[] = {
	&cx_peer_rejected,
	&cx_peer_silent,
	&cx_peer_disconnected,
};

const struct ims_rule_list ims_rules_cx_peers = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
