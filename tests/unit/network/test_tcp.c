// SPDX-License-Identifier: GPL-2.0-or-later
/* TCP: connections, and messages out of segments in any state. */
#include "packets.h"

#include "stream.h"

enum flag {
	FIN = 1,
	SYN = 2,
	RST = 4,
	ACK = 16,
};

/* A connection from 10.0.0.1:40000 to 10.0.0.2:`port`. */
struct line {
	struct lab lab;
	uint16_t port;
	uint16_t client_port;
	uint32_t sequence[2]; /* of the next byte of either side */
};

static struct line line_new(uint16_t port)
{
	return (struct line){
		.lab = lab_new(LINK_RAW),
		.port = port,
		.client_port = 40000,
		.sequence = {1000, 5000},
	};
}

/* A segment of side 0, the client, or 1 with this sequence number. */
static void segment(struct line *line, unsigned side, unsigned flags,
		    uint32_t sequence, struct ims_slice payload)
{
	static struct made m;
	uint8_t h[20] = {[12] = 0x50, [14] = 0xff};
	struct ipv4 ip = {.from = 1, .to = 2, .protocol = 6};

	put16(h, side ? line->port : line->client_port);
	put16(h + 2, side ? line->client_port : line->port);
	put32(h + 4, sequence);
	put32(h + 8, line->sequence[!side]);
	h[13] = (uint8_t)flags;
	if (side) {
		ip.from = 2;
		ip.to = 1;
	}
	make(&m, payload.at, payload.len);
	wrap(&m, h, sizeof(h));
	wrap_ipv4(&m, ip);
	feed(&line->lab, &m);
}

static void flags(struct line *line, unsigned side, unsigned set)
{
	segment(line, side, set, line->sequence[side], ims_slice("", 0));
	if (set & (SYN | FIN))
		line->sequence[side]++;
}

static void shake_hands(struct line *line)
{
	flags(line, 0, SYN);
	flags(line, 1, SYN | ACK);
	flags(line, 0, ACK);
}

/* The client's bytes, the next ones. */
static void say(struct line *line, struct ims_slice bytes)
{
	segment(line, 0, ACK, line->sequence[0], bytes);
	line->sequence[0] += (uint32_t)bytes.len;
}

static void say_text(struct line *line, const char *text)
{
	say(line, ims_slice_of(text));
}

/* The client's bytes at an offset from where it is; it stays there. */
static void say_at(struct line *line, uint32_t offset, struct ims_slice bytes)
{
	segment(line, 0, ACK, line->sequence[0] + offset, bytes);
}

static void part(struct line *line, const char *text, size_t from, size_t to)
{
	say_at(line, (uint32_t)from, ims_slice(text + from, to - from));
}

static void line_fini(struct line *line)
{
	lab_fini(&line->lab);
}

static void assert_events(const struct line *line, size_t n,
			  const enum ims_event_kind *kinds)
{
	for (size_t i = 0; i < n && i < line->lab.told->len; i++)
		assert_int_equal(told(&line->lab, i)->event.kind, kinds[i]);
	assert_int_equal(line->lab.told->len, n);
}

#define ASSERT_EVENTS(line, ...)                                     \
	assert_events(line,                                          \
		      sizeof((enum ims_event_kind[]){__VA_ARGS__}) / \
			      sizeof(enum ims_event_kind),           \
		      (enum ims_event_kind[]){__VA_ARGS__})

static void a_connection_from_end_to_end(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	shake_hands(&line);
	say_text(&line, REGISTER);
	segment(&line, 1, ACK, 5001, ims_slice_of(OK_WITH_BODY));
	line.sequence[1] += (uint32_t)strlen(OK_WITH_BODY);
	flags(&line, 0, FIN | ACK);
	flags(&line, 1, FIN | ACK);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_SIP, IMS_EVENT_SIP,
		      IMS_EVENT_CONNECTION_CLOSED, IMS_EVENT_CONNECTION_CLOSED);
	assert_between(told(&line.lab, 0), "10.0.0.1:40000 > 10.0.0.2:5060");
	assert_between(told(&line.lab, 1), "10.0.0.2:5060 > 10.0.0.1:40000");
	assert_between(told(&line.lab, 2), "10.0.0.1:40000 > 10.0.0.2:5060");
	assert_string_equal(told(&line.lab, 2)->bytes, REGISTER);
	assert_string_equal(told(&line.lab, 3)->bytes, OK_WITH_BODY);
	assert_int_equal(told(&line.lab, 3)->event.transport,
			 IMS_TRANSPORT_TCP);
	assert_int_equal(told(&line.lab, 3)->event.ip_id, 0);
	assert_between(told(&line.lab, 4), "10.0.0.1:40000 > 10.0.0.2:5060");
	assert_between(told(&line.lab, 5), "10.0.0.2:5060 > 10.0.0.1:40000");
	line_fini(&line);
}

