// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 420 (Bad Extension): which option-tag was refused, who had put it in, and
 * which node should have taken it out. It is known by its code alone: the
 * phrase is whatever the refusing node likes.
 */
#include "family.h"
#include "refusal.h"

/* Tried with Debian 12's Kamailio 5.6.3, for the tag in every place. */
#define KAMAILIO_ROUTE                                         \
	"route[SEC_AGREE] { "                                  \
	"exclude_hf_value(\"Require\", \"sec-agree\"); "       \
	"exclude_hf_value(\"Proxy-Require\", \"sec-agree\"); " \
	"remove_hf(\"Security-Client\"); "                     \
	"remove_hf(\"Security-Verify\"); }"

#define TAKE_OUT                                                            \
	"take sec-agree out of Require and Proxy-Require of requests from " \
	"a UE, of those within a dialog too, and drop Security-Client and " \
	"Security-Verify. Kamailio: load textops.so and textopsx.so, "      \
	"add " KAMAILIO_ROUTE " and call route(SEC_AGREE); ahead of "       \
	"t_relay() where requests within a dialog are routed "              \
	"(route[WITHINDLG]; in the IMS examples route[MO_indialog]), as "   \
	"where initial requests and REGISTER are. It stands in for any "    \
	"regular expression that does so now: [, ]*sec-agree leaves a "     \
	"comma where the tag was the first. "

#define LEAVE_BE                                                            \
	"Change nothing on the node that refused: it is right (RFC 3261 "   \
	"8.2.2.3), and none behind the P-CSCF can keep an agreement that "  \
	"it is no party to. FreeSWITCH has no setting for it (sofia-sip "   \
	"refuses what is not in its Supported), and an application server " \
	"told to support sec-agree only hides the leak. Until the P-CSCF "  \
	"is mended, the same route on the S-CSCF, ahead of relaying, lets " \
	"calls go on."

#define NEIGHBOUR                                                             \
	"%s itself has no security agreement. If UEs are to have one, let "   \
	"it make it (Kamailio: ims_ipsec_pcscf, ipsec_create() when the 401 " \
	"passes); a Kamailio whose sanity_check() refuses the tag in "        \
	"Proxy-Require needs modparam(\"sanity\", \"proxy_require\", "        \
	"\"sec-agree\"). If not, switch IPsec for IMS off in the UE's "       \
	"profile: a UE may go on without (RFC 3261 8.1.3.5)."

static const struct ims_fact_key refusal_keys[] = {
	{"method", IMS_FACT_STRING, "method of the refused request"},
	{"in_dialog", IMS_FACT_BOOLEAN, "it was made within a dialog"},
	{"option_tag", IMS_FACT_STRING, "the option-tag refused"},
	{"option_tags", IMS_FACT_STRINGS, "all that are or can be meant"},
	{"named", IMS_FACT_BOOLEAN, "the 420 names them in Unsupported"},
	{"headers", IMS_FACT_STRINGS, "where it stood: Require, Proxy-Require"},
	{"inserted_by", IMS_FACT_STRING, "who put it into the request"},
	{"inserted_frame", IMS_FACT_FRAME, "first leg that has it"},
	{"should_remove", IMS_FACT_STRING, "who should have taken it out"},
	{"let_through_frame", IMS_FACT_FRAME, "next leg that still has it"},
	{"stripped_in_initial", IMS_FACT_BOOLEAN,
	 "that node took it out of the request that began the dialog"},
	{"initial_frame", IMS_FACT_FRAME, "which shows that"},
	{"refused_by", IMS_FACT_STRING, "who answered 420"},
	{"refused_frame", IMS_FACT_FRAME, "the 420"},
	{"server", IMS_FACT_STRING, "Server or User-Agent of the 420"},
	{"retried_frame", IMS_FACT_FRAME, "the same request without the tag"},
	{"accepted_frame", IMS_FACT_FRAME, "its 2xx"},
	{NULL, IMS_FACT_STRING, NULL},
};

