// SPDX-License-Identifier: GPL-2.0-or-later
#include "make.h"

#include <sys/resource.h>
#include <unistd.h>

static char *folder;

static const struct {
	int filter;
	const char *name;
} filters[] = {
	{ARCHIVE_FILTER_GZIP, "gzip"},
	{ARCHIVE_FILTER_ZSTD, "zstd"},
	{ARCHIVE_FILTER_XZ, "xz"},
	{ARCHIVE_FILTER_LZ4, "lz4"},
};

/* Noise, so that it does not become small: `n` packets of 1000 bytes. */
static struct make noise(unsigned n)
{
	struct make make = make_new(false);
	uint32_t random = 1;

	pcap_header(&make, 0xa1b2c3d4, 1);
	for (unsigned i = 0; i < n; i++) {
		put(&make, EPOCH + i, 4);
		put(&make, 0, 4);
		put(&make, 1000, 4);
		put(&make, 1000, 4);
		for (unsigned k = 0; k < 250; k++) {
			random = random * 1664525 + 1013904223;
			put(&make, random, 4);
		}
	}
	return make;
}

static struct outcome count_packets(const GByteArray *bytes, size_t n)
{
	char *file = file_new(folder, "x", bytes->data, n);
	struct ims_capture *capture = ims_capture_open(file, 0);
	const struct ims_capture_info *info = ims_capture_info(capture);
	struct outcome out = {0};
	struct ims_packet packet;
	enum ims_read kind;

	while ((kind = ims_capture_read(capture, &packet)) != IMS_READ_END) {
		out.n_packets += kind == IMS_READ_PACKET;
		out.n_errors += kind == IMS_READ_ERROR;
		out.last_time = packet.time_ns;
	}
	keep(out.error, sizeof(out.error), info->error);
	keep(out.compression, sizeof(out.compression), info->compression);
	assert_int_equal(info->truncated, out.n_errors);
	ims_capture_close(capture);
	g_free(file);
	return out;
}

static void all_four_are_read(void **state)
{
	struct make pcap = make_new(true);
	struct make ng = make_new(true);

	(void)state;
	pcap_header(&pcap, 0xa1b23c4d, 101);
	pcap_packet(&pcap, EPOCH, 1, 50, 60);
	pcap_packet(&pcap, EPOCH, 2, 60, 60);
	ng_section(&ng);
	ng_interface(&ng, 101, 0, 9);
	ng_packet(&ng, 0, EPOCH * UINT64_C(1000000000) + 1, 50);
	ng_packet(&ng, 0, EPOCH * UINT64_C(1000000000) + 2, 60);
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(filters); i++) {
		const GByteArray *plain = i % 2 ? pcap.bytes : ng.bytes;
		GByteArray *bytes = packed(plain, filters[i / 2].filter);
		struct outcome out =
			outcome_of_bytes(folder, bytes->data, bytes->len);

		assert_string_equal(out.error, "");
		assert_int_equal(out.n_packets, 2);
		assert_string_equal(out.compression, filters[i / 2].name);
		assert_string_equal(out.links, "RAW");
		assert_int_equal(out.last_time,
				 EPOCH * INT64_C(1000000000) + 2);
		g_byte_array_free(bytes, TRUE);
	}
	make_free(&pcap);
	make_free(&ng);
}

/* As `cat a.gz b.gz` or a compressor of many threads makes them. */
static void members_one_behind_the_other(void **state)
{
	struct make make = noise(300);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
		GByteArray *bytes = g_byte_array_new();
		struct outcome out;

		for (size_t at = 0, part = 70001; at < make.bytes->len;
		     at += part) {
			GByteArray piece = {make.bytes->data + at, 0};
			GByteArray *member;

			piece.len = (guint)MIN(part, make.bytes->len - at);
			member = packed(&piece, filters[i].filter);
			g_byte_array_append(bytes, member->data, member->len);
			g_byte_array_free(member, TRUE);
		}
		out = count_packets(bytes, bytes->len);
		assert_string_equal(out.error, "");
		assert_int_equal(out.n_packets, 300);
		g_byte_array_free(bytes, TRUE);
	}
	make_free(&make);
}

static void cut_and_damaged_data_are_told(void **state)
{
	struct make make = noise(1000);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
		GByteArray *bytes = packed(make.bytes, filters[i].filter);
		struct outcome out = count_packets(bytes, bytes->len / 2);

		assert_int_equal(out.n_errors, 1);
		assert_in_range(out.n_packets, 200, 500);
		assert_non_null(strstr(out.error, filters[i].name));
		assert_non_null(strstr(out.error, "packet "));

		memset(bytes->data + bytes->len / 2, 0xff, 5000);
		out = count_packets(bytes, bytes->len);
		/* noise is stored, and gzip's checksum is libarchive's
		   to compare: it does not */
		if (filters[i].filter != ARCHIVE_FILTER_GZIP)
			assert_int_equal(out.n_errors, 1);
		assert_true(out.n_packets <= 1000);
		g_byte_array_free(bytes, TRUE);
	}
	make_free(&make);
}

