// SPDX-License-Identifier: GPL-2.0-or-later
/* What is wrong, what is cut, what is too much, and want of memory. */
#include "unit.h"

#include <glib.h>

#include "arena.h"
#include "facts.h"
#include "sip_facts.h"
#include "sip_texts.h"

#define IS(slice, text) assert_true(ims_slice_is(slice, text))

/* All that is mandatory but what a case puts in itself. */
#define START	"REGISTER sip:a SIP/2.0\r\n"
#define VIA	"Via: SIP/2.0/UDP a;branch=b\r\n"
#define FROM	"From: <sip:a@b>;tag=1\r\n"
#define TO	"To: <sip:a@b>\r\n"
#define CALL_ID "Call-ID: c\r\n"
#define CSEQ	"CSeq: 1 REGISTER\r\n"
#define ALL	VIA FROM TO CALL_ID CSEQ

static void flaws_and_their_places(void **state)
{
	static const struct {
		const char *text;
		uint32_t flaws;
		const char *place; /* what stands there */
	} cases[] = {
		{START ALL "\r\n", 0, NULL},
		{START FROM TO CALL_ID CSEQ "\r\nx", IMS_SIP_FLAW_NO_VIA, "x"},
		{START VIA TO CALL_ID CSEQ "\r\n", IMS_SIP_FLAW_NO_FROM, ""},
		{START VIA FROM CALL_ID CSEQ "\r\n", IMS_SIP_FLAW_NO_TO, ""},
		{START VIA FROM TO CSEQ "\r\n", IMS_SIP_FLAW_NO_CALL_ID, ""},
		{START VIA FROM TO CSEQ "i:\r\n\r\n", IMS_SIP_FLAW_NO_CALL_ID,
		 ""},
		{START VIA FROM TO CALL_ID "\r\n", IMS_SIP_FLAW_NO_CSEQ, ""},
		{START VIA FROM TO CALL_ID "CSeq: x REGISTER\r\n\r\n",
		 IMS_SIP_FLAW_BAD_CSEQ, "x REGISTER\r\n\r\n"},
		{START VIA FROM TO CALL_ID "CSeq: 1 INVITE\r\n\r\n",
		 IMS_SIP_FLAW_BAD_CSEQ, "1 INVITE\r\n\r\n"},
		{START VIA FROM TO CALL_ID "CSeq: 1\r\n\r\n",
		 IMS_SIP_FLAW_BAD_CSEQ, "1\r\n\r\n"},
		{START ALL "l: x\r\n\r\n", IMS_SIP_FLAW_BAD_LENGTH,
		 "x\r\n\r\n"},
		{START ALL "l: 99999999999999999999\r\n\r\n",
		 IMS_SIP_FLAW_BAD_LENGTH, "99999999999999999999\r\n\r\n"},
		{START ALL "l: 3\r\n\r\nab", IMS_SIP_FLAW_BAD_LENGTH,
		 "3\r\n\r\nab"},
		{START ALL "l: 2\r\n\r\nabc", 0, NULL},
		{START ALL "l: 2\r\nl: 2\r\n\r\nab", 0, NULL},
		{START ALL "l: 2\r\nl: 1\r\n\r\nab", IMS_SIP_FLAW_TWO_LENGTHS,
		 "1\r\n\r\nab"},
		{START "oops\r\n" ALL "\r\n", IMS_SIP_FLAW_BAD_HEADER,
		 "oops\r\n" ALL "\r\n"},
		{START ALL, IMS_SIP_FLAW_NO_END, ""},
		{"REGISTER sip:a\r\n" ALL "\r\n", IMS_SIP_FLAW_BAD_START,
		 "REGISTER sip:a\r\n" ALL "\r\n"},
		{"SIP/2.0 20 OK\r\n" ALL "\r\n", IMS_SIP_FLAW_BAD_START,
		 "SIP/2.0 20 OK\r\n" ALL "\r\n"},
		/* Of two flaws the place of the first. */
		{START ALL "l: x\r\noops\r\n\r\n",
		 IMS_SIP_FLAW_BAD_LENGTH | IMS_SIP_FLAW_BAD_HEADER,
		 "x\r\noops\r\n\r\n"},
		{"",
		 IMS_SIP_FLAW_BAD_START | IMS_SIP_FLAW_NO_END |
			 IMS_SIP_FLAW_NO_VIA | IMS_SIP_FLAW_NO_FROM |
			 IMS_SIP_FLAW_NO_TO | IMS_SIP_FLAW_NO_CALL_ID |
			 IMS_SIP_FLAW_NO_CSEQ,
		 ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ims_arena *arena = ims_arena_new(1024);
		struct ims_slice text = ims_slice_of(cases[i].text);
		const struct ims_sip_facts *f;

		f = ims_sip_facts_new(arena, text, false);
		assert_non_null(f);
		assert_int_equal(f->flaws, cases[i].flaws);
		if (cases[i].place)
			assert_string_equal(text.at + f->flaw_offset,
					    cases[i].place);
		else
			assert_true(f->flaw_offset == -1);
		ims_arena_free(arena);
	}
}

/*
 * A message that the capture cut has no flaw for that; one that was sent so
 * has, wherever it ends.
 */
static void every_prefix(const char *text)
{
	struct ims_slice all = ims_slice_of(text);

	for (size_t i = 0; i < all.len; i++) {
		struct wall wall = wall_new(ims_slice(all.at, i));
		struct ims_arena *arena = ims_arena_new(8192);
		const struct ims_sip_facts *f;

		f = ims_sip_facts_new(arena, wall.bytes, true);
		assert_non_null(f);
		assert_int_equal(f->flaws, 0);
		f = ims_sip_facts_new(arena, wall.bytes, false);
		assert_non_null(f);
		assert_int_not_equal(f->flaws, 0);
		assert_in_range(f->flaw_offset, 0, i);
		ims_arena_free(arena);
		wall_free(&wall);
	}
}

static void every_prefix_of_messages(void **state)
{
	(void)state;
	every_prefix(register_text);
	every_prefix(challenge_text);
	every_prefix(notify_text);
}

static void cut_values_are_left_out(void **state)
{
	struct ims_arena *arena = ims_arena_new(1024);
	const struct ims_sip_facts *f;

	(void)state;
	f = ims_sip_facts_new(arena, ims_slice_of(START VIA "Call-ID: ab"),
			      true);
	assert_int_equal(f->n_headers, 1);
	IS(f->call_id, NULL);
	IS(f->vias[0].branch, "b");
	/* As sent, the same is a message with that Call-ID. */
	f = ims_sip_facts_new(arena, ims_slice_of(START VIA "Call-ID: ab"),
			      false);
	IS(f->call_id, "ab");
	/* What an ICMP error quotes at least (RFC 792). */
	f = ims_sip_facts_new(arena, ims_slice_of("REGISTER"), true);
	assert_true(f->is_request);
	assert_int_equal(f->method, IMS_SIP_METHOD_REGISTER);
	assert_int_equal(f->flaws, 0);
	/* The header is there: what it lacks is lacking. */
	f = ims_sip_facts_new(
		arena, ims_slice_of(START VIA FROM TO CSEQ "l: 9\r\n\r\n"),
		true);
	assert_int_equal(f->flaws, IMS_SIP_FLAW_NO_CALL_ID);
	ims_arena_free(arena);
}

/* A message with `n` of `line` behind what is mandatory. */
static const struct ims_sip_facts *many(struct ims_arena *arena,
					const char *line, const char *element,
					size_t n)
{
	GString *text = g_string_new(START ALL);
	const struct ims_sip_facts *f;

	g_string_append(text, line);
	for (size_t i = 0; i < n; i++)
		g_string_append(text, element);
	g_string_append(text, "\r\n\r\n");
	f = ims_sip_facts_new(arena, ims_slice(text->str, text->len), false);
	assert_non_null(f);
	g_string_free(text, TRUE);
	return f;
}

static void lists_are_bounded(void **state)
{
	struct ims_arena *arena = ims_arena_new(1024);
	const struct ims_sip_facts *f;

	(void)state;
	/* ALL has 5 fields and 1 Via; the line itself has one of each. */
	f = many(arena, "A: b", "\r\nA: b", IMS_SIP_MAX_HEADERS - 6);
	assert_int_equal(f->n_headers, IMS_SIP_MAX_HEADERS);
	assert_int_equal(f->flaws, 0);
	f = many(arena, "A: b", "\r\nA: b", IMS_SIP_MAX_HEADERS - 5);
	assert_int_equal(f->n_headers, IMS_SIP_MAX_HEADERS);
	assert_int_equal(f->flaws, IMS_SIP_FLAW_LISTS_CUT);

	f = many(arena, "v: SIP/2.0/UDP a", ",SIP/2.0/UDP b",
		 IMS_SIP_MAX_VIAS - 2);
	assert_int_equal(f->n_vias, IMS_SIP_MAX_VIAS);
	assert_int_equal(f->flaws, 0);
	f = many(arena, "v: SIP/2.0/UDP a", ",SIP/2.0/UDP b",
		 IMS_SIP_MAX_VIAS - 1);
	assert_int_equal(f->n_vias, IMS_SIP_MAX_VIAS);
	assert_int_equal(f->flaws, IMS_SIP_FLAW_LISTS_CUT);

	f = many(arena, "Require: a", ",b", IMS_SIP_MAX_LIST);
	assert_int_equal(f->require.n, IMS_SIP_MAX_LIST);
	assert_int_equal(f->flaws, IMS_SIP_FLAW_LISTS_CUT);
	f = many(arena, "Contact: a", ",b", IMS_SIP_MAX_LIST);
	assert_int_equal(f->n_contacts, IMS_SIP_MAX_LIST);
	assert_int_equal(f->flaws, IMS_SIP_FLAW_LISTS_CUT);
	f = many(arena, "Route: a", ",b", IMS_SIP_MAX_LIST - 1);
	assert_int_equal(f->routes.n, IMS_SIP_MAX_LIST);
	assert_int_equal(f->flaws, 0);
	f = many(arena, "Security-Verify: a", ",b", IMS_SIP_MAX_MECHANISMS);
	assert_int_equal(f->security_verify.n, IMS_SIP_MAX_MECHANISMS);
	assert_int_equal(f->flaws, IMS_SIP_FLAW_LISTS_CUT);
	ims_arena_free(arena);
}

/* What is beyond the bound on fields is not called missing. */
static void beyond_the_bound_nothing_is_missing(void **state)
{
	struct ims_arena *arena = ims_arena_new(1024);
	GString *text = g_string_new(START);
	const struct ims_sip_facts *f;

	(void)state;
	for (size_t i = 0; i < IMS_SIP_MAX_HEADERS; i++)
		g_string_append(text, "A: b\r\n");
	g_string_append(text, ALL "\r\n");
	f = ims_sip_facts_new(arena, ims_slice(text->str, text->len), false);
	assert_int_equal(f->flaws, IMS_SIP_FLAW_LISTS_CUT);
	assert_int_equal(f->flaw_offset,
			 strlen(START) + 6 * IMS_SIP_MAX_HEADERS);
	g_string_free(text, TRUE);
	ims_arena_free(arena);
}

static void read_or_not(void *user)
{
	struct ims_slice text = ims_slice_of(user);
	struct ims_arena *arena = ims_arena_new(1);
	const struct ims_sip_facts *f;

	if (!arena)
		return;
	f = ims_sip_facts_new(arena, text, false);
	if (f) {
		assert_int_equal(f->flaws, 0);
		assert_true(f->n_vias > 0);
		assert_non_null(f->call_id.at);
	}
	ims_arena_free(arena);
}

static void no_memory(void **state)
{
	char text[sizeof(register_text)];
	char notify[sizeof(notify_text)];

	(void)state;
	memcpy(text, register_text, sizeof(text));
	memcpy(notify, notify_text, sizeof(notify));
	assert_true(starve(read_or_not, text) >= 4);
	assert_true(starve(read_or_not, notify) >= 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flaws_and_their_places),
		cmocka_unit_test(every_prefix_of_messages),
		cmocka_unit_test(cut_values_are_left_out),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(beyond_the_bound_nothing_is_missing),
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
