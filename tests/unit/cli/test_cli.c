// SPDX-License-Identifier: GPL-2.0-or-later
/* The program as it is called: what it refuses, says and returns. */
#include "unit.h"

#include <jansson.h>
#include <stdlib.h>

#include "cli.h"
#include "folder.h"

#define MAX_ARGUMENTS 16

struct outcome {
	int status;
	char *out;
	char *err;
};

/* Runs "imsleuth" with the arguments up to NULL. */
static struct outcome run(const char *first, ...)
{
	struct captured out = capture_start(STDOUT_FILENO);
	struct captured err = capture_start(STDERR_FILENO);
	char *argv[MAX_ARGUMENTS] = {g_strdup("imsleuth")};
	char *freed[MAX_ARGUMENTS];
	struct outcome outcome;
	int argc = 1;
	va_list ap;

	va_start(ap, first);
	for (const char *a = first; a; a = va_arg(ap, const char *)) {
		assert_true(argc < MAX_ARGUMENTS - 1);
		argv[argc++] = g_strdup(a);
	}
	va_end(ap);
	memcpy(freed, argv, sizeof(argv));
	outcome.status = ims_cli(argc, argv);
	outcome.err = capture_end(&err);
	outcome.out = capture_end(&out);
	for (int i = 0; i < MAX_ARGUMENTS; i++)
		g_free(freed[i]);
	return outcome;
}

static void outcome_clear(struct outcome *o)
{
	g_free(o->out);
	g_free(o->err);
}

/* Refused with status 2, nothing on standard output, and these words. */
static void refused(struct outcome o, const char *words)
{
	assert_int_equal(o.status, 2);
	assert_string_equal(o.out, "");
	assert_int_equal(strncmp(o.err, "imsleuth: ", 10), 0);
	if (!strstr(o.err, words))
		fail_msg("no '%s' in: %s", words, o.err);
	outcome_clear(&o);
}

/* POSIX, Utility Conventions 12.2, guideline 6. */
static void values_may_be_attached(void **state)
{
	struct outcome o;

	(void)state;
	refused(run("-fxml", "x.pcap", NULL), "--format: 'xml' is not");
	refused(run("-j0", "x.pcap", NULL), "--jobs: 0 is not");
	refused(run("-fjson", "-j2", NULL), "no capture given");
	/* A value, a file's name, and no option. */
	refused(run("--only", "-fxml", "x.pcap", NULL),
		"--only: '-fxml' is not");
	refused(run("-f", "-fxml", "x.pcap", NULL), "--format: '-fxml' is not");
	o = run("--", "-fxml", NULL);
	assert_non_null(strstr(o.err, "-fxml: No such file"));
	outcome_clear(&o);
	o = run("-hV", NULL);
	assert_int_equal(o.status, 0);
	outcome_clear(&o);
}

