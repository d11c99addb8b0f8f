// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pcapng, draft-ietf-opsawg-pcapng. Our own reader: libpcap 1.10 refuses
 * files whose interfaces differ in link type or snapshot length, and tells
 * nothing of the drops that are counted in a file.
 */
#include <glib.h>

#include "blocks.h"
#include "octets.h"

/* A block that is looked into; options beside the packet have this much. */
#define IMS_BLOCK_MAX (IMS_PACKET_MAX + 1024u * 1024)

/* A section header, which begins at *at, tells the byte order, of its own
   length too (4.1). */
static bool set_byte_order(struct ims_pcapng *self, const uint8_t **at)
{
	size_t n = ims_input_peek(self->reading->input, at, 12);

	if (n < 12) {
		ims_reading_cut(self->reading, n, 28, "section header ");
		return false;
	}
	self->big = ims_load32(*at + 8, true) == 0x1a2b3c4d;
	if (self->big || ims_load32(*at + 8, false) == 0x1a2b3c4d)
		return true;
	ims_reading_damaged(self->reading, "section without byte order");
	return false;
}

static enum ims_outcome cut(struct ims_pcapng *self, uint64_t there,
			    uint32_t length)
{
	return ims_outcome_failed(
		ims_reading_cut(self->reading, there, length, "block "));
}

static enum ims_outcome lengths_differ(struct ims_pcapng *self,
				       const struct ims_block *block,
				       uint32_t trailer)
{
	return ims_outcome_failed(ims_reading_damaged(
		self->reading, "block length is %u before and %u behind",
		block->length, trailer));
}

static enum ims_outcome skip_block(struct ims_pcapng *self,
				   const struct ims_block *block)
{
	struct ims_input *input = self->reading->input;
	uint64_t there = ims_input_skip(input, block->length - 4);
	const uint8_t *at;
	uint32_t trailer;
	size_t n;

	n = ims_input_peek(input, &at, 4);
	if (n < 4)
		return cut(self, there + n, block->length);
	trailer = ims_load32(at, self->big);
	if (trailer != block->length)
		return lengths_differ(self, block, trailer);
	ims_input_take(input, 4);
	return IMS_OUTCOME_NONE;
}

static enum ims_outcome whole_block(struct ims_pcapng *self,
				    struct ims_packet *packet,
				    struct ims_block *block)
{
	struct ims_input *input = self->reading->input;
	enum ims_outcome outcome;
	const uint8_t *at;
	uint32_t trailer;
	size_t n;

	if (block->length > IMS_BLOCK_MAX)
		return ims_outcome_failed(ims_reading_damaged(
			self->reading, "block of %u bytes", block->length));
	n = ims_input_peek(input, &at, block->length);
	if (n < block->length)
		return cut(self, n, block->length);
	trailer = ims_load32(at + block->length - 4, self->big);
	if (trailer != block->length)
		return lengths_differ(self, block, trailer);
	block->body = at + 8;
	block->n = block->length - IMS_BLOCK_LEAST;
	outcome = ims_pcapng_look_into(self, packet, block);
	/* drops before a packet: the same block is read again for it */
	if (outcome == IMS_OUTCOME_DROPS && self->drops_told)
		return outcome;
	self->drops_told = false;
	ims_input_take(input, block->length);
	return outcome;
}

static enum ims_outcome next_block(struct ims_pcapng *self,
				   struct ims_packet *packet)
{
	struct ims_block block;
	const uint8_t *at;
	size_t n = ims_input_peek(self->reading->input, &at, 8);

	if (n < 8)
		return cut(self, n, IMS_BLOCK_LEAST);
	block.type = ims_load32(at, self->big);
	if (block.type == IMS_BLOCK_SECTION && !set_byte_order(self, &at))
		return IMS_OUTCOME_FAILED;
	block.length = ims_load32(at + 4, self->big);
	if (block.length < IMS_BLOCK_LEAST || block.length % 4)
		return ims_outcome_failed(ims_reading_damaged(
			self->reading, "block of %u bytes", block.length));
	return ims_pcapng_is_looked_into(block.type)
		       ? whole_block(self, packet, &block)
		       : skip_block(self, &block);
}

static enum ims_read read_packet(struct ims_reader *reader,
				 struct ims_packet *packet)
{
	struct ims_pcapng *self = (struct ims_pcapng *)reader;
	const uint8_t *at;

	while (ims_input_peek(self->reading->input, &at, 1)) {
		switch (next_block(self, packet)) {
		case IMS_OUTCOME_PACKET:
			return IMS_READ_PACKET;
		case IMS_OUTCOME_DROPS:
			return IMS_READ_DROPS;
		case IMS_OUTCOME_FAILED:
			return IMS_READ_ERROR;
		case IMS_OUTCOME_NONE:
			break;
		}
	}
	return ims_reading_end(self->reading);
}

static void free_reader(struct ims_reader *reader)
{
	struct ims_pcapng *self = (struct ims_pcapng *)reader;

	g_free(self->interfaces);
	g_free(self);
}

struct ims_reader *ims_pcapng_reader(struct ims_reading *reading)
{
	struct ims_pcapng *self = g_new0(struct ims_pcapng, 1);

	self->reader.read = read_packet;
	self->reader.free = free_reader;
	self->reading = reading;
	return &self->reader;
}
