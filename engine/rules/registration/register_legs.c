// SPDX-License-Identifier: GPL-2.0-or-later
#include "register_legs.h"

bool ims_has_passed_pcscf(const struct ims_facts *request)
{
	const struct ims_sip_facts *sip = ims_sip(request);

	return sip &&
	       (sip->paths.n > 0 || ims_slice_is_set(sip->charging_vector) ||
		ims_slice_is_set(sip->visited_network_id) ||
		ims_slice_is_set(sip->authorization->integrity_protected));
}

/* TS 29.228 6.1.1: the I-CSCF asks for every REGISTER that it gets. */
static bool asks_for_it(const struct ims_attempt *attempt,
			const struct ims_hop *hop)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];

		if (cx->command == IMS_COMMAND_UA &&
		    cx->about.request_time_ns >= hop->first_ns &&
		    ims_address_equal(&cx->about.asker.address,
				      &hop->to.endpoint.address))
			return true;
	}
	return false;
}

bool ims_is_behind_pcscf(const struct ims_attempt *attempt,
			 const struct ims_hop *hop)
{
	return hop->depth > 1 && hop->request &&
	       (ims_has_passed_pcscf(hop->request) ||
		asks_for_it(attempt, hop));
}

static bool is_between_same(const struct ims_hop *a, const struct ims_hop *b)
{
	return ims_address_equal(&a->from.endpoint.address,
				 &b->from.endpoint.address) &&
	       ims_address_equal(&a->to.endpoint.address,
				 &b->to.endpoint.address);
}

bool ims_is_ues_own_leg(const struct ims_attempt *attempt,
			const struct ims_hop *hop)
{
	if (hop->depth != 1 || hop->from.role != IMS_ROLE_UE)
		return false;
	if (hop->request)
		return !ims_has_passed_pcscf(hop->request);
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_hop *other =
			ims_journey_first(attempt->journeys[i]);

		if (other && other->depth == 1 && other->request &&
		    is_between_same(other, hop))
			return !ims_has_passed_pcscf(other->request);
	}
	return false;
}

const char *ims_maker_format(char out[IMS_MAKER_TEXT],
			     const struct ims_hop *hop)
{
	char party[IMS_PARTY_TEXT];
	bool is_last = hop->to.role == IMS_ROLE_S_CSCF ||
		       hop->to.role == IMS_ROLE_AS ||
		       hop->to.role == IMS_ROLE_REGISTRAR;

	g_snprintf(out, IMS_MAKER_TEXT, "%s%s",
		   ims_party_format(party, &hop->to),
		   is_last ? "" : " or a node behind it");
	return out;
}
