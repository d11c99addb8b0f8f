// SPDX-License-Identifier: GPL-2.0-or-later
/* What a registration leaves to the record of what stands. */
#include "binding_texts.h"

#include <glib.h>

/* With a NUL; NULL for absent, or too long, or want of memory. */
static const char *copy(struct ims_arena *arena, struct ims_slice text)
{
	return text.len > IMS_BINDING_MAX_TEXT ? NULL
					       : ims_arena_text(arena, text);
}

/* All of them, or none. */
static void copy_mechanisms(struct ims_binding_view *view,
			    struct ims_arena *arena,
			    const struct ims_sip_mechanisms *mechanisms)
{
	for (size_t i = 0; i < mechanisms->n; i++) {
		view->mechanisms[i] = copy(arena, mechanisms->at[i].text);
		if (!view->mechanisms[i]) {
			view->mechanisms[0] = NULL;
			return;
		}
	}
	view->mechanisms[mechanisms->n] = NULL;
}

static const struct ims_sip_facts *last_with_agreement(
	const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *found = NULL;

	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_hop *hop = NULL;
		const struct ims_facts *challenge =
			ims_journey_challenge(attempt->journeys[i], &hop);

		if (challenge && hop->depth == 1 &&
		    challenge->sip->security_server.n)
			found = challenge->sip;
	}
	return found;
}

static const struct ims_sip_mechanisms *last_offer(
	const struct ims_attempt *attempt)
{
	const struct ims_sip_mechanisms *found = NULL;

	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_hop *hop =
			ims_journey_first(attempt->journeys[i]);

		if (hop && hop->depth == 1 && hop->request &&
		    hop->request->sip->security_client.n)
			found = &hop->request->sip->security_client;
	}
	return found;
}

/* Some leg shows a challenge, or a REGISTER that answers one. */
static bool was_challenged(const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_facts *request =
			ims_journey_request(attempt->journeys[i]);

		if (ims_journey_challenge(attempt->journeys[i], NULL) ||
		    (request && !ims_slice_is_empty(
					request->sip->authorization->response)))
			return true;
	}
	return false;
}

static void forget_agreement(struct ims_binding_view *view)
{
	struct ims_binding *binding = &view->about;

	view->mechanisms[0] = NULL;
	binding->security_nonce = NULL;
	binding->pcscf_port_c = binding->pcscf_port_s = 0;
	binding->ue_port_c = binding->ue_port_s = 0;
	binding->serves_clear = false;
}

/* The P-CSCF takes on its protected port what is not protected: a laboratory
   without IPsec, or a capture from behind it. */
static void note_clear(struct ims_binding *binding,
		       const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *hop = last ? ims_journey_first(last) : NULL;

	if (!hop || hop->depth != 1 || !hop->request || !hop->final ||
	    hop->request->protected || hop->final->sip->status >= 300)
		return;
	binding->serves_clear |=
		binding->pcscf_port_s &&
		hop->request->destination.port == binding->pcscf_port_s;
}

/* Each challenge makes the agreement anew: one that the capture does not hold
   leaves nothing to compare with. Without a challenge the old one stands. */
static void take_agreement(struct ims_binding_view *view,
			   struct ims_arena *arena,
			   const struct ims_attempt *attempt)
{
	struct ims_binding *binding = &view->about;
	const struct ims_sip_facts *challenge = last_with_agreement(attempt);
	const struct ims_sip_mechanisms *offer = last_offer(attempt);

	if (challenge || was_challenged(attempt))
		forget_agreement(view);
	if (!challenge)
		return;
	copy_mechanisms(view, arena, &challenge->security_server);
	binding->security_nonce = copy(arena, challenge->challenge->nonce);
	binding->pcscf_port_c = challenge->security_server.at[0].port_c;
	binding->pcscf_port_s = challenge->security_server.at[0].port_s;
	if (offer) {
		binding->ue_port_c = offer->at[0].port_c;
		binding->ue_port_s = offer->at[0].port_s;
	}
}

static void take_servers(struct ims_binding_view *view, struct ims_arena *arena,
			 const struct ims_profile *profile)
{
	unsigned n = 0;

	if (!profile)
		return;
	for (size_t i = 0; i < profile->n_ifcs && n < IMS_BINDING_MAX_SERVERS;
	     i++) {
		const struct ims_profile_ifc *ifc = &profile->ifcs[i];

		if (ifc->on_register)
			view->servers[n++] = (struct ims_binding_server){
				copy(arena, ifc->server),
				ifc->default_handling,
			};
	}
	view->about.n_servers = n;
	view->about.servers = view->servers;
}

static void keep(const char **text, struct ims_arena *arena,
		 struct ims_slice value)
{
	const char *made = copy(arena, value);

	if (made)
		*text = made;
}

/* The SAR by which the S-CSCF made itself known for the user, and whose answer
   says that the HSS keeps its name (TS 29.228 6.1.2: not so with 2004 of
   3GPP, 2006 in RFC 4740). */
static const struct ims_cx *assignment_of(const struct ims_attempt *attempt)
{
	/* An emergency registration stands beside the user's own. */
	if (attempt->kind == IMS_KIND_EMERGENCY)
		return NULL;
	for (unsigned i = attempt->n_exchanges; i-- > 0;) {
		const struct ims_cx *cx = attempt->exchanges[i];
		const struct ims_diameter_facts *d = ims_diameter(cx->request);

		if (cx->command == IMS_COMMAND_SA && d && cx->answer &&
		    ims_cx_succeeded(cx) &&
		    (d->assignment_type == 1 || d->assignment_type == 2))
			return cx->about.result.code == 2001 ? cx : NULL;
	}
	return NULL;
}

/* Without a SAR the old assignment is kept with its S-CSCF. */
static void take_assignment(struct ims_binding *binding,
			    struct ims_arena *arena,
			    const struct ims_attempt *attempt)
{
	const struct ims_cx *sar = assignment_of(attempt);

	if (sar) {
		keep(&binding->scscf, arena,
		     sar->request->diameter->server_name);
		binding->assigned = sar->answer->frame;
		binding->assigned_ns = sar->answer->time_ns;
		binding->core = ims_cx_core(sar);
	} else if (ims_slice_is_set(attempt->scscf) &&
		   !ims_slice_is(attempt->scscf, binding->scscf)) {
		binding->assigned = (struct ims_frame){0};
		keep(&binding->scscf, arena, attempt->scscf);
	}
}

void ims_binding_take(struct ims_binding_view *view, struct ims_arena *arena,
		      const struct ims_attempt *attempt)
{
	struct ims_binding *binding = &view->about;

	keep(&binding->impi, arena, attempt->impi);
	keep(&binding->call_id, arena, attempt->call_id);
	if (!binding->impu)
		keep(&binding->impu, arena, attempt->impu);
	take_assignment(binding, arena, attempt);
	take_agreement(view, arena, attempt);
	note_clear(binding, attempt);
	take_servers(view, arena, ims_attempt_profile(attempt));
}
