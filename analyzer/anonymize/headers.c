// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses in headers, and whatever else in them says who it is. */
#include <string.h>

#include "buffer.h"

#define IPV4_HEADER 20
#define IPV6_HEADER 40
#define IPV4_NOP    1
#define IPV6_PADN   1

void ims_header_rewrite_address(uint8_t *at, uint8_t family,
				const struct ims_rewriting *with)
{
	struct ims_address address = {.family = family};
	size_t n = family == 4 ? 4 : 16;

	memcpy(address.bytes, at, n);
	ims_pseudonym_address(with->pseudonyms, &address);
	memcpy(at, address.bytes, n);
}

/* An address of the link layer, of the length that is said. */
static void replace_link_address(uint8_t *at, unsigned len,
				 const struct ims_rewriting *with)
{
	if (len == 6)
		ims_pseudonym_mac(with->pseudonyms, at);
	else
		memset(at, 0, 8);
}

static void rewrite_link(uint8_t *at, size_t len, enum ims_layer layer,
			 const struct ims_rewriting *with)
{
	if (layer == IMS_LAYER_ETHERNET && len >= 12) {
		ims_pseudonym_mac(with->pseudonyms, at);
		ims_pseudonym_mac(with->pseudonyms, at + 6);
	} else if (layer == IMS_LAYER_COOKED && len >= 16) {
		replace_link_address(at + 6, ims_be16(at + 4), with);
	} else if (layer == IMS_LAYER_COOKED_2 && len >= 20) {
		replace_link_address(at + 12, at[11], with);
	}
}

/* Options of a header become padding, whatever they were. */
static void pad_options(uint8_t *at, size_t size)
{
	if (size < 4)
		return;
	at[2] = IPV6_PADN;
	at[3] = (uint8_t)MIN(size - 4, 255);
	memset(at + 4, 0, size - 4);
}

/* Behind its first 8 bytes, addresses (RFC 8200 4.4, RFC 8754 2). */
static void rewrite_routing(uint8_t *at, size_t size,
			    const struct ims_rewriting *with)
{
	size_t i = 8;

	for (; i + 16 <= size; i += 16)
		ims_header_rewrite_address(at + i, 6, with);
	if (i < size)
		memset(at + i, 0, size - i);
}

/* Extension headers and AH from `at` to `end`. */
static void rewrite_extensions(uint8_t *bytes, size_t at, size_t end,
			       uint8_t protocol,
			       const struct ims_rewriting *with)
{
	while (end - at >= 8) {
		uint8_t *header = bytes + at;
		size_t size = protocol == IMS_IP_AH ? (header[1] + 2u) * 4
			      : protocol == IMS_IP_FRAGMENT
				      ? 8
				      : (header[1] + 1u) * 8;

		size = MIN(size, end - at);
		if (protocol == IMS_IP_AH)
			memset(header + MIN(size, 12), 0, size - MIN(size, 12));
		else if (protocol == IMS_IP_ROUTING)
			rewrite_routing(header, size, with);
		else if (protocol != IMS_IP_FRAGMENT)
			pad_options(header, size);
		protocol = header[0];
		at += size;
	}
}

static void rewrite_ipv4(uint8_t *bytes, size_t at, size_t end,
			 const struct ims_rewriting *with)
{
	size_t header = (size_t)(bytes[at] & 0x0f) * 4;

	header = MIN(MAX(header, IPV4_HEADER), end - at);
	ims_header_rewrite_address(bytes + at + 12, 4, with);
	ims_header_rewrite_address(bytes + at + 16, 4, with);
	memset(bytes + at + IPV4_HEADER, IPV4_NOP, header - IPV4_HEADER);
	rewrite_extensions(bytes, at + header, end, bytes[at + 9], with);
}

void ims_header_rewrite_ip(struct ims_buffer *buffer, size_t at, size_t end,
			   const struct ims_rewriting *with)
{
	uint8_t *bytes = buffer->bytes;
	unsigned version = end > at ? bytes[at] >> 4 : 0;

	if (version == 4 && end - at >= IPV4_HEADER) {
		rewrite_ipv4(bytes, at, end, with);
	} else if (version == 6 && end - at >= IPV6_HEADER) {
		ims_header_rewrite_address(bytes + at + 8, 6, with);
		ims_header_rewrite_address(bytes + at + 24, 6, with);
		rewrite_extensions(bytes, at + IPV6_HEADER, end, bytes[at + 6],
				   with);
	} else {
		ims_buffer_blank(buffer, at, end - at);
	}
}

void ims_headers_rewrite(struct ims_buffer *buffer,
			 const struct ims_rewriting *with)
{
	const struct ims_note *note =
		&g_array_index(buffer->notes, struct ims_note, 0);

	/* Of what was put together: extension headers in front. */
	if (!buffer->is_packet && note->at)
		rewrite_extensions(buffer->bytes, 0, note->at,
				   IMS_IP_DESTINATION, with);
	for (guint i = 0; i + 1 < buffer->notes->len; i++) {
		note = &g_array_index(buffer->notes, struct ims_note, i);
		if (note->layer == IMS_LAYER_IP)
			ims_header_rewrite_ip(buffer, note->at, note[1].at,
					      with);
		else
			rewrite_link(buffer->bytes + note->at, note->len,
				     note->layer, with);
	}
}
