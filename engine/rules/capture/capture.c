// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture: what the capture itself lacks, holds twice or hides. */
#include "family.h"

#include <inttypes.h>

#define FAMILY "Capture"

/* Findings of one rule; what is beyond is counted in the last of them. */
#define FINDINGS_MAX 32u

/* The end that is seen; the other one is not. */
static const struct ims_observed_side *seen_side(
	const struct ims_observed_leg *leg)
{
	const struct ims_observed_side *side = &leg->sides[0];

	return side->n_sip + side->n_diameter ? side : &leg->sides[1];
}

static const char *unseen_text(enum ims_unseen what)
{
	switch (what) {
	case IMS_UNSEEN_REQUEST:
		return "answers a request that is not there";
	case IMS_UNSEEN_ANSWER:
		return "follows from an answer that is not there";
	default:
		return "the other side sent bytes that are not there";
	}
}

static void append_proofs(GString *text, const struct ims_observed_side *side)
{
	static const char *const what[IMS_N_UNSEEN] = {
		[IMS_UNSEEN_REQUEST] = "answers to requests",
		[IMS_UNSEEN_ANSWER] = "what follows from answers",
		[IMS_UNSEEN_BYTES] = "what acknowledges bytes",
	};
	const char *sep = "";

	for (unsigned i = 0; i < IMS_N_UNSEEN; i++) {
		if (!side->n_unseen[i])
			continue;
		g_string_append_printf(text, "%s%s that are not there (%u)",
				       sep, what[i], side->n_unseen[i]);
		sep = ", ";
	}
}

static void tell_one_way(struct ims_check *check,
			 const struct ims_observed_leg *leg, unsigned n_more)
{
	const struct ims_observed_side *side = seen_side(leg);
	struct ims_party from = ims_party_at(check, &side->first.source);
	struct ims_party to = ims_party_at(check, &side->first.destination);
	struct ims_draft *draft = ims_fire(check);
	GString *proofs = g_string_new(NULL);
	char a[IMS_PARTY_TEXT];
	char b[IMS_PARTY_TEXT];
	uint64_t n = side->n_sip + side->n_diameter;

	ims_party_format(a, &from);
	ims_party_format(b, &to);
	append_proofs(proofs, side);
	if (n_more)
		g_string_append_printf(proofs, " (%u more legs are alike)",
				       n_more);
	ims_draft_summary(draft,
			  "The capture holds what %s sent %s (%" PRIu64
			  " messages) and nothing of what came back; that "
			  "something came is shown by %s",
			  a, b, n, proofs->str);
	ims_draft_sighting(draft, &side->first, "the first from %s to %s", a,
			   b);
	for (unsigned i = 0; i < side->proofs.n; i++)
		ims_draft_sighting(draft, &side->proofs.at[i], "%s",
				   unseen_text(side->kinds[i]));
	ims_draft_text(draft, "from", a);
	ims_draft_text(draft, "to", b);
	ims_draft_integer(draft, "messages", (int64_t)n);
	ims_draft_integer(draft, "answers_without_request",
			  side->n_unseen[IMS_UNSEEN_REQUEST]);
	ims_draft_integer(draft, "follow_unseen_answer",
			  side->n_unseen[IMS_UNSEEN_ANSWER]);
	ims_draft_integer(draft, "holes", side->n_unseen[IMS_UNSEEN_BYTES]);
	if (n_more)
		ims_draft_integer(draft, "further_legs", n_more);
	g_string_free(proofs, TRUE);
}

static void check_one_way(struct ims_check *check)
{
	GPtrArray *legs;

	if (check->attempt)
		return;
	legs = ims_observed_legs_one_way(check->observation);
	for (unsigned i = 0; i < MIN(legs->len, FINDINGS_MAX); i++)
		tell_one_way(check, legs->pdata[i],
			     i + 1 == FINDINGS_MAX ? legs->len - FINDINGS_MAX
						   : 0);
	g_ptr_array_free(legs, TRUE);
}