/* As `any` and a second tap see it: each packet three times. */
static void copies_change_nothing(void **state)
{
	struct line line = line_new(3868);
	struct ims_slice message = ims_slice(watchdog, sizeof(watchdog));

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		segment(&line, 0, SYN, 999, ims_slice("", 0));
	line.sequence[0] = 1000;
	for (unsigned i = 0; i < 3; i++)
		segment(&line, 1, SYN | ACK, 4999, ims_slice("", 0));
	for (unsigned i = 0; i < 3; i++)
		say_at(&line, 0, message);
	segment(&line, 0, SYN, 999, ims_slice("", 0)); /* late */
	for (unsigned i = 0; i < 3; i++)
		say_at(&line, 44, message);
	for (unsigned i = 0; i < 3; i++)
		segment(&line, 0, FIN | ACK, 1088, ims_slice("", 0));
	for (unsigned i = 0; i < 3; i++)
		segment(&line, 1, RST | ACK, 5000, ims_slice("", 0));
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER,
		      IMS_EVENT_DIAMETER, IMS_EVENT_CONNECTION_CLOSED,
		      IMS_EVENT_CONNECTION_RESET);
	assert_int_equal(lab_count(&line.lab).diameter_messages, 2);
	line_fini(&line);
}

static void a_refused_connection(void **state)
{
	struct line line = line_new(3868);

	(void)state;
	flags(&line, 0, SYN);
	segment(&line, 1, RST | ACK, 0, ims_slice("", 0));
	segment(&line, 1, RST | ACK, 0, ims_slice("", 0));
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_REFUSED);
	assert_between(told(&line.lab, 1), "10.0.0.2:3868 > 10.0.0.1:40000");
	/* the next attempt from the same port */
	line.sequence[0] = 77777;
	flags(&line, 0, SYN);
	segment(&line, 1, RST | ACK, 0, ims_slice("", 0));
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_REFUSED,
		      IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_REFUSED);
	line_fini(&line);
}

/* A SYN that comes again at once is a copy, taken at another point. */
static void unanswered_syns_are_told(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	segment(&line, 0, SYN, 999, ims_slice("", 0));
	segment(&line, 0, SYN, 999, ims_slice("", 0));
	pass(&line.lab, SEC);
	segment(&line, 0, SYN, 999, ims_slice("", 0));
	segment(&line, 0, SYN, 999, ims_slice("", 0));
	pass(&line.lab, 2 * SEC);
	segment(&line, 0, SYN, 999, ims_slice("", 0));
	segment(&line, 1, SYN | ACK, 4999, ims_slice("", 0));
	pass(&line.lab, SEC);
	segment(&line, 0, SYN, 999, ims_slice("", 0)); /* late */
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED);
	line_fini(&line);
}

/* Two interfaces, one after the other in the file. */
static void answers_may_come_first(void **state)
{
	struct line line = line_new(3868);
	struct ims_slice message = ims_slice(watchdog, sizeof(watchdog));

	(void)state;
	line.sequence[0] = 1001;
	segment(&line, 1, SYN | ACK, 5000, ims_slice("", 0));
	segment(&line, 1, ACK, 5001, message);
	segment(&line, 0, SYN, 1000, ims_slice("", 0));
	segment(&line, 0, ACK, 1001, message);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER,
		      IMS_EVENT_CONNECTION_OPENING, IMS_EVENT_DIAMETER);
	line_fini(&line);

	line = line_new(3868);
	line.sequence[0] = 1001;
	segment(&line, 1, RST | ACK, 0, ims_slice("", 0));
	segment(&line, 0, SYN, 1000, ims_slice("", 0));
	segment(&line, 1, RST | ACK, 0, ims_slice("", 0));
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_REFUSED,
		      IMS_EVENT_CONNECTION_OPENING);
	line_fini(&line);

	/* data before its own SYN */
	line = line_new(3868);
	segment(&line, 0, ACK, 1001, message);
	segment(&line, 0, SYN, 1000, ims_slice("", 0));
	segment(&line, 0, ACK, 1045, message);
	ASSERT_EVENTS(&line, IMS_EVENT_DIAMETER, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_DIAMETER);
	line_fini(&line);
}

