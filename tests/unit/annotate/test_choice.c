// SPDX-License-Identifier: GPL-2.0-or-later
/* What goes with what is chosen. */
#include "unit.h"

#include <glib.h>

#include "choice.h"

static struct ims_frame frame(uint64_t number)
{
	return (struct ims_frame){.number = number};
}

static struct ims_endpoint end(uint8_t host, uint16_t port)
{
	return (struct ims_endpoint){
		.address = {.family = 4, .bytes = {10, 0, 0, host}},
		.port = port,
	};
}

/* "1 2 5": those below 32 that are chosen. */
static void assert_chosen(struct ims_choice *choice, const char *expected)
{
	GString *found = g_string_new(NULL);
	uint64_t n = 0;

	assert_true(ims_choice_settle(choice));
	for (uint64_t i = 1; i < 32; i++) {
		if (!ims_choice_has(choice, frame(i)))
			continue;
		g_string_append_printf(found, "%s%d", n ? " " : "", (int)i);
		n++;
	}
	assert_string_equal(found->str, expected);
	assert_int_equal(ims_choice_count(choice), n);
	g_string_free(found, TRUE);
	ims_choice_free(choice);
}

static void nothing_is_chosen_by_itself(void **state)
{
	struct ims_choice *choice = ims_choice_new(NULL);

	(void)state;
	ims_choice_part(choice, frame(2), frame(1));
	ims_choice_copy(choice, frame(4), frame(3));
	ims_choice_message(choice, frame(5), 77);
	ims_choice_of_call(choice, frame(6), 78);
	assert_chosen(choice, "");
	ims_choice_free(NULL);
}

/* Fragment 1 of segment 2, whose message 3 completes; 5 is a copy of that, with
   a part of its own. */
static void parts_of_parts_and_of_copies_go_with_it(void **state)
{
	struct ims_choice *choice = ims_choice_new(NULL);

	(void)state;
	ims_choice_part(choice, frame(2), frame(1));
	ims_choice_part(choice, frame(3), frame(2));
	ims_choice_part(choice, frame(5), frame(4));
	ims_choice_part(choice, frame(7), frame(6));
	ims_choice_copy(choice, frame(5), frame(3));
	ims_choice_frame(choice, frame(3));
	assert_chosen(choice, "1 2 3 4 5");
}

static void connections_go_with_what_they_carry(void **state)
{
	const struct ims_endpoint a = end(1, 5060), b = end(2, 5060),
				  c = end(3, 5060), nobody = {0};
	struct ims_choice *choice = ims_choice_new(NULL);

	(void)state;
	ims_choice_connection(choice, frame(1), &a, &b);
	ims_choice_connection(choice, frame(2), &b, &a);
	ims_choice_connection(choice, frame(3), &a, &c);
	ims_choice_connection(choice, frame(4), &b, &c);
	ims_choice_connection(choice, frame(5), &c, &b);
	ims_choice_frame(choice, frame(10));
	ims_choice_pair(choice, &b, &a);
	ims_choice_pair(choice, &c, &nobody);
	/* A refusal that is evidence brings what was refused. */
	ims_choice_evidence(choice, 0, frame(5));
	assert_chosen(choice, "1 2 4 5 10");
}

static void exchanges_go_with_one_of_their_messages(void **state)
{
	struct ims_choice *choice = ims_choice_new(NULL);

	(void)state;
	ims_choice_message(choice, frame(1), 77);
	ims_choice_message(choice, frame(2), 78);
	ims_choice_message(choice, frame(3), 77);
	ims_choice_message(choice, frame(4), 79);
	ims_choice_message(choice, frame(5), 79);
	ims_choice_exchange(choice, frame(3));
	ims_choice_evidence(choice, 0, frame(4));
	assert_chosen(choice, "1 3 4 5");
}

