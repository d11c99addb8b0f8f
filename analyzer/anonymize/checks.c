// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checksums. What they deviate by stays what it was: a right one becomes
 * right, and one that the capturing host had left to its card stays wrong.
 */
#include <string.h>

#include "buffer.h"
#include "checksum.h"

#define CRC_POLYNOMIAL 0x82f63b78u /* CRC32c, reflected (RFC 9260 A) */

/* Where in a header its Internet checksum is, and over what. */
struct check {
	size_t field; /* 0: there is none */
	size_t len;   /* bytes that are summed */
	bool has_pseudo;
};

static size_t udp_length(const struct ims_note *note, const uint8_t *at)
{
	size_t length = ims_be16(at + 4);

	return length >= 8 ? MIN(length, note->len) : note->len;
}

static struct check check_of_transport(const struct ims_note *note,
				       const uint8_t *at)
{
	switch (note->ip.protocol) {
	case IMS_IP_UDP:
		/* 0: none was made (RFC 768). */
		if (note->len < 8 || ims_be16(at + 6) == 0)
			break;
		return (struct check){6, udp_length(note, at), true};
	case IMS_IP_TCP:
		if (note->len < 20)
			break;
		return (struct check){16, note->len, true};
	case IMS_IP_ICMP:
	case IMS_IP_ICMPV6:
		if (note->len < 4)
			break;
		return (struct check){2, note->len,
				      note->ip.protocol == IMS_IP_ICMPV6};
	case IMS_IP_GRE: /* RFC 2784 2.1 */
		if (note->len < 8 || !(at[0] & 0x80))
			break;
		return (struct check){4, note->len, false};
	default:
		break;
	}
	return (struct check){0};
}

static struct check check_of(const struct ims_note *note, const uint8_t *at)
{
	if (note->layer == IMS_LAYER_TRANSPORT)
		return check_of_transport(note, at);
	if (note->layer == IMS_LAYER_IP && note->len >= 20 && at[0] >> 4 == 4) {
		size_t header = (size_t)(at[0] & 0x0f) * 4;

		if (header >= 20 && header <= note->len)
			return (struct check){10, header, false};
	}
	return (struct check){0};
}

static uint16_t deviation(const struct check *check, const struct ims_ip *ip,
			  const uint8_t *at)
{
	const struct ims_span span = {at, check->len, check->len};

	return check->has_pseudo
		       ? ims_checksum_transport(ip, ip->protocol, &span)
		       : ims_checksum(0, at, check->len);
}

static bool is_sctp(const struct ims_note *note)
{
	return note->layer == IMS_LAYER_TRANSPORT &&
	       note->ip.protocol == IMS_IP_SCTP && note->len >= 12;
}

/* The checksum's own four bytes count as 0. */
static uint32_t crc32c(const uint8_t *at, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= i >= 8 && i < 12 ? 0 : at[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? CRC_POLYNOMIAL : 0);
	}
	return ~crc;
}

static uint32_t le32(const uint8_t *at)
{
	return __builtin_bswap32(ims_be32(at));
}

uint32_t ims_check_before(const struct ims_note *note, const uint8_t *at)
{
	const struct check check = check_of(note, at);

	if (is_sctp(note))
		return le32(at + 8) ^ crc32c(at, note->len);
	return check.field ? deviation(&check, &note->ip, at) : 0;
}

/* In ones' complement (RFC 1071). */
static uint16_t add(uint16_t a, uint16_t b)
{
	uint32_t sum = (uint32_t)a + b;

	return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

/* The addresses that the header's packet has by now. */
static struct ims_ip renamed(const struct ims_ip *ip,
			     const struct ims_rewriting *with)
{
	struct ims_ip made = *ip;

	ims_pseudonym_address(with->pseudonyms, &made.source);
	ims_pseudonym_address(with->pseudonyms, &made.destination);
	return made;
}

void ims_check_mend(struct ims_buffer *buffer, const struct ims_note *note,
		    const struct ims_rewriting *with)
{
	uint8_t *at = buffer->bytes + note->at;
	const struct check check = check_of(note, at);
	struct ims_ip ip;
	uint16_t sum;

	if (is_sctp(note)) {
		uint32_t crc =
			__builtin_bswap32(crc32c(at, note->len) ^ note->check);

		for (unsigned i = 0; i < 4; i++)
			at[8 + i] = (uint8_t)(crc >> (24 - 8 * i));
		return;
	}
	if (!check.field)
		return;
	ip = renamed(&note->ip, with);
	sum = add(ims_be16(at + check.field),
		  add(deviation(&check, &ip, at), (uint16_t)~note->check));
	if (sum == 0 && note->ip.protocol == IMS_IP_UDP &&
	    note->layer == IMS_LAYER_TRANSPORT)
		sum = 0xffff;
	at[check.field] = (uint8_t)(sum >> 8);
	at[check.field + 1] = (uint8_t)sum;
}
