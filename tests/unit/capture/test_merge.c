// SPDX-License-Identifier: GPL-2.0-or-later
#include "make.h"

#include <dirent.h>
#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "merge.h"
#include "pack.h"

static char *folder;

/* A pcap of nanoseconds with packets at these times, ended by -1. */
static char *file_of_times(const char *name, const int64_t *times)
{
	struct make make = make_new(false);
	char *file;

	pcap_header(&make, 0xa1b23c4d, 1);
	for (; *times >= 0; times++)
		pcap_packet(&make, (uint32_t)(*times / 1000000000),
			    (uint32_t)(*times % 1000000000), 20, 20);
	file = file_new(folder, name, make.bytes->data, make.bytes->len);
	make_free(&make);
	return file;
}

struct step {
	uint32_t capture;
	uint64_t number;
	int64_t time_ns;
};

static void each_in_its_order_the_earliest_first(void **state)
{
	/* 50 comes late in its file: it keeps its place behind 400 */
	static const int64_t times[][5] = {
		{100, 400, 50, 500, -1}, {90, 300, 450, -1}, {-1}, {410, -1}};
	static const int64_t offsets[] = {0, 10, 0, -10};
	static const struct step steps[] = {
		{0, 1, 100}, {1, 1, 100}, {1, 2, 310}, {0, 2, 400},
		{0, 3, 50},  {3, 1, 400}, {1, 3, 460}, {0, 4, 500}};
	struct ims_capture *captures[4];
	struct ims_packet packet;
	struct ims_merge *merge;
	char name[] = "0";

	(void)state;
	for (uint32_t i = 0; i < 4; i++, name[0]++) {
		char *file = file_of_times(name, times[i]);
		captures[i] = ims_capture_open(file, i);
		g_free(file);
	}
	merge = ims_merge_new(captures, offsets, 4);
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		assert_int_equal(ims_merge_read(merge, &packet),
				 IMS_READ_PACKET);
		assert_int_equal(packet.capture, steps[i].capture);
		assert_int_equal(packet.number, steps[i].number);
		assert_int_equal(packet.time_ns, steps[i].time_ns);
		check_packet(&packet);
	}
	assert_int_equal(ims_merge_read(merge, &packet), IMS_READ_END);
	assert_int_equal(ims_merge_read(merge, &packet), IMS_READ_END);
	/* what a capture knows is in its own time */
	assert_int_equal(ims_capture_info(captures[1])->first_ns, 90);
	ims_merge_free(merge);
	ims_merge_free(NULL);
}

static void an_error_is_told_once_and_the_rest_goes_on(void **state)
{
	static const int64_t times[] = {100, 200, 300, -1};
	struct ims_capture *captures[3];
	static const int64_t offsets[3] = {0, 0, 0};
	unsigned n_packets[3] = {0};
	unsigned n_errors[3] = {0};
	struct ims_packet packet;
	struct ims_merge *merge;
	enum ims_read kind;
	char *whole = file_of_times("whole", times);
	char *cut = file_of_times("cut", times);

	(void)state;
	assert_int_equal(truncate(cut, 24 + 36 + 30), 0);
	captures[0] = ims_capture_open(whole, 0);
	captures[1] = ims_capture_open(cut, 1);
	captures[2] = ims_capture_open("/nowhere/missing", 2);
	merge = ims_merge_new(captures, offsets, 3);
	while ((kind = ims_merge_read(merge, &packet)) != IMS_READ_END) {
		assert_true(packet.capture < 3);
		n_packets[packet.capture] += kind == IMS_READ_PACKET;
		n_errors[packet.capture] += kind == IMS_READ_ERROR;
		if (kind == IMS_READ_ERROR && packet.capture == 1)
			assert_int_equal(packet.number, 2);
	}
	assert_int_equal(n_packets[0], 3);
	assert_int_equal(n_errors[0], 0);
	assert_int_equal(n_packets[1], 1);
	assert_int_equal(n_errors[1], 1);
	assert_int_equal(n_packets[2], 0);
	assert_int_equal(n_errors[2], 1);
	assert_string_equal(ims_capture_info(captures[1])->error,
			    "cut short in packet 2: 14 of 20 bytes are there");
	ims_merge_free(merge);
	g_free(whole);
	g_free(cut);
}

static unsigned descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

