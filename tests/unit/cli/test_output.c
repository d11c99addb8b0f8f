// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <errno.h>
#include <sys/stat.h>

#include "folder.h"
#include "output.h"

static void a_file_appears_whole(void **state)
{
	char *folder = folder_new();
	char *path = g_build_filename(folder, "report", NULL);
	struct ims_output output;

	(void)state;
	assert_true(ims_output_open(&output, path));
	fputs("half", output.file);
	fflush(output.file);
	assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	fputs(" and half", output.file);
	assert_true(ims_output_commit(&output));
	file_is(path, "half and half");
	assert_int_equal(folder_count(folder), 1);
	g_free(path);
	folder_free(folder);
}

static void what_was_there_stays_until_then(void **state)
{
	char *folder = folder_new();
	char *path = file_new(folder, "report", "old");
	struct ims_output output;

	(void)state;
	assert_true(ims_output_open(&output, path));
	fputs("new", output.file);
	fflush(output.file);
	file_is(path, "old");
	ims_output_discard(&output);
	file_is(path, "old");
	assert_int_equal(folder_count(folder), 1);
	assert_true(ims_output_open(&output, path));
	fputs("new", output.file);
	assert_true(ims_output_commit(&output));
	file_is(path, "new");
	assert_int_equal(folder_count(folder), 1);
	g_free(path);
	folder_free(folder);
}

static void permissions_and_links_stay(void **state)
{
	char *folder = folder_new();
	char *path = file_new(folder, "report", "old");
	char *link = g_build_filename(folder, "link", NULL);
	struct ims_output output;
	struct stat st;

	(void)state;
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(symlink("report", link), 0);
	assert_true(ims_output_open(&output, link));
	fputs("new", output.file);
	assert_true(ims_output_commit(&output));
	file_is(path, "new");
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	g_free(link);
	g_free(path);
	folder_free(folder);
}

static void failures_leave_nothing(void **state)
{
	struct ims_output output;
	char *folder = folder_new();
	char *path = g_build_filename(folder, "none", "report", NULL);

	(void)state;
	assert_false(ims_output_open(&output, path));
	assert_int_equal(errno, ENOENT);
	assert_false(ims_output_open(&output, folder));
	assert_int_equal(errno, EISDIR);
	assert_int_equal(folder_count(folder), 0);
	g_free(path);
	folder_free(folder);
}

static void a_device_is_written_to(void **state)
{
	struct ims_output output;

	(void)state;
	assert_true(ims_output_open(&output, "/dev/full"));
	fputs("text", output.file);
	assert_false(ims_output_commit(&output));
	assert_int_equal(errno, ENOSPC);
	assert_true(ims_output_open(&output, "/dev/null"));
	assert_true(ims_output_commit(&output));
	assert_true(g_file_test("/dev/null", G_FILE_TEST_EXISTS));
	assert_false(g_file_test("/dev/null", G_FILE_TEST_IS_REGULAR));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_appears_whole),
		cmocka_unit_test(what_was_there_stays_until_then),
		cmocka_unit_test(permissions_and_links_stay),
		cmocka_unit_test(failures_leave_nothing),
		cmocka_unit_test(a_device_is_written_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
