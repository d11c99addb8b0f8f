// SPDX-License-Identifier: GPL-2.0-or-later
/* UDP, IP fragments and ICMP errors. */
#include "packets.h"

#include "fragments.h"

static void feed_udp(struct lab *lab, const void *bytes, size_t len,
		     uint16_t port)
{
	static struct made m;

	make(&m, bytes, len);
	wrap_udp(&m, 5060, port);
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 17});
	feed(lab, &m);
}

static void feed_text(struct lab *lab, const char *text, uint16_t port)
{
	feed_udp(lab, text, strlen(text), port);
}

static void sip_is_found_on_any_port(void **state)
{
	static const uint16_t ports[] = {1, 2152, 4500, 4789, 5060, 65535};
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ports); i++) {
		feed_text(&lab, REGISTER, ports[i]);
		assert_kind(&lab, i, IMS_EVENT_SIP, i + 1);
		assert_int_equal(told(&lab, i)->event.destination.port,
				 ports[i]);
	}
	assert_int_equal(lab.told->len, G_N_ELEMENTS(ports));
	lab_fini(&lab);
}

/* RFC 3261 18.3: the datagram ends the message, whatever it says itself. */
static void the_datagram_ends_the_message(void **state)
{
	static const struct {
		const char *payload;
		const char *message; /* NULL: none */
	} cases[] = {
		{OK_WITH_BODY, OK_WITH_BODY},
		{OK_WITH_BODY "more", OK_WITH_BODY "more"},
		{"\r\n\r\n" REGISTER, REGISTER},
		{"SIP/2.0 200 OK\r\nContent-Length: 99\r\n\r\nbody",
		 "SIP/2.0 200 OK\r\nContent-Length: 99\r\n\r\nbody"},
		{"SIP/2.0 200 OK\r\nCall-ID: 1\r\n\r\nbody",
		 "SIP/2.0 200 OK\r\nCall-ID: 1\r\n\r\nbody"},
		{"SIP/2.0 200 OK\r\nCall-ID: 1\r\n",
		 "SIP/2.0 200 OK\r\nCall-ID: 1\r\n"},
		{"SIP/2.0 20", NULL},
		{"\r\n\r\n", NULL},
		{"HTTP/1.1 200 OK\r\n\r\n", NULL},
		{"", NULL},
		{"\x80\x08\x00\x01", NULL},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct lab lab = lab_new(LINK_RAW);

		feed_text(&lab, cases[i].payload, 5060);
		assert_int_equal(lab.told->len, cases[i].message != NULL);
		if (cases[i].message) {
			assert_string_equal(told(&lab, 0)->bytes,
					    cases[i].message);
			assert_false(told(&lab, 0)->event.cut);
		}
		lab_fini(&lab);
	}
}

static void a_cut_packet_gives_a_cut_message(void **state)
{
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	lab.snap = 100;
	feed_text(&lab, REGISTER, 5060);
	assert_kind(&lab, 0, IMS_EVENT_SIP, 1);
	assert_true(told(&lab, 0)->event.cut);
	assert_int_equal(told(&lab, 0)->event.bytes.len, 100 - 28);
	lab_fini(&lab);
}

static void diameter_has_no_datagrams(void **state)
{
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	feed_udp(&lab, watchdog, sizeof(watchdog), 3868);
	assert_int_equal(lab.told->len, 0);
	lab_fini(&lab);
}

static void dtls_is_told_once_a_second(void **state)
{
	static const uint8_t record[] = {22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0,
					 0,  0,	   0,	 4, 1, 0, 0, 0};
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	feed_udp(&lab, record, sizeof(record), 5061);
	feed_udp(&lab, record, sizeof(record), 5061);
	feed_udp(&lab, record, sizeof(record), 3868); /* another pair */
	pass(&lab, SEC);
	feed_udp(&lab, record, sizeof(record), 5061);
	assert_int_equal(lab.told->len, 3);
	assert_kind(&lab, 0, IMS_EVENT_TLS, 1);
	assert_kind(&lab, 1, IMS_EVENT_TLS, 3);
	assert_kind(&lab, 2, IMS_EVENT_TLS, 4);
	assert_int_equal(lab_count(&lab).tls_packets, 4);
	lab_fini(&lab);
}

