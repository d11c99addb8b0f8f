// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages out of the bytes of a stream, in order by now. */
#include "stream.h"

#include "network_internal.h"

static struct ims_flow flow_of(const struct ims_stream *stream,
			       const struct ims_stamp *stamp)
{
	const struct ims_connection *connection = stream->connection;

	return (struct ims_flow){
		.transport = IMS_TRANSPORT_TCP,
		.source = connection->ends[stream->side],
		.destination = connection->ends[!stream->side],
		.protected = connection->protected,
		.stamp = *stamp,
	};
}

/*
 * Of what a foreign stream lacks nobody wants to hear; whether it is foreign
 * may show later.
 */
static void report_missing(struct ims_network *network,
			   struct ims_stream *stream,
			   const struct ims_stamp *stamp)
{
	struct ims_flow flow = flow_of(stream, stamp);
	struct ims_event event;

	if (!stream->missing || !stream->connection->recognised ||
	    (network->selected && !stream->cut))
		return;
	event = ims_event_of(&flow, IMS_EVENT_GAP);
	event.cut = stream->cut;
	event.missing = stream->missing;
	stream->missing = 0;
	network->sink(network->user, &event);
}

void ims_stream_tell(struct ims_network *network, struct ims_stream *stream,
		     const struct ims_piece *piece)
{
	const struct ims_tap *tap = network->tap;

	if (tap)
		tap->placed(tap->user, piece->at, piece->len,
			    ims_network_space(network, &stream->space, 0),
			    piece->start);
}

/* The tap is told where a message is from that ends `behind` bytes before what
   was read. */
static void tell_origin(struct ims_network *network, struct ims_stream *stream,
			struct ims_slice bytes, size_t behind)
{
	const struct ims_tap *tap = network->tap;

	if (!tap)
		return;
	tap->origin(tap->user, NULL, 0, 0, 0);
	tap->origin(tap->user, (const uint8_t *)bytes.at, bytes.len,
		    ims_network_space(network, &stream->space, 0),
		    stream->read_to - (uint32_t)(behind + bytes.len));
}

static void emit(struct ims_network *network, struct ims_stream *stream,
		 const struct ims_stamp *stamp, enum ims_event_kind kind,
		 struct ims_slice bytes, bool cut)
{
	struct ims_flow flow = flow_of(stream, stamp);

	stream->connection->recognised = true;
	stream->tries = 0;
	report_missing(network, stream, stamp);
	ims_message_emit(network, &flow, kind, bytes, cut);
}

void ims_stream_cut(struct ims_network *network, struct ims_stream *stream)
{
	const struct ims_begun *begun = &stream->begun;
	struct ims_found found;

	if (!begun->at)
		return;
	found = ims_message_find(begun->at, begun->len);
	if (found.extent == IMS_EXTENT_PARTIAL &&
	    ims_message_tells(found.kind, begun->at, begun->len)) {
		struct ims_slice bytes = ims_slice(begun->at, begun->len);

		ims_network_part(network, &begun->stamp, &stream->tail);
		tell_origin(network, stream, bytes, 0);
		emit(network, stream, &begun->stamp, found.kind, bytes, true);
	}
	ims_begun_drop(&stream->begun, &network->tcp.budget);
}

void ims_stream_lose(struct ims_network *network, struct ims_stream *stream,
		     uint64_t missing, const struct ims_stamp *stamp)
{
	ims_stream_cut(network, stream);
	stream->missing += missing;
	stream->state = IMS_STREAM_LOST;
	report_missing(network, stream, stamp);
}

/*
 * Takes the whole messages from the front of the bytes. The first is complete
 * with the packet `first`, the others with `later`. Returns how many bytes
 * are done with; what is left begins a message.
 */
static size_t read_messages(struct ims_network *network,
			    struct ims_stream *stream, struct ims_slice bytes,
			    const struct ims_stamp *first,
			    const struct ims_stamp *later)
{
	const uint8_t *at = (const uint8_t *)bytes.at;
	const struct ims_stamp *stamp = first;
	size_t used = 0;

	for (;;) {
		struct ims_found found;
		struct ims_slice message;

		used += ims_message_blank(at + used, bytes.len - used);
		if (used == bytes.len)
			return used;
		found = ims_message_find(at + used, bytes.len - used);
		if (found.extent == IMS_EXTENT_FOREIGN) {
			ims_message_foreign(network, at + used,
					    bytes.len - used);
			stream->state = IMS_STREAM_LOST;
			return bytes.len;
		}
		if (found.extent == IMS_EXTENT_PARTIAL) {
			stream->begun.wanted = found.length;
			return used;
		}
		message = ims_slice(at + used, found.length);
		used += found.length;
		tell_origin(network, stream, message, bytes.len - used);
		emit(network, stream, stamp, found.kind, message, false);
		stamp = later;
	}
}

