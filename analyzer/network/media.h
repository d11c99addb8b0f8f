/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Most packets of a capture are media: they are known at a glance. */
#ifndef IMS_MEDIA_H
#define IMS_MEDIA_H

#include <stdbool.h>

#include <ims/attributes.h>

#include "packet.h"

/*
 * Whether it is RTP or RTCP (version 2, RFC 3550 5.1) in UDP in IP on
 * Ethernet or a cooked link, as far as a look at fixed places tells: headers
 * that add up, no fragment, no tunnel. Nothing of such a packet is ever an
 * event. False says nothing.
 */
bool ims_media_is_plain(const struct ims_packet *packet)
	IMS_NONNULL_ALL IMS_PURE;

#endif
