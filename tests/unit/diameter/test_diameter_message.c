// SPDX-License-Identifier: GPL-2.0-or-later
#include "diameter_message.h"

#include "diameter/maker.h"

static struct maker maker;

static struct ims_diameter_walk walk_of(struct ims_slice bytes)
{
	struct ims_diameter_header header;

	assert_true(ims_diameter_header_parse(&header, bytes));
	return ims_diameter_walk_message(&header, bytes);
}

static void the_header_is_read_as_it_stands(void **state)
{
	struct ims_diameter_header header;
	struct ims_slice bytes;

	(void)state;
	maker_begin(&maker, 0xf5, 0xabcdef, 0xfedcba98);
	bytes = maker_end(&maker);
	for (size_t i = 0; i < 20; i++) {
		struct wall wall = wall_new(ims_slice(bytes.at, i));
		assert_false(ims_diameter_header_parse(&header, wall.bytes));
		wall_free(&wall);
	}
	assert_true(ims_diameter_header_parse(&header, bytes));
	assert_int_equal(header.version, 1);
	assert_int_equal(header.flags, 0xf5);
	assert_int_equal(header.length, 20);
	assert_int_equal(header.command_code, 0xabcdef);
	assert_int_equal(header.application_id, 0xfedcba98);
	assert_int_equal(header.hop_by_hop, 0x11111111);
	assert_int_equal(header.end_to_end, 0x22222222);
}

static void avps_come_in_order(void **state)
{
	struct ims_diameter_walk walk, inside;
	struct ims_diameter_avp avp;

	(void)state;
	maker_begin(&maker, 0, 303, 16777216);
	maker_text(&maker, 0, 263, "abcde");
	maker_open(&maker, 10415, 612);
	maker_u32(&maker, 10415, 613, 7);
	maker_text(&maker, 10415, 609, "");
	maker_close(&maker);
	maker_text(&maker, 0, 1, "u");
	walk = walk_of(maker_end(&maker));

	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_AVP);
	assert_int_equal(avp.code, 263);
	assert_int_equal(avp.vendor, 0);
	assert_int_equal(avp.flags, 0x40);
	assert_int_equal(avp.offset, 20);
	assert_true(ims_slice_is(avp.value, "abcde"));

	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_AVP);
	assert_int_equal(avp.code, 612);
	assert_int_equal(avp.vendor, 10415);
	assert_int_equal(avp.offset, 36);
	inside = ims_diameter_walk_group(&avp);

	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_AVP);
	assert_int_equal(avp.code, 1);
	assert_true(ims_slice_is(avp.value, "u"));
	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_END);
	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_END);

	assert_int_equal(ims_diameter_next(&inside, &avp),
			 IMS_DIAMETER_STEP_AVP);
	assert_int_equal(avp.code, 613);
	assert_int_equal(avp.offset, 48);
	assert_int_equal(avp.value.len, 4);
	assert_int_equal(ims_diameter_u32(avp.value.at), 7);
	assert_int_equal(ims_diameter_next(&inside, &avp),
			 IMS_DIAMETER_STEP_AVP);
	assert_int_equal(avp.code, 609);
	assert_true(ims_slice_is(avp.value, ""));
	assert_int_equal(ims_diameter_next(&inside, &avp),
			 IMS_DIAMETER_STEP_END);
}

/* An AVP of 9 bytes (User-Name "x") in a message of `room` for AVPs. */
static enum ims_diameter_step step_over(const char *avp_bytes, size_t there,
					size_t room,
					struct ims_diameter_avp *avp)
{
	struct ims_diameter_walk walk;
	struct wall wall;
	enum ims_diameter_step step;

	maker_begin(&maker, 0x80, 300, 16777216);
	maker_put(&maker, avp_bytes, there);
	maker_set24(&maker, 1, 20 + room);
	wall = wall_new(ims_slice(maker.bytes, maker.len));
	walk = walk_of(wall.bytes);
	step = ims_diameter_next(&walk, avp);
	avp->value.at = NULL; /* it goes with the wall */
	wall_free(&wall);
	return step;
}