static void wrong_usage_is_refused(void **state)
{
	(void)state;
	refused(run(NULL), "no capture given");
	refused(run("--ladder", "-f", "json", "x.pcap", NULL),
		"--ladder: only the format text has it, not json");
	refused(run("--annotates=x", "x.pcap", NULL),
		"Unknown option --annotates");
	refused(run("--annotate=", "x.pcap", NULL), "--annotate: no file");
	refused(run("--annotate=-", "x.pcap", NULL), "--annotate: standard");
	refused(run("--annotate=x", "--separate", "x.pcap", NULL),
		"--annotate: not with --separate");
	refused(run("--anonymize-key=x", "x.pcap", NULL),
		"--anonymize-key: without --anonymize");
	refused(run("--anonymize", "--anonymize-key=none.key", "x.pcap", NULL),
		"--anonymize-key: ");
	refused(run("--anonymize", "-s", "*0002", "x.pcap", NULL),
		"--subscriber: with --anonymize a name");
	refused(run("-f", "xml", "x.pcap", NULL),
		"--format: 'xml' is not among the formats of this version: "
		"text, json, ndjson, html, csv, mermaid");
	refused(run("-f", "x\x1b[m", "x.pcap", NULL), "'x\\x1b[m'");
	refused(run("--only", "good", "x.pcap", NULL),
		"'good' is not 'failed'");
	refused(run("--severity", "bad", "x.pcap", NULL),
		"'bad' is not one of note, warning, error");
	refused(run("--signatures", "", "x.pcap", NULL),
		"--signatures: no file named");
	refused(run("--from", "noon", "x.pcap", NULL), "--from: 'noon' is");
	refused(run("--from", "2", "--to", "1", "x.pcap", NULL),
		"--from: '2' is after --to '1'");
	refused(run("--answer-timeout", "0", "x.pcap", NULL),
		"--answer-timeout: '0'");
	refused(run("--slow-answer", "x", "x.pcap", NULL),
		"--slow-answer: 'x'");
	refused(run("-j", "0", "x.pcap", NULL), "--jobs: 0 is not 1 or more");
	refused(run("-", "-", NULL), "can be read once only");
	refused(run("--roles", "/nonexistent/roles", "x.pcap", NULL),
		"/nonexistent/roles");
	refused(run("--time-offset", "x.pcap", "x.pcap", NULL),
		"is not CAPTURE=SECONDS");
	refused(run("--time-offset", "y.pcap=1", "x.pcap", NULL),
		"'y.pcap' is not among the captures");
	refused(run("explain", "a", "b", NULL), "one rule at a time");
}

static void the_version_is_said(void **state)
{
	struct outcome o = run("-V", NULL);

	(void)state;
	assert_int_equal(o.status, 0);
	assert_string_equal(o.out, "imsleuth " IMSLEUTH_VERSION "\n");
	outcome_clear(&o);
}

static void an_output_is_no_capture(void **state)
{
	char *folder = folder_new();
	char *path = file_new(folder, "x.pcap", "not to be lost");

	(void)state;
	refused(run("-o", path, path, NULL), "is one of the captures");
	file_is(path, "not to be lost");
	g_free(path);
	folder_free(folder);
}

/* Not silent, not a crash: a report that says so, and status 2. */
static void a_capture_that_is_none_is_told(void **state)
{
	char *folder = folder_new();
	char *path = file_new(folder, "x.pcap", "nothing of the kind");
	struct outcome o = run("-f", "json", path, NULL);
	json_t *root = json_loads(o.out, 0, NULL);
	json_t *capture;

	(void)state;
	assert_int_equal(o.status, 2);
	assert_non_null(strstr(o.err, "x.pcap: "));
	assert_non_null(root);
	capture = json_array_get(json_object_get(root, "captures"), 0);
	assert_true(json_is_true(json_object_get(capture, "truncated")));
	assert_true(json_is_null(json_object_get(capture, "first")));
	json_decref(root);
	outcome_clear(&o);
	g_free(path);
	folder_free(folder);
}

static void an_empty_folder_is_told(void **state)
{
	char *folder = folder_new();

	(void)state;
	refused(run(folder, NULL), "no capture in this folder");
	folder_free(folder);
}

/* An empty pcap, microseconds, Ethernet. */
static char *empty_capture(const char *folder, const char *name)
{
	static const char pcap[] =
		"\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0";
	char *path = g_build_filename(folder, name, NULL);

	assert_true(
		g_file_set_contents(path, pcap, (gssize)sizeof(pcap), NULL));
	return path;
}

