// SPDX-License-Identifier: GPL-2.0-or-later
#include "make.h"
#include "pack.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "magic.h"

static char *folder;

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

/* Thousands of these are read: the file is in memory only. */
static struct outcome count_packets(const void *bytes, size_t n)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);
	char *file = g_strdup_printf("/proc/self/fd/%d", fd);
	struct outcome out = {0};
	const struct ims_capture_info *info;
	struct ims_capture *capture;
	struct ims_packet packet;
	enum ims_read kind;

	assert_int_equal(write(fd, bytes, n), n);
	capture = ims_capture_open(file, 0);
	info = ims_capture_info(capture);
	while ((kind = ims_capture_read(capture, &packet)) != IMS_READ_END) {
		out.n_packets += kind == IMS_READ_PACKET;
		out.n_errors += kind == IMS_READ_ERROR;
		out.last_time = packet.time_ns;
	}
	keep(out.error, sizeof(out.error), info->error);
	keep(out.compression, sizeof(out.compression), info->compression);
	assert_int_equal(info->truncated, out.n_errors);
	ims_capture_close(capture);
	close(fd);
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
	for (unsigned i = 2 * GZIP; i < 2 * LZ4 + 2; i++) {
		const GByteArray *plain = i % 2 ? pcap.bytes : ng.bytes;
		GByteArray *bytes = packed(plain, i / 2);
		struct outcome out =
			outcome_of_bytes(folder, bytes->data, bytes->len);

		assert_string_equal(out.error, "");
		assert_int_equal(out.n_packets, 2);
		assert_string_equal(out.compression, packing_name(i / 2));
		assert_string_equal(out.links, "RAW");
		assert_int_equal(out.last_time,
				 EPOCH * INT64_C(1000000000) + 2);
		g_byte_array_free(bytes, TRUE);
	}
	make_free(&pcap);
	make_free(&ng);
}

/* Members of `part` bytes each, as `cat a.gz b.gz` makes them. */
static GByteArray *in_members(const GByteArray *plain, enum packing packing,
			      size_t part, size_t block)
{
	GByteArray *bytes = g_byte_array_new();

	for (size_t at = 0; at < plain->len; at += part)
		pack_onto(bytes, plain->data + at, MIN(part, plain->len - at),
			  packing, block);
	return bytes;
}

/* The bytes between members are of no member. */
static void members_one_behind_the_other(void **state)
{
	static const struct {
		enum packing packing;
		const char *between;
		size_t n;
	} cases[] = {
		{GZIP, "", 0},
		{ZSTD, "", 0},
		{XZ, "", 0},
		{LZ4, "", 0},
		/* RFC 8878, 3.1.2; lz4 has taken it over */
		{ZSTD, "\x50\x2a\x4d\x18\3\0\0\0abc", 11},
		{LZ4, "\x5f\x2a\x4d\x18\3\0\0\0abc", 11},
		{ZSTD, "\x51\x2a\x4d\x18\0\0\0\0", 8},
		{LZ4, "\x51\x2a\x4d\x18\0\0\0\0", 8},
		{XZ, "\0\0\0\0\0\0\0\0", 8},
	};
	struct make make = noise(300);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		GByteArray *bytes = g_byte_array_new();
		struct outcome out;

		for (size_t at = 0, part = 70001; at < make.bytes->len;
		     at += part) {
			pack_onto(bytes, make.bytes->data + at,
				  MIN(part, make.bytes->len - at),
				  cases[i].packing, 0);
			g_byte_array_append(bytes,
					    (const uint8_t *)cases[i].between,
					    (guint)cases[i].n);
		}
		out = count_packets(bytes->data, bytes->len);
		assert_string_equal(out.error, "");
		assert_int_equal(out.n_packets, 300);
		g_byte_array_free(bytes, TRUE);
	}
	make_free(&make);
}