/* Bytes from `offset` on of an UDP datagram with `text`, as a fragment. */
struct fragment {
	uint16_t offset;
	uint16_t len; /* 0: the rest */
};

static char *long_register(size_t body)
{
	char *filler = g_strnfill(body, 'x');
	char *text = g_strdup_printf("REGISTER sip:ims.example SIP/2.0\r\n"
				     "Call-ID: 1\r\n"
				     "Content-Length: %zu\r\n"
				     "\r\n%s",
				     body, filler);

	g_free(filler);
	return text;
}

static void feed_fragment(struct lab *lab, const char *text, uint16_t id,
			  struct fragment fragment)
{
	static struct made m, whole;
	struct ipv4 ip = {.from = 1,
			  .to = 2,
			  .protocol = 17,
			  .id = id,
			  .offset = fragment.offset};

	make_text(&whole, text);
	wrap_udp(&whole, 5060, 6060);
	ip.more = fragment.len && fragment.offset + fragment.len < whole.len;
	make(&m, whole.at + fragment.offset,
	     ip.more ? fragment.len : whole.len - fragment.offset);
	wrap_ipv4(&m, ip);
	feed(lab, &m);
}

static void fragments_in_any_order(void **state)
{
	static const struct {
		struct fragment at[6];
		unsigned n;
		unsigned whole_at; /* the packet that completes it */
	} cases[] = {
		{{{0, 800}, {800, 800}, {1600, 0}}, 3, 3},
		{{{1600, 0}, {800, 800}, {0, 800}}, 3, 3},
		{{{800, 800}, {1600, 0}, {0, 800}}, 3, 3},
		{{{0, 800},
		  {0, 800},
		  {800, 800},
		  {800, 800},
		  {1600, 0},
		  {1600, 0}},
		 6,
		 5},
		/* overlaps: teardrop, one inside another, one over all */
		{{{0, 800}, {400, 800}, {1000, 800}, {1600, 0}}, 4, 4},
		{{{400, 400}, {0, 1600}, {1600, 0}}, 3, 3},
		{{{800, 16}, {1200, 16}, {0, 1600}, {1600, 0}}, 4, 4},
	};
	char *text = long_register(2000);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct lab lab = lab_new(LINK_RAW);

		for (unsigned k = 0; k < cases[i].n; k++)
			feed_fragment(&lab, text, 5, cases[i].at[k]);
		ims_network_finish(lab.network);
		assert_int_equal(lab.told->len, 1);
		assert_kind(&lab, 0, IMS_EVENT_SIP, cases[i].whole_at);
		assert_string_equal(told(&lab, 0)->bytes, text);
		assert_int_equal(told(&lab, 0)->event.ip_id, 5);
		assert_false(told(&lab, 0)->event.cut);
		lab_fini(&lab);
	}
	g_free(text);
}

/* Of bytes that come twice the first count, and never both. */
static void the_first_of_an_overlap_wins(void **state)
{
	char *text = long_register(2000);
	char *other = long_register(2000);
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	memset(other + 100, 'y', 1900);
	feed_fragment(&lab, text, 5, (struct fragment){800, 400});
	feed_fragment(&lab, other, 5, (struct fragment){400, 1200});
	feed_fragment(&lab, text, 5, (struct fragment){0, 800});
	feed_fragment(&lab, text, 5, (struct fragment){1600, 0});
	assert_int_equal(lab.told->len, 1);
	for (size_t i = 100; i < strlen(text); i++) {
		size_t at = i + 8; /* in the datagram */
		bool second =
			(at >= 400 && at < 800) || (at >= 1200 && at < 1600);

		assert_int_equal(told(&lab, 0)->bytes[i],
				 second ? other[i] : text[i]);
	}
	lab_fini(&lab);
	g_free(text);
	g_free(other);
}

