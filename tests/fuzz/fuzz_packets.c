/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets to events. The first byte chooses the link type; then come the
 * packets: two bytes of length, one of time (a wait, in eighths of a second)
 * whose highest bit says that half of the packet was not captured, and the
 * packet's bytes.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint32_t link_types[] = {0,   1,	9,   12,  14,  50, 101,
				      108, 113, 228, 229, 276, 147};

/* Every byte of an event must be there. */
static void look(void *user, const struct ims_event *event)
{
	uint64_t *sum = user;

	for (size_t i = 0; i < event->bytes.len; i++)
		*sum += (uint8_t)event->bytes.at[i];
	*sum += event->frame.number;
}

static void feed(struct ims_network *network, struct ims_packet *packet,
		 const uint8_t *bytes, uint8_t wait)
{
	uint8_t *copy;

	packet->number++;
	packet->capture = packet->number % 3 == 0;
	packet->time_ns += (wait & 0x7f) * INT64_C(125000000);
	packet->captured = packet->wire;
	if (wait & 0x80)
		packet->captured /= 2;
	/* of its exact size, for the sanitizer */
	copy = malloc(packet->captured ? packet->captured : 1);
	if (!copy)
		return;
	memcpy(copy, bytes, packet->captured);
	packet->bytes = copy;
	ims_network_packet(network, packet);
	(void)ims_network_identity(packet);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t n_types = sizeof(link_types) / sizeof(link_types[0]);
	struct ims_packet packet = {0};
	struct ims_network *network;
	uint64_t sum = 0;
	size_t at = 1;

	if (size == 0)
		return 0;
	packet.link_type = link_types[data[0] % n_types];
	network = ims_network_new(look, &sum);
	while (size - at >= 3) {
		size_t length = (size_t)data[at] << 8 | data[at + 1];
		uint8_t wait = data[at + 2];

		at += 3;
		if (length > size - at)
			length = size - at;
		packet.wire = (uint32_t)length;
		feed(network, &packet, data + at, wait);
		at += length;
	}
	ims_network_finish(network);
	ims_network_free(network);
	return 0;
}
