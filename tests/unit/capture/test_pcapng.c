// SPDX-License-Identifier: GPL-2.0-or-later
#include "make.h"

#define US  INT64_C(1000)
#define SEC INT64_C(1000000000)

static char *folder;

static struct outcome outcome_of_make(struct make *make)
{
	struct outcome out =
		outcome_of_bytes(folder, make->bytes->data, make->bytes->len);

	make_free(make);
	return out;
}

static void both_byte_orders_and_sections(void **state)
{
	struct make make = make_new(false);
	struct outcome out;

	(void)state;
	ng_section(&make);
	ng_interface(&make, 1, 0, -1);
	ng_packet(&make, 0, EPOCH * UINT64_C(1000000), 61);
	make.big = true;
	ng_section(&make);
	ng_interface(&make, 113, 0, 9);
	ng_packet(&make, 0, EPOCH * UINT64_C(1000000000) + 3, 62);
	make.big = false;
	ng_section(&make);
	ng_interface(&make, 1, 0, 9);
	ng_packet(&make, 0, EPOCH * UINT64_C(1000000000) + 9, 64);
	out = outcome_of_make(&make);
	assert_string_equal(out.error, "");
	assert_int_equal(out.n_packets, 3);
	assert_string_equal(out.format, "pcapng");
	assert_string_equal(out.links, "EN10MB LINUX_SLL");
	assert_int_equal(out.info.bytes, 61 + 62 + 64);
	assert_int_equal(out.info.first_ns, EPOCH * SEC);
	assert_int_equal(out.info.last_ns, EPOCH * SEC + 9);
}

static void interfaces_differ(void **state)
{
	static const uint32_t link_types[] = {1, 113, 101, 276, 1};
	struct make make = make_new(true);
	struct ims_capture *capture;
	struct ims_packet packet;
	char *file;

	(void)state;
	ng_section(&make);
	for (uint16_t i = 0; i < 5; i++)
		ng_interface(&make, (uint16_t)link_types[i], 100u * i, -1);
	for (uint32_t i = 0; i < 10; i++)
		ng_packet(&make, i % 5, i, i);
	file = file_new(folder, "x", make.bytes->data, make.bytes->len);
	make_free(&make);
	capture = ims_capture_open(file, 0);
	for (uint32_t i = 0; i < 10; i++) {
		assert_int_equal(ims_capture_read(capture, &packet),
				 IMS_READ_PACKET);
		assert_int_equal(packet.link_type, link_types[i % 5]);
		assert_int_equal(packet.captured, i);
		assert_int_equal(packet.wire, i + 10);
		assert_int_equal(packet.time_ns, i * US);
		check_packet(&packet);
	}
	assert_int_equal(ims_capture_read(capture, &packet), IMS_READ_END);
	assert_int_equal(ims_capture_info(capture)->n_link_types, 4);
	ims_capture_close(capture);
	g_free(file);
}

static void times_of_all_resolutions(void **state)
{
	static const struct {
		int resolution;
		uint64_t ticks;
		int64_t offset_s;
		int64_t ns;
	} cases[] = {
		{-1, 1500000, 0, 1500000000},
		{0, EPOCH, 0, EPOCH * SEC},
		{3, 1234, 0, 1234000000},
		{6, 1, 0, 1000},
		{9, 1, 0, 1},
		{12, 1999, 0, 1},
		{12, 5000000000001, 0, 5000000000},
		{28, UINT64_MAX, 0, 1},
		{29, UINT64_MAX, 0, 0},
		{127, UINT64_MAX, 0, 0},
		{0x80, 7, 0, 7 * SEC},
		{0x80 | 1, 3, 0, 1500000000},
		{0x80 | 20, (UINT64_C(5) << 20) + (1 << 19), 0, 5500000000},
		{0x80 | 32, UINT64_C(3) << 31, 0, 1500000000},
		{0x80 | 63, UINT64_C(3) << 62, 0, 1500000000},
		{0x80 | 64, UINT64_C(1) << 63, 0, 500000000},
		{0x80 | 127, UINT64_MAX, 0, 0},
		{6, 1000000, EPOCH, (EPOCH + 1) * SEC},
		{6, 1000000, -3600, -3599 * SEC},
		{6, UINT64_MAX, 0, INT64_MAX},
		{0x80, UINT64_MAX, 0, INT64_MAX},
		{6, 0, INT64_MAX, INT64_MAX},
		{6, 0, INT64_MIN, INT64_MIN},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct make make = make_new(i % 2);
		struct outcome out;
		size_t at;

		ng_section(&make);
		at = ng_begin(&make, 1);
		put(&make, 1, 2);
		put(&make, 0, 2);
		put(&make, 0, 4);
		ng_option(&make, 2, 0x6574683000000000, 8); /* a name */
		if (cases[i].resolution >= 0)
			ng_option(&make, 9, (uint64_t)cases[i].resolution, 1);
		ng_option(&make, 14, (uint64_t)cases[i].offset_s, 8);
		ng_end(&make, at);
		ng_packet(&make, 0, cases[i].ticks, 4);
		out = outcome_of_make(&make);
		assert_int_equal(out.n_packets, 1);
		if (out.last_time != cases[i].ns)
			fail_msg("case %zu: %lld", i, (long long)out.last_time);
	}
}

