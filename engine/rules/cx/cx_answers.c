// SPDX-License-Identifier: GPL-2.0-or-later
/* What is wrong with an answer of Cx, or missing in it. */
#include <inttypes.h>

#include "cx_reading.h"
#include "family.h"

#define CX_RULE .family = "Cx", .scope = IMS_SCOPE_EXCHANGE

static void check_mislabelled_result(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const char *part = ims_cx_is_cx(cx) ? ims_cx_mislabelled(cx) : NULL;
	struct ims_draft *draft;
	GString *sentence;
	char result[IMS_CX_TEXT];

	if (!part)
		return;
	draft = ims_fire(check);
	sentence = ims_cx_begin(cx);
	g_string_append_printf(
		sentence,
		" with %s, which the request gives no ground for: %s, so the "
		"HSS means the base protocol's DIAMETER_MISSING_AVP or "
		"DIAMETER_INVALID_AVP_VALUE",
		ims_cx_result(result, cx), part);
	ims_cx_tell(draft, cx);
	ims_draft_integer(draft, "code", cx->about.result.code);
	ims_draft_text(draft, "name", cx->about.result.name);
	ims_draft_text(draft, "objection", part);
	ims_draft_likely(draft);
	ims_cx_finish(draft, sentence, ims_cx_explained(check));
}

static const struct ims_rule cx_mislabelled_result = {
	.slug = "cx_mislabelled_result",
	CX_RULE,
	.severity = IMS_SEVERITY_WARNING,
	.origin = IMS_ORIGIN_HSS,
	.title = "The HSS puts a base result into the wrong container",
	.explain =
		"Some HSSs (Open5GS is one) send the base protocol's numbers "
		"for a missing or an invalid AVP in 3GPP's "
		"Experimental-Result. There 5004 reads as ROAMING_NOT_ALLOWED "
		"and 5005 as IDENTITY_ALREADY_REGISTERED, and so does every "
		"decoder. Open5GS has the two numbers the wrong way round as "
		"well.",
	.recognised =
		"Experimental-Result 5004 or 5005 of 3GPP to a request whose "
		"User-Name, Public-Identity, (UAR) "
		"Visited-Network-Identifier or (MAR, SAR) Server-Name is "
		"missing or empty, or (SAR) Server-Assignment-Type is missing, "
		"or whose "
		"User-Name is no number before its @, as an IMSI is, while "
		"the result cannot be meant: no foreign network for 5004, no "
		"SAR for 5005.",
	.advice = "Do not look for a roaming restriction or a second S-CSCF. "
		  "Make the request complete: Visited-Network-Identifier comes "
		  "from P-Visited-Network-ID, which the P-CSCF adds; User-Name "
		  "from the UE's Authorization; Open5GS wants an IMSI in it.",
	.specs = IMS_SPECS("RFC 6733 7.1.5", "RFC 6733 7.6", "TS 29.229 6.2.2",
			   "TS 29.228 6.1.1"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS, {"code", IMS_FACT_INTEGER, "the number sent"},
		{"name", IMS_FACT_STRING, "what it means in its container"},
		{"objection", IMS_FACT_STRING,
		 "what is wrong with the request"}),
	.needs = IMS_SIGN_ERROR,
	.check = check_mislabelled_result,
};

static void check_both_results(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *answer = ims_diameter(cx->answer);
	struct ims_draft *draft;
	GString *sentence;

	if (!ims_cx_is_cx(cx) || !answer || !answer->has_result_code ||
	    !answer->has_experimental_result)
		return;
	draft = ims_fire(check);
	sentence = ims_cx_begin(cx);
	g_string_append_printf(sentence,
			       " with both Result-Code %" PRIu32
			       " and Experimental-Result %" PRIu32
			       "; the latter is taken as its meaning",
			       answer->result_code, answer->result.code);
	ims_cx_tell(draft, cx);
	ims_draft_integer(draft, "result_code", answer->result_code);
	ims_draft_integer(draft, "experimental_result", answer->result.code);
	ims_cx_finish(draft, sentence, NULL);
}

