// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SIP messages in fragments that never all came, and what shows that they
 * arrived all the same: then the capture alone lacks them.
 */
#include "observed_parts.h"

#include "index.h"
#include "sip_facts.h"

/* Fewer may be lost by the capture in a row. */
#define LEAST_TRANSMISSIONS 3
/* Who had them all would have answered one of so many (0, 0.5, 1.5, 3.5 and
   7.5 s: timer E), if he answers at all. */
#define SUSPECT_TRANSMISSIONS 5
/* What comes of the last is seen by then: T2, when it would be sent again. */
#define WAIT_NS (4 * INT64_C(1000000000))

static void list_free(gpointer list)
{
	g_ptr_array_free(list, TRUE);
}

GHashTable *ims_partials_table_new(void)
{
	return g_hash_table_new_full(ims_text_hash, g_str_equal, g_free,
				     list_free);
}

static void partial_free(struct ims_observed_partial *partial)
{
	g_free(partial->call_id);
	g_free(partial->impu);
	g_free(partial);
}

void ims_partials_free(struct ims_observation *o)
{
	while (o->partial_ages.head)
		partial_free(g_queue_pop_head_link(&o->partial_ages)->data);
	g_hash_table_destroy(o->partials);
}

const GPtrArray *ims_observed_partials_of(const struct ims_observation *o,
					  struct ims_slice call_id)
{
	char key[IMS_OBSERVED_TEXT + 1];

	if (!o->partial_ages.head || !call_id.at ||
	    call_id.len > IMS_OBSERVED_TEXT)
		return NULL;
	memcpy(key, call_id.at, call_id.len);
	key[call_id.len] = '\0';
	return g_hash_table_lookup(o->partials, key);
}

static void forget_oldest(struct ims_observation *o)
{
	struct ims_observed_partial *oldest =
		g_queue_pop_head_link(&o->partial_ages)->data;
	GPtrArray *list = g_hash_table_lookup(o->partials, oldest->call_id);

	if (!oldest->followed && oldest->n >= LEAST_TRANSMISSIONS)
		o->let_go++;
	g_ptr_array_remove(list, oldest);
	if (list->len == 0)
		g_hash_table_remove(o->partials, oldest->call_id);
	partial_free(oldest);
}

static GPtrArray *list_of(struct ims_observation *o, const char *call_id)
{
	GPtrArray *list = g_hash_table_lookup(o->partials, call_id);

	if (!list) {
		list = g_ptr_array_new();
		g_hash_table_insert(o->partials, g_strdup(call_id), list);
	}
	return list;
}

static uint64_t branch_of(const struct ims_sip_facts *sip)
{
	return sip->n_vias && ims_slice_is_set(sip->vias[0].branch)
		       ? ims_slice_hash(sip->vias[0].branch)
		       : 0;
}

static void set_name(struct ims_observed_partial *partial,
		     const struct ims_sip_facts *sip)
{
	if (sip->is_request)
		g_snprintf(
			partial->name, sizeof(partial->name), "%.*s",
			(int)MIN(sip->method_text.len, sizeof(partial->name)),
			sip->method_text.at);
	else
		g_snprintf(partial->name, sizeof(partial->name), "%u",
			   sip->status);
}

static struct ims_observed_partial *partial_new(struct ims_observation *o,
						const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	struct ims_slice who = sip->method == IMS_SIP_METHOD_REGISTER
				       ? sip->to.uri
				       : sip->from.uri;
	struct ims_observed_partial *partial;

	if (g_queue_get_length(&o->partial_ages) == IMS_OBSERVED_MAX_PARTIAL)
		forget_oldest(o);
	partial = g_new0(struct ims_observed_partial, 1);
	partial->call_id = g_strndup(sip->call_id.at, sip->call_id.len);
	if (who.at && who.len <= IMS_OBSERVED_TEXT)
		partial->impu = g_strndup(who.at, who.len);
	partial->is_request = sip->is_request;
	partial->method = sip->method;
	partial->status = sip->status;
	set_name(partial, sip);
	partial->cseq = sip->cseq;
	partial->depth = (unsigned)sip->n_vias;
	partial->branch = branch_of(sip);
	partial->source = facts->source;
	partial->destination = facts->destination;
	partial->age.data = partial;
	g_queue_push_tail_link(&o->partial_ages, &partial->age);
	g_ptr_array_add(list_of(o, partial->call_id), partial);
	return partial;
}

static bool is_same(const struct ims_observed_partial *partial,
		    const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;

	return partial->cseq == sip->cseq && partial->method == sip->method &&
	       partial->is_request == sip->is_request &&
	       partial->status == sip->status &&
	       partial->branch == branch_of(sip);
}

struct ims_observed_partial *ims_observed_partial_of(
	const struct ims_observation *o, const struct ims_facts *facts)
{
	const GPtrArray *list =
		ims_observed_partials_of(o, facts->sip->call_id);

	for (unsigned i = 0; list && i < list->len; i++)
		if (is_same(list->pdata[i], facts))
			return list->pdata[i];
	return NULL;
}

static bool has_room(const struct ims_observation *o, struct ims_slice call_id)
{
	const GPtrArray *list = ims_observed_partials_of(o, call_id);

	return call_id.len <= IMS_OBSERVED_TEXT &&
	       !memchr(call_id.at, '\0', call_id.len) &&
	       (!list || list->len < IMS_OBSERVED_MAX_OF_CALL);
}

