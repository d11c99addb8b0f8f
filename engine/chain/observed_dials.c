// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Connections to SIP ports that nobody took: what a client tried until one
 * was accepted. Those that were accepted at once leave nothing.
 */
#include "observed_ends.h"

#include "sip_facts.h"

/* What is not sent over TCP goes by UDP after this at the latest: SYNs may
   be sent for so long (RFC 3261 18.1.1; Linux gives up after 127 s). */
#define RETRY_NS (130 * INT64_C(1000000000))

static guint dial_hash(gconstpointer key)
{
	const struct ims_observed_dial *dial = key;

	return ims_address_hash(&dial->client) * 31 +
	       ims_address_hash(&dial->server.address);
}

/* The port of the server is no part of the key's hash: a message by other
   means may go to another one. */
static gboolean dial_equal(gconstpointer a, gconstpointer b)
{
	const struct ims_observed_dial *x = a;
	const struct ims_observed_dial *y = b;

	return ims_address_equal(&x->client, &y->client) &&
	       ims_address_equal(&x->server.address, &y->server.address) &&
	       x->transport == y->transport;
}

static void dial_free(gpointer data)
{
	struct ims_observed_dial *dial = data;

	g_free(dial->call_id);
	g_free(dial);
}

GHashTable *ims_dials_table_new(void)
{
	return g_hash_table_new_full(dial_hash, dial_equal, dial_free, NULL);
}

static struct ims_observed_dial *find_dial(const struct ims_observation *o,
					   const struct ims_address *client,
					   const struct ims_address *server,
					   enum ims_transport transport)
{
	struct ims_observed_dial key = {
		.client = *client,
		.server.address = *server,
		.transport = transport,
	};

	return g_hash_table_lookup(o->dials, &key);
}

static GQueue *queue_of(struct ims_observation *o,
			const struct ims_observed_dial *dial)
{
	return dial->is_in_vain ? &o->vain_dials : &o->open_dials;
}

static void forget(struct ims_observation *o, struct ims_observed_dial *dial)
{
	g_queue_unlink(queue_of(o, dial), &dial->age);
	g_hash_table_remove(o->dials, dial);
}

static void judge(struct ims_observation *o, struct ims_observed_dial *dial)
{
	if (dial->is_in_vain || (!dial->n_refused && dial->n_syns < 3))
		return;
	g_queue_unlink(queue_of(o, dial), &dial->age);
	dial->is_in_vain = true;
	g_queue_push_tail_link(queue_of(o, dial), &dial->age);
}

/* The oldest of which nothing is known yet goes first. */
static void make_room(struct ims_observation *o)
{
	GQueue *from = &o->open_dials;

	if (g_hash_table_size(o->dials) < IMS_OBSERVED_MAX_DIALS)
		return;
	if (!from->head) {
		from = &o->vain_dials;
		o->let_go++;
	}
	forget(o, from->head->data);
}

/* A node that gets a request to be sent by TCP connects at once. */
#define AT_ONCE_NS (5 * INT64_C(1000000000))

static void find_request(struct ims_observed_dial *dial,
			 const struct ims_observation *o,
			 const struct ims_facts *syn)
{
	const struct ims_observed_end *end =
		ims_ends_find(o, &syn->destination);

	if (!end || !end->call_id ||
	    syn->time_ns - end->request.time_ns > AT_ONCE_NS)
		return;
	dial->request = end->request;
	dial->call_id = g_strdup(end->call_id);
}

static struct ims_observed_dial *dial_new(struct ims_observation *o,
					  const struct ims_facts *syn)
{
	struct ims_observed_dial *dial;

	make_room(o);
	dial = g_new0(struct ims_observed_dial, 1);
	dial->client = syn->source.address;
	dial->server = syn->destination;
	dial->transport = syn->transport;
	dial->is_protected = syn->protected;
	dial->retried_ns = -1;
	dial->age.data = dial;
	find_request(dial, o, syn);
	g_queue_push_tail_link(&o->open_dials, &dial->age);
	g_hash_table_add(o->dials, dial);
	return dial;
}

/* Under a security agreement every port is one of SIP (TS 33.203 7.1). */
static bool is_to_sip(const struct ims_observation *o,
		      const struct ims_facts *syn)
{
	return ims_is_sip_port(syn->destination.port) || syn->protected ||
	       ims_ends_find(o, &syn->destination);
}

static void take_syn(struct ims_observation *o, const struct ims_facts *syn)
{
	struct ims_observed_dial *dial;

	if (!is_to_sip(o, syn))
		return;
	dial = find_dial(o, &syn->source.address, &syn->destination.address,
			 syn->transport);
	/* Another port of that server: the last that was tried is told. */
	if (dial && dial->server.port != syn->destination.port &&
	    !dial->is_in_vain) {
		forget(o, dial);
		dial = NULL;
	}
	if (!dial)
		dial = dial_new(o, syn);
	if (dial->server.port != syn->destination.port)
		return;
	if (dial->n_connections == 0 || dial->port != syn->source.port) {
		dial->n_connections++;
		dial->port = syn->source.port;
		dial->n_syns_now = 0;
		dial->since_ns = syn->time_ns;
	}
	dial->n_syns_now++;
	dial->n_syns = MAX(dial->n_syns, dial->n_syns_now);
	dial->longest_ns = MAX(dial->longest_ns, syn->time_ns - dial->since_ns);
	ims_sightings_add(&dial->openings, syn);
	judge(o, dial);
}