static void simple_and_obsolete_packets(void **state)
{
	struct make make = make_new(true);
	struct outcome out;
	size_t at;

	(void)state;
	ng_section(&make);
	ng_interface(&make, 1, 20, -1);
	ng_packet(&make, 0, 77, 8);
	at = ng_begin(&make, 3); /* cut to the snapshot length */
	put(&make, 1500, 4);
	put_data(&make, 20);
	ng_end(&make, at);
	at = ng_begin(&make, 3); /* shorter than it, and padded */
	put(&make, 5, 4);
	put_data(&make, 5);
	put_padding(&make);
	ng_end(&make, at);
	at = ng_begin(&make, 2);
	put(&make, 0, 2);
	put(&make, 6, 2); /* six were lost before */
	put(&make, 0, 4);
	put(&make, 99, 4);
	put(&make, 7, 4);
	put(&make, 9, 4);
	put_data(&make, 7);
	put_padding(&make);
	ng_end(&make, at);
	out = outcome_of_make(&make);
	assert_string_equal(out.error, "");
	assert_int_equal(out.n_packets, 4);
	assert_int_equal(out.info.bytes, 8 + 20 + 5 + 7);
	assert_int_equal(out.drops, 6);
	assert_int_equal(out.info.first_ns, 77 * US);
	assert_int_equal(out.info.last_ns, 99 * US);
}

static void packet_after_drops(struct make *make, uint64_t ticks, uint64_t n)
{
	size_t at = ng_packet_begin(make, 0, ticks, 6);

	ng_option(make, 2, 1, 4); /* flags: inbound */
	ng_option(make, 4, n, 8);
	put(make, 0, 4);
	ng_end(make, at);
}

static void drops_are_told_once_and_where(void **state)
{
	static const struct {
		enum ims_read kind;
		uint64_t number;
		uint32_t drops;
		int64_t time_ns;
	} told[] = {
		{IMS_READ_PACKET, 1, 0, 10 * US},
		{IMS_READ_DROPS, 2, 3, 20 * US},
		{IMS_READ_PACKET, 2, 0, 20 * US},
		{IMS_READ_DROPS, 3, 4, 30 * US},
		{IMS_READ_PACKET, 3, 0, 30 * US},
		/* ten in sum, of which seven are told */
		{IMS_READ_DROPS, 3, 3, 30 * US},
		{IMS_READ_DROPS, 3, 5, 30 * US}, /* the other interface */
		{IMS_READ_END, 0, 0, 0},
	};
	struct make make = make_new(false);
	struct ims_capture *capture;
	struct ims_packet packet;
	char *file;

	(void)state;
	ng_section(&make);
	ng_interface(&make, 1, 0, -1);
	ng_interface(&make, 1, 0, -1);
	ng_packet(&make, 0, 10, 6);
	packet_after_drops(&make, 20, 3);
	packet_after_drops(&make, 30, 4);
	ng_statistics(&make, 0, 2, 1);
	ng_statistics(&make, 0, 8, 2);
	ng_statistics(&make, 0, 8, 2);
	ng_statistics(&make, 1, 5, 0);
	file = file_new(folder, "x", make.bytes->data, make.bytes->len);
	make_free(&make);
	capture = ims_capture_open(file, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
		assert_int_equal(ims_capture_read(capture, &packet),
				 told[i].kind);
		if (told[i].kind == IMS_READ_END)
			break;
		assert_int_equal(packet.number, told[i].number);
		assert_int_equal(packet.time_ns, told[i].time_ns);
		if (told[i].kind == IMS_READ_DROPS)
			assert_int_equal(packet.wire, told[i].drops);
	}
	assert_int_equal(ims_capture_info(capture)->dropped, 15);
	assert_int_equal(ims_capture_info(capture)->packets, 3);
	ims_capture_close(capture);
	g_free(file);
}