static void ports_are_used_again(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	shake_hands(&line);
	part(&line, REGISTER, 0, 100); /* never goes on */
	line.sequence[0] = 900;	       /* a number just before the old one */
	line.sequence[1] = 123;
	shake_hands(&line);
	say_text(&line, REGISTER);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_SIP,
		      IMS_EVENT_CONNECTION_OPENING, IMS_EVENT_CONNECTION_OPENED,
		      IMS_EVENT_SIP);
	assert_true(told(&line.lab, 2)->event.cut);
	assert_int_equal(told(&line.lab, 2)->event.frame.number, 4);
	assert_string_equal(told(&line.lab, 5)->bytes, REGISTER);
	line_fini(&line);
}

/* Each split of two messages into two, and into single bytes. */
static void segments_of_any_size(void **state)
{
	static const char text[] = REGISTER OK_WITH_BODY;
	size_t len = strlen(text);

	(void)state;
	for (size_t at = 1; at < len; at++) {
		struct line line = line_new(6060);

		say(&line, ims_slice(text, at));
		say(&line, ims_slice(text + at, len - at));
		ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP);
		assert_string_equal(told(&line.lab, 0)->bytes, REGISTER);
		assert_string_equal(told(&line.lab, 1)->bytes, OK_WITH_BODY);
		assert_kind(&line.lab, 0, IMS_EVENT_SIP,
			    at < strlen(REGISTER) ? 2 : 1);
		assert_kind(&line.lab, 1, IMS_EVENT_SIP, 2);
		line_fini(&line);
	}
	for (unsigned size = 1; size < 10; size++) {
		struct line line = line_new(6060);

		shake_hands(&line);
		for (size_t at = 0; at < len; at += size)
			say(&line, ims_slice(text + at, MIN(size, len - at)));
		ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
			      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_SIP,
			      IMS_EVENT_SIP);
		assert_string_equal(told(&line.lab, 3)->bytes, OK_WITH_BODY);
		line_fini(&line);
	}
}

static void keep_alives_are_skipped(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	say_text(&line, "\r\n\r\n");
	say_text(&line, REGISTER "\r\n");
	say_text(&line, "\r\n\r");
	say_text(&line, "\n" REGISTER);
	/* TCP's own: the last byte again, or one before the window */
	say_at(&line, (uint32_t)-1, ims_slice("\0", 1));
	say_text(&line, REGISTER);
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP, IMS_EVENT_SIP);
	assert_string_equal(told(&line.lab, 2)->bytes, REGISTER);
	line_fini(&line);
}

/* Orders of pieces of one message, [from, to) each; 240: to its end. */
static void segments_in_any_order(void **state)
{
	static const struct {
		size_t at[6][2];
		unsigned n;
		unsigned frame; /* of the message; the SYN was 1 */
	} cases[] = {
		{{{0, 50}, {50, 120}, {120, 240}}, 3, 4},
		{{{120, 240}, {50, 120}, {0, 50}}, 3, 4},
		{{{50, 120}, {0, 50}, {120, 240}}, 3, 4},
		{{{50, 120}, {120, 240}, {0, 50}}, 3, 4},
		/* retransmitted in other sizes, overlapping */
		{{{0, 50}, {0, 100}, {90, 240}}, 3, 4},
		{{{60, 120}, {50, 130}, {100, 240}, {0, 240}}, 4, 5},
		{{{100, 110}, {120, 130}, {0, 240}}, 3, 4},
		{{{0, 240}, {0, 240}, {50, 120}}, 3, 2},
	};
	const char *text = REGISTER;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		/* around the end of the sequence space too */
		for (unsigned wrapped = 0; wrapped < 2; wrapped++) {
			struct line line = line_new(5060);
			size_t len = strlen(text);

			if (wrapped)
				line.sequence[0] = UINT32_MAX - 70;
			flags(&line, 0, SYN);
			for (unsigned k = 0; k < cases[i].n; k++) {
				size_t from = cases[i].at[k][0];
				size_t to = cases[i].at[k][1];

				part(&line, text, from, to == 240 ? len : to);
			}
			ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
				      IMS_EVENT_SIP);
			assert_string_equal(told(&line.lab, 1)->bytes, text);
			assert_kind(&line.lab, 1, IMS_EVENT_SIP,
				    cases[i].frame);
			line_fini(&line);
		}
	}
}

