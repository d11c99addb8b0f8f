// SPDX-License-Identifier: GPL-2.0-or-later
/* One REGISTER inside each link layer and tunnel that can carry it. */
#include "packets.h"

/* Bytes that go in front of the IP packet, and the link type they begin. */
struct way {
	const char *name;
	uint32_t link_type;
	size_t len;
	uint8_t bytes[80];
};

#define MACS 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2

static const struct way ways[] = {
	{"raw", LINK_RAW, 0, {0}},
	{"raw 12", 12, 0, {0}},
	{"raw 14", 14, 0, {0}},
	{"IPv4", 228, 0, {0}},
	{"Ethernet", LINK_ETHERNET, 14, {MACS, 0x08, 0x00}},
	{"802.1Q", LINK_ETHERNET, 18, {MACS, 0x81, 0x00, 0, 5, 0x08, 0x00}},
	{"QinQ",
	 LINK_ETHERNET,
	 26,
	 {MACS, 0x88, 0xa8, 0, 5, 0x91, 0x00, 0, 6, 0x81, 0x00, 0, 7, 0x08,
	  0x00}},
	{"SNAP",
	 LINK_ETHERNET,
	 22,
	 {MACS, 0x01, 0x80, 0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0x00}},
	{"MPLS",
	 LINK_ETHERNET,
	 22,
	 {MACS, 0x88, 0x47, 0, 1, 0, 64, 0, 1, 0x01, 64}},
	{"MPLS, Ethernet with control word",
	 LINK_ETHERNET,
	 36,
	 {MACS, 0x88, 0x48, 0, 1, 0x01, 64, 0, 0, 0, 9, MACS, 0x08, 0x00}},
	{"MPLS, Ethernet at once",
	 LINK_ETHERNET,
	 32,
	 {MACS, 0x88, 0x47, 0, 1, 0x01, 64, MACS, 0x08, 0x00}},
	{"MPLS, Ethernet whose address begins with 0x10",
	 LINK_ETHERNET,
	 32,
	 {MACS, 0x88, 0x47, 0, 1, 0x01, 64, 0x12, 0,	0,   0,
	  0,	1,    2,    0, 0, 0,	0,  2,	  0x08, 0x00}},
	{"PPPoE",
	 LINK_ETHERNET,
	 22,
	 {MACS, 0x88, 0x64, 0x11, 0, 0, 1, 0, 0, 0x00, 0x21}},
	{"Linux cooked",
	 LINK_COOKED,
	 16,
	 {0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x08, 0x00}},
	{"Linux cooked, VLAN", LINK_COOKED, 20, {0,    4,    0, 1, 0,	 6,   2,
						 0,    0,    0, 0, 1,	 0,   0,
						 0x81, 0x00, 0, 9, 0x08, 0x00}},
	{"Linux cooked 2", LINK_COOKED_2, 20, {0x08, 0x00, 0, 0, 0, 0, 0,
					       1,    0,	   1, 4, 6, 2, 0,
					       0,    0,	   0, 1, 0, 0}},
	{"null, little-endian", LINK_NULL, 4, {2, 0, 0, 0}},
	{"null, big-endian", LINK_NULL, 4, {0, 0, 0, 2}},
	{"loopback", LINK_LOOP, 4, {0, 0, 0, 2}},
	{"PPP", LINK_PPP, 2, {0x00, 0x21}},
	{"PPP, one byte", LINK_PPP, 1, {0x21}},
	{"PPP, HDLC", LINK_PPP_HDLC, 4, {0xff, 0x03, 0x00, 0x21}},
	{"PPP, MPLS", LINK_PPP, 6, {0x02, 0x81, 0, 1, 0x01, 64}},
};

/* The same behind an IPv4 header of protocol `protocol`, or UDP. */
struct tunnel {
	const char *name;
	uint8_t protocol;
	uint16_t port; /* of UDP */
	size_t len;
	uint8_t bytes[64];
};