/* 4, NRB; 10, DSB; 0xbad, custom; others; one beyond what is held */
static void other_blocks_are_skipped(void **state)
{
	static const uint32_t types[] = {4, 10, 0xbad, 0x40000bad, 0x80000001};
	struct make make = make_new(false);
	struct outcome out;
	size_t at;

	(void)state;
	ng_section(&make);
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		at = ng_begin(&make, types[i]);
		put_data(&make, 4 * (unsigned)i);
		ng_end(&make, at);
	}
	ng_interface(&make, 1, 0, -1);
	at = ng_begin(&make, 4);
	g_byte_array_set_size(make.bytes, make.bytes->len + (20 << 20));
	ng_end(&make, at);
	ng_packet(&make, 0, 1, 10);
	out = outcome_of_make(&make);
	assert_string_equal(out.error, "");
	assert_int_equal(out.n_packets, 1);
}

/* What its blocks' ends are; `packets`: those before the block that is cut. */
static void every_cut_gives_the_packets_before(void **state)
{
	struct make make = make_new(true);
	size_t ends[6];
	static const unsigned packets[] = {0, 0, 1, 1, 2, 2};

	(void)state;
	ng_section(&make);
	ends[0] = make.bytes->len;
	ng_interface(&make, 1, 0, 9);
	ends[1] = make.bytes->len;
	ng_packet(&make, 0, 5, 61);
	ends[2] = make.bytes->len;
	ng_end(&make, ng_begin(&make, 4));
	ends[3] = make.bytes->len;
	ng_packet(&make, 0, 6, 16);
	ends[4] = make.bytes->len;
	ng_statistics(&make, 0, 0, 0);
	ends[5] = make.bytes->len;
	for (size_t n = 4; n <= make.bytes->len; n++) {
		struct outcome out =
			outcome_of_bytes(folder, make.bytes->data, n);
		unsigned whole = 0;
		unsigned before;
		char in[40];

		while (whole < 6 && n >= ends[whole])
			whole++;
		before = whole ? packets[whole - 1] : 0;
		assert_int_equal(out.n_packets, before);
		if (whole && n == ends[whole - 1]) {
			assert_string_equal(out.error, "");
			continue;
		}
		assert_int_equal(out.n_errors, 1);
		snprintf(in, sizeof(in),
			 "cut short in packet %u: ", before + 1);
		assert_non_null(strstr(out.error, in));
	}
	make_free(&make);
}

struct damage {
	const char *what; /* in the error */
	size_t at;	  /* of the second packet's block, to be set */
	uint32_t value;
};

static void damage_is_told_with_its_packet(void **state)
{
	/* a block of 32 + 16 bytes, little-endian */
	static const struct damage cases[] = {
		{"block of 8 bytes", 4, 8},
		{"block of 0 bytes", 4, 0},
		{"block of 47 bytes", 4, 47},
		{"block of 4294967292 bytes", 4, UINT32_MAX - 3},
		{"block length is 48 before and 52 behind", 44, 52},
		{"there is no interface 1", 8, 1},
		{"it claims 17 bytes in a block of 48", 20, 17},
		{"it claims 4294967295 bytes in a block of 48", 20, UINT32_MAX},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct make make = make_new(false);
		struct outcome out;
		size_t at;

		ng_section(&make);
		ng_interface(&make, 1, 0, -1);
		ng_packet(&make, 0, 1, 10);
		at = make.bytes->len + cases[i].at;
		ng_packet(&make, 0, 2, 16);
		ng_packet(&make, 0, 3, 16);
		for (unsigned k = 0; k < 4; k++)
			make.bytes->data[at + k] =
				(uint8_t)(cases[i].value >> 8 * k);
		out = outcome_of_make(&make);
		assert_int_equal(out.n_packets, 1);
		assert_int_equal(out.n_errors, 1);
		assert_int_equal(
			strncmp(out.error, "damaged in packet 2: ", 21), 0);
		assert_string_equal(out.error + 21, cases[i].what);
	}
}

