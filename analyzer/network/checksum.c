// SPDX-License-Identifier: GPL-2.0-or-later
#include "checksum.h"

/* At most 64 KiB at a time: 32 bits hold the sum. */
static uint32_t add(uint32_t sum, const uint8_t *at, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += ims_be16(at + i);
	if (i < len)
		sum += (uint32_t)at[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

uint16_t ims_checksum(uint32_t sum, const uint8_t *at, size_t len)
{
	while (len > UINT16_MAX) {
		sum = add(sum, at, UINT16_MAX - 1);
		at += UINT16_MAX - 1;
		len -= UINT16_MAX - 1;
	}
	return (uint16_t)~add(sum, at, len);
}

/* RFC 9293 3.1, RFC 8200 8.1: both sum the same numbers. */
uint16_t ims_checksum_transport(const struct ims_ip *ip, uint8_t protocol,
				const struct ims_span *bytes)
{
	size_t address = ip->source.family == 4 ? 4 : 16;
	uint32_t sum = protocol;

	sum += (uint32_t)(bytes->len >> 16) + (uint32_t)(bytes->len & 0xffff);
	sum = add(sum, ip->source.bytes, address);
	sum = add(sum, ip->destination.bytes, address);
	return ims_checksum(sum, bytes->at, bytes->len);
}
