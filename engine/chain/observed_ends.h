/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where SIP is spoken besides the ports that are its own: a CSCF's 4060 or
 * 6060, a UE's protected port. Known by datagrams to and from there, and by
 * requests and contacts that name it.
 */
#ifndef IMS_OBSERVED_ENDS_H
#define IMS_OBSERVED_ENDS_H

#include "observed_parts.h"

struct ims_observed_end {
	struct ims_endpoint at;
	/* The last request whose Request-URI named it (not OPTIONS, ACK or
	   REGISTER); number 0, NULL: none. */
	struct ims_sighting request;
	char *call_id;
};

/* Forgets them all. */
void ims_ends_clear(struct ims_observation *o) IMS_NONNULL_ALL;

/* Takes note of a SIP message. */
void ims_ends_observe(struct ims_observation *o,
		      const struct ims_facts *facts) IMS_NONNULL_ALL;

/* NULL: not known as one. */
const struct ims_observed_end *ims_ends_find(const struct ims_observation *o,
					     const struct ims_endpoint *at)
	IMS_NONNULL_ALL;

#endif
