// SPDX-License-Identifier: GPL-2.0-or-later
/* ESP: read where it is not encrypted, told where it is. */
#include "packets.h"

#include "esp.h"

/* Pads, and puts ESP's header and trailer around what is there. */
static void wrap_esp(struct made *m, uint8_t next, size_t vector, size_t check)
{
	uint8_t h[24] = {0, 0, 0x10, 0x01, 0, 0, 0, 9};
	uint8_t junk[32];
	uint8_t pad = (uint8_t)((4 - (m->len + 2) % 4) % 4);

	memset(junk, 0xee, sizeof(junk));
	memset(h + 8, 0xdd, sizeof(h) - 8);
	for (uint8_t i = 1; i <= pad; i++)
		add(m, &i, 1);
	add(m, &pad, 1);
	add(m, &next, 1);
	add(m, junk, check);
	wrap(m, h, 8 + vector);
}

static void make_tcp(struct made *m, const char *text, uint32_t sequence)
{
	uint8_t h[20] = {[12] = 0x50, [13] = 0x10, [14] = 0xff};

	put16(h, 6301);
	put16(h + 2, 6100);
	put32(h + 4, sequence);
	make_text(m, text);
	wrap(m, h, sizeof(h));
}

static void make_inner(struct made *m, uint8_t protocol)
{
	switch (protocol) {
	case 17:
		make_text(m, REGISTER);
		wrap_udp(m, 6301, 6100);
		fill_checksum(m, 1, 2, 17);
		break;
	case 6:
		make_tcp(m, REGISTER, 1000);
		fill_checksum(m, 1, 2, 6);
		break;
	default:
		make_text(m, REGISTER);
		wrap_udp(m, 6301, 6100);
		if (protocol == 4)
			wrap_ipv4(m, (struct ipv4){.from = 1,
						   .to = 2,
						   .protocol = 17});
		else
			wrap_ipv6(m, 1, 2, 17);
		break;
	}
}

static const struct ipv4 outer = {.from = 1, .to = 2, .protocol = 50, .id = 55};

static void every_shape_is_read(void **state)
{
	static const uint8_t shapes[][2] = {{0, 12}, {0, 16}, {8, 16}, {0, 0},
					    {0, 20}, {0, 24}, {0, 32}};
	static const uint8_t inner[] = {17, 6, 4, 41};
	static struct made m;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
		for (size_t k = 0; k < G_N_ELEMENTS(inner); k++) {
			struct lab lab = lab_new(LINK_RAW);

			make_inner(&m, inner[k]);
			wrap_esp(&m, inner[k], shapes[i][0], shapes[i][1]);
			wrap_ipv4(&m, outer);
			feed(&lab, &m);
			assert_int_equal(lab.told->len, 1);
			assert_kind(&lab, 0, IMS_EVENT_SIP, 1);
			assert_true(told(&lab, 0)->event.protected);
			assert_string_equal(told(&lab, 0)->bytes, REGISTER);
			assert_between(
				told(&lab, 0),
				inner[k] == 41
					? "[2001:db8::1]:6301 > "
					  "[2001:db8::2]:6100"
					: "10.0.0.1:6301 > 10.0.0.2:6100");
			assert_int_equal(lab_count(&lab).esp_packets, 1);
			lab_fini(&lab);
		}
	}
}

static void between_ipv6_addresses(void **state)
{
	static struct made m;
	struct lab lab = lab_new(LINK_RAW);
	uint32_t sum = 17;

	(void)state;
	make_inner(&m, 17);
	sum += (uint32_t)m.len + 2 * (0x2001 + 0xdb8) + 1 + 2;
	put16(m.at + 6, 0);
	put16(m.at + 6, sum16(sum, m.at, m.len));
	wrap_esp(&m, 17, 0, 12);
	wrap_ipv6(&m, 1, 2, 50);
	feed(&lab, &m);
	assert_kind(&lab, 0, IMS_EVENT_SIP, 1);
	assert_true(told(&lab, 0)->event.protected);
	lab_fini(&lab);
}

/* A stream in ESP: what does not begin a message goes by its checksum. */
static void a_stream_in_esp(void **state)
{
	static struct made m;
	static const char *const parts[] = {
		"REGISTER sip:a SIP/2.0\r\nCall-ID: 1\r\nContent-",
		"Length: 4\r\n\r\nbo", "dy"};
	struct lab lab = lab_new(LINK_RAW);
	uint32_t sequence = 1;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		make_tcp(&m, parts[i], sequence);
		fill_checksum(&m, 1, 2, 6);
		wrap_esp(&m, 6, 0, 12);
		wrap_ipv4(&m, outer);
		feed(&lab, &m);
		sequence += (uint32_t)strlen(parts[i]);
	}
	assert_int_equal(lab.told->len, 1);
	assert_kind(&lab, 0, IMS_EVENT_SIP, 3);
	assert_true(told(&lab, 0)->event.protected);
	lab_fini(&lab);
}

