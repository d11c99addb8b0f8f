// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages that are not what SIP and Diameter say a message is. */
#include <inttypes.h>

#include "family.h"
#include "request.h"

#define FAMILY "Capture"

/* Our own bound was met: no fault of the message. */
#define SIP_FLAWS (~(uint32_t)IMS_SIP_FLAW_LISTS_CUT)

/* One more, which facts do not know: whether it has to stand depends on the
   transport (RFC 3261 20.14). */
#define NO_LENGTH (1u << 31)

static const struct {
	uint32_t flaw;
	const char *text;
} flaw_texts[] = {
	{IMS_SIP_FLAW_BAD_START, "a start line that is not whole"},
	{IMS_SIP_FLAW_NO_VIA, "no Via"},
	{IMS_SIP_FLAW_NO_FROM, "no From"},
	{IMS_SIP_FLAW_NO_TO, "no To"},
	{IMS_SIP_FLAW_NO_CALL_ID, "no Call-ID"},
	{IMS_SIP_FLAW_NO_CSEQ, "no CSeq"},
	{IMS_SIP_FLAW_BAD_CSEQ, "a CSeq without number or with another method"},
	{IMS_SIP_FLAW_BAD_HEADER, "a header line without name and colon"},
	{IMS_SIP_FLAW_TWO_LENGTHS, "two Content-Lengths that differ"},
	{IMS_SIP_FLAW_NO_END, "no empty line behind the header"},
	{NO_LENGTH, "no Content-Length on TCP"},
	{IMS_SIP_FLAW_BAD_LENGTH, "a false Content-Length"},
};

/* The first Content-Length; NULL: none. */
static const struct ims_sip_header *find_length(const struct ims_sip_facts *sip)
{
	for (size_t i = 0; i < sip->n_headers; i++)
		if (sip->headers[i].id == IMS_SIP_HEADER_CONTENT_LENGTH)
			return &sip->headers[i];
	return NULL;
}

/*
 * What is wrong with the message as its sender sent it. On a stream whose
 * beginning or middle is not captured, part of a body (message/sipfrag, RFC
 * 3420) can be taken for a message: such a thing has no Via.
 */
static uint32_t sip_flaws(const struct ims_facts *message)
{
	const struct ims_sip_facts *sip = ims_sip(message);
	uint32_t flaws;

	if (message->kind != IMS_EVENT_SIP || !sip || message->cut)
		return 0;
	flaws = sip->flaws & SIP_FLAWS;
	if (message->transport != IMS_TRANSPORT_TCP)
		return flaws;
	if (flaws & IMS_SIP_FLAW_NO_VIA)
		return 0;
	if (!find_length(sip) && !(sip->flaws & IMS_SIP_FLAW_LISTS_CUT))
		flaws |= NO_LENGTH;
	return flaws;
}

/* The leg that holds the message; NULL: none. */
static const struct ims_hop *hop_of(const struct ims_journey *journey,
				    const struct ims_facts *message)
{
	for (unsigned i = 0; journey && i < journey->n_hops; i++)
		for (unsigned k = 0; k < journey->hops[i]->n_messages; k++)
			if (journey->hops[i]->messages[k] == message)
				return journey->hops[i];
	return NULL;
}

/* Request or response to it, the same is wrong with both. */
static bool is_like(const struct ims_facts *a, const struct ims_facts *b)
{
	return sip_flaws(a) == sip_flaws(b) &&
	       a->sip->is_request == b->sip->is_request;
}

/*
 * Sent again, or sent on by a proxy, it is no news. A request comes from the
 * first leg, a response from the last.
 */
static bool is_told_in(const struct ims_journey *journey,
		       const struct ims_facts *message)
{
	bool forward = message->sip->is_request;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop =
			journey->hops[forward ? i : journey->n_hops - 1 - i];

		for (unsigned k = 0; k < hop->n_messages; k++) {
			if (hop->messages[k] == message)
				return false;
			if (is_like(hop->messages[k], message))
				return true;
		}
	}
	return false;
}

static bool is_new_in_attempt(const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	for (unsigned i = 0; attempt->journeys[i] != check->journey; i++)
		if (is_told_in(attempt->journeys[i], check->message))
			return false;
	return true;
}

