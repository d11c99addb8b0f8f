// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <string.h>

#include "anonymity.h"
#include "folder.h"

static const char key[] = "sixteen bytes do";

static struct ims_cli_options options_new(const char *subscriber)
{
	return (struct ims_cli_options){
		.subscriber = g_strdup(subscriber),
		.hints =
			g_array_new(FALSE, FALSE, sizeof(struct ims_role_hint)),
	};
}

static void options_free(struct ims_cli_options *options)
{
	g_free(options->subscriber);
	g_array_free(options->hints, TRUE);
	g_bytes_unref(options->key);
}

/* Whether it was done; what was complained of is nobody's concern. */
static bool apply(struct ims_cli_options *options, const char *file)
{
	struct captured err = capture_start(STDERR_FILENO);
	bool done = ims_anonymity_apply(options, file);

	g_free(capture_end(&err));
	return done;
}

static void keys_of_files(void **state)
{
	char *folder = folder_new();
	char *good = file_new(folder, "good", "sixteen bytes do\r\n");
	char *bare = file_new(folder, "bare", key);
	char *small = file_new(folder, "small", "fifteen bytes d\n");
	char *none = g_build_filename(folder, "none", NULL);
	struct ims_cli_options a = options_new(NULL), b = options_new(NULL);
	struct ims_cli_options c = options_new(NULL);

	(void)state;
	assert_true(apply(&a, good));
	assert_true(apply(&b, bare));
	assert_true(g_bytes_equal(a.key, b.key));
	assert_false(apply(&c, small));
	assert_null(c.key);
	assert_false(apply(&c, none));
	options_free(&a);
	options_free(&b);
	options_free(&c);
	g_free(good);
	g_free(bare);
	g_free(small);
	g_free(none);
	folder_free(folder);
}

static void keys_by_chance(void **state)
{
	struct ims_cli_options a = options_new(NULL), b = options_new(NULL);

	(void)state;
	assert_true(apply(&a, NULL));
	assert_true(apply(&b, NULL));
	assert_false(g_bytes_equal(a.key, b.key));
	assert_int_equal(g_bytes_get_size(a.key), 32);
	options_free(&a);
	options_free(&b);
}

/* What is given in true names is looked for by pseudonyms. */
static void names_on_the_command_line(void **state)
{
	char *folder = folder_new(), *file = file_new(folder, "key", key);
	struct ims_cli_options o = options_new("15550100002");
	struct ims_cli_options cut = options_new("*0002");
	struct ims_pseudonyms *p = ims_pseudonyms_new(key, strlen(key));
	struct ims_role_hint hint = {0};
	struct ims_address made;
	char number[] = "15550100002";

	(void)state;
	assert_true(ims_address_parse(&hint.endpoint.address,
				      ims_slice_of("10.1.2.3")));
	made = hint.endpoint.address;
	g_array_append_val(o.hints, hint);
	assert_true(apply(&o, file));
	ims_pseudonym_address(p, &made);
	assert_true(ims_address_equal(
		&made, &g_array_index(o.hints, struct ims_role_hint, 0)
				.endpoint.address));
	ims_pseudonyms_text(p, number, strlen(number));
	assert_string_equal(o.subscriber, number);
	assert_false(apply(&cut, file));
	ims_pseudonyms_free(p);
	options_free(&o);
	options_free(&cut);
	g_free(file);
	folder_free(folder);
}

static void names_of_files(void **state)
{
	struct ims_pseudonyms *p = ims_pseudonyms_new(key, strlen(key));
	char *name = ims_anonymity_file(p, "/home/bob/alice_4711.pcapng.gz");

	(void)state;
	assert_int_equal(strlen(name), strlen("alice_4711.pcapng.gz"));
	assert_string_equal(name + 10, ".pcapng.gz");
	assert_null(strstr(name, "alice"));
	assert_null(strstr(name, "4711"));
	g_free(name);
	name = ims_anonymity_file(p, "-");
	assert_string_equal(name, "-");
	g_free(name);
	ims_pseudonyms_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_files),
		cmocka_unit_test(keys_by_chance),
		cmocka_unit_test(names_on_the_command_line),
		cmocka_unit_test(names_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