struct many {
	unsigned n_files;
	unsigned n_packets; /* of each */
	int64_t apart;	    /* between the begins of files */
	int64_t step;	    /* between the packets of a file */
	uint32_t size;	    /* of a packet */
	enum packing packing;
	unsigned limit; /* of descriptors */
};

static GPtrArray *make_many(const struct many *many)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);

	for (unsigned i = 0; i < many->n_files; i++) {
		struct make make = make_new(i % 2);
		GByteArray *bytes = make.bytes;
		char name[16];

		pcap_header(&make, 0xa1b23c4d, 1);
		for (unsigned k = 0; k < many->n_packets; k++) {
			int64_t time = i * many->apart + k * many->step;
			pcap_packet(&make, (uint32_t)(time / 1000000000),
				    (uint32_t)(time % 1000000000), many->size,
				    many->size);
		}
		if (many->packing)
			bytes = packed(make.bytes, many->packing);
		/* given in the wrong order, which does not matter */
		snprintf(name, sizeof(name), "m%05u", many->n_files - i);
		g_ptr_array_add(
			files, file_new(folder, name, bytes->data, bytes->len));
		if (many->packing)
			g_byte_array_free(bytes, TRUE);
		make_free(&make);
	}
	return files;
}

static void read_many(const struct many *many, const GPtrArray *files)
{
	struct ims_capture **captures =
		g_new0(struct ims_capture *, many->n_files);
	int64_t *offsets = g_new0(int64_t, many->n_files);
	unsigned before = descriptors();
	struct ims_packet packet;
	struct ims_merge *merge;
	int64_t time = 0;
	unsigned n = 0;
	enum ims_read kind;

	for (unsigned i = 0; i < many->n_files; i++)
		captures[i] = ims_capture_open(files->pdata[i], i);
	merge = ims_merge_new(captures, offsets, many->n_files);
	while ((kind = ims_merge_read(merge, &packet)) != IMS_READ_END) {
		if (kind != IMS_READ_PACKET)
			fail_msg("%s",
				 ims_capture_info(captures[packet.capture])
					 ->error);
		assert_true(packet.time_ns >= time);
		time = packet.time_ns;
		assert_int_equal(packet.captured, many->size);
		if (n++ % 64 == 0)
			assert_true(descriptors() <= before + many->limit / 2);
	}
	assert_int_equal(n, many->n_files * many->n_packets);
	assert_int_equal(descriptors(), before);
	ims_merge_free(merge);
	g_free(captures);
	g_free(offsets);
}

static void more_files_than_descriptors(void **state)
{
	static const struct many cases[] = {
		/* rotated: one ends before the next begins */
		{600, 5, 1000, 10, 60, PLAIN, 64},
		{100, 5, 1000, 10, 60, GZIP, 64},
		/* all at the same time, each beyond one buffer */
		{50, 40, 1, 1000, 20000, PLAIN, 40},
		{50, 40, 1, 1000, 20000, ZSTD, 40},
		/* the common limit, and no limit to speak of */
		{1500, 3, 10, 1000, 60, PLAIN, 1024},
		{30, 3, 10, 1000, 60, PLAIN, 1024},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		GPtrArray *files = make_many(&cases[i]);
		struct rlimit kept;
		struct rlimit small;

		assert_int_equal(getrlimit(RLIMIT_NOFILE, &kept), 0);
		small = (struct rlimit){cases[i].limit, kept.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &small), 0);
		read_many(&cases[i], files);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &kept), 0);
		for (guint k = 0; k < files->len; k++)
			g_remove(files->pdata[k]);
		g_ptr_array_free(files, TRUE);
	}
}

static void drops_come_with_corrected_time(void **state)
{
	struct make make = make_new(false);
	struct ims_capture *capture;
	const int64_t offset = 1000;
	struct ims_packet packet;
	struct ims_merge *merge;
	char *file;

	(void)state;
	ng_section(&make);
	ng_interface(&make, 1, 0, 9);
	ng_packet(&make, 0, 5, 4);
	ng_statistics(&make, 0, 7, 0);
	file = file_new(folder, "drops", make.bytes->data, make.bytes->len);
	capture = ims_capture_open(file, 3);
	merge = ims_merge_new(&capture, &offset, 1);
	assert_int_equal(ims_merge_read(merge, &packet), IMS_READ_PACKET);
	assert_int_equal(packet.time_ns, 1005);
	assert_int_equal(ims_merge_read(merge, &packet), IMS_READ_DROPS);
	assert_int_equal(packet.time_ns, 1005);
	assert_int_equal(packet.wire, 7);
	assert_int_equal(packet.capture, 3);
	assert_int_equal(ims_merge_read(merge, &packet), IMS_READ_END);
	ims_merge_free(merge);
	g_free(file);
	make_free(&make);
}

