// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which nodes a ladder has. A node is known by its role, and may have an
 * address a leg (a P-CSCF that faces its UEs with one and the core with
 * another); two addresses of one role on one leg are two nodes.
 */
#include <stdlib.h>

#include "ladder.h"

/* Addresses kept of a column. */
#define MAX_ADDRESSES 4

/* From the UE into the core; what is not known comes beside whom it talks
   to, so there is room between. */
static const int ranks[IMS_N_ROLES] = {
	[IMS_ROLE_UE] = 0,	   [IMS_ROLE_P_CSCF] = 10,
	[IMS_ROLE_I_CSCF] = 20,	   [IMS_ROLE_S_CSCF] = 30,
	[IMS_ROLE_REGISTRAR] = 40, [IMS_ROLE_DRA] = 50,
	[IMS_ROLE_SLF] = 60,	   [IMS_ROLE_HSS] = 70,
	[IMS_ROLE_AS] = 80,	   [IMS_ROLE_MRF] = 90,
	[IMS_ROLE_PCRF] = 100,
};
#define RANK_AGENT 50

/* One node as it was seen, before they are put together. */
struct party {
	enum ims_role role;
	struct ims_address address;
	uint32_t legs;
	int rank;
	guint column;
};

static struct party *find(const GArray *parties, enum ims_role role,
			  const struct ims_address *address)
{
	for (guint i = 0; i < parties->len; i++) {
		struct party *p = &g_array_index(parties, struct party, i);

		if (p->role == role && ims_address_equal(&p->address, address))
			return p;
	}
	return NULL;
}

static int rank_of(enum ims_role role, const struct ims_step *step,
		   bool is_sender)
{
	const struct ims_party *peer = is_sender ? &step->to : &step->from;
	bool is_back =
		ims_step_is_answer(step) || step->protocol == IMS_PROTOCOL_ICMP;
	bool asks = is_sender != is_back;

	if (role != IMS_ROLE_UNKNOWN)
		return ranks[role];
	if (step->leg == IMS_LEG_CX || peer->role == IMS_ROLE_UNKNOWN)
		return RANK_AGENT;
	return ranks[peer->role] + (asks ? -5 : 5);
}

/* An ICMP error comes from where the packet got to, which may be a router:
   only the address says whether that is the node. */
static enum ims_role role_of(const GArray *parties, const struct ims_step *step,
			     bool is_sender)
{
	const struct ims_party *end = is_sender ? &step->from : &step->to;

	if (step->protocol == IMS_PROTOCOL_ICMP && is_sender &&
	    !find(parties, end->role, &end->endpoint.address))
		return IMS_ROLE_UNKNOWN;
	return end->role;
}

static void add_end(GArray *parties, const struct ims_step *step,
		    bool is_sender)
{
	const struct ims_party *end = is_sender ? &step->from : &step->to;
	enum ims_role role = role_of(parties, step, is_sender);
	struct party *party = find(parties, role, &end->endpoint.address);

	if (!party) {
		const struct party new = {
			.role = role,
			.address = end->endpoint.address,
			.rank = rank_of(role, step, is_sender),
		};

		g_array_append_val(parties, new);
		party = &g_array_index(parties, struct party, parties->len - 1);
	}
	if (step->protocol != IMS_PROTOCOL_ICMP)
		party->legs |= 1u << step->leg;
}

static GArray *find_parties(const struct ims_step *steps, size_t n)
{
	GArray *parties = g_array_new(FALSE, FALSE, sizeof(struct party));

	for (int is_error = 0; is_error <= 1; is_error++) {
		for (size_t i = 0; i < n; i++) {
			if ((steps[i].protocol == IMS_PROTOCOL_ICMP) !=
			    is_error)
				continue;
			add_end(parties, &steps[i], true);
			add_end(parties, &steps[i], false);
		}
	}
	return parties;
}

static void clear_column(gpointer data)
{
	g_array_free(((struct ims_ladder_column *)data)->addresses, TRUE);
}

/* The last node of that role that was not seen on these legs. */
static struct ims_ladder_column *column_for(GArray *columns,
					    const struct party *party)
{
	for (guint i = columns->len; i-- > 0;) {
		struct ims_ladder_column *c =
			&g_array_index(columns, struct ims_ladder_column, i);

		if (c->role == party->role && party->role != IMS_ROLE_UNKNOWN &&
		    (c->legs & party->legs) == 0)
			return c;
	}
	return NULL;
}

static uint32_t number_of(const GArray *columns, enum ims_role role)
{
	uint32_t number = 1;

	for (guint i = 0; i < columns->len; i++)
		if (g_array_index(columns, struct ims_ladder_column, i).role ==
		    role)
			number++;
	return number;
}

static void put_into_column(GArray *columns, struct party *party)
{
	struct ims_ladder_column *c = column_for(columns, party);

	if (!c && columns->len == IMS_LADDER_MAX_COLUMNS) {
		c = &g_array_index(columns, struct ims_ladder_column,
				   columns->len - 1);
		c->has_others = true;
	}
	if (!c) {
		const struct ims_ladder_column new = {
			.role = party->role,
			.number = number_of(columns, party->role),
			.rank = party->rank,
			.addresses = g_array_new(FALSE, FALSE,
						 sizeof(struct ims_address)),
		};

		g_array_append_val(columns, new);
		c = &g_array_index(columns, struct ims_ladder_column,
				   columns->len - 1);
	}
	c->legs |= party->legs;
	if (c->addresses->len < MAX_ADDRESSES)
		g_array_append_val(c->addresses, party->address);
	party->column =
		(guint)(c - (struct ims_ladder_column *)(void *)columns->data);
}

/* Where each column goes when they stand by rank, then by appearance. */
static guint *order_of(const GArray *columns)
{
	const struct ims_ladder_column *all =
		(const struct ims_ladder_column *)(const void *)columns->data;
	guint *places = g_new0(guint, columns->len);

	for (guint i = 0; i < columns->len; i++)
		for (guint k = 0; k < columns->len; k++)
			if (all[k].rank < all[i].rank ||
			    (all[k].rank == all[i].rank && k < i))
				places[i]++;
	return places;
}

static GArray *put_in_order(GArray *columns, const guint *places)
{
	GArray *ordered = g_array_sized_new(
		FALSE, FALSE, sizeof(struct ims_ladder_column), columns->len);

	g_array_set_size(ordered, columns->len);
	for (guint i = 0; i < columns->len; i++)
		g_array_index(ordered, struct ims_ladder_column, places[i]) =
			g_array_index(columns, struct ims_ladder_column, i);
	g_array_set_clear_func(ordered, clear_column);
	g_array_free(columns, TRUE);
	return ordered;
}

GArray *ims_ladder_columns(const struct ims_step *steps, size_t n, guint *ends)
{
	GArray *parties = find_parties(steps, n);
	GArray *columns =
		g_array_new(FALSE, FALSE, sizeof(struct ims_ladder_column));
	guint *places;

	for (guint i = 0; i < parties->len; i++)
		put_into_column(columns,
				&g_array_index(parties, struct party, i));
	places = order_of(columns);
	for (size_t i = 0; i < 2 * n; i++) {
		const struct ims_step *s = &steps[i / 2];
		const struct ims_party *end = i % 2 ? &s->to : &s->from;
		const struct party *party =
			find(parties, end->role, &end->endpoint.address);

		if (!party)
			party = find(parties, IMS_ROLE_UNKNOWN,
				     &end->endpoint.address);
		ends[i] = party ? places[party->column] : 0;
	}
	columns = put_in_order(columns, places);
	g_free(places);
	g_array_free(parties, TRUE);
	return columns;
}
