/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which address is which node, from what nodes do: who sends UAR, MAR, whose
 * address REGISTERs go through. One address may hold several roles.
 */
#ifndef IMS_NODES_H
#define IMS_NODES_H

#include <ims/engine.h>

#include "facts.h"

/* Addresses kept; a capture with more core nodes than this is none. */
#define IMS_NODES_MAX	    4096
#define IMS_NODES_MAX_NAMES 16
#define IMS_NODES_MAX_PORTS 16

struct ims_nodes;

struct ims_nodes *ims_nodes_new(const struct ims_role_hint *hints,
				size_t n) IMS_MUST_USE;
void ims_nodes_free(struct ims_nodes *nodes); /* NULL: nothing */

/* This endpoint acted in that role; port 0: no port is bound to it. */
void ims_nodes_note(struct ims_nodes *nodes, const struct ims_endpoint *at,
		    enum ims_role role, bool certain) IMS_NONNULL_ALL;
/* A name of the node: Origin-Host, host of a URI. */
void ims_nodes_name(struct ims_nodes *nodes, const struct ims_address *at,
		    struct ims_slice name) IMS_NONNULL(1, 2);
/* The far end of relays turned out to be an agent in between. */
void ims_nodes_drop(struct ims_nodes *nodes, const struct ims_address *at,
		    enum ims_role role) IMS_NONNULL_ALL;

/* The role of an endpoint: by hint, by port, else of the address if it has
   one alone. */
enum ims_role ims_nodes_role(const struct ims_nodes *nodes,
			     const struct ims_endpoint *at) IMS_NONNULL_ALL;
bool ims_nodes_is(const struct ims_nodes *nodes, const struct ims_address *at,
		  enum ims_role role) IMS_NONNULL_ALL;
/* A hint of the user for that endpoint; UNKNOWN: none. */
enum ims_role ims_nodes_hint(const struct ims_nodes *nodes,
			     const struct ims_endpoint *at) IMS_NONNULL_ALL;

/* Roles that were not kept because the bound was met. */
uint64_t ims_nodes_let_go(const struct ims_nodes *nodes) IMS_NONNULL_ALL;

/* Hands every node but UEs to the sink, by address. */
void ims_nodes_report(const struct ims_nodes *nodes,
		      const struct ims_sink *sink) IMS_NONNULL_ALL;

#endif