static void damaged_gzip_is_an_error(void **state)
{
	struct make make = make_new(false);
	GByteArray *bytes;
	struct outcome out;

	(void)state;
	pcap_header(&make, 0xa1b2c3d4, 1);
	for (unsigned i = 0; i < 5000; i++)
		pcap_packet(&make, EPOCH + i, i * 7 % 1000, i % 200, 200);
	bytes = packed(make.bytes, ARCHIVE_FILTER_GZIP);
	memset(bytes->data + bytes->len / 2, 0xff, 50);
	out = count_packets(bytes, bytes->len);
	assert_int_equal(out.n_errors, 1);
	assert_in_range(out.n_packets, 1000, 4999);
	assert_non_null(strstr(out.error, "packet "));
	g_byte_array_free(bytes, TRUE);
	make_free(&make);
}

static void compressed_but_no_capture(void **state)
{
	static const uint8_t empty_gzip[20] = {0x1f, 0x8b, 8, 0, 0, 0,
					       0,    0,	   0, 3, 3};
	GByteArray *text = g_byte_array_new();
	GByteArray *bytes;
	struct outcome out;

	(void)state;
	out = outcome_of_bytes(folder, empty_gzip, sizeof(empty_gzip));
	assert_string_equal(out.error, "empty file");
	assert_string_equal(out.compression, "gzip");
	g_byte_array_append(text, (const uint8_t *)"some text\n", 10);
	for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
		bytes = packed(text, filters[i].filter);
		out = outcome_of_bytes(folder, bytes->data, bytes->len);
		assert_string_equal(out.error, "not a packet capture");
		g_byte_array_free(bytes, TRUE);
	}
	g_byte_array_free(text, TRUE);
	out = outcome_of_bytes(folder, "\x1f\x8b\x08\x00\xff\xff", 6);
	assert_int_equal(out.n_errors, 1);
	assert_int_equal(out.n_packets, 0);
}

static long memory_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* One block of 1 GiB, skipped, in a file of 1 MiB. */
static void a_bomb_takes_no_memory(void **state)
{
	const uint32_t n = 1u << 30;
	char *file = g_build_filename(folder, "bomb", NULL);
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	struct make make = make_new(false);
	uint8_t *zeros = g_malloc0(1 << 20);
	struct outcome out;
	long before;

	(void)state;
	ng_section(&make);
	ng_interface(&make, 1, 0, -1);
	ng_packet(&make, 0, 1, 9);
	put(&make, 4, 4);
	put(&make, n, 4);
	archive_write_set_format_raw(archive);
	archive_write_add_filter_zstd(archive);
	assert_int_equal(archive_write_open_filename(archive, file),
			 ARCHIVE_OK);
	archive_entry_set_pathname(entry, "x");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_write_header(archive, entry);
	archive_write_data(archive, make.bytes->data, make.bytes->len);
	archive_write_data(archive, zeros, (1 << 20) - 12);
	for (unsigned i = 1; i < 1024; i++)
		archive_write_data(archive, zeros, 1 << 20);
	make.bytes->len = 0;
	put(&make, n, 4);
	ng_packet(&make, 0, 2, 9);
	archive_write_data(archive, make.bytes->data, make.bytes->len);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
	archive_entry_free(entry);
	g_free(zeros);
	make_free(&make);

	before = memory_kib();
	out = outcome_of(file);
	assert_string_equal(out.error, "");
	assert_int_equal(out.n_packets, 2);
	assert_true(memory_kib() - before < 64 * 1024);
	g_free(file);
}

static void read_starving(void *user)
{
	unsigned *n_whole = user;
	char *file = g_build_filename(folder, "starved", NULL);
	struct outcome out = outcome_of(file);

	if (out.n_errors)
		assert_non_null(strstr(out.error, "not enough memory"));
	else
		*n_whole += out.n_packets == 1;
	g_free(file);
}

static void want_of_memory_is_an_error(void **state)
{
	struct make make = make_new(false);
	unsigned n_whole = 0;
	GByteArray *bytes;

	(void)state;
	pcap_header(&make, 0xa1b2c3d4, 1);
	pcap_packet(&make, EPOCH, 0, 60, 60);
	bytes = packed(make.bytes, ARCHIVE_FILTER_GZIP);
	g_free(file_new(folder, "starved", bytes->data, bytes->len));
	g_byte_array_free(bytes, TRUE);
	make_free(&make);
	assert_int_equal(starve(read_starving, &n_whole), 3);
	assert_int_equal(n_whole, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_four_are_read),
		cmocka_unit_test(members_one_behind_the_other),
		cmocka_unit_test(cut_and_damaged_data_are_told),
		cmocka_unit_test(damaged_gzip_is_an_error),
		cmocka_unit_test(compressed_but_no_capture),
		cmocka_unit_test(a_bomb_takes_no_memory),
		cmocka_unit_test(want_of_memory_is_an_error),
	};
	int failed;

	folder = folder_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	folder_free(folder);
	return failed;
}
