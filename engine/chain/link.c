// SPDX-License-Identifier: GPL-2.0-or-later
/* Connections: how they began, who spoke last, how they ended. */
#include "core.h"

#define DIAMETER_PORT	  3868
#define DIAMETER_TLS_PORT 5658

/* Either order of the endpoints is one connection. */
static uint32_t hash_of(const struct ims_endpoint *a,
			const struct ims_endpoint *b)
{
	return (ims_address_hash(&a->address) ^ ims_address_hash(&b->address)) +
	       ((uint32_t)a->port ^ b->port);
}

static bool is_between(const void *value, const void *key)
{
	const struct ims_link *x = value;
	const struct ims_link *y = key;

	return (ims_endpoint_equal(&x->client, &y->client) &&
		ims_endpoint_equal(&x->server, &y->server)) ||
	       (ims_endpoint_equal(&x->client, &y->server) &&
		ims_endpoint_equal(&x->server, &y->client));
}

/* Nobody finds it any more. */
static void hide(struct ims_engine *engine, struct ims_open_link *link)
{
	ims_set_remove(&engine->link_table,
		       hash_of(&link->about.client, &link->about.server), link);
}

void ims_link_free(struct ims_engine *engine, struct ims_open_link *link)
{
	struct ims_open_cx *cx;
	GList *on_link;

	/* Exchanges outlive the connection's record. */
	while ((on_link = g_queue_pop_head_link(&link->exchanges))) {
		cx = on_link->data;
		cx->about.link = NULL;
	}
	hide(engine, link);
	ims_timer_stop(engine->timers, &link->timer);
	g_queue_unlink(&engine->links, &link->age);
	g_ptr_array_free(link->kept, TRUE);
	g_free(link);
}

/* Judged once it cannot change any more, kept a while for what refers to it. */
static void link_due(void *user, struct ims_timer *timer)
{
	struct ims_engine *engine = user;
	struct ims_open_link *link =
		(struct ims_open_link *)((char *)timer -
					 G_STRUCT_OFFSET(struct ims_open_link,
							 timer));

	if (link->about.is_diameter && !link->checked)
		ims_judge_link(engine, link);
	ims_link_free(engine, link);
}

static void facts_unref(gpointer facts)
{
	ims_facts_unref(facts);
}

/* One that has ended, or may never have been one, is over all the same. */
static void let_go(struct ims_engine *engine, struct ims_open_link *link)
{
	ims_let_go(engine, IMS_BOUND_LINKS, 1);
	if (link->timer.place)
		link_due(engine, &link->timer);
	else
		ims_link_free(engine, link);
}

static struct ims_open_link *link_new(struct ims_engine *engine,
				      const struct ims_facts *facts)
{
	struct ims_open_link *link = g_new0(struct ims_open_link, 1);

	link->about.client = facts->source;
	link->about.server = facts->destination;
	link->about.transport = facts->transport;
	link->about.first_ns = facts->time_ns;
	link->about.last_from_client_ns = -1;
	link->about.last_from_server_ns = -1;
	link->about.gap_from_client_ns = -1;
	link->about.gap_from_server_ns = -1;
	/* The port that is asked for: a client may come from any. */
	link->about.is_diameter = facts->destination.port == DIAMETER_PORT ||
				  facts->destination.port == DIAMETER_TLS_PORT;
	link->kept = g_ptr_array_new_with_free_func(facts_unref);
	link->timer.fire = link_due;
	link->age.data = link;
	if (engine->links.length == IMS_MAX_LINKS)
		let_go(engine, engine->links.head->data);
	g_queue_push_tail_link(&engine->links, &link->age);
	ims_set_add(&engine->link_table,
		    hash_of(&link->about.client, &link->about.server), link);
	return link;
}

struct ims_open_link *ims_link_find(const struct ims_engine *engine,
				    const struct ims_endpoint *a,
				    const struct ims_endpoint *b)
{
	struct ims_link key = {.client = *a, .server = *b};

	return ims_set_find(&engine->link_table, hash_of(a, b), is_between,
			    &key);
}

static bool from_client(const struct ims_link *link,
			const struct ims_facts *facts)
{
	return ims_endpoint_equal(&link->client, &facts->source);
}

/* Turns the record round, so that the client is who opened or sent CER. */
static void set_client(struct ims_link *link, const struct ims_endpoint *client)
{
	int64_t ns;

	link->client_known = true;
	if (ims_endpoint_equal(&link->client, client))
		return;
	link->server = link->client;
	link->client = *client;
	ns = link->last_from_client_ns;
	link->last_from_client_ns = link->last_from_server_ns;
	link->last_from_server_ns = ns;
	ns = link->gap_from_client_ns;
	link->gap_from_client_ns = link->gap_from_server_ns;
	link->gap_from_server_ns = ns;
}

static const struct ims_facts *keep(struct ims_open_link *link,
				    struct ims_facts *facts)
{
	g_ptr_array_add(link->kept, ims_facts_ref(facts));
	return facts;
}

/* DWRs come for ever: only the last is held. */
static void replace(struct ims_open_link *link, const struct ims_facts **held,
		    struct ims_facts *facts)
{
	if (*held)
		g_ptr_array_remove_fast(link->kept, (gpointer)*held);
	*held = facts ? keep(link, facts) : NULL;
}