static void what_is_behind_the_last_member(void **state)
{
	static const struct {
		enum packing packing;
		const char *behind;
		size_t n;
		const char *error;
	} cases[] = {
		/* as gzip(1): padding, and anything that is no member */
		{GZIP, "\0", 1, NULL},
		{GZIP, "\0\0\0\x1f\x8b\x08", 6, NULL},
		{GZIP, "signature", 9, NULL},
		{GZIP, "\x1fz", 2, NULL},
		/* but a member that is cut */
		{GZIP, "\x1f", 1, "gzip data cut short"},
		{GZIP, "\x1f\x8b", 2, "gzip data cut short"},
		{GZIP, "\x1f\x8b\x07\0", 4,
		 "gzip data damaged: unknown compression method"},
		{ZSTD, "junk", 4,
		 "zstd data damaged: Unknown frame descriptor"},
		{ZSTD, "\x28", 1, "zstd data cut short"},
		{XZ, "junkjunkjunk", 12,
		 "xz data damaged: wrong structure or checksum"},
		{XZ, "\0\0\0", 3,
		 "xz data damaged: wrong structure or checksum"},
		{XZ, "\xfd", 1, "xz data cut short"},
		{LZ4, "junkjunkjunk", 12,
		 "lz4 data damaged: ERROR_frameType_unknown"},
		{LZ4, "\x04", 1, "lz4 data cut short"},
	};
	struct make make = noise(5);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		GByteArray *bytes = packed(make.bytes, cases[i].packing);
		struct outcome out;

		g_byte_array_append(bytes, (const uint8_t *)cases[i].behind,
				    (guint)cases[i].n);
		out = count_packets(bytes->data, bytes->len);
		assert_int_equal(out.n_packets, 5);
		if (cases[i].error)
			assert_non_null(strstr(out.error, cases[i].error));
		else
			assert_string_equal(out.error, "");
		g_byte_array_free(bytes, TRUE);
	}
	make_free(&make);
}

/* Packets whose bytes are told apart, so that blocks are not all stored. */
static struct make mixture(unsigned n)
{
	struct make make = make_new(false);

	pcap_header(&make, 0xa1b2c3d4, 1);
	for (unsigned i = 0; i < n; i++)
		pcap_packet(&make, EPOCH + i, i * 7 % 1000, i * 37 % 61, 100);
	return make;
}

static size_t whole_packets(const GByteArray *plain, size_t n)
{
	size_t packets = 0;

	for (size_t at = 24; at + 16 <= n; packets++) {
		at += 16 + plain->data[at + 8];
		if (at > n)
			break;
	}
	return packets;
}

/* Every cut gives all packets that the reference has by then. */
static void cut_everywhere(const GByteArray *bytes, enum packing packing,
			   size_t step)
{
	struct reference *ref = reference_new(packing);

	for (size_t n = 0; n < bytes->len; n++) {
		struct outcome out;

		if (n % step == 0) {
			out = count_packets(bytes->data, n);
			assert_int_equal(
				out.n_packets,
				whole_packets(ref->plain, ref->plain->len));
			assert_int_equal(out.n_errors, 1);
			if (n >= IMS_MAGIC_SIZE && !ref->whole)
				assert_non_null(
					strstr(out.error, "data cut short"));
		}
		reference_take(ref, bytes->data[n]);
	}
	assert_false(ref->failed);
	assert_true(ref->whole);
	reference_free(ref);
}

static void a_cut_leaves_all_before_it(void **state)
{
	struct make make = mixture(60);

	(void)state;
	for (enum packing packing = GZIP; packing <= LZ4; packing++) {
		/* no member ends where a packet does */
		static const size_t parts[] = {99999, 1001};

		for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
			GByteArray *bytes =
				in_members(make.bytes, packing, parts[i], 150);
			struct outcome out =
				count_packets(bytes->data, bytes->len);

			assert_int_equal(out.n_packets, 60);
			assert_string_equal(out.error, "");
			cut_everywhere(bytes, packing, 1);
			g_byte_array_free(bytes, TRUE);
		}
	}
	make_free(&make);
}

/* Blocks that are larger than what is read and unpacked at once. */
static void a_cut_in_large_blocks(void **state)
{
	struct make make = mixture(20000);

	(void)state;
	for (enum packing packing = GZIP; packing <= LZ4; packing++) {
		GByteArray *bytes = packed(make.bytes, packing);

		cut_everywhere(bytes, packing, bytes->len / 53);
		g_byte_array_free(bytes, TRUE);
	}
	make_free(&make);
}