/* A message behind the hole was there before the hole was filled. */
static void each_message_has_its_own_packet(void **state)
{
	struct line line = line_new(5060);
	uint32_t len = (uint32_t)strlen(REGISTER);

	(void)state;
	flags(&line, 0, SYN);
	say_at(&line, len, ims_slice_of(OK_WITH_BODY));
	part(&line, REGISTER, 0, len);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING, IMS_EVENT_SIP,
		      IMS_EVENT_SIP);
	assert_kind(&line.lab, 1, IMS_EVENT_SIP, 3);
	assert_kind(&line.lab, 2, IMS_EVENT_SIP, 2);
	assert_true(told(&line.lab, 2)->event.time_ns <
		    told(&line.lab, 1)->event.time_ns);
	line_fini(&line);

	/* likewise where the first ends in the packet of the second */
	line = line_new(5060);
	flags(&line, 0, SYN);
	say_at(&line, 50, ims_slice_of(&(REGISTER OK_WITH_BODY)[50]));
	part(&line, REGISTER, 0, 50);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING, IMS_EVENT_SIP,
		      IMS_EVENT_SIP);
	assert_kind(&line.lab, 1, IMS_EVENT_SIP, 3);
	assert_kind(&line.lab, 2, IMS_EVENT_SIP, 2);
	line_fini(&line);
}

static void a_hole_is_waited_for(void **state)
{
	struct line line = line_new(5060);
	size_t len = strlen(REGISTER);

	(void)state;
	say_text(&line, REGISTER);
	part(&line, REGISTER, 0, 100);
	part(&line, REGISTER, 150, len);
	say_at(&line, (uint32_t)len, ims_slice_of(OK_WITH_BODY));
	pass(&line.lab, 800 * MS);
	segment(&line, 1, ACK, 5000, ims_slice("", 0)); /* time goes on */
	ASSERT_EVENTS(&line, IMS_EVENT_SIP);
	part(&line, REGISTER, 100, 150);
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP, IMS_EVENT_SIP);
	line_fini(&line);
}

static void a_hole_that_stays_is_a_gap(void **state)
{
	struct line line = line_new(5060);
	size_t len = strlen(REGISTER);

	(void)state;
	say_text(&line, REGISTER);
	part(&line, REGISTER, 0, 100);
	part(&line, REGISTER, 150, len);
	say_at(&line, (uint32_t)len, ims_slice_of(OK_WITH_BODY));
	pass(&line.lab, 1000 * MS);
	/* another connection's packet is enough for time to go on */
	line.client_port = 40001;
	say_text(&line, "");
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP, IMS_EVENT_GAP,
		      IMS_EVENT_SIP);
	assert_true(told(&line.lab, 1)->event.cut);
	assert_int_equal(told(&line.lab, 1)->event.bytes.len, 100);
	assert_kind(&line.lab, 1, IMS_EVENT_SIP, 2);
	assert_int_equal(told(&line.lab, 2)->event.missing, 50);
	assert_kind(&line.lab, 2, IMS_EVENT_GAP, 3);
	assert_between(told(&line.lab, 2), "10.0.0.1:40000 > 10.0.0.2:5060");
	assert_string_equal(told(&line.lab, 3)->bytes, OK_WITH_BODY);
	assert_false(told(&line.lab, 3)->event.cut);
	line_fini(&line);
}

/* After a hole that nothing but an acknowledgement showed, nobody waits for
   what is missing next: it is missing all the same. */
static void a_hole_behind_a_hole_is_a_gap(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	say_text(&line, REGISTER);
	line.sequence[0] += 50;
	flags(&line, 1, ACK);
	pass(&line.lab, 2 * SEC);
	flags(&line, 1, ACK);
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_GAP);
	assert_int_equal(told(&line.lab, 1)->event.missing, 50);
	say_at(&line, 20, ims_slice_of(OK_WITH_BODY));
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_GAP, IMS_EVENT_GAP,
		      IMS_EVENT_SIP);
	assert_int_equal(told(&line.lab, 2)->event.missing, 20);
	line_fini(&line);
}

static void the_end_makes_gaps(void **state)
{
	struct line line = line_new(3868);
	struct ims_slice message = ims_slice(watchdog, sizeof(watchdog));

	(void)state;
	say(&line, message);
	say_at(&line, 0, ims_slice(watchdog, 30));
	say_at(&line, 88, message);
	ims_network_finish(line.lab.network);
	ASSERT_EVENTS(&line, IMS_EVENT_DIAMETER, IMS_EVENT_DIAMETER,
		      IMS_EVENT_GAP, IMS_EVENT_DIAMETER);
	assert_true(told(&line.lab, 1)->event.cut);
	assert_int_equal(told(&line.lab, 1)->event.bytes.len, 30);
	assert_int_equal(told(&line.lab, 2)->event.missing, 58);
	assert_memory_equal(told(&line.lab, 3)->bytes, watchdog, 44);
	line_fini(&line);
}

/* Captured from the middle on, of the server only acknowledgements: it spoke
   between the first and the last of its numbers. */
