// SPDX-License-Identifier: GPL-2.0-or-later
/* Media is passed over at a glance, and nothing else is. */
#include "packets.h"

#include "layers.h"
#include "media.h"

/* Version 2, payload type 8; 20 bytes. */
static const uint8_t rtp[20] = {0x80, 8, 0, 1};

static void make_rtp(struct made *m, bool v6, uint16_t from, uint16_t to)
{
	make(m, rtp, sizeof(rtp));
	wrap_udp(m, from, to);
	if (v6)
		wrap_ipv6(m, 1, 2, 17);
	else
		wrap_ipv4(m, (struct ipv4){.from = 1, .to = 2, .protocol = 17});
}

static void wrap_link(struct made *m, uint32_t link_type, bool v6)
{
	static const uint8_t cooked[14] = {0, 0, 0, 1, 0, 6};
	uint8_t type[2];

	put16(type, v6 ? 0x86dd : 0x0800);
	if (link_type == LINK_ETHERNET) {
		wrap_ethernet(m, v6 ? 0x86dd : 0x0800);
	} else if (link_type == LINK_COOKED) {
		wrap(m, type, sizeof(type));
		wrap(m, cooked, sizeof(cooked));
	}
}

static struct ims_packet packet_of(const struct made *m, uint32_t link_type)
{
	return (struct ims_packet){
		.number = 1,
		.link_type = link_type,
		.captured = (uint32_t)m->len,
		.wire = (uint32_t)m->len,
		.bytes = m->at,
	};
}

static bool is_plain(const struct made *m, uint32_t link_type)
{
	const struct ims_packet packet = packet_of(m, link_type);

	return ims_media_is_plain(&packet);
}

static void media_is_known(void **state)
{
	static const uint32_t links[] = {LINK_ETHERNET, LINK_COOKED};
	struct made m;

	(void)state;
	for (unsigned i = 0; i < 2; i++)
		for (unsigned v6 = 0; v6 < 2; v6++) {
			make_rtp(&m, v6, 20000, 30000);
			wrap_link(&m, links[i], v6);
			assert_true(is_plain(&m, links[i]));
		}
}

static void what_may_hold_more_is_not_passed_over(void **state)
{
	struct made m;
	struct ims_packet cut;

	(void)state;
	make_rtp(&m, false, 4500, 30000); /* ESP in UDP */
	wrap_ethernet(&m, 0x0800);
	assert_false(is_plain(&m, LINK_ETHERNET));
	make_rtp(&m, false, 20000, 4500);
	wrap_ethernet(&m, 0x0800);
	assert_false(is_plain(&m, LINK_ETHERNET));
	make_register(&m);
	wrap_ethernet(&m, 0x0800);
	assert_false(is_plain(&m, LINK_ETHERNET));
	make_rtp(&m, false, 20000, 30000);
	assert_false(is_plain(&m, LINK_RAW));
	wrap_ethernet(&m, 0x0800);
	cut = packet_of(&m, LINK_ETHERNET);
	cut.captured = 14 + 20 + 8;
	assert_false(ims_media_is_plain(&cut));
}

/*
 * Whatever one byte of the headers says: what is passed over is what the
 * layers, read one by one, find to be UDP with nothing for us in it.
 */
static void the_glance_agrees_with_the_layers(void **state)
{
	unsigned n_plain = 0;

	(void)state;
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct made m;
		struct ims_packet packet;

		make_rtp(&m, v6, 20000, 30000);
		wrap_link(&m, LINK_ETHERNET, v6);
		packet = packet_of(&m, LINK_ETHERNET);
		for (size_t at = 0; at < m.len; at++)
			for (unsigned value = 0; value < 256; value++) {
				uint8_t saved = m.at[at];
				struct ims_cursor cursor;

				m.at[at] = (uint8_t)value;
				if (ims_media_is_plain(&packet)) {
					n_plain++;
					ims_layers_start(&cursor, &packet);
					ims_layers_unwrap(&cursor);
					assert_int_equal(cursor.layer,
							 IMS_LAYER_UDP);
					assert_true(cursor.bytes.len > 0);
					assert_int_equal(
						cursor.bytes.at[0] >> 6, 2);
				}
				m.at[at] = saved;
			}
	}
	assert_true(n_plain > 1000);
}

/* At an unmapped page, cut everywhere. */
static void nothing_is_read_beyond_the_packet(void **state)
{
	struct made m;

	(void)state;
	make_rtp(&m, false, 20000, 30000);
	wrap_ethernet(&m, 0x0800);
	for (size_t len = 0; len <= m.len; len++) {
		struct wall wall = wall_new(ims_slice(m.at, len));
		struct ims_packet packet = packet_of(&m, LINK_ETHERNET);

		packet.captured = (uint32_t)len;
		packet.bytes = (const uint8_t *)wall.bytes.at;
		assert_int_equal(ims_media_is_plain(&packet),
				 len > 14 + 20 + 8);
		wall_free(&wall);
	}
}

/* RTP moves the clock all the same: what waits is given up by it. */
static void media_moves_the_clock(void **state)
{
	struct lab lab = lab_new(LINK_ETHERNET);
	struct made m;

	(void)state;
	make_text(&m, REGISTER);
	wrap_udp(&m, 5060, 5060);
	m.len = 8 + 64; /* the first fragment, and no other */
	wrap_ipv4(&m, (struct ipv4){.from = 1,
				    .to = 2,
				    .protocol = 17,
				    .id = 9,
				    .more = true});
	wrap_ethernet(&m, 0x0800);
	feed(&lab, &m);
	assert_int_equal(lab.told->len, 0);
	make_rtp(&m, false, 20000, 30000);
	wrap_ethernet(&m, 0x0800);
	pass(&lab, 60 * SEC);
	feed(&lab, &m);
	assert_int_equal(n_told(&lab, IMS_EVENT_FRAGMENT_LOST), 1);
	lab_fini(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(media_is_known),
		cmocka_unit_test(what_may_hold_more_is_not_passed_over),
		cmocka_unit_test(the_glance_agrees_with_the_layers),
		cmocka_unit_test(nothing_is_read_beyond_the_packet),
		cmocka_unit_test(media_moves_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
