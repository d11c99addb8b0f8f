/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One direction of a TCP connection: segments in, in whatever order and
 * however often, messages out. An acknowledgement shows no more than that
 * something was sent, and only after a while: captures of two interfaces are
 * not in order of time, so one may come before what it acknowledges.
 */
#ifndef IMS_STREAM_H
#define IMS_STREAM_H

#include <glib.h>

#include <ims/attributes.h>

#include "begun.h"
#include "messages.h"
#include "network.h"
#include "runs.h"

/* Bytes of all streams together: beginnings of messages, and segments. */
#define IMS_STREAM_MAX_BYTES (16u * 1024u * 1024u)
/* What may wait behind one hole. */
#define IMS_STREAM_MAX_BEHIND	(512u * 1024u)
#define IMS_STREAM_MAX_SEGMENTS 512
/* What is missing for as long will not come. */
#define IMS_STREAM_PATIENCE_NS IMS_PATIENCE_NS
/* A segment further away than this belongs to something else. */
#define IMS_STREAM_WINDOW (4 * 1024 * 1024)
/* So many segments without a message, and the stream is foreign. */
#define IMS_STREAM_TRIES 32

enum ims_stream_state {
	/* Where messages begin is not known: each segment may begin one. */
	IMS_STREAM_LOST,
	/* The byte at `next` begins or continues a message. */
	IMS_STREAM_READING,
	/* Neither SIP nor Diameter. */
	IMS_STREAM_FOREIGN,
};

struct ims_connection;
struct ims_network;

struct ims_stream {
	struct ims_connection *connection;
	unsigned side; /* which end sends it */
	enum ims_stream_state state;
	bool placed;	  /* `next` means something */
	uint32_t next;	  /* sequence number of the first byte not yet read */
	uint32_t read_to; /* behind the last byte that was read */
	uint32_t space;	  /* its number for the tap; 0: none yet */
	unsigned tries;	  /* segments since the last message */
	uint64_t missing; /* bytes not yet reported */
	bool cut;	  /* they are the end of a packet that is there */
	bool ended;	  /* by FIN or RST: no more will come */

	/* Not placed yet, but acknowledged up to `next` when the capture
	   began. */
	bool is_floored;
	/* A segment without bytes, or an acknowledgement, stands beyond
	   `next`: what is before it was sent. */
	bool is_shown;
	uint32_t shown;
	struct ims_stamp shown_by;

	struct ims_begun begun;
	struct ims_stamp tail; /* of the packet that holds its last bytes */
	struct ims_runs runs;  /* behind a hole */
	GList waiting;	       /* in tcp.waiting, for the hole or the end */
	bool is_waiting;
	int64_t since_ns; /* when that began */
	GList holding;	  /* in tcp.holding, while it has bytes */
	bool is_holding;
};

void ims_stream_init(struct ims_stream *stream,
		     struct ims_connection *connection,
		     unsigned side) IMS_NONNULL_ALL;

/* The byte at `next` is the first of the stream: SYN was seen. */
void ims_stream_start(struct ims_stream *stream, uint32_t next) IMS_NONNULL_ALL;

/* A segment; its start is the sequence number, its span not 0. */
void ims_stream_take(struct ims_network *network, struct ims_stream *stream,
		     struct ims_piece *piece) IMS_NONNULL_ALL;

/* The tap is told where the segment's bytes belong. */
void ims_stream_tell(struct ims_network *network, struct ims_stream *stream,
		     const struct ims_piece *piece) IMS_NONNULL_ALL;

/* A segment without bytes, or the other end's acknowledgement: how far its
   sender is. */
void ims_stream_show(struct ims_network *network, struct ims_stream *stream,
		     uint32_t sequence,
		     const struct ims_stamp *stamp) IMS_NONNULL_ALL;

/* FIN or RST: what has begun comes out if it is not complete in a while. */
void ims_stream_end(struct ims_network *network,
		    struct ims_stream *stream) IMS_NONNULL_ALL;

/* Everything out that is held: holes are gaps, beginnings are cut. */
void ims_stream_flush(struct ims_network *network,
		      struct ims_stream *stream) IMS_NONNULL_ALL;

/* Gives up waiting on streams whose patience is over. */
void ims_streams_expire(struct ims_network *network) IMS_NONNULL_ALL;

/* The rest is for the files of streams among themselves. */

/* A segment that begins at `next`, or anywhere when that is not known. */
void ims_stream_accept(struct ims_network *network, struct ims_stream *stream,
		       struct ims_piece *piece) IMS_NONNULL_ALL;

/* What has begun goes out, cut, if it tells something. */
void ims_stream_cut(struct ims_network *network,
		    struct ims_stream *stream) IMS_NONNULL_ALL;

/* `missing` bytes are not to be had; the next segment may begin a message. */
void ims_stream_lose(struct ims_network *network, struct ims_stream *stream,
		     uint64_t missing,
		     const struct ims_stamp *stamp) IMS_NONNULL_ALL;

#endif