/* One of its flaws was not yet told. */
static bool is_new_in_call(struct ims_check *check)
{
	uint32_t flaws = sip_flaws(check->message);
	bool is_new = false;

	for (size_t i = 0; i < G_N_ELEMENTS(flaw_texts); i++)
		if (flaws & flaw_texts[i].flaw)
			is_new |= ims_first_of_kind(check, &flaw_texts[i]);
	return is_new;
}

static bool is_news(struct ims_check *check)
{
	bool is_new;

	if (!check->journey)
		return ims_first_flaw_between(check, sip_flaws(check->message));
	is_new = !is_told_in(check->journey, check->message) &&
		 (check->attempt ? is_new_in_attempt(check)
				 : is_new_in_call(check));
	/* Sent again when its transaction is over, it belongs to nothing. */
	if (is_new)
		ims_first_flaw_between(check, sip_flaws(check->message));
	return is_new;
}

static void party_text(char out[IMS_PARTY_TEXT], const struct ims_hop *hop,
		       const struct ims_facts *message)
{
	struct ims_party party = {.endpoint = message->source};

	if (hop)
		party = message->sip->is_request ? hop->from : hop->to;
	ims_party_format(out, &party);
}

static void append_message(GString *text, const struct ims_sip_facts *sip)
{
	if (sip->is_request)
		g_string_append_printf(
			text, "%.*s",
			IMS_SLICE_ARG(ims_shown(sip->method_text)));
	else
		g_string_append_printf(text, "%u", sip->status);
	if (!sip->is_request && !ims_slice_is_empty(sip->method_text))
		g_string_append_printf(
			text, " to %.*s",
			IMS_SLICE_ARG(ims_shown(sip->method_text)));
}

static void append_flaws(GString *text, const struct ims_facts *message)
{
	const struct ims_sip_header *length = find_length(message->sip);
	uint32_t flaws = sip_flaws(message);
	const char *comma = "";

	for (size_t i = 0; i < G_N_ELEMENTS(flaw_texts); i++) {
		if (!(flaws & flaw_texts[i].flaw))
			continue;
		g_string_append_printf(text, "%s%s", comma, flaw_texts[i].text);
		comma = ", ";
	}
	if (flaws & IMS_SIP_FLAW_BAD_LENGTH && length)
		g_string_append_printf(
			text, " (\"%.*s\", and %zu bytes follow)",
			IMS_SLICE_ARG(ims_shown(ims_sip_header_value(length))),
			message->sip->body_length);
}

/* The node that answered 400, or never answered, had it before it. */
static bool explains(const struct ims_check *check, const struct ims_hop *hop)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_hop *maker;

	if (!attempt || !hop || !check->message->sip->is_request ||
	    check->journey != ims_attempt_last(attempt))
		return false;
	if (attempt->outcome == IMS_OUTCOME_UNANSWERED)
		return hop == ims_journey_first(check->journey);
	if (attempt->outcome != IMS_OUTCOME_REJECTED || attempt->status != 400)
		return false;
	maker = ims_journey_maker(check->journey, attempt->final);
	return maker && maker->request &&
	       is_like(maker->request, check->message);
}

static void tell_sip(struct ims_draft *draft, const struct ims_facts *message,
		     const struct ims_hop *hop)
{
	const struct ims_sip_facts *sip = message->sip;
	GString *what = g_string_new(NULL);
	GString *name = g_string_new(NULL);
	char by[IMS_PARTY_TEXT];

	append_flaws(what, message);
	append_message(name, sip);
	party_text(by, hop, message);
	ims_draft_summary(draft, "%s sent %s with %s", by, name->str,
			  what->str);
	ims_draft_evidence(draft, message, "%s: %s with %s", by, name->str,
			   what->str);
	ims_draft_text(draft, "message", name->str);
	ims_draft_text(draft, "flaws", what->str);
	ims_draft_text(draft, "sent_by", by);
	/* With our bound met, the first place may be that of the bound. */
	if (sip->flaw_offset >= 0 && !(sip->flaws & IMS_SIP_FLAW_LISTS_CUT))
		ims_draft_integer(draft, "offset", sip->flaw_offset);
	g_string_free(what, TRUE);
	g_string_free(name, TRUE);
}