static const struct ims_rule cx_both_results = {
	.slug = "cx_both_results",
	CX_RULE,
	.severity = IMS_SEVERITY_WARNING,
	.origin = IMS_ORIGIN_NEVER,
	.title = "Two results in one answer",
	.explain = "An answer of a vendor's application has either Result-Code "
		   "or Experimental-Result. With both, what a CSCF makes of it "
		   "depends on which it reads first.",
	.recognised =
		"A Cx or RFC 4740 answer with AVP 268 and AVP 297 at its top.",
	.advice = "PyHSS does so in its general error answer: upgrade or patch "
		  "the HSS. Until then read Experimental-Result.",
	.specs = IMS_SPECS("RFC 6733 7.6", "TS 29.229 6.2"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"result_code", IMS_FACT_INTEGER, "what Result-Code says"},
		{"experimental_result", IMS_FACT_INTEGER,
		 "what Experimental-Result says"}),
	.check = check_both_results,
};

static void check_no_result(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	struct ims_draft *draft;
	GString *sentence;

	if (!ims_cx_whole_answer(cx) ||
	    cx->about.result.container != IMS_RESULT_NONE)
		return;
	draft = ims_fire(check);
	sentence = ims_cx_begin(cx);
	g_string_append(sentence,
			" with neither Result-Code nor Experimental-Result");
	ims_cx_tell(draft, cx);
	ims_cx_finish(draft, sentence, ims_cx_explained_if_stuck(check));
}

static const struct ims_rule cx_no_result = {
	.slug = "cx_no_result",
	CX_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.origin = IMS_ORIGIN_HSS,
	.title = "An answer without a result",
	.explain =
		"The answer has neither Result-Code nor Experimental-Result, "
		"so that the CSCF cannot tell what became of its request. "
		"Kamailio's I-CSCF makes it 480.",
	.recognised =
		"A whole Cx or RFC 4740 answer with neither AVP 268 nor AVP "
		"297. One that the capture holds in part only does not count.",
	.advice =
		"This is an error of the node that answered: upgrade or patch "
		"it. Where an agent stands in between, see whether the far "
		"side's answer has a result that the agent took away.",
	.specs = IMS_SPECS("RFC 6733 7.6", "TS 29.229 6.2"),
	.facts = IMS_FACT_KEYS(IMS_CX_KEYS),
	.check = check_no_result,
};

static void check_answer_other_application(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *request = ims_diameter(cx->request);
	const struct ims_diameter_facts *answer = ims_diameter(cx->answer);
	struct ims_draft *draft;
	GString *sentence;

	if (!ims_cx_is_cx(cx) || !request || !answer ||
	    request->application_id == answer->application_id)
		return;
	draft = ims_fire(check);
	sentence = ims_cx_begin(cx);
	g_string_append_printf(sentence,
			       " under Application-Id %" PRIu32
			       ", the request had %" PRIu32,
			       answer->application_id, request->application_id);
	ims_cx_tell(draft, cx);
	ims_draft_integer(draft, "request_application",
			  request->application_id);
	ims_draft_integer(draft, "answer_application", answer->application_id);
	ims_cx_finish(draft, sentence, ims_cx_explained_if_stuck(check));
}

static const struct ims_rule cx_answer_other_application = {
	.slug = "cx_answer_other_application",
	CX_RULE,
	.severity = IMS_SEVERITY_WARNING,
	.origin = IMS_ORIGIN_UNANSWERED,
	.title = "The answer is of another application than its request",
	.explain = "The header of an answer has the Application-Id of its "
		   "request. A strict CSCF drops one that differs and waits "
		   "until it times out.",
	.recognised =
		"Request and answer with one hop-by-hop identifier on one "
		"connection, and different Application-Ids. It is a cause "
		"only where the asker did not go on.",
	.advice =
		"PyHSS does so in its SAA for an unknown subscriber "
		"(16777217, Sh): provision the IMS subscriber, and upgrade or "
		"patch the HSS.",
	.specs = IMS_SPECS("RFC 6733 3", "RFC 6733 6.2"),
	.facts = IMS_FACT_KEYS(IMS_CX_KEYS,
			       {"request_application", IMS_FACT_INTEGER,
				"Application-Id of the request"},
			       {"answer_application", IMS_FACT_INTEGER,
				"Application-Id of the answer"}),
	.check = check_answer_other_application,
};

static bool offers_no_scscf(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *answer = ims_cx_whole_answer(cx);

	return answer && cx->command == IMS_COMMAND_UA &&
	       ims_cx_succeeded(cx) && !answer->has_capabilities &&
	       ims_slice_is_empty(answer->server_name);
}

