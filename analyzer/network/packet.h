/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A captured packet as the capture layer hands it on: borrowed bytes. */
#ifndef IMS_PACKET_H
#define IMS_PACKET_H

#include <stdbool.h>
#include <stdint.h>

struct ims_packet {
	uint32_t capture; /* index of its capture, from 0 */
	uint64_t number;  /* in its capture, from 1 */
	int64_t time_ns;
	uint32_t link_type; /* LINKTYPE_ value, as the files have it */
	uint32_t captured;  /* bytes at `bytes` */
	uint32_t wire;	    /* bytes the packet had; more: it was cut */
	const uint8_t *bytes;
	bool selected; /* its file leaves packets out on purpose: what is
			  missing between them was not lost */
};

#endif