static void calls_are_chosen_by_their_number(void **state)
{
	const struct ims_subscription of_alice = {.call = 91, .about = {1, 2}},
				      of_bob = {.call = 92, .about = {1, 3}};
	struct ims_choice *choice = ims_choice_new(NULL);

	(void)state;
	ims_choice_of_call(choice, frame(1), 90);
	ims_choice_of_call(choice, frame(2), 91);
	ims_choice_of_call(choice, frame(3), 92);
	ims_choice_of_call(choice, frame(4), 90);
	ims_choice_of_call(choice, frame(5), 91);
	ims_choice_subscription(choice, &of_alice);
	ims_choice_subscription(choice, &of_bob);
	ims_choice_call(choice, 90);
	ims_choice_subscribed(choice, 2);
	assert_chosen(choice, "1 2 4 5");
}

/* Findings of what is not shown say nothing, and nothing is shown in part. */
static void what_is_hidden_stays_whole_or_away(void **state)
{
	struct ims_choice *choice = ims_choice_new(NULL);

	(void)state;
	ims_choice_shown(choice, 1);
	ims_choice_frame(choice, frame(1));
	for (uint64_t i = 2; i < 5; i++)
		ims_choice_hidden(choice, 2, IMS_HIDDEN_OURS, frame(i));
	for (uint64_t i = 5; i < 8; i++)
		ims_choice_hidden(choice, 3, IMS_HIDDEN_OTHERS, frame(i));
	for (uint64_t i = 8; i < 11; i++)
		ims_choice_hidden(choice, 4, IMS_HIDDEN_OURS, frame(i));
	ims_choice_evidence(choice, 1, frame(3)); /* of ours: all of it */
	ims_choice_evidence(choice, 1, frame(6)); /* of another's: none */
	ims_choice_evidence(choice, 4, frame(9)); /* about what is hidden */
	ims_choice_evidence(choice, 0, frame(20));
	assert_true(ims_choice_shows(choice, 1));
	assert_true(ims_choice_shows(choice, 0));
	assert_false(ims_choice_shows(choice, 4));
	assert_chosen(choice, "1 2 3 4 20");
}

static void gaps_are_told_of_connections_that_are_chosen(void **state)
{
	const struct ims_endpoint a = end(1, 5060), b = end(2, 5060),
				  c = end(3, 5060);
	struct ims_choice *choice = ims_choice_new(NULL);

	(void)state;
	ims_choice_gap(choice, frame(1), &a, &b);
	ims_choice_gap(choice, frame(2), &a, &c);
	ims_choice_pair(choice, &a, &b);
	assert_true(ims_choice_settle(choice));
	assert_true(ims_choice_is_behind_gap(choice, frame(1)));
	assert_false(ims_choice_is_behind_gap(choice, frame(2)));
	assert_false(ims_choice_has(choice, frame(1)));
	ims_choice_free(choice);
}

/* More than are read back at once, and of several captures. */
static void many_are_settled(void **state)
{
	struct ims_choice *choice = ims_choice_new("/nowhere at all");
	const uint64_t n = 20000;
	struct ims_frame last = {.capture = 3, .number = n};

	(void)state;
	for (uint64_t i = 1; i < n; i++) {
		struct ims_frame part = {.capture = 3, .number = i};
		struct ims_frame whole = {.capture = 3, .number = i + 1};

		ims_choice_part(choice, whole, part);
	}
	ims_choice_frame(choice, last);
	assert_true(ims_choice_settle(choice));
	assert_int_equal(ims_choice_count(choice), n);
	last.capture = 2;
	assert_false(ims_choice_has(choice, last));
	ims_choice_free(choice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_chosen_by_itself),
		cmocka_unit_test(parts_of_parts_and_of_copies_go_with_it),
		cmocka_unit_test(connections_go_with_what_they_carry),
		cmocka_unit_test(exchanges_go_with_one_of_their_messages),
		cmocka_unit_test(calls_are_chosen_by_their_number),
		cmocka_unit_test(what_is_hidden_stays_whole_or_away),
		cmocka_unit_test(gaps_are_told_of_connections_that_are_chosen),
		cmocka_unit_test(many_are_settled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
