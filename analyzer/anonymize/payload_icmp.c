// SPDX-License-Identifier: GPL-2.0-or-later
/* ICMP: of an error what it quotes, of anything else nothing. */
#include "buffer.h"

#define ICMP_HEADER 8

static bool is_error(uint8_t protocol, uint8_t type)
{
	if (protocol == IMS_IP_ICMPV6)
		return type >= 1 && type <= 4;
	return type == 3 || type == 11 || type == 12;
}

/* A transport's header, and where in it its checksum is. */
struct transport {
	size_t header;
	size_t field;
	size_t field_size;
};

static struct transport transport_of(uint8_t protocol, const uint8_t *at,
				     size_t len)
{
	switch (protocol) {
	case IMS_IP_UDP:
		return (struct transport){8, 6, 2};
	case IMS_IP_SCTP:
		return (struct transport){12, 8, 4};
	case IMS_IP_TCP:
		return (struct transport){
			len > 12 ? (size_t)(at[12] >> 4) * 4 : 20, 16, 2};
	default:
		return (struct transport){0};
	}
}

/* What was sent, as far as it is quoted: it may begin a message. */
static void rewrite_sent(struct ims_buffer *buffer, size_t at, size_t end,
			 const struct ims_rewriting *with)
{
	struct ims_slice sent = ims_slice(buffer->bytes + at, end - at);
	size_t length;

	if (sent.len && ims_sip_begins(sent) != IMS_EXTENT_FOREIGN)
		ims_pseudonyms_message(with->pseudonyms, IMS_EVENT_SIP,
				       (char *)buffer->bytes + at, sent.len);
	else if (sent.len &&
		 ims_diameter_extent(sent, &length) != IMS_EXTENT_FOREIGN)
		ims_pseudonyms_message(with->pseudonyms, IMS_EVENT_DIAMETER,
				       (char *)buffer->bytes + at, sent.len);
	else
		ims_buffer_blank(buffer, at, sent.len);
}

/* The transport's header: its checksum would tell what was sent. */
static void rewrite_transport(struct ims_buffer *buffer, size_t at, size_t end,
			      const struct ims_ip *ip,
			      const struct ims_rewriting *with)
{
	struct transport transport =
		transport_of(ip->protocol, buffer->bytes + at, end - at);
	size_t header =
		ip->fragment_offset ? 0 : MIN(transport.header, end - at);

	if (header >= transport.field + transport.field_size)
		ims_buffer_blank(buffer, at + transport.field,
				 transport.field_size);
	if (ip->protocol == IMS_IP_TCP && header > 20)
		ims_buffer_blank(buffer, at + 20, header - 20);
	if (header)
		rewrite_sent(buffer, at + header, end, with);
	else
		ims_buffer_blank(buffer, at, end - at);
}

static void rewrite_quoted(struct ims_buffer *buffer, size_t at, size_t end,
			   const struct ims_rewriting *with)
{
	struct ims_cursor quoted = {
		.layer = IMS_LAYER_IP,
		.bytes = {buffer->bytes + at, end - at, end - at},
	};
	struct ims_note note = {
		.layer = IMS_LAYER_IP, .at = at, .len = end - at};
	size_t inner;

	ims_ip_step(&quoted);
	if (quoted.layer == IMS_LAYER_BAD) {
		ims_buffer_blank(buffer, at, end - at);
		return;
	}
	inner = (size_t)(quoted.bytes.at - buffer->bytes);
	note.check = ims_check_before(&note, buffer->bytes + at);
	ims_buffer_blank(buffer, inner + quoted.bytes.len,
			 end - inner - quoted.bytes.len);
	rewrite_transport(buffer, inner, inner + quoted.bytes.len, &quoted.ip,
			  with);
	ims_header_rewrite_ip(buffer, at, inner, with);
	ims_check_mend(buffer, &note, with);
}

void ims_payload_icmp(struct ims_buffer *buffer, const struct ims_note *note,
		      const struct ims_rewriting *with)
{
	const uint8_t *at = buffer->bytes + note->at;

	if (note->len <= ICMP_HEADER)
		return;
	if (is_error(note->ip.protocol, at[0]))
		rewrite_quoted(buffer, note->at + ICMP_HEADER,
			       note->at + note->len, with);
	else
		ims_buffer_cut(buffer, note->at + ICMP_HEADER);
}
