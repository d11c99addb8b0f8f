/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When one address last spoke to another: whether a leg is alive. */
#ifndef IMS_PAIRS_H
#define IMS_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/address.h>

/* Of two addresses each, whoever of them speaks. */
#define IMS_PAIRS_MAX 131072u

/* What one says to another, as bits. */
enum ims_heard {
	IMS_HEARD_SIP = 1 << 0,
	IMS_HEARD_OTHER_REQUEST = 1 << 1, /* SIP that is no REGISTER */
	IMS_HEARD_ESP = 1 << 2,		  /* unread */
	IMS_HEARD_GAP = 1 << 3,		  /* a hole in a stream */
	IMS_HEARD_END = 1 << 4,		  /* a NOTIFY that says "terminated" */
};

struct ims_pairs;

struct ims_pairs *ims_pairs_new(void) IMS_MUST_USE;
void ims_pairs_free(struct ims_pairs *pairs); /* NULL: nothing */

/* Notes all of `what` (bits). When the table is full it starts afresh: nothing
   is then known to be alive, which accuses nobody. */
void ims_pairs_note(struct ims_pairs *pairs, const struct ims_address *from,
		    const struct ims_address *to, unsigned what,
		    int64_t time_ns) IMS_NONNULL_ALL;
/* When it was heard last, by its kind; -1: never. */
struct ims_heard_times {
	int64_t sip_ns;
	int64_t other_request_ns;
	int64_t esp_ns;
	int64_t gap_ns;
	int64_t end_ns;
};
struct ims_heard_times ims_pairs_times(
	const struct ims_pairs *pairs, const struct ims_address *from,
	const struct ims_address *to) IMS_NONNULL_ALL;
/* Of one kind; -1: never. */
int64_t ims_pairs_last(const struct ims_pairs *pairs,
		       const struct ims_address *from,
		       const struct ims_address *to,
		       enum ims_heard what) IMS_NONNULL_ALL;
/* Whether any of these flaws (bits) of SIP that belongs to nothing is new
   between them that way. None is from then on. */
bool ims_pairs_first_flaws(struct ims_pairs *pairs,
			   const struct ims_address *from,
			   const struct ims_address *to,
			   uint32_t flaws) IMS_NONNULL_ALL;
/* Forgotten because of the bound. */
uint64_t ims_pairs_let_go(const struct ims_pairs *pairs) IMS_NONNULL_ALL;

#endif