static void cut_noise_is_told(void **state)
{
	struct make make = noise(1000);

	(void)state;
	for (enum packing packing = GZIP; packing <= LZ4; packing++) {
		GByteArray *bytes =
			in_members(make.bytes, packing, make.bytes->len, 10000);
		struct outcome out = count_packets(bytes->data, bytes->len / 2);

		assert_int_equal(out.n_errors, 1);
		assert_in_range(out.n_packets, 485, 500);
		assert_non_null(strstr(out.error, packing_name(packing)));
		assert_non_null(strstr(out.error, "packet "));

		memset(bytes->data + bytes->len / 2, 0xff, 5000);
		out = count_packets(bytes->data, bytes->len);
		assert_int_equal(out.n_errors, 1);
		g_byte_array_free(bytes, TRUE);
	}
	make_free(&make);
}

/* The packets are those of what the reference gives, put in a plain file. */
static void damaged_at(GByteArray *bytes, enum packing packing, size_t at,
		       uint8_t change)
{
	struct reference *ref = reference_new(packing);
	struct outcome expected;
	struct outcome out;

	bytes->data[at] ^= change;
	out = count_packets(bytes->data, bytes->len);
	for (size_t i = 0; i < bytes->len; i++)
		reference_take(ref, bytes->data[i]);
	bytes->data[at] ^= change;
	expected = count_packets(ref->plain->data, ref->plain->len);
	if (ref->failed || !ref->whole)
		expected.n_errors = 1;
	/* liblzma holds a chunk's size against it after each call, not sooner:
	   with one byte a call it stops earlier */
	if (packing == XZ)
		assert_true(out.n_packets >= expected.n_packets);
	else
		assert_int_equal(out.n_packets, expected.n_packets);
	assert_int_equal(out.n_errors, expected.n_errors);
	reference_free(ref);
}

static void damage_leaves_all_before_it(void **state)
{
	static const uint8_t changes[] = {0xff, 0x01, 0x06};
	struct make make = mixture(12);

	(void)state;
	for (enum packing packing = GZIP; packing <= LZ4; packing++) {
		GByteArray *bytes = in_members(make.bytes, packing, 301, 50);

		/* with another magic it is no compressed file */
		for (size_t at = 6; at < bytes->len; at++)
			damaged_at(bytes, packing, at,
				   changes[at % G_N_ELEMENTS(changes)]);
		g_byte_array_free(bytes, TRUE);
	}
	make_free(&make);
}

/* Blocks that are larger than what is read and unpacked at once. */
static void damage_in_large_blocks(void **state)
{
	struct make make = mixture(20000);

	(void)state;
	for (enum packing packing = GZIP; packing <= LZ4; packing++) {
		GByteArray *bytes = packed(make.bytes, packing);

		for (size_t at = 100; at < bytes->len; at += bytes->len / 17)
			damaged_at(bytes, packing, at, 0x06);
		g_byte_array_free(bytes, TRUE);
	}
	make_free(&make);
}

/* One bit of stored noise: only a checksum can see it. */
static void checksums_are_compared(void **state)
{
	struct make make = noise(100);

	(void)state;
	for (enum packing packing = GZIP; packing <= LZ4; packing++) {
		GByteArray *bytes = packed(make.bytes, packing);
		struct outcome out;

		bytes->data[bytes->len / 2] ^= 1;
		out = count_packets(bytes->data, bytes->len);
		assert_int_equal(out.n_errors, 1);
		assert_non_null(strstr(out.error, "data damaged: "));
		if (packing == GZIP) {
			assert_non_null(
				strstr(out.error, "incorrect data check"));
			assert_in_range(out.n_packets, 100, 100);
		}
		g_byte_array_free(bytes, TRUE);
	}
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
	for (enum packing packing = GZIP; packing <= LZ4; packing++) {
		bytes = packed(text, packing);
		out = outcome_of_bytes(folder, bytes->data, bytes->len);
		assert_string_equal(out.error, "not a packet capture");
		g_byte_array_free(bytes, TRUE);
	}
	g_byte_array_free(text, TRUE);
	out = outcome_of_bytes(folder, "\x1f\x8b\x08\x00\xff\xff", 6);
	assert_int_equal(out.n_errors, 1);
	assert_int_equal(out.n_packets, 0);
}