static void a_number_comes_around(void **state)
{
	char *text = long_register(1000);
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		feed_fragment(&lab, text, 5, (struct fragment){0, 800});
		feed_fragment(&lab, text, 5, (struct fragment){800, 0});
		pass(&lab, 3 * SEC);
	}
	ims_network_finish(lab.network);
	assert_int_equal(lab.told->len, 3);
	assert_kind(&lab, 2, IMS_EVENT_SIP, 6);
	lab_fini(&lab);
	g_free(text);
}

static void what_came_in_fragments_says_so(void **state)
{
	char *text = long_register(1000);
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	feed_fragment(&lab, text, 5, (struct fragment){0, 800});
	feed_fragment(&lab, text, 5, (struct fragment){800, 0});
	feed_text(&lab, text, 6);
	assert_int_equal(lab.told->len, 2);
	assert_true(told(&lab, 0)->event.fragmented);
	assert_false(told(&lab, 1)->event.fragmented);
	lab_fini(&lab);
	g_free(text);
}

static void lost_fragments_are_told_once(void **state)
{
	char *text = long_register(2000);
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	feed_fragment(&lab, text, 5, (struct fragment){0, 800});
	feed_fragment(&lab, text, 5, (struct fragment){1600, 0});
	feed_fragment(&lab, text, 6, (struct fragment){800, 800});
	pass(&lab, 2 * SEC);
	feed_text(&lab, "x", 1);
	assert_int_equal(lab.told->len, 0);
	pass(&lab, 2 * SEC);
	feed_text(&lab, "x", 1);
	assert_int_equal(lab.told->len, 2);
	assert_kind(&lab, 0, IMS_EVENT_FRAGMENT_LOST, 2);
	assert_between(told(&lab, 0), "10.0.0.1:5060 > 10.0.0.2:6060");
	assert_int_equal(told(&lab, 0)->event.transport, IMS_TRANSPORT_UDP);
	assert_int_equal(told(&lab, 0)->event.ip_id, 5);
	assert_int_equal(told(&lab, 0)->event.bytes.len, 792);
	assert_memory_equal(told(&lab, 0)->bytes, text, 792);
	assert_kind(&lab, 1, IMS_EVENT_FRAGMENT_LOST, 3);
	assert_between(told(&lab, 1), "10.0.0.1 > 10.0.0.2");
	ims_network_finish(lab.network);
	assert_int_equal(lab.told->len, 2);
	lab_fini(&lab);
	g_free(text);
}

/* Of a live capture: in silence too, and time never goes back. */
static void lost_fragments_are_told_without_packets(void **state)
{
	char *text = long_register(2000);
	struct lab lab = lab_new(LINK_RAW);
	int64_t start = lab.time_ns;

	(void)state;
	feed_fragment(&lab, text, 5, (struct fragment){0, 800});
	ims_network_clock(lab.network, start + 2 * SEC);
	assert_int_equal(lab.told->len, 0);
	ims_network_clock(lab.network, INT64_MIN);
	ims_network_clock(lab.network, start + 4 * SEC);
	assert_int_equal(lab.told->len, 1);
	assert_kind(&lab, 0, IMS_EVENT_FRAGMENT_LOST, 1);
	assert_true(told(&lab, 0)->event.time_ns <= start + SEC);
	ims_network_finish(lab.network);
	assert_int_equal(lab.told->len, 1);
	lab_fini(&lab);
	g_free(text);
}

/* Nothing was lost: the captured parts just do not reach to the end. */
static void cut_fragments_are_not_lost(void **state)
{
	char *text = long_register(2000);
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	lab.snap = 500;
	feed_fragment(&lab, text, 5, (struct fragment){0, 800});
	feed_fragment(&lab, text, 5, (struct fragment){800, 800});
	feed_fragment(&lab, text, 5, (struct fragment){1600, 0});
	ims_network_finish(lab.network);
	assert_int_equal(lab.told->len, 1);
	assert_kind(&lab, 0, IMS_EVENT_SIP, 3);
	assert_true(told(&lab, 0)->event.cut);
	assert_int_equal(told(&lab, 0)->event.bytes.len, 480 - 8);
	lab_fini(&lab);
	g_free(text);
}

