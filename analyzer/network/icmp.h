/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors of ICMP (RFC 792) and ICMPv6 (RFC 4443). */
#ifndef IMS_ICMP_H
#define IMS_ICMP_H

#include <ims/attributes.h>

#include "layers.h"

struct ims_network;

/* The ICMP message at the cursor; an event if it is an error about ours. */
void ims_icmp_take(struct ims_network *network,
		   struct ims_cursor *cursor) IMS_NONNULL_ALL;

#endif
