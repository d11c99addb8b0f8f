// SPDX-License-Identifier: GPL-2.0-or-later
#include "make.h"

#include <errno.h>

#include "pcapng_writer.h"

#define SECOND INT64_C(1000000000)

static char *folder;

static const uint8_t bytes[] = {0, 1, 2,  3,  4,  5,  6,    7,
				8, 9, 10, 11, 12, 13, 0x08, 0x00};

static const struct {
	uint32_t interface;
	struct ims_packet packet;
	const char *comments[2]; /* NULL: no more */
	uint64_t dropped;
} written[] = {
	{0,
	 {.time_ns = INT64_C(1700000000123456789), .captured = 14, .wire = 14},
	 {"a reason: \xc3\xa4 and 5-byte", "another"},
	 0},
	{1,
	 {.time_ns = INT64_C(1700000001000000001),
	  .captured = 13,
	  .wire = 1500},
	 {0},
	 0},
	{0, {.time_ns = -5, .captured = 0, .wire = 60}, {""}, 7},
};

static const struct ims_pcapng_section of_the_whole = {
	.comment = "of the whole",
	.is_selection = true,
};
static const struct ims_pcapng_interface ethernet = {
	.link_type = 1,
	.name = "of the first",
	.description = "and what it is",
	.comment = "and more",
};
/* Half an hour after the last packet; two more were lost. */
static const struct ims_pcapng_span span = {
	.start_ns = 1600000000 * SECOND,
	.end_ns = 1700001800 * SECOND,
	.dropped = 9,
};
static const struct ims_pcapng_interface raw = {
	.link_type = 101,
	.snapshot = 65535,
};

static char *write_all(void)
{
	char *file = g_build_filename(folder, "written.pcapng", NULL);
	FILE *stream = g_fopen(file, "wb");
	struct ims_pcapng_writer *writer =
		ims_pcapng_writer_new(stream, &of_the_whole);
	uint32_t id = 99;

	assert_true(ims_pcapng_writer_interface(writer, &id, &ethernet));
	assert_int_equal(id, 0);
	assert_true(ims_pcapng_writer_interface(writer, &id, &raw));
	assert_int_equal(id, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(written); i++) {
		struct ims_packet packet = written[i].packet;
		struct ims_pcapng_notes notes = {
			.comments = written[i].comments,
			.dropped = written[i].dropped,
		};

		while (notes.n_comments < 2 && notes.comments[notes.n_comments])
			notes.n_comments++;
		packet.bytes = bytes;
		assert_true(ims_pcapng_writer_packet(
			writer, written[i].interface, &packet, &notes));
	}
	assert_true(ims_pcapng_writer_span(writer, 0, &span));
	assert_true(ims_pcapng_writer_flush(writer));
	ims_pcapng_writer_free(writer);
	fclose(stream);
	return file;
}

static void what_is_written_is_read(void **state)
{
	char *file = write_all();
	struct ims_capture *capture = ims_capture_open(file, 0);
	struct ims_packet packet;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(written); i++) {
		const struct ims_packet *expected = &written[i].packet;

		if (written[i].dropped) {
			assert_int_equal(ims_capture_read(capture, &packet),
					 IMS_READ_DROPS);
			assert_int_equal(packet.wire, written[i].dropped);
			assert_int_equal(packet.number, i + 1);
		}
		assert_int_equal(ims_capture_read(capture, &packet),
				 IMS_READ_PACKET);
		assert_int_equal(packet.time_ns, MAX(expected->time_ns, 0));
		assert_int_equal(packet.captured, expected->captured);
		assert_int_equal(packet.wire, expected->wire);
		assert_int_equal(packet.link_type,
				 written[i].interface ? 101 : 1);
		check_packet(&packet);
	}
	assert_int_equal(ims_capture_read(capture, &packet), IMS_READ_DROPS);
	assert_int_equal(packet.wire, 2);
	assert_int_equal(ims_capture_read(capture, &packet), IMS_READ_END);
	assert_int_equal(ims_capture_info(capture)->last_ns,
			 INT64_C(1700000001000000001));
	assert_int_equal(ims_capture_info(capture)->until_ns, span.end_ns);
	assert_string_equal(ims_capture_info(capture)->link_types[1], "RAW");
	ims_capture_close(capture);
	g_free(file);
}

/* NULL when the program is not there. */
static char *output_of(const char *program, const char *arguments,
		       const char *file)
{
	char *found = g_find_program_in_path(program);
	char *command;
	char *out = NULL;
	int status = -1;

	if (!found)
		return NULL;
	command = g_strdup_printf("%s %s %s", found, arguments, file);
	assert_true(
		g_spawn_command_line_sync(command, &out, NULL, &status, NULL));
	assert_int_equal(status, 0);
	g_free(command);
	g_free(found);
	return out;
}

