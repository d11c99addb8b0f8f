/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wireshark's frames as our network layer takes packets. */
#ifndef IMS_FRAMES_H
#define IMS_FRAMES_H

#include <stdbool.h>

#include "packet.h"

struct _packet_info;
struct tvbuff;

/*
 * The frame's bytes, borrowed as long as the tvb lives. Returns false for a
 * record that is no packet.
 */
bool ims_frame_packet(struct ims_packet *packet,
		      const struct _packet_info *pinfo, struct tvbuff *tvb);

#endif