/*
 * The I-CSCF itself refused: an error of its own and no sign of an S-CSCF.
 * 403 may have come from an S-CSCF whose leg is not in the capture.
 */
static const struct ims_facts *refused_for_want(const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_facts *error;

	if (!ims_cx_explains(check) || ims_cx_went_on(attempt, check->cx))
		return NULL;
	error = ims_cx_asker_error(attempt, check->cx,
				   check->cx->about.answer_time_ns);
	if (!error && attempt->status == 600)
		error = attempt->final;
	return ims_sip(error) && ims_sip(error)->status != 403 ? error : NULL;
}

static void check_no_scscf_offered(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_facts *error;
	struct ims_draft *draft;
	GString *sentence;

	if (!offers_no_scscf(cx))
		return;
	draft = ims_fire(check);
	sentence = ims_cx_begin(cx);
	g_string_append(sentence, ", but named no S-CSCF in Server-Name and "
				  "no Server-Capabilities to choose one by");
	ims_cx_tell(draft, cx);
	error = refused_for_want(check);
	if (error) {
		ims_draft_severity(draft, IMS_SEVERITY_ERROR);
		ims_draft_evidence(draft, error,
				   "the I-CSCF's own answer: %u %.*s",
				   ims_sip(error)->status,
				   IMS_SLICE_ARG(ims_cx_shown(
					   ims_sip(error)->reason_phrase)));
	} else {
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	}
	ims_cx_finish(draft, sentence, error ? check->attempt : NULL);
}

static const struct ims_rule cx_no_scscf_offered = {
	.slug = "cx_no_scscf_offered",
	CX_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.origin = IMS_ORIGIN_HSS,
	.title = "The HSS names no S-CSCF and no capabilities",
	.explain =
		"A good UAA names the user's S-CSCF, or the capabilities by "
		"which the I-CSCF is to choose one. With neither the I-CSCF "
		"is left to its own list; if that is empty, the registration "
		"ends there (600 \"Empty list of S-CSCFs\" in Kamailio).",
	.recognised =
		"UAA with success and without Server-Name (or an empty one) "
		"and Server-Capabilities. An error where the I-CSCF then "
		"refused the REGISTER itself; a warning where it went on.",
	.advice = "On the I-CSCF fill the list of S-CSCFs (Kamailio: tables "
		  "s_cscf and s_cscf_capabilities), or set a preferred one "
		  "(use_preferred_scscf_uri, preferred_scscf_uri). In the HSS "
		  "give the subscriber a capability set or a preferred S-CSCF "
		  "(FHoSS). Open5GS learns the S-CSCF only from MAR and SAR.",
	.specs = IMS_SPECS("TS 29.228 6.1.1", "TS 29.228 6.7"),
	.facts = IMS_FACT_KEYS(IMS_CX_KEYS),
	.needs = IMS_SIGN_UA,
	.check = check_no_scscf_offered,
};

/* RFC 4740 8.8: a server that checked the response itself sends no item. */
static bool was_checked_there(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *request = ims_diameter(cx->request);

	if (cx->about.application != IMS_APPLICATION_RFC4740 || !request)
		return false;
	return request->n_auth_items > 0 &&
	       (request->auth_items[0].has_digest ||
		ims_slice_is_set(request->auth_items[0].authorization));
}

static void check_no_auth_vectors(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *answer = ims_cx_whole_answer(cx);
	struct ims_draft *draft;
	GString *sentence;

	if (!answer || cx->command != IMS_COMMAND_MA || !ims_cx_succeeded(cx) ||
	    answer->n_auth_items > 0 || was_checked_there(cx))
		return;
	draft = ims_fire(check);
	sentence = ims_cx_begin(cx);
	g_string_append(sentence,
			" with success, but gave no SIP-Auth-Data-Item to "
			"challenge the UE with");
	ims_cx_tell(draft, cx);
	ims_draft_integer(
		draft, "number_auth_items",
		answer->number_auth_items < 0 ? 0 : answer->number_auth_items);
	ims_cx_finish(draft, sentence, ims_cx_explained_if_stuck(check));
}