static void ipv6_fragments_and_tunnels(void **state)
{
	static struct made m, whole;
	static const uint8_t gtpu[] = {0x30, 255, 0, 0, 0, 0, 0, 1};
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	make_register(&whole);
	wrap(&whole, gtpu, sizeof(gtpu));
	wrap_udp(&whole, 2152, 2152);
	for (unsigned i = 0; i < 2; i++) {
		uint8_t header[8] = {17, 0, 0, 1, 0, 0, 0, 9};

		make(&m, whole.at + i * 200, 200);
		if (i == 1) {
			put16(header + 2, 200);
			m.len = whole.len - 200;
			memcpy(m.at, whole.at + 200, m.len);
		}
		wrap(&m, header, sizeof(header));
		wrap_ipv6(&m, 1, 2, 44);
		feed(&lab, &m);
	}
	assert_int_equal(lab.told->len, 1);
	assert_kind(&lab, 0, IMS_EVENT_SIP, 2);
	assert_between(told(&lab, 0), "10.0.0.1:5060 > 10.0.0.2:5060");
	assert_string_equal(told(&lab, 0)->bytes, REGISTER);
	lab_fini(&lab);
}

/* Ping of death, fragments of nothing, a last one before the others. */
static void hostile_fragments_do_no_harm(void **state)
{
	static struct made m;
	static const uint16_t offsets[] = {65528, 65520, 8, 0};
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	lab.wall = true;
	for (size_t i = 0; i < G_N_ELEMENTS(offsets); i++) {
		for (size_t len = 0; len < 40; len += 13) {
			make(&m, watchdog, len);
			wrap_ipv4(&m, (struct ipv4){.from = 1,
						    .to = 2,
						    .protocol = 17,
						    .id = 1,
						    .offset = offsets[i],
						    .more = i % 2});
			feed(&lab, &m);
		}
	}
	ims_network_finish(lab.network);
	assert_int_equal(n_told(&lab, IMS_EVENT_FRAGMENT_LOST), lab.told->len);
	assert_true(lab_count(&lab).undecoded_packets > 0);
	lab_fini(&lab);
}

static void datagrams_in_work_are_bounded(void **state)
{
	static struct made m;
	const unsigned more = 100;
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	for (unsigned i = 0; i < IMS_NETWORK_MAX_FRAGMENTS + more; i++) {
		make(&m, watchdog, 16);
		wrap_ipv4(&m, (struct ipv4){.from = 1,
					    .to = 2,
					    .protocol = 17,
					    .id = (uint16_t)i,
					    .more = true});
		feed(&lab, &m);
		pass(&lab, -MS); /* all at once */
	}
	assert_int_equal(lab_count(&lab).let_go, more);
	assert_int_equal(lab_count(&lab).let_go_at[IMS_NETWORK_BOUND_DATAGRAMS],
			 more);
	assert_int_equal(lab.told->len, 0);
	ims_network_finish(lab.network);
	assert_int_equal(n_told(&lab, IMS_EVENT_FRAGMENT_LOST),
			 IMS_NETWORK_MAX_FRAGMENTS);
	lab_fini(&lab);
}

static void bytes_of_fragments_are_bounded(void **state)
{
	static struct made m;
	const size_t size = 8000;
	size_t n = 2 * IMS_FRAGMENTS_MAX_BYTES / size;
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	memset(m.at, 0, size);
	for (size_t i = 0; i < n; i++) {
		m.len = size;
		wrap_ipv4(&m, (struct ipv4){.from = 1,
					    .to = 2,
					    .protocol = 17,
					    .id = (uint16_t)i,
					    .more = true});
		feed(&lab, &m);
	}
	assert_in_range(lab_count(&lab).let_go, n / 2, n / 2 + n / 20);
	assert_in_range(
		lab_count(&lab).let_go_at[IMS_NETWORK_BOUND_FRAGMENT_BYTES],
		n / 2, n / 2 + n / 20);
	lab_fini(&lab);
}

