// SPDX-License-Identifier: GPL-2.0-or-later
#include "signs.h"

#include <glib.h>

#include "check.h"

static uint32_t signs_of_marks(const struct ims_sip_facts *sip)
{
	static const struct {
		enum ims_sip_mark mark;
		enum ims_sign sign;
	} pairs[] = {
		{IMS_SIP_MARK_FOLDED, IMS_SIGN_FOLDED},
		{IMS_SIP_MARK_ODD_HOST, IMS_SIGN_ODD_HOST},
		{IMS_SIP_MARK_LOCAL_HOST, IMS_SIGN_EXPOSED},
		{IMS_SIP_MARK_EMPTY_OPTION, IMS_SIGN_EMPTY_OPTION},
		{IMS_SIP_MARK_REQUIRES, IMS_SIGN_REQUIRES},
		{IMS_SIP_MARK_AGREEMENT, IMS_SIGN_SECURITY},
		{IMS_SIP_MARK_RESPONSE, IMS_SIGN_RESPONSE},
		{IMS_SIP_MARK_AUTS, IMS_SIGN_AUTS},
		{IMS_SIP_MARK_KEYS, IMS_SIGN_KEYS},
	};
	uint32_t signs = 0;

	for (size_t i = 0; sip->marks && i < G_N_ELEMENTS(pairs); i++)
		if (sip->marks & pairs[i].mark)
			signs |= pairs[i].sign;
	return signs;
}

static uint32_t signs_of_status(uint16_t status)
{
	uint32_t signs = 0;

	if (status == 401 || status == 407)
		signs = IMS_SIGN_CHALLENGE;
	else if (status >= 300)
		signs = IMS_SIGN_REFUSAL;
	if (status == 401 || status == 403)
		signs |= IMS_SIGN_DENIED;
	return signs;
}

static bool is_large(const struct ims_facts *message)
{
	return message->sip->is_request &&
	       message->transport == IMS_TRANSPORT_UDP &&
	       message->length > IMS_UDP_MOST;
}

static bool leaves_private(const struct ims_facts *message)
{
	return ims_address_reach(&message->source.address) == IMS_REACH_ALL ||
	       ims_address_reach(&message->destination.address) ==
		       IMS_REACH_ALL;
}

uint32_t ims_signs_add(uint32_t signs, const struct ims_facts *message)
{
	const uint32_t refused = IMS_SIGN_RESPONSE | IMS_SIGN_DENIED;

	if (message->kind != IMS_EVENT_SIP)
		return signs;
	signs |= signs_of_marks(message->sip) |
		 signs_of_status(message->sip->status) |
		 ims_signs_of_message(message);
	if (message->protected)
		signs |= IMS_SIGN_SECURITY;
	if (is_large(message))
		signs |= IMS_SIGN_LARGE;
	if (!(signs & IMS_SIGN_EXPOSED) && leaves_private(message))
		signs |= IMS_SIGN_EXPOSED;
	if ((signs & refused) == refused)
		signs |= IMS_SIGN_CREDENTIALS_REFUSED;
	return signs;
}

static uint32_t signs_of_journey(const struct ims_journey *journey)
{
	uint32_t signs = journey->signs;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->n_requests > 1 && !hop->provisional && !hop->final)
			signs |= IMS_SIGN_EXPOSED;
	}
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