static const struct ims_rule cx_no_auth_vectors = {
	.slug = "cx_no_auth_vectors",
	CX_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.origin = IMS_ORIGIN_HSS,
	.title = "The HSS says success and gives no authentication vector",
	.explain =
		"The S-CSCF needs at least one SIP-Auth-Data-Item to "
		"challenge the UE. Without one it refuses the registration "
		"(Kamailio: 403 \"HSS returned no authentication vectors\").",
	.recognised =
		"A whole MAA with a result of 2xxx and no SIP-Auth-Data-Item. "
		"Not where an HSS of RFC 4740 had the UE's response to check "
		"itself.",
	.advice =
		"Look at the subscriber's authentication data in the HSS (Ki, "
		"OPc, AMF, or the password) and at its log at this moment; "
		"compare SIP-Number-Auth-Items in MAR and MAA.",
	.specs = IMS_SPECS("TS 29.228 6.3", "TS 29.229 6.3.13"),
	.facts = IMS_FACT_KEYS(IMS_CX_KEYS,
			       {"number_auth_items", IMS_FACT_INTEGER,
				"SIP-Number-Auth-Items of the MAA"}),
	.needs = IMS_SIGN_MA,
	.check = check_no_auth_vectors,
};

/* What stood when the RTR was sent: what the UE registered since is another. */
static const struct ims_binding *stood_then(const struct ims_check *check,
					    struct ims_slice identity)
{
	const struct ims_binding *binding = ims_binding_of(check, identity);

	return binding && binding->since_ns < check->cx->about.request_time_ns
		       ? binding
		       : NULL;
}

/* The binding that the RTR's identities stand for; the first that is known. */
static const struct ims_binding *ended_binding(
	const struct ims_check *check, const struct ims_diameter_facts *rtr)
{
	const struct ims_binding *binding =
		ims_slice_is_empty(rtr->user_name)
			? NULL
			: stood_then(check, rtr->user_name);

	for (size_t i = 0; !binding && i < rtr->public_identities.n; i++)
		binding = stood_then(check, rtr->public_identities.at[i]);
	for (size_t i = 0; !binding && i < rtr->associated_identities.n; i++)
		binding = stood_then(check, rtr->associated_identities.at[i]);
	return binding;
}

static void tell_reason(struct ims_draft *draft, GString *sentence,
			const struct ims_diameter_facts *rtr)
{
	const char *reason = ims_reason_code_name(rtr->reason_code);

	if (rtr->reason_code >= 0) {
		ims_draft_integer(draft, "reason_code", rtr->reason_code);
		ims_draft_text(draft, "reason", reason);
		g_string_append_printf(sentence, ", reason %" PRId64 " (%s)",
				       rtr->reason_code,
				       reason ? reason : "unknown");
	}
	ims_draft_string(draft, "reason_info", rtr->reason_info);
	if (!ims_slice_is_empty(rtr->reason_info))
		g_string_append_printf(
			sentence, ", \"%.*s\"",
			IMS_SLICE_ARG(ims_cx_shown(rtr->reason_info)));
}

static void tell_binding(struct ims_draft *draft, GString *sentence,
			 const struct ims_binding *binding)
{
	char ue[IMS_ENDPOINT_TEXT];

	if (!binding)
		return;
	ims_endpoint_format(ue, &binding->ue);
	ims_draft_integer(draft, "ended_registration",
			  (int64_t)binding->registration);
	ims_draft_text(draft, "call_id", binding->call_id);
	ims_draft_text(draft, "ue", *ue ? ue : NULL);
	g_string_append_printf(sentence,
			       "; it ends registration %" PRIu64
			       " of this capture%s%s",
			       binding->registration, *ue ? ", UE " : "", ue);
}

/* Who was told by NOTIFY: a Subscription-State that stays active although
   nothing is left to tell of is the S-CSCF's fault, and harms nobody yet. */