static void each_bound_is_worded(void **state)
{
	(void)state;
	for (int i = 0; i < IMS_NETWORK_N_BOUNDS; i++) {
		const struct ims_bound_text *text =
			ims_network_bound_text((enum ims_network_bound)i);

		assert_non_null(text->name);
		assert_non_null(text->one);
		assert_non_null(text->many);
		assert_non_null(text->what);
	}
}

static void pieces_of_a_datagram_are_bounded(void **state)
{
	static struct made m;
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	for (unsigned i = 0; i <= IMS_FRAGMENTS_MAX_PIECES; i++) {
		make(&m, watchdog, 8);
		wrap_ipv4(&m, (struct ipv4){.from = 1,
					    .to = 2,
					    .protocol = 17,
					    .offset = (uint16_t)(i * 16),
					    .more = true});
		feed(&lab, &m);
	}
	assert_int_equal(lab_count(&lab).let_go, 1);
	assert_int_equal(lab_count(&lab).let_go_at[IMS_NETWORK_BOUND_FRAGMENTS],
			 1);
	ims_network_finish(lab.network);
	assert_int_equal(lab.told->len, 0);
	lab_fini(&lab);
}

static void make_icmp(struct made *m, uint8_t type, uint8_t code)
{
	uint8_t header[8] = {type, code};

	wrap(m, header, sizeof(header));
	wrap_ipv4(m, (struct ipv4){.from = 2, .to = 1, .protocol = 1});
}

static void icmp_errors_quote(void **state)
{
	static const struct {
		uint8_t type;
		bool is_error;
	} cases[] = {{0, false}, {3, true},  {5, false}, {8, false},
		     {11, true}, {12, true}, {13, false}};
	static struct made m;
	char to[IMS_ENDPOINT_TEXT];

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct lab lab = lab_new(LINK_RAW);

		make_register(&m);
		make_icmp(&m, cases[i].type, 3);
		feed(&lab, &m);
		assert_int_equal(lab.told->len, cases[i].is_error);
		assert_int_equal(lab_count(&lab).sip_messages, 0);
		if (cases[i].is_error) {
			const struct told *t = told(&lab, 0);

			assert_kind(&lab, 0, IMS_EVENT_ICMP_ERROR, 1);
			assert_between(t, "10.0.0.2 > 10.0.0.1");
			assert_int_equal(t->event.icmp_type, cases[i].type);
			assert_int_equal(t->event.icmp_code, 3);
			assert_string_equal(t->bytes, REGISTER);
			assert_string_equal(
				ims_endpoint_format(
					to, &t->event.quoted_destination),
				"10.0.0.2:5060");
			assert_int_equal(t->event.quoted_source.port, 5060);
			assert_int_equal(t->event.transport, IMS_TRANSPORT_UDP);
		}
		lab_fini(&lab);
	}
}

/* Inside a tunnel, of IPv6, with a quote of any length. */
static void icmpv6_errors_quote(void **state)
{
	static const uint8_t header[8] = {1, 4};
	static const uint8_t gtpu[] = {0x30, 255, 0, 0, 0, 0, 0, 1};
	static struct made m;
	struct lab lab = lab_new(LINK_RAW);
	size_t len;

	(void)state;
	make_text(&m, REGISTER);
	wrap_udp(&m, 5060, 6060);
	wrap_ipv6(&m, 1, 2, 17);
	wrap(&m, header, sizeof(header));
	wrap_ipv6(&m, 3, 1, 58);
	wrap(&m, gtpu, sizeof(gtpu));
	wrap_udp(&m, 2152, 2152);
	wrap_ipv4(&m, (struct ipv4){.from = 8, .to = 9, .protocol = 17});
	lab.wall = true;
	for (len = 1; len < m.len; len++) {
		lab.snap = len;
		feed(&lab, &m);
	}
	for (guint i = 0; i < lab.told->len; i++)
		assert_int_equal(told(&lab, i)->event.kind,
				 IMS_EVENT_ICMP_ERROR);
	lab_forget(&lab);
	lab.snap = 0;
	feed(&lab, &m);
	assert_int_equal(lab.told->len, 1);
	assert_between(told(&lab, 0), "2001:db8::3 > 2001:db8::1");
	assert_int_equal(told(&lab, 0)->event.quoted_destination.port, 6060);
	assert_string_equal(told(&lab, 0)->bytes, REGISTER);
	lab_fini(&lab);
}

