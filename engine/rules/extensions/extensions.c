// SPDX-License-Identifier: GPL-2.0-or-later
/* Option-tags (RFC 3261 19.2) where they are missing, wrong or misplaced. */
#include "family.h"
#include "refusal.h"

static const struct ims_fact_key unsupported_missing_keys[] = {
	{"method", IMS_FACT_STRING, "method of the refused request"},
	{"required", IMS_FACT_STRINGS, "option-tags that can be meant"},
	{"refused_by", IMS_FACT_STRING, "who answered 420"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void check_sip_unsupported_missing(struct ims_check *check)
{
	struct ims_refusal refusal;
	char refuser[IMS_REFUSER_TEXT];
	GString *tags;
	struct ims_draft *draft;

	if (!ims_refusal_read(&refusal, check) || refusal.answer->cut ||
	    refusal.answer->sip->unsupported.n)
		return;
	ims_refuser_format(refuser, &refusal);
	tags = g_string_new(NULL);
	ims_refusal_append_tags(tags, &refusal);
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "%s answered 420 without saying in Unsupported what "
			  "it does not know; the request requires %s",
			  refuser, tags->len ? tags->str : "nothing");
	ims_draft_evidence(draft, refusal.at->request, "requires %s",
			   tags->len ? tags->str : "nothing");
	ims_draft_evidence(draft, refusal.answer, "%s: 420 without Unsupported",
			   refuser);
	ims_draft_string(draft, "method", refusal.journey->method_text);
	ims_draft_strings(draft, "required", refusal.tags, refusal.n_tags);
	ims_draft_text(draft, "refused_by", refuser);
	g_string_free(tags, TRUE);
}

static const struct ims_rule sip_unsupported_missing = {
	.slug = "sip_unsupported_missing",
	.family = "Extensions",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REQUEST,
	.title = "A 420 does not say which extension it refuses",
	.explain = "A 420 must name in Unsupported what it does not support. "
		   "Without that the client cannot leave it out and try again.",
	.recognised =
		"A final response 420, captured whole, without Unsupported "
		"on the leg nearest to the node that made it. The tags that "
		"can be meant are those that the request requires there.",
	.advice = "Have the node that answers 420 add Unsupported. Until then "
		  "look at Warning and at what the request requires.",
	.specs = IMS_SPECS("RFC 3261 8.2.2.3", "RFC 3261 21.4.15"),
	.facts = unsupported_missing_keys,
	.needs = IMS_SIGN_REFUSAL,
	.check = check_sip_unsupported_missing,
};

static const struct ims_fact_key not_required_keys[] = {
	{"method", IMS_FACT_STRING, "method of the refused request"},
	{"option_tags", IMS_FACT_STRINGS, "refused and not required"},
	{"refused_by", IMS_FACT_STRING, "who answered 420"},
	{NULL, IMS_FACT_STRING, NULL},
};

/* The request as the node that refused it saw it, whole. */
static bool is_judgeable(const struct ims_refusal *refusal)
{
	const struct ims_facts *request = refusal->at->request;

	return request && !request->cut && refusal->is_maker &&
	       !(request->sip->flaws & IMS_SIP_FLAW_LISTS_CUT);
}

static void check_sip_unsupported_not_required(struct ims_check *check)
{
	struct ims_refusal refusal;
	char refuser[IMS_REFUSER_TEXT];
	const struct ims_sip_options *unsupported;
	struct ims_slice odd[IMS_REFUSED_TAGS];
	size_t n = 0;
	struct ims_draft *draft;

	if (!ims_refusal_read(&refusal, check) || !is_judgeable(&refusal))
		return;
	unsupported = &refusal.answer->sip->unsupported;
	for (size_t i = 0; i < unsupported->n && n < IMS_REFUSED_TAGS; i++)
		if (!ims_requires(refusal.at->request, unsupported->at[i]))
			odd[n++] = unsupported->at[i];
	if (!n)
		return;
	ims_refuser_format(refuser, &refusal);
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "%s answered 420 and named %.*s, which the request "
			  "does not require",
			  refuser, IMS_SLICE_ARG(ims_shown(odd[0])));
	ims_draft_evidence(draft, refusal.at->request,
			   "no %.*s in Require or Proxy-Require",
			   IMS_SLICE_ARG(ims_shown(odd[0])));
	ims_draft_evidence(draft, refusal.answer, "Unsupported: %.*s",
			   IMS_SLICE_ARG(ims_shown(odd[0])));
	ims_draft_string(draft, "method", refusal.journey->method_text);
	ims_draft_strings(draft, "option_tags", odd, n);
	ims_draft_text(draft, "refused_by", refuser);
}

