// SPDX-License-Identifier: GPL-2.0-or-later
#include "../network/packets.h"

#include "anonymize.h"
#include "checksum.h"

#define MAX_PACKETS 64

/* Packets that go in, and come out. */
struct road {
	struct ims_packet in[MAX_PACKETS];
	struct ims_packet out[MAX_PACKETS];
	unsigned n_in, n_read, n_out;
	uint8_t *bytes[2 * MAX_PACKETS]; /* of both */
	unsigned n_bytes;
	uint32_t link_type;
	struct ims_anonymized count;
};

static enum ims_read source(void *user, struct ims_packet *packet)
{
	struct road *road = user;

	if (road->n_read == road->n_in)
		return IMS_READ_END;
	*packet = road->in[road->n_read++];
	return IMS_READ_PACKET;
}

static void put(struct road *road, const struct made *m)
{
	struct ims_packet *packet = &road->in[road->n_in++];
	uint8_t *copy = g_malloc(m->len);

	memcpy(copy, m->at, m->len);
	road->bytes[road->n_bytes++] = copy;
	*packet = (struct ims_packet){
		.number = road->n_in,
		.time_ns = road->n_in * MS,
		.link_type = road->link_type,
		.captured = (uint32_t)m->len,
		.wire = (uint32_t)m->len,
		.bytes = copy,
	};
}

static void drive(struct road *road)
{
	struct ims_pseudonyms *p = ims_pseudonyms_new("a key", 5);
	struct ims_anonymize *a = ims_anonymize_new(p, source, road);
	struct ims_packet packet;

	while (ims_anonymize_read(a, &packet) != IMS_READ_END) {
		uint8_t *copy = g_malloc(packet.captured + 1);

		memcpy(copy, packet.bytes, packet.captured);
		road->bytes[road->n_bytes++] = copy;
		packet.bytes = copy;
		road->out[road->n_out++] = packet;
	}
	assert_int_equal(ims_anonymize_read(a, &packet), IMS_READ_END);
	road->count = ims_anonymize_count(a, 0);
	ims_anonymize_free(a);
	ims_pseudonyms_free(p);
	assert_int_equal(road->n_out, road->n_in);
	for (unsigned i = 0; i < road->n_out; i++) {
		assert_int_equal(road->out[i].number, i + 1);
		assert_int_equal(road->out[i].wire, road->in[i].wire);
	}
}

static void road_fini(struct road *road)
{
	for (unsigned i = 0; i < road->n_bytes; i++)
		g_free(road->bytes[i]);
}

/* What the text alone becomes. */
static void rename_text(char *text, size_t len, enum ims_event_kind kind)
{
	struct ims_pseudonyms *p = ims_pseudonyms_new("a key", 5);

	ims_pseudonyms_message(p, kind, text, len);
	ims_pseudonyms_free(p);
}

static void assert_register(const uint8_t *at)
{
	char text[] = REGISTER;

	rename_text(text, sizeof(text) - 1, IMS_EVENT_SIP);
	assert_memory_equal(at, text, sizeof(text) - 1);
	assert_memory_not_equal(text, REGISTER, sizeof(text) - 1);
}

static bool udp_is_right(const uint8_t *ip, size_t len)
{
	uint32_t sum = 17 + (uint32_t)(len - 20);

	for (unsigned i = 12; i < 20; i += 2)
		sum += ims_be16(ip + i);
	return sum16(sum, ip + 20, len - 20) == 0;
}

static void datagrams(void **state)
{
	struct road road = {.link_type = LINK_RAW};
	struct made m;
	const uint8_t *at;

	(void)state;
	make_text(&m, REGISTER);
	wrap_udp(&m, 5060, 5060);
	fill_checksum(&m, 1, 2, 17);
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 17});
	put(&road, &m);
	m.at[26] ^= 0x5a; /* a wrong checksum */
	put(&road, &m);
	drive(&road);
	at = road.out[0].bytes;
	assert_int_equal(road.out[0].captured, m.len);
	assert_register(at + 28);
	assert_int_equal(at[12], 10);
	assert_memory_not_equal(at + 12, m.at + 12, 8);
	assert_int_equal(sum16(0, at, 20), 0);
	assert_true(udp_is_right(at, m.len));
	assert_false(udp_is_right(road.out[1].bytes, m.len));
	assert_memory_equal(at + 28, road.out[1].bytes + 28, m.len - 28);
	road_fini(&road);
}

/* One that was not made is not made. */
static void no_checksum(void **state)
{
	struct road road = {.link_type = LINK_RAW};
	struct made m;

	(void)state;
	make_register(&m);
	put(&road, &m);
	drive(&road);
	assert_int_equal(ims_be16(road.out[0].bytes + 26), 0);
	road_fini(&road);
}

