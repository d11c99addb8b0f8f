/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCTP (RFC 9260): associations over whatever addresses their ends use, and
 * the user messages in them. Its events name the addresses that the
 * association was first seen with, so that a request and its answer stay
 * together when they take different paths.
 */
#ifndef IMS_SCTP_H
#define IMS_SCTP_H

#include <glib.h>

#include <ims/attributes.h>

#include "layers.h"
#include "messages.h"
#include "network.h"
#include "runs.h"
#include "table.h"

/* Associations followed. */
#define IMS_SCTP_MAX 8192
/* Bytes of all user messages that are not complete. */
#define IMS_SCTP_MAX_BYTES (8u * 1024u * 1024u)
/* Chunks of one direction that wait for others. */
#define IMS_SCTP_MAX_CHUNKS 512
/* What is missing for as long will not come. */
#define IMS_SCTP_PATIENCE_NS IMS_PATIENCE_NS
#define IMS_SCTP_IDLE_NS     (600 * INT64_C(1000000000))
/* A chunk further away than this belongs to something else. */
#define IMS_SCTP_WINDOW 65536
/* So many user messages of another kind, and an association is foreign. */
#define IMS_SCTP_TRIES 32

struct ims_network;
struct ims_association;

/* What one end sends. Found by ports and the verification tag in it. */
struct ims_sctp_path {
	struct ims_entry entry; /* in sctp.paths, if tagged */
	struct ims_association *association;
	unsigned side;
	bool tagged;
	uint32_t tag;	/* that its packets carry */
	uint32_t space; /* its number for the tap; 0: none yet */
	bool placed;	/* `next` means something */
	uint32_t next;	/* the first TSN not yet seen or given up */
	/* Not placed yet, but acknowledged before `next` when the capture
	   began. */
	bool is_floored;
	/* The receiver acknowledged what is before `shown`, beyond `next`. */
	bool is_shown;
	uint32_t shown;
	struct ims_stamp shown_by;
	/*
	 * Parts of user messages whose other parts did not come yet, and
	 * chunks behind a missing one; of those that are done with only the
	 * number.
	 */
	struct ims_runs runs;
	GList waiting; /* in sctp.waiting, for the hole or the end */
	bool is_waiting;
	int64_t since_ns;
};

struct ims_association {
	struct ims_entry entry; /* in sctp.pairs */
	struct ims_endpoint ends[2];
	struct ims_sctp_path paths[2]; /* [i]: what ends[i] sends */
	bool opening;
	bool opened;
	bool closed;	 /* by SHUTDOWN or ABORT */
	bool recognised; /* a message was found in it */
	unsigned tries;	 /* user messages without one, up to then */
	bool protected;
	int64_t tls_told_ns;
};

struct ims_sctp {
	struct ims_table pairs; /* associations by their first addresses */
	struct ims_table paths; /* by ports and tag */
	struct ims_budget budget;
	GQueue waiting;
};

/* A DATA or I-DATA chunk. */
struct ims_sctp_data {
	uint32_t tsn;
	uint16_t stream;
	bool begins; /* the first, the last part of its user message */
	bool ends;
	struct ims_span bytes;
	struct ims_stamp stamp;
};

void ims_sctp_init(struct ims_sctp *sctp) IMS_NONNULL_ALL;
void ims_sctp_fini(struct ims_sctp *sctp) IMS_NONNULL_ALL;

/* The SCTP packet at the cursor. */
void ims_sctp_take(struct ims_network *network,
		   struct ims_cursor *cursor) IMS_NONNULL_ALL;

/* Gives up what took too long. */
void ims_sctp_expire(struct ims_network *network) IMS_NONNULL_ALL;

/* Everything out that is held. */
void ims_sctp_finish(struct ims_network *network) IMS_NONNULL_ALL;

/* The rest is for the files of SCTP among themselves. */

/* Of a packet: from whom to whom, with which tag. */
struct ims_sctp_header {
	struct ims_endpoint source;
	struct ims_endpoint destination;
	uint32_t tag;
};

/*
 * The path that a packet is on. `create`: follows it from now on if it is
 * not known. NULL: not known, or no memory.
 */
struct ims_sctp_path *ims_sctp_path_of(struct ims_network *network,
				       const struct ims_sctp_header *header,
				       bool create) IMS_NONNULL_ALL;

/* The path's packets carry this tag: its receiver chose it. */
void ims_sctp_path_tag(struct ims_sctp *sctp, struct ims_sctp_path *path,
		       uint32_t tag) IMS_NONNULL_ALL;

static inline bool ims_association_is_foreign(
	const struct ims_association *association)
{
	return !association->recognised && association->tries >= IMS_SCTP_TRIES;
}

void ims_sctp_data_take(struct ims_network *network, struct ims_sctp_path *path,
			const struct ims_sctp_data *data) IMS_NONNULL_ALL;

/* An acknowledgement of what the path carries: all before `next`. `fresh`: the
   last of it arrived just before. */
void ims_sctp_data_show(struct ims_network *network, struct ims_sctp_path *path,
			uint32_t next, const struct ims_stamp *stamp,
			bool fresh) IMS_NONNULL_ALL;

/* Everything out that the path holds. */
void ims_sctp_data_flush(struct ims_network *network,
			 struct ims_sctp_path *path) IMS_NONNULL_ALL;

/* Gives up waiting on paths whose patience is over. */
void ims_sctp_data_expire(struct ims_network *network) IMS_NONNULL_ALL;

#endif