static const struct ims_rule sip_unsupported_not_required = {
	.slug = "sip_unsupported_not_required",
	.family = "Extensions",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REQUEST,
	.title = "A 420 refuses an extension that was not required",
	.explain = "Only what stands in Require or Proxy-Require may be "
		   "refused with 420. What the client lists in Supported is "
		   "an offer, to be passed over by who does not know it.",
	.recognised =
		"Unsupported of a 420 names an option-tag that is neither in "
		"Require nor in Proxy-Require of the request on the leg to "
		"the node that answered. Not where that leg was not "
		"captured, or the 420 may come from a node behind it.",
	.advice = "Look at the node that answered 420: it takes Supported, or "
		  "a header field that it does not know, for a demand.",
	.specs = IMS_SPECS("RFC 3261 8.2.2.3", "RFC 3261 20.40"),
	.facts = not_required_keys,
	.needs = IMS_SIGN_REFUSAL,
	.check = check_sip_unsupported_not_required,
};

static const struct ims_fact_key required_keys[] = {
	{"method", IMS_FACT_STRING, "method of the refused request"},
	{"required", IMS_FACT_STRINGS, "what the 421 asks for"},
	{"answered_by", IMS_FACT_STRING, "who answered 421"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void append_options(GString *text, const struct ims_sip_options *options)
{
	for (size_t i = 0; i < options->n; i++)
		g_string_append_printf(
			text, "%s%.*s", i ? ", " : "",
			IMS_SLICE_ARG(ims_shown(options->at[i])));
}

static void tell_extension_required(struct ims_check *check,
				    const struct ims_hop *maker)
{
	const struct ims_sip_options *wanted = &maker->final->sip->require;
	struct ims_draft *draft = ims_fire(check);
	GString *tags = g_string_new(NULL);
	char party[IMS_PARTY_TEXT];

	append_options(tags, wanted);
	ims_party_format(party, &maker->to);
	ims_draft_summary(draft, "%s answered %.*s with 421: it asks for %s",
			  party,
			  IMS_SLICE_ARG(ims_request_name(check->journey)),
			  tags->len ? tags->str : "an extension not named");
	ims_draft_evidence(draft, ims_journey_request(check->journey),
			   "the request does not offer %s",
			   tags->len ? tags->str : "what is asked for");
	ims_draft_evidence(draft, maker->final, "%s: 421, Require: %s", party,
			   tags->str);
	if (ims_options_have(wanted, IMS_SEC_AGREE))
		ims_draft_advice(
			draft,
			"%s wants a security agreement: let the UE send "
			"Security-Client, and sec-agree in Require and "
			"Proxy-Require (IPsec for IMS in its profile), or let "
			"the P-CSCF go on without one.",
			party);
	ims_draft_string(draft, "method", check->journey->method_text);
	ims_draft_strings(draft, "required", wanted->at, wanted->n);
	ims_draft_text(draft, "answered_by", party);
	if (ims_attempt_succeeded(check->attempt))
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	if (check->attempt &&
	    ims_attempt_last(check->attempt) != check->journey)
		ims_draft_no_cause(draft);
	g_string_free(tags, TRUE);
}

static void check_sip_extension_required(struct ims_check *check)
{
	const struct ims_facts *final = ims_journey_final(check->journey, NULL);

	if (final && final->sip->status == 421)
		tell_extension_required(
			check, ims_journey_maker(check->journey, final));
}

static const struct ims_rule sip_extension_required = {
	.slug = "sip_extension_required",
	.family = "Extensions",
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REQUEST,
	.origin = IMS_ORIGIN_EXTENSION,
	.title = "A node refuses requests without an extension that it needs",
	.explain = "421 (Extension Required): the server needs an extension "
		   "that the client did not list in Supported. Its Require "
		   "names it; with sec-agree it asks for a security "
		   "agreement.",
	.recognised = "A final response 421, by its code. The extensions are "
		      "those of its Require.",
	.advice = "Switch the extension on in the client, or do not insist on "
		  "it in the node that answered: RFC 3261 advises against "
		  "421 unless the service cannot be had otherwise.",
	.specs = IMS_SPECS("RFC 3261 21.4.16", "RFC 3329 2.3.2"),
	.facts = required_keys,
	.needs = IMS_SIGN_REFUSAL,
	.check = check_sip_extension_required,
};

static const struct ims_fact_key empty_keys[] = {
	{"header", IMS_FACT_STRING, "Require, Proxy-Require or Supported"},
	{"value", IMS_FACT_STRING, "as written"},
	{"first_seen_from", IMS_FACT_STRING, "sender on the first such leg"},
	{NULL, IMS_FACT_STRING, NULL},
};

/* An empty field is a list of none in Supported only (RFC 3261 25.1). */
static bool has_empty_element(const struct ims_sip_header *header)
{
	struct ims_slice value;
	bool wanting = true; /* an element has to come */

	if (header->id != IMS_SIP_HEADER_REQUIRE &&
	    header->id != IMS_SIP_HEADER_PROXY_REQUIRE &&
	    header->id != IMS_SIP_HEADER_SUPPORTED)
		return false;
	value = ims_slice_trim(ims_sip_header_value(header));
	if (value.len == 0)
		return header->id != IMS_SIP_HEADER_SUPPORTED;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		if (c == ',' && wanting)
			return true;
		if (c == ',')
			wanting = true;
		else if (c != ' ' && c != '\t')
			wanting = false;
	}
	return wanting;
}

static const struct ims_sip_header *empty_in(const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = ims_sip(facts);

	if (!sip ||
	    !(sip->require.empty_element || sip->proxy_require.empty_element ||
	      sip->supported.empty_element))
		return NULL;
	for (size_t i = 0; i < sip->n_headers; i++)
		if (has_empty_element(&sip->headers[i]))
			return &sip->headers[i];
	return NULL;
}

/* A message on its first leg: requests go down, responses come up. */
struct empty {
	const struct ims_facts *message;
	const struct ims_sip_header *header;
	const struct ims_party *sender;
};

static bool find_empty(struct empty *found, const struct ims_journey *journey)
{
	const struct ims_hop *hop;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		hop = journey->hops[i];
		found->message = hop->request;
		found->sender = &hop->from;
		found->header = empty_in(hop->request);
		if (found->header)
			return true;
	}
	for (unsigned i = journey->n_hops; i-- > 0;) {
		hop = journey->hops[i];
		found->message = hop->final;
		found->sender = &hop->to;
		found->header = empty_in(hop->final);
		if (found->header)
			return true;
	}
	return false;
}

