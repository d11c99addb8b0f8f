// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the HSS or an agent before it answered, in the words of the Diameter
 * base protocol (RFC 6733 7.1), and results that no rule names.
 */
#include <inttypes.h>

#include "cx_results.h"

static const struct ims_rule cx_authorization_rejected = {
	.slug = "cx_authorization_rejected",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The HSS refuses to authorize the user",
	.explain =
		"The HSS knows the identity and does not let it register: it "
		"is barred and its implicit set has no other identity that is "
		"not, or the visited network is barred for the user.",
	.recognised = "UAA, MAA, SAA or LIA with Result-Code 5003. Not "
		      "Experimental-Result 5003 of 3GPP, which is "
		      "DIAMETER_ERROR_IDENTITY_NOT_REGISTERED.",
	.advice = "A SIM without ISIM registers a temporary IMPU, which is "
		  "barred as a rule: add an identity that is not barred (the "
		  "MSISDN) to the same implicit registration set. Then look at "
		  "the visited networks that the subscription allows.",
	.specs = IMS_SPECS("RFC 6733 7.1.5", "TS 29.228 6.1.1"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS),
};

/* TS 29.228 6.3: a MAR with SIP-Authorization asks for resynchronisation. */
static bool is_resync(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *request = ims_diameter(cx->request);

	return cx->about.application == IMS_APPLICATION_CX &&
	       cx->command == IMS_COMMAND_MA && request &&
	       request->n_auth_items > 0 &&
	       !ims_slice_is_empty(request->auth_items[0].authorization);
}

static void add_resync(struct ims_result_tale *tale)
{
	bool resync = is_resync(tale->cx);

	ims_draft_boolean(tale->draft, "resynchronisation", resync);
	if (!resync)
		return;
	g_string_append(tale->sentence,
			"; the MAR carried the AUTS of a resynchronisation");
	ims_draft_advice(
		tale->draft,
		"The HSS failed at resynchronising the sequence number. FHoSS "
		"does so where it has no scscf_name stored for the user: "
		"clear the user's registration state there and let the UE "
		"register anew. Otherwise look into the HSS's log for why "
		"AUTS was not accepted (OPc, Ki, a second AuC for this SIM).");
}

static const struct ims_rule cx_unable_to_comply = {
	.slug = "cx_unable_to_comply",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The HSS could not process the request",
	.explain =
		"The HSS gives no reason but that it was unable to comply: an "
		"error inside it, its database, or a state of the subscriber "
		"that it has no answer for.",
	.recognised = "UAA, MAA, SAA or LIA with Result-Code 5012. Not "
		      "Experimental-Result 5012 of 3GPP.",
	.advice =
		"The cause stands in the HSS's log at this moment. Look first "
		"at the subscriber's record (complete, one IMPI, a service "
		"profile) and at the HSS's database.",
	.specs = IMS_SPECS("RFC 6733 7.1.5", "TS 29.228 6.3"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS,
			       {"resynchronisation", IMS_FACT_BOOLEAN,
				"the MAR carried AUTS in SIP-Authorization"}),
};

static void add_failed_avp(struct ims_result_tale *tale)
{
	const struct ims_diameter_facts *answer =
		ims_diameter(tale->cx->answer);
	const struct ims_failed_avp *avp = answer ? &answer->failed_avp : NULL;
	char text[64];

	if (!avp || !avp->present) {
		g_string_append(tale->sentence,
				", and no Failed-AVP says which");
		return;
	}
	if (avp->name)
		g_snprintf(text, sizeof(text), "%s", avp->name);
	else
		g_snprintf(text, sizeof(text),
			   "AVP %" PRIu32 " of vendor %" PRIu32, avp->code,
			   avp->vendor);
	ims_draft_text(tale->draft, "failed_avp", text);
	ims_draft_integer(tale->draft, "failed_avp_code", avp->code);
	g_string_append_printf(tale->sentence, ": Failed-AVP names %s", text);
}

