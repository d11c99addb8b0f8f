// SPDX-License-Identifier: GPL-2.0-or-later
#include "nodes.h"

#include <glib.h>

#include "set.h"

struct port_role {
	uint16_t port;
	uint32_t roles;
};

struct node {
	struct ims_address address; /* first: the key */
	uint32_t roles;
	uint32_t certain;
	struct port_role ports[IMS_NODES_MAX_PORTS];
	unsigned n_ports;
	GPtrArray *names; /* of GString */
};

struct ims_nodes {
	struct ims_set by_address; /* struct node */
	struct ims_role_hint *hints;
	size_t n_hints;
	uint64_t let_go; /* roles of those beyond IMS_NODES_MAX */
};

static bool is_at(const void *value, const void *key)
{
	return ims_address_equal(&((const struct node *)value)->address, key);
}

static void name_free(gpointer name)
{
	g_string_free(name, TRUE);
}

static void node_free(struct node *node)
{
	g_ptr_array_free(node->names, TRUE);
	g_free(node);
}

struct ims_nodes *ims_nodes_new(const struct ims_role_hint *hints, size_t n)
{
	struct ims_nodes *nodes = g_new0(struct ims_nodes, 1);

	if (n)
		nodes->hints = g_memdup2(hints, n * sizeof(*hints));
	nodes->n_hints = n;
	return nodes;
}

void ims_nodes_free(struct ims_nodes *nodes)
{
	struct node *node;
	size_t i = 0;

	if (!nodes)
		return;
	while ((node = ims_set_next(&nodes->by_address, &i)))
		node_free(node);
	ims_set_clear(&nodes->by_address);
	g_free(nodes->hints);
	g_free(nodes);
}

static struct node *find(const struct ims_nodes *nodes,
			 const struct ims_address *at)
{
	return ims_set_find(&nodes->by_address, ims_address_hash(at), is_at,
			    at);
}

static struct node *get(struct ims_nodes *nodes, const struct ims_address *at)
{
	struct node *node = find(nodes, at);

	if (node || at->family == 0)
		return node;
	if (nodes->by_address.n == IMS_NODES_MAX) {
		nodes->let_go++;
		return NULL;
	}
	node = g_new0(struct node, 1);
	node->address = *at;
	node->names = g_ptr_array_new_with_free_func(name_free);
	ims_set_add(&nodes->by_address, ims_address_hash(at), node);
	return node;
}

static void note_port(struct node *node, uint16_t port, uint32_t role)
{
	for (unsigned i = 0; i < node->n_ports; i++) {
		if (node->ports[i].port == port) {
			node->ports[i].roles |= role;
			return;
		}
	}
	if (node->n_ports < IMS_NODES_MAX_PORTS)
		node->ports[node->n_ports++] = (struct port_role){port, role};
}

void ims_nodes_note(struct ims_nodes *nodes, const struct ims_endpoint *at,
		    enum ims_role role, bool certain)
{
	struct node *node;
	uint32_t bit = 1u << role;

	if (role == IMS_ROLE_UNKNOWN || role == IMS_ROLE_UE)
		return;
	node = get(nodes, &at->address);
	if (!node)
		return;
	node->roles |= bit;
	if (certain)
		node->certain |= bit;
	if (at->port)
		note_port(node, at->port, bit);
}

void ims_nodes_name(struct ims_nodes *nodes, const struct ims_address *at,
		    struct ims_slice name)
{
	struct node *node = find(nodes, at);

	if (!node || ims_slice_is_empty(name) ||
	    node->names->len == IMS_NODES_MAX_NAMES)
		return;
	for (unsigned i = 0; i < node->names->len; i++) {
		const GString *known = node->names->pdata[i];

		if (ims_slice_equal_nocase(name,
					   ims_slice(known->str, known->len)))
			return;
	}
	g_ptr_array_add(node->names,
			g_string_new_len(name.at, (gssize)name.len));
}

void ims_nodes_drop(struct ims_nodes *nodes, const struct ims_address *at,
		    enum ims_role role)
{
	struct node *node = find(nodes, at);

	if (!node)
		return;
	node->roles &= ~(1u << role);
	node->certain &= ~(1u << role);
}

enum ims_role ims_nodes_hint(const struct ims_nodes *nodes,
			     const struct ims_endpoint *at)
{
	enum ims_role found = IMS_ROLE_UNKNOWN;

	for (size_t i = 0; i < nodes->n_hints; i++) {
		const struct ims_role_hint *hint = &nodes->hints[i];

		if (!ims_address_equal(&hint->endpoint.address, &at->address))
			continue;
		if (hint->endpoint.port == at->port)
			return hint->role;
		if (hint->endpoint.port == 0)
			found = hint->role;
	}
	return found;
}

/* The role where `roles` has one bit; else UNKNOWN. */
static enum ims_role only_role(uint32_t roles)
{
	for (unsigned i = 1; i < IMS_N_ROLES; i++)
		if (roles == 1u << i)
			return (enum ims_role)i;
	return IMS_ROLE_UNKNOWN;
}

enum ims_role ims_nodes_role(const struct ims_nodes *nodes,
			     const struct ims_endpoint *at)
{
	enum ims_role hint = ims_nodes_hint(nodes, at);
	const struct node *node = find(nodes, &at->address);

	if (hint != IMS_ROLE_UNKNOWN || !node)
		return hint;
	for (unsigned i = 0; i < node->n_ports; i++)
		if (node->ports[i].port == at->port)
			return only_role(node->ports[i].roles);
	return only_role(node->roles);
}

bool ims_nodes_is(const struct ims_nodes *nodes, const struct ims_address *at,
		  enum ims_role role)
{
	const struct node *node = find(nodes, at);

	return node && (node->roles & 1u << role);
}

static gint by_address(gconstpointer a, gconstpointer b)
{
	const struct node *x = *(struct node *const *)a;
	const struct node *y = *(struct node *const *)b;
	int order = x->address.family - y->address.family;

	return order ? order
		     : memcmp(x->address.bytes, y->address.bytes,
			      sizeof(x->address.bytes));
}

static void report(const struct node *node, const struct ims_sink *sink)
{
	struct ims_slice names[IMS_NODES_MAX_NAMES];
	struct ims_node out = {
		.address = node->address,
		.roles = node->roles,
		.names = names,
		.n_names = node->names->len,
		.confidence = node->certain == node->roles
				      ? IMS_CONFIDENCE_CERTAIN
				      : IMS_CONFIDENCE_LIKELY,
	};

	for (unsigned i = 0; i < node->names->len; i++) {
		const GString *name = node->names->pdata[i];

		names[i] = ims_slice(name->str, name->len);
	}
	if (node->roles)
		sink->node(sink->user, &out);
}

void ims_nodes_report(const struct ims_nodes *nodes,
		      const struct ims_sink *sink)
{
	GPtrArray *all = g_ptr_array_new();
	struct node *node;
	size_t i = 0;

	while ((node = ims_set_next(&nodes->by_address, &i)))
		g_ptr_array_add(all, node);
	g_ptr_array_sort(all, by_address);
	for (unsigned k = 0; sink->node && k < all->len; k++)
		report(all->pdata[k], sink);
	g_ptr_array_free(all, TRUE);
}

uint64_t ims_nodes_let_go(const struct ims_nodes *nodes)
{
	return nodes->let_go;
}