static void an_unseen_stream_has_gaps(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	say_text(&line, REGISTER);
	flags(&line, 1, ACK);
	pass(&line.lab, 2 * SEC);
	line.sequence[1] += 300;
	say_text(&line, REGISTER);
	pass(&line.lab, 2 * SEC);
	flags(&line, 1, ACK);
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP, IMS_EVENT_GAP);
	assert_kind(&line.lab, 2, IMS_EVENT_GAP, 3);
	assert_int_equal(told(&line.lab, 2)->event.missing, 300);
	line.sequence[1] += 20;
	segment(&line, 1, ACK, line.sequence[1], ims_slice_of(OK_WITH_BODY));
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP, IMS_EVENT_GAP,
		      IMS_EVENT_GAP, IMS_EVENT_SIP);
	assert_int_equal(told(&line.lab, 3)->event.missing, 20);
	line_fini(&line);

	/* Out of order: what is acknowledged comes behind. */
	line = line_new(5060);
	line.sequence[1] += (uint32_t)strlen(OK_WITH_BODY);
	say_text(&line, REGISTER);
	segment(&line, 1, ACK, 5000, ims_slice_of(OK_WITH_BODY));
	ims_network_finish(line.lab.network);
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP);
	line_fini(&line);
}

/* A hole is a hole where nobody waits for the rest of a message. */
static void one_hole_after_the_other(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	say_text(&line, REGISTER);
	for (unsigned i = 0; i < 2; i++) {
		line.sequence[0] += 50;
		flags(&line, 1, ACK);
		pass(&line.lab, 2 * SEC);
		flags(&line, 1, ACK);
	}
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_GAP, IMS_EVENT_GAP);
	line_fini(&line);
}

/* The capture begins with the end of a connection; the next one has the same
   ports, and an end of its own. */
static void an_end_without_its_beginning(void **state)
{
	struct line line = line_new(3868);

	(void)state;
	flags(&line, 1, FIN | ACK);
	flags(&line, 0, FIN | ACK);
	line.sequence[0] = 77000;
	line.sequence[1] = 99000;
	pass(&line.lab, 10 * SEC);
	shake_hands(&line);
	say(&line, ims_slice(watchdog, sizeof(watchdog)));
	flags(&line, 1, FIN | ACK);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_CLOSED,
		      IMS_EVENT_CONNECTION_CLOSED, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER,
		      IMS_EVENT_CONNECTION_CLOSED);
	line_fini(&line);
}

/* FIN with the end of a message missing: no need to wait for ever. */
static void a_closed_stream_gives_what_it_has(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	shake_hands(&line);
	say(&line, ims_slice_of("REGISTER sip:a SIP/2.0\r\nCall-ID: 1\r\n"));
	flags(&line, 0, FIN | ACK);
	pass(&line.lab, 3 * SEC);
	flags(&line, 1, ACK);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_CONNECTION_CLOSED,
		      IMS_EVENT_SIP);
	assert_true(told(&line.lab, 3)->event.cut);
	line_fini(&line);
}

/* The end of what the client sent is missing, as the acknowledgement shows;
   then its ports are used again, for a stream that has a hole too. */
static void a_hole_at_the_end(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		line.sequence[0] = 1000 + 50000 * i;
		line.sequence[1] = 5000 + 50000 * i;
		shake_hands(&line);
		say_text(&line, REGISTER);
		line.sequence[0] += 33;
		flags(&line, 1, ACK);
	}
	ims_network_finish(line.lab.network);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_SIP, IMS_EVENT_GAP,
		      IMS_EVENT_CONNECTION_OPENING, IMS_EVENT_CONNECTION_OPENED,
		      IMS_EVENT_SIP, IMS_EVENT_GAP);
	assert_int_equal(told(&line.lab, 3)->event.missing, 33);
	assert_int_equal(told(&line.lab, 7)->event.missing, 33);
	line_fini(&line);
}

/* The first bytes after the SYN are missing. */
static void a_hole_at_the_start(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	flags(&line, 0, SYN);
	say_at(&line, 77, ims_slice_of(REGISTER));
	ims_network_finish(line.lab.network);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING, IMS_EVENT_GAP,
		      IMS_EVENT_SIP);
	assert_int_equal(told(&line.lab, 1)->event.missing, 77);
	line_fini(&line);
}