static void check_sip_malformed(struct ims_check *check)
{
	const struct ims_facts *message = check->message;
	const struct ims_hop *hop;
	struct ims_draft *draft;

	if (!sip_flaws(message) || !is_news(check))
		return;
	hop = hop_of(check->journey, message);
	draft = ims_fire(check);
	tell_sip(draft, message, hop);
	if (!explains(check, hop)) {
		ims_draft_no_cause(draft);
	} else if (check->attempt->final) {
		ims_draft_evidence(draft, check->attempt->final,
				   "it was answered %u",
				   check->attempt->status);
	} else {
		ims_draft_likely(draft);
	}
}

static const struct ims_rule sip_malformed = {
	.slug = "sip_malformed",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_MESSAGE,
	.origin = IMS_ORIGIN_MALFORMED,
	.title = "A SIP message that is not well-formed",
	.explain = "Via, From, To, Call-ID and CSeq stand in every SIP "
		   "message; without them, or with a Content-Length that "
		   "promises more than there is, the receiver answers 400 or "
		   "drops the message without a word.",
	.recognised =
		"A message of which one of these is missing or empty; whose "
		"CSeq has no number or another method; whose Content-Length "
		"is no number, exceeds what a datagram holds, or stands "
		"twice and differs, or is missing on TCP; a line without a "
		"colon; no empty line at the end. A body that goes on behind "
		"Content-Length is legal in a datagram. Not what the capture "
		"cut; not a message without Via on TCP, which may be part of "
		"a body. The same fault is told once for each request and "
		"its copies, registration, or call, and of messages that "
		"belong to none (no Call-ID) once for each sender and "
		"receiver. The cause where that "
		"REGISTER was answered 400, or never.",
	.advice = "The offset counts from the start of the SIP message; the "
		  "sender named is the first on the way whose message is so. "
		  "Content-Length goes wrong where a script or a middlebox "
		  "edits the body and not the header: look at what each leg "
		  "shows, and turn off the SIP ALG of a router on the way.",
	.specs = IMS_SPECS("RFC 3261 8.1.1", "RFC 3261 18.3", "RFC 3261 20.14"),
	.facts = IMS_FACT_KEYS(
		{"message", IMS_FACT_STRING, "method, or status and method"},
		{"flaws", IMS_FACT_STRING, "what is wrong with it"},
		{"sent_by", IMS_FACT_STRING, "who sent it"},
		{"offset", IMS_FACT_INTEGER,
		 "where the first fault is, from the start of the message"}),
	.needs = IMS_SIGN_SIP_FLAW,
	.check = check_sip_malformed,
};

/* As its sender sent it: what the capture cut is no fault. */
static const struct ims_malformed_avp *malformed_avp(
	const struct ims_facts *message)
{
	const struct ims_diameter_facts *d = ims_diameter(message);

	if (!d || message->cut || d->flaws & IMS_DIAMETER_FLAW_CUT ||
	    !d->malformed_avp.present)
		return NULL;
	return &d->malformed_avp;
}

/* Agents hand it on as it is, and askers send it again. */
static bool is_told_by_copy(const struct ims_cx *cx,
			    const struct ims_facts *message)
{
	const struct ims_facts *const copies[] = {
		cx->request, cx->far_request, cx->redirect,
		cx->answer,  cx->far_answer,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(copies); i++) {
		if (copies[i] == message)
			return false;
		if (copies[i] && malformed_avp(copies[i]) &&
		    copies[i]->diameter->is_request ==
			    message->diameter->is_request)
			return true;
	}
	return false;
}

static void append_avp(GString *text, const struct ims_malformed_avp *avp)
{
	if (avp->name)
		g_string_append(text, avp->name);
	else if (avp->code)
		g_string_append_printf(text, "AVP %u", avp->code);
	else
		g_string_append(text, "what should be an AVP");
	if (!avp->name && avp->vendor)
		g_string_append_printf(text, " of vendor %u", avp->vendor);
	g_string_append_printf(text, " at offset %" PRId64, avp->offset);
}

