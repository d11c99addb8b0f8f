/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets made from the inside out, and a network that is fed with them and
 * remembers its events.
 */
#ifndef PACKETS_H
#define PACKETS_H

#include "unit.h"

#include <glib.h>
#include <stdio.h>

#include "network.h"

#define MS  INT64_C(1000000)
#define SEC INT64_C(1000000000)

enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_PPP_HDLC = 50,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_COOKED = 113,
	LINK_COOKED_2 = 276,
};

/* A packet in the making. */
struct made {
	uint8_t at[70000];
	size_t len;
};

/* One event as it was; its bytes are a copy with a NUL behind them. */
struct told {
	struct ims_event event;
	char *bytes;
};

struct lab {
	struct ims_network *network;
	GArray *told; /* of struct told */
	uint64_t number;
	int64_t time_ns;
	uint32_t link_type;
	uint32_t capture;
	size_t snap;   /* bytes captured of a packet; 0: all */
	bool wall;     /* packets end at an unmapped page */
	bool selected; /* see ims_packet */
};

#define REGISTER                                             \
	"REGISTER sip:ims.example SIP/2.0\r\n"               \
	"Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa\r\n" \
	"From: <sip:alice@ims.example>;tag=1\r\n"            \
	"To: <sip:alice@ims.example>\r\n"                    \
	"Call-ID: one@10.0.0.1\r\n"                          \
	"CSeq: 1 REGISTER\r\n"                               \
	"Content-Length: 0\r\n"                              \
	"\r\n"

#define OK_WITH_BODY                \
	"SIP/2.0 200 OK\r\n"        \
	"Call-ID: one@10.0.0.1\r\n" \
	"CSeq: 1 REGISTER\r\n"      \
	"Content-Length: 10\r\n"    \
	"\r\n"                      \
	"0123456789"

/* A Device-Watchdog-Request with Origin-Host "hss.ims.example", 44 bytes. */
static IMS_UNUSED const uint8_t watchdog[] = {
	0x01, 0x00, 0x00, 0x2c, 0x80, 0x00, 0x01, 0x18, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00,
	0x01, 0x08, 0x40, 0x00, 0x00, 0x17, 'h',  's',	's',  '.',  'i',
	'm',  's',  '.',  'e',	'x',  'a',  'm',  'p',	'l',  'e',  0x00,
};

static IMS_UNUSED void make(struct made *m, const void *bytes, size_t len)
{
	assert_true(len <= sizeof(m->at));
	memcpy(m->at, bytes, len);
	m->len = len;
}

static IMS_UNUSED void make_text(struct made *m, const char *text)
{
	make(m, text, strlen(text));
}

static IMS_UNUSED void wrap(struct made *m, const void *header, size_t len)
{
	assert_true(m->len + len <= sizeof(m->at));
	memmove(m->at + len, m->at, m->len);
	memcpy(m->at, header, len);
	m->len += len;
}

static IMS_UNUSED void add(struct made *m, const void *bytes, size_t len)
{
	assert_true(m->len + len <= sizeof(m->at));
	memcpy(m->at + m->len, bytes, len);
	m->len += len;
}