static void separate_reports_are_an_array(void **state)
{
	char *folder = folder_new();
	char *first = empty_capture(folder, "a.pcap");
	char *second = empty_capture(folder, "b.pcap");
	struct outcome o = run("--separate", "-f", "json", first, second, NULL);
	json_t *root = json_loads(o.out, 0, NULL);

	(void)state;
	assert_string_equal(o.err, "");
	assert_int_equal(o.status, 0);
	assert_int_equal(json_array_size(root), 2);
	json_decref(root);
	outcome_clear(&o);
	o = run("--separate", first, second, NULL);
	assert_non_null(strstr(o.out, "a.pcap ==\nNo registration."));
	assert_non_null(strstr(o.out, "b.pcap ==\nNo registration."));
	assert_null(strchr(o.out, '\x1b'));
	outcome_clear(&o);
	/* One header; a diagram each, below the capture's name. */
	o = run("--separate", "-f", "csv", first, second, NULL);
	assert_int_equal(strncmp(o.out, "id,kind,", 8), 0);
	assert_ptr_equal(strstr(o.out, "\r\n") + 2, o.out + strlen(o.out));
	outcome_clear(&o);
	o = run("--separate", "-f", "mermaid", first, second, NULL);
	assert_non_null(strstr(o.out, "a\\.pcap\n\n```mermaid\nsequence"));
	assert_non_null(strstr(o.out, "b\\.pcap\n\n```mermaid\nsequence"));
	outcome_clear(&o);
	g_free(first);
	g_free(second);
	folder_free(folder);
}

static void an_output_file_is_written(void **state)
{
	char *folder = folder_new();
	char *capture = empty_capture(folder, "a.pcap");
	char *path = g_build_filename(folder, "report.json", NULL);
	struct outcome o = run("-f", "ndjson", "-o", path, capture, NULL);
	char *text = NULL;

	(void)state;
	assert_int_equal(o.status, 0);
	assert_string_equal(o.out, "");
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_int_equal(strncmp(text, "{\"type\":\"capture\",", 18), 0);
	assert_non_null(strstr(text, "\n{\"type\":\"summary\","));
	g_free(text);
	outcome_clear(&o);
	o = run("-o", "/dev/full", capture, NULL);
	assert_int_equal(o.status, 2);
	assert_string_equal(o.err,
			    "imsleuth: /dev/full: No space left on device\n");
	outcome_clear(&o);
	g_free(path);
	g_free(capture);
	folder_free(folder);
}

static void progress_only_when_asked(void **state)
{
	char *folder = folder_new();
	char *capture = empty_capture(folder, "a.pcap");
	struct outcome o = run(capture, NULL);

	(void)state;
	assert_string_equal(o.err, "");
	outcome_clear(&o);
	o = run("--quiet", "--progress", capture, NULL);
	assert_string_equal(o.err, "");
	outcome_clear(&o);
	g_free(capture);
	folder_free(folder);
}

/* Whether pseudo-terminals are there: a bare chroot has no /dev/pts. */
static bool can_have_a_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	const char *name = master >= 0 ? ptsname(master) : NULL;
	bool can = name && access(name, F_OK) == 0;

	if (master >= 0)
		close(master);
	return can;
}

/* What the program prints about `path` on a terminal; to be freed. */
static char *on_a_terminal(const char *path)
{
	char *argv[] = {(char *)"imsleuth", (char *)"--quiet", (char *)path,
			NULL};
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	int saved = dup(STDOUT_FILENO);
	struct captured err = capture_start(STDERR_FILENO);
	char text[4096] = "";
	int slave;

	assert_true(master >= 0 && grantpt(master) == 0 &&
		    unlockpt(master) == 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	fflush(stdout);
	dup2(slave, STDOUT_FILENO);
	assert_int_equal(ims_cli(3, argv), 2);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	assert_true(read(master, text, sizeof(text) - 1) > 0);
	close(saved);
	close(slave);
	close(master);
	g_free(capture_end(&err));
	return g_strdup(text);
}

static void colour_is_as_the_environment_says(void **state)
{
	static const struct {
		const char *term;
		const char *no_colour;
		bool is_coloured;
	} cases[] = {
		{"xterm", NULL, true}, {"xterm", "", true},
		{"xterm", "1", false}, {"dumb", NULL, false},
		{NULL, NULL, false},
	};
	char *folder;
	char *path;

	(void)state;
	if (!can_have_a_terminal()) {
		print_message("no pseudo-terminals on this machine\n");
		skip();
	}
	folder = folder_new();
	path = file_new(folder, "x.pcap", "nothing of the kind");
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *text;

		if (cases[i].term)
			g_setenv("TERM", cases[i].term, TRUE);
		else
			g_unsetenv("TERM");
		if (cases[i].no_colour)
			g_setenv("NO_COLOR", cases[i].no_colour, TRUE);
		else
			g_unsetenv("NO_COLOR");
		text = on_a_terminal(path);
		assert_non_null(strstr(text, "could not be read whole"));
		assert_int_equal(strstr(text, "\x1b[1;31m") != NULL,
				 cases[i].is_coloured);
		g_free(text);
	}
	g_free(path);
	folder_free(folder);
}

