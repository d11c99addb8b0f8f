// SPDX-License-Identifier: GPL-2.0-or-later
/* The UE's side of making an agreement: Security-Client and the option-tag. */
#include "family.h"
#include "sec_agree.h"

/* The UE's offer on its own leg: header field and option-tag; or NULL. */
static const struct ims_facts *offer_of(const struct ims_journey *journey)
{
	const struct ims_facts *request = ims_ue_request(journey);

	if (!request || !request->sip->security_client.n ||
	    !ims_requires(request, ims_slice_of(IMS_SEC_AGREE)))
		return NULL;
	return request;
}

static bool is_of_ue(const struct ims_attempt *attempt)
{
	return attempt->ims && attempt->kind != IMS_KIND_THIRD_PARTY;
}

static const struct ims_fact_key not_offered_keys[] = {
	{"ue", IMS_FACT_STRING, "the UE"},
	{"user_agent", IMS_FACT_STRING, "its User-Agent"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void check_sec_agree_not_offered(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_facts *request;
	struct ims_draft *draft;
	char party[IMS_PARTY_TEXT];

	if (!is_of_ue(attempt) || attempt->kind != IMS_KIND_INITIAL)
		return;
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		request = ims_ue_request(attempt->journeys[i]);
		if (!request || request->protected ||
		    request->sip->security_client.present ||
		    request->sip->security_verify.present)
			return;
	}
	if (!attempt->n_journeys)
		return;
	request = ims_ue_request(attempt->journeys[0]);
	ims_party_format(party, &ims_ue_leg(attempt->journeys[0])->from);
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "%s registers %.*s without offering a security "
			  "agreement: what it sends to its P-CSCF is in clear",
			  party,
			  IMS_SLICE_ARG(ims_shown(request->sip->to.uri)));
	ims_draft_evidence(draft, request, "%s: no Security-Client", party);
	ims_draft_text(draft, "ue", party);
	ims_draft_string(draft, "user_agent", request->sip->server);
}

static const struct ims_rule sec_agree_not_offered = {
	.slug = "sec_agree_not_offered",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_NOTE,
	.scope = IMS_SCOPE_REGISTRATION,
	.title = "An IMS registration without a security agreement",
	.explain = "The UE did not offer to protect its signalling. That is "
		   "legal where the operator allows it, and it is the "
		   "profile in the UE or its SIM that decides. The P-CSCF "
		   "may go on, or ask with 421 or 494.",
	.recognised = "An initial IMS registration whose REGISTERs were "
		      "captured on the UE's own leg, none in ESP, and none "
		      "with Security-Client or Security-Verify.",
	.advice = "If IPsec is wanted, switch it on for IMS in the UE's "
		  "carrier profile; on the P-CSCF see that IPsec is built in "
		  "and enabled.",
	.specs = IMS_SPECS("RFC 3329 2.3.1", "TS 33.203 7.2"),
	.facts = not_offered_keys,
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN,
	.check = check_sec_agree_not_offered,
};

/* What is wrong between header fields and option-tag; NULL: nothing. */
static const char *tag_fault(const struct ims_journey *journey)
{
	const struct ims_facts *request = ims_ue_request(journey);
	const struct ims_sip_facts *sip = ims_sip(request);
	bool required;
	bool proxy_required;

	if (!sip || journey->method == IMS_SIP_METHOD_ACK ||
	    journey->method == IMS_SIP_METHOD_CANCEL)
		return NULL;
	required = ims_options_have(&sip->require, IMS_SEC_AGREE);
	proxy_required = ims_options_have(&sip->proxy_require, IMS_SEC_AGREE);
	if (sip->security_client.present || sip->security_verify.present) {
		if (!required && !proxy_required)
			return "sec-agree is neither in Require nor in "
			       "Proxy-Require";
		if (!required)
			return "sec-agree is not in Require";
		return proxy_required ? NULL
				      : "sec-agree is not in Proxy-Require";
	}
	return required || proxy_required
		       ? "sec-agree is required without Security-Client or "
			 "Security-Verify"
		       : NULL;
}

static bool shows_tag_fault(const struct ims_check *check,
			    const struct ims_journey *journey)
{
	(void)check;
	return tag_fault(journey);
}

