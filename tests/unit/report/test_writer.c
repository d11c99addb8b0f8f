// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "writer.h"

/* What lies in memory is what was put, however it was cut to pieces. */
static void pieces_make_a_whole(void **state)
{
	static const size_t sizes[] = {
		0,
		1,
		IMS_WRITER_PIECE - 1,
		1,
		IMS_WRITER_PIECE,
		IMS_WRITER_PIECE + 1,
		100,
		3 * IMS_WRITER_PIECE,
		7,
	};
	GString *expected = g_string_new(NULL);
	struct ims_writer writer;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	ims_writer_init(&writer, out);
	ims_writer_hurry(&writer); /* for memory it is nothing */
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		char *line = g_strnfill(sizes[i], (char)('a' + i));

		ims_writer_put(&writer, line, sizes[i]);
		ims_writer_puts(&writer, line);
		g_string_append_printf(expected, "%s%s", line, line);
		g_free(line);
	}
	assert_true(ims_writer_finish(&writer));
	ims_writer_clear(&writer);
	fclose(out);
	assert_int_equal(len, expected->len);
	assert_memory_equal(text, expected->str, len);
	g_string_free(expected, TRUE);
	free(text);
}

/* Returns whether something can be read within `ms`. */
static bool is_readable(int fd, int ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, ms) == 1 && (p.revents & POLLIN);
}

static void a_line_does_not_wait_for_others(void **state)
{
	struct ims_writer writer;
	int fds[2];
	char got[16];
	FILE *out;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	out = fdopen(fds[1], "w");
	assert_non_null(out);
	ims_writer_init(&writer, out);
	ims_writer_hurry(&writer);
	for (int i = 0; i < 3; i++) {
		ims_writer_puts(&writer, "line\n");
		/* Time enough for a machine that is busy. */
		assert_true(is_readable(fds[0], 20000));
		assert_int_equal(read(fds[0], got, sizeof(got)), 5);
		assert_memory_equal(got, "line\n", 5);
	}
	ims_writer_puts(&writer, "last\n");
	assert_true(ims_writer_finish(&writer));
	assert_int_equal(read(fds[0], got, sizeof(got)), 5);
	ims_writer_clear(&writer);
	fclose(out);
	close(fds[0]);
}

/* A file that nobody reads yet gets whole pieces. */
static void a_file_waits(void **state)
{
	struct ims_writer writer;
	FILE *out = tmpfile();

	(void)state;
	assert_non_null(out);
	ims_writer_init(&writer, out);
	ims_writer_hurry(&writer);
	assert_null(writer.sender);
	ims_writer_puts(&writer, "line\n");
	assert_int_equal(lseek(fileno(out), 0, SEEK_END), 0);
	assert_true(ims_writer_finish(&writer));
	assert_int_equal(lseek(fileno(out), 0, SEEK_END), 5);
	ims_writer_clear(&writer);
	fclose(out);
}

/* Of a live capture somebody may be reading it. */
static void a_live_file_does_not_wait(void **state)
{
	struct ims_writer writer;
	FILE *out = tmpfile();
	off_t size = 0;

	(void)state;
	assert_non_null(out);
	ims_writer_init(&writer, out);
	ims_writer_live(&writer);
	ims_writer_puts(&writer, "line\n");
	for (int i = 0; i < 2000 && !size; i++) {
		g_usleep(10000);
		size = lseek(fileno(out), 0, SEEK_END);
	}
	assert_int_equal(size, 5);
	assert_true(ims_writer_finish(&writer));
	ims_writer_clear(&writer);
	fclose(out);
}

/* Found by whoever sends; told in the end. */
static void the_first_failure_stays(void **state)
{
	FILE *out = fopen("/dev/full", "w");
	struct ims_writer writer;

	(void)state;
	assert_non_null(out);
	ims_writer_init(&writer, out);
	ims_writer_hurry(&writer);
	ims_writer_puts(&writer, "line\n");
	for (int i = 0; i < 2000 && !ferror(out); i++)
		g_usleep(10000);
	assert_true(ferror(out));
	ims_writer_puts(&writer, "line\n");
	assert_false(ims_writer_finish(&writer));
	assert_int_equal(errno, ENOSPC);
	ims_writer_clear(&writer);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_a_whole),
		cmocka_unit_test(a_line_does_not_wait_for_others),
		cmocka_unit_test(a_file_waits),
		cmocka_unit_test(a_live_file_does_not_wait),
		cmocka_unit_test(the_first_failure_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