static void a_cut_packet_is_a_hole(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	say_text(&line, REGISTER);
	line.lab.snap = 140;
	say_text(&line, REGISTER);
	line.lab.snap = 0;
	say_text(&line, OK_WITH_BODY);
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP, IMS_EVENT_GAP,
		      IMS_EVENT_SIP);
	assert_true(told(&line.lab, 1)->event.cut);
	assert_int_equal(told(&line.lab, 1)->event.bytes.len, 100);
	assert_int_equal(told(&line.lab, 2)->event.missing,
			 strlen(REGISTER) - 100);
	assert_string_equal(told(&line.lab, 3)->bytes, OK_WITH_BODY);
	line_fini(&line);
}

/* Captured from the middle on: the next segment with a start counts. */
static void a_start_in_the_middle(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	say_text(&line, "ontent-Length: 0\r\n\r\n");
	say_text(&line, "and more of another");
	say_text(&line, REGISTER);
	segment(&line, 1, ACK, 5000, ims_slice(watchdog, sizeof(watchdog)));
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_DIAMETER);
	assert_kind(&line.lab, 0, IMS_EVENT_SIP, 3);
	line_fini(&line);
}

/* Broken bytes in a stream: it finds the next segment that begins one. */
static void reading_goes_on_behind_nonsense(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	shake_hands(&line);
	say_text(&line, REGISTER "nonsense");
	say_text(&line, "more of it");
	say_text(&line, REGISTER);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_SIP,
		      IMS_EVENT_SIP);
	assert_kind(&line.lab, 3, IMS_EVENT_SIP, 6);
	line_fini(&line);
}

/* A wild sequence number moves nothing; a message far off is another's. */
static void far_segments(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	say_text(&line, REGISTER);
	part(&line, REGISTER, 0, 100);
	say_at(&line, 0x40000000, ims_slice_of("nonsense"));
	say_at(&line, (uint32_t)-0x40000000, ims_slice_of("nonsense"));
	part(&line, REGISTER, 100, strlen(REGISTER));
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP);
	line.sequence[0] += 0x40000000;
	say_text(&line, OK_WITH_BODY);
	say_text(&line, REGISTER);
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP, IMS_EVENT_SIP,
		      IMS_EVENT_SIP);
	line_fini(&line);
}

static void foreign_streams_cost_nothing(void **state)
{
	struct line line = line_new(80);

	(void)state;
	shake_hands(&line);
	for (unsigned i = 0; i < IMS_STREAM_TRIES; i++)
		say_text(&line, "GET / HTTP/1.1\r\n\r\n");
	/* a hole, bytes behind it, and its end are of no interest now */
	say_at(&line, 1000, ims_slice_of(REGISTER));
	flags(&line, 0, FIN | ACK);
	flags(&line, 1, RST | ACK);
	ims_network_finish(line.lab.network);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED);
	assert_int_equal(lab_count(&line.lab).let_go, 0);
	line_fini(&line);
}

static void signalling_ports_are_looked_at_longer(void **state)
{
	struct line line = line_new(3868);

	(void)state;
	for (unsigned i = 0; i < 2 * IMS_STREAM_TRIES; i++)
		say_text(&line, "the middle of a long message");
	say(&line, ims_slice(watchdog, sizeof(watchdog)));
	ASSERT_EVENTS(&line, IMS_EVENT_DIAMETER);
	line_fini(&line);
}

static void tls_is_told_on_signalling_ports(void **state)
{
	static const uint8_t hello[] = {22, 3, 1, 0, 5, 1, 0, 0, 1, 0};
	struct line line = line_new(5061);

	(void)state;
	shake_hands(&line);
	for (unsigned i = 0; i < 5; i++)
		say(&line, ims_slice(hello, sizeof(hello)));
	say_text(&line, REGISTER); /* only looks like it */
	pass(&line.lab, SEC);
	say_text(&line, "bytes");
	flags(&line, 0, FIN | ACK);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_TLS, IMS_EVENT_TLS,
		      IMS_EVENT_CONNECTION_CLOSED);
	assert_int_equal(lab_count(&line.lab).tls_packets, 7);
	line_fini(&line);

	line = line_new(443);
	shake_hands(&line);
	say(&line, ims_slice(hello, sizeof(hello)));
	flags(&line, 0, FIN | ACK);
	ASSERT_EVENTS(&line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED);
	assert_int_equal(lab_count(&line.lab).tls_packets, 0);
	line_fini(&line);
}

