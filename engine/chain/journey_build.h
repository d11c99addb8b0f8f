/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building journeys: for the chains alone. */
#ifndef IMS_JOURNEY_BUILD_H
#define IMS_JOURNEY_BUILD_H

#include "journey.h"

/* A journey for that message's request; nothing of it is added yet. Its memory
   is from `stock`; NULL: from the system. */
struct ims_journey *ims_journey_new(struct ims_stock *stock,
				    const struct ims_facts *facts)
	IMS_NONNULL(2) IMS_MUST_USE;
void ims_journey_free(struct ims_journey *journey); /* NULL: nothing */

/* Whether the message is of this journey: CSeq, method. */
bool ims_journey_takes(const struct ims_journey *journey,
		       const struct ims_sip_facts *sip) IMS_NONNULL_ALL;

/*
 * Adds a request, response or ICMP error (that quotes the request) to its
 * hop; takes a reference. False when a bound was met and it was not kept.
 */
bool ims_journey_add(struct ims_journey *journey,
		     struct ims_facts *facts) IMS_NONNULL_ALL;

/* Whether one of its hops has that message's topmost Via. */
bool ims_journey_has_branch(const struct ims_journey *journey,
			    const struct ims_sip_facts *sip) IMS_NONNULL_ALL;

/* Orders the hops by depth and finds what is above each. */
void ims_journey_settle(struct ims_journey *journey) IMS_NONNULL_ALL;

#endif
