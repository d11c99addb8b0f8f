// SPDX-License-Identifier: GPL-2.0-or-later
/* SCTP's chunks: user messages, and what an association says of itself. */
#include <string.h>

#include "buffer.h"

#define SCTP_HEADER   12
#define CHUNK_HEADER  4
#define DATA_HEADER   16
#define I_DATA_HEADER 20
#define INIT_HEADER   20

enum chunk_type {
	CHUNK_DATA = 0,
	CHUNK_INIT = 1,
	CHUNK_INIT_ACK = 2,
	CHUNK_SACK = 3,
	CHUNK_SHUTDOWN = 7,
	CHUNK_I_DATA = 64,
	CHUNK_FORWARD_TSN = 192,
};

enum parameter {
	PARAMETER_IPV4 = 5,
	PARAMETER_IPV6 = 6,
};

struct chunk {
	size_t at;
	size_t len; /* its header among it; as much as is there */
};

/* RFC 9260 3.3.2: addresses become others, all else, cookies too, 0. */
static void rewrite_parameters(uint8_t *at, size_t len,
			       const struct ims_rewriting *with)
{
	while (len >= CHUNK_HEADER) {
		unsigned type = ims_be16(at);
		size_t size = MIN(MAX(ims_be16(at + 2), CHUNK_HEADER), len);

		if (type == PARAMETER_IPV4 && size == 8)
			ims_header_rewrite_address(at + 4, 4, with);
		else if (type == PARAMETER_IPV6 && size == 20)
			ims_header_rewrite_address(at + 4, 6, with);
		else
			memset(at + CHUNK_HEADER, 0, size - CHUNK_HEADER);
		size = MIN((size + 3) & ~(size_t)3, len);
		at += size;
		len -= size;
	}
	memset(at, 0, len);
}

static void rewrite_chunk(struct ims_buffer *buffer, const struct chunk *chunk,
			  const struct ims_rewriting *with)
{
	uint8_t *at = buffer->bytes + chunk->at;
	size_t header = CHUNK_HEADER;

	switch (at[0]) {
	case CHUNK_DATA:
	case CHUNK_I_DATA:
		header = at[0] == CHUNK_DATA ? DATA_HEADER : I_DATA_HEADER;
		if (chunk->len > header)
			ims_payload_apply(buffer, chunk->at + header,
					  chunk->len - header, with);
		break;
	case CHUNK_INIT:
	case CHUNK_INIT_ACK:
		if (chunk->len > INIT_HEADER)
			rewrite_parameters(at + INIT_HEADER,
					   chunk->len - INIT_HEADER, with);
		break;
	case CHUNK_SACK:
	case CHUNK_SHUTDOWN:
	case CHUNK_FORWARD_TSN:
		break;
	default:
		ims_buffer_blank(buffer, chunk->at + header,
				 chunk->len - header);
		break;
	}
}

void ims_payload_sctp(struct ims_buffer *buffer, const struct ims_note *note,
		      const struct ims_rewriting *with)
{
	size_t at = note->at + SCTP_HEADER, end = note->at + note->len;

	while (at < end) {
		struct chunk chunk = {.at = at};
		size_t length = end - at >= CHUNK_HEADER
					? ims_be16(buffer->bytes + at + 2)
					: 0;

		if (length < CHUNK_HEADER) {
			ims_buffer_blank(buffer, at, end - at);
			return;
		}
		chunk.len = MIN(length, end - at);
		rewrite_chunk(buffer, &chunk, with);
		length = MIN((length + 3) & ~(size_t)3, end - at);
		ims_buffer_blank(buffer, at + chunk.len, length - chunk.len);
		at += length;
	}
}