static const struct ims_rule cx_avp_rejected = {
	.slug = "cx_avp_rejected",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The HSS objects to an AVP of the request",
	.explain =
		"An AVP of the request is unsupported, invalid, missing, not "
		"allowed there or there too often. Failed-AVP holds it, or an "
		"example of the one that is missing.",
	.recognised =
		"UAA, MAA, SAA or LIA with Result-Code 5001, 5004, 5005, 5008 "
		"or 5009. Not the same numbers in an Experimental-Result of "
		"3GPP.",
	.advice = "Compare that AVP in the request with TS 29.228 6 and with "
		  "what the HSS expects: an empty value, another format of an "
		  "identity, an AVP of a later release with the M bit. Then "
		  "correct the CSCF or the identity that the UE sent.",
	.specs = IMS_SPECS("RFC 6733 7.1.5", "RFC 6733 7.5"),
	.facts = IMS_FACT_KEYS(
		IMS_RESULT_KEYS,
		{"failed_avp", IMS_FACT_STRING, "the AVP in Failed-AVP"},
		{"failed_avp_code", IMS_FACT_INTEGER, "its code"}),
};

static void add_destination(struct ims_result_tale *tale)
{
	const struct ims_diameter_facts *request =
		ims_diameter(tale->cx->request);

	if (!request)
		return;
	ims_draft_string(tale->draft, "destination_host",
			 request->destination_host);
	g_string_append_printf(
		tale->sentence, ": Destination-Realm is \"%.*s\"",
		IMS_SLICE_ARG(ims_cx_shown(request->destination_realm)));
	if (!ims_slice_is_empty(request->destination_host))
		g_string_append_printf(
			tale->sentence, ", Destination-Host \"%.*s\"",
			IMS_SLICE_ARG(ims_cx_shown(request->destination_host)));
}

#define DESTINATION_KEY                                                  \
	{                                                                \
		"destination_host", IMS_FACT_STRING,                     \
			"Destination-Host of the request, if it had one" \
	}

static const struct ims_rule cx_unable_to_deliver = {
	.slug = "cx_unable_to_deliver",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "No way to the HSS: unable to deliver",
	.explain = "A Diameter node on the way has no peer that serves this "
		   "realm or host with this application: the HSS never saw the "
		   "request.",
	.recognised =
		"UAA, MAA, SAA or LIA with Result-Code 3002 (mostly with the "
		"E bit, from an agent).",
	.advice =
		"On the node that answered: is the connection to the HSS up, "
		"does its routing know Destination-Realm and Destination-Host "
		"as written here, and was the application agreed in CER and "
		"CEA? The realm comes from the user's identity or the CSCF's "
		"configuration; a realm with another PLMN than the core's is "
		"the usual cause. Kamailio: Realm and DefaultRoute in the "
		"DiameterPeer XML, cxdx_dest_realm.",
	.specs = IMS_SPECS("RFC 6733 7.1.3", "RFC 6733 7.2"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS, DESTINATION_KEY),
};

static const struct ims_rule cx_realm_not_served = {
	.slug = "cx_realm_not_served",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The realm is not served there",
	.explain = "The Diameter node does not recognise the Destination-Realm "
		   "of the request.",
	.recognised = "UAA, MAA, SAA or LIA with Result-Code 3003.",
	.advice =
		"Compare Destination-Realm letter for letter with the realm "
		"of the HSS or the routes of the agent. The realm of the "
		"user's identity need not be that of the core: set the CSCF's "
		"destination realm (Kamailio: cxdx_dest_realm of ims_icscf, "
		"ims_auth and ims_registrar_scscf), or add a route for it.",
	.specs = IMS_SPECS("RFC 6733 7.1.3", "RFC 6733 7.2"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS, DESTINATION_KEY),
};

static const struct ims_rule cx_too_busy = {
	.slug = "cx_too_busy",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_WARNING,
	.title = "The HSS is too busy",
	.explain = "The HSS, or an agent before it, is overloaded. The asker "
		   "should try another peer.",
	.recognised = "UAA, MAA, SAA or LIA with Result-Code 3004.",
	.advice = "Look at the HSS's load and at what asks so much: a "
		  "registration storm after an outage, UEs that register in a "
		  "loop. Throttle at the P-CSCF. The UE should get 504 or 480 "
		  "for it; after 403 it gives up for good.",
	.specs = IMS_SPECS("RFC 6733 7.1.3"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS),
};

