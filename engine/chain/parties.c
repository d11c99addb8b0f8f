// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who is who on the legs of a request: by the user's hints, by what nodes do
 * on Cx, and by their place on the way.
 */
#include "core.h"

/* The asker of that command in the attempt is at that address. */
static bool asks(const struct ims_attempt *attempt,
		 const struct ims_address *node, bool ua)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];
		bool is_ua = cx->command == IMS_COMMAND_UA;
		bool is_sa = cx->command == IMS_COMMAND_MA ||
			     cx->command == IMS_COMMAND_SA;

		if ((ua ? is_ua : is_sa) &&
		    ims_address_equal(&cx->about.asker.address, node))
			return true;
	}
	return false;
}

/* The I-CSCF is asked for the home domain, the S-CSCF by its own name. */
static bool asks_for_domain(const struct ims_hop *hop)
{
	const struct ims_sip_facts *sip = ims_sip(hop->request);

	return sip && ims_slice_is_empty(sip->request_uri.user) &&
	       ims_slice_equal_nocase(sip->request_uri.host, sip->to.host);
}

static bool challenges_or_accepts(const struct ims_hop *hop)
{
	unsigned status = hop->final ? hop->final->sip->status : 0;

	return status == 401 || status == 407 ||
	       (status >= 200 && status < 300);
}

/* Who is asked on a leg behind the first. */
static enum ims_role target_role(struct ims_engine *engine,
				 const struct ims_attempt *attempt,
				 const struct ims_journey *journey,
				 const struct ims_hop *hop)
{
	const struct ims_address *node = &hop->to.endpoint.address;
	bool forwards = ims_hop_has_below(journey, hop);
	bool does_ua = asks(attempt, node, true);
	bool does_sa = asks(attempt, node, false);
	enum ims_role known = ims_nodes_hint(engine->nodes, &hop->to.endpoint);

	if (known != IMS_ROLE_UNKNOWN)
		return known;
	if (does_ua != does_sa)
		return does_ua ? IMS_ROLE_I_CSCF : IMS_ROLE_S_CSCF;
	if (does_ua)
		return forwards || asks_for_domain(hop) ? IMS_ROLE_I_CSCF
							: IMS_ROLE_S_CSCF;
	known = ims_nodes_role(engine->nodes, &hop->to.endpoint);
	if (known == IMS_ROLE_I_CSCF || known == IMS_ROLE_S_CSCF)
		return known;
	if (forwards)
		return IMS_ROLE_I_CSCF;
	if (challenges_or_accepts(hop))
		return IMS_ROLE_S_CSCF;
	return asks_for_domain(hop) ? IMS_ROLE_I_CSCF : IMS_ROLE_S_CSCF;
}

/* Who asks on a leg whose upper neighbour was not captured. */
static enum ims_role source_role(const struct ims_engine *engine,
				 const struct ims_hop *hop)
{
	enum ims_role known =
		ims_nodes_role(engine->nodes, &hop->from.endpoint);

	if (known != IMS_ROLE_UNKNOWN)
		return known;
	if (hop->depth <= 1)
		return IMS_ROLE_UE;
	return hop->depth == 2 ? IMS_ROLE_P_CSCF : IMS_ROLE_I_CSCF;
}

static void name_register_hop(struct ims_engine *engine,
			      const struct ims_attempt *attempt,
			      const struct ims_journey *journey,
			      struct ims_hop *hop)
{
	if (attempt->kind == IMS_KIND_THIRD_PARTY) {
		hop->from.role = IMS_ROLE_S_CSCF;
		hop->to.role = IMS_ROLE_AS;
		hop->leg = IMS_LEG_ISC;
		return;
	}
	hop->from.role =
		hop->above ? hop->above->to.role : source_role(engine, hop);
	if (hop->depth > 1) {
		hop->leg = IMS_LEG_MW;
		hop->to.role = target_role(engine, attempt, journey, hop);
		return;
	}
	hop->leg = IMS_LEG_GM;
	hop->from.role = IMS_ROLE_UE;
	hop->to.role = attempt->ims || ims_hop_has_below(journey, hop)
			       ? IMS_ROLE_P_CSCF
			       : IMS_ROLE_REGISTRAR;
}

static void take_party(struct ims_party *party, enum ims_role role,
		       const struct ims_party *seen)
{
	if (seen->role == role && party->role == IMS_ROLE_UNKNOWN)
		*party = *seen;
}