static void a_replaced_file_is_told(void **state)
{
	static const struct many many = {40, 40, 1, 1000, 20000, PLAIN, 40};
	GPtrArray *files = make_many(&many);
	struct ims_capture *captures[40];
	int64_t offsets[40] = {0};
	struct ims_packet packet;
	struct ims_merge *merge;
	struct rlimit kept;
	struct rlimit small = {0};
	unsigned n_errors = 0;
	enum ims_read kind;

	(void)state;
	getrlimit(RLIMIT_NOFILE, &kept);
	small = (struct rlimit){many.limit, kept.rlim_max};
	setrlimit(RLIMIT_NOFILE, &small);
	for (uint32_t i = 0; i < 40; i++)
		captures[i] = ims_capture_open(files->pdata[i], i);
	merge = ims_merge_new(captures, offsets, 40);
	for (unsigned i = 0; i < 80; i++)
		assert_int_equal(ims_merge_read(merge, &packet),
				 IMS_READ_PACKET);
	/* another file of the same name, as logrotate makes it */
	for (guint i = 0; i < files->len; i++)
		g_free(file_new(folder, strrchr(files->pdata[i], '/') + 1, "x",
				1));
	while ((kind = ims_merge_read(merge, &packet)) != IMS_READ_END)
		n_errors += kind == IMS_READ_ERROR;
	setrlimit(RLIMIT_NOFILE, &kept);
	assert_true(n_errors > 0);
	for (uint32_t i = 0; i < 40; i++) {
		const struct ims_capture_info *info =
			ims_capture_info(captures[i]);
		if (info->error)
			assert_non_null(strstr(info->error, "was replaced"));
	}
	ims_merge_free(merge);
	g_ptr_array_free(files, TRUE);
}

static void a_folder_gives_its_captures(void **state)
{
	static const int64_t times[] = {1, -1};
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	char *inner = g_build_filename(folder, "inner", NULL);
	char *fifo = g_build_filename(folder, "fifo.pcap", NULL);
	struct make ng = make_new(true);
	GByteArray *gzip;

	(void)state;
	g_mkdir(inner, 0700);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	ng_section(&ng);
	gzip = packed(ng.bytes, GZIP);
	g_free(file_of_times("b.pcap", times));
	g_free(file_of_times(".hidden.pcap", times));
	g_free(file_new(folder, "a.txt", ng.bytes->data, ng.bytes->len));
	g_free(file_new(folder, "Z.gz", gzip->data, gzip->len));
	g_free(file_new(folder, "c.pcap", "no capture", 10));
	g_free(file_new(folder, "d.pcap", "", 0));
	g_free(file_new(folder, "e.gz", "\x1f\x8b\x08", 3));
	assert_true(ims_capture_folder(files, folder));
	assert_int_equal(files->len, 3);
	assert_true(g_str_has_suffix(files->pdata[0], "/Z.gz"));
	assert_true(g_str_has_suffix(files->pdata[1], "/a.txt"));
	assert_true(g_str_has_suffix(files->pdata[2], "/b.pcap"));
	errno = 0;
	assert_false(ims_capture_folder(files, fifo));
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(files->len, 3);
	g_ptr_array_free(files, TRUE);
	g_byte_array_free(gzip, TRUE);
	make_free(&ng);
	g_remove(fifo);
	g_free(fifo);
	g_free(inner);
}

static int empty_folder(void **state)
{
	char *fresh = folder;

	(void)state;
	folder_free(fresh);
	folder = folder_new();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_in_its_order_the_earliest_first),
		cmocka_unit_test(an_error_is_told_once_and_the_rest_goes_on),
		cmocka_unit_test(more_files_than_descriptors),
		cmocka_unit_test(drops_come_with_corrected_time),
		cmocka_unit_test(a_replaced_file_is_told),
		cmocka_unit_test_setup(a_folder_gives_its_captures,
				       empty_folder),
	};
	int failed;

	folder = folder_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	folder_free(folder);
	return failed;
}
