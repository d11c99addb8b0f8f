// SPDX-License-Identifier: GPL-2.0-or-later
/* SCTP packets and their chunks (RFC 9260 3). */
#include "network_internal.h"

enum chunk_type {
	CHUNK_DATA = 0,
	CHUNK_INIT = 1,
	CHUNK_INIT_ACK = 2,
	CHUNK_SACK = 3,
	CHUNK_ABORT = 6,
	CHUNK_SHUTDOWN = 7,
	CHUNK_SHUTDOWN_ACK = 8,
	CHUNK_COOKIE_ACK = 11,
	CHUNK_SHUTDOWN_COMPLETE = 14,
	CHUNK_I_DATA = 64, /* RFC 8260 2.1 */
};

enum chunk_flag {
	/* T: ABORT or SHUTDOWN COMPLETE carries its receiver's tag. */
	CHUNK_REFLECTED = 0x01,
	CHUNK_ENDS = 0x01,
	CHUNK_BEGINS = 0x02,
};

#define SCTP_HEADER   12
#define CHUNK_HEADER  4
#define DATA_HEADER   16
#define I_DATA_HEADER 20
#define INIT_SIZE     20
#define ACKNOWLEDGING 8 /* a chunk up to its cumulative TSN */

struct chunk {
	uint8_t type;
	uint8_t flags;
	struct ims_span bytes; /* its header among them */
};

/* A packet on its way through its chunks. */
struct packet {
	struct ims_sctp_header header;
	bool protected;
	unsigned n_chunks; /* up to this one */
	bool is_last;
	struct ims_stamp stamp;
};

static void emit(struct ims_network *network, const struct packet *packet,
		 const struct ims_sctp_path *path, enum ims_event_kind kind)
{
	const struct ims_association *association = path->association;
	struct ims_flow flow = {
		.transport = IMS_TRANSPORT_SCTP,
		.source = association->ends[path->side],
		.destination = association->ends[!path->side],
		.protected = packet->protected,
		.stamp = packet->stamp,
	};
	struct ims_event event = ims_event_of(&flow, kind);

	network->sink(network->user, &event);
}

static struct ims_sctp_path *other(struct ims_sctp_path *path)
{
	return &path->association->paths[!path->side];
}

static void place(struct ims_sctp_path *path, uint32_t tsn)
{
	if (!path->placed)
		path->next = tsn;
	path->placed = true;
}

/*
 * An INIT names the tag that the answers to it carry. A copy of one names
 * one that is known; of another one the association begins anew.
 */
static struct ims_sctp_path *path_of_init(struct ims_network *network,
					  const struct packet *packet,
					  uint32_t tag)
{
	struct ims_sctp_header answer = {
		.source = packet->header.destination,
		.destination = packet->header.source,
		.tag = tag,
	};
	struct ims_sctp_path *back = ims_sctp_path_of(network, &answer, true);

	return back ? other(back) : NULL;
}

static void opened(struct ims_network *network, const struct packet *packet,
		   struct ims_sctp_path *path)
{
	if (!path->association->opened)
		emit(network, packet, path, IMS_EVENT_CONNECTION_OPENED);
	path->association->opened = true;
}

static void take_init(struct ims_network *network, const struct packet *packet,
		      const struct chunk *chunk)
{
	struct ims_sctp_path *path;
	const uint8_t *at = chunk->bytes.at;

	if (chunk->bytes.len < INIT_SIZE)
		return;
	if (chunk->type == CHUNK_INIT)
		path = path_of_init(network, packet, ims_be32(at + 4));
	else
		path = ims_sctp_path_of(network, &packet->header, true);
	if (!path)
		return;
	place(path, ims_be32(at + 16));
	if (chunk->type == CHUNK_INIT_ACK) {
		ims_sctp_path_tag(&network->sctp, other(path),
				  ims_be32(at + 4));
		opened(network, packet, path);
	} else if (!path->association->opening) {
		path->association->opening = true;
		emit(network, packet, path, IMS_EVENT_CONNECTION_OPENING);
	}
}

/* The path of whom it ends by; NULL: not known. */
static struct ims_sctp_path *path_of_end(struct ims_network *network,
					 const struct packet *packet,
					 const struct chunk *chunk)
{
	struct ims_sctp_header header = packet->header;
	bool reflected = (chunk->type == CHUNK_ABORT ||
			  chunk->type == CHUNK_SHUTDOWN_COMPLETE) &&
			 chunk->flags & CHUNK_REFLECTED;
	struct ims_sctp_path *path;

	if (reflected) {
		header.source = packet->header.destination;
		header.destination = packet->header.source;
	}
	path = ims_sctp_path_of(network, &header, false);
	/* SHUTDOWN ACK answers the SHUTDOWN of the other end. */
	return path && (reflected || chunk->type == CHUNK_SHUTDOWN_ACK)
		       ? other(path)
		       : path;
}

/*
 * ABORT and SHUTDOWN: nobody is remembered for their sake. The chunks that
 * follow SHUTDOWN tell of it where the capture lacks it (RFC 9260 9.2).
 */
