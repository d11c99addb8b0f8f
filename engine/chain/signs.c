// SPDX-License-Identifier: GPL-2.0-or-later
#include "signs.h"

#include "check.h"

static bool requires_agreement(const struct ims_sip_facts *sip)
{
	return (sip->require.n &&
		ims_options_have(&sip->require, "sec-agree")) ||
	       (sip->proxy_require.n &&
		ims_options_have(&sip->proxy_require, "sec-agree"));
}

static bool speaks_of_agreement(const struct ims_facts *message)
{
	const struct ims_sip_facts *sip = message->sip;

	return message->protected || sip->security_client.present ||
	       sip->security_server.present || sip->security_verify.present ||
	       requires_agreement(sip);
}

static uint32_t signs_of_request(const struct ims_sip_facts *sip)
{
	return ims_slice_is_empty(sip->authorization.auts) ? 0 : IMS_SIGN_AUTS;
}

static uint32_t signs_of_response(const struct ims_sip_facts *sip)
{
	uint32_t signs = 0;

	if (sip->status == 401 || sip->status == 407)
		signs = IMS_SIGN_CHALLENGE;
	else if (sip->status >= 300)
		signs = IMS_SIGN_REFUSAL;
	if (!ims_slice_is_empty(sip->challenge.ck) ||
	    !ims_slice_is_empty(sip->challenge.ik))
		signs |= IMS_SIGN_KEYS;
	return signs;
}

static uint32_t signs_of_journey(const struct ims_journey *journey)
{
	bool has_response = false;
	bool is_refused = false;
	uint32_t signs = 0;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		for (unsigned k = 0; k < hop->n_messages; k++) {
			const struct ims_facts *message = hop->messages[k];
			const struct ims_sip_facts *sip = message->sip;

			if (message->kind != IMS_EVENT_SIP)
				continue;
			signs |= sip->is_request ? signs_of_request(sip)
						 : signs_of_response(sip);
			if (!(signs & IMS_SIGN_SECURITY) &&
			    speaks_of_agreement(message))
				signs |= IMS_SIGN_SECURITY;
			has_response |= !ims_slice_is_empty(
				sip->authorization.response);
			is_refused |= sip->status == 401 || sip->status == 403;
		}
	}
	if (has_response && is_refused)
		signs |= IMS_SIGN_CREDENTIALS_REFUSED;
	return signs;
}

static uint32_t signs_of_binding(const struct ims_binding *binding)
{
	return binding && (binding->security_server || binding->ue_port_c ||
			   binding->pcscf_port_s)
		       ? IMS_SIGN_SECURITY
		       : 0;
}

static bool has_failed(const struct ims_attempt *attempt)
{
	return attempt->outcome == IMS_OUTCOME_REJECTED ||
	       attempt->outcome == IMS_OUTCOME_CHALLENGED ||
	       attempt->outcome == IMS_OUTCOME_UNANSWERED;
}

uint32_t ims_signs_of_attempt(const struct ims_attempt *attempt)
{
	uint32_t signs = signs_of_binding(attempt->before);

	if (attempt->ims)
		signs |= IMS_SIGN_IMS;
	if (attempt->kind != IMS_KIND_THIRD_PARTY)
		signs |= IMS_SIGN_OWN;
	if (has_failed(attempt))
		signs |= IMS_SIGN_FAILED;
	if (attempt->lost)
		signs |= IMS_SIGN_LOST;
	if (attempt->n_exchanges)
		signs |= IMS_SIGN_EXCHANGE;
	for (unsigned i = 0; i < attempt->n_journeys; i++)
		signs |= signs_of_journey(attempt->journeys[i]);
	if (signs & IMS_SIGN_SECURITY)
		signs |= IMS_SIGN_PORTS;
	return signs;
}

uint32_t ims_signs_of_request(const struct ims_journey *journey,
			      const struct ims_binding *binding)
{
	return IMS_SIGN_PORTS | signs_of_journey(journey) |
	       signs_of_binding(binding);
}

static uint32_t sign_of_command(enum ims_command command)
{
	switch (command) {
	case IMS_COMMAND_UA:
		return IMS_SIGN_UA | IMS_SIGN_UA_OR_LI;
	case IMS_COMMAND_LI:
		return IMS_SIGN_LI | IMS_SIGN_UA_OR_LI;
	case IMS_COMMAND_SA:
		return IMS_SIGN_SA;
	case IMS_COMMAND_MA:
		return IMS_SIGN_MA;
	case IMS_COMMAND_RT:
		return IMS_SIGN_RT;
	case IMS_COMMAND_PP:
		return IMS_SIGN_PP;
	default:
		return 0;
	}
}

uint32_t ims_signs_of_exchange(const struct ims_cx *cx, uint32_t attempt)
{
	uint32_t signs = attempt | sign_of_command(cx->command);

	if (cx->about.result.code >= 3000 || cx->redirect)
		signs |= IMS_SIGN_ERROR;
	if (!cx->answer || attempt & IMS_SIGN_REFUSAL)
		signs |= IMS_SIGN_SILENCE;
	return signs;
}

uint32_t ims_signs_of_message(const struct ims_facts *message)
{
	uint32_t signs = 0;

	/* Content-Length must stand on TCP alone. */
	if (message->kind == IMS_EVENT_SIP && message->sip &&
	    (message->sip->flaws || message->transport == IMS_TRANSPORT_TCP))
		signs = IMS_SIGN_SIP_FLAW;
	if (message->diameter && message->diameter->malformed_avp.present)
		signs |= IMS_SIGN_AVP_FLAW;
	return signs;
}
