// SPDX-License-Identifier: GPL-2.0-or-later
/* SCTP: associations over several addresses, user messages out of chunks. */
#include "packets.h"

#include "sctp.h"

enum type {
	DATA = 0,
	INIT = 1,
	INIT_ACK = 2,
	SACK = 3,
	ABORT = 6,
	SHUTDOWN = 7,
	SHUTDOWN_ACK = 8,
	COOKIE_ACK = 11,
	SHUTDOWN_COMPLETE = 14,
	I_DATA = 64,
};

enum flag {
	ENDS = 1,
	BEGINS = 2,
	WHOLE = 3,
	UNORDERED = 4,
	REFLECTED = 1,
};

/* Tags: what the client chose, what the server chose. */
#define CLIENT_TAG 0x11111111u
#define SERVER_TAG 0x22222222u

/* Between 10.0.0.`client`:50000 and 10.0.0.`server`:3868. */
struct line {
	struct lab lab;
	uint8_t client;
	uint8_t server;
	uint32_t tag[2]; /* that packets of the client, the server carry */
	struct made packet;
};

static struct line *line_new(void)
{
	struct line *line = g_new0(struct line, 1);

	line->lab = lab_new(LINK_RAW);
	line->client = 1;
	line->server = 2;
	line->tag[0] = SERVER_TAG;
	line->tag[1] = CLIENT_TAG;
	return line;
}

static void line_free(struct line *line)
{
	lab_fini(&line->lab);
	g_free(line);
}

/* A chunk into the packet in the making; `header` behind its 4 bytes. */
static void chunk(struct line *line, enum type type, unsigned flags,
		  struct ims_slice header, struct ims_slice body)
{
	uint8_t h[4] = {(uint8_t)type, (uint8_t)flags};
	size_t len = 4 + header.len + body.len;

	put16(h + 2, len);
	add(&line->packet, h, sizeof(h));
	add(&line->packet, header.at, header.len);
	add(&line->packet, body.at, body.len);
	add(&line->packet, "\0\0\0", (4 - len % 4) % 4);
}

static void data(struct line *line, unsigned flags, uint32_t tsn,
		 uint16_t stream, struct ims_slice body)
{
	uint8_t h[12] = {[11] = 46};

	put32(h, tsn);
	put16(h + 4, stream);
	chunk(line, DATA, flags, ims_slice(h, sizeof(h)), body);
}

static void init(struct line *line, enum type type, uint32_t tag, uint32_t tsn)
{
	uint8_t h[16] = {[9] = 4, [11] = 4};

	put32(h, tag);
	put32(h + 12, tsn);
	chunk(line, type, 0, ims_slice(h, sizeof(h)), ims_slice("", 0));
}

/* SACK or SHUTDOWN: all up to that TSN arrived. */
static void acknowledge(struct line *line, enum type type, uint32_t tsn)
{
	uint8_t h[12] = {0};

	put32(h, tsn);
	chunk(line, type, 0, ims_slice(h, type == SACK ? 12 : 4),
	      ims_slice("", 0));
}

static void bare(struct line *line, enum type type, unsigned flags)
{
	chunk(line, type, flags, ims_slice("", 0), ims_slice("", 0));
}

/* Sends the packet in the making, from side 0, the client, or 1. */
static void send_with(struct line *line, unsigned side, uint32_t tag)
{
	uint8_t h[12] = {0};
	struct ipv4 ip = {
		.from = line->client, .to = line->server, .protocol = 132};

	put16(h, side ? 3868 : 50000);
	put16(h + 2, side ? 50000 : 3868);
	put32(h + 4, tag);
	if (side) {
		ip.from = line->server;
		ip.to = line->client;
	}
	wrap(&line->packet, h, sizeof(h));
	wrap_ipv4(&line->packet, ip);
	feed(&line->lab, &line->packet);
	line->packet.len = 0;
}

static void send_from(struct line *line, unsigned side)
{
	send_with(line, side, line->tag[side]);
}

static struct ims_slice message(void)
{
	return ims_slice(watchdog, sizeof(watchdog));
}

static struct ims_slice part(size_t from, size_t to)
{
	return ims_slice(watchdog + from, to - from);
}

static void say(struct line *line, unsigned side, uint32_t tsn)
{
	data(line, WHOLE, tsn, 0, message());
	send_from(line, side);
}