static void take_end(struct ims_network *network, const struct packet *packet,
		     const struct chunk *chunk)
{
	struct ims_sctp_path *path = path_of_end(network, packet, chunk);
	enum ims_event_kind kind = IMS_EVENT_CONNECTION_CLOSED;

	if (!path || path->association->closed)
		return;
	path->association->closed = true;
	if (ims_association_is_foreign(path->association))
		return;
	if (chunk->type == CHUNK_ABORT)
		kind = path->association->opened ||
				       path->association->recognised
			       ? IMS_EVENT_CONNECTION_RESET
			       : IMS_EVENT_CONNECTION_REFUSED;
	emit(network, packet, path, kind);
}

static void take_data(struct ims_network *network, const struct packet *packet,
		      const struct chunk *chunk)
{
	bool interleaved = chunk->type == CHUNK_I_DATA;
	struct ims_sctp_data data = {
		.begins = chunk->flags & CHUNK_BEGINS,
		.ends = chunk->flags & CHUNK_ENDS,
		.bytes = chunk->bytes,
		.stamp = packet->stamp,
	};
	const uint8_t *at = chunk->bytes.at;
	struct ims_sctp_path *path;

	if (!ims_span_skip(&data.bytes,
			   interleaved ? I_DATA_HEADER : DATA_HEADER))
		return;
	data.tsn = ims_be32(at + 4);
	data.stream = ims_be16(at + 8);
	path = ims_sctp_path_of(network, &packet->header, true);
	if (!path)
		return;
	path->association->protected |= packet->protected;
	ims_sctp_data_take(network, path, &data);
}

/*
 * SACK and SHUTDOWN say how far they have the other end's chunks. SACK by
 * itself answers one that came at most 0.5 s before (RFC 9260 6.2); beside
 * DATA it may say once more what is long known.
 */
static void take_acknowledgement(struct ims_network *network,
				 const struct packet *packet,
				 const struct chunk *chunk)
{
	struct ims_sctp_path *path;

	if (chunk->bytes.len < ACKNOWLEDGING)
		return;
	path = ims_sctp_path_of(network, &packet->header, false);
	if (path)
		ims_sctp_data_show(
			network, other(path), ims_be32(chunk->bytes.at + 4) + 1,
			&packet->stamp,
			chunk->type == CHUNK_SACK && packet->n_chunks == 1 &&
				packet->is_last);
}

static void take_chunk(struct ims_network *network, const struct packet *packet,
		       const struct chunk *chunk)
{
	struct ims_sctp_path *path;

	switch (chunk->type) {
	case CHUNK_DATA:
	case CHUNK_I_DATA:
		take_data(network, packet, chunk);
		break;
	case CHUNK_INIT:
	case CHUNK_INIT_ACK:
		take_init(network, packet, chunk);
		break;
	case CHUNK_COOKIE_ACK:
		path = ims_sctp_path_of(network, &packet->header, true);
		if (path)
			opened(network, packet, path);
		break;
	case CHUNK_SACK:
		take_acknowledgement(network, packet, chunk);
		break;
	case CHUNK_SHUTDOWN:
		take_acknowledgement(network, packet, chunk);
		take_end(network, packet, chunk);
		break;
	case CHUNK_ABORT:
	case CHUNK_SHUTDOWN_ACK:
	case CHUNK_SHUTDOWN_COMPLETE:
		take_end(network, packet, chunk);
		break;
	default:
		break;
	}
}

/* Returns false when no chunk begins here: the end, or not SCTP. */
static bool next_chunk(struct chunk *chunk, struct ims_span *rest)
{
	size_t length;

	if (rest->len < CHUNK_HEADER)
		return false;
	length = ims_be16(rest->at + 2);
	if (length < CHUNK_HEADER)
		return false;
	chunk->type = rest->at[0];
	chunk->flags = rest->at[1];
	chunk->bytes = *rest;
	ims_span_limit(&chunk->bytes, length);
	length = (length + 3) & ~(size_t)3;
	ims_span_skip(rest, MIN(length, rest->len));
	return true;
}

void ims_sctp_take(struct ims_network *network, struct ims_cursor *cursor)
{
	const uint8_t *at = cursor->bytes.at;
	struct ims_span rest = cursor->bytes;
	struct packet packet;
	struct chunk chunk;

	if (!ims_span_skip(&rest, SCTP_HEADER)) {
		cursor->layer = IMS_LAYER_BAD;
		return;
	}
	packet = (struct packet){
		.header =
			{
				.source = {cursor->ip.source, ims_be16(at)},
				.destination = {cursor->ip.destination,
						ims_be16(at + 2)},
				.tag = ims_be32(at + 4),
			},
		.protected = cursor->protected,
		.stamp = ims_network_stamp(network, cursor->packet),
	};
	while (next_chunk(&chunk, &rest)) {
		packet.n_chunks++;
		packet.is_last = rest.len < CHUNK_HEADER;
		take_chunk(network, &packet, &chunk);
	}
}