static void wrap_tcp(struct made *m, uint32_t sequence)
{
	uint8_t h[20] = {[12] = 0x50, [13] = 0x10};

	put16(h, 5060);
	put16(h + 2, 5060);
	put32(h + 4, sequence);
	wrap(m, h, sizeof(h));
}

static void make_segment(struct made *m, const char *text, size_t len,
			 uint32_t sequence)
{
	make(m, text, len);
	wrap_tcp(m, sequence);
	fill_checksum(m, 1, 2, 6);
	wrap_ipv4(m, (struct ipv4){.from = 1, .to = 2, .protocol = 6});
}

/* Wherever a message is cut, out of order, and sent again in other pieces: its
   bytes become what they become in one. */
static void segments(void **state)
{
	static const char text[] = REGISTER;
	const size_t len = sizeof(text) - 1;
	const uint32_t start = 0xffffffc0; /* it wraps around */

	(void)state;
	for (size_t cut = 1; cut < len; cut++) {
		struct road road = {.link_type = LINK_RAW};
		uint8_t whole[sizeof(text)];
		struct made m;

		make_segment(&m, text, 0, start - 1);
		m.at[33] = 0x02; /* SYN */
		put(&road, &m);
		make_segment(&m, text + cut, len - cut, start + (uint32_t)cut);
		put(&road, &m);
		make_segment(&m, text, cut, start);
		put(&road, &m);
		make_segment(&m, text, len, start);
		put(&road, &m);
		drive(&road);
		memcpy(whole + cut, road.out[1].bytes + 40, len - cut);
		memcpy(whole, road.out[2].bytes + 40, cut);
		assert_register(whole);
		assert_register(road.out[3].bytes + 40);
		road_fini(&road);
	}
}

static void wrap_sctp(struct made *m, uint32_t tsn, uint8_t flags)
{
	uint8_t h[28] = {[12] = 0, [7] = 9};

	h[13] = flags;
	put16(h, 3868);
	put16(h + 2, 3868);
	put16(h + 14, m->len + 16);
	put32(h + 16, tsn);
	put32(h + 24, 46);
	while (m->len % 4)
		m->at[m->len++] = 0;
	wrap(m, h, sizeof(h));
	wrap_ipv4(m, (struct ipv4){.from = 1, .to = 2, .protocol = 132});
}

static void chunks(void **state)
{
	struct road road = {.link_type = LINK_RAW};
	uint8_t text[sizeof(watchdog)], whole[sizeof(watchdog)];
	struct made m;

	(void)state;
	make(&m, watchdog, 24);
	wrap_sctp(&m, 7, 2);
	put(&road, &m);
	make(&m, watchdog + 24, sizeof(watchdog) - 24);
	wrap_sctp(&m, 8, 1);
	put(&road, &m);
	drive(&road);
	memcpy(text, watchdog, sizeof(text));
	rename_text((char *)text, sizeof(text), IMS_EVENT_DIAMETER);
	memcpy(whole, road.out[0].bytes + 48, 24);
	memcpy(whole + 24, road.out[1].bytes + 48, sizeof(watchdog) - 24);
	assert_memory_equal(whole, text, sizeof(text));
	road_fini(&road);
}

static void fragments(void **state)
{
	struct road road = {.link_type = LINK_RAW};
	uint8_t whole[1024];
	struct made m, rest;
	size_t len;

	(void)state;
	make_text(&m, REGISTER);
	wrap_udp(&m, 5060, 5060);
	fill_checksum(&m, 1, 2, 17);
	len = m.len;
	make(&rest, m.at + 96, m.len - 96);
	wrap_ipv4(&rest, (struct ipv4){.from = 1,
				       .to = 2,
				       .protocol = 17,
				       .id = 5,
				       .offset = 96});
	put(&road, &rest);
	m.len = 96;
	wrap_ipv4(&m, (struct ipv4){.from = 1,
				    .to = 2,
				    .protocol = 17,
				    .id = 5,
				    .more = true});
	put(&road, &m);
	drive(&road);
	memcpy(whole, road.out[1].bytes, 20 + 96);
	memcpy(whole + 20 + 96, road.out[0].bytes + 20, len - 96);
	assert_register(whole + 28);
	assert_true(udp_is_right(whole, 20 + len));
	road_fini(&road);
}

/* Of a datagram whose rest is lost, what is there still tells. */
static void lone_fragment(void **state)
{
	struct road road = {.link_type = LINK_RAW};
	struct made m;

	(void)state;
	make_text(&m, REGISTER);
	wrap_udp(&m, 5060, 5060);
	m.len = 96;
	wrap_ipv4(&m, (struct ipv4){.from = 1,
				    .to = 2,
				    .protocol = 17,
				    .id = 5,
				    .more = true});
	put(&road, &m);
	drive(&road);
	assert_int_equal(road.out[0].captured, m.len);
	assert_memory_equal(road.out[0].bytes + 28, "REGISTER sip:", 13);
	assert_null(memmem(road.out[0].bytes, m.len, "alice", 5));
	road_fini(&road);
}

