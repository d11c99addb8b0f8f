/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Headers of Ethernet, IP, UDP, TCP, SCTP, ICMP and ESP around messages. */
#include <string.h>

#include "packets.h"

#define PROTOCOL_ICMP	1
#define PROTOCOL_TCP	6
#define PROTOCOL_UDP	17
#define PROTOCOL_ESP	50
#define PROTOCOL_ICMPV6 58
#define PROTOCOL_SCTP	132

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10

#define PPID_DIAMETER 46
#define DEFAULT_SPI   0x1001

/* One direction of a connection. */
struct flow {
	guint32 next; /* sequence number, or TSN */
};

struct packets {
	GHashTable *flows; /* "a>b": struct flow */
	guint32 esp_sequence;
};

struct packets *packets_new(void)
{
	struct packets *packets = g_new0(struct packets, 1);
	packets->flows =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return packets;
}

void packets_free(struct packets *packets)
{
	g_hash_table_unref(packets->flows);
	g_free(packets);
}

static struct flow *flow_of(struct packets *packets,
			    const struct ims_endpoint *from,
			    const struct ims_endpoint *to)
{
	char a[IMS_ENDPOINT_TEXT];
	char b[IMS_ENDPOINT_TEXT];
	char *key = g_strdup_printf("%s>%s", ims_endpoint_format(a, from),
				    ims_endpoint_format(b, to));
	struct flow *flow = g_hash_table_lookup(packets->flows, key);
	if (flow) {
		g_free(key);
		return flow;
	}
	flow = g_new0(struct flow, 1);
	flow->next = 1000;
	g_hash_table_insert(packets->flows, key, flow);
	return flow;
}

static void put(GByteArray *out, const void *bytes, size_t n)
{
	if (n)
		g_byte_array_append(out, bytes, (guint)n);
}

static void put_u8(GByteArray *out, unsigned value)
{
	guint8 byte = (guint8)value;
	put(out, &byte, 1);
}

static void put_u16(GByteArray *out, unsigned value)
{
	put_u8(out, value >> 8 & 0xff);
	put_u8(out, value & 0xff);
}

static void put_u32(GByteArray *out, guint32 value)
{
	put_u16(out, value >> 16);
	put_u16(out, value & 0xffff);
}

static void set_u16(GByteArray *out, guint at, unsigned value)
{
	out->data[at] = (guint8)(value >> 8);
	out->data[at + 1] = (guint8)value;
}

