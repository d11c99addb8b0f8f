/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP connections (RFC 9293): how they begin and end, and their streams. */
#ifndef IMS_TCP_H
#define IMS_TCP_H

#include <ims/attributes.h>

#include "layers.h"
#include "stream.h"
#include "table.h"

/* Without a packet for as long a connection is forgotten. */
#define IMS_TCP_IDLE_NS (600 * INT64_C(1000000000))

struct ims_network;

struct ims_connection {
	struct ims_entry entry;
	struct ims_endpoint ends[2];  /* the lower first, as in the key */
	struct ims_stream streams[2]; /* [i] is what ends[i] sends */
	uint32_t first[2];	      /* initial sequence numbers, if known */
	bool first_known[2];
	bool opening;	    /* the events of these were made */
	int64_t opening_ns; /* of the SYN told last */
	bool opened;
	bool refused;
	bool closed[2];	   /* by FIN or RST of that end */
	int64_t closed_ns; /* the first of them */
	bool recognised;   /* a message was found in it */
	bool tls;
	bool protected;
	int64_t tls_told_ns;
};

struct ims_tcp {
	struct ims_table table;
	struct ims_budget budget;
	GQueue waiting; /* streams with a hole, by since_ns */
	GQueue holding; /* streams with bytes, longest first */
};

void ims_tcp_init(struct ims_tcp *tcp) IMS_NONNULL_ALL;
void ims_tcp_fini(struct ims_tcp *tcp) IMS_NONNULL_ALL;

/* The TCP segment at the cursor. */
void ims_tcp_take(struct ims_network *network,
		  struct ims_cursor *cursor) IMS_NONNULL_ALL;

/* Gives up what took too long. */
void ims_tcp_expire(struct ims_network *network) IMS_NONNULL_ALL;

/* Everything out that is held. */
void ims_tcp_finish(struct ims_network *network) IMS_NONNULL_ALL;

#endif
