// SPDX-License-Identifier: GPL-2.0-or-later
#include "mermaid_nodes.h"

#include "mermaid_text.h"

/* Addresses shown of one. */
#define MAX_ADDRESSES 3

struct node {
	enum ims_role role;
	int rank;
	GArray *addresses; /* of struct ims_address */
	bool has_others;
};

struct ims_mermaid_nodes {
	GArray *list; /* of struct node; its index is its number */
};

static void clear_node(gpointer data)
{
	g_array_free(((struct node *)data)->addresses, TRUE);
}

struct ims_mermaid_nodes *ims_mermaid_nodes_new(void)
{
	struct ims_mermaid_nodes *nodes = g_new0(struct ims_mermaid_nodes, 1);

	G_STATIC_ASSERT(IMS_MERMAID_MAX_ROLE * IMS_N_ROLES <= 64);
	nodes->list = g_array_new(FALSE, FALSE, sizeof(struct node));
	g_array_set_clear_func(nodes->list, clear_node);
	return nodes;
}

void ims_mermaid_nodes_free(struct ims_mermaid_nodes *nodes)
{
	if (!nodes)
		return;
	g_array_free(nodes->list, TRUE);
	g_free(nodes);
}

static struct node *node_at(const struct ims_mermaid_nodes *nodes, guint i)
{
	return &g_array_index(nodes->list, struct node, i);
}

static bool has_address(const GArray *addresses,
			const struct ims_address *address)
{
	for (guint i = 0; i < addresses->len; i++)
		if (ims_address_equal(
			    address,
			    &g_array_index(addresses, struct ims_address, i)))
			return true;
	return false;
}

static bool is_same(const struct node *node,
		    const struct ims_ladder_column *column)
{
	if (node->role != column->role)
		return false;
	for (guint i = 0; i < column->addresses->len; i++)
		if (has_address(node->addresses,
				&g_array_index(column->addresses,
					       struct ims_address, i)))
			return true;
	return false;
}

static void add_addresses(struct node *node,
			  const struct ims_ladder_column *column)
{
	node->has_others = node->has_others || column->has_others;
	for (guint i = 0; i < column->addresses->len; i++) {
		struct ims_address a =
			g_array_index(column->addresses, struct ims_address, i);

		if (a.family == 0 || has_address(node->addresses, &a))
			continue;
		if (node->addresses->len < MAX_ADDRESSES)
			g_array_append_val(node->addresses, a);
		else
			node->has_others = true;
	}
}

guint ims_mermaid_node(struct ims_mermaid_nodes *nodes,
		       const struct ims_ladder_column *column)
{
	guint n_role = 0, last = 0;
	struct node new = {.role = column->role, .rank = column->rank};

	for (guint i = 0; i < nodes->list->len; i++) {
		struct node *node = node_at(nodes, i);

		if (is_same(node, column)) {
			add_addresses(node, column);
			return i;
		}
		if (node->role == column->role) {
			n_role++;
			last = i;
		}
	}
	if (n_role == IMS_MERMAID_MAX_ROLE) {
		node_at(nodes, last)->has_others = true;
		return last;
	}
	new.addresses = g_array_new(FALSE, FALSE, sizeof(struct ims_address));
	add_addresses(&new, column);
	g_array_append_val(nodes->list, new);
	return nodes->list->len - 1;
}

static void put_node(GString *out, const struct node *node, guint number)
{
	const char *role = ims_role_name(node->role);
	char text[IMS_ENDPOINT_TEXT];

	g_string_append_printf(out, "    participant n%u as ", number);
	ims_mermaid_escape(out, role ? role : "node");
	for (guint i = 0; i < node->addresses->len; i++) {
		g_string_append(out, "<br/>");
		ims_mermaid_escape(
			out,
			ims_address_format(
				text, &g_array_index(node->addresses,
						     struct ims_address, i)));
	}
	if (node->has_others)
		g_string_append(out, "<br/>and others");
	g_string_append_c(out, '\n');
}

/* Of `left` the one that stands before the others. */
static guint next_of(const struct ims_mermaid_nodes *nodes, uint64_t left)
{
	guint next = nodes->list->len;

	for (guint i = 0; i < nodes->list->len; i++)
		if (left & UINT64_C(1) << i &&
		    (next == nodes->list->len ||
		     node_at(nodes, i)->rank < node_at(nodes, next)->rank))
			next = i;
	return next;
}

void ims_mermaid_nodes_put(const struct ims_mermaid_nodes *nodes, GString *out,
			   uint64_t used)
{
	while (used) {
		guint next = next_of(nodes, used);

		put_node(out, node_at(nodes, next), next);
		used &= ~(UINT64_C(1) << next);
	}
}

void ims_mermaid_nodes_ends(const struct ims_mermaid_nodes *nodes, guint *first,
			    guint *last, uint64_t used)
{
	*first = next_of(nodes, used);
	while (used) {
		*last = next_of(nodes, used);
		used &= ~(UINT64_C(1) << *last);
	}
}
