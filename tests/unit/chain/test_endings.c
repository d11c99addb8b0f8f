// SPDX-License-Identifier: GPL-2.0-or-later
#include "index.h"
#include "unit.h"

#include "endings.h"

#define S ((int64_t)1000000000)

static const struct ims_slice nobody = {NULL, 0};

static void a_sign_casts_doubt(void **state)
{
	struct ims_endings *e = ims_endings_new();
	struct ims_slice impu = ims_slice_of("sip:a@H");

	(void)state;
	assert_false(ims_endings_doubt(e, impu, 0));
	ims_endings_sign(e, ims_slice_of("a@h"), 5 * S);
	assert_true(ims_endings_doubt(e, impu, 4 * S));
	assert_false(ims_endings_doubt(e, impu, 5 * S));
	ims_endings_sign(e, impu, 3 * S);
	assert_true(ims_endings_doubt(e, impu, 4 * S));
	assert_false(ims_endings_doubt(e, ims_slice_of("sip:b@h"), 4 * S));
	ims_endings_sign(e, nobody, 9 * S);
	assert_false(ims_endings_doubt(e, ims_slice_of("sip:b@h"), 4 * S));
	ims_endings_sign_all(e, 7 * S);
	assert_true(ims_endings_doubt(e, ims_slice_of("sip:b@h"), 4 * S));
	assert_false(ims_endings_doubt(e, ims_slice_of("sip:b@h"), 7 * S));
	ims_endings_free(e);
	ims_endings_free(NULL);
}

static void an_end_is_the_last_that_is_known(void **state)
{
	struct ims_endings *e = ims_endings_new();
	struct ims_slice impu = ims_slice_of("sip:a@h");
	struct ims_identity read = ims_identity_of_key("a@h");
	struct ims_ending how = {
		.ended_ns = 5 * S, .frame = {0, 12}, .terminated = true};
	const struct ims_ending *last;

	(void)state;
	ims_endings_sign(e, impu, 4 * S);
	assert_null(ims_endings_last(e, impu));
	ims_endings_confirm(e, impu, &how);
	last = ims_endings_last(e, impu);
	assert_non_null(last);
	assert_int_equal(last->frame.number, 12);
	assert_true(last->terminated);
	ims_endings_sign(e, impu, 6 * S);
	assert_null(ims_endings_last(e, impu));
	how.ended_ns = 7 * S;
	ims_endings_confirm(e, impu, &how);
	assert_non_null(ims_endings_last(e, impu));
	ims_endings_withdraw(e, &read, 8 * S);
	assert_null(ims_endings_last(e, impu));
	ims_endings_confirm(e, impu, &how);
	ims_endings_sign_all(e, 8 * S);
	assert_null(ims_endings_last(e, impu));
	ims_endings_free(e);
}

/* Known before it is confirmed, until the identity stands since later. */
static void an_rtr_ends_when_it_is_heard(void **state)
{
	struct ims_endings *e = ims_endings_new();
	struct ims_slice impu = ims_slice_of("sip:a@h");
	struct ims_identity read = ims_identity_of_key("a@h");
	struct ims_identity other = ims_identity_of_key("b@h");
	struct ims_ending how = {.ended_ns = 6 * S};

	(void)state;
	ims_endings_sign(e, impu, 3 * S);
	assert_false(ims_endings_asked(e, &read, 9 * S));
	ims_endings_ask(e, ims_slice_of("a@H"), 4 * S);
	ims_endings_ask(e, impu, 5 * S);
	ims_endings_ask(e, nobody, 5 * S);
	assert_false(ims_endings_asked(e, &read, 4 * S));
	assert_true(ims_endings_asked(e, &read, 5 * S));
	assert_false(ims_endings_asked(e, &other, 5 * S));
	assert_true(ims_endings_doubt(e, impu, 4 * S));
	ims_endings_withdraw(e, &read, 4 * S);
	assert_true(ims_endings_asked(e, &read, 5 * S));
	ims_endings_confirm(e, impu, &how);
	assert_true(ims_endings_asked(e, &read, 5 * S));
	ims_endings_withdraw(e, &read, 7 * S);
	assert_false(ims_endings_asked(e, &read, 9 * S));
	ims_endings_free(e);
}

/* What is forgotten casts doubt on everybody, from then on. */
static void endings_are_bounded(void **state)
{
	struct ims_endings *e = ims_endings_new();
	char name[32];

	(void)state;
	for (unsigned i = 0; i < IMS_ENDINGS_MAX; i++) {
		g_snprintf(name, sizeof(name), "sip:%u@h", i);
		ims_endings_sign(e, ims_slice_of(name), i + 1);
	}
	assert_false(ims_endings_doubt(e, ims_slice_of("sip:x@h"), 0));
	ims_endings_sign(e, ims_slice_of("sip:y@h"), 9 * S);
	ims_endings_sign(e, ims_slice_of("sip:z@h"), 9 * S);
	assert_true(ims_endings_doubt(e, ims_slice_of("sip:x@h"), 1));
	assert_false(ims_endings_doubt(e, ims_slice_of("sip:x@h"), 2));
	assert_true(ims_endings_doubt(e, ims_slice_of("sip:7@h"), 7));
	ims_endings_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sign_casts_doubt),
		cmocka_unit_test(an_end_is_the_last_that_is_known),
		cmocka_unit_test(an_rtr_ends_when_it_is_heard),
		cmocka_unit_test(endings_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
