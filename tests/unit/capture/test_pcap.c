// SPDX-License-Identifier: GPL-2.0-or-later
#include "make.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static struct make three_packets(bool big, uint32_t magic)
{
	struct make make = make_new(big);

	pcap_header(&make, magic, 1);
	pcap_packet(&make, EPOCH, 5, 60, 60);
	pcap_packet(&make, EPOCH - 1, 7, 33, 1500);
	pcap_packet(&make, EPOCH + 1, 999, 0, 10);
	return make;
}

static void all_byte_orders_and_units(void **state)
{
	static const struct {
		uint32_t magic;
		const char *format;
		int64_t unit;
	} cases[] = {
		{0xa1b2c3d4, "pcap", 1000},
		{0xa1b23c4d, "pcap (nanoseconds)", 1},
	};

	(void)state;
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
		struct make make = three_packets(i % 2, cases[i / 2].magic);
		struct outcome out = outcome_of_bytes(folder, make.bytes->data,
						      make.bytes->len);
		int64_t unit = cases[i / 2].unit;

		assert_int_equal(out.n_packets, 3);
		assert_int_equal(out.n_errors, 0);
		assert_string_equal(out.format, cases[i / 2].format);
		assert_string_equal(out.compression, "");
		assert_string_equal(out.links, "EN10MB");
		assert_int_equal(out.info.bytes, 93);
		assert_int_equal(out.info.first_ns,
				 (EPOCH - 1) * INT64_C(1000000000) + 7 * unit);
		assert_int_equal(out.info.last_ns,
				 (EPOCH + 1) * INT64_C(1000000000) +
					 999 * unit);
		make_free(&make);
	}
}

static void link_types_are_those_of_files(void **state)
{
	static const struct {
		uint32_t in_file;
		uint32_t link_type;
		const char *name;
	} cases[] = {
		{1, 1, "EN10MB"},
		{0, 0, "NULL"},
		{101, 101, "RAW"},
		{12, 101, "RAW"}, /* a DLT_ where a LINKTYPE_ should be */
		{9, 9, "PPP"},
		{50, 50, "PPP_SERIAL"},
		{113, 113, "LINUX_SLL"},
		{276, 276, "LINUX_SLL2"},
		{228, 228, "IPV4"},
		{0x14000001, 1, "EN10MB"}, /* with an FCS of four bytes */
		{60000, 60000, "LINKTYPE_60000"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct make make = make_new(i % 2);
		struct ims_capture *capture;
		struct ims_packet packet;
		char *file;

		pcap_header(&make, 0xa1b2c3d4, cases[i].in_file);
		pcap_packet(&make, EPOCH, 0, 64, 64);
		file = file_new(folder, "x", make.bytes->data, make.bytes->len);
		capture = ims_capture_open(file, 0);
		assert_int_equal(ims_capture_read(capture, &packet),
				 IMS_READ_PACKET);
		assert_int_equal(packet.link_type, cases[i].link_type);
		assert_string_equal(ims_capture_info(capture)->link_types[0],
				    cases[i].name);
		ims_capture_close(capture);
		g_free(file);
		make_free(&make);
	}
}

/* Packets end at 24 + 76, + 49 and + 16 bytes. */
static void every_cut_gives_the_packets_before(void **state)
{
	struct make make = three_packets(false, 0xa1b2c3d4);
	static const size_t ends[] = {24, 100, 149, 165};

	(void)state;
	assert_int_equal(make.bytes->len, 165);
	for (size_t n = 4; n <= make.bytes->len; n++) {
		struct outcome out =
			outcome_of_bytes(folder, make.bytes->data, n);
		unsigned whole = 0;
		char in[32];

		while (whole < 3 && n >= ends[whole + 1])
			whole++;
		assert_int_equal(out.n_packets, whole);
		assert_int_equal(out.n_errors, n != ends[whole]);
		snprintf(in, sizeof(in), "cut short in packet %u: ", whole + 1);
		if (n != ends[whole])
			assert_non_null(strstr(out.error, in));
		else
			assert_string_equal(out.error, "");
	}
	make_free(&make);
}

static void words_of_a_cut(void **state)
{
	struct make make = three_packets(false, 0xa1b2c3d4);
	struct outcome out;

	(void)state;
	out = outcome_of_bytes(folder, make.bytes->data, 100 + 16 + 20);
	assert_string_equal(out.error, "cut short in packet 2: 20 of 33 bytes "
				       "are there");
	out = outcome_of_bytes(folder, make.bytes->data, 100 + 16);
	assert_string_equal(out.error, "cut short in packet 2: 0 of 33 bytes "
				       "are there");
	out = outcome_of_bytes(folder, make.bytes->data, 110);
	assert_string_equal(out.error, "cut short in packet 2: 10 of 16 header "
				       "bytes are there");
	out = outcome_of_bytes(folder, make.bytes->data, 10);
	assert_string_equal(out.error, "cut short in packet 1: 10 of 24 file "
				       "header bytes are there");
	make_free(&make);
}

static void large_claims_are_damage(void **state)
{
	static const struct {
		uint32_t captured;
		const char *error;
	} cases[] = {
		{300u << 20, "damaged in packet 2: it claims to have "
			     "314572800 bytes"},
		{UINT32_MAX, "damaged in packet 2: it claims to have "
			     "4294967295 bytes"},
		{1u << 20, "damaged in packet 2: "},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct make make = make_new(false);
		struct outcome out;

		pcap_header(&make, 0xa1b2c3d4, 1);
		pcap_packet(&make, EPOCH, 0, 9, 9);
		put(&make, EPOCH, 8);
		put(&make, cases[i].captured, 4);
		put(&make, cases[i].captured, 4);
		if (i == 2)
			put_data(&make, cases[i].captured);
		out = outcome_of_bytes(folder, make.bytes->data,
				       make.bytes->len);
		assert_int_equal(out.n_packets, 1);
		assert_int_equal(out.n_errors, 1);
		assert_int_equal(strncmp(out.error, cases[i].error,
					 strlen(cases[i].error)),
				 0);
		make_free(&make);
	}
}

static void what_is_no_capture(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *error;
	} cases[] = {
		{"", 0, "empty file"},
		{"a", 1, "not a packet capture"},
		{"\xd4\xc3\xb2", 3, "not a packet capture"},
		{"Hello, this is text.\n", 21, "not a packet capture"},
	};
	struct outcome out;
	char *missing;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		out = outcome_of_bytes(folder, cases[i].bytes, cases[i].n);
		assert_int_equal(out.n_errors, 1);
		assert_string_equal(out.error, cases[i].error);
		assert_string_equal(out.format, "");
		assert_int_equal(out.info.first_ns, -1);
	}
	out = outcome_of(folder);
	assert_string_equal(out.error, "a folder, not a file");
	missing = g_build_filename(folder, "missing", NULL);
	out = outcome_of(missing);
	assert_string_equal(out.error, "No such file or directory");
	g_free(missing);
	/* libpcap knows version 2 only */
	out = outcome_of_bytes(folder,
			       "\xd4\xc3\xb2\xa1\x09\0\x04\0\0\0\0\0\0\0\0\0"
			       "\xff\xff\0\0\x01\0\0\0",
			       24);
	assert_int_equal(out.n_errors, 1);
	assert_non_null(strstr(out.error, "damaged in packet 1: "));
}