static void shake_hands(struct line *line)
{
	init(line, INIT, CLIENT_TAG, 100);
	send_with(line, 0, 0);
	init(line, INIT_ACK, SERVER_TAG, 900);
	send_from(line, 1);
	bare(line, COOKIE_ACK, 0);
	send_from(line, 1);
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

static void an_association_from_end_to_end(void **state)
{
	struct line *line = line_new();

	(void)state;
	for (unsigned copy = 0; copy < 2; copy++) {
		shake_hands(line);
		say(line, 0, 100);
		bare(line, SACK, 0);
		data(line, WHOLE, 900, 0, message());
		data(line, WHOLE | UNORDERED, 901, 3, message());
		send_from(line, 1);
		bare(line, SHUTDOWN, 0);
		send_from(line, 0);
	}
	ASSERT_EVENTS(line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER,
		      IMS_EVENT_DIAMETER, IMS_EVENT_DIAMETER,
		      IMS_EVENT_CONNECTION_CLOSED);
	assert_between(told(&line->lab, 0), "10.0.0.1:50000 > 10.0.0.2:3868");
	assert_between(told(&line->lab, 1), "10.0.0.2:3868 > 10.0.0.1:50000");
	assert_between(told(&line->lab, 2), "10.0.0.1:50000 > 10.0.0.2:3868");
	assert_kind(&line->lab, 4, IMS_EVENT_DIAMETER, 5);
	assert_int_equal(told(&line->lab, 4)->event.transport,
			 IMS_TRANSPORT_SCTP);
	assert_memory_equal(told(&line->lab, 4)->bytes, watchdog, 44);
	line_free(line);
}

static void only_the_cookie_is_seen(void **state)
{
	struct line *line = line_new();

	(void)state;
	bare(line, COOKIE_ACK, 0);
	send_from(line, 1);
	ASSERT_EVENTS(line, IMS_EVENT_CONNECTION_OPENED);
	line_free(line);
}

static void refused_and_reset(void **state)
{
	struct line *line = line_new();

	(void)state;
	init(line, INIT, CLIENT_TAG, 100);
	send_with(line, 0, 0);
	bare(line, ABORT, 0);
	send_from(line, 1);
	ASSERT_EVENTS(line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_REFUSED);
	assert_between(told(&line->lab, 1), "10.0.0.2:3868 > 10.0.0.1:50000");
	line_free(line);

	line = line_new();
	shake_hands(line);
	say(line, 0, 100);
	/* the server forgot it, and answers with the client's own tag */
	bare(line, ABORT, REFLECTED);
	send_with(line, 1, SERVER_TAG);
	ASSERT_EVENTS(line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER,
		      IMS_EVENT_CONNECTION_RESET);
	assert_between(told(&line->lab, 3), "10.0.0.2:3868 > 10.0.0.1:50000");
	line_free(line);

	line = line_new();
	bare(line, ABORT, 0);
	send_from(line, 1);
	assert_int_equal(line->lab.told->len, 0);
	line_free(line);
}

/* Started again: other tags, the same addresses. */
static void an_association_starts_anew(void **state)
{
	struct line *line = line_new();

	(void)state;
	shake_hands(line);
	say(line, 0, 100);
	data(line, BEGINS, 101, 0, part(0, 24));
	send_from(line, 0);
	line->tag[1] = 0x33333333;
	init(line, INIT, 0x33333333, 100);
	send_with(line, 0, 0);
	init(line, INIT_ACK, 0x44444444, 900);
	send_from(line, 1);
	line->tag[0] = 0x44444444;
	say(line, 0, 100);
	ASSERT_EVENTS(line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER,
		      IMS_EVENT_DIAMETER, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER);
	assert_true(told(&line->lab, 3)->event.cut);
	assert_int_equal(told(&line->lab, 3)->event.bytes.len, 24);
	line_free(line);
}

/* The second addresses of both ends: one association all the same. */
static void paths_of_one_association(void **state)
{
	struct line *line = line_new();

	(void)state;
	shake_hands(line);
	data(line, BEGINS, 100, 0, part(0, 24));
	send_from(line, 0);
	line->client = 11;
	line->server = 12;
	data(line, ENDS, 101, 0, part(24, 44));
	send_from(line, 0);
	say(line, 1, 900);
	line->client = 1;
	line->server = 2;
	say(line, 1, 900); /* sent again on the first path */
	ASSERT_EVENTS(line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER,
		      IMS_EVENT_DIAMETER);
	assert_between(told(&line->lab, 2), "10.0.0.1:50000 > 10.0.0.2:3868");
	assert_memory_equal(told(&line->lab, 2)->bytes, watchdog, 44);
	assert_between(told(&line->lab, 3), "10.0.0.2:3868 > 10.0.0.1:50000");
	line_free(line);
}

/* Without its beginning in the capture the tags are learnt. */
static void a_start_in_the_middle(void **state)
{
	struct line *line = line_new();

	(void)state;
	say(line, 0, 7);
	say(line, 1, 8);
	line->client = 11;
	line->server = 12;
	say(line, 0, 8);
	say(line, 0, 8);
	say(line, 1, 9);
	assert_int_equal(n_told(&line->lab, IMS_EVENT_DIAMETER), 4);
	assert_int_equal(line->lab.told->len, 4);
	assert_between(told(&line->lab, 2), "10.0.0.1:50000 > 10.0.0.2:3868");
	assert_between(told(&line->lab, 3), "10.0.0.2:3868 > 10.0.0.1:50000");
	line_free(line);
}

/* A user message in four parts, in whatever order, TSNs around the end. */
static void parts_in_any_order(void **state)
{
	static const uint8_t orders[][6] = {
		{0, 1, 2, 3, 9, 9}, {3, 2, 1, 0, 9, 9}, {1, 3, 0, 2, 9, 9},
		{0, 0, 1, 1, 2, 3}, {2, 0, 3, 2, 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
		struct line *line = line_new();
		unsigned last = 0;

		init(line, INIT, CLIENT_TAG, UINT32_MAX - 1);
		send_with(line, 0, 0);
		line->tag[0] = SERVER_TAG;
		init(line, INIT_ACK, SERVER_TAG, 900);
		send_from(line, 1);
		for (unsigned k = 0; k < 6 && orders[i][k] != 9; k++) {
			uint8_t n = orders[i][k];
			unsigned flags = n == 0 ? BEGINS : n == 3 ? ENDS : 0;

			data(line, flags, UINT32_MAX - 1 + n, 1,
			     part(n * 11u, n * 11u + 11));
			send_from(line, 0);
			last = k;
		}
		ASSERT_EVENTS(line, IMS_EVENT_CONNECTION_OPENING,
			      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER);
		assert_memory_equal(told(&line->lab, 2)->bytes, watchdog, 44);
		assert_kind(&line->lab, 2, IMS_EVENT_DIAMETER, last + 3);
		ims_network_finish(line->lab.network);
		assert_int_equal(line->lab.told->len, 3);
		line_free(line);
	}
}

/* The end of the first is missing: it does not go on in the second. */
static void a_part_is_not_continued_by_another_message(void **state)
{
	struct line *line = line_new();

	(void)state;
	data(line, BEGINS, 1, 0, part(0, 24));
	data(line, BEGINS, 2, 0, part(0, 24));
	data(line, ENDS, 3, 0, part(24, 44));
	send_from(line, 0);
	ims_network_finish(line->lab.network);
	ASSERT_EVENTS(line, IMS_EVENT_DIAMETER, IMS_EVENT_DIAMETER);
	assert_int_equal(told(&line->lab, 0)->event.bytes.len, 44);
	assert_false(told(&line->lab, 0)->event.cut);
	assert_int_equal(told(&line->lab, 1)->event.bytes.len, 24);
	assert_true(told(&line->lab, 1)->event.cut);
	line_free(line);
}

/* One packet with a part, a whole message, SACK, padding between. */
static void chunks_of_one_packet(void **state)
{
	struct line *line = line_new();

	(void)state;
	bare(line, SACK, 0);
	data(line, BEGINS, 1, 0, part(0, 21));
	data(line, ENDS, 2, 0, part(21, 44));
	data(line, WHOLE, 3, 1, ims_slice_of(REGISTER));
	data(line, WHOLE, 4, 1, ims_slice_of("S1AP"));
	send_from(line, 0);
	ASSERT_EVENTS(line, IMS_EVENT_DIAMETER, IMS_EVENT_SIP);
	assert_string_equal(told(&line->lab, 1)->bytes, REGISTER);
	line_free(line);
}

static void messages_of_one_chunk(void **state)
{
	struct line *line = line_new();
	char two[100];

	(void)state;
	memcpy(two, watchdog, 44);
	memcpy(two + 44, watchdog, 44);
	data(line, WHOLE, 1, 0, ims_slice(two, 88));
	data(line, WHOLE, 2, 0, ims_slice(two, 70));
	send_from(line, 0);
	ASSERT_EVENTS(line, IMS_EVENT_DIAMETER, IMS_EVENT_DIAMETER,
		      IMS_EVENT_DIAMETER, IMS_EVENT_DIAMETER);
	assert_false(told(&line->lab, 2)->event.cut);
	assert_true(told(&line->lab, 3)->event.cut);
	assert_int_equal(told(&line->lab, 3)->event.bytes.len, 26);
	line_free(line);
}

static void interleaved_data(void **state)
{
	uint8_t h[16] = {[3] = 1};
	struct line *line = line_new();

	(void)state;
	chunk(line, I_DATA, WHOLE, ims_slice(h, sizeof(h)), message());
	send_from(line, 0);
	ASSERT_EVENTS(line, IMS_EVENT_DIAMETER);
	line_free(line);
}

static void a_missing_chunk_is_a_gap(void **state)
{
	struct line *line = line_new();

	(void)state;
	say(line, 0, 1);
	say(line, 0, 4);
	say(line, 0, 5);
	data(line, BEGINS, 7, 0, part(0, 24));
	send_from(line, 0);
	data(line, ENDS, 9, 0, part(24, 44));
	send_from(line, 0);
	pass(&line->lab, 800 * MS);
	say(line, 1, 1);
	assert_int_equal(n_told(&line->lab, IMS_EVENT_GAP), 0);
	pass(&line->lab, 200 * MS);
	say(line, 1, 2);
	ASSERT_EVENTS(line, IMS_EVENT_DIAMETER, IMS_EVENT_DIAMETER,
		      IMS_EVENT_DIAMETER, IMS_EVENT_DIAMETER, IMS_EVENT_GAP,
		      IMS_EVENT_GAP, IMS_EVENT_DIAMETER, IMS_EVENT_GAP,
		      IMS_EVENT_DIAMETER);
	assert_int_equal(told(&line->lab, 4)->event.missing, 2);
	assert_kind(&line->lab, 4, IMS_EVENT_GAP, 2);
	assert_int_equal(told(&line->lab, 5)->event.missing, 1);
	assert_true(told(&line->lab, 6)->event.cut);
	assert_int_equal(told(&line->lab, 6)->event.bytes.len, 24);
	assert_int_equal(told(&line->lab, 7)->event.missing, 1);
	assert_between(told(&line->lab, 7), "10.0.0.1:50000 > 10.0.0.2:3868");
	say(line, 0, 3); /* too late */
	say(line, 0, 10);
	assert_int_equal(line->lab.told->len, 10);
	line_free(line);
}

/* What was filled in time is none; what is left at the end is. */
static void the_end_makes_gaps(void **state)
{
	struct line *line = line_new();

	(void)state;
	say(line, 0, 1);
	say(line, 0, 3);
	say(line, 0, 2);
	say(line, 0, 6);
	ims_network_finish(line->lab.network);
	assert_int_equal(n_told(&line->lab, IMS_EVENT_DIAMETER), 4);
	assert_int_equal(n_told(&line->lab, IMS_EVENT_GAP), 1);
	assert_int_equal(told(&line->lab, 4)->event.missing, 2);
	line_free(line);
}

/* A chunk that the other end acknowledges was sent. */
static void an_acknowledged_chunk_is_a_gap(void **state)
{
	struct line *line = line_new();

	(void)state;
	shake_hands(line);
	say(line, 0, 100);
	acknowledge(line, SACK, 100);
	send_from(line, 1);
	acknowledge(line, SACK, 901);
	send_from(line, 0);
	pass(&line->lab, 800 * MS);
	acknowledge(line, SACK, 901);
	send_from(line, 0);
	assert_int_equal(n_told(&line->lab, IMS_EVENT_GAP), 0);
	pass(&line->lab, 200 * MS);
	acknowledge(line, SHUTDOWN, 902);
	send_from(line, 0);
	ims_network_finish(line->lab.network);
	ASSERT_EVENTS(line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER,
		      IMS_EVENT_GAP, IMS_EVENT_CONNECTION_CLOSED,
		      IMS_EVENT_GAP);
	assert_between(told(&line->lab, 3), "10.0.0.2:3868 > 10.0.0.1:50000");
	assert_int_equal(told(&line->lab, 3)->event.missing, 2);
	assert_int_equal(told(&line->lab, 5)->event.missing, 1);
	line_free(line);
}

/* In mid-association only what is acknowledged later is missing, and what
   comes behind its acknowledgement is not. */
static void acknowledged_from_the_middle_on(void **state)
{
	struct line *line = line_new();

	(void)state;
	say(line, 0, 100);
	acknowledge(line, SACK, 900);
	send_from(line, 0);
	say(line, 1, 900);
	pass(&line->lab, 2 * SEC);
	acknowledge(line, SACK, 900);
	send_from(line, 0);
	assert_int_equal(n_told(&line->lab, IMS_EVENT_GAP), 0);
	acknowledge(line, SACK, 901);
	send_from(line, 0);
	ims_network_finish(line->lab.network);
	ASSERT_EVENTS(line, IMS_EVENT_DIAMETER, IMS_EVENT_DIAMETER,
		      IMS_EVENT_GAP);
	line_free(line);

	/* With DATA it may be said once more; alone it is said of what came. */
	line = line_new();
	say(line, 0, 99);
	acknowledge(line, SACK, 900);
	data(line, WHOLE, 100, 0, message());
	send_from(line, 0);
	pass(&line->lab, 2 * SEC);
	acknowledge(line, SACK, 903);
	send_from(line, 0);
	ims_network_finish(line->lab.network);
	ASSERT_EVENTS(line, IMS_EVENT_DIAMETER, IMS_EVENT_DIAMETER,
		      IMS_EVENT_GAP);
	assert_int_equal(told(&line->lab, 2)->event.missing, 3);
	line_free(line);

	line = line_new();
	say(line, 0, 100);
	acknowledge(line, SACK, 900);
	send_from(line, 0);
	ims_network_finish(line->lab.network);
	ASSERT_EVENTS(line, IMS_EVENT_DIAMETER, IMS_EVENT_GAP);
	assert_int_equal(told(&line->lab, 1)->event.missing, 1);
	line_free(line);
}

/* SHUTDOWN itself is not in the capture: what follows it names who sent it. */
static void an_unseen_shutdown(void **state)
{
	static const enum type seen[] = {SHUTDOWN_ACK, SHUTDOWN_COMPLETE};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(seen); i++) {
		struct line *line = line_new();

		shake_hands(line);
		say(line, 0, 100);
		bare(line, seen[i], 0);
		send_from(line, seen[i] == SHUTDOWN_COMPLETE);
		ASSERT_EVENTS(line, IMS_EVENT_CONNECTION_OPENING,
			      IMS_EVENT_CONNECTION_OPENED, IMS_EVENT_DIAMETER,
			      IMS_EVENT_CONNECTION_CLOSED);
		assert_between(told(&line->lab, 3),
			       "10.0.0.2:3868 > 10.0.0.1:50000");
		line_free(line);
	}
}

static void cut_packets_give_cut_messages(void **state)
{
	struct line *line = line_new();
	char longer[124] = {0};

	(void)state;
	memcpy(longer, watchdog, sizeof(watchdog));
	longer[3] = sizeof(longer);
	line->lab.snap = 20 + 12 + 16 + 30;
	say(line, 0, 1);
	data(line, BEGINS, 2, 0, ims_slice(longer, 24));
	send_from(line, 0);
	data(line, ENDS, 3, 0, ims_slice(longer + 24, 100));
	send_from(line, 0);
	ASSERT_EVENTS(line, IMS_EVENT_DIAMETER, IMS_EVENT_DIAMETER);
	assert_true(told(&line->lab, 0)->event.cut);
	assert_int_equal(told(&line->lab, 0)->event.bytes.len, 30);
	assert_true(told(&line->lab, 1)->event.cut);
	assert_int_equal(told(&line->lab, 1)->event.bytes.len, 24 + 30);
	line_free(line);
}

static void foreign_associations_cost_nothing(void **state)
{
	struct line *line = line_new();

	(void)state;
	shake_hands(line);
	for (unsigned i = 0; i < IMS_SCTP_TRIES; i++) {
		data(line, WHOLE, 100 + i, 0, ims_slice_of("S1AP"));
		send_from(line, 0);
	}
	data(line, BEGINS, 1000, 0, message());
	send_from(line, 0);
	bare(line, ABORT, 0);
	send_from(line, 0);
	ims_network_finish(line->lab.network);
	ASSERT_EVENTS(line, IMS_EVENT_CONNECTION_OPENING,
		      IMS_EVENT_CONNECTION_OPENED);
	line_free(line);
}

static void dtls_is_told(void **state)
{
	static const uint8_t record[] = {23, 0xfe, 0xfd, 0, 1, 0, 0, 0,
					 0,  0,	   7,	 0, 2, 1, 2};
	struct line *line = line_new();

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		data(line, WHOLE, i, 0, ims_slice(record, sizeof(record)));
		send_from(line, 0);
	}
	ASSERT_EVENTS(line, IMS_EVENT_TLS);
	assert_int_equal(lab_count(&line->lab).tls_packets, 3);
	line_free(line);
}

