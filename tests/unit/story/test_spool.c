// SPDX-License-Identifier: GPL-2.0-or-later
/* Events come out of the spool as they went in, from memory and from disk. */
#include "unit.h"

#include <glib.h>
#include <stdlib.h>

#include "spool.h"

/* One line a record: "event 3 abc" or "clock 17". */
static void write_event(void *user, const struct ims_event *event)
{
	g_string_append_printf(
		user, "event %u %s%.*s\n", (unsigned)event->frame.number,
		event->bytes.at ? "" : "-", IMS_SLICE_ARG(event->bytes));
}

static void write_clock(void *user, int64_t time_ns)
{
	g_string_append_printf(user, "clock %d\n", (int)time_ns);
}

static void assert_holds(struct ims_spool *spool, const char *expected)
{
	GString *text = g_string_new(NULL);
	const struct ims_spool_reader reader = {
		.user = text,
		.event = write_event,
		.clock = write_clock,
	};

	ims_spool_read(spool, &reader);
	assert_string_equal(text->str, expected);
	g_string_free(text, TRUE);
}

static void put(struct ims_spool *spool, unsigned frame, const char *bytes)
{
	const struct ims_event event = {
		.kind = IMS_EVENT_SIP,
		.frame = {0, frame},
		.bytes = ims_slice_of(bytes),
	};

	ims_spool_event(spool, &event);
}

static void what_went_in_comes_out(void **state)
{
	struct ims_spool *spool = ims_spool_new(1 << 20);

	(void)state;
	assert_holds(spool, "");
	put(spool, 1, "first");
	put(spool, 2, NULL);
	put(spool, 3, "");
	assert_holds(spool, "event 1 first\nevent 2 -\nevent 3 \n");
	/* Reading takes nothing away. */
	assert_holds(spool, "event 1 first\nevent 2 -\nevent 3 \n");
	assert_int_equal(ims_spool_lost(spool), 0);
	ims_spool_free(spool);
}

static void of_clocks_in_a_row_the_last_counts(void **state)
{
	struct ims_spool *spool = ims_spool_new(1 << 20);
	uint64_t size;

	(void)state;
	ims_spool_clock(spool, 1);
	size = ims_spool_place(spool);
	ims_spool_clock(spool, 2);
	assert_int_equal(ims_spool_place(spool), size);
	put(spool, 1, "x");
	ims_spool_clock(spool, 3);
	ims_spool_clock(spool, 4);
	assert_holds(spool, "clock 2\nevent 1 x\nclock 4\n");
	ims_spool_free(spool);
}

/* More than a piece of the file, records across the pieces' borders. */
static void what_memory_does_not_hold_is_on_disk(void **state)
{
	struct ims_spool *spool = ims_spool_new(1000);
	GString *expected = g_string_new(NULL);
	char bytes[1601];

	(void)state;
	for (unsigned i = 1; i <= 3000; i++) {
		memset(bytes, 'a' + (int)(i % 26), i % 1600);
		bytes[i % 1600] = '\0';
		put(spool, i, bytes);
		g_string_append_printf(expected, "event %u %s\n", i, bytes);
		if (i % 7 == 0) {
			ims_spool_clock(spool, i);
			g_string_append_printf(expected, "clock %u\n", i);
		}
	}
	assert_holds(spool, expected->str);
	assert_holds(spool, expected->str);
	/* And it goes on. */
	put(spool, 3001, "end");
	g_string_append(expected, "event 3001 end\n");
	assert_holds(spool, expected->str);
	assert_int_equal(ims_spool_lost(spool), 0);
	g_string_free(expected, TRUE);
	ims_spool_free(spool);
}

static void the_last_can_be_taken_back(void **state)
{
	struct ims_spool *spool = ims_spool_new(1 << 20);
	uint64_t place;

	(void)state;
	put(spool, 1, "a");
	place = ims_spool_place(spool);
	put(spool, 2, "b");
	ims_spool_clock(spool, 5);
	assert_true(ims_spool_rewind(spool, place));
	put(spool, 2, "c");
	ims_spool_clock(spool, 6);
	assert_holds(spool, "event 1 a\nevent 2 c\nclock 6\n");
	assert_false(ims_spool_rewind(spool, ims_spool_place(spool) + 1));
	ims_spool_free(spool);
}

static void from_disk_it_can_not(void **state)
{
	struct ims_spool *spool = ims_spool_new(1);

	(void)state;
	put(spool, 1, "a");
	put(spool, 2, "b");
	assert_false(ims_spool_rewind(spool, 0));
	assert_holds(spool, "event 1 a\nevent 2 b\n");
	ims_spool_free(spool);
}

static void without_a_disk_the_loss_is_counted(void **state)
{
	struct ims_spool *spool;

	(void)state;
	assert_int_equal(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
	spool = ims_spool_new(1000);
	for (unsigned i = 1; i <= 20; i++)
		put(spool, i, "0123456789");
	ims_spool_clock(spool, 1);
	assert_true(ims_spool_lost(spool) > 0);
	assert_true(ims_spool_lost(spool) < 20);
	ims_spool_free(spool);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest no_disk[] = {
		cmocka_unit_test(without_a_disk_the_loss_is_counted),
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_went_in_comes_out),
		cmocka_unit_test(of_clocks_in_a_row_the_last_counts),
		cmocka_unit_test(what_memory_does_not_hold_is_on_disk),
		cmocka_unit_test(the_last_can_be_taken_back),
		cmocka_unit_test(from_disk_it_can_not),
	};

	/* glib looks for the folder once in a process: two of them. */
	if (argc > 1)
		return cmocka_run_group_tests(no_disk, NULL, NULL);
	if (!g_spawn_sync(NULL, (gchar *[]){argv[0], (gchar *)"no-disk", NULL},
			  NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL,
			  NULL, &argc, NULL) ||
	    argc != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
