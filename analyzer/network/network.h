/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets in, events out: link layers, tunnels, IP and its fragments, UDP,
 * TCP, SCTP, ESP with NULL encryption. It finds SIP and Diameter by content
 * on any port and reassembles what is spread over packets. It knows nothing
 * of captures and files, and allocates within the bounds below: reaching one
 * is counted and the oldest is let go.
 */
#ifndef IMS_NETWORK_H
#define IMS_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/message.h>

#include "packet.h"

/* Bounds (those of single protocols stand in their headers). */
#define IMS_NETWORK_MAX_TUNNELS	  8	/* encapsulations a packet */
#define IMS_NETWORK_MAX_FRAGMENTS 4096	/* datagrams in reassembly */
#define IMS_NETWORK_MAX_STREAMS	  65536 /* TCP directions followed */
#define IMS_NETWORK_MAX_BUFFERED  (32u * 1024u * 1024u) /* bytes, in all */

/*
 * How long a hole in a stream is waited for. A retransmission fills it within
 * some hundred milliseconds; longer than the engine's window (1 s) it must
 * not be, or what lies behind the hole would come too late to be put in order.
 */
#define IMS_PATIENCE_NS (900 * INT64_C(1000000))

/* Takes an event; its bytes are borrowed for the call. */
typedef void ims_event_fn(void *user, const struct ims_event *event);

/* What may be met, and has something let go: the oldest first. */
enum ims_network_bound {
	IMS_NETWORK_BOUND_CONNECTIONS,	/* IMS_NETWORK_MAX_STREAMS */
	IMS_NETWORK_BOUND_STREAM_BYTES, /* IMS_STREAM_MAX_BYTES */
	IMS_NETWORK_BOUND_BEHIND_HOLE,	/* IMS_STREAM_MAX_BEHIND, _MAX_SEGMENTS
					 */
	IMS_NETWORK_BOUND_ASSOCIATIONS, /* IMS_SCTP_MAX */
	IMS_NETWORK_BOUND_CHUNK_BYTES,	/* IMS_SCTP_MAX_BYTES */
	IMS_NETWORK_BOUND_CHUNKS,	/* IMS_SCTP_MAX_CHUNKS */
	IMS_NETWORK_BOUND_DATAGRAMS,	/* IMS_NETWORK_MAX_FRAGMENTS */
	IMS_NETWORK_BOUND_FRAGMENT_BYTES, /* IMS_FRAGMENTS_MAX_BYTES */
	IMS_NETWORK_BOUND_FRAGMENTS,	  /* IMS_FRAGMENTS_MAX_PIECES */
	IMS_NETWORK_BOUND_MEMORY,	  /* of the system */
	IMS_NETWORK_N_BOUNDS
};

/*
 * What was let go at the bound, and the bound, for "12 TCP connections: more
 * than 32768 at a time". Static.
 */
const char *ims_network_bound_what(enum ims_network_bound bound) IMS_PURE;
const char *ims_network_bound_text(enum ims_network_bound bound) IMS_PURE;

/* What was seen in one capture. */
struct ims_network_count {
	uint64_t sip_messages; /* messages, copies among them */
	uint64_t diameter_messages;
	uint64_t tls_packets;
	uint64_t esp_packets;
	uint64_t undecoded_packets; /* link type or network layer unknown,
				       or headers that do not add up */
	uint64_t let_go; /* streams, datagrams given up because of a bound */
	uint64_t let_go_at[IMS_NETWORK_N_BOUNDS]; /* the same by bound */
};

struct ims_network;

struct ims_network *ims_network_new(ims_event_fn *sink, void *user)
	IMS_NONNULL(1) IMS_MUST_USE;

/*
 * Told before the event of packet `whole`: it cannot be had without packet
 * `part`, which holds a fragment of its datagram, a segment or chunk of its
 * message, or the end of what stands before that in the stream.
 * It may be told of packets that no event comes of; of what a part itself
 * cannot be had without it was told before.
 */
typedef void ims_part_fn(void *user, struct ims_frame whole,
			 struct ims_frame part);

/* Tells the parts of messages from now on, with the sink's `user`. */
void ims_network_tell_parts(struct ims_network *network,
			    ims_part_fn *part) IMS_NONNULL_ALL;

/*
 * Reads one packet; calls the sink for each event that it completes, before
 * returning. Packets come roughly in order of time; a packet may be a copy.
 *
 * An event may be about an earlier packet: what stands behind a hole in a
 * stream comes when the hole is filled, or given up after
 * IMS_PATIENCE_NS, and a lost
 * fragment after 30 s. Its frame and time are those of the packet that it is
 * about; of a message, of the last to arrive of the packets that hold it.
 * A connection gives OPENING, OPENED and REFUSED once an attempt, CLOSED or
 * RESET once for each end (SCTP: once); copies and retransmissions give no
 * more of them.
 * SCTP events name the addresses that the association was first seen with.
 * FRAGMENT_LOST has in `bytes` how the UDP payload began, if that is known.
 * Returns false for an undecoded packet: its link type or network layer is
 * unknown, or its headers do not add up.
 */
bool ims_network_packet(struct ims_network *network,
			const struct ims_packet *packet) IMS_NONNULL_ALL;

/*
 * It is so late, though no packet came: gives up what took too long. Of a live
 * capture; earlier than the last packet it does nothing.
 */
void ims_network_clock(struct ims_network *network,
		       int64_t time_ns) IMS_NONNULL_ALL;

/* The capture says that it dropped `missing` packets: event and count. */
void ims_network_drops(struct ims_network *network, uint32_t capture,
		       uint64_t number, int64_t time_ns,
		       uint64_t missing) IMS_NONNULL_ALL;

/*
 * No more packets: what is left in reassembly comes out, cut messages
 * among them.
 */
void ims_network_finish(struct ims_network *network) IMS_NONNULL_ALL;

/* Zeroes for a capture that had no packet. */
struct ims_network_count ims_network_count(const struct ims_network *network,
					   uint32_t capture) IMS_NONNULL_ALL;

void ims_network_free(struct ims_network *network); /* NULL: nothing */

/* Media, known at a glance: nothing comes of it. False says nothing. */
bool ims_network_is_media(const struct ims_packet *packet)
	IMS_NONNULL_ALL IMS_PURE;

/*
 * A number that is the same for the copies of one IP packet at several
 * points, whatever the link layer: addresses, IP-ID, protocol and payload of
 * the innermost IP packet. 0: no IP packet in it. To estimate clock offsets.
 */
uint64_t ims_network_identity(const struct ims_packet *packet) IMS_NONNULL_ALL;

#endif
