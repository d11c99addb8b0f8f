// SPDX-License-Identifier: GPL-2.0-or-later
#include "diameter/maker.h"

#include <ims/message.h>

static struct maker maker;

static struct ims_slice make_uar(void)
{
	maker_begin(&maker, 0xc0, 300, 16777216);
	maker_text(&maker, 0, 263, "icscf.example;1;1");
	maker_text(&maker, 10415, 601, "sip:alice@ims.example");
	return maker_end(&maker);
}

static enum ims_extent extent_of(struct ims_slice bytes, size_t *length)
{
	struct wall wall = wall_new(bytes);
	enum ims_extent extent = ims_diameter_extent(wall.bytes, length);

	wall_free(&wall);
	return extent;
}

static void a_message_is_whole_and_its_prefixes_partial(void **state)
{
	struct ims_slice uar = make_uar();
	size_t length = 0;

	(void)state;
	assert_int_equal(extent_of(uar, &length), IMS_EXTENT_WHOLE);
	assert_int_equal(length, uar.len);
	for (size_t i = 0; i < uar.len; i++) {
		assert_int_equal(extent_of(ims_slice(uar.at, i), &length),
				 IMS_EXTENT_PARTIAL);
		assert_int_equal(length, i < 4 ? 0 : uar.len);
	}
}

static void what_follows_is_left_alone(void **state)
{
	struct ims_slice uar = make_uar();
	size_t one = uar.len, length = 0;

	(void)state;
	maker_put(&maker, "SIP/2.0 200 OK", 14);
	assert_int_equal(extent_of(ims_slice(uar.at, maker.len), &length),
			 IMS_EXTENT_WHOLE);
	assert_int_equal(length, one);
}

static void a_header_alone_is_a_message(void **state)
{
	size_t length = 0;

	(void)state;
	maker_begin(&maker, 0x80, 280, 0);
	assert_int_equal(extent_of(maker_end(&maker), &length),
			 IMS_EXTENT_WHOLE);
	assert_int_equal(length, 20);
}

/* One byte of the UAR changed makes it something else at that byte. */
static void each_part_of_the_header_counts(void **state)
{
	static const struct {
		size_t offset;
		unsigned char byte;
		size_t told_at; /* bytes that are needed to tell */
	} cases[] = {
		{0, 0x02, 1},	/* version */
		{1, 0x20, 2},	/* 2 MiB */
		{3, 0x51, 4},	/* length not a multiple of 4 */
		{4, 0xc1, 5},	/* reserved flag */
		{4, 0xc8, 5},	/* reserved flag */
		{6, 0x7f, 8},	/* no such command */
		{8, 0x02, 12},	/* no such application */
		{10, 0x07, 12}, /* no such application */
		{24, 0x41, 25}, /* AVP flags reserved */
		{25, 0x01, 28}, /* AVP longer than the message */
		{27, 0x07, 28}, /* AVP shorter than its header */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ims_slice uar = make_uar();
		size_t told_at = cases[i].told_at, length = 99;

		maker.bytes[cases[i].offset] = cases[i].byte;
		assert_int_equal(
			extent_of(ims_slice(uar.at, told_at - 1), &length),
			IMS_EXTENT_PARTIAL);
		assert_int_equal(extent_of(ims_slice(uar.at, told_at), &length),
				 IMS_EXTENT_FOREIGN);
		assert_int_equal(length, 0);
		assert_int_equal(extent_of(uar, &length), IMS_EXTENT_FOREIGN);
	}
}

static void avp_code_zero_is_foreign(void **state)
{
	size_t length = 0;

	(void)state;
	maker_begin(&maker, 0x80, 280, 0);
	maker_text(&maker, 0, 0, "x");
	assert_int_equal(extent_of(maker_end(&maker), &length),
			 IMS_EXTENT_FOREIGN);
}

static void less_than_an_avp_is_foreign(void **state)
{
	size_t length = 0;

	(void)state;
	maker_begin(&maker, 0x80, 280, 0);
	maker_put32(&maker, 264);
	assert_int_equal(extent_of(maker_end(&maker), &length),
			 IMS_EXTENT_FOREIGN);
}