static void waiting_chunks_are_bounded(void **state)
{
	struct line *line = line_new();

	(void)state;
	say(line, 0, 0);
	for (uint32_t i = 0; i <= IMS_SCTP_MAX_CHUNKS; i++)
		say(line, 0, 10 + 2 * i);
	assert_int_equal(n_told(&line->lab, IMS_EVENT_GAP), 1);
	assert_int_equal(lab_count(&line->lab).let_go, 1);
	assert_int_equal(
		lab_count(&line->lab).let_go_at[IMS_NETWORK_BOUND_CHUNKS], 1);
	assert_int_equal(n_told(&line->lab, IMS_EVENT_DIAMETER),
			 IMS_SCTP_MAX_CHUNKS + 2);
	line_free(line);
}

static void associations_are_bounded(void **state)
{
	const unsigned more = 10;
	struct line *line = line_new();

	(void)state;
	for (uint32_t i = 0; i < IMS_SCTP_MAX + more; i++) {
		line->client = (uint8_t)i;
		line->server = (uint8_t)(i >> 8);
		init(line, INIT, 1 + i, 100);
		send_with(line, 0, 0);
	}
	assert_int_equal(lab_count(&line->lab).let_go, more);
	assert_int_equal(
		lab_count(&line->lab).let_go_at[IMS_NETWORK_BOUND_ASSOCIATIONS],
		more);
	assert_int_equal(line->lab.told->len, IMS_SCTP_MAX + more);
	line_free(line);
}