static void what_waits_behind_a_hole_is_bounded(void **state)
{
	static char block[10000];
	struct line line = line_new(5060);
	unsigned n = IMS_STREAM_MAX_BEHIND / sizeof(block) + 1;

	(void)state;
	memset(block, 'x', sizeof(block));
	say_text(&line, REGISTER);
	for (unsigned i = 0; i < n; i++)
		say_at(&line, 1000 + i * (uint32_t)sizeof(block),
		       ims_slice(block, sizeof(block)));
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_GAP);
	assert_int_equal(told(&line.lab, 1)->event.missing, 1000);
	assert_int_equal(lab_count(&line.lab).let_go, 1);
	assert_int_equal(
		lab_count(&line.lab).let_go_at[IMS_NETWORK_BOUND_BEHIND_HOLE],
		1);
	line_fini(&line);

	/* likewise of very many small ones, each behind a hole of its own */
	line = line_new(5060);
	say_text(&line, REGISTER);
	for (unsigned i = 0; i <= IMS_STREAM_MAX_SEGMENTS; i++)
		say_at(&line, 10 + i * 10, ims_slice("x", 1));
	assert_int_equal(n_told(&line.lab, IMS_EVENT_GAP), 1);
	assert_int_equal(lab_count(&line.lab).let_go, 1);
	assert_int_equal(
		lab_count(&line.lab).let_go_at[IMS_NETWORK_BOUND_BEHIND_HOLE],
		1);
	line_fini(&line);
}

/* A header that never ends, and one that claims too much. */
static void endless_messages_are_given_up(void **state)
{
	static char block[4096];
	struct line line = line_new(5060);

	(void)state;
	memset(block, 'x', sizeof(block));
	say_text(&line, "REGISTER sip:a SIP/2.0\r\nX: ");
	for (unsigned i = 0; i < 2 * IMS_SIP_MESSAGE_MAX / sizeof(block); i++)
		say(&line, ims_slice(block, sizeof(block)));
	say_text(&line, REGISTER);
	assert_kind(&line.lab, 0, IMS_EVENT_SIP, line.lab.number);
	assert_string_equal(told(&line.lab, 0)->bytes, REGISTER);
	say_text(&line, "REGISTER sip:a SIP/2.0\r\n"
			"Content-Length: 4000000000\r\n\r\n");
	say_text(&line, OK_WITH_BODY);
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP);
	assert_int_equal(
		lab_count(&line.lab).let_go_at[IMS_NETWORK_BOUND_SIP_MESSAGE],
		2);
	say(&line, ims_slice("\x01\x7f\xff\xfc\x80\0\1\x18\0\0\0\0"
			     "\0\0\0\1\0\0\0\1",
			     20));
	assert_int_equal(lab_count(&line.lab)
				 .let_go_at[IMS_NETWORK_BOUND_DIAMETER_MESSAGE],
			 1);
	assert_int_equal(lab_count(&line.lab).let_go, 3);
	line_fini(&line);
}

/* More connections than are followed, each with half a message. */
static void connections_are_bounded(void **state)
{
	const unsigned bound = IMS_NETWORK_MAX_STREAMS / 2;
	const unsigned more = 10;
	struct line line = line_new(5060);

	(void)state;
	for (unsigned i = 0; i < bound + more; i++) {
		line.client_port = (uint16_t)(1024 + i);
		say_at(&line, 0, ims_slice_of("RE"));
	}
	/* bytes are the nearer bound: 2 KiB each */
	assert_true(lab_count(&line.lab).let_go >=
		    bound - IMS_STREAM_MAX_BYTES / 2048);
	assert_int_equal(line.lab.told->len, 0);
	line_fini(&line);

	line = line_new(5060);
	for (unsigned i = 0; i < bound + more; i++) {
		line.client_port = (uint16_t)(1024 + i);
		flags(&line, 0, SYN);
	}
	assert_int_equal(lab_count(&line.lab).let_go, more);
	assert_int_equal(
		lab_count(&line.lab).let_go_at[IMS_NETWORK_BOUND_CONNECTIONS],
		more);
	assert_int_equal(line.lab.told->len, bound + more);
	line_fini(&line);
}

/* Of those that ended nothing is lost when they are forgotten. */
static void ended_connections_make_room(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	for (unsigned i = 0; i < IMS_NETWORK_MAX_STREAMS / 2 + 10; i++) {
		line.client_port = (uint16_t)(1024 + i);
		flags(&line, 0, SYN);
		segment(&line, 1, RST | ACK, 0, ims_slice("", 0));
	}
	assert_int_equal(lab_count(&line.lab).let_go, 0);
	line_fini(&line);
}

/* One packet from the far future does not stop the clock. */
static void a_wrong_clock_is_survived(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	say_text(&line, REGISTER);
	pass(&line.lab, 400 * 24 * 3600 * SEC);
	flags(&line, 1, ACK);
	pass(&line.lab, -400 * 24 * 3600 * SEC);
	say_text(&line, REGISTER);
	say_at(&line, 100, ims_slice_of(REGISTER));
	pass(&line.lab, 3 * SEC);
	flags(&line, 1, ACK);
	assert_int_equal(n_told(&line.lab, IMS_EVENT_GAP), 1);
	line_fini(&line);
}