static void wireshark_reads_it(void **state)
{
	char *file = write_all();
	char *out = output_of("tshark",
			      "-T fields -e frame.time_epoch -e frame.len "
			      "-e frame.cap_len -e frame.comment -r",
			      file);

	(void)state;
	if (!out) {
		print_message("no tshark here: not compared\n");
		g_free(file);
		skip();
	}
	assert_string_equal(
		out, "1700000000.123456789\t14\t14\ta reason: \xc3\xa4 and "
		     "5-byte,another\n"
		     "1700000001.000000001\t1500\t13\t\n"
		     "0.000000000\t60\t0\t\n");
	g_free(out);
	g_free(file);
}

static void capinfos_counts_it(void **state)
{
	char *file = write_all();
	char *out = output_of("capinfos", "-c -I -T -r", file);

	(void)state;
	if (!out) {
		print_message("no capinfos here: not compared\n");
		g_free(file);
		skip();
	}
	assert_non_null(strstr(out, "\t3"));
	g_free(out);
	g_free(file);
}

static void wireshark_knows_where_it_is_from(void **state)
{
	char *file = write_all();
	char *out =
		output_of("tshark",
			  "-T fields -E separator=| -e frame.interface_name "
			  "-e frame.interface_description -e frame.drop_count "
			  "-r",
			  file);

	(void)state;
	if (!out) {
		print_message("no tshark here: not compared\n");
		g_free(file);
		skip();
	}
	assert_string_equal(out, "of the first|and what it is|\nunknown||\n"
				 "of the first|and what it is|7\n");
	g_free(out);
	g_free(file);
}

static void comments_have_an_end(void **state)
{
	char *file = g_build_filename(folder, "long.pcapng", NULL);
	char *comment = g_malloc(70001);
	FILE *stream = g_fopen(file, "wb");
	struct ims_pcapng_writer *writer = ims_pcapng_writer_new(stream, NULL);
	struct ims_packet packet = {.bytes = bytes, .captured = 1, .wire = 1};
	const struct ims_pcapng_notes notes = {
		.comments = (const char *const *)&comment,
		.n_comments = 1,
	};
	struct outcome out;
	gsize n;
	char *whole;
	uint32_t id;

	(void)state;
	/* characters of two bytes, one of which would end behind the last */
	for (size_t i = 0; i < 70000; i += 2)
		memcpy(comment + i, "\xc3\xa4", 2);
	comment[70000] = 0;
	assert_true(ims_pcapng_writer_interface(writer, &id, &ethernet));
	assert_true(ims_pcapng_writer_packet(writer, 0, &packet, &notes));
	ims_pcapng_writer_free(writer);
	fclose(stream);
	out = outcome_of(file);
	assert_string_equal(out.error, "");
	assert_int_equal(out.n_packets, 1);
	assert_true(g_file_get_contents(file, &whole, &n, NULL));
	assert_memory_equal(whole + n - 12, "\xc3\xa4\0\0\0\0\0\0", 8);
	g_free(whole);
	g_free(comment);
	g_free(file);
}

static void misuse_and_full_disks_are_told(void **state)
{
	struct ims_packet packet = {.bytes = bytes, .captured = 10, .wire = 10};
	FILE *stream = fopen("/dev/full", "wb");
	char *comment = g_strnfill(UINT16_MAX, 'x');
	const char *comments[257];
	struct ims_pcapng_notes too_much = {0};
	struct ims_pcapng_writer *writer;
	uint32_t id;

	(void)state;
	if (!stream)
		skip();
	writer = ims_pcapng_writer_new(stream, NULL);
	assert_true(ims_pcapng_writer_interface(writer, &id, &ethernet));
	errno = 0;
	assert_false(ims_pcapng_writer_packet(writer, 1, &packet, NULL));
	assert_int_equal(errno, EINVAL);
	packet.captured = (16 << 20) + 1;
	assert_false(ims_pcapng_writer_packet(writer, 0, &packet, NULL));
	assert_int_equal(errno, EINVAL);
	packet.captured = 10;
	assert_false(ims_pcapng_writer_span(writer, 1, &span));
	assert_int_equal(errno, EINVAL);
	too_much.comments = comments;
	too_much.n_comments = G_N_ELEMENTS(comments);
	for (size_t i = 0; i < G_N_ELEMENTS(comments); i++)
		comments[i] = comment;
	assert_false(ims_pcapng_writer_packet(writer, 0, &packet, &too_much));
	assert_int_equal(errno, EINVAL);
	g_free(comment);
	assert_false(ims_pcapng_writer_flush(writer));
	assert_int_equal(errno, ENOSPC);
	errno = 0;
	assert_false(ims_pcapng_writer_packet(writer, 0, &packet, NULL));
	assert_int_equal(errno, ENOSPC);
	assert_false(ims_pcapng_writer_flush(writer));
	ims_pcapng_writer_free(writer);
	ims_pcapng_writer_free(NULL);
	fclose(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(wireshark_reads_it),
		cmocka_unit_test(capinfos_counts_it),
		cmocka_unit_test(wireshark_knows_where_it_is_from),
		cmocka_unit_test(comments_have_an_end),
		cmocka_unit_test(misuse_and_full_disks_are_told),
	};
	int failed;

	folder = folder_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	folder_free(folder);
	return failed;
}
