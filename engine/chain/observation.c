// SPDX-License-Identifier: GPL-2.0-or-later
/* What the capture lacks, holds twice or hides; the rest in observed_*.c. */
#include "observed_ends.h"

/* SIP and SIP over TLS (RFC 3261 19.1.2). */
#define SIP_PORT     5060
#define SIP_TLS_PORT 5061
/* Diameter, and over TLS and DTLS (RFC 6733 2.1). */
#define DIAMETER_PORT	  3868
#define DIAMETER_TLS_PORT 5658

bool ims_is_sip_port(uint16_t port)
{
	return port == SIP_PORT || port == SIP_TLS_PORT;
}

static bool is_served_at(uint16_t port)
{
	return ims_is_sip_port(port) || port == DIAMETER_PORT ||
	       port == DIAMETER_TLS_PORT;
}

struct ims_observation *ims_observation_new(void)
{
	struct ims_observation *o = g_new0(struct ims_observation, 1);

	g_queue_init(&o->whole_ages);
	o->losses = g_array_new(FALSE, TRUE, sizeof(struct ims_observed_loss));
	o->tls = g_array_new(FALSE, TRUE, sizeof(struct ims_observed_tls));
	o->dials = ims_dials_table_new();
	g_queue_init(&o->open_dials);
	g_queue_init(&o->vain_dials);
	o->partials = ims_partials_table_new();
	g_queue_init(&o->partial_ages);
	return o;
}

void ims_observation_free(struct ims_observation *o)
{
	if (!o)
		return;
	ims_legs_free(o);
	g_array_free(o->losses, TRUE);
	g_array_free(o->tls, TRUE);
	g_hash_table_destroy(o->dials);
	ims_ends_clear(o);
	ims_partials_free(o);
	g_free(o);
}

struct ims_sighting ims_sighting_of(const struct ims_facts *facts)
{
	return (struct ims_sighting){
		.frame = facts->frame,
		.time_ns = facts->time_ns,
		.transport = facts->transport,
		.source = facts->source,
		.destination = facts->destination,
	};
}

void ims_sightings_add(struct ims_sightings *sightings,
		       const struct ims_facts *facts)
{
	sightings->last = ims_sighting_of(facts);
	if (sightings->n < IMS_OBSERVED_SIGHTINGS)
		sightings->at[sightings->n++] = sightings->last;
}

gint ims_sighting_compare(const struct ims_sighting *a,
			  const struct ims_sighting *b)
{
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	if (a->frame.capture != b->frame.capture)
		return a->frame.capture < b->frame.capture ? -1 : 1;
	return a->frame.number < b->frame.number
		       ? -1
		       : a->frame.number > b->frame.number;
}

static struct ims_observed_loss *loss_of(struct ims_observation *o,
					 enum ims_loss kind, uint32_t capture)
{
	struct ims_observed_loss new = {.kind = kind, .capture = capture};

	for (unsigned i = 0; i < o->losses->len; i++) {
		struct ims_observed_loss *loss =
			&g_array_index(o->losses, struct ims_observed_loss, i);

		if (loss->kind == kind && loss->capture == capture)
			return loss;
	}
	if (o->losses->len == IMS_OBSERVED_MAX_LOSSES) {
		o->let_go++;
		return NULL;
	}
	g_array_append_val(o->losses, new);
	return &g_array_index(o->losses, struct ims_observed_loss,
			      o->losses->len - 1);
}

static void lose(struct ims_observation *o, enum ims_loss kind,
		 const struct ims_facts *facts)
{
	struct ims_observed_loss *loss = loss_of(o, kind, facts->frame.capture);

	if (!loss)
		return;
	loss->n++;
	if (facts->transport == IMS_TRANSPORT_SCTP)
		loss->chunks += facts->missing;
	else
		loss->missing += facts->missing;
	ims_sightings_add(&loss->sightings, facts);
}

/* The end of a datagram is cut by the snapshot length alone; on a stream it
   may be in a hole, which is told for itself, or behind the capture's end. */
static bool is_cut_off(const struct ims_facts *facts)
{
	return (facts->kind == IMS_EVENT_SIP ||
		facts->kind == IMS_EVENT_DIAMETER) &&
	       facts->cut && facts->transport == IMS_TRANSPORT_UDP;
}

static void note_fragments(struct ims_observation *o,
			   const struct ims_facts *facts)
{
	bool is_later = facts->kind == IMS_EVENT_FRAGMENT_LOST &&
			facts->source.port == 0;

	if ((facts->fragmented || is_later) &&
	    facts->frame.capture < IMS_OBSERVED_MAX_CAPTURES)
		o->has_fragments[facts->frame.capture] = true;
}