/* RFC 3948: behind a NAT the checksum is that of other addresses. */
static void esp_in_udp(void **state)
{
	static const uint8_t ike[] = {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
	static struct made m;
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	make_inner(&m, 17);
	fill_checksum(&m, 77, 2, 17);
	wrap_esp(&m, 17, 0, 12);
	wrap_udp(&m, 4500, 4500);
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 17});
	feed(&lab, &m);
	make(&m, ike, sizeof(ike));
	wrap_udp(&m, 4500, 4500);
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 17});
	feed(&lab, &m);
	make(&m, "\xff", 1);
	wrap_udp(&m, 4500, 4500);
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 17});
	feed(&lab, &m);
	assert_int_equal(lab.told->len, 1);
	assert_kind(&lab, 0, IMS_EVENT_SIP, 1);
	assert_between(told(&lab, 0), "10.0.0.1:6301 > 10.0.0.2:6100");
	assert_true(told(&lab, 0)->event.protected);
	assert_int_equal(lab_count(&lab).esp_packets, 1);
	lab_fini(&lab);
}

/* Neither a wrong checksum nor a wrong pad is taken for NULL encryption. */
static void what_does_not_add_up_is_told(void **state)
{
	static struct made m;

	(void)state;
	for (unsigned fault = 0; fault < 4; fault++) {
		struct lab lab = lab_new(LINK_RAW);

		make_tcp(&m, "not the start of a message.", 1);
		fill_checksum(&m, 1, 2, 6);
		if (fault == 1)
			m.at[25] ^= 1;
		wrap_esp(&m, fault == 2 ? 99 : 6, 0, 12);
		if (fault == 3)
			m.at[m.len - 15] ^= 0x40; /* the last of the pad */
		wrap_ipv4(&m, outer);
		feed(&lab, &m);
		assert_int_equal(n_told(&lab, IMS_EVENT_ESP), fault != 0);
		if (fault) {
			assert_between(told(&lab, 0), "10.0.0.1 > 10.0.0.2");
			assert_int_equal(told(&lab, 0)->event.spi, 0x1001);
			assert_int_equal(told(&lab, 0)->event.sequence, 9);
			assert_int_equal(told(&lab, 0)->event.ip_id, 55);
			assert_int_equal(told(&lab, 0)->event.transport,
					 IMS_TRANSPORT_NONE);
		}
		assert_int_equal(lab_count(&lab).esp_packets, 1);
		lab_fini(&lab);
	}
}

/* After enough packets that could not be read nobody tries any more. */
static void encrypted_associations_are_known(void **state)
{
	static struct made m;
	struct lab lab = lab_new(LINK_RAW);
	uint32_t noise = 1;

	(void)state;
	for (unsigned i = 0; i < IMS_ESP_TRIES; i++) {
		m.len = 128;
		for (size_t k = 0; k < m.len; k++) {
			noise = noise * 1664525 + 1013904223;
			m.at[k] = (uint8_t)(noise >> 24);
		}
		wrap(&m, "\0\0\x10\x01\0\0\0\1", 8);
		wrap_ipv4(&m, outer);
		feed(&lab, &m);
	}
	make_inner(&m, 17);
	wrap_esp(&m, 17, 0, 12);
	wrap_ipv4(&m, outer);
	feed(&lab, &m);
	assert_int_equal(n_told(&lab, IMS_EVENT_ESP), IMS_ESP_TRIES + 1);
	/* another association is another matter */
	m.at[23] = 2;
	feed(&lab, &m);
	assert_int_equal(n_told(&lab, IMS_EVENT_SIP), 1);
	assert_int_equal(lab_count(&lab).esp_packets, IMS_ESP_TRIES + 2);
	lab_fini(&lab);
}

static void associations_are_bounded(void **state)
{
	static struct made m;
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	for (uint32_t i = 0; i < IMS_ESP_MAX_ASSOCIATIONS + 100; i++) {
		make_inner(&m, 17);
		wrap_esp(&m, 17, 0, 12);
		put32(m.at, i + 1);
		wrap_ipv4(&m, outer);
		feed(&lab, &m);
	}
	assert_int_equal(n_told(&lab, IMS_EVENT_SIP),
			 IMS_ESP_MAX_ASSOCIATIONS + 100);
	lab_fini(&lab);
}

static void every_prefix_is_safe(void **state)
{
	static struct made m;
	static const uint8_t inner[] = {17, 6, 4, 41, 1};
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	lab.wall = true;
	for (size_t i = 0; i < G_N_ELEMENTS(inner); i++) {
		make_inner(&m, inner[i]);
		wrap_esp(&m, inner[i], 0, 12);
		for (size_t len = 0; len < m.len; len++) {
			struct made cut;

			make(&cut, m.at, len); /* shorter, not only cut */
			put32(cut.at + 4, (uint32_t)len);
			if (len >= 4)
				put32(cut.at, (uint32_t)len);
			wrap_ipv4(&cut, outer);
			feed(&lab, &cut);
		}
	}
	/* once each: where exactly the integrity check value is missing */
	assert_int_equal(n_told(&lab, IMS_EVENT_SIP), 4);
	assert_true(n_told(&lab, IMS_EVENT_ESP) > 1000);
	lab_fini(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shape_is_read),
		cmocka_unit_test(between_ipv6_addresses),
		cmocka_unit_test(a_stream_in_esp),
		cmocka_unit_test(esp_in_udp),
		cmocka_unit_test(what_does_not_add_up_is_told),
		cmocka_unit_test(encrypted_associations_are_known),
		cmocka_unit_test(associations_are_bounded),
		cmocka_unit_test(every_prefix_is_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