/* What is said of one 420, gathered before it is said. */
struct verdict {
	struct ims_refusal refusal;
	/* Who should have taken it out; NULL: not captured, or nobody. */
	const struct ims_party *remover;
	/* The leg behind the remover of the request that began the dialog,
	   which had the tag before; NULL: not captured. */
	const struct ims_hop *initial;
	bool was_stripped; /* there */
	/* The same request, made again without the tag, and accepted. */
	const struct ims_journey *retried;
	char refuser[IMS_REFUSER_TEXT];
};

/* A request of a UE, not of an application server that copied the tag. */
static bool is_from_ue(const struct ims_hop *hop)
{
	return hop->depth == 1 && (hop->from.role == IMS_ROLE_UE ||
				   hop->from.role == IMS_ROLE_UNKNOWN);
}

/* The UE's neighbour refused what is meant for it. */
static bool neighbour_refused(const struct ims_refusal *refusal)
{
	return refusal->carrier && refusal->carrier == refusal->at &&
	       refusal->is_maker && is_from_ue(refusal->carrier);
}

/* RFC 3329 2.3.1: it is the UE's next hop that takes the tag out; a node that
   is no UE has no agreement to ask for. */
static const struct ims_party *find_remover(const struct ims_refusal *refusal)
{
	const struct ims_hop *carrier = refusal->carrier;
	const struct ims_hop *passed_on = refusal->passed_on;

	if (!carrier || neighbour_refused(refusal))
		return NULL;
	if (is_from_ue(carrier))
		return passed_on && passed_on->above == carrier
			       ? &passed_on->from
			       : &carrier->to;
	if (refusal->is_put_in || carrier->from.role == IMS_ROLE_P_CSCF)
		return &carrier->from;
	return NULL;
}

/* The first leg of a sibling by the same sender; NULL: it is another's. */
static const struct ims_hop *like_carrier(const struct ims_refusal *refusal,
					  const struct ims_journey *sibling)
{
	const struct ims_hop *first = ims_journey_first(sibling);

	if (!first || !first->request ||
	    !ims_address_equal(&first->from.endpoint.address,
			       &refusal->carrier->from.endpoint.address))
		return NULL;
	return first;
}

static void find_initial(struct verdict *verdict, const struct ims_check *check)
{
	const struct ims_refusal *refusal = &verdict->refusal;
	unsigned n;
	struct ims_journey *const *journeys = ims_siblings(check, &n);

	if (!refusal->journey->in_dialog || !is_from_ue(refusal->carrier))
		return;
	for (unsigned i = 0; i < n && !verdict->initial; i++) {
		const struct ims_journey *j = journeys[i];
		const struct ims_hop *first = like_carrier(refusal, j);
		const struct ims_hop *next;

		if (j->in_dialog || !first ||
		    j->first_ns >= refusal->journey->first_ns ||
		    !ims_requires(first->request, refusal->tags[0]))
			continue;
		next = ims_hop_next(j, first);
		if (next && next->request)
			verdict->initial = next;
	}
	verdict->was_stripped =
		verdict->initial &&
		!ims_requires(verdict->initial->request, refusal->tags[0]);
}

static void find_retried(struct verdict *verdict, const struct ims_check *check)
{
	const struct ims_refusal *refusal = &verdict->refusal;
	unsigned n;
	struct ims_journey *const *journeys = ims_siblings(check, &n);

	for (unsigned i = 0; i < n && !verdict->retried; i++) {
		const struct ims_journey *j = journeys[i];
		const struct ims_hop *first = like_carrier(refusal, j);
		const struct ims_facts *final = ims_journey_final(j, NULL);

		if (first && final && final->sip->status / 100 == 2 &&
		    j->first_ns > refusal->journey->first_ns &&
		    ims_slice_equal(j->method_text,
				    refusal->journey->method_text) &&
		    !ims_requires(first->request, refusal->tags[0]))
			verdict->retried = j;
	}
}