static void note_command(struct ims_open_link *link, struct ims_facts *facts)
{
	const struct ims_diameter_facts *d = facts->diameter;
	struct ims_link *about = &link->about;

	switch (d->command) {
	case IMS_COMMAND_CE:
		if (d->is_request) {
			set_client(about, &facts->source);
			replace(link, &about->cer, facts);
			replace(link, &about->cea, NULL);
		} else {
			set_client(about, &facts->destination);
			replace(link, &about->cea, facts);
		}
		break;
	case IMS_COMMAND_DW:
		if (!d->is_request)
			replace(link, &about->dwr, NULL);
		else if (!about->dwr)
			replace(link, &about->dwr, facts);
		break;
	case IMS_COMMAND_DP:
		if (d->is_request)
			replace(link, &about->dpr, facts);
		break;
	default:
		break;
	}
}

/* What speaks is kept, however many others are opened meanwhile. */
static void renew(struct ims_engine *engine, struct ims_open_link *link)
{
	g_queue_unlink(&engine->links, &link->age);
	g_queue_push_tail_link(&engine->links, &link->age);
}

struct ims_open_link *ims_link_message(struct ims_engine *engine,
				       struct ims_facts *facts)
{
	struct ims_open_link *link =
		ims_link_find(engine, &facts->source, &facts->destination);

	if (!link)
		link = link_new(engine, facts);
	renew(engine, link);
	link->about.is_diameter = true;
	note_command(link, facts);
	if (from_client(&link->about, facts))
		link->about.last_from_client_ns = facts->time_ns;
	else
		link->about.last_from_server_ns = facts->time_ns;
	return link;
}

static void link_ends(struct ims_engine *engine, struct ims_open_link *link)
{
	ims_timer_set(engine->timers, &link->timer,
		      engine->now_ns + IMS_LINK_LINGER);
}

static void opening(struct ims_engine *engine, struct ims_open_link *link,
		    struct ims_facts *facts)
{
	/* The same ports again after an end: another connection. */
	if (link &&
	    (link->about.closed || link->about.reset || link->about.refused)) {
		hide(engine, link);
		link = NULL;
	}
	if (!link)
		link = link_new(engine, facts);
	set_client(&link->about, &facts->source);
	if (!link->about.opening)
		link->about.opening = keep(link, facts);
	link->about.n_openings++;
	/* One that nobody speaks Diameter on is not waited for. */
	if (!link->about.is_diameter)
		link_ends(engine, link);
}

static void gap(struct ims_link *link, const struct ims_facts *facts)
{
	if (from_client(link, facts))
		link->gap_from_client_ns = facts->time_ns;
	else
		link->gap_from_server_ns = facts->time_ns;
}

static void first_of(struct ims_open_link *link, const struct ims_facts **held,
		     struct ims_facts *facts)
{
	if (!*held)
		*held = keep(link, facts);
}

static void befall(struct ims_engine *engine, struct ims_open_link *link,
		   struct ims_facts *facts)
{
	struct ims_link *about = &link->about;

	switch (facts->kind) {
	case IMS_EVENT_CONNECTION_OPENED:
		first_of(link, &about->opened, facts);
		break;
	case IMS_EVENT_CONNECTION_REFUSED:
	case IMS_EVENT_ICMP_ERROR:
		first_of(link, &about->refused, facts);
		link_ends(engine, link);
		break;
	case IMS_EVENT_CONNECTION_CLOSED:
		first_of(link, &about->closed, facts);
		link_ends(engine, link);
		break;
	case IMS_EVENT_CONNECTION_RESET:
		first_of(link, &about->reset, facts);
		link_ends(engine, link);
		break;
	case IMS_EVENT_GAP:
		gap(about, facts);
		if (about->is_diameter)
			ims_endings_sign_all(engine->endings, facts->time_ns);
		break;
	default:
		break;
	}
}

void ims_link_event(struct ims_engine *engine, struct ims_facts *facts)
{
	bool icmp = facts->kind == IMS_EVENT_ICMP_ERROR;
	struct ims_open_link *link = ims_link_find(
		engine, icmp ? &facts->quoted_source : &facts->source,
		icmp ? &facts->quoted_destination : &facts->destination);

	if (facts->kind == IMS_EVENT_CONNECTION_OPENING)
		opening(engine, link, facts);
	else if (link)
		befall(engine, link, facts);
}

static gint by_first(gconstpointer a, gconstpointer b)
{
	const struct ims_link *x = *(struct ims_link *const *)a;
	const struct ims_link *y = *(struct ims_link *const *)b;

	return x->first_ns < y->first_ns ? -1 : x->first_ns > y->first_ns;
}

struct ims_slice ims_link_product(struct ims_engine *engine,
				  const struct ims_facts *message,
				  const struct ims_endpoint *end)
{
	const struct ims_open_link *link =
		ims_link_find(engine, &message->source, &message->destination);
	const struct ims_facts *told;

	if (!link)
		return ims_slice_of(NULL);
	told = link->about.cea;
	if (!told || !ims_endpoint_equal(&told->source, end))
		told = link->about.cer;
	if (!told || !ims_endpoint_equal(&told->source, end))
		return ims_slice_of(NULL);
	return told->diameter->product_name;
}

struct ims_link *const *ims_links_of(struct ims_check *check,
				     const struct ims_address *node,
				     unsigned *n)
{
	const struct ims_engine *engine = check->engine;
	GPtrArray *found = engine->links_found;

	g_ptr_array_set_size(found, 0);
	for (GList *l = engine->links.head; l; l = l->next) {
		struct ims_open_link *link = l->data;

		if (link->about.is_diameter &&
		    (ims_address_equal(&link->about.client.address, node) ||
		     (!link->about.client_known &&
		      ims_address_equal(&link->about.server.address, node))))
			g_ptr_array_add(found, &link->about);
	}
	g_ptr_array_sort(found, by_first);
	*n = found->len;
	return (struct ims_link *const *)found->pdata;
}