static void take_accepted(struct ims_observation *o,
			  const struct ims_endpoint *client,
			  const struct ims_endpoint *server,
			  enum ims_transport transport)
{
	struct ims_observed_dial *dial =
		find_dial(o, &client->address, &server->address, transport);

	if (!dial || dial->server.port != server->port)
		return;
	/* Some SYNs more than one is a busy listener, or a slow way. */
	if (dial->n_refused == 0)
		forget(o, dial);
	else
		dial->stood = true;
}

static void take_refused(struct ims_observation *o,
			 const struct ims_facts *facts)
{
	bool icmp = facts->kind == IMS_EVENT_ICMP_ERROR;
	const struct ims_endpoint *client =
		icmp ? &facts->quoted_source : &facts->destination;
	const struct ims_endpoint *server =
		icmp ? &facts->quoted_destination : &facts->source;
	struct ims_observed_dial *dial =
		find_dial(o, &client->address, &server->address,
			  icmp ? IMS_TRANSPORT_TCP : facts->transport);

	if (!dial || dial->server.port != server->port ||
	    dial->port != client->port)
		return;
	if (dial->n_refused++ == 0)
		dial->refusal = ims_sighting_of(facts);
	dial->by_icmp |= icmp;
	dial->stood = false;
	judge(o, dial);
}

/* A request to the same node by other means, and what came back. */
static void take_fallback(struct ims_observation *o,
			  const struct ims_facts *facts)
{
	bool to_server = facts->sip->is_request;
	const struct ims_endpoint *client =
		to_server ? &facts->source : &facts->destination;
	const struct ims_endpoint *server =
		to_server ? &facts->destination : &facts->source;
	struct ims_observed_dial *dial = find_dial(
		o, &client->address, &server->address, IMS_TRANSPORT_TCP);

	/* OPTIONS are sent all the time, to see whether it is there. */
	if (!dial || facts->sip->method == IMS_SIP_METHOD_OPTIONS ||
	    facts->sip->method == IMS_SIP_METHOD_ACK)
		return;
	if (to_server &&
	    facts->time_ns - dial->openings.last.time_ns < RETRY_NS)
		dial->retried_ns = facts->time_ns;
	else if (!to_server && dial->retried_ns >= 0)
		dial->fell_back = true;
}

static void take_message(struct ims_observation *o,
			 const struct ims_facts *facts)
{
	if (facts->transport == IMS_TRANSPORT_UDP) {
		if (facts->sip)
			take_fallback(o, facts);
		return;
	}
	take_accepted(o, &facts->source, &facts->destination, facts->transport);
	take_accepted(o, &facts->destination, &facts->source, facts->transport);
}

void ims_dials_observe(struct ims_observation *o, const struct ims_facts *facts)
{
	if (facts->kind == IMS_EVENT_CONNECTION_OPENING) {
		take_syn(o, facts);
		return;
	}
	if (facts->kind == IMS_EVENT_SIP && facts->sip)
		ims_ends_observe(o, facts);
	if (g_hash_table_size(o->dials) == 0)
		return;
	switch (facts->kind) {
	case IMS_EVENT_CONNECTION_OPENED:
	case IMS_EVENT_TLS:
		take_accepted(o, &facts->destination, &facts->source,
			      facts->transport);
		take_accepted(o, &facts->source, &facts->destination,
			      facts->transport);
		break;
	case IMS_EVENT_CONNECTION_REFUSED:
		take_refused(o, facts);
		break;
	case IMS_EVENT_ICMP_ERROR:
		if (!facts->sip)
			take_refused(o, facts);
		break;
	case IMS_EVENT_SIP:
		take_message(o, facts);
		break;
	default:
		break;
	}
}

static gint by_first(gconstpointer a, gconstpointer b)
{
	const struct ims_observed_dial *x =
		*(struct ims_observed_dial *const *)a;
	const struct ims_observed_dial *y =
		*(struct ims_observed_dial *const *)b;

	return ims_sighting_compare(&x->openings.at[0], &y->openings.at[0]);
}

GPtrArray *ims_observed_dials(const struct ims_observation *o)
{
	GPtrArray *all = g_ptr_array_new();

	for (GList *l = o->vain_dials.head; l; l = l->next)
		g_ptr_array_add(all, l->data);
	g_ptr_array_sort(all, by_first);
	return all;
}

static bool is_within(const struct ims_observed_dial *dial, int64_t from_ns,
		      int64_t until_ns)
{
	const struct ims_sightings *openings = &dial->openings;

	for (unsigned i = 0; i < openings->n; i++)
		if (openings->at[i].time_ns >= from_ns &&
		    openings->at[i].time_ns <= until_ns)
			return true;
	return openings->last.time_ns >= from_ns &&
	       openings->last.time_ns <= until_ns;
}

struct ims_observed_dial *ims_observed_dial_of(const struct ims_observation *o,
					       const struct ims_address *client,
					       int64_t from_ns,
					       int64_t until_ns)
{
	for (GList *l = o->vain_dials.head; l; l = l->next) {
		struct ims_observed_dial *dial = l->data;

		if (ims_address_equal(&dial->client, client) &&
		    is_within(dial, from_ns, until_ns))
			return dial;
	}
	return NULL;
}
