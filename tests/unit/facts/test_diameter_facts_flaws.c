// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages that are damaged, cut, endless or too deep; want of memory. */
#include "diameter_facts.h"

#include "diameter/maker.h"
#include "facts.h"

#define TGPP 10415u
#define CX   16777216u

static struct maker maker;

static struct ims_arena *arena;

static int arena_opens(void **state)
{
	(void)state;
	arena = ims_arena_new(0);
	return arena ? 0 : -1;
}

static int arena_closes(void **state)
{
	(void)state;
	ims_arena_free(arena);
	return 0;
}

static const struct ims_diameter_facts *facts_of(struct ims_slice bytes)
{
	const struct ims_diameter_facts *facts;
	struct wall wall = wall_new(bytes);

	facts = ims_diameter_facts_new(arena, wall.bytes, false);
	wall_free(&wall);
	assert_non_null(facts);
	return facts;
}

static void a_bad_length_ends_the_message(void **state)
{
	const struct ims_diameter_facts *f;
	size_t bad;

	(void)state;
	maker_begin(&maker, 0xc0, 300, CX);
	maker_text(&maker, 0, 1, "1@ims.example");
	bad = maker.len;
	maker_text(&maker, TGPP, 601, "sip:a@ims.example");
	maker_text(&maker, TGPP, 600, "visited");
	maker_set24(&maker, bad + 5, 4000);
	f = facts_of(maker_end(&maker));
	assert_int_equal(f->flaws, IMS_DIAMETER_FLAW_AVP_LENGTH);
	assert_int_equal(f->flaw_offset, bad);
	assert_true(f->malformed_avp.present);
	assert_true(f->malformed_avp.in_length);
	assert_int_equal(f->malformed_avp.offset, bad);
	assert_int_equal(f->malformed_avp.vendor, TGPP);
	assert_int_equal(f->malformed_avp.code, 601);
	assert_string_equal(f->malformed_avp.name, "Public-Identity");
	assert_true(ims_slice_is(f->user_name, "1@ims.example"));
	assert_int_equal(f->public_identities.n, 0);
	assert_false(ims_slice_is_set(f->visited_network));
}

static void a_bad_length_in_a_group_ends_the_group(void **state)
{
	const struct ims_diameter_facts *f;
	size_t bad;

	(void)state;
	maker_begin(&maker, 0x40, 303, CX);
	maker_open(&maker, TGPP, 612);
	maker_text(&maker, TGPP, 608, "Digest-AKAv1-MD5");
	bad = maker.len;
	maker_text(&maker, TGPP, 609, "abcd");
	maker_set24(&maker, bad + 5, 11); /* less than its header */
	maker_text(&maker, TGPP, 610, "efgh");
	maker_close(&maker);
	maker_text(&maker, 0, 1, "1@ims.example");
	f = facts_of(maker_end(&maker));
	assert_int_equal(f->flaws, IMS_DIAMETER_FLAW_AVP_LENGTH);
	assert_int_equal(f->flaw_offset, bad);
	assert_int_equal(f->n_auth_items, 1);
	assert_true(ims_slice_is(f->auth_items[0].scheme, "Digest-AKAv1-MD5"));
	assert_false(ims_slice_is_set(f->auth_items[0].authenticate));
	assert_false(ims_slice_is_set(f->auth_items[0].authorization));
	assert_true(ims_slice_is(f->user_name, "1@ims.example"));
}

