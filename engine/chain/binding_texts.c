// SPDX-License-Identifier: GPL-2.0-or-later
/* What a registration leaves to the record of what stands: its texts in one
   block, lists with their texts behind them. */
#include "binding_texts.h"

#include <glib.h>

/* A text into a block, behind which the next is put; NULL for absent. */
static char *put(char **at, struct ims_slice text)
{
	char *start = *at;

	if (!ims_slice_is_set(text))
		return NULL;
	memcpy(start, text.at, text.len);
	start[text.len] = '\0';
	*at += text.len + 1;
	return start;
}

struct ims_binding_texts ims_binding_texts_of(const struct ims_binding *binding)
{
	return (struct ims_binding_texts){
		ims_slice_of(binding->impi),
		ims_slice_of(binding->impu),
		ims_slice_of(binding->call_id),
		ims_slice_of(binding->scscf),
		ims_slice_of(binding->security_nonce),
	};
}

size_t ims_binding_texts_size(const struct ims_binding_texts *texts)
{
	return texts->impi.len + texts->impu.len + texts->call_id.len +
	       texts->scscf.len + texts->security_nonce.len + 5;
}

char *ims_binding_pack(struct ims_binding *binding,
		       const struct ims_binding_texts *texts)
{
	char *block = g_malloc(ims_binding_texts_size(texts));
	char *at = block;

	binding->impi = put(&at, texts->impi);
	binding->impu = put(&at, texts->impu);
	binding->call_id = put(&at, texts->call_id);
	binding->scscf = put(&at, texts->scscf);
	binding->security_nonce = put(&at, texts->security_nonce);
	return block;
}

/* NULL-terminated, with its texts behind it: one block. */
static char **copy_mechanisms(const struct ims_sip_mechanisms *mechanisms)
{
	size_t size = (mechanisms->n + 1) * sizeof(char *);
	char **list;
	char *at;

	if (!mechanisms->n)
		return NULL;
	for (size_t i = 0; i < mechanisms->n; i++)
		size += mechanisms->at[i].text.len + 1;
	list = g_malloc0(size);
	at = (char *)&list[mechanisms->n + 1];
	for (size_t i = 0; i < mechanisms->n; i++)
		list[i] = put(&at, mechanisms->at[i].text);
	return list;
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

static void forget_agreement(struct ims_binding *binding,
			     struct ims_binding_texts *texts)
{
	g_clear_pointer(&binding->security_server, g_free);
	texts->security_nonce = (struct ims_slice){0};
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
static void take_agreement(struct ims_binding *binding,
			   struct ims_binding_texts *texts,
			   const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *challenge = last_with_agreement(attempt);
	const struct ims_sip_mechanisms *offer = last_offer(attempt);

	if (challenge || was_challenged(attempt))
		forget_agreement(binding, texts);
	if (!challenge)
		return;
	binding->security_server = copy_mechanisms(&challenge->security_server);
	texts->security_nonce = challenge->challenge->nonce;
	binding->pcscf_port_c = challenge->security_server.at[0].port_c;
	binding->pcscf_port_s = challenge->security_server.at[0].port_s;
	if (offer) {
		binding->ue_port_c = offer->at[0].port_c;
		binding->ue_port_s = offer->at[0].port_s;
	}
}

/* With their names behind them: one block. */
static void take_servers(struct ims_binding *binding,
			 const struct ims_profile *profile)
{
	const struct ims_profile_ifc *taken[IMS_BINDING_MAX_SERVERS];
	unsigned n = 0;
	size_t size = 0;
	char *at;

	if (!profile)
		return;
	for (size_t i = 0; i < profile->n_ifcs && n < IMS_BINDING_MAX_SERVERS;
	     i++) {
		if (!profile->ifcs[i].on_register)
			continue;
		taken[n++] = &profile->ifcs[i];
		size += sizeof(struct ims_binding_server) +
			profile->ifcs[i].server.len + 1;
	}
	g_free(binding->servers);
	binding->servers = n ? g_malloc(size) : NULL;
	binding->n_servers = n;
	at = n ? (char *)&binding->servers[n] : NULL;
	for (unsigned i = 0; i < n; i++)
		binding->servers[i] = (struct ims_binding_server){
			put(&at, taken[i]->server),
			taken[i]->default_handling,
		};
}

static void keep(struct ims_slice *text, struct ims_slice value)
{
	if (ims_slice_is_set(value))
		*text = value;
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
			    struct ims_binding_texts *texts,
			    const struct ims_attempt *attempt)
{
	const struct ims_cx *sar = assignment_of(attempt);

	if (sar) {
		keep(&texts->scscf, sar->request->diameter->server_name);
		binding->assigned = sar->answer->frame;
		binding->assigned_ns = sar->answer->time_ns;
		binding->core = ims_cx_core(sar);
	} else if (ims_slice_is_set(attempt->scscf) &&
		   !ims_slice_equal(attempt->scscf, texts->scscf)) {
		binding->assigned = (struct ims_frame){0};
		keep(&texts->scscf, attempt->scscf);
	}
}

void ims_binding_take(struct ims_binding *binding,
		      struct ims_binding_texts *texts,
		      const struct ims_attempt *attempt)
{
	keep(&texts->impi, attempt->impi);
	keep(&texts->call_id, attempt->call_id);
	if (!ims_slice_is_set(texts->impu))
		keep(&texts->impu, attempt->impu);
	take_assignment(binding, texts, attempt);
	take_agreement(binding, texts, attempt);
	note_clear(binding, attempt);
	take_servers(binding, ims_attempt_profile(attempt));
}
