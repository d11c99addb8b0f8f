// SPDX-License-Identifier: GPL-2.0-or-later
/* What is behind the headers: messages, rewritten, and nothing else. */
#include <string.h>

#include "buffer.h"
#include "store.h"
#include "tls.h"

#define ESP_HEADER  8
#define TCP_HEADER  20
#define TLS_HEADER  5
#define DTLS_HEADER 13

/* Options of TCP that say nothing of who it is: those of RFC 9293, RFC 7323,
   RFC 2018. */
static bool is_plain_option(uint8_t kind)
{
	return kind == 2 || kind == 3 || kind == 4 || kind == 5 || kind == 8;
}

static void apply_ranges(struct ims_buffer *buffer, size_t at, size_t end,
			 uint8_t *covered, const struct ims_rewriting *with)
{
	for (guint i = 0; i < buffer->ranges->len; i++) {
		const struct ims_range *range =
			&g_array_index(buffer->ranges, struct ims_range, i);

		if (range->at >= at && range->at + range->len <= end)
			ims_store_apply(with->store, buffer->bytes + range->at,
					covered + (range->at - at), range,
					with);
	}
}

size_t ims_payload_apply(struct ims_buffer *buffer, size_t at, size_t len,
			 const struct ims_rewriting *with)
{
	uint8_t *bytes = buffer->bytes + at;
	uint8_t *covered = g_malloc0(len ? len : 1);
	size_t end = 0;

	apply_ranges(buffer, at, at + len, covered, with);
	for (size_t i = 0; i < len; i++) {
		if (covered[i])
			end = i + 1;
		else if (bytes[i] != '\r' && bytes[i] != '\n')
			bytes[i] = 0;
	}
	g_free(covered);
	return at + end;
}

/* Line ends alone: a keep-alive (RFC 5626 3.5.1). */
static bool is_keep_alive(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != '\r' && bytes[i] != '\n')
			return false;
	return true;
}

static void count(const struct ims_buffer *buffer, uint64_t *of)
{
	if (buffer->is_packet)
		++*of;
}

static void finish_udp(struct ims_buffer *buffer, const struct ims_note *note,
		       const struct ims_rewriting *with)
{
	uint8_t *bytes = buffer->bytes + note->at;
	size_t end;

	if (is_keep_alive(bytes, note->len))
		return;
	if (ims_dtls_begins(bytes, note->len)) {
		count(buffer, &with->count->tls);
		ims_buffer_cut(buffer, note->at + DTLS_HEADER);
		return;
	}
	end = ims_payload_apply(buffer, note->at, note->len, with);
	if (end == note->at + note->len)
		return;
	count(buffer, &with->count->other);
	ims_buffer_cut(buffer, end);
}

static void pad_tcp_options(uint8_t *at, size_t len)
{
	size_t i = 0;

	while (i < len && at[i] != 0) {
		size_t n = at[i] == 1 || i + 1 == len ? 1 : at[i + 1];

		n = MIN(MAX(n, 1), len - i);
		if (!is_plain_option(at[i]))
			memset(at + i, 1, n);
		i += n;
	}
	memset(at + i, 0, len - i);
}

static void finish_tcp(struct ims_buffer *buffer, const struct ims_note *note,
		       const struct ims_rewriting *with)
{
	uint8_t *bytes = buffer->bytes + note->at;
	size_t header, end;

	if (note->len < TCP_HEADER)
		return;
	header = (size_t)(bytes[12] >> 4) * 4;
	if (header < TCP_HEADER || header > note->len) {
		ims_buffer_cut(buffer, note->at + TCP_HEADER);
		return;
	}
	pad_tcp_options(bytes + TCP_HEADER, header - TCP_HEADER);
	if (header == note->len)
		return;
	if (ims_tls_begins(bytes + header, note->len - header)) {
		count(buffer, &with->count->tls);
		ims_buffer_cut(buffer, note->at + header + TLS_HEADER);
		return;
	}
	end = ims_payload_apply(buffer, note->at + header, note->len - header,
				with);
	if (end == note->at + header &&
	    !is_keep_alive(bytes + header, note->len - header))
		count(buffer, &with->count->other);
}

/* Of a datagram whose other fragments never came, what begins it. */
static void finish_alone(struct ims_buffer *buffer, const struct ims_note *note,
			 const struct ims_rewriting *with)
{
	size_t header = note->ip.fragment_offset ? 0 : MIN(note->len, 8);
	struct ims_slice rest = ims_slice(buffer->bytes + note->at + header,
					  note->len - header);

	if (header && note->ip.protocol == IMS_IP_UDP && rest.len &&
	    ims_sip_begins(rest) != IMS_EXTENT_FOREIGN) {
		ims_pseudonyms_message(
			with->pseudonyms, IMS_EVENT_SIP,
			(char *)buffer->bytes + note->at + header, rest.len);
		return;
	}
	count(buffer, &with->count->other);
	ims_buffer_cut(buffer, note->at + header);
}

static void finish_fragment(struct ims_buffer *buffer,
			    const struct ims_note *note,
			    const struct ims_rewriting *with)
{
	uint8_t *covered = g_malloc0(note->len ? note->len : 1);

	apply_ranges(buffer, note->at, note->at + note->len, covered, with);
	if (!memchr(covered, 1, note->len))
		finish_alone(buffer, note, with);
	g_free(covered);
}

/* A header of IP that does not add up still is one: it keeps its first byte. */
static void finish_bad(struct ims_buffer *buffer, const struct ims_note *note)
{
	const struct ims_note *first =
		&g_array_index(buffer->notes, struct ims_note, 0);
	bool is_ip = note > first && note[-1].layer == IMS_LAYER_IP &&
		     note[-1].at == note->at && note->len;

	ims_buffer_cut(buffer, note->at + (is_ip ? 1 : 0));
}

void ims_payload_finish(struct ims_buffer *buffer, const struct ims_note *note,
			const struct ims_rewriting *with)
{
	switch (note->layer) {
	case IMS_LAYER_UDP:
		finish_udp(buffer, note, with);
		break;
	case IMS_LAYER_TCP:
		finish_tcp(buffer, note, with);
		break;
	case IMS_LAYER_SCTP:
		ims_payload_sctp(buffer, note, with);
		break;
	case IMS_LAYER_ICMP:
		ims_payload_icmp(buffer, note, with);
		break;
	case IMS_LAYER_FRAGMENT:
		finish_fragment(buffer, note, with);
		break;
	case IMS_LAYER_ESP:
		count(buffer, &with->count->esp);
		ims_buffer_cut(buffer, note->at + ESP_HEADER);
		break;
	case IMS_LAYER_BAD:
		finish_bad(buffer, note);
		break;
	default:
		ims_buffer_cut(buffer, note->at);
		break;
	}
}