static void read_verdict(struct verdict *verdict, const struct ims_check *check)
{
	const struct ims_refusal *refusal = &verdict->refusal;

	ims_refuser_format(verdict->refuser, refusal);
	if (!refusal->carrier)
		return;
	find_initial(verdict, check);
	find_retried(verdict, check);
}

/* "Require and Proxy-Require: sec-agree" of the request on the carrier. */
static void append_demand(GString *text, const struct ims_refusal *refusal)
{
	const struct ims_sip_facts *sip = refusal->carrier->request->sip;
	bool plain = ims_options_name(&sip->require, refusal->tags[0]);
	bool proxy = ims_options_name(&sip->proxy_require, refusal->tags[0]);

	g_string_append_printf(text, "%s%s%s: %.*s", plain ? "Require" : "",
			       plain && proxy ? " and " : "",
			       proxy ? "Proxy-Require" : "",
			       IMS_SLICE_ARG(ims_shown(refusal->tags[0])));
}

static void append_request(GString *text, const struct ims_refusal *refusal)
{
	const struct ims_sip_facts *sip =
		ims_sip(ims_journey_request(refusal->journey));

	g_string_append_printf(
		text, "%.*s",
		IMS_SLICE_ARG(ims_shown(ims_request_name(refusal->journey))));
	if (!sip)
		sip = refusal->answer->sip;
	g_string_append_printf(text, " of %.*s to %.*s",
			       IMS_SLICE_ARG(ims_shown(sip->from.uri)),
			       IMS_SLICE_ARG(ims_shown(sip->to.uri)));
}

static void append_way(GString *text, const struct verdict *verdict)
{
	const struct ims_refusal *refusal = &verdict->refusal;
	const struct ims_hop *carrier = refusal->carrier;
	char party[IMS_PARTY_TEXT];

	if (!carrier) {
		g_string_append(text, ", which the capture does not show");
		return;
	}
	ims_party_format(party, &carrier->from);
	g_string_append_printf(text,
			       refusal->is_put_in
				       ? ", which %s put in"
				       : ", which came from %s; the legs "
					 "before are not captured",
			       party);
	if (verdict->remover && verdict->remover != &carrier->from)
		g_string_append_printf(
			text,
			refusal->passed_on ? " and %s did not take out"
					   : " and %s should take out",
			ims_party_format(party, verdict->remover));
	if (verdict->was_stripped)
		g_string_append(text, "; it did take it out of the request "
				      "that began the dialog");
	if (verdict->retried)
		g_string_append(text, "; the same request without it was "
				      "accepted");
}

static void tell_summary(struct ims_draft *draft, const struct verdict *verdict)
{
	const struct ims_refusal *refusal = &verdict->refusal;
	GString *text = g_string_new(verdict->refuser);

	g_string_append(text, " refused the ");
	append_request(text, refusal);
	if (refusal->n_tags) {
		g_string_append(text, refusal->is_named ? " for "
							: ", most likely for ");
		ims_refusal_append_tags(text, refusal);
		append_way(text, verdict);
	} else {
		g_string_append(text, "; it names no extension, and the "
				      "request is not seen to require any");
	}
	ims_draft_summary(draft, "%s", text->str);
	g_string_free(text, TRUE);
}