static void take_parties(struct ims_engine *engine, struct ims_attempt *attempt,
			 const struct ims_hop *hop)
{
	const struct ims_party *ends[] = {&hop->to, &hop->from};

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		take_party(&attempt->pcscf, IMS_ROLE_P_CSCF, ends[i]);
		take_party(&attempt->icscf, IMS_ROLE_I_CSCF, ends[i]);
		take_party(&attempt->scscf_node, IMS_ROLE_S_CSCF, ends[i]);
		if (attempt->ims && ends[i]->role != IMS_ROLE_REGISTRAR)
			ims_nodes_note(engine->nodes, &ends[i]->endpoint,
				       ends[i]->role, false);
	}
}

/* Where only Cx shows a CSCF, its Diameter address is its address. */
static void take_askers(struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];
		struct ims_party *party = cx->command == IMS_COMMAND_UA
						  ? &attempt->icscf
						  : &attempt->scscf_node;

		if (cx->about.application == IMS_APPLICATION_RX ||
		    party->role != IMS_ROLE_UNKNOWN)
			continue;
		party->role = cx->command == IMS_COMMAND_UA ? IMS_ROLE_I_CSCF
							    : IMS_ROLE_S_CSCF;
		party->endpoint.address = cx->about.asker.address;
	}
}

/* Of its leg only responses may be captured. */
static bool take_ue_of_leg(struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_hop *first =
			ims_journey_first(attempt->journeys[i]);

		if (first && first->depth == 1) {
			attempt->ue = first->from.endpoint;
			return true;
		}
	}
	return false;
}

/* The last Via is the UE's own, where its leg is not captured. */
static void take_ue(struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_facts *request =
		last ? ims_journey_request(last) : NULL;
	const struct ims_sip_via *via;

	if (attempt->ue.address.family ||
	    attempt->kind == IMS_KIND_THIRD_PARTY || take_ue_of_leg(attempt) ||
	    !request || request->sip->n_vias < 2)
		return;
	via = &request->sip->vias[request->sip->n_vias - 1];
	if (!ims_address_parse(&attempt->ue.address, via->received) &&
	    !ims_address_parse(&attempt->ue.address, via->host))
		return;
	attempt->ue.port = via->rport ? via->rport : via->port;
}

void ims_parties_of_attempt(struct ims_engine *engine,
			    struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		struct ims_journey *journey = attempt->journeys[i];

		for (unsigned k = 0; k < journey->n_hops; k++) {
			name_register_hop(engine, attempt, journey,
					  journey->hops[k]);
			take_parties(engine, attempt, journey->hops[k]);
		}
	}
	take_askers(attempt);
	take_ue(attempt);
}

static enum ims_role role_at(struct ims_engine *engine,
			     const struct ims_endpoint *at)
{
	enum ims_role role = ims_nodes_role(engine->nodes, at);

	if (role == IMS_ROLE_UNKNOWN &&
	    ims_bindings_are_at(engine->bindings, &at->address, engine->now_ns))
		role = IMS_ROLE_UE;
	return role;
}

static void name_call_hop(struct ims_engine *engine, struct ims_hop *hop)
{
	hop->from.role = hop->above ? hop->above->to.role
				    : role_at(engine, &hop->from.endpoint);
	hop->to.role = role_at(engine, &hop->to.endpoint);
	if (hop->from.role == IMS_ROLE_UNKNOWN && hop->depth == 1 &&
	    hop->to.role == IMS_ROLE_P_CSCF)
		hop->from.role = IMS_ROLE_UE;
	/* Behind the S-CSCF stand application servers (TS 23.228 4.2.4). */
	if (hop->to.role == IMS_ROLE_UNKNOWN &&
	    hop->from.role == IMS_ROLE_S_CSCF) {
		hop->to.role = IMS_ROLE_AS;
		ims_nodes_note(engine->nodes, &hop->to.endpoint, IMS_ROLE_AS,
			       false);
	}
	if (hop->from.role == IMS_ROLE_UE || hop->to.role == IMS_ROLE_UE)
		hop->leg = IMS_LEG_GM;
	else if (hop->from.role == IMS_ROLE_AS || hop->to.role == IMS_ROLE_AS ||
		 hop->from.role == IMS_ROLE_MRF || hop->to.role == IMS_ROLE_MRF)
		hop->leg = IMS_LEG_ISC;
	else
		hop->leg = IMS_LEG_MW;
}

void ims_parties_of_journey(struct ims_engine *engine,
			    struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		name_call_hop(engine, journey->hops[i]);
}