static void out_of_memory(struct ims_network *network,
			  struct ims_stream *stream)
{
	ims_network_let_go(network, IMS_NETWORK_BOUND_MEMORY);
	ims_begun_drop(&stream->begun, &network->tcp.budget);
	stream->state = IMS_STREAM_LOST;
}

/* What follows the message that has begun. */
static void continue_message(struct ims_network *network,
			     struct ims_stream *stream,
			     const struct ims_piece *piece)
{
	struct ims_begun *begun = &stream->begun;
	struct ims_budget *budget = &network->tcp.budget;
	size_t used;

	if (!ims_begun_append(begun, budget, piece->at, piece->len)) {
		out_of_memory(network, stream);
		return;
	}
	ims_network_part(network, &piece->stamp, &stream->tail);
	stream->tail = piece->stamp;
	/* It is complete when the last to arrive of its bytes is there. */
	if (piece->stamp.order > begun->stamp.order)
		begun->stamp = piece->stamp;
	if (!ims_begun_is_due(begun))
		return;
	ims_network_part(network, &begun->stamp, &piece->stamp);
	used = read_messages(network, stream, ims_slice(begun->at, begun->len),
			     &begun->stamp, &piece->stamp);
	if (used) /* the rest is of this piece alone */
		begun->stamp = piece->stamp;
	ims_begun_skip(begun, budget, used);
}

/* The bytes at `next`. */
static void read_piece(struct ims_network *network, struct ims_stream *stream,
		       const struct ims_piece *piece)
{
	size_t used;

	if (stream->begun.at) {
		continue_message(network, stream, piece);
		return;
	}
	used = read_messages(network, stream, ims_slice(piece->at, piece->len),
			     &piece->stamp, &piece->stamp);
	if (used == piece->len)
		return;
	stream->begun.stamp = stream->tail = piece->stamp;
	if (!ims_begun_append(&stream->begun, &network->tcp.budget,
			      piece->at + used, piece->len - used))
		out_of_memory(network, stream);
	else
		ims_begun_skip(&stream->begun, &network->tcp.budget, 0);
}

/* Neither SIP nor Diameter: TLS, or something that is not for us. */
static void not_recognised(struct ims_network *network,
			   struct ims_stream *stream,
			   const struct ims_piece *piece)
{
	struct ims_connection *connection = stream->connection;
	bool signalling = ims_port_is_signalling(connection->ends[0].port) ||
			  ims_port_is_signalling(connection->ends[1].port);

	if (ims_tls_begins(piece->at, piece->len)) {
		connection->tls = signalling;
		stream->state = IMS_STREAM_FOREIGN;
		if (signalling) {
			struct ims_flow flow = flow_of(stream, &piece->stamp);

			ims_tls_see(network, &flow, &connection->tls_told_ns);
		}
	} else if (!connection->recognised && !signalling &&
		   ++stream->tries >= IMS_STREAM_TRIES) {
		stream->state = IMS_STREAM_FOREIGN;
	}
}

/* A segment while it is not known where messages begin. */
static void search(struct ims_network *network, struct ims_stream *stream,
		   struct ims_piece *piece)
{
	size_t blank = ims_message_blank(piece->at, piece->len);
	struct ims_found found =
		ims_message_find(piece->at + blank, piece->len - blank);

	stream->placed = true;
	stream->next = ims_piece_end(piece);
	if (found.extent == IMS_EXTENT_FOREIGN) {
		ims_message_foreign(network, piece->at + blank,
				    piece->len - blank);
		if (blank < piece->len)
			not_recognised(network, stream, piece);
		return;
	}
	stream->state = IMS_STREAM_READING;
	read_piece(network, stream, piece);
}

void ims_stream_accept(struct ims_network *network, struct ims_stream *stream,
		       struct ims_piece *piece)
{
	stream->read_to = piece->start + (uint32_t)piece->len;
	if (stream->state == IMS_STREAM_READING) {
		stream->next = ims_piece_end(piece);
		read_piece(network, stream, piece);
		if (stream->state == IMS_STREAM_LOST && !stream->begun.at)
			not_recognised(network, stream, piece);
	} else {
		search(network, stream, piece);
	}
	if (stream->state == IMS_STREAM_READING && piece->len < piece->span) {
		stream->cut = true;
		ims_stream_lose(network, stream, piece->span - piece->len,
				&piece->stamp);
		stream->cut = false;
	}
}
