// SPDX-License-Identifier: GPL-2.0-or-later
#include "blocks.h"

#include <glib.h>
#include <string.h>

#include "octets.h"
#include "pcapng_writer.h"

/* draft-ietf-opsawg-pcapng 4 */
#define BLOCK_INTERFACE	 1u
#define BLOCK_PACKET	 2u /* obsolete, Appendix A */
#define BLOCK_SIMPLE	 3u
#define BLOCK_STATISTICS 5u
#define BLOCK_ENHANCED	 6u

#define OPTION_SHB_USERAPPL  4
#define OPTION_EPB_DROPCOUNT 4
#define OPTION_ISB_ENDTIME   3
#define OPTION_ISB_IFDROP    5
#define OPTION_ISB_OSDROP    7

bool ims_pcapng_is_looked_into(uint32_t type)
{
	return type == IMS_BLOCK_SECTION || type == BLOCK_INTERFACE ||
	       type == BLOCK_PACKET || type == BLOCK_SIMPLE ||
	       type == BLOCK_STATISTICS || type == BLOCK_ENHANCED;
}

/* By the word of our own writer alone. */
static bool is_of_selection(const struct ims_option *application)
{
	const char *at = (const char *)application->value;
	size_t n = strlen(IMS_PCAPNG_SELECTION);

	return application->n >= n && memcmp(at, "imsleuth ", 9) == 0 &&
	       memcmp(at + application->n - n, IMS_PCAPNG_SELECTION, n) == 0;
}

static enum ims_outcome section(struct ims_pcapng *self,
				const struct ims_block *block)
{
	struct ims_options options = {.big = self->big};
	struct ims_option option;
	uint16_t major;

	if (block->n < 16)
		return ims_outcome_failed(ims_reading_damaged(
			self->reading, "section header of %u bytes",
			block->length));
	major = ims_load16(block->body + 4, self->big);
	if (major != 1)
		return ims_outcome_failed(ims_reading_damaged(
			self->reading, "version %u of pcapng is not known",
			major));
	self->n_interfaces = 0;
	options.at = block->body + 16;
	options.n = block->n - 16;
	self->reading->selected = false;
	while (ims_options_next(&options, &option))
		if (option.code == OPTION_SHB_USERAPPL)
			self->reading->selected = is_of_selection(&option);
	return IMS_OUTCOME_NONE;
}

static bool make_room(struct ims_pcapng *self)
{
	size_t room = self->room ? self->room * 2 : 8;
	struct ims_interface *grown;

	if (self->n_interfaces < self->room)
		return true;
	grown = g_try_malloc(room * sizeof(*grown));
	if (!grown)
		return false;
	if (self->n_interfaces)
		memcpy(grown, self->interfaces,
		       self->n_interfaces * sizeof(*grown));
	g_free(self->interfaces);
	self->interfaces = grown;
	self->room = room;
	return true;
}

static enum ims_outcome interface(struct ims_pcapng *self,
				  const struct ims_block *block)
{
	struct ims_interface new = {.resolution = 6};
	struct ims_options options = {.big = self->big};

	if (block->n < 8)
		return ims_outcome_failed(ims_reading_damaged(
			self->reading, "interface block of %u bytes",
			block->length));
	if (self->n_interfaces == IMS_INTERFACES_MAX)
		return ims_outcome_failed(ims_reading_damaged(
			self->reading, "more than %d interfaces",
			IMS_INTERFACES_MAX));
	if (!make_room(self))
		return ims_outcome_failed(ims_reading_damaged(
			self->reading, "not enough memory"));
	new.link_type = ims_link_types_add(&self->reading->link_types,
					   ims_load16(block->body, self->big));
	new.snapshot = ims_load32(block->body + 4, self->big);
	options.at = block->body + 8;
	options.n = block->n - 8;
	ims_interface_read_options(&new, options);
	self->interfaces[self->n_interfaces++] = new;
	return IMS_OUTCOME_NONE;
}

static enum ims_outcome drops(struct ims_packet *packet, uint64_t n,
			      int64_t time, uint64_t number)
{
	if (!n)
		return IMS_OUTCOME_NONE;
	*packet = (struct ims_packet){.time_ns = time, .number = number};
	packet->wire = (uint32_t)MIN(n, UINT32_MAX);
	return IMS_OUTCOME_DROPS;
}

/* NULL with the error told. */
static struct ims_interface *find(struct ims_pcapng *self, uint32_t id)
{
	if (id < self->n_interfaces)
		return &self->interfaces[id];
	ims_reading_damaged(self->reading, "there is no interface %u", id);
	return NULL;
}

/*
 * An interface whose capture ended well behind the last packet was silent. What
 * is too far off was counted in another unit than the interface says, as some
 * versions of dumpcap do.
 */
#define MOST_SILENT_NS (24 * 3600 * INT64_C(1000000000))

static uint64_t ticks_at(const struct ims_pcapng *self, const uint8_t *at)
{
	return (uint64_t)ims_load32(at, self->big) << 32 |
	       ims_load32(at + 4, self->big);
}

static void note_end(const struct ims_pcapng *self, int64_t end_ns)
{
	struct ims_reading *reading = self->reading;

	if (ims_time_sub(end_ns, reading->info->last_ns) <= MOST_SILENT_NS)
		reading->until_ns = MAX(reading->until_ns, end_ns);
}

