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
 * none (drops). A message is never spread over several packets.
 */
GByteArray *packets_of(struct packets *packets, const struct scn_event *event);

/* Bytes of the packet that the capture cut off: an IP datagram alone is told
   how long it was. */
size_t packets_cut_off(const struct ims_event *event);

#endif