static IMS_UNUSED void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static IMS_UNUSED void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static IMS_UNUSED uint16_t sum16(uint32_t sum, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? at[i] : (uint32_t)at[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static IMS_UNUSED void wrap_udp(struct made *m, uint16_t from, uint16_t to)
{
	uint8_t h[8] = {0};

	put16(h, from);
	put16(h + 2, to);
	put16(h + 4, m->len + 8);
	wrap(m, h, sizeof(h));
}

struct ipv4 {
	uint8_t from, to; /* 10.0.0.N */
	uint8_t protocol;
	uint16_t id;
	uint16_t offset; /* bytes */
	bool more;
};

static IMS_UNUSED void wrap_ipv4(struct made *m, struct ipv4 ip)
{
	uint8_t h[20] = {0x45, [8] = 64, [12] = 10, [16] = 10};

	put16(h + 2, m->len + 20);
	put16(h + 4, ip.id);
	put16(h + 6, (size_t)(ip.more ? 0x2000 : 0) | ip.offset / 8u);
	h[9] = ip.protocol;
	h[15] = ip.from;
	h[19] = ip.to;
	put16(h + 10, sum16(0, h, 20));
	wrap(m, h, sizeof(h));
}

/* Between 2001:db8::from and 2001:db8::to. */
static IMS_UNUSED void wrap_ipv6(struct made *m, uint8_t from, uint8_t to,
				 uint8_t next)
{
	uint8_t h[40] = {0x60, [7] = 64};

	put16(h + 4, m->len);
	h[6] = next;
	put32(h + 8, 0x20010db8);
	put32(h + 24, 0x20010db8);
	h[23] = from;
	h[39] = to;
	wrap(m, h, sizeof(h));
}

static IMS_UNUSED void wrap_ethernet(struct made *m, uint16_t type)
{
	uint8_t h[14] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};

	put16(h + 12, type);
	wrap(m, h, sizeof(h));
}

/* The checksum of UDP (6) or TCP (16) at `at` of the packet's transport. */
static IMS_UNUSED void fill_checksum(struct made *m, uint8_t from, uint8_t to,
				     uint8_t protocol)
{
	size_t at = protocol == 6 ? 16 : 6;
	uint32_t sum = protocol + (uint32_t)m->len;

	sum += 2 * 0x0a00u + from + to;
	put16(m->at + at, 0);
	put16(m->at + at, sum16(sum, m->at, m->len));
}

/* REGISTER over UDP from 10.0.0.1:5060 to 10.0.0.2:5060, IP and all. */
static IMS_UNUSED void make_register(struct made *m)
{
	make_text(m, REGISTER);
	wrap_udp(m, 5060, 5060);
	wrap_ipv4(m,
		  (struct ipv4){.from = 1, .to = 2, .protocol = 17, .id = 77});
}

static IMS_UNUSED void remember(void *user, const struct ims_event *event)
{
	struct lab *lab = user;
	struct told told = {.event = *event};

	told.bytes = g_malloc(event->bytes.len + 1);
	if (event->bytes.len)
		memcpy(told.bytes, event->bytes.at, event->bytes.len);
	told.bytes[event->bytes.len] = '\0';
	if (event->bytes.at)
		told.event.bytes.at = told.bytes;
	g_array_append_val(lab->told, told);
}

static IMS_UNUSED struct lab lab_new(uint32_t link_type)
{
	return (struct lab){
		.told = g_array_new(FALSE, FALSE, sizeof(struct told)),
		.time_ns = 1700000000 * SEC,
		.link_type = link_type,
	};
}

static IMS_UNUSED void lab_forget(struct lab *lab)
{
	for (guint i = 0; i < lab->told->len; i++)
		g_free(g_array_index(lab->told, struct told, i).bytes);
	g_array_set_size(lab->told, 0);
}

static IMS_UNUSED void lab_fini(struct lab *lab)
{
	ims_network_free(lab->network);
	lab_forget(lab);
	g_array_free(lab->told, TRUE);
}

/* The next packet, a millisecond after the last; in memory of its size. */
static IMS_UNUSED void feed(struct lab *lab, const struct made *m)
{
	size_t captured = lab->snap && lab->snap < m->len ? lab->snap : m->len;
	struct wall wall = {0};
	uint8_t *copy = NULL;
	struct ims_packet packet = {
		.capture = lab->capture,
		.number = ++lab->number,
		.time_ns = lab->time_ns += MS,
		.link_type = lab->link_type,
		.captured = (uint32_t)captured,
		.wire = (uint32_t)m->len,
		.selected = lab->selected,
	};

	if (lab->wall)
		wall = wall_new(ims_slice(m->at, captured));
	else
		copy = g_malloc(captured ? captured : 1);
	if (copy)
		memcpy(copy, m->at, captured);
	packet.bytes = copy ? copy : (const uint8_t *)wall.bytes.at;
	/* `remember` needs the lab where it is now */
	if (!lab->network)
		lab->network = ims_network_new(remember, lab);
	ims_network_packet(lab->network, &packet);
	g_free(copy);
	if (lab->wall)
		wall_free(&wall);
}

static IMS_UNUSED void pass(struct lab *lab, int64_t ns)
{
	lab->time_ns += ns;
}

static IMS_UNUSED const struct told *told(const struct lab *lab, size_t i)
{
	assert_true(i < lab->told->len);
	return &g_array_index(lab->told, struct told, i);
}

static IMS_UNUSED size_t n_told(const struct lab *lab, enum ims_event_kind kind)
{
	size_t n = 0;

	for (guint i = 0; i < lab->told->len; i++)
		n += told(lab, i)->event.kind == kind;
	return n;
}

/* "10.0.0.1:5060 > 10.0.0.2:5060" */
static IMS_UNUSED void assert_between(const struct told *t, const char *text)
{
	char from[IMS_ENDPOINT_TEXT], to[IMS_ENDPOINT_TEXT];
	char both[2 * IMS_ENDPOINT_TEXT + 4];

	snprintf(both, sizeof(both), "%s > %s",
		 ims_endpoint_format(from, &t->event.source),
		 ims_endpoint_format(to, &t->event.destination));
	assert_string_equal(both, text);
}

static IMS_UNUSED void assert_kind(const struct lab *lab, size_t i,
				   enum ims_event_kind kind, uint64_t frame)
{
	assert_int_equal(told(lab, i)->event.kind, kind);
	assert_int_equal(told(lab, i)->event.frame.number, frame);
}

static IMS_UNUSED struct ims_network_count lab_count(const struct lab *lab)
{
	return ims_network_count(lab->network, lab->capture);
}

#endif