static void what_icmp_quotes_must_be_ours(void **state)
{
	static struct made m;
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	make_text(&m, REGISTER); /* of GRE */
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 47});
	make_icmp(&m, 3, 3);
	feed(&lab, &m);
	make_text(&m, REGISTER); /* a fragment that is not the first */
	wrap_ipv4(&m,
		  (struct ipv4){
			  .from = 1, .to = 2, .protocol = 17, .offset = 800});
	make_icmp(&m, 3, 3);
	feed(&lab, &m);
	assert_int_equal(lab.told->len, 0);
	make(&m, "\x13\xc4\x13\xc5xxxx", 8); /* only the ports of TCP */
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 6});
	make_icmp(&m, 3, 3);
	feed(&lab, &m);
	assert_int_equal(lab.told->len, 1);
	assert_int_equal(told(&lab, 0)->event.quoted_source.port, 5060);
	assert_int_equal(told(&lab, 0)->event.bytes.len, 0);
	lab_fini(&lab);
}

static void drops_are_told(void **state)
{
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	feed_text(&lab, "x", 1);
	ims_network_drops(lab.network, 3, 17, 5 * SEC, 42);
	assert_kind(&lab, 0, IMS_EVENT_DROPS, 17);
	assert_int_equal(told(&lab, 0)->event.frame.capture, 3);
	assert_int_equal(told(&lab, 0)->event.missing, 42);
	assert_int_equal(told(&lab, 0)->event.time_ns, 5 * SEC);
	assert_int_equal(ims_network_count(lab.network, 99).sip_messages, 0);
	lab_fini(&lab);
}

static void captures_count_for_themselves(void **state)
{
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	feed_text(&lab, REGISTER, 5060);
	lab.capture = 2;
	feed_text(&lab, REGISTER, 5060);
	feed_text(&lab, REGISTER, 5060);
	assert_int_equal(ims_network_count(lab.network, 0).sip_messages, 1);
	assert_int_equal(ims_network_count(lab.network, 1).sip_messages, 0);
	assert_int_equal(ims_network_count(lab.network, 2).sip_messages, 2);
	assert_int_equal(told(&lab, 1)->event.frame.capture, 2);
	lab_fini(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sip_is_found_on_any_port),
		cmocka_unit_test(the_datagram_ends_the_message),
		cmocka_unit_test(a_cut_packet_gives_a_cut_message),
		cmocka_unit_test(diameter_has_no_datagrams),
		cmocka_unit_test(dtls_is_told_once_a_second),
		cmocka_unit_test(fragments_in_any_order),
		cmocka_unit_test(the_first_of_an_overlap_wins),
		cmocka_unit_test(a_number_comes_around),
		cmocka_unit_test(what_came_in_fragments_says_so),
		cmocka_unit_test(lost_fragments_are_told_once),
		cmocka_unit_test(lost_fragments_are_told_without_packets),
		cmocka_unit_test(cut_fragments_are_not_lost),
		cmocka_unit_test(ipv6_fragments_and_tunnels),
		cmocka_unit_test(hostile_fragments_do_no_harm),
		cmocka_unit_test(datagrams_in_work_are_bounded),
		cmocka_unit_test(bytes_of_fragments_are_bounded),
		cmocka_unit_test(pieces_of_a_datagram_are_bounded),
		cmocka_unit_test(each_bound_is_worded),
		cmocka_unit_test(icmp_errors_quote),
		cmocka_unit_test(icmpv6_errors_quote),
		cmocka_unit_test(what_icmp_quotes_must_be_ours),
		cmocka_unit_test(drops_are_told),
		cmocka_unit_test(captures_count_for_themselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
