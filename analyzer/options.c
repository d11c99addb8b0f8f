// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <limits.h>
#include <stdio.h>

#include "anonymity.h"
#include "arguments.h"
#include "complain.h"
#include "hints.h"
#include "known.h"

/* The arguments as GLib reads them, before they are checked. */
struct arguments {
	char *format;
	char **interfaces;
	char *only;
	char *severity;
	char *from;
	char *to;
	char *roles;
	char *signatures;
	char *answer_timeout;
	char *slow_answer;
	char *anonymize_key;
	int jobs;
	gboolean anonymize;
	gboolean ladder;
	gboolean quiet;
	gboolean progress;
	gboolean separate;
	gboolean version;
	gboolean help;
};

static const char summary[] =
	"Opens packet captures of an IMS core and says why a registration "
	"failed.\n"
	"CAPTURE is a pcap or pcapng file, plain or compressed, a folder (its "
	"captures),\nor - for standard input. Captures given together are one "
	"observation.\n\n"
	"  imsleuth explain [RULE]   the catalogue of diagnoses, or one of "
	"them";

static const char description[] =
	"Exit status: 0 everything read, no finding of severity error;\n"
	"1 everything read, some; 2 wrong usage, or a capture that could not "
	"be read whole.\n";

static bool read_format(struct ims_cli_options *o, const char *name)
{
	char *names;

	o->format = ims_report_format(name ? name : "text");
	if (o->format)
		return true;
	names = ims_report_formats();
	ims_complain_usage("--format",
			   "'%s' is not among the formats of this version: %s",
			   name, names);
	g_free(names);
	return false;
}

static bool read_severity(struct ims_cli_options *o, const char *name)
{
	/* A text is read by a person: notes only when asked for. */
	o->severity = strcmp(o->format->name, "text") == 0
			      ? IMS_SEVERITY_WARNING
			      : IMS_SEVERITY_NOTE;
	if (!name)
		return true;
	for (int s = IMS_SEVERITY_NOTE; s <= IMS_SEVERITY_ERROR; s++) {
		if (strcmp(name, ims_severity_name((enum ims_severity)s)) ==
		    0) {
			o->severity = (enum ims_severity)s;
			return true;
		}
	}
	ims_complain_usage("--severity",
			   "'%s' is not one of note, warning, error", name);
	return false;
}

static bool read_only(struct ims_cli_options *o, const char *name)
{
	if (!name)
		return true;
	o->only_failed = strcmp(name, "failed") == 0;
	if (!o->only_failed)
		ims_complain_usage("--only", "'%s' is not 'failed'", name);
	return o->only_failed;
}

static bool check_ladder(struct ims_cli_options *o, bool is_asked)
{
	o->ladder = is_asked;
	if (!is_asked || strcmp(o->format->name, "text") == 0)
		return true;
	ims_complain_usage("--ladder", "only the format text has it, not %s",
			   o->format->name);
	return false;
}

static bool read_moment(struct ims_moment *moment, const char *option,
			const char *text)
{
	if (!text || ims_moment_parse(moment, text))
		return true;
	ims_complain_usage(option,
			   "'%s' is neither a time as 2024-05-01T10:11:12Z nor "
			   "seconds from the start",
			   text);
	return false;
}

static bool read_range(struct ims_cli_options *o, const struct arguments *a)
{
	o->from = (struct ims_moment){.ns = INT64_MIN};
	o->to = (struct ims_moment){.ns = INT64_MAX};
	if (!read_moment(&o->from, "--from", a->from) ||
	    !read_moment(&o->to, "--to", a->to))
		return false;
	if (a->from && a->to && o->from.is_relative == o->to.is_relative &&
	    o->from.ns > o->to.ns) {
		ims_complain_usage("--from", "'%s' is after --to '%s'", a->from,
				   a->to);
		return false;
	}
	return true;
}

static bool read_threshold(int64_t *ns, const char *option, const char *text)
{
	if (!text || (ims_seconds_parse(ns, text) && *ns > 0))
		return true;
	ims_complain_usage(option, "'%s' is not a number of seconds above 0",
			   text);
	return false;
}

#define JOBS_UNSAID INT_MIN

static bool read_jobs(struct ims_cli_options *o, int jobs)
{
	if (jobs == JOBS_UNSAID)
		return true;
	if (jobs < 1) {
		ims_complain_usage("--jobs", "%d is not 1 or more", jobs);
		return false;
	}
	o->n_threads = (unsigned)jobs;
	return true;
}

/* What is wrong about -i, --capture-filter and what stands beside them. */
static const char *fault_of_live(const struct ims_cli_options *o,
				 const struct arguments *a)
{
	char *const *interfaces = a->interfaces;

	if (!interfaces[0][0])
		return "none named";
	if (interfaces[1])
		return "one can be listened to; on Linux 'any' is all of them";
	if (o->captures && o->captures[0])
		return "captures cannot be read beside it";
	if (a->separate)
		return "there is nothing to separate";
	if (o->capture_filter && strcmp(interfaces[0], "-") == 0)
		return "a pipe is filtered by what writes into it";
	return NULL;
}

