/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this folder share: the network and its parts. */
#ifndef IMS_NETWORK_INTERNAL_H
#define IMS_NETWORK_INTERNAL_H

#include <glib.h>

#include "esp.h"
#include "fragments.h"
#include "layers.h"
#include "messages.h"
#include "network.h"
#include "network_tap.h"
#include "sctp.h"
#include "table.h"
#include "tcp.h"
#include "tls.h"

/* How far from its end a queue of what waits is kept in order. */
#define IMS_WAITING_STEPS 64

struct ims_network {
	ims_event_fn *sink;
	ims_part_fn *part; /* NULL: nobody asks for parts */
	void *user;
	int64_t now_ns;	    /* the capture's time */
	int64_t due_ns;	    /* when media too has it looked for what took too
			       long */
	uint64_t n_packets; /* in order of arrival */
	uint32_t capture;   /* the one being read */
	bool selected;	    /* see ims_packet */
	GArray *counts;	    /* of struct ims_network_count, by capture */
	struct ims_fragments fragments;
	struct ims_tcp tcp;
	struct ims_sctp sctp;
	struct ims_esp esp;
	struct ims_dtls dtls;
	const struct ims_tap *tap; /* NULL: nobody wants to know */
	uint32_t n_spaces;	   /* numbered for the tap, from 1 */
};

/* Of a number that is given at first use, the space of part `part`. */
static inline uint64_t ims_network_space(struct ims_network *network,
					 uint32_t *number, uint32_t part)
{
	if (!*number)
		*number = ++network->n_spaces;
	return (uint64_t)*number << 32 | part;
}

/* Borrowed until a capture with a higher index comes. */
struct ims_network_count *ims_network_counter(struct ims_network *network,
					      uint32_t capture) IMS_NONNULL_ALL;

/* Something was given up because of that bound. */
void ims_network_let_go(struct ims_network *network,
			enum ims_network_bound bound) IMS_NONNULL_ALL;

/* Where someone asks for them: what is completed by `whole` needs `part`. */
static inline void ims_network_part(const struct ims_network *network,
				    const struct ims_stamp *whole,
				    const struct ims_stamp *part)
{
	if (network->part && whole->order != part->order)
		network->part(network->user, whole->frame, part->frame);
}

/* The packet being read, as events say it. */
struct ims_stamp ims_network_stamp(const struct ims_network *network,
				   const struct ims_packet *packet)
	IMS_NONNULL_ALL;

/* What the cursor's headers say; ports are those of its UDP header. */
struct ims_flow ims_network_flow(const struct ims_network *network,
				 const struct ims_cursor *cursor,
				 enum ims_transport transport) IMS_NONNULL_ALL;

#endif