static const struct ims_rule cx_loop_detected = {
	.slug = "cx_loop_detected",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The request went in a circle between agents",
	.explain = "An agent found its own name in the Route-Records of the "
		   "request: the agents' routes send it round.",
	.recognised = "UAA, MAA, SAA or LIA with Result-Code 3005.",
	.advice = "Follow the Route-Records, and correct the route for this "
		  "realm on the agent that sent the request back.",
	.specs = IMS_SPECS("RFC 6733 6.1.3", "RFC 6733 7.1.3"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS, DESTINATION_KEY),
};

/* The request that went to the host it was sent to. */
static void add_redirect(struct ims_result_tale *tale)
{
	const struct ims_diameter_facts *answer =
		ims_diameter(tale->cx->answer);
	const struct ims_attempt *attempt = tale->check->attempt;
	const struct ims_cx *next =
		attempt ? ims_cx_next(attempt, tale->cx, tale->cx->command)
			: NULL;

	if (answer && answer->redirect_hosts.n > 0) {
		ims_draft_strings(tale->draft, "redirect_hosts",
				  answer->redirect_hosts.at,
				  answer->redirect_hosts.n);
		g_string_append_printf(tale->sentence, " %.*s",
				       IMS_SLICE_ARG(ims_cx_shown(
					       answer->redirect_hosts.at[0])));
	} else {
		g_string_append(tale->sentence, " a host it does not name");
	}
	if (!next)
		return;
	g_string_append(tale->sentence, ", where the asker went");
	ims_draft_no_cause(tale->draft);
	ims_draft_evidence(tale->draft, next->request,
			   "the %s again, to where it was sent",
			   ims_command_name(next->command, true));
}

/* The same request went on to another host: the exchange's answer is from
   there. */
static void tell_redirected(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *redirect = ims_diameter(cx->redirect);
	struct ims_draft *draft = ims_fire(check);
	char subject[IMS_CX_TEXT];

	ims_draft_summary(draft,
			  "%.*s sent the %s for %s on to another host, where "
			  "the asker went.",
			  IMS_SLICE_ARG(ims_cx_shown(redirect->origin_host)),
			  ims_command_name(cx->command, true),
			  ims_cx_subject(subject, cx));
	ims_cx_tell(draft, cx);
	ims_draft_evidence(draft, cx->redirect, "3006: to be asked elsewhere");
	ims_draft_evidence(draft, cx->far_request, "the same asked there");
	ims_draft_integer(draft, "code", redirect->result.code);
	ims_draft_strings(draft, "redirect_hosts", redirect->redirect_hosts.at,
			  redirect->redirect_hosts.n);
	ims_draft_no_cause(draft);
}

static void check_redirected(struct ims_check *check)
{
	if (check->cx->redirect && check->cx->answer != check->cx->redirect)
		tell_redirected(check);
	else
		ims_result_check(check);
}

static const struct ims_rule cx_redirected = {
	.slug = "cx_redirected",
	.family = "Cx",
	.scope = IMS_SCOPE_EXCHANGE,
	.origin = IMS_ORIGIN_HSS,
	.needs = IMS_SIGN_ERROR,
	.check = check_redirected,
	.severity = IMS_SEVERITY_NOTE,
	.title = "The request was sent on to another HSS",
	.explain =
		"A redirect agent, as an SLF is one, names the HSS that holds "
		"the user. The asker repeats its request there.",
	.recognised =
		"UAA, MAA, SAA or LIA with Result-Code 3006. It is the cause "
		"of a failure only where no further request follows.",
	.advice = "Nothing, where the request was repeated. Otherwise look "
		  "whether the CSCF follows redirections and has a connection "
		  "to the host that Redirect-Host names.",
	.specs = IMS_SPECS("RFC 6733 6.1.8", "RFC 6733 7.1.3"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS,
			       {"redirect_hosts", IMS_FACT_STRINGS,
				"Redirect-Host of the answer"}),
};

