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
	struct ims_facts *request; /* borrowed from cx->messages */
	struct ims_facts *answer;
};

/* A record without messages yet; makes room by closing the oldest. */
struct ims_open_cx *ims_cx_new(struct ims_engine *engine,
			       const struct ims_facts *facts) IMS_NONNULL_ALL;
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

/* Keys in engine->cx_by_end, to be freed: of a request, across agents; and
   what request and answer share on all legs (RFC 6733 3, 8.8). */
char *ims_cx_end_key(const struct ims_diameter_facts *d) IMS_NONNULL_ALL;
char *ims_cx_session_key(const struct ims_diameter_facts *d) IMS_NONNULL_ALL;

#endif