static struct ims_observed_tls *tls_of(struct ims_observation *o,
				       const struct ims_facts *facts)
{
	bool to_server = is_served_at(facts->destination.port);
	const struct ims_endpoint *server =
		to_server ? &facts->destination : &facts->source;
	struct ims_observed_tls new = {
		.server = *server,
		.transport = facts->transport,
		.first = ims_sighting_of(facts),
	};

	/* Both ports may be well known: then who was first taken for it. */
	for (unsigned i = 0; i < o->tls->len; i++) {
		struct ims_observed_tls *tls =
			&g_array_index(o->tls, struct ims_observed_tls, i);

		if (tls->transport == facts->transport &&
		    (ims_endpoint_equal(&tls->server, &facts->destination) ||
		     ims_endpoint_equal(&tls->server, &facts->source)))
			return tls;
	}
	if (o->tls->len == IMS_OBSERVED_MAX_TLS) {
		o->let_go++;
		return NULL;
	}
	g_array_append_val(o->tls, new);
	return &g_array_index(o->tls, struct ims_observed_tls, o->tls->len - 1);
}

static void add_client(struct ims_observed_tls *tls,
		       const struct ims_address *client)
{
	for (unsigned i = 0; i < tls->n_clients; i++)
		if (ims_address_equal(&tls->clients[i], client))
			return;
	if (tls->n_clients == IMS_OBSERVED_CLIENTS)
		tls->more_clients = true;
	else
		tls->clients[tls->n_clients++] = *client;
}

static void take_tls(struct ims_observation *o, const struct ims_facts *facts)
{
	struct ims_observed_tls *tls = tls_of(o, facts);

	if (!tls)
		return;
	tls->n++;
	tls->last = ims_sighting_of(facts);
	add_client(tls, ims_endpoint_equal(&tls->server, &facts->source)
				? &facts->destination.address
				: &facts->source.address);
}

void ims_observe(struct ims_observation *o, const struct ims_facts *facts)
{
	note_fragments(o, facts);
	if (is_cut_off(facts))
		lose(o, IMS_LOSS_CUT, facts);
	switch (facts->kind) {
	case IMS_EVENT_DROPS:
		lose(o, IMS_LOSS_DROPS, facts);
		return;
	case IMS_EVENT_GAP:
		lose(o, IMS_LOSS_STREAM, facts);
		break;
	case IMS_EVENT_FRAGMENT_LOST:
		if (facts->sip)
			lose(o, IMS_LOSS_FRAGMENTS, facts);
		break;
	case IMS_EVENT_TLS:
		take_tls(o, facts);
		break;
	default:
		break;
	}
	ims_legs_observe(o, facts);
	ims_dials_observe(o, facts);
	ims_partials_observe(o, facts);
}

void ims_observe_copy(struct ims_observation *o, const struct ims_facts *copy,
		      const struct ims_facts *first)
{
	struct ims_observed_copies *copies = &o->copies;

	if (copies->n++ == 0) {
		copies->first = ims_sighting_of(first);
		copies->copy = ims_sighting_of(copy);
	}
	copies->most = MAX(copies->most, first->copies);
	copies->n_between += copy->frame.capture != first->frame.capture;
}

const struct ims_observed_loss *ims_observed_losses(
	const struct ims_observation *o, unsigned *n)
{
	*n = o->losses->len;
	return (const struct ims_observed_loss *)(void *)o->losses->data;
}

const struct ims_observed_tls *ims_observed_tls(const struct ims_observation *o,
						unsigned *n)
{
	*n = o->tls->len;
	return (const struct ims_observed_tls *)(void *)o->tls->data;
}

const struct ims_observed_copies *ims_observed_copies(
	const struct ims_observation *o)
{
	return &o->copies;
}

struct ims_observed_share ims_observed_share(const struct ims_observation *o)
{
	return o->share;
}

#define LOSSY_SHARE 100

bool ims_observed_is_lossy(const struct ims_observation *o,
			   const struct ims_observed_share *since)
{
	uint64_t missed = o->share.n_missed - since->n_missed;
	uint64_t heard = o->share.n_messages - since->n_messages;

	return missed && missed * LOSSY_SHARE >= missed + heard;
}

uint64_t ims_observation_let_go(const struct ims_observation *o)
{
	return o->let_go;
}
