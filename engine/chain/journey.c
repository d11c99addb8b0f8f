// SPDX-License-Identifier: GPL-2.0-or-later
#include "journey.h"

#include <glib.h>

#include "changes.h"
#include "journey_build.h"
#include "signs.h"
#include "stock.h"

const struct ims_sip_facts *ims_sip(const struct ims_facts *facts)
{
	return facts ? facts->sip : NULL;
}

/* Its texts stand behind it. */
static size_t size_of(struct ims_slice call_id, struct ims_slice method)
{
	return sizeof(struct ims_journey) + call_id.len + method.len;
}

static char *put(struct ims_slice *out, char *at, struct ims_slice text)
{
	*out = ims_slice(text.len ? at : NULL, text.len);
	if (text.len)
		memcpy(at, text.at, text.len);
	return at + text.len;
}

struct ims_journey *ims_journey_new(struct ims_stock *stock,
				    const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	struct ims_journey *journey =
		ims_stock_take(stock, size_of(sip->call_id, sip->method_text));
	char *texts = (char *)(journey + 1);

	texts = put(&journey->call_id, texts, sip->call_id);
	put(&journey->method_text, texts, sip->method_text);
	journey->stock = stock;
	journey->hops = journey->few;
	journey->method = sip->method;
	journey->cseq = sip->cseq;
	journey->first_ns = facts->time_ns;
	journey->last_ns = facts->time_ns;
	return journey;
}

static void hop_free(struct ims_stock *stock, struct ims_hop *hop)
{
	for (unsigned i = 0; i < hop->n_messages; i++)
		ims_facts_unref((struct ims_facts *)hop->messages[i]);
	ims_few_free(hop->messages, hop->few);
	ims_stock_give(stock, hop, sizeof(*hop));
}

void ims_journey_free(struct ims_journey *journey)
{
	if (!journey)
		return;
	ims_journey_forget_changes(journey);
	for (unsigned i = 0; i < journey->n_hops; i++)
		hop_free(journey->stock, journey->hops[i]);
	ims_few_free(journey->hops, journey->few);
	ims_stock_give(journey->stock, journey,
		       size_of(journey->call_id, journey->method_text));
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

/* Whether the hop's Via at `place`, whose branch has that hash, is this one. */
static bool has_via(const struct ims_hop *hop, unsigned place,
		    const struct ims_sip_via *via, uint64_t branch)
{
	return hop->branches[place] == branch &&
	       via_equal(hop->vias[place], via);
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

/* What the branch of its topmost Via hashes to. */
static uint64_t branch_of(const struct ims_sip_facts *sip)
{
	return sip->n_vias ? ims_slice_hash(sip->vias[0].branch) : 0;
}

/* RFC 3261 17.1.3 and 17.2.3: by branch; without one by its endpoints. */
static struct ims_hop *find_hop(const struct ims_journey *journey,
				const struct ims_facts *facts, uint64_t branch)
{
	const struct ims_sip_via *via =
		facts->sip->n_vias ? &facts->sip->vias[0] : NULL;
	bool has_branch = via && ims_slice_is_set(via->branch);

	for (unsigned i = 0; i < journey->n_hops; i++) {
		struct ims_hop *hop = journey->hops[i];

		if (!has_branch || !hop->vias[0]) {
			if (same_way(hop, facts))
				return hop;
		} else if (has_via(hop, 0, via, branch)) {
			return hop;
		}
	}
	return NULL;
}

bool ims_journey_has_branch(const struct ims_journey *journey,
			    const struct ims_sip_facts *sip)
{
	const struct ims_sip_via *via = sip->n_vias ? &sip->vias[0] : NULL;
	uint64_t branch = branch_of(sip);

	for (unsigned i = 0; via && i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->vias[0] && has_via(hop, 0, via, branch) &&
		    ims_slice_is_set(hop->vias[0]->branch))
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
	hop = ims_stock_take(journey->stock, sizeof(*hop));
	hop->messages = hop->few;
	hop->from.endpoint = forward ? facts->source : facts->destination;
	hop->to.endpoint = forward ? facts->destination : facts->source;
	hop->first_ns = facts->time_ns;
	hop->last_request_ns = -1;
	journey->hops =
		ims_few_room(journey->hops, journey->few, journey->n_hops);
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

/* Who is challenged has either answered or not heard it: one that sends the
   same request again, and is taken then, was not challenged. */
static bool was_taken_after_all(const struct ims_hop *hop,
				const struct ims_facts *facts)
{
	return hop->final && ims_is_challenge(hop->final->sip->status) &&
	       facts->sip->status < 300 &&
	       hop->last_request_ns > hop->final->time_ns;
}

static void take_response(struct ims_journey *journey, struct ims_hop *hop,
			  struct ims_facts *facts)
{
	if (hop->depth == 0)
		hop->depth = (unsigned)facts->sip->n_vias;
	if (facts->sip->status < 200) {
		if (!hop->provisional)
			hop->provisional = facts;
		return;
	}
	hop->n_finals++;
	journey->n_finals++;
	if (!hop->final || was_taken_after_all(hop, facts))
		hop->final = facts;
}

static void take_icmp(struct ims_hop *hop, struct ims_facts *facts)
{
	if (!hop->icmp)
		hop->icmp = facts;
	hop->n_icmp++;
}

static void note_vias(struct ims_hop *hop, const struct ims_sip_facts *sip,
		      uint64_t branch)
{
	if (!hop->vias[0] && sip->n_vias) {
		hop->vias[0] = &sip->vias[0];
		hop->branches[0] = branch;
	}
	if (!hop->vias[1] && sip->n_vias > 1) {
		hop->vias[1] = &sip->vias[1];
		hop->branches[1] = ims_slice_hash(sip->vias[1].branch);
	}
}

bool ims_journey_add(struct ims_journey *journey, struct ims_facts *facts)
{
	uint64_t branch = branch_of(facts->sip);
	struct ims_hop *hop = find_hop(journey, facts, branch);
	bool icmp = facts->kind == IMS_EVENT_ICMP_ERROR;

	if (journey->changes)
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
	hop->messages = ims_few_room(hop->messages, hop->few, hop->n_messages);
	hop->messages[hop->n_messages++] = facts;
	note_vias(hop, facts->sip, branch);
	journey->signs = ims_signs_add(journey->signs, facts);
	if (icmp)
		take_icmp(hop, facts);
	else if (facts->sip->is_request)
		take_request(journey, hop, facts);
	else
		take_response(journey, hop, facts);
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
	const struct ims_sip_via *second = hop->vias[1];

	for (unsigned i = 0; second && i < journey->n_hops; i++) {
		const struct ims_hop *other = journey->hops[i];

		if (other != hop && other->depth < hop->depth &&
		    other->vias[0] &&
		    has_via(other, 0, second, hop->branches[1]) &&
		    ims_slice_is_set(other->vias[0]->branch))
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

	for (unsigned i = 0; journey->n_finals && i < journey->n_hops; i++)
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