static void idle_connections_are_forgotten(void **state)
{
	struct line line = line_new(5060);

	(void)state;
	part(&line, REGISTER, 0, 100);
	pass(&line.lab, 601 * SEC);
	line.client_port = 40001;
	say_text(&line, REGISTER);
	ASSERT_EVENTS(&line, IMS_EVENT_SIP, IMS_EVENT_SIP);
	assert_true(told(&line.lab, 0)->event.cut);
	assert_int_equal(lab_count(&line.lab).let_go, 0);
	line_fini(&line);
}

/* Every cut of a packet with a header of options, at the wall. */
static void every_prefix_is_safe(void **state)
{
	static struct made m;
	uint8_t h[40] = {[12] = 0xa0, [13] = ACK};
	struct lab lab = lab_new(LINK_RAW);

	(void)state;
	put16(h, 40000);
	put16(h + 2, 5060);
	make_text(&m, REGISTER);
	wrap(&m, h, sizeof(h));
	wrap_ipv4(&m, (struct ipv4){.from = 1, .to = 2, .protocol = 6});
	lab.wall = true;
	for (size_t len = 1; len < m.len; len++) {
		lab.snap = len;
		put16(m.at + 20, 10000 + len);
		feed(&lab, &m);
		assert_int_equal(lab_count(&lab).undecoded_packets,
				 MIN(len, 59));
	}
	for (guint i = 0; i < lab.told->len; i++)
		assert_true(told(&lab, i)->event.kind == IMS_EVENT_GAP ||
			    told(&lab, i)->event.cut);
	assert_true(n_told(&lab, IMS_EVENT_SIP) > 0);
	lab_fini(&lab);
}

/* Times at both ends of what a number holds, and back. */
static void hostile_times_do_no_harm(void **state)
{
	static const int64_t times[] = {
		INT64_MAX - 10 * MS, INT64_MIN, 0,
		INT64_MAX - 20 * MS, -1,	INT64_MIN};
	struct line line = line_new(5060);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
		line.lab.time_ns = times[i];
		part(&line, REGISTER, 0, 100);
		part(&line, REGISTER, 150, 200);
		line.client_port++;
	}
	ims_network_finish(line.lab.network);
	assert_int_equal(n_told(&line.lab, IMS_EVENT_GAP), G_N_ELEMENTS(times));
	line_fini(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_from_end_to_end),
		cmocka_unit_test(copies_change_nothing),
		cmocka_unit_test(a_refused_connection),
		cmocka_unit_test(unanswered_syns_are_told),
		cmocka_unit_test(answers_may_come_first),
		cmocka_unit_test(ports_are_used_again),
		cmocka_unit_test(segments_of_any_size),
		cmocka_unit_test(keep_alives_are_skipped),
		cmocka_unit_test(segments_in_any_order),
		cmocka_unit_test(each_message_has_its_own_packet),
		cmocka_unit_test(a_hole_is_waited_for),
		cmocka_unit_test(a_hole_that_stays_is_a_gap),
		cmocka_unit_test(a_hole_behind_a_hole_is_a_gap),
		cmocka_unit_test(an_unseen_stream_has_gaps),
		cmocka_unit_test(one_hole_after_the_other),
		cmocka_unit_test(an_end_without_its_beginning),
		cmocka_unit_test(the_end_makes_gaps),
		cmocka_unit_test(a_closed_stream_gives_what_it_has),
		cmocka_unit_test(a_hole_at_the_end),
		cmocka_unit_test(a_hole_at_the_start),
		cmocka_unit_test(a_cut_packet_is_a_hole),
		cmocka_unit_test(a_start_in_the_middle),
		cmocka_unit_test(reading_goes_on_behind_nonsense),
		cmocka_unit_test(far_segments),
		cmocka_unit_test(foreign_streams_cost_nothing),
		cmocka_unit_test(signalling_ports_are_looked_at_longer),
		cmocka_unit_test(tls_is_told_on_signalling_ports),
		cmocka_unit_test(what_waits_behind_a_hole_is_bounded),
		cmocka_unit_test(endless_messages_are_given_up),
		cmocka_unit_test(connections_are_bounded),
		cmocka_unit_test(ended_connections_make_room),
		cmocka_unit_test(a_wrong_clock_is_survived),
		cmocka_unit_test(idle_connections_are_forgotten),
		cmocka_unit_test(every_prefix_is_safe),
		cmocka_unit_test(hostile_times_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