static void values_of_the_wrong_size(void **state)
{
	static const struct {
		uint32_t vendor;
		uint32_t code;
		const char *value;
		size_t len;
	} cases[] = {
		{0, 268, "\0\0\7", 3}, {TGPP, 614, "\0\0\0\0\1", 5},
		{TGPP, 623, "", 0},    {0, 8, "\x0a\1", 2},
		{0, 97, "\0", 1},      {0, 97, "0123456789abcdefghi", 19},
		{0, 258, "\1", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct ims_diameter_facts *f;
		maker_begin(&maker, 0x40, 301, CX);
		maker_avp(&maker, cases[i].vendor, cases[i].code,
			  ims_slice(cases[i].value, cases[i].len));
		maker_text(&maker, 0, 1, "u");
		f = facts_of(maker_end(&maker));
		assert_int_equal(f->flaws, IMS_DIAMETER_FLAW_VALUE);
		assert_int_equal(f->flaw_offset, 20);
		assert_true(f->malformed_avp.present);
		assert_false(f->malformed_avp.in_length);
		assert_int_equal(f->malformed_avp.offset, 20);
		assert_int_equal(f->malformed_avp.code, cases[i].code);
		assert_false(f->has_result_code);
		assert_int_equal(f->assignment_type, -1);
		assert_int_equal(f->authorization_type, -1);
		assert_int_equal(f->framed_ip.family, 0);
		assert_int_equal(f->applications.n, 0);
		assert_true(ims_slice_is(f->user_name, "u"));
	}
}

static void the_failed_avp_may_be_the_malformed_one(void **state)
{
	const struct ims_diameter_facts *f;
	size_t bad;

	(void)state;
	maker_begin(&maker, 0x40, 301, CX);
	maker_open(&maker, 0, 279);
	bad = maker.len;
	maker_text(&maker, TGPP, 614, "");
	maker_set24(&maker, bad + 5, 0);
	maker_close(&maker);
	f = facts_of(maker_end(&maker));
	assert_true(f->failed_avp.present);
	assert_int_equal(f->failed_avp.code, 614);
	assert_int_equal(f->failed_avp.vendor, TGPP);
	assert_int_equal(f->flaws, IMS_DIAMETER_FLAW_AVP_LENGTH);
	assert_false(f->malformed_avp.present);
}

/* Not in Failed-AVP, and not in a group in it; behind it again. */
static void what_failed_avp_quotes_is_not_the_senders(void **state)
{
	const struct ims_diameter_facts *f;
	size_t bad;

	(void)state;
	maker_begin(&maker, 0x40, 303, CX);
	maker_open(&maker, 0, 279);
	maker_open(&maker, TGPP, 612);
	bad = maker.len;
	maker_text(&maker, TGPP, 608, "Digest-AKAv1-MD5");
	maker_set24(&maker, bad + 5, 400);
	maker_close(&maker);
	maker_close(&maker);
	f = facts_of(maker_end(&maker));
	assert_int_equal(f->flaws, IMS_DIAMETER_FLAW_AVP_LENGTH);
	assert_false(f->malformed_avp.present);
	maker_begin(&maker, 0x40, 303, CX);
	maker_open(&maker, 0, 279);
	bad = maker.len;
	maker_text(&maker, TGPP, 614, "");
	maker_set24(&maker, bad + 5, 0);
	maker_close(&maker);
	bad = maker.len;
	maker_text(&maker, 0, 268, "abc");
	f = facts_of(maker_end(&maker));
	assert_true(f->malformed_avp.present);
	assert_false(f->malformed_avp.in_length);
	assert_int_equal(f->malformed_avp.offset, bad);
	assert_string_equal(f->malformed_avp.name, "Result-Code");
}

static void depth_is_bounded(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	for (size_t depth = 1; depth < MAKER_DEPTH; depth++) {
		maker_begin(&maker, 0x40, 301, CX);
		for (size_t i = 0; i < depth; i++)
			maker_open(&maker, 0, 279);
		maker_text(&maker, 0, 1, "inside");
		for (size_t i = 0; i < depth; i++)
			maker_close(&maker);
		maker_text(&maker, 0, 1, "outside");
		f = facts_of(maker_end(&maker));
		assert_int_equal(f->flaws, depth < IMS_DIAMETER_MAX_DEPTH
						   ? 0
						   : IMS_DIAMETER_FLAW_DEPTH);
		assert_true(ims_slice_is(f->user_name, "outside"));
	}
}

static void avps_are_bounded(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0x40, 301, CX);
	for (size_t i = 0; i < IMS_DIAMETER_MAX_AVPS; i++)
		maker_text(&maker, 0, 282, "r");
	f = facts_of(maker_end(&maker));
	assert_int_equal(f->flaws, 0);
	assert_int_equal(f->n_route_records, IMS_DIAMETER_MAX_AVPS);
	maker_text(&maker, 0, 1, "one too many");
	f = facts_of(maker_end(&maker));
	assert_int_equal(f->flaws, IMS_DIAMETER_FLAW_MANY);
	assert_int_equal(f->flaw_offset, 20 + 12 * IMS_DIAMETER_MAX_AVPS);
	assert_false(ims_slice_is_set(f->user_name));
}

static void lists_are_bounded(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	maker_begin(&maker, 0x40, 303, CX);
	for (size_t i = 0; i < IMS_DIAMETER_MAX_LIST + 1; i++) {
		maker_text(&maker, TGPP, 601, "sip:a");
		maker_u32(&maker, 0, 258, CX);
		maker_open(&maker, TGPP, 612);
		maker_u32(&maker, TGPP, 613, (uint32_t)i);
		maker_close(&maker);
	}
	maker_text(&maker, 0, 1, "u");
	f = facts_of(maker_end(&maker));
	assert_int_equal(f->flaws, IMS_DIAMETER_FLAW_MANY);
	assert_int_equal(f->public_identities.n, IMS_DIAMETER_MAX_LIST);
	assert_int_equal(f->applications.n, IMS_DIAMETER_MAX_LIST);
	assert_int_equal(f->n_auth_items, IMS_DIAMETER_MAX_LIST);
	assert_int_equal(f->auth_items[IMS_DIAMETER_MAX_LIST - 1].item_number,
			 IMS_DIAMETER_MAX_LIST - 1);
	assert_true(ims_slice_is(f->user_name, "u"));
}

static const char rich_profile[] =
	"<IMSSubscription><PrivateID>1@ims.example</PrivateID><ServiceProfile>"
	"<PublicIdentity><Identity>sip:a</Identity></PublicIdentity>"
	"<InitialFilterCriteria/></ServiceProfile></IMSSubscription>";

