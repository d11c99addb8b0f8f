// SPDX-License-Identifier: GPL-2.0-or-later
/* Where signatures are looked for, and what becomes of files that are wrong. */
#include "unit.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "signature_files.h"

#define TEXT(name) "[" name "]\nproduct=P\nsays=S\nsource=s\nreason=R\n"

static char *root;

/* root/PATH, with the folders above it; to be freed. */
static char *file_new(const char *path, const char *text)
{
	char *full = g_build_filename(root, path, NULL);
	char *folder = g_path_get_dirname(full);

	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	assert_true(g_file_set_contents(full, text, -1, NULL));
	g_free(folder);
	return full;
}

static void put(const char *path, const char *text)
{
	g_free(file_new(path, text));
}

static void take_away(const char *path)
{
	char *full = g_build_filename(root, path, NULL);

	assert_int_equal(g_unlink(full), 0);
	g_free(full);
}

static struct ims_signature_files load(const char *program, const char *named)
{
	struct ims_signature_files files;
	char *p = program ? g_build_filename(root, program, NULL) : NULL;
	char *n = named ? g_build_filename(root, named, NULL) : NULL;

	ims_signature_files_load(&files, p, n);
	g_free(p);
	g_free(n);
	return files;
}

static const char *name_of(const struct ims_signature_files *files, size_t i)
{
	return ims_signatures_at(files->signatures, i)->name;
}

static void the_shipped_file_is_above_the_program(void **state)
{
	static const char *const programs[] = {
		"prefix/bin/imsleuth",
		"prefix/lib/arch/wireshark/plugins/4.0/epan/imsleuth.so",
		"prefix/imsleuth",
	};

	(void)state;
	put("prefix/share/imsleuth/signatures.conf", TEXT("shipped"));
	for (size_t i = 0; i < G_N_ELEMENTS(programs); i++) {
		struct ims_signature_files files = load(programs[i], NULL);

		assert_true(files.has_shipped);
		assert_int_equal(ims_signatures_count(files.signatures), 1);
		assert_string_equal(name_of(&files, 0), "shipped");
		ims_signature_files_clear(&files);
	}
}

static void it_is_not_looked_for_too_far(void **state)
{
	struct ims_signature_files files =
		load("prefix/1/2/3/4/5/6/7/8/9/imsleuth", NULL);

	(void)state;
	/* Another may be installed on this machine. */
	if (!files.has_shipped)
		assert_int_equal(ims_signatures_count(files.signatures), 0);
	else
		assert_string_not_equal(name_of(&files, 0), "shipped");
	ims_signature_files_clear(&files);
}

static void each_file_is_read_after_the_other(void **state)
{
	struct ims_signature_files files;

	(void)state;
	put("config/imsleuth/signatures.conf", TEXT("own"));
	put("named.conf", TEXT("named") TEXT("shipped"));
	files = load("prefix/bin/imsleuth", "named.conf");
	assert_null(files.wrong);
	assert_int_equal(ims_signatures_count(files.signatures), 3);
	assert_string_equal(name_of(&files, 0), "own");
	assert_string_equal(name_of(&files, 1), "named");
	assert_string_equal(name_of(&files, 2), "shipped");
	ims_signature_files_clear(&files);
	take_away("config/imsleuth/signatures.conf");
}

/* That there are none, and why. */
static void is_wrong(struct ims_signature_files files, const char *at_fault,
		     const char *wrong)
{
	assert_null(files.signatures);
	assert_true(g_str_has_suffix(files.at_fault, at_fault));
	assert_string_equal(files.wrong, wrong);
	ims_signature_files_clear(&files);
}

static void a_file_that_is_wrong_is_named(void **state)
{
	char *big = g_strnfill(IMS_SIGNATURES_MAX_TEXT + 100, '\n');

	(void)state;
	put("config/imsleuth/signatures.conf", TEXT("own") "colour=red\n");
	is_wrong(load("prefix/bin/imsleuth", "named.conf"),
		 "/config/imsleuth/signatures.conf",
		 "[own] colour: there is no such key");
	take_away("config/imsleuth/signatures.conf");
	is_wrong(load("prefix/bin/imsleuth", "nothing.conf"), "/nothing.conf",
		 "No such file or directory");
	is_wrong(load("prefix/bin/imsleuth", "prefix"), "/prefix",
		 "Is a directory");
	put("big.conf", big);
	is_wrong(load("prefix/bin/imsleuth", "big.conf"), "/big.conf",
		 "has more than 1048576 bytes");
	put("prefix/share/imsleuth/signatures.conf", "nonsense\n");
	is_wrong(
		load("prefix/bin/imsleuth", "big.conf"),
		"/share/imsleuth/signatures.conf",
		"Key file contains line \xe2\x80\x9cnonsense\xe2\x80\x9d which "
		"is not a key-value pair, group, or comment");
	g_free(big);
}

static void remove_all(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		char *below = g_build_filename(path, name, NULL);

		remove_all(below);
		g_free(below);
	}
	if (dir)
		g_dir_close(dir);
	assert_int_equal(g_remove(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_file_is_above_the_program),
		cmocka_unit_test(it_is_not_looked_for_too_far),
		cmocka_unit_test(each_file_is_read_after_the_other),
		cmocka_unit_test(a_file_that_is_wrong_is_named),
	};
	char *config;
	int failed;

	root = g_dir_make_tmp("imsleuth-XXXXXX", NULL);
	config = g_build_filename(root, "config", NULL);
	g_setenv("XDG_CONFIG_HOME", config, TRUE);
	g_setenv("LC_ALL", "C", TRUE);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	remove_all(root);
	g_free(config);
	g_free(root);
	return failed;
}