static void tell_notified(struct ims_check *check, struct ims_draft *draft,
			  GString *sentence)
{
	struct ims_slice told[8];
	const struct ims_subscription *first = NULL;
	size_t n = 0;

	for (unsigned i = 0; i < check->n_subscriptions; i++) {
		const struct ims_subscription *one = check->subscriptions[i];
		const struct ims_subscription_aor *aor = NULL;

		for (const char *const *key = check->ended; !aor && *key; key++)
			aor = ims_subscription_aor(one, *key);
		if (n == G_N_ELEMENTS(told) || !aor || !one->subscriber ||
		    aor->terminated_ns < check->cx->about.request_time_ns ||
		    aor->terminated_ns != one->last_ns)
			continue;
		first = first ? first : one;
		told[n] = ims_cx_shown(ims_slice_of(one->subscriber));
		ims_draft_evidence_at(
			draft, one->last_frame, one->last_ns,
			"NOTIFY to %.*s: terminated; Subscription-State %s",
			IMS_SLICE_ARG(told[n]),
			one->state ? one->state : "missing");
		g_string_append_printf(sentence, "%s%.*s",
				       n ? ", " : "; NOTIFY told ",
				       IMS_SLICE_ARG(told[n]));
		n++;
	}
	if (n == 0)
		return;
	ims_draft_strings(draft, "notified", told, n);
	ims_draft_text(draft, "subscription_state", first->state);
}

static void check_registration_terminated(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *rtr = ims_diameter(cx->request);
	struct ims_draft *draft;
	GString *sentence;
	char who[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];

	if (!ims_cx_is_cx(cx) || cx->command != IMS_COMMAND_RT || !rtr)
		return;
	draft = ims_fire(check);
	sentence = g_string_new(NULL);
	g_string_append_printf(sentence, "%s ends the registration of %s",
			       ims_cx_asker(who, cx),
			       ims_cx_subject(subject, cx));
	if (rtr->public_identities.n > 1)
		g_string_append_printf(sentence, " and %zu more identities",
				       rtr->public_identities.n - 1);
	ims_cx_tell(draft, cx);
	ims_draft_strings(draft, "identities", rtr->public_identities.at,
			  rtr->public_identities.n);
	ims_draft_strings(draft, "associated_identities",
			  rtr->associated_identities.at,
			  rtr->associated_identities.n);
	tell_reason(draft, sentence, rtr);
	tell_binding(draft, sentence, ended_binding(check, rtr));
	tell_notified(check, draft, sentence);
	ims_cx_finish(draft, sentence, NULL);
}

static const struct ims_rule cx_registration_terminated = {
	.slug = "cx_registration_terminated",
	CX_RULE,
	.severity = IMS_SEVERITY_NOTE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The HSS ended a registration",
	.explain =
		"With RTR the HSS tells the S-CSCF to end registrations: the "
		"subscription was removed or changed, another S-CSCF took "
		"over, or an operator did it by hand. The S-CSCF then tells "
		"UE and P-CSCF by NOTIFY (reg event).",
	.recognised = "Every RTR, once.",
	.advice = "The reason stands in Deregistration-Reason. With "
		  "PERMANENT_TERMINATION the UE may not register again by "
		  "itself; with NEW_SERVER_ASSIGNED and SERVER_CHANGE it may. "
		  "Calls fail from here on until it does.",
	.specs = IMS_SPECS("TS 29.228 6.1.3", "RFC 4740 8.9"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"identities", IMS_FACT_STRINGS,
		 "Public-Identities of the RTR"},
		{"associated_identities", IMS_FACT_STRINGS,
		 "further IMPIs (Associated-Identities)"},
		{"reason_code", IMS_FACT_INTEGER, "Reason-Code"},
		{"reason", IMS_FACT_STRING, "its name"},
		{"reason_info", IMS_FACT_STRING, "Reason-Info"},
		{"ended_registration", IMS_FACT_INTEGER,
		 "id of the registration that it ends"},
		{"call_id", IMS_FACT_STRING, "Call-ID of that registration"},
		{"ue", IMS_FACT_STRING, "address of its UE"},
		{"notified", IMS_FACT_STRINGS,
		 "who was told by NOTIFY that it is terminated"},
		{"subscription_state", IMS_FACT_STRING,
		 "Subscription-State of that NOTIFY to the first"}),
	.needs = IMS_SIGN_RT,
	.check = check_registration_terminated,
};

static const struct ims_rule *const rules[] = {
	&cx_mislabelled_result,	      &cx_both_results,	    &cx_no_result,
	&cx_answer_other_application, &cx_no_scscf_offered, &cx_no_auth_vectors,
	&cx_registration_terminated,
};

const struct ims_rule_list ims_rules_cx_answers = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