static bool read_live(struct ims_cli_options *o, const struct arguments *a)
{
	const char *fault;

	if (!a->interfaces && o->capture_filter)
		ims_complain_usage("--capture-filter",
				   "only -i INTERFACE has it");
	if (!a->interfaces)
		return !o->capture_filter;
	fault = fault_of_live(o, a);
	if (fault)
		ims_complain_usage("--interface", "%s", fault);
	o->interface = g_strdup(a->interfaces[0]);
	return !fault;
}

static bool check_captures(const struct ims_cli_options *o)
{
	size_t n_standard_input = 0;

	if (o->interface)
		return true;
	if (!o->captures || !o->captures[0]) {
		ims_complain_usage(NULL, "no capture given");
		return false;
	}
	for (size_t i = 0; o->captures[i]; i++)
		if (strcmp(o->captures[i], "-") == 0)
			n_standard_input++;
	if (n_standard_input > 1)
		ims_complain_usage("-", "standard input can be read once only");
	return n_standard_input <= 1;
}

static bool check_annotate(const struct ims_cli_options *o,
			   const struct arguments *a)
{
	const char *wrong = NULL;

	if (!o->annotate)
		return true;
	if (!*o->annotate)
		wrong = "no file named";
	else if (a->separate)
		wrong = "not with --separate: a file is of one observation";
	else if (strcmp(o->annotate, "-") == 0 && !o->output)
		wrong = "standard output is taken: give the report --output";
	if (wrong)
		ims_complain_usage("--annotate", "%s", wrong);
	return !wrong;
}

/* Last: it rewrites what was read. */
static bool check_anonymize(struct ims_cli_options *o,
			    const struct arguments *a)
{
	if (!a->anonymize && a->anonymize_key)
		ims_complain_usage("--anonymize-key", "without --anonymize");
	if (!a->anonymize)
		return !a->anonymize_key;
	return ims_anonymity_apply(o, a->anonymize_key);
}

static bool check(struct ims_cli_options *o, const struct arguments *a)
{
	if (!read_format(o, a->format) || !check_ladder(o, a->ladder) ||
	    !read_severity(o, a->severity) || !read_only(o, a->only) ||
	    !read_range(o, a) ||
	    !read_threshold(&o->answer_timeout_ns, "--answer-timeout",
			    a->answer_timeout) ||
	    !read_threshold(&o->slow_answer_ns, "--slow-answer",
			    a->slow_answer))
		return false;
	if (!read_jobs(o, a->jobs) || !read_live(o, a))
		return false;
	if (o->output && !*o->output) {
		ims_complain_usage("--output", "no file named");
		return false;
	}
	if (a->signatures && !*a->signatures) {
		ims_complain_usage("--signatures", "no file named");
		return false;
	}
	return check_annotate(o, a) && check_captures(o) &&
	       (!a->roles || ims_hints_read(o->hints, a->roles)) &&
	       ims_known_load(&o->signatures, a->signatures) &&
	       check_anonymize(o, a);
}

static void say_help(GOptionContext *context)
{
	char *help = g_option_context_get_help(context, TRUE, NULL);

	fputs(help, stdout);
	g_free(help);
}

/* Fills what the entries point at; says the help if that is what it asks. */
static bool read_entries(const GOptionEntry *entries, int argc,
			 char *const *argv, const gboolean *help)
{
	GOptionContext *context = g_option_context_new("CAPTURE...");
	char **arguments = ims_arguments_new(entries, argc, argv);
	GError *error = NULL;
	bool good;

	/* GLib's own --help would go through the locale's character set. */
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_set_summary(context, summary);
	g_option_context_set_description(context, description);
	g_option_context_add_main_entries(context, entries, NULL);
	good = g_option_context_parse_strv(context, &arguments, &error);
	if (!good)
		ims_complain_usage(NULL, "%s", error->message);
	else if (*help)
		say_help(context);
	g_clear_error(&error);
	g_strfreev(arguments);
	g_option_context_free(context);
	return good;
}

