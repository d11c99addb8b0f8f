// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Security-Verify: the UE says back what the P-CSCF chose, on the leg that
 * the choice protects, so that nobody between can have weakened it.
 */
#include "family.h"
#include "sec_agree.h"

static void append_list(GString *text, const struct ims_security_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		g_string_append_printf(text, "%s%.*s", i ? ", " : "",
				       IMS_SLICE_ARG(ims_shown(list->at[i])));
}

static void append_mechanisms(GString *text,
			      const struct ims_sip_mechanisms *mechanisms)
{
	for (size_t i = 0; i < mechanisms->n; i++)
		g_string_append_printf(
			text, "%s%.*s", i ? ", " : "",
			IMS_SLICE_ARG(ims_shown(mechanisms->at[i].text)));
}

/* The UE's part of it went wrong at the end of the attempt, or before. */
static void weigh(struct ims_draft *draft, const struct ims_check *check)
{
	if (check->attempt &&
	    ims_attempt_last(check->attempt) != check->journey)
		ims_draft_no_cause(draft);
}

/* 400 and more that is no challenge; a P-CSCF that compares says 494. */
static bool was_refused(const struct ims_journey *journey)
{
	const struct ims_facts *final = ims_journey_final(journey, NULL);
	unsigned status = final ? final->sip->status : 0;

	return status >= 400 && status != 401 && status != 407;
}

/* Once, but what made a request fail is told of that request. */
static bool is_worth_telling(struct ims_check *check,
			     bool (*shows)(const struct ims_check *check,
					   const struct ims_journey *journey))
{
	return was_refused(check->journey) ||
	       ims_is_first_to_show(check, shows);
}

/* RFC 3329 table 1: neither ACK nor CANCEL has the header field. */
static bool may_verify(const struct ims_journey *journey)
{
	return journey->method != IMS_SIP_METHOD_ACK &&
	       journey->method != IMS_SIP_METHOD_CANCEL;
}

/* The request goes where the agreement protects, or answers the challenge
   that made the agreement. */
static bool is_under_agreement(const struct ims_check *check,
			       const struct ims_journey *journey,
			       const struct ims_security_list *list)
{
	const struct ims_facts *request = ims_ue_request(journey);
	struct ims_agreed agreed;
	struct ims_port_uses uses;

	if (request->protected || (check->attempt && list->message))
		return true;
	if (!ims_agreed_read(&agreed, check, ims_ue_leg(journey)))
		return false;
	ims_port_uses_read(&uses, &agreed, request);
	return uses.pcscf != 0;
}

/* A card that asks for resynchronisation has no keys of that challenge: the
   UE answers as if unprotected (TS 33.203 6.1.3; TS 24.229 5.1.1.5.3). */
static bool has_no_keys(const struct ims_facts *request)
{
	return !ims_slice_is_empty(request->sip->authorization->auts);
}

static bool lacks_verify(const struct ims_check *check,
			 const struct ims_journey *journey)
{
	const struct ims_facts *request = ims_ue_request(journey);
	struct ims_security_list list;

	return request && may_verify(journey) && !has_no_keys(request) &&
	       request->sip->security_verify.n == 0 &&
	       ims_security_server_for(&list, check, journey) &&
	       is_under_agreement(check, journey, &list);
}