static void blocks_too_short_are_damage(void **state)
{
	static const struct {
		uint32_t type;
		unsigned n;
		const char *error;
	} cases[] = {
		{0x0a0d0d0a, 12, "section header of 24 bytes"},
		{1, 4, "interface block of 16 bytes"},
		{2, 16, "packet block of 28 bytes"},
		{3, 0, "packet block of 12 bytes"},
		{5, 8, "statistics block of 20 bytes"},
		{6, 16, "packet block of 28 bytes"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct make make = make_new(false);
		struct outcome out;
		size_t at;

		ng_section(&make);
		ng_interface(&make, 1, 0, -1);
		at = ng_begin(&make, cases[i].type);
		if (cases[i].type == 0x0a0d0d0a)
			put(&make, 0x1a2b3c4d, 4);
		while (make.bytes->len < at + 8 + cases[i].n)
			put(&make, 0, 4);
		ng_end(&make, at);
		out = outcome_of_make(&make);
		assert_int_equal(out.n_errors, 1);
		assert_non_null(strstr(out.error, cases[i].error));
	}
}

static void sections_are_checked(void **state)
{
	struct make make = make_new(false);
	struct outcome out;

	(void)state;
	ng_section(&make);
	make.bytes->data[12] = 2;
	out = outcome_of_make(&make);
	assert_non_null(strstr(out.error, "version 2 of pcapng is not known"));

	make = make_new(false);
	ng_section(&make);
	ng_section(&make);
	make.bytes->data[28 + 8] = 0;
	out = outcome_of_make(&make);
	assert_non_null(strstr(out.error, "section without byte order"));

	make = make_new(false); /* each section has its own interfaces */
	ng_section(&make);
	ng_interface(&make, 1, 0, -1);
	ng_section(&make);
	ng_packet(&make, 0, 1, 1);
	out = outcome_of_make(&make);
	assert_non_null(strstr(out.error, "there is no interface 0"));
}

static void interfaces_have_a_bound(void **state)
{
	struct make make = make_new(false);
	struct outcome out;

	(void)state;
	ng_section(&make);
	for (unsigned i = 0; i < 65536; i++)
		ng_interface(&make, (uint16_t)i, 0, -1);
	ng_packet(&make, 65535, 1, 1);
	ng_interface(&make, 1, 0, -1);
	out = outcome_of_make(&make);
	assert_int_equal(out.n_packets, 1);
	assert_string_equal(out.error, "damaged in packet 2: more than 65536 "
				       "interfaces");
	assert_int_equal(out.info.n_link_types, 64);
	assert_non_null(strstr(out.links, "EN10MB"));
}

/* Any one byte set to any of some values: no crash, no more than one error. */
static void any_byte_may_be_wrong(void **state)
{
	static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
	struct make make = make_new(false);

	(void)state;
	ng_section(&make);
	ng_interface(&make, 1, 0, 9);
	packet_after_drops(&make, 20, 3);
	ng_statistics(&make, 0, 2, 1);
	for (size_t i = 0; i < make.bytes->len; i++) {
		uint8_t kept = make.bytes->data[i];
		for (size_t k = 0; k < G_N_ELEMENTS(values); k++) {
			struct ims_capture *capture;
			struct ims_packet packet;
			unsigned n = 0;
			char *file;

			make.bytes->data[i] = values[k];
			file = file_new(folder, "x", make.bytes->data,
					make.bytes->len);
			capture = ims_capture_open(file, 0);
			while (ims_capture_read(capture, &packet) !=
			       IMS_READ_END)
				n++;
			assert_in_range(n, 1, 4);
			ims_capture_close(capture);
			g_free(file);
		}
		make.bytes->data[i] = kept;
	}
	make_free(&make);
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

	(void)state;
	ng_section(&make);
	for (unsigned i = 0; i < 9; i++)
		ng_interface(&make, 1, 0, -1);
	ng_packet(&make, 8, 1, 300000); /* more than the buffer */
	g_free(file_new(folder, "starved", make.bytes->data, make.bytes->len));
	make_free(&make);
	assert_int_equal(starve(read_starving, &n_whole), 4);
	assert_int_equal(n_whole, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_byte_orders_and_sections),
		cmocka_unit_test(interfaces_differ),
		cmocka_unit_test(times_of_all_resolutions),
		cmocka_unit_test(simple_and_obsolete_packets),
		cmocka_unit_test(drops_are_told_once_and_where),
		cmocka_unit_test(other_blocks_are_skipped),
		cmocka_unit_test(every_cut_gives_the_packets_before),
		cmocka_unit_test(damage_is_told_with_its_packet),
		cmocka_unit_test(blocks_too_short_are_damage),
		cmocka_unit_test(sections_are_checked),
		cmocka_unit_test(interfaces_have_a_bound),
		cmocka_unit_test(any_byte_may_be_wrong),
		cmocka_unit_test(want_of_memory_is_an_error),
	};
	int failed;

	folder = folder_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	folder_free(folder);
	return failed;
}
