/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The packets (Ethernet) that a scenario's events would have come in. */
#ifndef SCN_PACKETS_H
#define SCN_PACKETS_H

#include <glib.h>

#include "scn.h"

struct packets; /* what connections have sent so far */

struct packets *packets_new(void);
void packets_free(struct packets *packets);

/*
 * One packet for one event, owned by the caller; NULL for an event that is
 * none (drops). A message is never spread over several packets. *wire is its
 * size on the wire: a cut message over UDP or TCP leaves the rest out.
 */
GByteArray *packets_of(struct packets *packets, const struct scn_event *event,
		       size_t *wire);

#endif