static const struct ims_rule cx_application_unsupported = {
	.slug = "cx_application_unsupported",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "Cx, or this command of it, is not supported there",
	.explain = "The node that answered does not support the application or "
		   "the command of the request.",
	.recognised = "UAA, MAA, SAA or LIA with Result-Code 3007 or 3001.",
	.advice =
		"See whether the request reached an HSS with Cx at all: a "
		"wrong peer (an HSS with S6a only, a PCRF), or an HSS without "
		"this command (some have no LIR). Compare the applications in "
		"CER and CEA. Cx is 16777216 of vendor 10415.",
	.specs = IMS_SPECS("RFC 6733 7.1.3"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS, DESTINATION_KEY),
};

/* RFC 6733 7.1: 1xxx and 2xxx are no errors. */
static void check_other_error(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;

	if (!ims_cx_is_cx(cx) || !(IMS_ASKS_ALL & (1u << cx->command)) ||
	    cx->about.result.container == IMS_RESULT_NONE ||
	    cx->about.result.code < 3000)
		return;
	if (ims_result_is_listed(cx) || !ims_cx_is_labelled(cx))
		return;
	ims_result_tell(check, "the request failed", NULL);
}

static const struct ims_rule cx_other_error = {
	.slug = "cx_other_error",
	.family = "Cx",
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_EXCHANGE,
	.origin = IMS_ORIGIN_HSS,
	.title = "The HSS answered with an error",
	.explain = "A result of 3000 and more that has no rule of its own.",
	.recognised =
		"UAA, MAA, SAA or LIA with any other result from 3000 on, in "
		"Result-Code or in Experimental-Result of any vendor.",
	.advice = "Look the number up in the registry of its container: "
		  "Result-Code in RFC 6733 7.1 and IANA's AAA parameters, "
		  "Experimental-Result in the list of its vendor (3GPP: TS "
		  "29.230). Then read the log of the node that answered.",
	.specs = IMS_SPECS("RFC 6733 7.1", "RFC 6733 7.6", "TS 29.229 6.2"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS),
	.needs = IMS_SIGN_ERROR,
	.check = check_other_error,
};

/* Which result each is about, and what it says of whom it answers. */
static const struct ims_result_codes codes[] = {
	{
		.rule = &cx_authorization_rejected,
		.result_codes = {5003},
		.meaning = "the user is not authorized",
	},
	{
		.rule = &cx_unable_to_comply,
		.result_codes = {5012},
		.meaning = "it was unable to comply",
		.add = add_resync,
	},
	{
		.rule = &cx_avp_rejected,
		.result_codes = {5001, 5004, 5005, 5008, 5009},
		.meaning = "an AVP of the request was rejected",
		.add = add_failed_avp,
	},
	{
		.rule = &cx_unable_to_deliver,
		.result_codes = {3002},
		.meaning = "the request could not be delivered",
		.add = add_destination,
	},
	{
		.rule = &cx_realm_not_served,
		.result_codes = {3003},
		.meaning = "it does not serve the realm",
		.add = add_destination,
	},
	{
		.rule = &cx_too_busy,
		.result_codes = {3004},
		.meaning = "it is too busy",
	},
	{
		.rule = &cx_loop_detected,
		.result_codes = {3005},
		.meaning = "it found the request going in a circle",
		.add = add_destination,
	},
	{
		.rule = &cx_redirected,
		.result_codes = {3006},
		.meaning = "the request is to go to",
		.add = add_redirect,
	},
	{
		.rule = &cx_application_unsupported,
		.result_codes = {3001, 3007},
		.meaning = "the application or command is not supported",
		.add = add_destination,
	},
};

const struct ims_result_table ims_results_of_base = {
	codes,
	sizeof(codes) / sizeof(codes[0]),
};

static const struct ims_rule *const rules[] = {
	&cx_authorization_rejected,
	&cx_unable_to_comply,
	&cx_avp_rejected,
	&cx_unable_to_deliver,
	&cx_realm_not_served,
	&cx_too_busy,
	&cx_loop_detected,
	&cx_redirected,
	&cx_application_unsupported,
	&cx_other_error,
};

const struct ims_rule_list ims_rules_cx_base_results = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
