// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <stdio.h>

#include <ims/message.h>

#define REQUEST_LINE "REGISTER sip:ims.example SIP/2.0\r\n"

static enum ims_extent extent(struct ims_slice bytes, size_t *length)
{
	struct wall wall = wall_new(bytes);
	enum ims_extent e = ims_sip_extent(wall.bytes, length);

	wall_free(&wall);
	return e;
}

static void whole_messages(void **state)
{
	static const struct {
		const char *bytes;
		size_t behind; /* bytes that belong to the next message */
	} cases[] = {
		{REQUEST_LINE "\r\n", 0},
		{REQUEST_LINE "Via: x\r\nl: 0\r\n\r\n", 0},
		{REQUEST_LINE "Content-Length: 3\r\n\r\nabcREG", 3},
		{REQUEST_LINE "CONTENT-LENGTH  : 3\r\n\r\nabc", 0},
		{REQUEST_LINE "l:\r\n 3 \r\n\r\nabc", 0},
		/* The first one that is a number counts. */
		{REQUEST_LINE "l: x\r\nl: 2\r\nl: 9\r\n\r\nabc", 1},
		/* Without Content-Length the header is all. */
		{REQUEST_LINE "To: a\r\n\r\nabc", 3},
		{REQUEST_LINE "X-Content-Length: 3\r\n\r\nabc", 3},
		{REQUEST_LINE "l: -3\r\n\r\nabc", 3},
		/* Bare LF ends lines too. */
		{"REGISTER sip:a SIP/2.0\nl: 1\n\nx", 0},
		{"REGISTER sip:a SIP/2.0\r\nl: 1\n\r\nx", 0},
		{"SIP/2.0 200 OK\r\n\r\n", 0},
		{"SIP/2.0 401 \r\n\r\n", 0},
		{"SIP/2.0 100\r\n\r\n", 0},
		{"SIP/2.0 699 x\r\nl: 1\r\n\r\nxy", 1},
		{"SUBSCRIBE tel:+1 SIP/2.0\r\n\r\n", 0},
		{"ACK urn:service:sos SIP/2.0\r\n\r\n", 0},
		/* A method that nobody knows, on a line that is whole. */
		{"FROBNICATE sip:a SIP/2.0\r\n\r\n", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ims_slice bytes = ims_slice_of(cases[i].bytes);
		size_t length = 0;

		assert_int_equal(extent(bytes, &length), IMS_EXTENT_WHOLE);
		assert_int_equal(length, bytes.len - cases[i].behind);
	}
}

static void foreign_bytes(void **state)
{
	static const struct ims_slice cases[] = {
#define BYTES(text) {text, sizeof(text) - 1}
		BYTES("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
		BYTES("HTTP/1.1 200 OK\r\n\r\n"),
		BYTES("OPTIONS * HTTP/1.1\r\n\r\n"),
		BYTES("OPTIONS rtsp://a/b RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
		BYTES("RTSP/1.0 200 OK\r\n\r\n"),
		BYTES("DESCRIBE rtsp://a RTSP/1.0\r\n\r\n"),
		BYTES("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250\r\n\r\n"),
		BYTES("M-SEARCH * HTTP/1.1\r\n\r\n"),
		BYTES("\x80\x60\x00\x01\x00\x00\x00\xa0\xde\xad\xbe\xef"),
		BYTES("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"),
		BYTES("\x00\x01\x00\x00\x21\x12\xa4\x42 REGISTER "),
		BYTES("\x01\x00\x00\xa8\x80\x00\x01\x01"),
		BYTES("SIPREX\r\n"),
		BYTES("SIP/1.0 200 OK\r\n\r\n"),
		BYTES("SIP/2.0 OK\r\n\r\n"),
		BYTES("SIP/2.0 2000 OK\r\n\r\n"),
		BYTES("SIP/2.0 099 OK\r\n\r\n"),
		BYTES("SIP/2.0 700 OK\r\n\r\n"),
		BYTES("register sip:a SIP/2.0\r\n\r\n"),
		BYTES("REGISTER  SIP/2.0\r\n\r\n"),
		BYTES("REGISTER sip:a SIP/2.0 \x01\r\n\r\n"),
		BYTES("REGISTER sip:a SIP/3.0\r\n\r\n"),
		BYTES("REGISTER sip:aSIP/2.0\r\n\r\n"),
		BYTES("REGISTERED sip:a"),
		BYTES("INFO \x01\x02\x03"),
		BYTES("INFO some line of a log\n"),
		BYTES("BYE\r\n"),
		BYTES("Call me\r\n"),
		BYTES(" REGISTER sip:a SIP/2.0\r\n\r\n"),
		BYTES("\r\n" REQUEST_LINE "\r\n"),
		/* Unknown methods must show the whole line. */
		BYTES("F"),
		BYTES("FROBNICATE sip:a SIP/2.0"),
		BYTES("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG sip:a SIP/2.0\r\n"
		      "\r\n"),
		/* More than is waited for. */
		BYTES(REQUEST_LINE "l: 262144\r\n\r\n"),
		BYTES(REQUEST_LINE "l: 99999999999999999999999\r\n\r\n"),
		BYTES(REQUEST_LINE "l: 18446744073709551615\r\n\r\n"),
#undef BYTES
	};
	size_t length = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(extent(cases[i], &length), IMS_EXTENT_FOREIGN);
		assert_int_equal(length, 0);
	}
}

/* A message fed byte by byte is never foreign, nor whole before its end. */
static void grows(const char *text, size_t header)
{
	struct ims_slice all = ims_slice_of(text);
	size_t length = 0;

	for (size_t i = 0; i < all.len; i++) {
		assert_int_equal(extent(ims_slice(all.at, i), &length),
				 IMS_EXTENT_PARTIAL);
		assert_int_equal(length, i < header ? 0 : all.len);
	}
	assert_int_equal(extent(all, &length), IMS_EXTENT_WHOLE);
	assert_int_equal(length, all.len);
}

static void every_prefix_is_partial(void **state)
{
	static const char header[] = "REGISTER sip:ims.example SIP/2.0\r\n"
				     "Via: SIP/2.0/UDP [2001:db8::1]\r\n"
				     "f: <sip:a@b>;\r\n tag=1\r\n"
				     "l: 5\r\n\r\n";
	static const char answer[] = "SIP/2.0 401 Unauthorized\r\n"
				     "Content-Length: 0002\r\n\r\n";
	char text[256];

	(void)state;
	snprintf(text, sizeof(text), "%shello", header);
	grows(text, sizeof(header) - 1);
	snprintf(text, sizeof(text), "%s\r\n", answer);
	grows(text, sizeof(answer) - 1);
}

static void size_is_bounded(void **state)
{
	static const char last[] = REQUEST_LINE "l: 262000\r\n\r\n";
	static char endless[IMS_SIP_MESSAGE_MAX];
	size_t length = 0;

	(void)state;
	assert_int_equal(extent(ims_slice_of(last), &length),
			 IMS_EXTENT_PARTIAL);
	assert_int_equal(length, 262000 + sizeof(last) - 1);

	/* What is foreign for its size alone is known as such. */
	static const char giant[] = REQUEST_LINE "l: 4294967295\r\n\r\n";
	assert_int_equal(extent(ims_slice_of(giant), &length),
			 IMS_EXTENT_FOREIGN);
	assert_true(ims_sip_is_too_large(ims_slice_of(giant)));
	assert_false(ims_sip_is_too_large(ims_slice_of(last)));
	assert_false(ims_sip_is_too_large(ims_slice_of("GET / HTTP/1.1\r\n"
						       "l: 4294967295\r\n"
						       "\r\n")));

	/* A request line, then header fields, that never end. */
	memset(endless, 'a', sizeof(endless));
	memcpy(endless, "INVITE ", 7);
	assert_int_equal(ims_sip_extent(ims_slice(endless, 1000), &length),
			 IMS_EXTENT_PARTIAL);
	assert_int_equal(ims_sip_extent(ims_slice(endless, 5000), &length),
			 IMS_EXTENT_FOREIGN);
	memcpy(endless, REQUEST_LINE, sizeof(REQUEST_LINE) - 1);
	assert_int_equal(ims_sip_extent(ims_slice(endless, 60000), &length),
			 IMS_EXTENT_PARTIAL);
	assert_false(ims_sip_is_too_large(ims_slice(endless, 60000)));
	assert_true(ims_sip_is_too_large(ims_slice(endless, 65536)));
	assert_int_equal(
		ims_sip_extent(ims_slice(endless, sizeof(endless)), &length),
		IMS_EXTENT_FOREIGN);
}

/* The first look: what stands behind the start line does not matter. */
static void a_start_line_begins_it(void **state)
{
	static const struct {
		const char *text;
		enum ims_extent extent;
	} cases[] = {
		{"REGISTER sip:x SIP/2.0\r\n", IMS_EXTENT_WHOLE},
		{"REGISTER sip:x SIP/2.0\r\nContent-Length: 999999999\r\n\r\n",
		 IMS_EXTENT_WHOLE},
		{"SIP/2.0 200 OK\r\n", IMS_EXTENT_WHOLE},
		{"REGISTER sip:x SIP", IMS_EXTENT_PARTIAL},
		{"SIP/2.0 20", IMS_EXTENT_PARTIAL},
		{"", IMS_EXTENT_PARTIAL},
		{"GET / HTTP/1.1\r\n", IMS_EXTENT_FOREIGN},
		{"SIP/2.0/UDP x\r\n", IMS_EXTENT_FOREIGN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(ims_sip_begins(ims_slice_of(cases[i].text)),
				 cases[i].extent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_messages),
		cmocka_unit_test(foreign_bytes),
		cmocka_unit_test(every_prefix_is_partial),
		cmocka_unit_test(size_is_bounded),
		cmocka_unit_test(a_start_line_begins_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
