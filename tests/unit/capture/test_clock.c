// SPDX-License-Identifier: GPL-2.0-or-later
#include "make.h"

#include "merge.h"

#define MS INT64_C(1000000)

static char *folder;

/* The first four bytes say which packet it is. */
static uint64_t identity(const struct ims_packet *packet)
{
	uint32_t id;

	memcpy(&id, packet->bytes, 4);
	return id;
}

struct span {
	uint32_t first; /* identities first .. last are in the file */
	uint32_t last;
	int64_t ahead_ns; /* of its clock */
	int64_t jitter_ns;
	uint32_t repeat;  /* each so many times */
	int64_t apart_ns; /* the one after the other */
};

static char *file_of(unsigned index, const struct span *span)
{
	struct make make = make_new(false);
	char name[8];
	char *file;

	pcap_header(&make, 0xa1b23c4d, 1);
	for (uint32_t id = span->first; id <= span->last; id++) {
		int64_t time = (1000 + id) * INT64_C(1000000000) +
			       span->ahead_ns +
			       ((int64_t)(id % 3) - 1) * span->jitter_ns;
		for (uint32_t k = 0; k < MAX(span->repeat, 1); k++) {
			time += k ? span->apart_ns : 0;
			put(&make, (uint64_t)(time / 1000000000), 4);
			put(&make, (uint64_t)(time % 1000000000), 4);
			put(&make, 4, 4);
			put(&make, 4, 4);
			put(&make, id, 4);
		}
	}
	snprintf(name, sizeof(name), "c%u", index);
	file = file_new(folder, name, make.bytes->data, make.bytes->len);
	make_free(&make);
	return file;
}

static void offsets_from_shared_packets(void **state)
{
	static const struct {
		const char *what;
		struct span spans[4];
		int64_t expected[4];
	} cases[] = {
		{"two, the second behind",
		 {{1, 9, 0, 0, 0, 0}, {5, 20, -3700 * MS, 0, 0, 0}},
		 {0, 3700 * MS}},
		{"less than a millisecond is kept",
		 {{1, 9, 0, 0, 0, 0}, {1, 9, 1234, 0, 0, 0}},
		 {0, -1234}},
		{"four are too few, five are not",
		 {{1, 9, 0, 0, 0, 0},
		  {6, 30, 500 * MS, 0, 0, 0},
		  {5, 30, 0, 0, 0, 0}},
		 /* the second is placed by the third */
		 {0, -500 * MS, 0}},
		{"four are too few",
		 {{1, 9, 0, 0, 0, 0}, {6, 30, 500 * MS, 0, 0, 0}},
		 {0, 0}},
		{"five are enough",
		 {{1, 9, 0, 0, 0, 0}, {5, 30, 500 * MS, 0, 0, 0}},
		 {0, -500 * MS}},
		{"the third shares with the second only",
		 {{1, 20, 0, 0, 0, 0},
		  {11, 40, 2000 * MS, 0, 0, 0},
		  {31, 60, -5000 * MS, 0, 0, 0},
		  {51, 70, 1 * MS, 0, 0, 0}},
		 {0, -2000 * MS, 5000 * MS, -1 * MS}},
		{"the second shares with the third only",
		 {{1, 20, 0, 0, 0, 0},
		  {31, 60, 2000 * MS, 0, 0, 0},
		  {11, 40, -5000 * MS, 0, 0, 0}},
		 {0, -2000 * MS, 5000 * MS}},
		{"they agree within 10 ms",
		 {{1, 9, 0, 0, 0, 0}, {1, 9, 700 * MS, 9 * MS, 0, 0}},
		 {0, -700 * MS}},
		{"they do not agree",
		 {{1, 9, 0, 0, 0, 0}, {1, 9, 700 * MS, 11 * MS, 0, 0}},
		 {0, 0}},
		{"repeated packets say nothing",
		 {{1, 9, 0, 0, 2, 60 * MS}, {1, 9, 700 * MS, 0, 0, 0}},
		 {0, 0}},
		{"copies within an instant count once",
		 {{1, 9, 0, 0, 2, 1 * MS}, {1, 9, 700 * MS, 0, 3, 1 * MS}},
		 {0, -700 * MS}},
		{"what goes on where the first ended has its clock",
		 {{1, 60, 0, 0, 0, 0}, {56, 110, 5500 * MS, 0, 0, 0}},
		 {0, 0}},
		{"apart in time by a wrong clock",
		 {{1, 60, 0, 0, 0, 0}, {50, 110, 100000 * MS, 0, 0, 0}},
		 {0, -100000 * MS}},
		{"no identity says nothing",
		 {{0, 4, 0, 0, 0, 0}, {0, 4, 700 * MS, 0, 0, 0}},
		 {0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *files[4] = {NULL};
		int64_t offsets[4] = {77, 77, 77, 77};
		unsigned n = 0;

		for (; n < 4 && cases[i].spans[n].last; n++)
			files[n] = file_of(n, &cases[i].spans[n]);
		ims_clock_offsets(offsets, (const char *const *)files, n,
				  identity);
		for (unsigned k = 0; k < n; k++)
			if (offsets[k] != cases[i].expected[k])
				fail_msg("%s: file %u: %lld", cases[i].what, k,
					 (long long)offsets[k]);
		for (unsigned k = 0; k < n; k++)
			g_free(files[k]);
	}
}

static void what_cannot_be_read_is_left_at_0(void **state)
{
	static const struct span span = {1, 9, 5 * MS, 0, 0, 0};
	char *file = file_of(0, &span);
	const char *files[] = {"-", "/nowhere/missing", folder, file};
	int64_t offsets[] = {1, 2, 3, 4};

	(void)state;
	ims_clock_offsets(offsets, files, 4, identity);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(offsets[i], 0);
	ims_clock_offsets(offsets, files, 0, identity);
	g_free(file);
}

static void place_starving(void *user)
{
	static const struct span spans[] = {{1, 9, 0, 0, 0, 0},
					    {1, 9, 5 * MS, 0, 0, 0}};
	char *files[] = {file_of(0, &spans[0]), file_of(1, &spans[1])};
	int64_t offsets[] = {1, 1};
	unsigned *n_placed = user;

	ims_clock_offsets(offsets, (const char *const *)files, 2, identity);
	assert_int_equal(offsets[0], 0);
	assert_true(offsets[1] == 0 || offsets[1] == -5 * MS);
	*n_placed += offsets[1] != 0;
	g_free(files[0]);
	g_free(files[1]);
}

static void want_of_memory_leaves_0(void **state)
{
	unsigned n_placed = 0;

	(void)state;
	assert_int_equal(starve(place_starving, &n_placed), 4);
	assert_int_equal(n_placed, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_from_shared_packets),
		cmocka_unit_test(what_cannot_be_read_is_left_at_0),
		cmocka_unit_test(want_of_memory_leaves_0),
	};
	int failed;

	folder = folder_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	folder_free(folder);
	return failed;
}