static const struct tunnel tunnels[] = {
	{"IP in IP", 4, 0, 0, {0}},
	{"MPLS in IP", 137, 0, 4, {0, 1, 0x01, 64}},
	{"GRE", 47, 0, 4, {0, 0, 0x08, 0x00}},
	{"GRE, key", 47, 0, 8, {0x20, 0, 0x08, 0x00, 0, 0, 0, 1}},
	{"GRE, checksum, key, sequence",
	 47,
	 0,
	 16,
	 {0xb0, 0, 0x08, 0x00, 1, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2}},
	{"GRE, Ethernet", 47, 0, 18, {0, 0, 0x65, 0x58, MACS, 0x08, 0x00}},
	{"ERSPAN I", 47, 0, 18, {0, 0, 0x88, 0xbe, MACS, 0x08, 0x00}},
	{"ERSPAN II",
	 47,
	 0,
	 30,
	 {0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 1, 0, 1, 0, 0, 0, 0, MACS,
	  0x08, 0x00}},
	{"ERSPAN III", 47, 0, 34, {0x10, 0, 0x22, 0xeb, 0,    0,    0,	 1,
				   0x20, 1, 0,	  1,	0,    0,    0,	 0,
				   0,	 0, 0,	  0,	MACS, 0x08, 0x00}},
	{"ERSPAN III, platform header",
	 47,
	 0,
	 42,
	 {0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 1, 0, 1, 0,	0,    0,   0,
	  0,	0, 0,	 1,    0, 0, 0, 0, 0,	 0, 0, 0, MACS, 0x08, 0x00}},
	{"VXLAN", 17, 4789, 22, {8, 0, 0, 0, 0, 0, 1, 0, MACS, 0x08, 0x00}},
	{"GTP-U", 17, 2152, 8, {0x30, 255, 0, 0, 0, 0, 0, 1}},
	{"GTP-U, sequence",
	 17,
	 2152,
	 12,
	 {0x32, 255, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0}},
	{"GTP-U, two extension headers", 17, 2152, 20, {0x34, 255,  0, 0, 0,
							0,    0,    1, 0, 0,
							0,    0x85, 1, 0, 0,
							0x40, 1,    0, 0, 0}},
};

static void make_tunnel(struct made *m, const struct tunnel *tunnel)
{
	make_register(m);
	wrap(m, tunnel->bytes, tunnel->len);
	if (tunnel->port)
		wrap_udp(m, 2000, tunnel->port);
	wrap_ipv4(m, (struct ipv4){.from = 8,
				   .to = 9,
				   .protocol = tunnel->protocol,
				   .id = 1234});
}

static void register_is_told(const struct lab *lab, const char *name)
{
	if (lab->told->len != 1)
		fail_msg("%s: %u events", name, lab->told->len);
	assert_kind(lab, 0, IMS_EVENT_SIP, 1);
	assert_between(told(lab, 0), "10.0.0.1:5060 > 10.0.0.2:5060");
	assert_string_equal(told(lab, 0)->bytes, REGISTER);
	assert_int_equal(told(lab, 0)->event.ip_id, 77);
	assert_int_equal(told(lab, 0)->event.transport, IMS_TRANSPORT_UDP);
	assert_false(told(lab, 0)->event.cut);
	assert_false(told(lab, 0)->event.protected);
	assert_int_equal(lab_count(lab).sip_messages, 1);
	assert_int_equal(lab_count(lab).undecoded_packets, 0);
}

static void every_link_layer_is_read(void **state)
{
	static struct made m;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		struct lab lab = lab_new(ways[i].link_type);

		make_register(&m);
		wrap(&m, ways[i].bytes, ways[i].len);
		feed(&lab, &m);
		register_is_told(&lab, ways[i].name);
		lab_fini(&lab);
	}
}

static void every_tunnel_is_read(void **state)
{
	static struct made m;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(tunnels); i++) {
		struct lab lab = lab_new(LINK_RAW);

		make_tunnel(&m, &tunnels[i]);
		feed(&lab, &m);
		register_is_told(&lab, tunnels[i].name);
		lab_fini(&lab);
	}
}

/* Cut anywhere it reads no byte too far, and tells no whole message. */
static void every_length_is_safe(struct made *m, uint32_t link_type)
{
	struct lab lab = lab_new(link_type);

	lab.wall = true;
	for (size_t len = 0; len < m->len; len++) {
		lab.snap = len;
		if (len == 0) {
			struct made none = {.len = 0};

			feed(&lab, &none);
			continue;
		}
		feed(&lab, m);
	}
	for (guint i = 0; i < lab.told->len; i++) {
		assert_int_equal(told(&lab, i)->event.kind, IMS_EVENT_SIP);
		assert_true(told(&lab, i)->event.cut);
	}
	assert_true(lab.told->len > 0);
	lab_fini(&lab);
}