static void the_length_has_bounds(void **state)
{
	unsigned char header[20] = {1, 0, 0, 0, 0x80, 0, 1, 0x18};
	static const struct {
		uint32_t length;
		enum ims_extent extent;
	} cases[] = {
		{16, IMS_EXTENT_FOREIGN},
		{20, IMS_EXTENT_WHOLE},
		{IMS_DIAMETER_MESSAGE_MAX, IMS_EXTENT_PARTIAL},
		{IMS_DIAMETER_MESSAGE_MAX + 4, IMS_EXTENT_FOREIGN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = 0;
		header[1] = (unsigned char)(cases[i].length >> 16);
		header[2] = (unsigned char)(cases[i].length >> 8);
		header[3] = (unsigned char)cases[i].length;
		assert_int_equal(extent_of(ims_slice(header, 20), &length),
				 cases[i].extent);
		assert_int_equal(
			ims_diameter_is_too_large(ims_slice(header, 20)),
			cases[i].length > IMS_DIAMETER_MESSAGE_MAX);
		assert_false(ims_diameter_is_too_large(ims_slice(header, 19)));
		assert_int_equal(length, cases[i].extent == IMS_EXTENT_FOREIGN
						 ? 0
						 : cases[i].length);
	}
}

static void applications_and_commands_are_known(void **state)
{
	static const struct {
		uint32_t application;
		uint32_t code;
		enum ims_extent extent;
	} cases[] = {
		{0, 257, IMS_EXTENT_WHOLE},
		{6, 283, IMS_EXTENT_WHOLE},
		{4, 272, IMS_EXTENT_WHOLE},
		{16777216, 303, IMS_EXTENT_WHOLE},
		{16777217, 306, IMS_EXTENT_WHOLE},
		{16777236, 265, IMS_EXTENT_WHOLE},
		{16777251, 316, IMS_EXTENT_WHOLE},
		{16777346, 8388718, IMS_EXTENT_WHOLE},
		{0, 0, IMS_EXTENT_FOREIGN},
		{0, 256, IMS_EXTENT_FOREIGN},
		{0, 4096, IMS_EXTENT_FOREIGN},
		{14, 300, IMS_EXTENT_FOREIGN},
		{0x31323334, 300, IMS_EXTENT_FOREIGN},
		{16777216, 0xffffff, IMS_EXTENT_FOREIGN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = 0;
		maker_begin(&maker, 0x80, cases[i].code, cases[i].application);
		maker_text(&maker, 0, 264, "a");
		assert_int_equal(extent_of(maker_end(&maker), &length),
				 cases[i].extent);
	}
}

static void other_protocols_are_foreign(void **state)
{
	static const struct {
		const char *at;
		size_t len;
	} others[] = {
		{"REGISTER sip:ims.example SIP/2.0\r\n", 34},
		{"SIP/2.0 200 OK\r\n", 16},
		{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11}, /* TLS */
		{"\x30\xff\x00\x2c\x00\x00\x00\x01", 8},	      /* GTP */
		{"\x00\x01\x00\x00\x21\x12\xa4\x42", 8},	      /* STUN */
		{"\x01\x01\x00\x2c\x01\x02\x03\x04", 8}, /* RADIUS */
		{"\x01\x00\x00\x00\x00\x00\x00\x00", 8},
		{"\0\0\0\0", 4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		size_t length = 0;
		assert_int_equal(
			extent_of(ims_slice(others[i].at, others[i].len),
				  &length),
			IMS_EXTENT_FOREIGN);
	}
}

/* Noise that even begins with version and a small length is not claimed. */
static void noise_is_foreign(void **state)
{
	uint64_t random = 88172645463325252u;

	(void)state;
	for (unsigned n = 0; n < 200000; n++) {
		unsigned char noise[32] = {1, 0, 0};
		size_t length = 0;
		for (size_t i = 3; i < sizeof(noise); i++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			noise[i] = (unsigned char)random;
		}
		assert_int_equal(
			ims_diameter_extent(ims_slice(noise, sizeof(noise)),
					    &length),
			IMS_EXTENT_FOREIGN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_whole_and_its_prefixes_partial),
		cmocka_unit_test(what_follows_is_left_alone),
		cmocka_unit_test(a_header_alone_is_a_message),
		cmocka_unit_test(each_part_of_the_header_counts),
		cmocka_unit_test(avp_code_zero_is_foreign),
		cmocka_unit_test(less_than_an_avp_is_foreign),
		cmocka_unit_test(the_length_has_bounds),
		cmocka_unit_test(applications_and_commands_are_known),
		cmocka_unit_test(other_protocols_are_foreign),
		cmocka_unit_test(noise_is_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