static bool shows_empty(const struct ims_check *check,
			const struct ims_journey *journey)
{
	struct empty found;

	(void)check;
	return find_empty(&found, journey);
}

static void check_sip_option_tag_empty(struct ims_check *check)
{
	struct empty found;
	struct ims_draft *draft;
	char party[IMS_PARTY_TEXT];
	struct ims_slice value;
	const char *name;

	if (!find_empty(&found, check->journey) ||
	    !ims_is_first_to_show(check, shows_empty))
		return;
	name = ims_sip_header_name(found.header->id);
	value = ims_sip_header_value(found.header);
	ims_party_format(party, found.sender);
	draft = ims_fire(check);
	ims_draft_summary(draft, "%s sends %s with an empty element: \"%.*s\"",
			  party, name, IMS_SLICE_ARG(ims_shown(value)));
	ims_draft_evidence(draft, found.message, "%s: %s: %.*s", party, name,
			   IMS_SLICE_ARG(ims_shown(value)));
	ims_draft_text(draft, "header", name);
	ims_draft_string(draft, "value", value);
	ims_draft_text(draft, "first_seen_from", party);
}

static const struct ims_rule sip_option_tag_empty = {
	.slug = "sip_option_tag_empty",
	.family = "Extensions",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REQUEST,
	.needs = IMS_SIGN_EMPTY_OPTION,
	.title = "A list of option-tags has an empty element",
	.explain = "A comma too many in Require, Proxy-Require or Supported. A "
		   "strict parser rejects the message, or takes the nothing "
		   "before the comma for an extension that it does not know. "
		   "Mostly a proxy has cut a tag out of the list by a regular "
		   "expression and left its comma.",
	.recognised =
		"A comma at the start or the end of the list, or two with "
		"nothing between; or Require or Proxy-Require with no value "
		"at all. Supported may be empty. Told once for each call "
		"and each registration.",
	.advice = "On the node that first sends it take option-tags out by "
		  "list and not by pattern. Kamailio: "
		  "exclude_hf_value(\"Require\", \"sec-agree\"); of "
		  "textopsx, which also takes away a header field that is "
		  "left without value; the pattern [, ]*sec-agree leaves "
		  "the comma where the tag was the first.",
	.specs = IMS_SPECS("RFC 3261 25.1", "RFC 3261 20.32", "RFC 3261 20.29",
			   "RFC 3261 20.37"),
	.facts = empty_keys,
	.check = check_sip_option_tag_empty,
};