static void lengths_that_do_not_add_up(void **state)
{
	static const char name[] = "\0\0\0\1\x40\0\0\x09x\0\0\0";
	static const char vendor[] =
		"\0\0\x02\x59\xc0\0\0\x0b\0\0\x28\xaf"; /* 11: too short */
	struct ims_diameter_avp avp;

	(void)state;
	assert_int_equal(step_over(name, 12, 12, &avp), IMS_DIAMETER_STEP_AVP);
	/* A last AVP may lack its padding. */
	assert_int_equal(step_over(name, 9, 9, &avp), IMS_DIAMETER_STEP_AVP);
	/* Not all bytes are there, but they would fit. */
	assert_int_equal(step_over(name, 8, 12, &avp), IMS_DIAMETER_STEP_CUT);
	assert_int_equal(avp.code, 1);
	assert_int_equal(avp.length, 1);
	assert_int_equal(step_over(name, 7, 12, &avp), IMS_DIAMETER_STEP_CUT);
	assert_int_equal(avp.code, 0);
	/* It goes beyond the message. */
	assert_int_equal(step_over(name, 12, 8, &avp),
			 IMS_DIAMETER_STEP_MALFORMED);
	assert_int_equal(avp.code, 1);
	/* What is left is no AVP. */
	assert_int_equal(step_over(name, 4, 4, &avp),
			 IMS_DIAMETER_STEP_MALFORMED);
	assert_int_equal(avp.offset, 20);
	/* It is shorter than its own header. */
	assert_int_equal(step_over(vendor, 12, 12, &avp),
			 IMS_DIAMETER_STEP_MALFORMED);
	assert_int_equal(avp.code, 601);
	assert_int_equal(avp.vendor, 10415);
}

static void a_message_ends_where_its_length_says(void **state)
{
	struct ims_diameter_walk walk;
	struct ims_diameter_avp avp;

	(void)state;
	maker_begin(&maker, 0x80, 280, 0);
	maker_text(&maker, 0, 264, "a");
	maker_end(&maker);
	maker_text(&maker, 0, 296, "b");
	walk = walk_of(ims_slice(maker.bytes, maker.len));
	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_AVP);
	assert_int_equal(avp.code, 264);
	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_END);
	maker_set24(&maker, 1, 4); /* less than a header */
	walk = walk_of(ims_slice(maker.bytes, maker.len));
	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_END);
}

static void a_cut_group_gives_what_is_there(void **state)
{
	struct ims_diameter_walk walk;
	struct ims_diameter_avp avp;
	struct wall wall;

	(void)state;
	maker_begin(&maker, 0, 303, 16777216);
	maker_open(&maker, 10415, 612);
	maker_u32(&maker, 10415, 613, 7);
	maker_text(&maker, 10415, 609, "0123456789abcdef");
	maker_close(&maker);
	maker_end(&maker);
	wall = wall_new(ims_slice(maker.bytes, maker.len - 5));
	walk = walk_of(wall.bytes);
	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_CUT);
	assert_int_equal(avp.code, 612);
	walk = ims_diameter_walk_group(&avp);
	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_AVP);
	assert_int_equal(avp.code, 613);
	assert_int_equal(ims_diameter_next(&walk, &avp), IMS_DIAMETER_STEP_CUT);
	assert_int_equal(avp.code, 609);
	assert_int_equal(avp.length, 16);
	assert_int_equal(avp.value.len, 11);
	wall_free(&wall);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_is_read_as_it_stands),
		cmocka_unit_test(avps_come_in_order),
		cmocka_unit_test(lengths_that_do_not_add_up),
		cmocka_unit_test(a_message_ends_where_its_length_says),
		cmocka_unit_test(a_cut_group_gives_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
