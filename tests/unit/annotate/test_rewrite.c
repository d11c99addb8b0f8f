// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets that another puts others in the place of before they are written. */
#include "unit.h"

#include <glib.h>
#include <glib/gstdio.h>

#include "annotate.h"
#include "pcapng_writer.h"

#define SECOND INT64_C(1000000000)

static char *folder;

static char *path(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

/* Packets of one byte, their number; of two link types in turn. */
static char *make_capture(unsigned n)
{
	char *file = path("read.pcapng");
	FILE *stream = g_fopen(file, "wb");
	struct ims_pcapng_writer *writer = ims_pcapng_writer_new(stream, NULL);
	uint32_t ids[2];

	for (unsigned i = 0; i < 2; i++) {
		const struct ims_pcapng_interface about = {
			.link_type = (uint16_t)(1 + 100 * i)};

		assert_true(
			ims_pcapng_writer_interface(writer, &ids[i], &about));
	}
	for (unsigned i = 1; i <= n; i++) {
		const uint8_t byte = (uint8_t)i;
		const struct ims_packet packet = {
			.bytes = &byte,
			.captured = 1,
			.wire = 100 + i,
			.time_ns = i * SECOND + i,
		};

		assert_true(ims_pcapng_writer_packet(writer, ids[i % 2],
						     &packet, NULL));
	}
	assert_true(ims_pcapng_writer_flush(writer));
	ims_pcapng_writer_free(writer);
	fclose(stream);
	return file;
}

/* The second goes, the third becomes longer, the others stay. */
static bool rewrite(void *user, struct ims_packet *packet)
{
	unsigned *n = user;

	++*n;
	if (packet->number == 2)
		return false;
	if (packet->number == 3) {
		packet->bytes = (const uint8_t *)"longer";
		packet->captured = 6;
		packet->wire = 7;
	}
	return true;
}

static struct ims_annotate *begin(const struct ims_annotate_input *input)
{
	static const struct ims_report_options shown = {.from_ns = INT64_MIN,
							.to_ns = INT64_MAX};
	const struct ims_capture_info info = {
		.packets = 5, .first_ns = SECOND, .until_ns = 90 * SECOND};
	struct ims_annotate *annotate = ims_annotate_new(folder);

	ims_annotate_begin(annotate, input, &shown);
	ims_annotate_capture(annotate, 0, &info);
	return annotate;
}

static void choose(struct ims_annotate *annotate, uint64_t first,
		   uint64_t second)
{
	const struct ims_exchange exchange = {
		.request = {.number = first},
		.answer = {.number = second},
	};

	ims_annotate_exchange(annotate, &exchange);
}

static void packets_are_rewritten(void **state)
{
	char *file = make_capture(5), *written = path("written.pcapng");
	const int64_t offset_ns = 250000000;
	const struct ims_annotate_input input = {(const char *const *)&file,
						 &offset_ns, 1, false};
	struct ims_annotate *annotate = begin(&input);
	FILE *out = g_fopen(written, "wb");
	struct ims_annotate_count count;
	struct ims_capture *capture;
	struct ims_packet packet;
	const char *why;
	unsigned n = 0;

	(void)state;
	ims_annotate_rewrite(annotate, rewrite, &n);
	choose(annotate, 2, 3);
	choose(annotate, 4, 0);
	assert_true(ims_annotate_write(annotate, &count, &why, out));
	fclose(out);
	assert_int_equal(n, 3);
	assert_int_equal(count.packets, 2);
	assert_int_equal(count.left_out, 1);
	ims_annotate_free(annotate);

	capture = ims_capture_open(written, 0);
	assert_int_equal(ims_capture_read(capture, &packet), IMS_READ_PACKET);
	assert_memory_equal(packet.bytes, "longer", 6);
	assert_int_equal(packet.captured, 6);
	assert_int_equal(packet.wire, 7);
	assert_int_equal(packet.link_type, 101);
	assert_int_equal(packet.time_ns, 3 * SECOND + 3 + offset_ns);
	assert_true(packet.selected);
	assert_int_equal(ims_capture_read(capture, &packet), IMS_READ_PACKET);
	assert_int_equal(packet.bytes[0], 4);
	assert_int_equal(packet.wire, 104);
	assert_int_equal(packet.link_type, 1);
	assert_int_equal(ims_capture_read(capture, &packet), IMS_READ_END);
	assert_int_equal(ims_capture_info(capture)->until_ns,
			 90 * SECOND + offset_ns);
	ims_capture_close(capture);
	g_free(written);
	g_free(file);
}

static void what_changed_meanwhile_is_told(void **state)
{
	char *file = make_capture(5), *written = path("written.pcapng");
	const int64_t offset_ns = 0;
	const struct ims_annotate_input input = {(const char *const *)&file,
						 &offset_ns, 1, false};
	struct ims_annotate *annotate = begin(&input);
	FILE *out = g_fopen(written, "wb");
	struct ims_annotate_count count;
	const char *why = NULL;

	(void)state;
	choose(annotate, 2, 5);
	g_free(make_capture(4));
	assert_false(ims_annotate_write(annotate, &count, &why, out));
	assert_string_equal(why,
			    "a capture has changed since it was read first");
	fclose(out);
	ims_annotate_free(annotate);
	ims_annotate_free(NULL);
	g_free(written);
	g_free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_rewritten),
		cmocka_unit_test(what_changed_meanwhile_is_told),
	};
	int failed;

	folder = g_dir_make_tmp("annotate-XXXXXX", NULL);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (unsigned i = 0; i < 2; i++) {
		char *file = path(i ? "read.pcapng" : "written.pcapng");

		g_unlink(file);
		g_free(file);
	}
	g_rmdir(folder);
	g_free(folder);
	return failed;
}