static bool parse(struct ims_cli_options *o, struct arguments *a, int argc,
		  char *const *argv)
{
	/* FILENAME leaves the bytes alone: names need not be UTF-8. */
	const GOptionEntry entries[] = {
		{"format", 'f', 0, G_OPTION_ARG_FILENAME, &a->format,
		 "text (default), json, ndjson, html, csv or mermaid",
		 "FORMAT"},
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output,
		 "Write to FILE, whole or not at all", "FILE"},
		{"subscriber", 's', 0, G_OPTION_ARG_FILENAME, &o->subscriber,
		 "List only what is about this IMPI, IMPU or number (glob)",
		 "PATTERN"},
		{"interface", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY,
		 &a->interfaces,
		 "Listen to it until Ctrl-C, in place of captures; - for a "
		 "live pipe",
		 "INTERFACE"},
		{"capture-filter", 0, 0, G_OPTION_ARG_FILENAME,
		 &o->capture_filter,
		 "Listen to what this lets through (all but media); as "
		 "tcpdump's",
		 "FILTER"},
		{"only", 0, 0, G_OPTION_ARG_FILENAME, &a->only,
		 "List only registrations that did not succeed", "failed"},
		{"severity", 0, 0, G_OPTION_ARG_FILENAME, &a->severity,
		 "Least severity listed: note, warning (default of text), "
		 "error",
		 "SEVERITY"},
		{"from", 0, 0, G_OPTION_ARG_FILENAME, &a->from,
		 "List only from TIME on: RFC 3339, or seconds from the start",
		 "TIME"},
		{"to", 0, 0, G_OPTION_ARG_FILENAME, &a->to,
		 "List only up to TIME", "TIME"},
		{"ladder", 0, 0, G_OPTION_ARG_NONE, &a->ladder,
		 "Text: the sequence diagram of each registration shown", NULL},
		{"annotate", 0, 0, G_OPTION_ARG_FILENAME, &o->annotate,
		 "Write the packets of what is listed, findings as comments",
		 "FILE.pcapng"},
		{"anonymize", 0, 0, G_OPTION_ARG_NONE, &a->anonymize,
		 "Pseudonyms for all identities and addresses, in any output",
		 NULL},
		{"anonymize-key", 0, 0, G_OPTION_ARG_FILENAME,
		 &a->anonymize_key,
		 "The key of the pseudonyms: the same ones each time", "FILE"},
		{"roles", 0, 0, G_OPTION_ARG_FILENAME, &a->roles,
		 "Roles of addresses, a line each: 10.0.0.5 P-CSCF", "FILE"},
		{"signatures", 0, 0, G_OPTION_ARG_FILENAME, &a->signatures,
		 "Vendor signatures in addition to the installed and your own",
		 "FILE"},
		{"time-offset", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		 &o->time_offsets, "Add S seconds to the times of a capture",
		 "CAPTURE=S"},
		{"answer-timeout", 0, 0, G_OPTION_ARG_FILENAME,
		 &a->answer_timeout,
		 "After this a Cx request is unanswered (10)", "S"},
		{"slow-answer", 0, 0, G_OPTION_ARG_FILENAME, &a->slow_answer,
		 "After this a Cx answer is slow (1)", "S"},
		{"jobs", 'j', 0, G_OPTION_ARG_INT, &a->jobs,
		 "Threads that may be used (of several captures the "
		 "cores there are, else 1)",
		 "N"},
		{"quiet", 0, 0, G_OPTION_ARG_NONE, &a->quiet, "No progress",
		 NULL},
		{"progress", 0, 0, G_OPTION_ARG_NONE, &a->progress,
		 "Progress although standard error is no terminal", NULL},
		{"separate", 0, 0, G_OPTION_ARG_NONE, &a->separate,
		 "Each capture on its own, one report after the other", NULL},
		{"help", 'h', 0, G_OPTION_ARG_NONE, &a->help, "Say this", NULL},
		{"version", 'V', 0, G_OPTION_ARG_NONE, &a->version,
		 "Say the version", NULL},
		{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		 &o->captures, NULL, NULL},
		{NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
	};

	return read_entries(entries, argc, argv, &a->help);
}

static void free_arguments(struct arguments *a)
{
	g_free(a->format);
	g_strfreev(a->interfaces);
	g_free(a->only);
	g_free(a->severity);
	g_free(a->from);
	g_free(a->to);
	g_free(a->roles);
	g_free(a->signatures);
	g_free(a->answer_timeout);
	g_free(a->slow_answer);
	g_free(a->anonymize_key);
}

enum ims_cli ims_cli_options_read(struct ims_cli_options *options, int argc,
				  char *const *argv)
{
	struct arguments a = {.jobs = JOBS_UNSAID};
	enum ims_cli result = IMS_CLI_USAGE;

	*options = (struct ims_cli_options){
		.hints =
			g_array_new(FALSE, FALSE, sizeof(struct ims_role_hint)),
	};
	if (parse(options, &a, argc, argv)) {
		if (a.help) {
			result = IMS_CLI_DONE;
		} else if (a.version) {
			puts("imsleuth " IMSLEUTH_VERSION);
			result = IMS_CLI_DONE;
		} else if (check(options, &a)) {
			result = IMS_CLI_RUN;
		}
	}
	options->quiet = a.quiet;
	options->progress = a.progress;
	options->separate = a.separate;
	free_arguments(&a);
	return result;
}

void ims_cli_options_clear(struct ims_cli_options *options)
{
	g_free(options->output);
	g_free(options->annotate);
	g_free(options->subscriber);
	g_free(options->interface);
	g_free(options->capture_filter);
	g_strfreev(options->time_offsets);
	g_strfreev(options->captures);
	g_array_free(options->hints, TRUE);
	g_bytes_unref(options->key);
	ims_signature_files_clear(&options->signatures);
}