static void tell_evidence(struct ims_draft *draft,
			  const struct verdict *verdict)
{
	const struct ims_refusal *refusal = &verdict->refusal;
	const struct ims_hop *carrier = refusal->carrier;
	GString *demand = g_string_new(NULL);
	GString *tags = g_string_new(NULL);
	char party[IMS_PARTY_TEXT];

	if (carrier) {
		append_demand(demand, refusal);
		ims_draft_evidence(draft, carrier->request, "%s: %.*s, %s",
				   ims_party_format(party, &carrier->from),
				   IMS_SLICE_ARG(ims_shown(
					   ims_request_name(refusal->journey))),
				   demand->str);
	}
	if (refusal->passed_on)
		ims_draft_evidence(
			draft, refusal->passed_on->request,
			verdict->remover ? "%s lets it through"
					 : "%s passes it on",
			ims_party_format(party, &refusal->passed_on->from));
	if (verdict->initial)
		ims_draft_evidence(
			draft, verdict->initial->request,
			"%s %s the request that began the dialog",
			ims_party_format(party, &verdict->initial->from),
			verdict->was_stripped ? "took it out of"
					      : "let it through in");
	ims_refusal_append_tags(tags, refusal);
	if (refusal->answer->sip->unsupported.n)
		ims_draft_evidence(draft, refusal->answer,
				   "%s: 420, Unsupported: %s", verdict->refuser,
				   tags->str);
	else
		ims_draft_evidence(draft, refusal->answer,
				   "%s: 420 without Unsupported",
				   verdict->refuser);
	g_string_free(demand, TRUE);
	g_string_free(tags, TRUE);
}

static void tell_way(struct ims_draft *draft, const struct verdict *verdict)
{
	const struct ims_refusal *refusal = &verdict->refusal;
	const struct ims_facts *request = refusal->carrier->request;
	struct ims_slice names[2];
	size_t n = 0;
	char party[IMS_PARTY_TEXT];

	if (ims_options_name(&request->sip->require, refusal->tags[0]))
		names[n++] = ims_slice_of("Require");
	if (ims_options_name(&request->sip->proxy_require, refusal->tags[0]))
		names[n++] = ims_slice_of("Proxy-Require");
	ims_draft_strings(draft, "headers", names, n);
	if (refusal->is_put_in)
		ims_draft_text(
			draft, "inserted_by",
			ims_party_format(party, &refusal->carrier->from));
	ims_draft_frame(draft, "inserted_frame", request);
	if (verdict->remover)
		ims_draft_text(draft, "should_remove",
			       ims_party_format(party, verdict->remover));
	if (refusal->passed_on)
		ims_draft_frame(draft, "let_through_frame",
				refusal->passed_on->request);
	if (verdict->initial) {
		ims_draft_boolean(draft, "stripped_in_initial",
				  verdict->was_stripped);
		ims_draft_frame(draft, "initial_frame",
				verdict->initial->request);
	}
}

static void tell_facts(struct ims_draft *draft, const struct verdict *verdict)
{
	const struct ims_refusal *refusal = &verdict->refusal;
	const struct ims_journey *retried = verdict->retried;
	const struct ims_facts *accepted;

	ims_draft_string(draft, "method", refusal->journey->method_text);
	ims_draft_boolean(draft, "in_dialog", refusal->journey->in_dialog);
	if (refusal->n_tags) {
		ims_draft_string(draft, "option_tag", refusal->tags[0]);
		ims_draft_strings(draft, "option_tags", refusal->tags,
				  refusal->n_tags);
	}
	ims_draft_boolean(draft, "named", refusal->is_named);
	if (refusal->carrier)
		tell_way(draft, verdict);
	ims_draft_text(draft, "refused_by", verdict->refuser);
	ims_draft_frame(draft, "refused_frame", refusal->answer);
	ims_draft_string(draft, "server", refusal->answer->sip->server);
	if (retried) {
		ims_draft_frame(draft, "retried_frame",
				ims_journey_request(retried));
		accepted = ims_journey_final(retried, NULL);
		ims_draft_frame(draft, "accepted_frame",
				ims_journey_maker(retried, accepted)->final);
	}
}

/* An attempt that came right did not fail by it; and what is not its last
   word does not explain how it ended. */
