// SPDX-License-Identifier: GPL-2.0-or-later
#include "layers.h"
#include "network.h"

/* Of the payload so many bytes: copies may be cut at different lengths. */
#define IDENTITY_BYTES 128

#define FNV_PRIME 0x100000001b3u

static uint64_t mix(uint64_t hash, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * FNV_PRIME;
	return hash;
}

/* Where the checksum is, which the card may fill in after the capture. */
static size_t checksum_at(uint8_t protocol)
{
	if (protocol == IMS_IP_UDP)
		return 6;
	return protocol == IMS_IP_TCP ? 16 : SIZE_MAX - 2;
}

uint64_t ims_network_identity(const struct ims_packet *packet)
{
	uint8_t head[IDENTITY_BYTES];
	struct ims_cursor cursor;
	const struct ims_ip *ip = &cursor.ip;
	uint64_t hash = 0xcbf29ce484222325u;
	size_t len, at;

	ims_layers_start(&cursor, packet);
	ims_layers_unwrap(&cursor);
	if (ip->source.family == 0)
		return 0;
	len = ip->payload.len < sizeof(head) ? ip->payload.len : sizeof(head);
	if (len)
		memcpy(head, ip->payload.at, len);
	at = checksum_at(ip->protocol);
	if (at + 2 <= len)
		memset(head + at, 0, 2);
	hash = mix(hash, ip->source.bytes, sizeof(ip->source.bytes));
	hash = mix(hash, ip->destination.bytes, sizeof(ip->destination.bytes));
	hash = mix(hash, head, len);
	hash = (hash ^ ip->id) * FNV_PRIME;
	hash = (hash ^ ip->fragment_offset) * FNV_PRIME;
	hash = (hash ^ ip->protocol) * FNV_PRIME;
	return hash ? hash : 1;
}