static void append_command(GString *text, const struct ims_diameter_facts *d)
{
	const char *name = ims_command_name(d->command, d->is_request);

	if (name)
		g_string_append(text, name);
	else
		g_string_append_printf(text, "%s of command %u",
				       d->is_request ? "a request"
						     : "an answer",
				       d->command_code);
}

static void append_sender(GString *text, const struct ims_facts *message)
{
	struct ims_slice host = message->diameter->origin_host;
	char address[IMS_ENDPOINT_TEXT];

	ims_address_format(address, &message->source.address);
	g_string_append(text, address);
	if (!ims_slice_is_empty(host))
		g_string_append_printf(text, " (%.*s)",
				       IMS_SLICE_ARG(ims_shown(host)));
}

static void check_diameter_malformed(struct ims_check *check)
{
	const struct ims_facts *message = check->message;
	const struct ims_malformed_avp *avp = malformed_avp(message);
	GString *text;
	struct ims_draft *draft;

	if (!avp || (check->cx && is_told_by_copy(check->cx, message)))
		return;
	draft = ims_fire(check);
	text = g_string_new(NULL);
	append_sender(text, message);
	ims_draft_text(draft, "sent_by", text->str);
	g_string_append(text, " sent ");
	append_command(text, message->diameter);
	g_string_append(text, " in which ");
	append_avp(text, avp);
	g_string_append(text, avp->in_length
				      ? " has a length that does not fit"
				      : " has a value of the wrong size");
	ims_draft_summary(draft, "%s", text->str);
	ims_draft_evidence(draft, message, "%s", text->str);
	ims_draft_integer(draft, "offset", avp->offset);
	ims_draft_integer(draft, "avp_code", avp->code);
	ims_draft_integer(draft, "avp_vendor", avp->vendor);
	ims_draft_text(draft, "avp", avp->name);
	ims_draft_text(draft, "problem", avp->in_length ? "length" : "value");
	g_string_free(text, TRUE);
}

static const struct ims_rule diameter_malformed = {
	.slug = "diameter_malformed",
	.family = FAMILY,
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_MESSAGE,
	.title = "A Diameter message whose lengths do not add up",
	.explain = "An AVP is longer than what holds it or shorter than its "
		   "own header, or a number or an address has a value of "
		   "another size than its type. What stands behind the first "
		   "cannot be read; a receiver answers 5014 "
		   "(DIAMETER_INVALID_AVP_LENGTH), drops the message, or goes "
		   "on without what it could not read.",
	.recognised =
		"AVP-Length against the message's or the group's length, and "
		"the size of those Unsigned32, Enumerated and Address values "
		"that are read, of the first such AVP. Not inside Failed-AVP, "
		"which quotes what another had sent; not in a message that "
		"the capture cut. Through agents it is told once, on the "
		"asker's side.",
	.advice = "The offset counts from the start of the Diameter message. "
		  "It is a fault of the sender's code or dictionary (an AVP "
		  "with a vendor is 12 bytes and its value, padding not "
		  "counted): update it, and send its maintainers this packet.",
	.specs = IMS_SPECS("RFC 6733 4.1", "RFC 6733 7.1.5", "RFC 6733 7.5"),
	.facts = IMS_FACT_KEYS(
		{"sent_by", IMS_FACT_STRING, "address and Origin-Host"},
		{"offset", IMS_FACT_INTEGER, "of the AVP in the message"},
		{"avp_code", IMS_FACT_INTEGER, "AVP-Code; 0: not there"},
		{"avp_vendor", IMS_FACT_INTEGER, "Vendor-Id; 0: none"},
		{"avp", IMS_FACT_STRING, "its name, where known"},
		{"problem", IMS_FACT_STRING, "length, or value"}),
	.needs = IMS_SIGN_AVP_FLAW,
	.check = check_diameter_malformed,
};

static const struct ims_rule *const rules[] = {
	&sip_malformed,
	&diameter_malformed,
};

const struct ims_rule_list ims_rules_malformed = {rules, G_N_ELEMENTS(rules)};
