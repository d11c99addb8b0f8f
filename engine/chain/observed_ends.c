// SPDX-License-Identifier: GPL-2.0-or-later
#include "observed_ends.h"

#include "sip_facts.h"

static guint end_hash(gconstpointer key)
{
	const struct ims_observed_end *end = key;

	return ims_address_hash(&end->at.address) * 31 + end->at.port;
}

static gboolean end_equal(gconstpointer a, gconstpointer b)
{
	const struct ims_observed_end *x = a;
	const struct ims_observed_end *y = b;

	return ims_endpoint_equal(&x->at, &y->at);
}

static void end_free(gpointer data)
{
	struct ims_observed_end *end = data;

	g_free(end->call_id);
	g_free(end);
}

GHashTable *ims_ends_table_new(void)
{
	return g_hash_table_new_full(end_hash, end_equal, end_free, NULL);
}

const struct ims_observed_end *ims_ends_find(const struct ims_observation *o,
					     const struct ims_endpoint *at)
{
	struct ims_observed_end key = {.at = *at};

	return g_hash_table_lookup(o->ends, &key);
}

static struct ims_observed_end *end_at(struct ims_observation *o,
				       const struct ims_endpoint *at)
{
	struct ims_observed_end key = {.at = *at};
	struct ims_observed_end *end = g_hash_table_lookup(o->ends, &key);

	if (end)
		return end;
	if (g_hash_table_size(o->ends) == IMS_OBSERVED_MAX_ENDS)
		g_hash_table_remove_all(o->ends);
	end = g_new0(struct ims_observed_end, 1);
	end->at = *at;
	g_hash_table_add(o->ends, end);
	return end;
}

/* False for a name: which address it has is not known. */
static bool endpoint_of(struct ims_endpoint *at,
			const struct ims_sip_address *uri)
{
	*at = (struct ims_endpoint){.port = uri->port ? uri->port : 5060};
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
	if (sip->n_contacts && endpoint_of(&at, &sip->contacts[0].address) &&
	    !ims_is_sip_port(at.port))
		end_at(o, &at);
}