static const struct ims_fact_key verify_missing_keys[] = {
	{"method", IMS_FACT_STRING, "method of the request"},
	{"security_server", IMS_FACT_STRING, "what it has to say back"},
	{"sent_by", IMS_FACT_STRING, "the UE"},
	{"refused", IMS_FACT_BOOLEAN, "it was answered with an error"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void check_sec_agree_verify_missing(struct ims_check *check)
{
	const struct ims_journey *journey = check->journey;
	struct ims_security_list list;
	struct ims_draft *draft;
	GString *server;
	char party[IMS_PARTY_TEXT];

	if (!lacks_verify(check, journey) ||
	    !ims_security_server_for(&list, check, journey) ||
	    !is_worth_telling(check, lacks_verify))
		return;
	server = g_string_new(NULL);
	append_list(server, &list);
	ims_party_format(party, &ims_ue_leg(journey)->from);
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "%s sends %.*s without Security-Verify although the "
			  "agreement with its P-CSCF stands (%s)",
			  party, IMS_SLICE_ARG(ims_request_name(journey)),
			  server->str);
	ims_draft_evidence(draft, list.message, "Security-Server: %s",
			   server->str);
	ims_draft_evidence(draft, ims_ue_request(journey),
			   "%s: no Security-Verify", party);
	ims_draft_string(draft, "method", journey->method_text);
	ims_draft_text(draft, "security_server", server->str);
	ims_draft_text(draft, "sent_by", party);
	ims_draft_boolean(draft, "refused", was_refused(journey));
	if (was_refused(journey)) {
		ims_draft_severity(draft, IMS_SEVERITY_ERROR);
		ims_draft_evidence(draft, ims_journey_final(journey, NULL),
				   "refused");
		weigh(draft, check);
	} else {
		ims_draft_no_cause(draft);
	}
	g_string_free(server, TRUE);
}

static const struct ims_rule sec_agree_verify_missing = {
	.slug = "sec_agree_verify_missing",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REQUEST,
	.origin = IMS_ORIGIN_AGREEMENT,
	.title = "A request under an agreement has no Security-Verify",
	.explain = "Once a UE and its P-CSCF have agreed, every request of the "
		   "UE but ACK and CANCEL mirrors the P-CSCF's Security-Server "
		   "in Security-Verify. Only so can the P-CSCF see that nobody "
		   "weakened the choice on its way. A P-CSCF that compares "
		   "refuses a request without it; many do not.",
	.recognised =
		"On the UE's own leg a REGISTER answers a challenge that had "
		"Security-Server, or another request goes to a protected "
		"port of the agreement, and has no Security-Verify. Not for "
		"ACK and CANCEL, nor where the capture did not show the "
		"Security-Server. An error when it was refused. Told once "
		"for each call and each registration.",
	.advice = "Let the UE add Security-Verify, with sec-agree in Require "
		  "and Proxy-Require, to each request that it protects.",
	.specs = IMS_SPECS("RFC 3329 2.3.1", "RFC 3329 2.6", "TS 33.203 7.2"),
	.facts = verify_missing_keys,
	.needs = IMS_SIGN_SECURITY,
	.check = check_sec_agree_verify_missing,
};

/* How the journey's Security-Verify compares; false: nothing to compare. */
static bool read_mismatch(enum ims_likeness *likeness,
			  struct ims_security_list *list,
			  const struct ims_check *check,
			  const struct ims_journey *journey)
{
	const struct ims_facts *request = ims_ue_request(journey);

	if (!request || !request->sip->security_verify.n ||
	    !ims_security_server_for(list, check, journey))
		return false;
	*likeness = ims_security_compare(list, &request->sip->security_verify);
	return *likeness != IMS_LIKENESS_SAME;
}

static bool shows_mismatch(const struct ims_check *check,
			   const struct ims_journey *journey)
{
	struct ims_security_list list;
	enum ims_likeness likeness;

	return read_mismatch(&likeness, &list, check, journey);
}

static const struct ims_fact_key mismatch_keys[] = {
	{"method", IMS_FACT_STRING, "method of the request"},
	{"security_server", IMS_FACT_STRING, "what the UE was sent"},
	{"security_verify", IMS_FACT_STRING, "what it says back"},
	{"differences", IMS_FACT_STRINGS, "parameter by parameter"},
	{"only_q", IMS_FACT_BOOLEAN, "nothing but q differs"},
	{"status", IMS_FACT_INTEGER, "how the request was answered"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void tell_differences(struct ims_draft *draft,
			     const struct ims_security_list *list,
			     const struct ims_facts *request)
{
	const struct ims_sip_mechanisms *verify =
		&request->sip->security_verify;
	GPtrArray *differences = ims_security_differences(list, verify);
	struct ims_slice texts[IMS_SIP_MAX_LIST];
	GString *all = g_string_new(NULL);
	size_t n = 0;

	for (unsigned i = 0; i < differences->len && n < IMS_SIP_MAX_LIST;
	     i++) {
		const char *text = differences->pdata[i];

		g_string_append_printf(all, "%s%s", n ? ", " : "", text);
		texts[n++] = ims_slice_of(text);
	}
	if (!n)
		g_string_append(all, "the order of the mechanisms");
	ims_draft_summary(draft,
			  "Security-Verify in %.*s of %.*s is not the "
			  "Security-Server that the P-CSCF sent: %s",
			  IMS_SLICE_ARG(ims_shown(request->sip->method_text)),
			  IMS_SLICE_ARG(ims_shown(request->sip->from.uri)),
			  all->str);
	ims_draft_strings(draft, "differences", texts, n);
	g_string_free(all, TRUE);
	g_ptr_array_free(differences, TRUE);
}

static void tell_mismatch(struct ims_check *check,
			  const struct ims_security_list *list,
			  enum ims_likeness likeness)
{
	const struct ims_facts *request = ims_ue_request(check->journey);
	const struct ims_facts *final = ims_journey_final(check->journey, NULL);
	struct ims_draft *draft = ims_fire(check);
	GString *sent = g_string_new(NULL);
	GString *said = g_string_new(NULL);

	append_list(sent, list);
	append_mechanisms(said, &request->sip->security_verify);
	tell_differences(draft, list, request);
	ims_draft_evidence(draft, list->message, "Security-Server: %s",
			   sent->str);
	ims_draft_evidence(draft, request, "Security-Verify: %s", said->str);
	if (final)
		ims_draft_evidence(draft, final, "%s",
				   final->sip->status < 300
					   ? "accepted: nobody compared"
					   : "answered");
	ims_draft_string(draft, "method", check->journey->method_text);
	ims_draft_text(draft, "security_server", sent->str);
	ims_draft_text(draft, "security_verify", said->str);
	ims_draft_boolean(draft, "only_q", likeness == IMS_LIKENESS_BUT_Q);
	if (final)
		ims_draft_integer(draft, "status", final->sip->status);
	if (likeness == IMS_LIKENESS_BUT_Q)
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	weigh(draft, check);
	g_string_free(sent, TRUE);
	g_string_free(said, TRUE);
}

static void check_sec_agree_verify_mismatch(struct ims_check *check)
{
	struct ims_security_list list;
	enum ims_likeness likeness;

	if (read_mismatch(&likeness, &list, check, check->journey) &&
	    is_worth_telling(check, shows_mismatch))
		tell_mismatch(check, &list, likeness);
}

static const struct ims_rule sec_agree_verify_mismatch = {
	.slug = "sec_agree_verify_mismatch",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REQUEST,
	.origin = IMS_ORIGIN_AGREEMENT,
	.title = "Security-Verify is not what the P-CSCF sent",
	.explain =
		"The UE mirrors the P-CSCF's Security-Server in "
		"Security-Verify: the same mechanisms in the same order with "
		"the same parameters. Where it is another list, somebody "
		"between may have changed the P-CSCF's choice (a bidding-down "
		"attack), or the UE copied it wrongly. The P-CSCF has to "
		"refuse with 494. Kamailio's ims_ipsec_pcscf never compares: "
		"there a downgrade passes unseen.",
	.recognised =
		"On the UE's own leg Security-Verify differs from the "
		"Security-Server of the challenge that the REGISTER answers, "
		"or for other requests and the first REGISTER of a "
		"re-registration, of the agreement that stood. Letter case, "
		"blanks and the order of parameters do not count; where "
		"nothing but q differs it is a warning. Not where the "
		"capture does not show the Security-Server that it should "
		"mirror. Told once for each call and each registration.",
	.advice = "Compare the two lists on both sides of whatever stands "
		  "between UE and P-CSCF. If the UE got the list as the P-CSCF "
		  "sent it, the UE's IMS stack is wrong; if not, something "
		  "changed it on its way. A P-CSCF that answered 200 does not "
		  "compare: have it refuse with 494.",
	.specs = IMS_SPECS("RFC 3329 2.3.1", "TS 33.203 7.2"),
	.facts = mismatch_keys,
	.needs = IMS_SIGN_SECURITY,
	.check = check_sec_agree_verify_mismatch,
};

/* Why a P-CSCF says 494, as far as the request shows. */
struct reason {
	const char *text;
	const char *advice;
	bool likely;
};

static const struct reason reasons_of_494[] = {
	{"its Security-Verify is not the Security-Server it was sent",
	 "See sec_agree_verify_mismatch: find out who changed the list.",
	 false},
	{"it has no Security-Verify although the agreement stands",
	 "See sec_agree_verify_missing: the UE has to mirror the list.", false},
	{"it came without protection, with an offer only",
	 "In IMS the Security-Server travels in the 401 (TS 33.203 7.2): a "
	 "494 to the first REGISTER is the way of RFC 3329 alone. Set the "
	 "P-CSCF to IMS AKA with ipsec-3gpp, or let the UE go on with the "
	 "list in the 494.",
	 false},
	{"sec-agree stands in Supported only",
	 "Let the UE put sec-agree into Require and Proxy-Require, with "
	 "Security-Client.",
	 false},
	{"it has neither an agreement nor an offer",
	 "Switch IPsec for IMS on in the UE's profile, or do not require it "
	 "on the P-CSCF.",
	 false},
	{"the P-CSCF holds another agreement than the one it verifies",
	 "The P-CSCF may have restarted, or let the agreement expire: let "
	 "the UE register anew.",
	 true},
};

static const struct reason *reason_of_494(const struct ims_check *check)
{
	const struct ims_facts *request = ims_ue_request(check->journey);
	const struct ims_sip_facts *sip = ims_sip(request);

	if (!sip)
		return NULL;
	if (shows_mismatch(check, check->journey))
		return &reasons_of_494[0];
	if (lacks_verify(check, check->journey))
		return &reasons_of_494[1];
	if (sip->security_verify.present)
		return &reasons_of_494[5];
	if (ims_requires(request, ims_slice_of(IMS_SEC_AGREE)))
		return &reasons_of_494[2];
	if (ims_options_have(&sip->supported, IMS_SEC_AGREE))
		return &reasons_of_494[3];
	return &reasons_of_494[4];
}

static const struct ims_fact_key required_keys[] = {
	{"method", IMS_FACT_STRING, "method of the refused request"},
	{"reason", IMS_FACT_STRING, "what made it so"},
	{"answered_by", IMS_FACT_STRING, "who answered 494"},
	{"security_server", IMS_FACT_STRING, "the list in the 494"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void tell_required(struct ims_check *check, const struct ims_hop *maker)
{
	const struct reason *reason = reason_of_494(check);
	struct ims_draft *draft = ims_fire(check);
	GString *server = g_string_new(NULL);
	char party[IMS_PARTY_TEXT];

	ims_party_format(party, &maker->to);
	append_mechanisms(server, &maker->final->sip->security_server);
	ims_draft_summary(draft, "%s answered %.*s with 494: %s", party,
			  IMS_SLICE_ARG(ims_request_name(check->journey)),
			  reason ? reason->text
				 : "the request is not captured");
	ims_draft_evidence(draft, ims_journey_request(check->journey), "%s",
			   reason ? reason->text : "as it was forwarded");
	ims_draft_evidence(draft, maker->final, "%s: 494%s%s", party,
			   server->len ? ", Security-Server: " : "",
			   server->str);
	ims_draft_string(draft, "method", check->journey->method_text);
	ims_draft_text(draft, "answered_by", party);
	if (reason) {
		ims_draft_text(draft, "reason", reason->text);
		ims_draft_advice(draft, "%s", reason->advice);
	}
	if (server->len)
		ims_draft_text(draft, "security_server", server->str);
	if (!reason || reason->likely)
		ims_draft_likely(draft);
	if (ims_attempt_succeeded(check->attempt))
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	weigh(draft, check);
	g_string_free(server, TRUE);
}

static void check_sec_agree_required(struct ims_check *check)
{
	const struct ims_facts *final = ims_journey_final(check->journey, NULL);

	if (final && final->sip->status == 494)
		tell_required(check, ims_journey_maker(check->journey, final));
}

static const struct ims_rule sec_agree_required = {
	.slug = "sec_agree_required",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REQUEST,
	/* The answer to a wrong Security-Verify is that one's echo. */
	.origin = IMS_ORIGIN_AGREEMENT - 1,
	.title = "A security agreement is demanded",
	.explain = "494 (Security Agreement Required): the P-CSCF refuses a "
		   "request because it is not under an agreement, or the "
		   "agreement that it verifies is not the P-CSCF's.",
	.recognised = "A final response 494. The refused request on the UE's "
		      "leg shows why: a wrong Security-Verify, none at all, "
		      "an offer without protection, sec-agree in Supported "
		      "only. A warning where the registration then succeeded.",
	.advice = "Look at Security-Verify, Require and the ports of the "
		  "refused request, and at the Security-Server that the UE "
		  "was last sent.",
	.specs = IMS_SPECS("RFC 3329 2.3.1", "RFC 3329 2.3.2"),
	.facts = required_keys,
	.needs = IMS_SIGN_REFUSAL,
	.check = check_sec_agree_required,
};

static const struct ims_rule *const rules[] = {
	&sec_agree_verify_missing,
	&sec_agree_verify_mismatch,
	&sec_agree_required,
};

const struct ims_rule_list ims_rules_sec_agree_verify = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
