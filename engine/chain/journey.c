// SPDX-License-Identifier: GPL-2.0-or-later
#include "journey.h"

#include <glib.h>

#include "changes.h"
#include "journey_build.h"

const struct ims_sip_facts *ims_sip(const struct ims_facts *facts)
{
	return facts ? facts->sip : NULL;
}

struct ims_journey *ims_journey_new(const struct ims_facts *facts)
{
	struct ims_journey *journey = g_new0(struct ims_journey, 1);
	const struct ims_sip_facts *sip = facts->sip;

	journey->call_id = ims_slice(
		g_memdup2(sip->call_id.at, sip->call_id.len), sip->call_id.len);
	journey->method_text =
		ims_slice(g_memdup2(sip->method_text.at, sip->method_text.len),
			  sip->method_text.len);
	journey->method = sip->method;
	journey->cseq = sip->cseq;
	journey->first_ns = facts->time_ns;
	journey->last_ns = facts->time_ns;
	return journey;
}

static void hop_free(struct ims_hop *hop)
{
	for (unsigned i = 0; i < hop->n_messages; i++)
		ims_facts_unref((struct ims_facts *)hop->messages[i]);
	g_free(hop->messages);
	g_free(hop);
}

void ims_journey_free(struct ims_journey *journey)
{
	if (!journey)
		return;
	ims_journey_forget_changes(journey);
	for (unsigned i = 0; i < journey->n_hops; i++)
		hop_free(journey->hops[i]);
	g_free(journey->hops);
	g_free((char *)journey->call_id.at);
	g_free((char *)journey->method_text.at);
	g_free(journey);
}

bool ims_journey_takes(const struct ims_journey *journey,
		       const struct ims_sip_facts *sip)
{
	return journey->cseq == sip->cseq && journey->method == sip->method &&
	       ims_slice_equal(journey->method_text, sip->method_text);
}

static bool via_equal(const struct ims_sip_via *a, const struct ims_sip_via *b)
{
	return ims_slice_equal(a->branch, b->branch) && a->port == b->port &&
	       ims_slice_equal_nocase(a->host, b->host);
}

/* The topmost Via that the hop's messages carry; NULL: none. */
static const struct ims_sip_via *hop_via(const struct ims_hop *hop,
					 unsigned place)
{
	for (unsigned i = 0; i < hop->n_messages; i++)
		if (hop->messages[i]->sip->n_vias > place)
			return &hop->messages[i]->sip->vias[place];
	return NULL;
}

static bool same_way(const struct ims_hop *hop, const struct ims_facts *facts)
{
	const struct ims_endpoint *from = &facts->source;
	const struct ims_endpoint *to = &facts->destination;

	if (!facts->sip->is_request) {
		from = &facts->destination;
		to = &facts->source;
	}
	return ims_endpoint_equal(&hop->from.endpoint, from) &&
	       ims_endpoint_equal(&hop->to.endpoint, to);
}

/* RFC 3261 17.1.3 and 17.2.3: by branch; without one by its endpoints. */
static struct ims_hop *find_hop(const struct ims_journey *journey,
				const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		struct ims_hop *hop = journey->hops[i];
		const struct ims_sip_via *via = hop_via(hop, 0);

		if (sip->n_vias == 0 ||
		    !ims_slice_is_set(sip->vias[0].branch) || !via) {
			if (same_way(hop, facts))
				return hop;
		} else if (via_equal(via, &sip->vias[0])) {
			return hop;
		}
	}
	return NULL;
}

bool ims_journey_has_branch(const struct ims_journey *journey,
			    const struct ims_sip_facts *sip)
{
	for (unsigned i = 0; sip->n_vias && i < journey->n_hops; i++) {
		const struct ims_sip_via *via = hop_via(journey->hops[i], 0);

		if (via && ims_slice_is_set(via->branch) &&
		    via_equal(via, &sip->vias[0]))
			return true;
	}
	return false;
}

static struct ims_hop *add_hop(struct ims_journey *journey,
			       const struct ims_facts *facts)
{
	bool forward = facts->sip->is_request;
	struct ims_hop *hop;

	if (journey->n_hops == IMS_JOURNEY_MAX_HOPS) {
		journey->hops_lost = true;
		return NULL;
	}
	hop = g_new0(struct ims_hop, 1);
	hop->from.endpoint = forward ? facts->source : facts->destination;
	hop->to.endpoint = forward ? facts->destination : facts->source;
	hop->first_ns = facts->time_ns;
	hop->last_request_ns = -1;
	journey->hops =
		g_renew(struct ims_hop *, journey->hops, journey->n_hops + 1);
	journey->hops[journey->n_hops++] = hop;
	return hop;
}

static void take_request(struct ims_journey *journey, struct ims_hop *hop,
			 struct ims_facts *facts)
{
	if (!hop->request) {
		hop->request = facts;
		hop->from.endpoint = facts->source;
		hop->to.endpoint = facts->destination;
		hop->first_ns = facts->time_ns;
	}
	hop->n_requests++;
	hop->last_request_ns = facts->time_ns;
	if (facts->sip->n_vias > hop->depth)
		hop->depth = (unsigned)facts->sip->n_vias;
	if (!ims_slice_is_empty(facts->sip->to_tag))
		journey->in_dialog = true;
}

