/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A journey: one SIP request (Call-ID, CSeq, method) on its way through the
 * network, and what came back. A hop of it is the transaction on one leg: the
 * same request between two neighbours, with its own topmost Via branch.
 */
#ifndef IMS_JOURNEY_H
#define IMS_JOURNEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/registration.h>

#include "facts.h"
#include "few.h"
#include "sip_facts.h"

/* Bounds; beyond them messages are counted and not kept. */
#define IMS_JOURNEY_MAX_HOPS 32
#define IMS_HOP_MAX_MESSAGES 32

struct ims_stock;
struct ims_hop_changes;

static inline bool ims_is_challenge(unsigned status)
{
	return status == 401 || status == 407;
}

struct ims_hop {
	/* First transmission; NULL when only responses were captured. */
	const struct ims_facts *request;
	/* First 1xx, first final response (or a 2xx after a challenge, of a
	   request sent again), ICMP error; each may be NULL. */
	const struct ims_facts *provisional;
	const struct ims_facts *final;
	const struct ims_facts *icmp;
	/* All of the above and their retransmissions, in order of time. */
	const struct ims_facts **messages; /* `few`, or memory of its own */
	const struct ims_facts *few[IMS_FEW];
	unsigned n_messages;
	unsigned n_requests; /* transmissions; copies of a packet left out */
	unsigned n_finals;
	unsigned n_icmp;
	int64_t first_ns; /* of the request, else of the first response */
	int64_t last_request_ns; /* of the last transmission; -1: none */
	/* The topmost Via of its messages and the one below it, NULL: none; and
	   what their branches hash to, by which most others are told apart. */
	const struct ims_sip_via *vias[2];
	uint64_t branches[2];
	/* The hop it was forwarded from: its branch is this one's second Via.
	   NULL where that is not captured. */
	const struct ims_hop *above;
	unsigned depth; /* Vias of the request: 1 on the first leg */
	enum ims_leg leg;
	struct ims_party from; /* asks */
	struct ims_party to;   /* is asked */
	/* What was asked for of changes.h, a place for each message: of those
	   of the journey. */
	struct ims_hop_changes *changes;
};

struct ims_journey {
	struct ims_slice call_id;
	enum ims_sip_method method;
	struct ims_slice method_text;
	uint32_t cseq;
	bool in_dialog;	       /* its request has a To tag */
	struct ims_hop **hops; /* by depth, then time: `few`, or its own */
	struct ims_hop *few[IMS_FEW];
	unsigned n_hops;
	unsigned n_finals; /* of all hops */
	uint32_t signs;	   /* that its messages give: signs.h */
	bool hops_lost;	   /* a bound was met */
	bool is_pending;   /* of a call: not yet checked */
	int64_t first_ns;
	int64_t last_ns;
	struct ims_hop_changes *changes; /* its hops'; NULL: none asked for */
	struct ims_stock *stock;	 /* whence its memory is; or NULL */
};

/* The SIP facts of a message; NULL for NULL. */
const struct ims_sip_facts *ims_sip(const struct ims_facts *facts);

/* The hop nearest to where the request came from; NULL when there is none. */
const struct ims_hop *ims_journey_first(const struct ims_journey *journey);

/* Any copy of the request, the first leg's before others; NULL: none. */
const struct ims_facts *ims_journey_request(const struct ims_journey *journey);

/*
 * The final response as near to the asker as captured; sets *hop (unless
 * NULL) to where. NULL when no leg holds one.
 */
const struct ims_facts *ims_journey_final(const struct ims_journey *journey,
					  const struct ims_hop **hop);

/*
 * The hop whose far end made the final response that *final is: the deepest
 * one with the same status and To tag. `final` as ims_journey_final gave it.
 */
const struct ims_hop *ims_journey_maker(const struct ims_journey *journey,
					const struct ims_facts *final);

/* Whether `hop` was forwarded on: another hop of the journey is below it. */
bool ims_hop_has_below(const struct ims_journey *journey,
		       const struct ims_hop *hop);

#endif