static void tunnels(void **state)
{
	static const uint8_t gtpu[] = {0x30, 255, 0, 0, 0, 0, 0, 1};
	struct road road = {.link_type = LINK_ETHERNET};
	struct made m;
	const uint8_t *at;

	(void)state;
	make_register(&m);
	wrap(&m, gtpu, sizeof(gtpu));
	wrap_udp(&m, 2152, 2152);
	fill_checksum(&m, 3, 4, 17);
	wrap_ipv4(&m, (struct ipv4){.from = 3, .to = 4, .protocol = 17});
	wrap_ethernet(&m, 0x0800);
	put(&road, &m);
	drive(&road);
	at = road.out[0].bytes;
	assert_memory_not_equal(at, m.at, 12); /* MAC addresses */
	assert_true(udp_is_right(at + 14, m.len - 14));
	assert_int_equal(sum16(0, at + 14 + 36, 20), 0);
	assert_memory_not_equal(at + 14 + 36 + 12, m.at + 14 + 36 + 12, 8);
	assert_register(at + 14 + 36 + 28);
	road_fini(&road);
}

static void icmp_quotes(void **state)
{
	static const uint8_t unreachable[] = {3, 3, 0, 0, 0, 0, 0, 0};
	struct road road = {.link_type = LINK_RAW};
	struct made m;

	(void)state;
	make_register(&m);
	put(&road, &m);
	wrap(&m, unreachable, sizeof(unreachable));
	put16(m.at + 2, sum16(0, m.at, m.len));
	wrap_ipv4(&m, (struct ipv4){.from = 2, .to = 1, .protocol = 1});
	put(&road, &m);
	drive(&road);
	assert_register(road.out[1].bytes + 28 + 28);
	assert_memory_equal(road.out[1].bytes + 28 + 12, road.out[0].bytes + 12,
			    8);
	assert_int_equal(sum16(0, road.out[1].bytes + 20, m.len - 20), 0);
	road_fini(&road);
}

/* What cannot be read, or is no signalling, is not handed on, and counted. */
static void the_rest_is_dropped(void **state)
{
	static const uint8_t esp[40] = {0, 0, 0x10, 1, 0, 0, 0, 9, 0xde, 0xad};
	static const uint8_t tls[] = {22, 3, 1, 0, 5, 'a', 'l', 'i', 'c', 'e'};
	static const char rtp[] = "\x80 alice";
	struct road road = {.link_type = LINK_RAW};
	struct made m;

	(void)state;
	make(&m, esp, sizeof(esp));
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 50});
	put(&road, &m);
	make_segment(&m, (const char *)tls, sizeof(tls), 1);
	put(&road, &m);
	make_text(&m, rtp);
	wrap_udp(&m, 40000, 40002);
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 17});
	put(&road, &m);
	make_segment(&m, "GET /alice", 10, 77);
	put(&road, &m);
	drive(&road);
	assert_int_equal(road.out[0].captured, 28);
	assert_memory_equal(road.out[0].bytes + 20, esp, 8);
	assert_int_equal(road.out[1].captured, 45);
	assert_int_equal(road.out[2].captured, 28);
	for (unsigned i = 0; i < road.n_out; i++)
		assert_null(memmem(road.out[i].bytes, road.out[i].captured,
				   "alice", 5));
	assert_int_equal(road.count.esp, 1);
	assert_int_equal(road.count.tls, 1);
	assert_int_equal(road.count.other, 2);
	road_fini(&road);
}

static void options_and_extensions(void **state)
{
	/* Timestamps, then an address of Multipath TCP. */
	static const uint8_t options[] = {8,  10, 1,	2, 3,  4, 5, 6, 7, 8,
					  30, 8,  0x30, 1, 10, 9, 9, 9, 0, 0};
	struct road road = {.link_type = LINK_RAW};
	struct made m;

	(void)state;
	make(&m, options, sizeof(options));
	wrap_tcp(&m, 1);
	m.at[12] = 0xa0;
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 6});
	put(&road, &m);
	drive(&road);
	assert_memory_equal(road.out[0].bytes + 40, options, 10);
	for (unsigned i = 10; i < 18; i++)
		assert_int_equal(road.out[0].bytes[40 + i], 1);
	road_fini(&road);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(datagrams),
		cmocka_unit_test(no_checksum),
		cmocka_unit_test(segments),
		cmocka_unit_test(chunks),
		cmocka_unit_test(fragments),
		cmocka_unit_test(lone_fragment),
		cmocka_unit_test(tunnels),
		cmocka_unit_test(icmp_quotes),
		cmocka_unit_test(the_rest_is_dropped),
		cmocka_unit_test(options_and_extensions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