static void take_response(struct ims_hop *hop, struct ims_facts *facts)
{
	if (hop->depth == 0)
		hop->depth = (unsigned)facts->sip->n_vias;
	if (facts->sip->status < 200) {
		if (!hop->provisional)
			hop->provisional = facts;
		return;
	}
	hop->n_finals++;
	if (!hop->final)
		hop->final = facts;
}

static void take_icmp(struct ims_hop *hop, struct ims_facts *facts)
{
	if (!hop->icmp)
		hop->icmp = facts;
	hop->n_icmp++;
}

bool ims_journey_add(struct ims_journey *journey, struct ims_facts *facts)
{
	struct ims_hop *hop = find_hop(journey, facts);
	bool icmp = facts->kind == IMS_EVENT_ICMP_ERROR;

	ims_journey_forget_changes(journey);
	/* What an error quotes may be all that is seen of a request, but it
	   proves none. */
	if (!hop && !icmp)
		hop = add_hop(journey, facts);
	if (!hop)
		return false;
	if (facts->time_ns > journey->last_ns)
		journey->last_ns = facts->time_ns;
	if (hop->n_messages == IMS_HOP_MAX_MESSAGES) {
		hop->n_requests += facts->sip->is_request && !icmp;
		return false;
	}
	ims_facts_ref(facts);
	hop->messages = g_renew(const struct ims_facts *, hop->messages,
				hop->n_messages + 1);
	hop->messages[hop->n_messages++] = facts;
	if (icmp)
		take_icmp(hop, facts);
	else if (facts->sip->is_request)
		take_request(journey, hop, facts);
	else
		take_response(hop, facts);
	return true;
}

static int by_depth(const void *a, const void *b)
{
	const struct ims_hop *x = *(struct ims_hop *const *)a;
	const struct ims_hop *y = *(struct ims_hop *const *)b;

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return x->first_ns < y->first_ns ? -1 : x->first_ns > y->first_ns;
}

static const struct ims_hop *find_above(const struct ims_journey *journey,
					const struct ims_hop *hop)
{
	const struct ims_sip_via *second = hop_via(hop, 1);

	for (unsigned i = 0; second && i < journey->n_hops; i++) {
		const struct ims_hop *other = journey->hops[i];
		const struct ims_sip_via *via = hop_via(other, 0);

		if (other != hop && other->depth < hop->depth && via &&
		    ims_slice_is_set(via->branch) && via_equal(via, second))
			return other;
	}
	return NULL;
}

void ims_journey_settle(struct ims_journey *journey)
{
	ims_journey_forget_changes(journey);
	if (journey->n_hops)
		qsort(journey->hops, journey->n_hops, sizeof(journey->hops[0]),
		      by_depth);
	for (unsigned i = 0; i < journey->n_hops; i++)
		journey->hops[i]->above = find_above(journey, journey->hops[i]);
}

const struct ims_hop *ims_journey_first(const struct ims_journey *journey)
{
	const struct ims_hop *first = NULL;

	for (unsigned i = 0; i < journey->n_hops; i++)
		if (!first || journey->hops[i]->depth < first->depth)
			first = journey->hops[i];
	return first;
}

const struct ims_facts *ims_journey_request(const struct ims_journey *journey)
{
	const struct ims_hop *best = NULL;

	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->request && (!best || hop->depth < best->depth))
			best = hop;
	}
	return best ? best->request : NULL;
}

/* On one leg a 2xx settles it, whatever other branches said. */
static bool is_better_final(const struct ims_hop *hop,
			    const struct ims_hop *best)
{
	bool good = hop->final->sip->status < 300;

	if (!best)
		return true;
	if (hop->depth != best->depth)
		return hop->depth < best->depth;
	if (good != (best->final->sip->status < 300))
		return good;
	return hop->final->time_ns > best->final->time_ns;
}

const struct ims_facts *ims_journey_final(const struct ims_journey *journey,
					  const struct ims_hop **hop)
{
	const struct ims_hop *best = NULL;

	for (unsigned i = 0; i < journey->n_hops; i++)
		if (journey->hops[i]->final &&
		    is_better_final(journey->hops[i], best))
			best = journey->hops[i];
	if (hop)
		*hop = best;
	return best ? best->final : NULL;
}

const struct ims_hop *ims_journey_maker(const struct ims_journey *journey,
					const struct ims_facts *final)
{
	const struct ims_hop *maker = NULL;

	for (unsigned i = 0; final && i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->final &&
		    hop->final->sip->status == final->sip->status &&
		    ims_slice_equal(hop->final->sip->to_tag,
				    final->sip->to_tag) &&
		    (!maker || hop->depth > maker->depth))
			maker = hop;
	}
	return maker;
}

bool ims_hop_has_below(const struct ims_journey *journey,
		       const struct ims_hop *hop)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (journey->hops[i]->above == hop)
			return true;
	return false;
}