/* An xz header that asks for a window of 1.5 GiB. */
static void greedy_xz(GByteArray *bytes)
{
	lzma_options_lzma lzma = {.dict_size = UINT32_C(3) << 29};
	lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &lzma},
				 {LZMA_VLI_UNKNOWN, NULL}};
	lzma_stream_flags flags = {.check = LZMA_CHECK_CRC32};
	lzma_block block = {.check = LZMA_CHECK_CRC32,
			    .compressed_size = LZMA_VLI_UNKNOWN,
			    .uncompressed_size = LZMA_VLI_UNKNOWN,
			    .filters = filters};

	g_byte_array_set_size(bytes, 200);
	memset(bytes->data, 0, bytes->len);
	assert_int_equal(lzma_stream_header_encode(&flags, bytes->data),
			 LZMA_OK);
	assert_int_equal(lzma_block_header_size(&block), LZMA_OK);
	assert_int_equal(lzma_block_header_encode(
				 &block, bytes->data + LZMA_STREAM_HEADER_SIZE),
			 LZMA_OK);
}

static void greedy_data_is_refused(void **state)
{
	/* RFC 8878, 3.1.1.1.2: a window of 2 GiB, with an empty block */
	static const uint8_t zstd[] = {0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3,
				       1,    0,	   0,	 0,    0, 0};
	GByteArray *xz = g_byte_array_new();
	struct outcome out;

	(void)state;
	greedy_xz(xz);
	out = outcome_of_bytes(folder, xz->data, xz->len);
	assert_string_equal(out.error,
			    "xz data not unpacked: it takes more than "
			    "128 MiB of memory");
	g_byte_array_free(xz, TRUE);
	out = outcome_of_bytes(folder, zstd, sizeof(zstd));
	assert_string_equal(out.error,
			    "zstd data not unpacked: Frame requires too much "
			    "memory for decoding");
}

static long memory_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

#define BOMB	  (1u << 28)
#define BOMB_PART (1u << 24)

/* One block of 256 MiB of zeros, skipped, between two packets. */
static char *bomb_new(enum packing packing)
{
	GByteArray *bytes = g_byte_array_new();
	GByteArray *zeros = g_byte_array_new();
	uint8_t *part = g_malloc0(BOMB_PART);
	struct make make = make_new(false);
	char *file;

	ng_section(&make);
	ng_interface(&make, 1, 0, -1);
	ng_packet(&make, 0, 1, 9);
	put(&make, 4, 4);
	put(&make, BOMB + 12, 4);
	pack_onto(bytes, make.bytes->data, make.bytes->len, packing, 0);
	pack_onto(zeros, part, BOMB_PART, packing, 0);
	for (unsigned i = 0; i < BOMB / BOMB_PART; i++)
		g_byte_array_append(bytes, zeros->data, zeros->len);
	make.bytes->len = 0;
	put(&make, BOMB + 12, 4);
	ng_packet(&make, 0, 2, 9);
	pack_onto(bytes, make.bytes->data, make.bytes->len, packing, 0);
	file = file_new(folder, "bomb", bytes->data, bytes->len);
	g_byte_array_free(bytes, TRUE);
	g_byte_array_free(zeros, TRUE);
	make_free(&make);
	g_free(part);
	return file;
}

static void a_bomb_takes_no_memory(void **state)
{
	(void)state;
	for (enum packing packing = GZIP; packing <= LZ4; packing++) {
		char *file = bomb_new(packing);
		long before = memory_kib();
		struct outcome out = outcome_of(file);

		assert_string_equal(out.error, "");
		assert_int_equal(out.n_packets, 2);
		assert_true(memory_kib() - before < 32 * 1024);
		g_free(file);
	}
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
	bytes = packed(make.bytes, GZIP);
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
		cmocka_unit_test(what_is_behind_the_last_member),
		cmocka_unit_test(a_cut_leaves_all_before_it),
		cmocka_unit_test(a_cut_in_large_blocks),
		cmocka_unit_test(cut_noise_is_told),
		cmocka_unit_test(damage_leaves_all_before_it),
		cmocka_unit_test(damage_in_large_blocks),
		cmocka_unit_test(checksums_are_compared),
		cmocka_unit_test(compressed_but_no_capture),
		cmocka_unit_test(greedy_data_is_refused),
		cmocka_unit_test(a_bomb_takes_no_memory),
		cmocka_unit_test(want_of_memory_is_an_error),
	};
	int failed;

	folder = folder_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	folder_free(folder);
	return failed;
}
