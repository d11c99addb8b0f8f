/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets without their subscribers: input as of fuzz_packets. Every packet
 * comes out once, in order, no longer than it was; and rewritten once more by
 * another key, it is still as long.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "anonymize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint32_t link_types[] = {0,   1,	9,   12,  14,  50, 101,
				      108, 113, 228, 229, 276, 147};

struct input {
	const uint8_t *data;
	size_t size;
	size_t at;
	struct ims_packet packet;
	uint8_t *copy; /* of its exact size, for the sanitizer */
};

static enum ims_read read_input(void *user, struct ims_packet *packet)
{
	struct input *input = user;
	size_t left = input->size - input->at, length;
	const uint8_t *at = input->data + input->at;

	free(input->copy);
	input->copy = NULL;
	if (left < 3)
		return IMS_READ_END;
	length = (size_t)at[0] << 8 | at[1];
	if (length > left - 3)
		length = left - 3;
	input->at += 3 + length;
	input->packet.number++;
	input->packet.capture = input->packet.number % 3 == 0;
	input->packet.time_ns += (at[2] & 0x7f) * INT64_C(125000000);
	input->packet.wire = (uint32_t)length;
	input->packet.captured = (uint32_t)(at[2] & 0x80 ? length / 2 : length);
	input->copy = malloc(length ? length : 1);
	if (!input->copy)
		abort();
	memcpy(input->copy, at + 3, input->packet.captured);
	input->packet.bytes = input->copy;
	*packet = input->packet;
	return IMS_READ_PACKET;
}

static enum ims_read read_renamed(void *user, struct ims_packet *packet)
{
	return ims_anonymize_read(user, packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {.data = data, .size = size, .at = 1};
	struct ims_pseudonyms *p, *q;
	struct ims_anonymize *first, *second;
	struct ims_packet packet;
	uint64_t number = 0;

	if (size == 0)
		return 0;
	input.packet.link_type =
		link_types[data[0] % (sizeof(link_types) / sizeof(uint32_t))];
	p = ims_pseudonyms_new("one", 3);
	q = ims_pseudonyms_new("two", 3);
	first = ims_anonymize_new(p, read_input, &input);
	second = ims_anonymize_new(q, read_renamed, first);
	while (ims_anonymize_read(second, &packet) == IMS_READ_PACKET)
		if (packet.number != ++number || packet.captured > packet.wire)
			abort();
	if (number != input.packet.number)
		abort();
	ims_anonymize_free(second);
	ims_anonymize_free(first);
	ims_pseudonyms_free(p);
	ims_pseudonyms_free(q);
	free(input.copy);
	return 0;
}