static const struct ims_rule capture_one_way = {
	.slug = "capture_one_way",
	.family = FAMILY,
	.severity = IMS_SEVERITY_NOTE,
	.scope = IMS_SCOPE_CAPTURE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "One direction of a leg is not in the capture",
	.explain =
		"Between two nodes the capture holds what one of them sent and "
		"nothing of what the other did, although the other one spoke: "
		"routing is asymmetric, a mirror port copies one direction "
		"only, or a filter names one of the ports. Of that leg no "
		"silence is believed, and registrations whose end would be "
		"there are incomplete.",
	.recognised =
		"At least three SIP or Diameter messages one way and nothing "
		"at all the other, neither ESP, TLS nor the opening of a "
		"connection; and proof that more was said: two transactions in "
		"which a response answers no request, or a To tag, an ACK or "
		"a nonce comes from a response that is not there, or a "
		"registration succeeded on an answer that is not there; or "
		"bytes acknowledged that are not there. A request without an "
		"answer proves nothing: its receiver may be dead. Nodes that "
		"share one address are not told apart.",
	.advice =
		"Capture both directions: both halves of the mirror port, all "
		"interfaces of a node with several (tcpdump -i any), and "
		"filter by `host`, not by `src`, `dst` or one port. Captures "
		"of both sides can be given together; they are merged.",
	.specs = IMS_SPECS("RFC 3261 12.1.2", "RFC 3261 17.1", "RFC 6733 6.2"),
	.facts = IMS_FACT_KEYS(
		{"from", IMS_FACT_STRING, "who is heard"},
		{"to", IMS_FACT_STRING, "who is not"},
		{"messages", IMS_FACT_INTEGER, "messages of the one heard"},
		{"answers_without_request", IMS_FACT_INTEGER,
		 "of them, answers to requests that are not there"},
		{"follow_unseen_answer", IMS_FACT_INTEGER,
		 "of them, what follows from answers that are not there"},
		{"holes", IMS_FACT_INTEGER,
		 "holes where the other side sent bytes"},
		{"further_legs", IMS_FACT_INTEGER,
		 "legs alike that have no finding of their own"}),
	.check = check_one_way,
};