static void every_prefix_is_safe(void **state)
{
	static struct made m;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		make_register(&m);
		wrap(&m, ways[i].bytes, ways[i].len);
		every_length_is_safe(&m, ways[i].link_type);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(tunnels); i++) {
		make_tunnel(&m, &tunnels[i]);
		every_length_is_safe(&m, LINK_RAW);
	}
}

/* Extension headers: hop-by-hop, destination, routing, AH, atomic fragment */
static void ipv6_headers_are_skipped(void **state)
{
	static const uint8_t headers[] = {
		60, 0, 1, 4, 0, 0,  0,	0,  43, 1, 1, 12, 0, 0, 0, 0,
		0,  0, 0, 0, 0, 0,  0,	0,  51, 0, 0, 0,  0, 0, 0, 0,
		44, 4, 0, 0, 0, 0,  0,	1,  0,	0, 0, 1,  1, 2, 3, 4,
		5,  6, 7, 8, 9, 10, 11, 12, 17, 0, 0, 0,  0, 0, 0, 99,
	};
	static struct made m;
	struct lab lab = lab_new(LINK_ETHERNET);

	(void)state;
	make_text(&m, REGISTER);
	wrap_udp(&m, 5060, 6060);
	wrap(&m, headers, sizeof(headers));
	wrap_ipv6(&m, 1, 2, 0);
	wrap_ethernet(&m, 0x86dd);
	feed(&lab, &m);
	assert_int_equal(lab.told->len, 1);
	assert_between(told(&lab, 0),
		       "[2001:db8::1]:5060 > [2001:db8::2]:6060");
	assert_int_equal(told(&lab, 0)->event.ip_id, 0);
	every_length_is_safe(&m, LINK_ETHERNET);
	lab_fini(&lab);
}

static void padding_is_no_payload(void **state)
{
	static const uint8_t padding[20] = {0};
	static struct made m;
	struct lab lab = lab_new(LINK_ETHERNET);

	(void)state;
	make_register(&m);
	wrap_ethernet(&m, 0x0800);
	add(&m, padding, sizeof(padding));
	feed(&lab, &m);
	register_is_told(&lab, "padding");
	lab_fini(&lab);
}

/* Segmentation left to the card: IP and UDP lengths are 0. */
static void length_zero_means_the_rest(void **state)
{
	static struct made m;
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	make_register(&m);
	put16(m.at + 2, 0);
	put16(m.at + 24, 0);
	feed(&lab, &m);
	register_is_told(&lab, "length 0");
	lab_fini(&lab);
}

static void depth_is_bounded(void **state)
{
	static struct made m;

	(void)state;
	for (unsigned n = 0; n < 20; n++) {
		struct lab lab = lab_new(LINK_RAW);

		make_register(&m);
		for (unsigned i = 0; i < n; i++)
			wrap_ipv4(&m, (struct ipv4){.from = 8,
						    .to = 9,
						    .protocol = 4});
		feed(&lab, &m);
		assert_int_equal(lab.told->len, n <= IMS_NETWORK_MAX_TUNNELS);
		assert_int_equal(lab_count(&lab).undecoded_packets,
				 n > IMS_NETWORK_MAX_TUNNELS);
		lab_fini(&lab);
	}
}