#define UNKNOWN_USER \
	IMS_SOURCE_DIR "/captures/02_unknown_user_uaa5001_403.pcapng"

static void ladders_are_drawn_as_the_locale_can(void **state)
{
	static const struct {
		const char *locale;
		const char *drawn;
	} cases[] = {
		{"C.UTF-8", "│─────────UAR────────►│"},
		{"C", "|---------UAR-------->|"},
		{"", "|---------UAR-------->|"},
		{"no_SUCH.UTF-8", "|---------UAR-------->|"},
	};

	(void)state;
	g_unsetenv("LANG");
	g_unsetenv("LC_CTYPE");
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct outcome o;

		g_setenv("LC_ALL", cases[i].locale, TRUE);
		o = run("--ladder", UNKNOWN_USER, NULL);
		assert_int_equal(o.status, 1);
		assert_string_equal(o.err, "");
		if (!strstr(o.out, cases[i].drawn))
			fail_msg("%s: %s", cases[i].locale, o.out);
		outcome_clear(&o);
	}
	g_unsetenv("LC_ALL");
}

static void the_catalogue_is_explained(void **state)
{
	struct outcome o = run("explain", NULL);

	(void)state;
	assert_int_equal(o.status, 0);
	assert_non_null(strstr(o.out, "  cx_user_unknown "));
	outcome_clear(&o);
	o = run("explain", "cx_user_unknown", NULL);
	assert_int_equal(o.status, 0);
	assert_int_equal(strncmp(o.out, "cx_user_unknown  (error, ", 25), 0);
	assert_non_null(strstr(o.out, "\nWhat to do\n"));
	assert_non_null(strstr(o.out, "\nWhere it is written\n"));
	outcome_clear(&o);
	refused(run("explain", "cx_user_unknwon", NULL),
		"did you mean cx_user_unknown?");
	refused(run("explain", "420-sec-Agree", NULL),
		"did you mean sip_420_sec_agree?");
	refused(run("explain", "qqqqqqqqqqqqqqqq", NULL),
		"there is no such rule\n");
}

static void the_catalogue_is_json(void **state)
{
	struct outcome o = run("explain", "--json", NULL);
	json_t *root = json_loads(o.out, JSON_REJECT_DUPLICATES, NULL);
	json_t *rule;
	size_t i;

	(void)state;
	assert_int_equal(o.status, 0);
	assert_true(json_array_size(root) > 0);
	json_array_foreach(root, i, rule)
	{
		assert_true(json_is_string(json_object_get(rule, "slug")));
		assert_true(json_is_string(json_object_get(rule, "title")));
		assert_true(json_is_array(json_object_get(rule, "facts")));
	}
	json_decref(root);
	outcome_clear(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_may_be_attached),
		cmocka_unit_test(wrong_usage_is_refused),
		cmocka_unit_test(the_version_is_said),
		cmocka_unit_test(an_output_is_no_capture),
		cmocka_unit_test(a_capture_that_is_none_is_told),
		cmocka_unit_test(an_empty_folder_is_told),
		cmocka_unit_test(separate_reports_are_an_array),
		cmocka_unit_test(an_output_file_is_written),
		cmocka_unit_test(progress_only_when_asked),
		cmocka_unit_test(colour_is_as_the_environment_says),
		cmocka_unit_test(ladders_are_drawn_as_the_locale_can),
		cmocka_unit_test(the_catalogue_is_explained),
		cmocka_unit_test(the_catalogue_is_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