/* RFC 1071 */
static guint32 sum_words(const guint8 *bytes, size_t n, guint32 sum)
{
	for (size_t i = 0; i < n; i++)
		sum += (guint32)bytes[i] << (i % 2 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static size_t address_length(const struct ims_address *address)
{
	return address->family == 6 ? 16 : 4;
}

/* Over the payload and the pseudo-header of its protocol. */
static unsigned checksum(const struct ims_event *event, unsigned protocol,
			 const GByteArray *payload)
{
	size_t n = address_length(&event->source.address);
	guint32 sum = protocol + payload->len;
	sum = sum_words(event->source.address.bytes, n, sum);
	sum = sum_words(event->destination.address.bytes, n, sum);
	sum = sum_words(payload->data, payload->len, sum);
	return ~sum & 0xffff;
}

/* RFC 9260 appendix A: CRC32c, least significant byte first. */
static guint32 crc32c(const guint8 *bytes, size_t n)
{
	guint32 crc = 0xffffffff;
	for (size_t i = 0; i < n; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

size_t packets_cut_off(const struct ims_event *event)
{
	return event->kind == IMS_EVENT_SIP && event->cut &&
	       event->transport == IMS_TRANSPORT_UDP && !event->protected;
}

static GByteArray *udp(const struct ims_event *event, const void *bytes,
		       size_t n)
{
	GByteArray *out = g_byte_array_new();
	put_u16(out, event->source.port);
	put_u16(out, event->destination.port);
	put_u16(out, (unsigned)(n + packets_cut_off(event)) + 8);
	put_u16(out, 0);
	put(out, bytes, n);
	set_u16(out, 6, checksum(event, PROTOCOL_UDP, out));
	return out;
}

static unsigned tcp_flags(enum ims_event_kind kind)
{
	switch (kind) {
	case IMS_EVENT_CONNECTION_OPENING:
		return TCP_SYN;
	case IMS_EVENT_CONNECTION_OPENED:
		return TCP_SYN | TCP_ACK;
	case IMS_EVENT_CONNECTION_REFUSED:
	case IMS_EVENT_CONNECTION_RESET:
		return TCP_RST | TCP_ACK;
	case IMS_EVENT_CONNECTION_CLOSED:
		return TCP_FIN | TCP_ACK;
	case IMS_EVENT_GAP:
		return TCP_ACK;
	default:
		return TCP_PSH | TCP_ACK;
	}
}

static GByteArray *tcp(struct packets *packets, const struct scn_event *event,
		       const void *bytes, size_t n)
{
	const struct ims_event *e = &event->event;
	struct flow *flow = flow_of(packets, &e->source, &e->destination);
	const struct flow *back = flow_of(packets, &e->destination, &e->source);
	unsigned flags = tcp_flags(e->kind);
	guint32 consumed = (guint32)n + !!(flags & (TCP_SYN | TCP_FIN));
	if (event->duplicate)
		flow->next -= consumed;
	if (e->kind == IMS_EVENT_GAP)
		flow->next += (guint32)e->missing;
	GByteArray *out = g_byte_array_new();
	put_u16(out, e->source.port);
	put_u16(out, e->destination.port);
	put_u32(out, flow->next);
	put_u32(out, flags & TCP_ACK ? back->next : 0);
	put_u16(out, 5u << 12 | flags);
	put_u16(out, 65535);
	put_u32(out, 0);
	put(out, bytes, n);
	set_u16(out, 16, checksum(e, PROTOCOL_TCP, out));
	flow->next += consumed;
	return out;
}

static void put_chunk(GByteArray *out, unsigned type, unsigned flags,
		      const GByteArray *value)
{
	put_u8(out, type);
	put_u8(out, flags);
	put_u16(out, value->len + 4);
	put(out, value->data, value->len);
	while (out->len % 4)
		put_u8(out, 0);
}

/* RFC 9260 3.3: the chunk that stands for the event. */
static void sctp_chunk(GByteArray *out, const struct ims_event *event,
		       struct flow *flow)
{
	GByteArray *value = g_byte_array_new();
	unsigned type = 0;
	unsigned flags = 0;
	switch (event->kind) {
	case IMS_EVENT_CONNECTION_OPENING:
		type = 1;
		put_u32(value, 1); /* tag, window, streams, first TSN */
		put_u32(value, 65536);
		put_u32(value, 0x00040004);
		put_u32(value, flow->next);
		break;
	case IMS_EVENT_CONNECTION_OPENED:
		type = 11;
		break;
	case IMS_EVENT_CONNECTION_REFUSED:
	case IMS_EVENT_CONNECTION_RESET:
		type = 6;
		break;
	case IMS_EVENT_CONNECTION_CLOSED:
		type = 7;
		put_u32(value, flow->next);
		break;
	default:
		flags = 3; /* beginning and end of a message */
		put_u32(value, flow->next++);
		put_u32(value, 0);
		put_u32(value,
			event->kind == IMS_EVENT_DIAMETER ? PPID_DIAMETER : 0);
		put(value, event->bytes.at, event->bytes.len);
	}
	put_chunk(out, type, flags, value);
	g_byte_array_unref(value);
}

static GByteArray *sctp(struct packets *packets, const struct ims_event *event)
{
	GByteArray *out = g_byte_array_new();
	put_u16(out, event->source.port);
	put_u16(out, event->destination.port);
	put_u32(out, event->kind == IMS_EVENT_CONNECTION_OPENING ? 0 : 1);
	put_u32(out, 0);
	sctp_chunk(out, event,
		   flow_of(packets, &event->source, &event->destination));
	guint32 sum = GUINT32_TO_LE(crc32c(out->data, out->len));
	memcpy(out->data + 8, &sum, 4);
	return out;
}

static void put_ip(GByteArray *out, const struct ims_event *event,
		   unsigned protocol, const GByteArray *payload)
{
	guint start = out->len;
	size_t n = address_length(&event->source.address);
	bool is_fragment = event->kind == IMS_EVENT_FRAGMENT_LOST;
	if (n == 16) {
		put_u32(out, 6u << 28);
		put_u16(out, payload->len + (unsigned)packets_cut_off(event));
		put_u8(out, protocol);
		put_u8(out, 64);
	} else {
		put_u16(out, 0x4500);
		put_u16(out,
			payload->len + 20 + (unsigned)packets_cut_off(event));
		put_u16(out, event->ip_id);
		put_u16(out, !is_fragment      ? 0
			     : event->bytes.at ? 0x2000
					       : 0x2040);
		put_u8(out, 64);
		put_u8(out, protocol);
		put_u16(out, 0);
	}
	put(out, event->source.address.bytes, n);
	put(out, event->destination.address.bytes, n);
	if (n == 4)
		set_u16(out, start + 10,
			~sum_words(out->data + start, 20, 0) & 0xffff);
	put(out, payload->data, payload->len);
}

/* RFC 4303 2, NULL encryption; a check value of zeros, 96 bits long. */
static GByteArray *esp_null(struct packets *packets,
			    const struct ims_event *event, unsigned protocol,
			    const GByteArray *payload)
{
	GByteArray *out = g_byte_array_new();
	unsigned n_pad = (4 - (payload->len + 2) % 4) % 4;
	put_u32(out, event->spi ? event->spi : DEFAULT_SPI);
	put_u32(out, ++packets->esp_sequence);
	put(out, payload->data, payload->len);
	for (unsigned i = 1; i <= n_pad; i++)
		put_u8(out, i);
	put_u8(out, n_pad);
	put_u8(out, protocol);
	for (unsigned i = 0; i < 3; i++)
		put_u32(out, 0);
	return out;
}

/* Something that is not readable. */
static GByteArray *esp(const struct ims_event *event)
{
	GByteArray *out = g_byte_array_new();
	put_u32(out, event->spi);
	put_u32(out, event->sequence);
	guint32 state = event->spi ^ event->sequence;
	for (unsigned i = 0; i < 64; i++) {
		state = state * 1664525 + 1013904223;
		put_u8(out, state >> 24);
	}
	return out;
}

/* RFC 792: the quoted packet behind type and code. */
static GByteArray *icmp(const struct ims_event *event)
{
	struct ims_event quoted = {
		.source = event->quoted_source,
		.destination = event->quoted_destination,
	};
	GByteArray *out = g_byte_array_new();
	put_u8(out, event->icmp_type);
	put_u8(out, event->icmp_code);
	put_u16(out, 0);
	put_u32(out, 0);
	GByteArray *inner = udp(&quoted, event->bytes.at, event->bytes.len);
	put_ip(out, &quoted, PROTOCOL_UDP, inner);
	g_byte_array_unref(inner);
	set_u16(out, 2, ~sum_words(out->data, out->len, 0) & 0xffff);
	return out;
}

static GByteArray *transport(struct packets *packets,
			     const struct scn_event *event, unsigned *protocol)
{
	/* An application data record of TLS 1.2, 16 bytes long. */
	static const char tls[21] = "\x17\x03\x03\x00\x10";
	static const char fragment[512];
	const struct ims_event *e = &event->event;
	const void *bytes = e->kind == IMS_EVENT_TLS ? tls : e->bytes.at;
	size_t n = e->kind == IMS_EVENT_TLS ? sizeof(tls) : e->bytes.len;
	if (e->kind == IMS_EVENT_FRAGMENT_LOST && !n) {
		*protocol = PROTOCOL_UDP;
		GByteArray *out = g_byte_array_new();
		put(out, fragment, sizeof(fragment));
		return out;
	}
	switch (e->transport) {
	case IMS_TRANSPORT_TCP:
		*protocol = PROTOCOL_TCP;
		return tcp(packets, event, bytes, n);
	case IMS_TRANSPORT_SCTP:
		*protocol = PROTOCOL_SCTP;
		return sctp(packets, e);
	default:
		*protocol = PROTOCOL_UDP;
		return udp(e, bytes, n);
	}
}

static GByteArray *payload_of(struct packets *packets,
			      const struct scn_event *event, unsigned *protocol)
{
	const struct ims_event *e = &event->event;
	if (e->kind == IMS_EVENT_ICMP_ERROR) {
		*protocol = PROTOCOL_ICMP;
		return icmp(e);
	}
	if (e->kind == IMS_EVENT_ESP) {
		*protocol = PROTOCOL_ESP;
		return esp(e);
	}
	GByteArray *payload = transport(packets, event, protocol);
	if (!e->protected)
		return payload;
	GByteArray *wrapped = esp_null(packets, e, *protocol, payload);
	g_byte_array_unref(payload);
	*protocol = PROTOCOL_ESP;
	return wrapped;
}

GByteArray *packets_of(struct packets *packets, const struct scn_event *event)
{
	static const guint8 ethernet[12] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
	if (event->event.kind == IMS_EVENT_DROPS)
		return NULL;
	unsigned protocol;
	GByteArray *payload = payload_of(packets, event, &protocol);
	GByteArray *out = g_byte_array_new();
	put(out, ethernet, sizeof(ethernet));
	put_u16(out, event->event.source.address.family == 6 ? 0x86dd : 0x0800);
	put_ip(out, &event->event, protocol, payload);
	g_byte_array_unref(payload);
	return out;
}
