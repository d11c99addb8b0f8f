/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When one address last spoke to another: whether a leg is alive. */
#ifndef IMS_PAIRS_H
#define IMS_PAIRS_H

#include <stdint.h>

#include <ims/address.h>

#define IMS_PAIRS_MAX 131072u

/* Times of the last of each; -1: never. */
struct ims_pair {
	struct ims_address from;
	struct ims_address to;
	int64_t sip_ns;
	int64_t other_request_ns; /* a SIP request that is no REGISTER */
	int64_t esp_ns;		  /* unread ESP */
	int64_t gap_ns;		  /* a hole in a stream */
	uint32_t flaws_told;	  /* of SIP that belongs to nothing */
	int64_t end_told_ns;	  /* a NOTIFY that says "terminated" */
};

struct ims_pairs;

struct ims_pairs *ims_pairs_new(void) IMS_MUST_USE;
void ims_pairs_free(struct ims_pairs *pairs); /* NULL: nothing */

/* The pair, made if need be. When the table is full it starts afresh:
   nothing is then known to be alive, which accuses nobody. */
struct ims_pair *ims_pairs_get(struct ims_pairs *pairs,
			       const struct ims_address *from,
			       const struct ims_address *to) IMS_NONNULL_ALL;
/* NULL when they never spoke. */
const struct ims_pair *ims_pairs_find(
	const struct ims_pairs *pairs, const struct ims_address *from,
	const struct ims_address *to) IMS_NONNULL_ALL;
/* Forgotten because of the bound. */
uint64_t ims_pairs_let_go(const struct ims_pairs *pairs) IMS_NONNULL_ALL;

#endif
