// SPDX-License-Identifier: GPL-2.0-or-later
#include "observed_ends.h"

#include "sip_facts.h"

static uint32_t hash_of(const struct ims_endpoint *at)
{
	return ims_address_hash(&at->address) * 31 + at->port;
}

static bool is_at(const void *value, const void *at)
{
	return ims_endpoint_equal(&((const struct ims_observed_end *)value)->at,
				  at);
}

void ims_ends_clear(struct ims_observation *o)
{
	struct ims_observed_end *end;
	size_t i = 0;

	while ((end = ims_set_next(&o->ends, &i))) {
		g_free(end->call_id);
		g_free(end);
	}
	ims_set_clear(&o->ends);
}

const struct ims_observed_end *ims_ends_find(const struct ims_observation *o,
					     const struct ims_endpoint *at)
{
	return ims_set_find(&o->ends, hash_of(at), is_at, at);
}

/* Of an end that nothing was sent to nothing will be said. */
static void forget_all(struct ims_observation *o)
{
	const struct ims_observed_end *end;
	size_t i = 0;

	while ((end = ims_set_next(&o->ends, &i)))
		o->let_go += end->call_id != NULL;
	ims_ends_clear(o);
}

static struct ims_observed_end *end_at(struct ims_observation *o,
				       const struct ims_endpoint *at)
{
	uint32_t hash = hash_of(at);
	struct ims_observed_end *end = ims_set_find(&o->ends, hash, is_at, at);

	if (end)
		return end;
	if (o->ends.n == IMS_OBSERVED_MAX_ENDS)
		forget_all(o);
	end = g_new0(struct ims_observed_end, 1);
	end->at = *at;
	ims_set_add(&o->ends, hash, end);
	return end;
}

static uint16_t port_of(const struct ims_sip_address *uri)
{
	return uri->port ? uri->port : 5060;
}

/* False for a name: which address it has is not known. */
static bool endpoint_of(struct ims_endpoint *at,
			const struct ims_sip_address *uri)
{
	*at = (struct ims_endpoint){.port = port_of(uri)};
	return ims_address_parse(&at->address, uri->host);
}

static bool is_to_be_delivered(const struct ims_sip_facts *sip)
{
	return sip->method != IMS_SIP_METHOD_OPTIONS &&
	       sip->method != IMS_SIP_METHOD_ACK &&
	       sip->method != IMS_SIP_METHOD_REGISTER;
}

static void note_request(struct ims_observation *o,
			 const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	struct ims_endpoint at;
	struct ims_observed_end *end;

	if (!is_to_be_delivered(sip) || !endpoint_of(&at, &sip->request_uri))
		return;
	end = end_at(o, &at);
	end->request = ims_sighting_of(facts);
	g_free(end->call_id);
	end->call_id = g_strndup(sip->call_id.at, sip->call_id.len);
}

void ims_ends_observe(struct ims_observation *o, const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	struct ims_endpoint at;

	if (facts->transport == IMS_TRANSPORT_UDP) {
		if (!ims_is_sip_port(facts->source.port))
			end_at(o, &facts->source);
		if (!ims_is_sip_port(facts->destination.port))
			end_at(o, &facts->destination);
	}
	if (sip->is_request)
		note_request(o, facts);
	if (sip->n_contacts &&
	    !ims_is_sip_port(port_of(&sip->contacts[0].address)) &&
	    endpoint_of(&at, &sip->contacts[0].address))
		end_at(o, &at);
}