static void take_fragment(struct ims_observation *o,
			  const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	struct ims_observed_partial *partial;

	if (!sip || !sip->has_cseq || ims_slice_is_empty(sip->call_id))
		return;
	partial = ims_observed_partial_of(o, facts);
	if (!partial && !has_room(o, sip->call_id)) {
		o->let_go++;
		return;
	}
	if (!partial)
		partial = partial_new(o, facts);
	partial->n++;
	ims_sightings_add(&partial->sightings, facts);
}

/* The reassembly timer of the receiver ran out (RFC 792: type 11, code 1; RFC
   4443 3.3: type 3, code 1). */
static bool says_not_reassembled(const struct ims_facts *facts)
{
	return facts->icmp_code == 1 &&
	       facts->icmp_type == (facts->source.address.family == 6 ? 3 : 11);
}

static bool is_between(const struct ims_facts *facts,
		       const struct ims_endpoint *node)
{
	return ims_endpoint_equal(&facts->source, node) ||
	       ims_endpoint_equal(&facts->destination, node);
}

/* The one it was sent to answers it, or has it whole, or sends it on; and of
   whoever it was, one further on has it. */
static bool follows_request(const struct ims_observed_partial *partial,
			    const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;

	if (sip->cseq != partial->cseq || (sip->method != partial->method &&
					   sip->method != IMS_SIP_METHOD_ACK))
		return false;
	return is_between(facts, &partial->destination) ||
	       sip->n_vias > partial->depth ||
	       (partial->branch && branch_of(sip) == partial->branch);
}

/* Who asked acknowledges it, or goes on to something else; or it came whole. */
static bool follows_response(const struct ims_observed_partial *partial,
			     const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;

	if (!sip->is_request)
		return sip->cseq == partial->cseq &&
		       sip->method == partial->method && sip->status >= 200 &&
		       sip->n_vias <= partial->depth;
	return sip->cseq > partial->cseq ||
	       (sip->cseq == partial->cseq &&
		(sip->method == IMS_SIP_METHOD_ACK ||
		 sip->method == IMS_SIP_METHOD_PRACK));
}

void ims_observe_follow(struct ims_observed_partial *partial,
			const struct ims_facts *facts)
{
	if (facts->kind == IMS_EVENT_SIP &&
	    (partial->is_request ? follows_request(partial, facts)
				 : follows_response(partial, facts)))
		partial->followed = true;
}

static void take_message(struct ims_observation *o,
			 const struct ims_facts *facts)
{
	const GPtrArray *list =
		ims_observed_partials_of(o, facts->sip->call_id);

	for (unsigned i = 0; list && i < list->len; i++)
		ims_observe_follow(list->pdata[i], facts);
}

static void take_error(struct ims_observation *o, const struct ims_facts *facts)
{
	struct ims_observed_partial *partial =
		ims_observed_partial_of(o, facts);

	if (partial && !partial->failure.frame.number &&
	    says_not_reassembled(facts))
		partial->failure = ims_sighting_of(facts);
}

void ims_partials_observe(struct ims_observation *o,
			  const struct ims_facts *facts)
{
	if (facts->kind == IMS_EVENT_FRAGMENT_LOST)
		take_fragment(o, facts);
	else if (facts->sip && facts->kind == IMS_EVENT_SIP)
		take_message(o, facts);
	else if (facts->sip && facts->kind == IMS_EVENT_ICMP_ERROR)
		take_error(o, facts);
}

static bool holds_fragments(const struct ims_observation *o,
			    const struct ims_observed_partial *partial)
{
	uint32_t capture = partial->sightings.at[0].frame.capture;

	return capture < IMS_OBSERVED_MAX_CAPTURES && o->has_fragments[capture];
}

static bool nothing_came_of_it(const struct ims_observed_partial *partial,
			       unsigned n_least, int64_t now_ns)
{
	return !partial->followed && partial->n >= n_least &&
	       now_ns - partial->sightings.last.time_ns >= WAIT_NS;
}

bool ims_partial_is_suspect(const struct ims_observed_partial *partial,
			    int64_t now_ns)
{
	return nothing_came_of_it(partial, SUSPECT_TRANSMISSIONS, now_ns);
}

bool ims_partial_is_in_vain(const struct ims_observation *o,
			    const struct ims_observed_partial *partial,
			    int64_t now_ns)
{
	if (!nothing_came_of_it(partial, LEAST_TRANSMISSIONS, now_ns))
		return false;
	/* A capture filter on a port takes first fragments only: a capture in
	   which no other ones are says nothing about the network. */
	return partial->failure.frame.number || holds_fragments(o, partial);
}

static gint by_first(gconstpointer a, gconstpointer b)
{
	const struct ims_observed_partial *x =
		*(struct ims_observed_partial *const *)a;
	const struct ims_observed_partial *y =
		*(struct ims_observed_partial *const *)b;

	return ims_sighting_compare(&x->sightings.at[0], &y->sightings.at[0]);
}

GPtrArray *ims_observed_partials(const struct ims_observation *o)
{
	GPtrArray *all = g_ptr_array_new();

	for (GList *l = o->partial_ages.head; l; l = l->next)
		g_ptr_array_add(all, l->data);
	g_ptr_array_sort(all, by_first);
	return all;
}