/* What is no IP at all: counted if unknown, not if it is ARP and the like. */
static void what_is_not_ip_is_counted(void **state)
{
	static const struct {
		uint32_t link_type;
		unsigned undecoded;
		size_t len;
		uint8_t bytes[40];
	} cases[] = {
		{LINK_ETHERNET, 0, 34, {MACS, 0x08, 0x06, 0, 1}},
		{LINK_ETHERNET, 0, 34, {MACS, 0x88, 0xcc, 2, 7}},
		{LINK_ETHERNET, 0, 34, {MACS, 0x00, 0x26, 0x42, 0x42, 3}},
		{LINK_ETHERNET, 1, 34, {MACS, 0x12, 0x34, 2, 7}},
		{LINK_ETHERNET, 1, 34, {MACS, 0x08, 0x00, 0x50}},
		{LINK_ETHERNET, 1, 34, {MACS, 0x08, 0x00, 0x44}},
		{LINK_ETHERNET, 1, 13, {MACS, 0x08}},
		{LINK_PPP, 0, 10, {0xc0, 0x21, 1, 1}},
		{LINK_PPP, 1, 10, {0x00, 0x2b, 1, 1}},
		{LINK_NULL, 1, 10, {7, 0, 0, 0}},
		{147, 1, 10, {0x45}},
	};
	static struct made m;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct lab lab = lab_new(cases[i].link_type);

		make(&m, cases[i].bytes, cases[i].len);
		feed(&lab, &m);
		assert_int_equal(lab.told->len, 0);
		assert_int_equal(lab_count(&lab).undecoded_packets,
				 cases[i].undecoded);
		lab_fini(&lab);
	}
}

/* What stands on a tunnel's port and is none. */
static void tunnels_are_strict(void **state)
{
	static const struct {
		uint16_t port;
		uint8_t bytes[12];
	} cases[] = {
		{4789, {8, 0, 0, 1, 0, 0, 1, 0}}, /* reserved bits */
		{4789, {0, 0, 0, 0, 0, 0, 1, 0}}, /* no I flag */
		{4789, {8, 0, 0, 0, 0, 0, 1, 7}},
		{2152, {0x30, 1, 0, 0, 0, 0, 0, 1}},   /* echo */
		{2152, {0x48, 255, 0, 0, 0, 0, 0, 1}}, /* version 2 */
		{2152, {0x20, 255, 0, 0, 0, 0, 0, 1}}, /* GTP' */
		{2152, {0x34, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85}},
	};
	static struct made m;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct lab lab = lab_new(LINK_RAW);

		make_register(&m);
		if (cases[i].port == 4789)
			wrap_ethernet(&m, 0x0800);
		wrap(&m, cases[i].bytes, cases[i].bytes[0] & 0x04 ? 12 : 8);
		wrap_udp(&m, 2000, cases[i].port);
		wrap_ipv4(&m,
			  (struct ipv4){.from = 8, .to = 9, .protocol = 17});
		feed(&lab, &m);
		assert_int_equal(lab.told->len, 0);
		lab_fini(&lab);
	}
}

static uint64_t identity(const struct made *m, uint32_t link_type)
{
	struct ims_packet packet = {
		.link_type = link_type,
		.captured = (uint32_t)m->len,
		.wire = (uint32_t)m->len,
		.bytes = m->at,
	};

	return ims_network_identity(&packet);
}

static void identity_is_of_the_innermost_packet(void **state)
{
	static struct made m;
	uint64_t first;

	(void)state;
	make_register(&m);
	first = identity(&m, LINK_RAW);
	assert_int_not_equal(first, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		make_register(&m);
		m.at[8] -= 3;	       /* on its way time to live goes down */
		put16(m.at + 26, 999); /* and the card fills the checksum in */
		wrap(&m, ways[i].bytes, ways[i].len);
		assert_int_equal(identity(&m, ways[i].link_type), first);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(tunnels); i++) {
		make_tunnel(&m, &tunnels[i]);
		assert_int_equal(identity(&m, LINK_RAW), first);
	}
	make_register(&m);
	put16(m.at + 4, 78); /* another IP-ID */
	assert_int_not_equal(identity(&m, LINK_RAW), first);
	make_register(&m);
	m.at[28] = 'X'; /* another payload */
	assert_int_not_equal(identity(&m, LINK_RAW), first);
	make(&m, "\2\0\0\0\0\1\2\0\0\0\0\2\x08\6", 14);
	assert_int_equal(identity(&m, LINK_ETHERNET), 0);
	m.len = 0;
	assert_int_equal(identity(&m, LINK_ETHERNET), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_link_layer_is_read),
		cmocka_unit_test(every_tunnel_is_read),
		cmocka_unit_test(every_prefix_is_safe),
		cmocka_unit_test(ipv6_headers_are_skipped),
		cmocka_unit_test(padding_is_no_payload),
		cmocka_unit_test(length_zero_means_the_rest),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(what_is_not_ip_is_counted),
		cmocka_unit_test(tunnels_are_strict),
		cmocka_unit_test(identity_is_of_the_innermost_packet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