static void weigh(struct ims_draft *draft, const struct ims_check *check,
		  const struct ims_refusal *refusal)
{
	const struct ims_attempt *attempt = check->attempt;

	if (!refusal->is_named || !refusal->is_maker || !refusal->is_put_in)
		ims_draft_likely(draft);
	if (!attempt)
		return;
	if (ims_attempt_succeeded(attempt))
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	if (ims_attempt_last(attempt) != refusal->journey)
		ims_draft_no_cause(draft);
}

/* "alice", or the whole URI where it has no user part. */
static struct ims_slice short_name(const struct ims_sip_address *address)
{
	return ims_shown(ims_slice_is_empty(address->user) ? address->uri
							   : address->user);
}

/* "mmtel@conf-factory": without the home domain that all share. */
static struct ims_slice short_target(const struct ims_sip_address *address)
{
	struct ims_slice uri = address->uri;
	size_t scheme = address->scheme.len;
	size_t domain = ims_slice_find_nocase(uri, ".ims.mnc");

	if (domain == uri.len || scheme == 0 || scheme + 1 >= domain)
		return ims_shown(uri);
	return ims_slice(uri.at + scheme + 1, domain - scheme - 1);
}

static void tell_headline(struct ims_draft *draft,
			  const struct verdict *verdict)
{
	const struct ims_refusal *refusal = &verdict->refusal;
	const struct ims_sip_facts *answer = refusal->answer->sip;

	ims_draft_headline(
		draft, "420 %.*s: %.*s of %.*s to %.*s%s",
		IMS_SLICE_ARG(ims_shown(answer->reason_phrase)),
		IMS_SLICE_ARG(ims_shown(ims_request_name(refusal->journey))),
		IMS_SLICE_ARG(short_name(&answer->from)),
		IMS_SLICE_ARG(short_target(&answer->to)),
		verdict->retried ? "; without the tag it was accepted" : "");
}

static struct ims_draft *tell(struct ims_check *check, struct verdict *verdict)
{
	struct ims_draft *draft = ims_fire(check);

	read_verdict(verdict, check);
	tell_headline(draft, verdict);
	tell_summary(draft, verdict);
	tell_evidence(draft, verdict);
	tell_facts(draft, verdict);
	weigh(draft, check, &verdict->refusal);
	return draft;
}

static bool is_sec_agree(const struct ims_refusal *refusal)
{
	return refusal->n_tags &&
	       ims_slice_is_nocase(refusal->tags[0], IMS_SEC_AGREE);
}

static void check_sip_420_sec_agree(struct ims_check *check)
{
	struct verdict verdict = {0};
	const struct ims_refusal *refusal = &verdict.refusal;
	struct ims_draft *draft;
	char party[IMS_PARTY_TEXT];

	if (!ims_refusal_read(&verdict.refusal, check) ||
	    !is_sec_agree(refusal))
		return;
	verdict.remover = find_remover(refusal);
	draft = tell(check, &verdict);
	if (neighbour_refused(refusal)) {
		ims_draft_advice(draft, NEIGHBOUR, verdict.refuser);
	} else if (verdict.remover && !is_from_ue(refusal->carrier) &&
		   refusal->is_put_in) {
		ims_draft_advice(draft,
				 "%s is no UE and has no agreement to ask "
				 "for: it must not put sec-agree into what it "
				 "sends, nor copy it from one call leg to the "
				 "other.",
				 ims_party_format(party, verdict.remover));
	} else if (verdict.remover && refusal->passed_on) {
		ims_draft_advice(draft, "On %s " TAKE_OUT LEAVE_BE,
				 ims_party_format(party, verdict.remover));
	} else if (verdict.remover) {
		ims_party_format(party, verdict.remover);
		ims_draft_advice(draft,
				 "If a node behind it refused: on %s " TAKE_OUT
				 "If not: " NEIGHBOUR,
				 party, party);
		ims_draft_likely(draft);
	}
}