/* The profile is its last AVP. */
static struct ims_slice make_rich(void)
{
	maker_begin(&maker, 0x40, 303, CX);
	maker_text(&maker, 0, 263, "scscf;1;2");
	maker_u32(&maker, 0, 268, 2001);
	maker_text(&maker, 0, 1, "1@ims.example");
	maker_text(&maker, TGPP, 601, "sip:a@ims.example");
	maker_text(&maker, 0, 292, "aaa://b");
	maker_u32(&maker, 0, 258, CX);
	maker_open(&maker, TGPP, 603);
	maker_u32(&maker, TGPP, 604, 1);
	maker_u32(&maker, TGPP, 605, 1);
	maker_text(&maker, TGPP, 602, "sip:s");
	maker_close(&maker);
	maker_open(&maker, TGPP, 612);
	maker_text(&maker, TGPP, 608, "SIP Digest");
	maker_open(&maker, TGPP, 635);
	maker_text(&maker, 0, 104, "realm");
	maker_text(&maker, 0, 121, "ha1");
	maker_close(&maker);
	maker_close(&maker);
	maker_open(&maker, TGPP, 632);
	maker_text(&maker, 0, 1, "2@ims.example");
	maker_close(&maker);
	maker_text(&maker, TGPP, 606, rich_profile);
	return maker_end(&maker);
}

/* What comes before the cut is kept whole, what it goes through is not. */
static void every_prefix_is_read(void **state)
{
	struct ims_slice whole = make_rich();
	size_t profile_end =
		whole.len - (4 - (sizeof(rich_profile) - 1) % 4) % 4;

	(void)state;
	assert_int_equal(facts_of(whole)->flaws, 0);
	for (size_t i = 0; i < whole.len; i++) {
		const struct ims_diameter_facts *f;
		struct ims_slice user;

		f = facts_of(ims_slice(whole.at, i));
		assert_int_equal(f->flaws, IMS_DIAMETER_FLAW_CUT);
		assert_int_equal(f->flaw_offset, i);
		assert_int_equal(f->command,
				 i < 20 ? IMS_COMMAND_OTHER : IMS_COMMAND_MA);
		user = f->user_name;
		if (ims_slice_is_set(user))
			assert_true(ims_slice_is(user, "1@ims.example"));
		if (f->n_auth_items && f->auth_items[0].has_digest &&
		    ims_slice_is_set(f->auth_items[0].digest_realm))
			assert_true(ims_slice_is(f->auth_items[0].digest_realm,
						 "realm"));
		/* The last AVP is whole without its padding. */
		assert_int_equal(f->profile.present, i >= profile_end);
	}
}

static void cut_is_told_even_of_whole_bytes(void **state)
{
	const struct ims_diameter_facts *f;

	(void)state;
	f = ims_diameter_facts_new(arena, make_rich(), true);
	assert_non_null(f);
	assert_int_equal(f->flaws, IMS_DIAMETER_FLAW_CUT);
	assert_true(f->profile.present);
}

static void starve_facts(void *user)
{
	unsigned *n_whole = user;
	struct ims_arena *own = ims_arena_new(0);
	const struct ims_diameter_facts *f;

	if (!own)
		return;
	f = ims_diameter_facts_new(own, make_rich(), false);
	if (f) {
		(*n_whole)++;
		assert_int_equal(f->profile.n_identities, 1);
		assert_int_equal(f->profile.n_ifcs, 1);
		assert_int_equal(f->auth_items[0].digest_ha1.len, 3);
		assert_int_equal(f->associated_identities.n, 1);
	}
	ims_arena_free(own);
}

static void want_of_memory_gives_nothing(void **state)
{
	unsigned n_whole = 0;

	(void)state;
	assert_true(starve(starve_facts, &n_whole) > 3);
	assert_int_equal(n_whole, 1);
}

/* Each byte of a message in turn set to a few values: nothing but facts. */
static void damage_is_survived(void **state)
{
	static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
	struct ims_slice whole = make_rich();

	(void)state;
	for (size_t i = 4; i < whole.len; i++) {
		unsigned char kept = maker.bytes[i];
		for (size_t k = 0; k < sizeof(values); k++) {
			const struct ims_diameter_facts *f;
			maker.bytes[i] = values[k];
			f = facts_of(whole);
			assert_true(f->flaw_offset <= (int64_t)whole.len);
			assert_int_equal(f->flaws == 0, f->flaw_offset < 0);
		}
		maker.bytes[i] = kept;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bad_length_ends_the_message),
		cmocka_unit_test(a_bad_length_in_a_group_ends_the_group),
		cmocka_unit_test(values_of_the_wrong_size),
		cmocka_unit_test(the_failed_avp_may_be_the_malformed_one),
		cmocka_unit_test(what_failed_avp_quotes_is_not_the_senders),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(avps_are_bounded),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(every_prefix_is_read),
		cmocka_unit_test(cut_is_told_even_of_whole_bytes),
		cmocka_unit_test(want_of_memory_gives_nothing),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests(tests, arena_opens, arena_closes);
}