static const struct ims_fact_key tag_missing_keys[] = {
	{"method", IMS_FACT_STRING, "method of the request"},
	{"fault", IMS_FACT_STRING, "what is missing where"},
	{"sent_by", IMS_FACT_STRING, "the UE"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void check_sec_agree_tag_missing(struct ims_check *check)
{
	const struct ims_journey *journey = check->journey;
	const char *fault = tag_fault(journey);
	struct ims_draft *draft;
	char party[IMS_PARTY_TEXT];

	if (!fault || !ims_is_first_to_show(check, shows_tag_fault))
		return;
	ims_party_format(party, &ims_ue_leg(journey)->from);
	draft = ims_fire(check);
	ims_draft_summary(draft, "%.*s of %s: %s",
			  IMS_SLICE_ARG(ims_request_name(journey)), party,
			  fault);
	ims_draft_evidence(draft, ims_ue_request(journey), "%s: %s", party,
			   fault);
	ims_draft_string(draft, "method", journey->method_text);
	ims_draft_text(draft, "fault", fault);
	ims_draft_text(draft, "sent_by", party);
}

static const struct ims_rule sec_agree_tag_missing = {
	.slug = "sec_agree_tag_missing",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REQUEST,
	.title = "sec-agree and its header fields do not go together",
	.explain =
		"A request with Security-Client or Security-Verify has "
		"sec-agree in Require and in Proxy-Require, and one with the "
		"tag has one of the header fields. Without the tag an old "
		"proxy passes over the agreement in silence, and some "
		"P-CSCFs answer 420; without the header field there is "
		"nothing to agree on.",
	.recognised = "On the UE's own leg, in any request but ACK and "
		      "CANCEL. Told once for each call and each "
		      "registration.",
	.advice = "Let the UE send both. A node between it and the P-CSCF "
		  "that takes out the one must take out the other.",
	.specs = IMS_SPECS("RFC 3329 2.3.1", "TS 33.203 7.2"),
	.facts = tag_missing_keys,
	.needs = IMS_SIGN_SECURITY,
	.check = check_sec_agree_tag_missing,
};

/* The challenge on the UE's leg, whole, to an offer that it ignores. An
   agreement needs the keys of IMS AKA (TS 33.203 7.1). */
static const struct ims_facts *ignoring_challenge(
	const struct ims_journey *journey)
{
	const struct ims_hop *leg = ims_ue_leg(journey);
	const struct ims_facts *final = leg ? leg->final : NULL;
	struct ims_slice algorithm;

	if (!offer_of(journey) || !final || final->sip->status != 401 ||
	    !ims_message_is_whole(final) || final->sip->security_server.present)
		return NULL;
	algorithm = final->sip->challenge->algorithm;
	if (ims_slice_is_set(algorithm) &&
	    !ims_slice_starts_nocase(algorithm, "AKA"))
		return NULL;
	return final;
}

static const struct ims_fact_key no_server_keys[] = {
	{"offered", IMS_FACT_STRING, "first mechanism of Security-Client"},
	{"answered_by", IMS_FACT_STRING, "the P-CSCF"},
	{"went_on", IMS_FACT_BOOLEAN, "the UE registered all the same"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void tell_no_server(struct ims_check *check,
			   const struct ims_journey *journey)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_facts *offer = offer_of(journey);
	const struct ims_facts *challenge = ignoring_challenge(journey);
	bool went_on = ims_attempt_last(attempt) != journey;
	struct ims_draft *draft = ims_fire(check);
	char party[IMS_PARTY_TEXT];

	ims_party_format(party, &ims_ue_leg(journey)->to);
	ims_draft_summary(draft,
			  "%.*s offers a security agreement and the 401 of %s "
			  "has no Security-Server%s",
			  IMS_SLICE_ARG(ims_shown(offer->sip->from.uri)), party,
			  went_on ? "; the UE went on without"
				  : ": the UE did not go on");
	ims_draft_evidence(draft, offer, "Security-Client: %.*s",
			   IMS_SLICE_ARG(ims_shown(
				   offer->sip->security_client.at[0].text)));
	ims_draft_evidence(draft, challenge, "%s: 401 without Security-Server",
			   party);
	ims_draft_string(draft, "offered",
			 offer->sip->security_client.at[0].text);
	ims_draft_text(draft, "answered_by", party);
	ims_draft_boolean(draft, "went_on", went_on);
	if (went_on || attempt->outcome == IMS_OUTCOME_INCOMPLETE) {
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
		ims_draft_no_cause(draft);
	}
}

static void check_sec_agree_no_security_server(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	if (!is_of_ue(attempt))
		return;
	for (unsigned i = attempt->n_journeys; i-- > 0;)
		if (ignoring_challenge(attempt->journeys[i])) {
			tell_no_server(check, attempt->journeys[i]);
			return;
		}
}

static const struct ims_rule sec_agree_no_security_server = {
	.slug = "sec_agree_no_security_server",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_AGREEMENT,
	.title = "The P-CSCF ignores the UE's offer of an agreement",
	.explain =
		"The UE offers Security-Client and requires sec-agree. In "
		"IMS the P-CSCF answers with Security-Server in the 401. "
		"Without it there is no agreement, and a UE that requires "
		"one stops here. IPsec is not built in or not enabled on the "
		"P-CSCF, or it has no free SPI or port left.",
	.recognised =
		"On the UE's own leg a REGISTER with Security-Client and the "
		"option-tag, and a 401 for AKA to it, captured whole, "
		"without Security-Server. A warning where the UE went on, or "
		"the capture does not show that it did not.",
	.advice = "Kamailio: load ims_ipsec_pcscf, have it listen on the "
		  "protected ports, and call ipsec_create() in the reply "
		  "route of REGISTER when the 401 passes "
		  "(docker_open5gs: WITH_IPSEC). If some UEs get "
		  "Security-Server and others do not, the pool is used up: "
		  "raise ipsec_max_connections, and look for agreements that "
		  "re-registration does not give back. The log says why.",
	.specs = IMS_SPECS("TS 33.203 7.2", "RFC 3329 2.3.1"),
	.facts = no_server_keys,
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN | IMS_SIGN_SECURITY,
	.check = check_sec_agree_no_security_server,
};

/* All mechanisms of a stand in b, whatever their order and q. */
static bool is_subset(const struct ims_sip_mechanisms *a,
		      const struct ims_sip_mechanisms *b)
{
	for (size_t i = 0; i < a->n; i++) {
		bool found = false;

		for (size_t k = 0; k < b->n && !found; k++)
			found = ims_mechanism_compare(a->at[i].text,
						      b->at[k].text) !=
				IMS_LIKENESS_DIFFER;
		if (!found)
			return false;
	}
	return true;
}

/* The offer whose challenge this REGISTER answers with a response; with auts
   the UE asks for another challenge, and may offer anew. */
static const struct ims_facts *first_offer(const struct ims_attempt *attempt,
					   unsigned place)
{
	const struct ims_facts *request =
		ims_ue_request(attempt->journeys[place]);
	const struct ims_hop *leg;

	if (!request ||
	    ims_slice_is_empty(request->sip->authorization->response) ||
	    ims_slice_is_set(request->sip->authorization->auts))
		return NULL;
	for (unsigned i = place; i-- > 0;) {
		leg = ims_ue_leg(attempt->journeys[i]);
		if (leg && leg->final &&
		    ims_slice_is_set(leg->final->sip->challenge->nonce) &&
		    ims_slice_equal(leg->final->sip->challenge->nonce,
				    request->sip->authorization->nonce))
			return offer_of(attempt->journeys[i]);
	}
	return NULL;
}

static const struct ims_fact_key client_changed_keys[] = {
	{"offered", IMS_FACT_STRING, "first mechanism of the offer"},
	{"repeated", IMS_FACT_STRING, "first mechanism when it is repeated"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void tell_client_changed(struct ims_check *check,
				const struct ims_facts *offer,
				const struct ims_facts *request)
{
	struct ims_slice was = offer->sip->security_client.at[0].text;
	struct ims_slice is = request->sip->security_client.at[0].text;
	struct ims_draft *draft = ims_fire(check);

	ims_draft_summary(draft,
			  "%.*s answers the challenge with another "
			  "Security-Client than it offered",
			  IMS_SLICE_ARG(ims_shown(request->sip->from.uri)));
	ims_draft_evidence(draft, offer, "Security-Client: %.*s",
			   IMS_SLICE_ARG(ims_shown(was)));
	ims_draft_evidence(draft, request, "Security-Client: %.*s",
			   IMS_SLICE_ARG(ims_shown(is)));
	ims_draft_string(draft, "offered", was);
	ims_draft_string(draft, "repeated", is);
}

static void check_sec_agree_client_changed(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	if (!is_of_ue(attempt))
		return;
	for (unsigned i = 1; i < attempt->n_journeys; i++) {
		const struct ims_facts *request =
			ims_ue_request(attempt->journeys[i]);
		const struct ims_facts *offer = first_offer(attempt, i);

		if (!offer || !request->sip->security_client.n)
			continue;
		if (is_subset(&offer->sip->security_client,
			      &request->sip->security_client) &&
		    is_subset(&request->sip->security_client,
			      &offer->sip->security_client))
			continue;
		tell_client_changed(check, offer, request);
		return;
	}
}

static const struct ims_rule sec_agree_client_changed = {
	.slug = "sec_agree_client_changed",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.title = "Security-Client is not the one offered first",
	.explain = "In the REGISTER that answers the challenge the UE repeats "
		   "its offer: the same algorithms, SPIs and ports. This time "
		   "it is protected, so that the P-CSCF can see whether "
		   "somebody changed the first one. The P-CSCF has to compare "
		   "and to reject what differs.",
	.recognised = "On the UE's own leg, between the REGISTER that was "
		      "challenged and the one that answers that very challenge "
		      "with a response. The order of mechanisms and q do not "
		      "count. Not with auts, nor between one challenge and the "
		      "next: a re-registration brings new SPIs and ports.",
	.advice = "If the first offer reached the P-CSCF as the UE sent it, "
		  "the UE made a new one where it should repeat the old; if "
		  "not, something between them changed it.",
	.specs = IMS_SPECS("TS 33.203 7.2"),
	.facts = client_changed_keys,
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN | IMS_SIGN_SECURITY,
	.check = check_sec_agree_client_changed,
};

static const struct ims_rule *const rules[] = {
	&sec_agree_not_offered,
	&sec_agree_tag_missing,
	&sec_agree_no_security_server,
	&sec_agree_client_changed,
};

const struct ims_rule_list ims_rules_sec_agree_offer = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
