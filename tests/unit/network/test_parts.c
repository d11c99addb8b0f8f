// SPDX-License-Identifier: GPL-2.0-or-later
/* Which packets a message cannot be had without. */
#include "packets.h"

/* "3<2 3<1 ": packet 3 needs 2, and then 1. */
static GString *parts;

static void on_part(void *user, struct ims_frame whole, struct ims_frame part)
{
	(void)user;
	assert_int_equal(whole.capture, part.capture);
	g_string_append_printf(parts, "%d<%d ", (int)whole.number,
			       (int)part.number);
}

static struct lab *begin(void)
{
	struct lab *lab = g_new(struct lab, 1);

	*lab = lab_new(LINK_RAW);
	lab->network = ims_network_new(remember, lab);
	ims_network_tell_parts(lab->network, on_part);
	parts = g_string_new(NULL);
	return lab;
}

static void end(struct lab *lab)
{
	lab_fini(lab);
	g_free(lab);
	g_string_free(parts, TRUE);
}

static void fragment(struct lab *lab, const struct made *whole, size_t from,
		     size_t to)
{
	struct made m;

	make(&m, whole->at + from, to - from);
	wrap_ipv4(&m, (struct ipv4){.from = 1,
				    .to = 2,
				    .protocol = 17,
				    .id = 9,
				    .offset = (uint16_t)from,
				    .more = to < whole->len});
	feed(lab, &m);
}

/* A TCP segment of 10.0.0.1:5060 with the bytes [from, to) of `text`. */
static void segment(struct lab *lab, const char *text, size_t from, size_t to)
{
	uint8_t h[20] = {0x13, 0xc4, 0x13, 0xc4, [12] = 0x50, [13] = 0x10};
	struct made m;

	put32(h + 4, 1000 + (uint32_t)from);
	make(&m, text + from, to - from);
	wrap(&m, h, sizeof(h));
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 6});
	feed(lab, &m);
}

static void a_whole_datagram_has_none(void **state)
{
	struct lab *lab = begin();
	struct made m;

	(void)state;
	make_register(&m);
	feed(lab, &m);
	assert_int_equal(n_told(lab, IMS_EVENT_SIP), 1);
	assert_string_equal(parts->str, "");
	end(lab);
}

static void fragments_are(void **state)
{
	struct lab *lab = begin();
	struct made m;

	(void)state;
	make_text(&m, REGISTER);
	wrap_udp(&m, 5060, 5060);
	fragment(lab, &m, 160, m.len);
	fragment(lab, &m, 0, 80);
	assert_string_equal(parts->str, "");
	fragment(lab, &m, 80, 160);
	assert_kind(lab, 0, IMS_EVENT_SIP, 3);
	assert_string_equal(parts->str, "3<2 3<1 ");
	end(lab);
}

static void those_of_what_is_lost_are_too(void **state)
{
	struct lab *lab = begin();
	struct made m;

	(void)state;
	make_text(&m, REGISTER);
	wrap_udp(&m, 5060, 5060);
	fragment(lab, &m, 0, 80);
	fragment(lab, &m, 160, m.len);
	ims_network_finish(lab->network);
	assert_kind(lab, 0, IMS_EVENT_FRAGMENT_LOST, 2);
	assert_string_equal(parts->str, "2<1 ");
	end(lab);
}

static void segments_are(void **state)
{
	const size_t n = strlen(REGISTER);
	struct lab *lab = begin();

	(void)state;
	segment(lab, REGISTER, 0, 50);
	segment(lab, REGISTER, 50, 100);
	segment(lab, REGISTER, 100, n);
	assert_kind(lab, 0, IMS_EVENT_SIP, 3);
	assert_string_equal(parts->str, "2<1 3<2 ");
	end(lab);
}

/* What arrives last completes it, wherever it stands. */
static void segments_are_in_any_order(void **state)
{
	const size_t n = strlen(REGISTER);
	struct lab *lab = begin();

	(void)state;
	segment(lab, REGISTER, 0, 50);
	segment(lab, REGISTER, 100, n);
	segment(lab, REGISTER, 50, 100);
	assert_kind(lab, 0, IMS_EVENT_SIP, 3);
	assert_string_equal(parts->str, "3<1 2<3 3<2 ");
	end(lab);
}

/* Who reads the second alone must know where it begins. */
static void what_ends_in_its_segment_is(void **state)
{
	const char *two = REGISTER REGISTER;
	const size_t n = strlen(REGISTER);
	struct lab *lab = begin();

	(void)state;
	segment(lab, two, 0, 100);
	segment(lab, two, 100, n + 100);
	segment(lab, two, n + 100, 2 * n);
	assert_kind(lab, 0, IMS_EVENT_SIP, 2);
	assert_kind(lab, 1, IMS_EVENT_SIP, 3);
	assert_string_equal(parts->str, "2<1 3<2 ");
	end(lab);
}

static void nobody_asks(void **state)
{
	const size_t n = strlen(REGISTER);
	struct lab *lab = begin();

	(void)state;
	ims_network_free(lab->network);
	lab->network = ims_network_new(remember, lab);
	segment(lab, REGISTER, 0, 50);
	segment(lab, REGISTER, 50, n);
	assert_kind(lab, 0, IMS_EVENT_SIP, 2);
	assert_string_equal(parts->str, "");
	end(lab);
}

/* Holes are no losses in a file that leaves packets out on purpose. */
static void a_selection_has_no_gaps(void **state)
{
	for (unsigned selected = 0; selected < 2; selected++) {
		const char *three = REGISTER REGISTER REGISTER;
		const size_t n = strlen(REGISTER);
		struct lab *lab = begin();

		(void)state;
		lab->selected = selected;
		segment(lab, three, 0, n);
		segment(lab, three, 2 * n, 3 * n);
		ims_network_finish(lab->network);
		assert_int_equal(n_told(lab, IMS_EVENT_SIP), 2);
		assert_int_equal(n_told(lab, IMS_EVENT_GAP), !selected);
		end(lab);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_datagram_has_none),
		cmocka_unit_test(fragments_are),
		cmocka_unit_test(those_of_what_is_lost_are_too),
		cmocka_unit_test(segments_are),
		cmocka_unit_test(segments_are_in_any_order),
		cmocka_unit_test(what_ends_in_its_segment_is),
		cmocka_unit_test(nobody_asks),
		cmocka_unit_test(a_selection_has_no_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