static const char *loss_text(enum ims_loss kind)
{
	switch (kind) {
	case IMS_LOSS_STREAM:
		return "stream";
	case IMS_LOSS_CUT:
		return "snapshot";
	case IMS_LOSS_FRAGMENTS:
		return "fragments";
	default:
		return "drops";
	}
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void append_stream(GString *text, const struct ims_observed_loss *loss)
{
	const char *sep = "";

	g_string_append_printf(text,
			       "Streams of signalling have %" PRIu64 " hole%s",
			       loss->n, plural(loss->n));
	if (loss->missing || loss->chunks)
		g_string_append(text, ": ");
	if (loss->missing) {
		g_string_append_printf(text, "%" PRIu64 " byte%s of TCP",
				       loss->missing, plural(loss->missing));
		sep = ", ";
	}
	if (loss->chunks)
		g_string_append_printf(text, "%s%" PRIu64 " chunk%s of SCTP",
				       sep, loss->chunks, plural(loss->chunks));
	if (loss->missing || loss->chunks)
		g_string_append(text, " are not in the capture");
}

static void append_loss(GString *text, const struct ims_observed_loss *loss)
{
	switch (loss->kind) {
	case IMS_LOSS_STREAM:
		append_stream(text, loss);
		break;
	case IMS_LOSS_CUT:
		g_string_append_printf(
			text,
			"The end of %" PRIu64 " message%s is not in the "
			"capture: packets are cut by its snapshot length",
			loss->n, plural(loss->n));
		break;
	case IMS_LOSS_FRAGMENTS:
		g_string_append_printf(text,
				       "Of %" PRIu64
				       " SIP message%s that came in fragments "
				       "the capture lacks some",
				       loss->n, plural(loss->n));
		break;
	case IMS_LOSS_DROPS:
		g_string_append_printf(text,
				       "The capture says that %" PRIu64
				       " packet%s dropped while it was taken",
				       loss->missing,
				       loss->missing == 1 ? " was" : "s were");
		break;
	}
}

static void tell_place(struct ims_draft *draft,
		       const struct ims_observed_loss *loss,
		       const struct ims_sighting *at)
{
	char a[IMS_ENDPOINT_TEXT];
	char b[IMS_ENDPOINT_TEXT];

	ims_endpoint_format(a, &at->source);
	ims_endpoint_format(b, &at->destination);
	switch (loss->kind) {
	case IMS_LOSS_STREAM:
		ims_draft_sighting(draft, at,
				   "shows that something that %s sent %s "
				   "before is missing",
				   a, b);
		break;
	case IMS_LOSS_CUT:
		ims_draft_sighting(draft, at, "%s to %s: cut", a, b);
		break;
	case IMS_LOSS_FRAGMENTS:
		ims_draft_sighting(draft, at,
				   "%s to %s: begins, and the other fragments "
				   "are not all there",
				   a, b);
		break;
	case IMS_LOSS_DROPS:
		ims_draft_sighting(draft, at,
				   "packets were dropped by this one");
		break;
	}
}

static const char *loss_advice(enum ims_loss kind)
{
	switch (kind) {
	case IMS_LOSS_CUT:
		return "Capture whole packets: tcpdump -s 0, dumpcap without "
		       "-s, snaplen 0 in the probe's configuration.";
	case IMS_LOSS_FRAGMENTS:
		return "A capture filter on a port takes only first fragments, "
		       "as the others have no ports: filter by host, or add "
		       "`or ip[6:2] & 0x1fff != 0`. If the filter takes them, "
		       "they were lost on the way: see sip_fragment_lost.";
	case IMS_LOSS_DROPS:
		return "Give the capturing process a larger buffer (tcpdump -B "
		       "65536, dumpcap -B 64), a narrower filter, or a faster "
		       "disk; on virtual machines look at the drops of the "
		       "interface too.";
	default:
		return NULL;
	}
}

static void tell_loss(struct ims_check *check,
		      const struct ims_observed_loss *loss)
{
	struct ims_draft *draft = ims_fire(check);
	GString *text = g_string_new(NULL);
	const char *advice = loss_advice(loss->kind);

	append_loss(text, loss);
	ims_draft_summary(draft, "%s", text->str);
	if (advice)
		ims_draft_advice(draft, "%s", advice);
	for (unsigned i = 0; i < loss->sightings.n; i++)
		if (loss->sightings.at[i].frame.number)
			tell_place(draft, loss, &loss->sightings.at[i]);
	ims_draft_text(draft, "kind", loss_text(loss->kind));
	ims_draft_integer(draft, "capture", loss->capture);
	ims_draft_integer(draft, "places", (int64_t)loss->n);
	if (loss->kind == IMS_LOSS_DROPS)
		ims_draft_integer(draft, "packets", (int64_t)loss->missing);
	else if (loss->missing)
		ims_draft_integer(draft, "bytes", (int64_t)loss->missing);
	if (loss->chunks)
		ims_draft_integer(draft, "chunks", (int64_t)loss->chunks);
	g_string_free(text, TRUE);
}

static void check_gap(struct ims_check *check)
{
	const struct ims_observed_loss *losses;
	unsigned n;

	if (check->attempt)
		return;
	losses = ims_observed_losses(check->observation, &n);
	for (unsigned i = 0; i < n; i++)
		tell_loss(check, &losses[i]);
}

static const struct ims_rule capture_gap = {
	.slug = "capture_gap",
	.family = FAMILY,
	.severity = IMS_SEVERITY_NOTE,
	.scope = IMS_SCOPE_CAPTURE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The capture lacks something that was sent",
	.explain =
		"Bytes of a connection, ends of packets, fragments or whole "
		"packets were sent and are not in the capture. A message may "
		"be among them: that something is not seen then proves less, "
		"and what hangs on it is told with care or not at all.",
	.recognised =
		"One finding for each kind and capture. stream: sequence "
		"numbers of TCP or TSNs of SCTP that are passed over or "
		"acknowledged, on connections that carry SIP or Diameter "
		"(others do not count; what was lost and sent again is no "
		"hole). snapshot: SIP over UDP whose packet was captured in "
		"part. fragments: SIP whose first fragment is there and others "
		"are not. drops: the capture file counts packets that were "
		"dropped (pcapng); Wireshark does not hand these on to its "
		"plugins.",
	.advice =
		"Capture nearer to the node, or on it. If holes are many, the "
		"capturing process was too slow: give it a larger buffer "
		"(tcpdump -B 65536), a narrower filter or a faster disk. If "
		"one packet in two of a connection is missing, another path "
		"carries the rest: capture there too.",
	.specs = IMS_SPECS("RFC 9293 3.4", "RFC 9260 3.3.1", "RFC 791 3.2"),
	.facts = IMS_FACT_KEYS(
		{"kind", IMS_FACT_STRING,
		 "stream, snapshot, fragments or drops"},
		{"capture", IMS_FACT_INTEGER, "index of the capture, from 0"},
		{"places", IMS_FACT_INTEGER,
		 "holes, messages, or reports of drops"},
		{"packets", IMS_FACT_INTEGER, "packets dropped"},
		{"bytes", IMS_FACT_INTEGER, "bytes of TCP missing"},
		{"chunks", IMS_FACT_INTEGER, "DATA chunks of SCTP missing"}),
	.check = check_gap,
};

static void check_duplicates(struct ims_check *check)
{
	const struct ims_observed_copies *copies =
		ims_observed_copies(check->observation);
	struct ims_draft *draft;

	if (check->attempt || !copies->n)
		return;
	draft = ims_fire(check);
	ims_draft_summary(
		draft,
		"%" PRIu64 " packet%s of signalling %s in the capture again, "
		"taken at another point%s; each is counted once (one packet "
		"stands there up to %u times)",
		copies->n, plural(copies->n), copies->n == 1 ? "is" : "are",
		copies->n_between == copies->n ? " by another capture" : "",
		copies->most);
	ims_draft_sighting(draft, &copies->first, "a packet");
	ims_draft_sighting(
		draft, &copies->copy, "the same packet, %.3f ms later",
		(double)(copies->copy.time_ns - copies->first.time_ns) / 1e6);
	ims_draft_integer(draft, "copies", (int64_t)copies->n);
	ims_draft_integer(draft, "most", copies->most);
	ims_draft_integer(draft, "of_other_captures",
			  (int64_t)copies->n_between);
	ims_draft_place(draft, "original", copies->first.frame);
	ims_draft_place(draft, "copy", copies->copy.frame);
}

static const struct ims_rule capture_duplicates = {
	.slug = "capture_duplicates",
	.family = FAMILY,
	.severity = IMS_SEVERITY_NOTE,
	.scope = IMS_SCOPE_CAPTURE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "Packets are in the capture more than once",
	.explain =
		"The capture was taken at several points that one packet "
		"passes: on `any` with bridges or virtual interfaces, inside "
		"and outside a tunnel, or as several files. A packet counts "
		"once, at the point where it came first; nothing is taken for "
		"a retransmission because of it.",
	.recognised =
		"The same bytes between the same addresses and ports with the "
		"same IP identification within 200 ms: SIP over UDP, ESP, ICMP "
		"errors, fragments. A SIP retransmission is another packet, "
		"with another identification, and no copy. Segments of TCP and "
		"chunks of SCTP that come twice are left out by their numbers "
		"and not counted here.",
	.advice =
		"Nothing needs to be done. For smaller captures and true times "
		"name one interface (tcpdump -i eth0, not any), or drop copies "
		"with `editcap -d`.",
	.specs = IMS_SPECS("RFC 791 3.1", "RFC 3261 17.1.1.2"),
	.facts = IMS_FACT_KEYS(
		{"copies", IMS_FACT_INTEGER, "packets that were left out"},
		{"most", IMS_FACT_INTEGER,
		 "how often the one seen most often was"},
		{"of_other_captures", IMS_FACT_INTEGER,
		 "copies in another capture than the packet's"},
		{"original", IMS_FACT_FRAME, "an example: where it came first"},
		{"copy", IMS_FACT_FRAME, "and where again"}),
	.check = check_duplicates,
};

static const char *tls_name(enum ims_transport transport)
{
	return transport == IMS_TRANSPORT_TCP ? "TLS" : "DTLS";
}

static void tell_encrypted(struct ims_check *check,
			   const struct ims_observed_tls *tls, unsigned n_more)
{
	struct ims_party server = ims_party_at(check, &tls->server);
	struct ims_draft *draft = ims_fire(check);
	char who[IMS_PARTY_TEXT];
	char at[IMS_ENDPOINT_TEXT];
	char more[64] = "";

	ims_party_format(who, &server);
	if (n_more)
		g_snprintf(more, sizeof(more), "; %u more servers are alike",
			   n_more);
	ims_draft_summary(
		draft,
		"What %s says on port %u is under %s and was not read "
		"(%s%u client%s)%s",
		who, tls->server.port, tls_name(tls->transport),
		tls->more_clients ? "more than " : "", tls->n_clients,
		plural(tls->n_clients), more);
	ims_draft_sighting(draft, &tls->first, "%s, unread",
			   tls_name(tls->transport));
	ims_draft_sighting(draft, &tls->last, "%s still",
			   tls_name(tls->transport));
	ims_draft_text(draft, "server", ims_endpoint_format(at, &tls->server));
	ims_draft_text(draft, "protocol", tls_name(tls->transport));
	ims_draft_integer(draft, "clients", tls->n_clients);
	if (n_more)
		ims_draft_integer(draft, "further_servers", n_more);
}

static void check_encrypted(struct ims_check *check)
{
	const struct ims_observed_tls *tls;
	unsigned n;

	if (check->attempt)
		return;
	tls = ims_observed_tls(check->observation, &n);
	for (unsigned i = 0; i < MIN(n, FINDINGS_MAX); i++)
		tell_encrypted(check, &tls[i],
			       i + 1 == FINDINGS_MAX ? n - FINDINGS_MAX : 0);
}

static const struct ims_rule signalling_encrypted = {
	.slug = "signalling_encrypted",
	.family = FAMILY,
	.severity = IMS_SEVERITY_NOTE,
	.scope = IMS_SCOPE_CAPTURE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "Signalling is under TLS and was not read",
	.explain =
		"On a port of SIP or Diameter TLS or DTLS is spoken. What is "
		"said there is not known: registrations that go that way are "
		"missing, or lack that leg.",
	.recognised =
		"Records of TLS or DTLS on ports 5060, 5061, 3868 or 5658, one "
		"finding a server. Not what Wireshark decrypted with keys that "
		"it was given: that is read like any other message. ESP "
		"between a UE and its P-CSCF is none of this.",
	.advice =
		"Give Wireshark the session keys (SSLKEYLOGFILE of the node, "
		"preference TLS: (Pre)-Master-Secret log) and use the plugin; "
		"or capture behind the node that ends TLS; or in a laboratory "
		"use UDP or TCP for that leg.",
	.specs = IMS_SPECS("RFC 3261 26.2.1", "RFC 6733 2.1", "RFC 8446 5.1"),
	.facts = IMS_FACT_KEYS(
		{"server", IMS_FACT_STRING, "address and port"},
		{"protocol", IMS_FACT_STRING, "TLS or DTLS"},
		{"clients", IMS_FACT_INTEGER, "addresses that speak to it"},
		{"further_servers", IMS_FACT_INTEGER,
		 "servers alike that have no finding of their own"}),
	.check = check_encrypted,
};

static const struct ims_rule *const rules[] = {
	&capture_one_way,
	&capture_gap,
	&capture_duplicates,
	&signalling_encrypted,
};

const struct ims_rule_list ims_rules_capture = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
