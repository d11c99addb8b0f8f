/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The participants of one diagram of several ladders. */
#ifndef IMS_MERMAID_NODES_H
#define IMS_MERMAID_NODES_H

#include "ladder.h"

/* Participants of one role; the last takes what is beyond. All roles' fit
   into the bits of a number. */
#define IMS_MERMAID_MAX_ROLE 4

struct ims_mermaid_nodes;

struct ims_mermaid_nodes *ims_mermaid_nodes_new(void) IMS_MUST_USE;
void ims_mermaid_nodes_free(struct ims_mermaid_nodes *nodes);

/* The number of the participant that this column is; made if need be. */
guint ims_mermaid_node(struct ims_mermaid_nodes *nodes,
		       const struct ims_ladder_column *column) IMS_NONNULL_ALL;

/* A line for each of `used` (bits: 1 << number), from the UE on. */
void ims_mermaid_nodes_put(const struct ims_mermaid_nodes *nodes, GString *out,
			   uint64_t used) IMS_NONNULL_ALL;

/* The first and the last of `used` as they stand in the diagram. */
void ims_mermaid_nodes_ends(const struct ims_mermaid_nodes *nodes, guint *first,
			    guint *last, uint64_t used) IMS_NONNULL_ALL;

#endif