static void seconds_last_until_2106(void **state)
{
	struct make make = make_new(true);
	struct outcome out;

	(void)state;
	pcap_header(&make, 0xa1b23c4d, 1);
	pcap_packet(&make, 0xfffffff0, 5, 1, 1);
	out = outcome_of_bytes(folder, make.bytes->data, make.bytes->len);
	assert_int_equal(out.last_time, INT64_C(0xfffffff0) * 1000000000 + 5);
	make_free(&make);
}

static void standard_input_is_read(void **state)
{
	struct make make = three_packets(false, 0xa1b2c3d4);
	int kept = dup(STDIN_FILENO);
	struct outcome out;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], make.bytes->data, make.bytes->len),
			 make.bytes->len);
	close(ends[1]);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	out = outcome_of("-");
	assert_int_equal(out.n_packets, 3);
	assert_int_equal(out.n_errors, 0);
	/* it stays open, and is read once */
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
	out = outcome_of("-");
	assert_string_equal(out.error, "empty file");
	dup2(kept, STDIN_FILENO);
	close(kept);
	close(ends[0]);
	make_free(&make);
}

static void progress_goes_to_the_size(void **state)
{
	struct make make = three_packets(false, 0xa1b2c3d4);
	char *file = file_new(folder, "x", make.bytes->data, make.bytes->len);
	struct ims_capture *capture = ims_capture_open(file, 0);
	struct ims_packet packet;
	uint64_t read = 1;
	uint64_t size = 1;

	(void)state;
	ims_capture_progress(capture, &read, &size);
	assert_int_equal(read, 0);
	assert_int_equal(size, 0);
	while (ims_capture_read(capture, &packet) == IMS_READ_PACKET) {
		ims_capture_progress(capture, &read, &size);
		assert_true(read > 0 && read <= size);
	}
	ims_capture_progress(capture, &read, &size);
	assert_int_equal(read, 165);
	assert_int_equal(size, 165);
	ims_capture_close(capture);
	ims_capture_close(NULL);
	g_free(file);
	make_free(&make);
}

static void read_starving(void *user)
{
	struct outcome *worst = user;
	char *file = g_build_filename(folder, "starved", NULL);
	struct outcome out = outcome_of(file);

	assert_true(out.n_packets == 3 || out.n_errors == 1);
	if (out.n_errors) {
		assert_non_null(strstr(out.error, "not enough memory"));
		*worst = out;
	}
	g_free(file);
}

static void want_of_memory_is_an_error(void **state)
{
	struct make make = three_packets(false, 0xa1b2c3d4);
	struct outcome worst = {0};

	(void)state;
	g_free(file_new(folder, "starved", make.bytes->data, make.bytes->len));
	assert_int_equal(starve(read_starving, &worst), 1);
	assert_int_equal(worst.n_errors, 1);
	make_free(&make);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_byte_orders_and_units),
		cmocka_unit_test(link_types_are_those_of_files),
		cmocka_unit_test(every_cut_gives_the_packets_before),
		cmocka_unit_test(words_of_a_cut),
		cmocka_unit_test(large_claims_are_damage),
		cmocka_unit_test(what_is_no_capture),
		cmocka_unit_test(seconds_last_until_2106),
		cmocka_unit_test(standard_input_is_read),
		cmocka_unit_test(progress_goes_to_the_size),
		cmocka_unit_test(want_of_memory_is_an_error),
	};
	int failed;

	folder = folder_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	folder_free(folder);
	return failed;
}
