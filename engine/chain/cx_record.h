/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Diameter exchange's record: for the two files that keep it. */
#ifndef IMS_CX_RECORD_H
#define IMS_CX_RECORD_H

#include "core.h"

/* One side of an agent: the request on one connection. */
struct ims_cx_hop {
	struct ims_endpoint asker; /* with answerer and id: the key */
	struct ims_endpoint answerer;
	uint32_t hop_by_hop;
	struct ims_open_cx *cx;
	struct ims_facts *request; /* cx->messages holds them */
	struct ims_facts *answer;
};

/* A record without messages yet; makes room by closing the oldest. */
struct ims_open_cx *ims_cx_new(struct ims_engine *engine,
			       const struct ims_facts *facts) IMS_NONNULL_ALL;
/* Takes a reference to a message of it. */
void ims_cx_hold(struct ims_open_cx *cx,
		 struct ims_facts *facts) IMS_NONNULL_ALL;
/* It is on that connection from now on. */
void ims_cx_ride(struct ims_open_cx *cx,
		 struct ims_open_link *link) IMS_NONNULL_ALL;
/* Of a request, or of an answer whose request did not come yet. */
void ims_cx_add_hop(struct ims_engine *engine, struct ims_open_cx *cx,
		    struct ims_facts *facts) IMS_NONNULL_ALL;
/* The side with the fewest Route-Records (RFC 6733 6.1.9); NULL: no request. */
struct ims_cx_hop *ims_cx_asker_side(const struct ims_open_cx *cx)
	IMS_NONNULL_ALL;
/* Brings what rules and reports see up to date with the messages. */
void ims_cx_refresh(struct ims_open_cx *cx) IMS_NONNULL_ALL;

/* The exchange of a request across agents; and by what request and answer
   share on all legs (RFC 6733 3, 8.8). NULL: none. */
struct ims_open_cx *ims_cx_of_end(const struct ims_engine *engine,
				  const struct ims_diameter_facts *d)
	IMS_NONNULL_ALL;
struct ims_open_cx *ims_cx_of_session(const struct ims_engine *engine,
				      const struct ims_diameter_facts *d)
	IMS_NONNULL_ALL;
/* It is found so from now on, and no other: by the facts of a message that it
   holds. */
void ims_cx_known_by_end(struct ims_engine *engine, struct ims_open_cx *cx,
			 const struct ims_diameter_facts *d) IMS_NONNULL_ALL;
void ims_cx_known_by_session(struct ims_engine *engine, struct ims_open_cx *cx,
			     const struct ims_diameter_facts *d)
	IMS_NONNULL_ALL;
/* The side with that key (asker, answerer, hop-by-hop); NULL: none. */
struct ims_cx_hop *ims_cx_hop_find(const struct ims_engine *engine,
				   const struct ims_cx_hop *key)
	IMS_NONNULL_ALL;
/* By the nonce that is made of it, an MAA that it holds. */
void ims_cx_known_by_vector(struct ims_engine *engine, struct ims_open_cx *cx,
			    const struct ims_diameter_facts *maa)
	IMS_NONNULL_ALL;
/* Takes it out of all these tables. */
void ims_cx_unknown(struct ims_engine *engine,
		    struct ims_open_cx *cx) IMS_NONNULL_ALL;

#endif