static const struct ims_rule sip_420_sec_agree = {
	.slug = "sip_420_sec_agree",
	.family = "Extensions",
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REQUEST,
	.origin = IMS_ORIGIN_EXTENSION,
	.title = "A request was refused because sec-agree went too far",
	.explain = "sec-agree in Require and Proxy-Require stands for the "
		   "security agreement between a UE and its P-CSCF, and for "
		   "nobody else. The P-CSCF has to take it out of what it "
		   "forwards. Where it does not, the first node that takes "
		   "Require at its word, mostly an application server, answers "
		   "420 (Bad Extension). Often it is taken out of initial "
		   "requests only: the call is set up, and then hold, session "
		   "refresh or BYE fails.",
	.recognised =
		"A final response 420 whose Unsupported names sec-agree; or "
		"without Unsupported, where the refused request required it. "
		"The legs of the request show who put it in and which node "
		"let it through. The phrase of the 420 does not matter. One "
		"finding for each refused request, however often it was "
		"sent and on however many legs the 420 came back.",
	.advice = "On the P-CSCF " TAKE_OUT LEAVE_BE,
	.specs = IMS_SPECS("RFC 3329 2.3.1", "RFC 3261 8.2.2.3",
			   "RFC 3261 16.3", "RFC 3261 21.4.15"),
	.facts = refusal_keys,
	.needs = IMS_SIGN_REFUSAL,
	.check = check_sip_420_sec_agree,
};

/* Without the tag its header fields make some P-CSCFs refuse. */
static bool lacks_tag(const struct ims_refusal *refusal)
{
	const struct ims_sip_facts *sip =
		ims_sip(ims_journey_request(refusal->journey));

	return sip && !refusal->n_tags &&
	       (sip->security_client.present || sip->security_verify.present);
}

static void check_sip_bad_extension(struct ims_check *check)
{
	struct verdict verdict = {0};
	const struct ims_refusal *refusal = &verdict.refusal;
	struct ims_draft *draft;

	if (!ims_refusal_read(&verdict.refusal, check) || is_sec_agree(refusal))
		return;
	draft = tell(check, &verdict);
	if (lacks_tag(refusal))
		ims_draft_advice(
			draft,
			"The request has Security-Client or Security-Verify "
			"without the option-tag sec-agree: let the UE put it "
			"into Require and Proxy-Require, which RFC 3329 2.3.1 "
			"asks for.");
}

static const struct ims_rule sip_bad_extension = {
	.slug = "sip_bad_extension",
	.family = "Extensions",
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REQUEST,
	.origin = IMS_ORIGIN_EXTENSION,
	.title = "A request was refused for an extension it requires",
	.explain =
		"Require says what the final server must understand, "
		"Proxy-Require what every proxy on the way must. A node that "
		"does not know an option-tag there answers 420 (Bad "
		"Extension) and names it in Unsupported. Support may be "
		"missing there, or the request came to a node that it was "
		"not meant for: a REGISTER refused for path has left the "
		"IMS.",
	.recognised =
		"A final response 420, by its code, for anything but "
		"sec-agree, which has a rule of its own. The tags are those "
		"of Unsupported; without it, all that the request required.",
	.advice = "Look whether the node that answered 420 should support the "
		  "extension (switch it on there), and whether the request "
		  "should have come to that node at all. Else let the one "
		  "that put the option-tag in name it in Supported and not "
		  "require it; a client may try again without it (RFC 3261 "
		  "8.1.3.5).",
	.specs = IMS_SPECS("RFC 3261 8.2.2.3", "RFC 3261 8.1.3.5",
			   "RFC 3261 16.3", "RFC 3261 21.4.15"),
	.facts = refusal_keys,
	.needs = IMS_SIGN_REFUSAL,
	.check = check_sip_bad_extension,
};

static const struct ims_rule *const rules[] = {
	&sip_420_sec_agree,
	&sip_bad_extension,
};

const struct ims_rule_list ims_rules_bad_extension = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