static const struct ims_fact_key misplaced_keys[] = {
	{"method", IMS_FACT_STRING, "CANCEL or ACK"},
	{"option_tags", IMS_FACT_STRINGS, "what it requires"},
	{"sent_by", IMS_FACT_STRING, "who sent it, on the first such leg"},
	{NULL, IMS_FACT_STRING, NULL},
};

static struct ims_slice branch_of(const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = ims_sip(facts);

	return sip && sip->n_vias ? sip->vias[0].branch : ims_slice_of(NULL);
}

/* The INVITE with that branch, on that leg, was refused: RFC 3261 17.1.1.3
   gives the ACK to a 2xx a branch of its own. */
static bool acknowledges_refusal(const struct ims_check *check,
				 const struct ims_hop *ack)
{
	struct ims_slice branch = branch_of(ack->request);
	unsigned n;
	struct ims_journey *const *journeys = ims_siblings(check, &n);

	if (ims_slice_is_empty(branch))
		return false;
	for (unsigned i = 0; i < n; i++) {
		if (journeys[i]->method != IMS_SIP_METHOD_INVITE ||
		    journeys[i]->cseq != check->journey->cseq)
			continue;
		for (unsigned j = 0; j < journeys[i]->n_hops; j++) {
			const struct ims_facts *final =
				journeys[i]->hops[j]->final;

			if (final && final->sip->status >= 300 &&
			    ims_slice_equal(branch_of(final), branch))
				return true;
		}
	}
	return false;
}

static const struct ims_hop *find_misplaced(const struct ims_check *check)
{
	const struct ims_journey *journey = check->journey;

	if (journey->method != IMS_SIP_METHOD_CANCEL &&
	    journey->method != IMS_SIP_METHOD_ACK)
		return NULL;
	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];
		const struct ims_sip_facts *sip = ims_sip(hop->request);

		if (sip && (sip->require.n || sip->proxy_require.n) &&
		    (journey->method == IMS_SIP_METHOD_CANCEL ||
		     acknowledges_refusal(check, hop)))
			return hop;
	}
	return NULL;
}

static void check_sip_require_in_ack_or_cancel(struct ims_check *check)
{
	const struct ims_hop *hop = find_misplaced(check);
	const struct ims_sip_options *options;
	struct ims_draft *draft;
	GString *tags;
	char party[IMS_PARTY_TEXT];

	if (!hop || !ims_first_in_call(check))
		return;
	options = hop->request->sip->require.n
			  ? &hop->request->sip->require
			  : &hop->request->sip->proxy_require;
	tags = g_string_new(NULL);
	append_options(tags, options);
	ims_party_format(party, &hop->from);
	draft = ims_fire(check);
	ims_draft_summary(draft, "%s requires %s in %.*s%s", party, tags->str,
			  IMS_SLICE_ARG(check->journey->method_text),
			  check->journey->method == IMS_SIP_METHOD_ACK
				  ? " to a response of 300 and more"
				  : "");
	ims_draft_evidence(draft, hop->request, "%s: %.*s, requires %s", party,
			   IMS_SLICE_ARG(check->journey->method_text),
			   tags->str);
	ims_draft_string(draft, "method", check->journey->method_text);
	ims_draft_strings(draft, "option_tags", options->at, options->n);
	ims_draft_text(draft, "sent_by", party);
	g_string_free(tags, TRUE);
}

static const struct ims_rule sip_require_in_ack_or_cancel = {
	.slug = "sip_require_in_ack_or_cancel",
	.family = "Extensions",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REQUEST,
	.needs = IMS_SIGN_REQUIRES,
	.title = "CANCEL, or ACK to an error, requires an extension",
	.explain = "Neither CANCEL nor ACK to anything but a 2xx may have "
		   "Require or Proxy-Require: there is no way to refuse an "
		   "ACK, and a CANCEL that is refused cancels nothing.",
	.recognised = "Require or Proxy-Require with an option-tag in CANCEL, "
		      "or in an ACK whose branch is that of an INVITE which "
		      "was answered with 300 or more. ACK to a 2xx may have "
		      "them. Told once a call.",
	.advice = "Let the node that sends it leave them out. Of a UE with a "
		  "security agreement that is sec-agree in every request "
		  "but these two.",
	.specs = IMS_SPECS("RFC 3261 8.2.2.3", "RFC 3261 20.32",
			   "RFC 3261 17.1.1.3"),
	.facts = misplaced_keys,
	.check = check_sip_require_in_ack_or_cancel,
};

static const struct ims_rule *const rules[] = {
	&sip_unsupported_missing,      &sip_unsupported_not_required,
	&sip_extension_required,       &sip_option_tag_empty,
	&sip_require_in_ack_or_cancel,
};

const struct ims_rule_list ims_rules_extensions = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