/* Chunks of any length field, cut anywhere, at the wall. */
static void every_prefix_is_safe(void **state)
{
	struct line *line = line_new();

	(void)state;
	line->lab.wall = true;
	for (size_t len = 1; len < 200; len++) {
		line->lab.snap = len;
		init(line, INIT_ACK, (uint32_t)len, 1);
		data(line, BEGINS, 10 * (uint32_t)len, 0, part(0, 24));
		data(line, ENDS, 10 * (uint32_t)len + 1, 0, part(24, 44));
		bare(line, ABORT, 0);
		put16(line->packet.at + 2, len); /* a length that lies */
		send_from(line, (unsigned)len & 1);
	}
	ims_network_finish(line->lab.network);
	assert_true(lab_count(&line->lab).undecoded_packets >= 31);
	line_free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_association_from_end_to_end),
		cmocka_unit_test(only_the_cookie_is_seen),
		cmocka_unit_test(refused_and_reset),
		cmocka_unit_test(an_association_starts_anew),
		cmocka_unit_test(paths_of_one_association),
		cmocka_unit_test(a_start_in_the_middle),
		cmocka_unit_test(parts_in_any_order),
		cmocka_unit_test(a_part_is_not_continued_by_another_message),
		cmocka_unit_test(chunks_of_one_packet),
		cmocka_unit_test(messages_of_one_chunk),
		cmocka_unit_test(interleaved_data),
		cmocka_unit_test(a_missing_chunk_is_a_gap),
		cmocka_unit_test(the_end_makes_gaps),
		cmocka_unit_test(an_acknowledged_chunk_is_a_gap),
		cmocka_unit_test(acknowledged_from_the_middle_on),
		cmocka_unit_test(an_unseen_shutdown),
		cmocka_unit_test(cut_packets_give_cut_messages),
		cmocka_unit_test(foreign_associations_cost_nothing),
		cmocka_unit_test(dtls_is_told),
		cmocka_unit_test(waiting_chunks_are_bounded),
		cmocka_unit_test(associations_are_bounded),
		cmocka_unit_test(every_prefix_is_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