/* The sums of ifdrop and osdrop since the capture began, and its end, 4.6. */
static enum ims_outcome statistics(struct ims_pcapng *self,
				   struct ims_packet *packet,
				   const struct ims_block *block)
{
	struct ims_options options = {.big = self->big};
	struct ims_interface *of;
	struct ims_option option;
	uint64_t sum = 0;
	uint64_t ticks;
	int64_t time;

	if (block->n < 12)
		return ims_outcome_failed(ims_reading_damaged(
			self->reading, "statistics block of %u bytes",
			block->length));
	of = find(self, ims_load32(block->body, self->big));
	if (!of)
		return IMS_OUTCOME_FAILED;
	options.at = block->body + 12;
	options.n = block->n - 12;
	while (ims_options_next(&options, &option)) {
		if (option.n < 8)
			continue;
		if (option.code == OPTION_ISB_IFDROP ||
		    option.code == OPTION_ISB_OSDROP)
			sum += ims_load64(option.value, self->big);
		else if (option.code == OPTION_ISB_ENDTIME)
			note_end(self,
				 ims_interface_time(
					 of, ticks_at(self, option.value)));
	}
	ticks = ticks_at(self, block->body + 4);
	/* written at the end of a capture, long after the losses */
	time = self->reading->info->packets ? self->reading->last_ns
					    : ims_interface_time(of, ticks);
	return drops(packet, ims_interface_lost_in_sum(of, sum), time,
		     MAX(self->reading->info->packets, 1));
}

/* The bytes of a packet within its block, `at` bytes into the body. */
static bool set_bytes(struct ims_pcapng *self, struct ims_packet *packet,
		      const struct ims_block *block, size_t at)
{
	if (packet->captured > IMS_PACKET_MAX ||
	    packet->captured > block->n - at) {
		ims_reading_damaged(self->reading,
				    "it claims %u bytes in a block of %u",
				    packet->captured, block->length);
		return false;
	}
	packet->bytes = block->body + at;
	packet->wire = MAX(packet->wire, packet->captured);
	return true;
}

static uint64_t dropcount(const struct ims_pcapng *self,
			  const struct ims_packet *packet,
			  const struct ims_block *block, size_t at)
{
	size_t behind = at + ((size_t)packet->captured + 3) / 4 * 4;
	struct ims_options options = {.big = self->big};
	struct ims_option option;
	uint64_t n = 0;

	if (behind > block->n)
		return 0;
	options.at = block->body + behind;
	options.n = block->n - behind;
	while (ims_options_next(&options, &option))
		if (option.code == OPTION_EPB_DROPCOUNT && option.n >= 8)
			n = ims_load64(option.value, self->big);
	return n;
}

/* Enhanced and obsolete packet blocks differ in their first four bytes. */
static enum ims_outcome packet_block(struct ims_pcapng *self,
				     struct ims_packet *packet,
				     const struct ims_block *block)
{
	const uint8_t *body = block->body;
	bool old = block->type == BLOCK_PACKET;
	struct ims_interface *of;
	uint64_t n_lost;
	uint64_t ticks;

	if (block->n < 20)
		return ims_outcome_failed(ims_reading_damaged(
			self->reading, "packet block of %u bytes",
			block->length));
	of = find(self, old ? ims_load16(body, self->big)
			    : ims_load32(body, self->big));
	if (!of)
		return IMS_OUTCOME_FAILED;
	ticks = (uint64_t)ims_load32(body + 4, self->big) << 32 |
		ims_load32(body + 8, self->big);
	packet->time_ns = ims_interface_time(of, ticks);
	packet->link_type = of->link_type;
	packet->captured = ims_load32(body + 12, self->big);
	packet->wire = ims_load32(body + 16, self->big);
	if (!set_bytes(self, packet, block, 20))
		return IMS_OUTCOME_FAILED;
	if (self->drops_told)
		return IMS_OUTCOME_PACKET;
	n_lost = old ? ims_load16(body + 2, self->big)
		     : dropcount(self, packet, block, 20);
	if (old && n_lost == UINT16_MAX) /* not known */
		n_lost = 0;
	n_lost = ims_interface_lost(of, n_lost);
	self->drops_told = n_lost > 0;
	if (!n_lost)
		return IMS_OUTCOME_PACKET;
	return drops(packet, n_lost, packet->time_ns,
		     self->reading->info->packets + 1);
}

/* It has neither interface nor time, 4.4: the first one, the last time. */
static enum ims_outcome simple_packet(struct ims_pcapng *self,
				      struct ims_packet *packet,
				      const struct ims_block *block)
{
	const struct ims_interface *of = find(self, 0);

	if (!of)
		return IMS_OUTCOME_FAILED;
	if (block->n < 4)
		return ims_outcome_failed(ims_reading_damaged(
			self->reading, "packet block of %u bytes",
			block->length));
	packet->time_ns = self->reading->last_ns;
	packet->link_type = of->link_type;
	packet->wire = ims_load32(block->body, self->big);
	packet->captured = packet->wire;
	if (of->snapshot)
		packet->captured = MIN(packet->captured, of->snapshot);
	return set_bytes(self, packet, block, 4) ? IMS_OUTCOME_PACKET
						 : IMS_OUTCOME_FAILED;
}

enum ims_outcome ims_pcapng_look_into(struct ims_pcapng *self,
				      struct ims_packet *packet,
				      const struct ims_block *block)
{
	switch (block->type) {
	case IMS_BLOCK_SECTION:
		return section(self, block);
	case BLOCK_INTERFACE:
		return interface(self, block);
	case BLOCK_STATISTICS:
		return statistics(self, packet, block);
	case BLOCK_SIMPLE:
		return simple_packet(self, packet, block);
	default:
		return packet_block(self, packet, block);
	}
}
