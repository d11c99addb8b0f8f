/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs scenarios through the engine and checks what they expect.
 *
 *   scn_run [-v] LIBRARY rule FOLDER...    fires.scn and quiet.scn of a rule,
 *                                          whose slug is the folder's name
 *   scn_run [-v] LIBRARY flow FILE...      scenarios of no single rule
 *   scn_run LIBRARY print FILE...          what the engine says, a line each,
 *                                          of each file under its name
 *
 * A flow or a quiet scenario is also run with its end or its beginning cut
 * off at every event: what was not captured must not make an error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scn/outcome.h"

struct run {
	const char *library;
	bool verbose;
	unsigned n_failed;
};

static void print_events(const struct scn *scn)
{
	size_t n;
	const struct scn_event *events = scn_events(scn, &n);
	for (size_t i = 0; i < n; i++) {
		const struct ims_event *event = &events[i].event;
		char from[IMS_ENDPOINT_TEXT];
		char to[IMS_ENDPOINT_TEXT];
		int line = (int)strcspn(event->bytes.at ? event->bytes.at : "",
					"\r\n");
		bool sip = event->kind == IMS_EVENT_SIP;
		printf("%3zu %9.4f %s > %s %s %.*s\n", i + 1,
		       (double)(event->time_ns - events[0].event.time_ns) / 1e9,
		       ims_endpoint_format(from, &event->source),
		       ims_endpoint_format(to, &event->destination),
		       events[i].label, sip ? line : 0, event->bytes.at);
	}
}

/* The capture may begin or end anywhere without anybody being accused. */
static unsigned check_parts(const struct expectation *expectation,
			    const struct scn *scn)
{
	size_t n;
	const struct scn_event *events = scn_events(scn, &n);
	unsigned n_failed = 0;
	for (size_t i = 0; i < 2 * n && !n_failed; i++) {
		size_t first = i < n ? 0 : i - n;
		size_t end = i < n ? i : n;
		struct outcome *outcome = outcome_new(events, first, end);
		n_failed = expectation_check_others(expectation, outcome);
		if (n_failed) {
			printf("in a capture of frames %zu to %zu:\n",
			       first + 1, end);
			outcome_print(outcome);
		}
		outcome_free(outcome);
	}
	return n_failed;
}

static void run_file(struct run *run, const char *file, const char *rule,
		     bool fires)
{
	struct scn *scn = scn_read(file, run->library);
	size_t n;
	const struct scn_event *events = scn_events(scn, &n);
	struct expectation *expectation = expectation_new(scn, rule, fires);
	struct outcome *outcome = outcome_new(events, 0, n);
	unsigned n_failed = expectation_check(expectation, outcome) +
			    expectation_check_others(expectation, outcome);
	if (n_failed || run->verbose) {
		printf("%s: %zu events\n", file, n);
		print_events(scn);
		outcome_print(outcome);
	}
	outcome_free(outcome);
	if (!n_failed && !fires)
		n_failed = check_parts(expectation, scn);
	expectation_free(expectation);
	scn_free(scn);
	printf("%s: %s\n", file, n_failed ? "FAILED" : "ok");
	run->n_failed += n_failed;
}

static void run_rule(struct run *run, const char *folder)
{
	char *slug = g_path_get_basename(folder);
	char *fires = g_build_filename(folder, "fires.scn", NULL);
	char *quiet = g_build_filename(folder, "quiet.scn", NULL);
	run_file(run, fires, slug, true);
	run_file(run, quiet, slug, false);
	g_free(quiet);
	g_free(fires);
	g_free(slug);
}

/* The lines that tests/parity/scenarios.py makes of the program's JSON. */
static void print_file(const char *file, const char *library)
{
	struct scn *scn = scn_read(file, library);
	size_t n;
	const struct scn_event *events = scn_events(scn, &n);
	struct outcome *outcome = outcome_new(events, 0, n);
	printf("scenario %s\n", file);
	outcome_print_lines(outcome);
	outcome_free(outcome);
	scn_free(scn);
}

int main(int argc, char **argv)
{
	struct run run = {0};
	int first = 1;
	if (argc > 1 && !strcmp(argv[1], "-v")) {
		run.verbose = true;
		first++;
	}
	if (argc < first + 3) {
		fputs("usage: scn_run [-v] LIBRARY rule|flow|print PATH...\n",
		      stderr);
		return 2;
	}
	run.library = argv[first];
	const char *mode = argv[first + 1];
	for (int i = first + 2; i < argc; i++) {
		if (!strcmp(mode, "rule"))
			run_rule(&run, argv[i]);
		else if (!strcmp(mode, "print"))
			print_file(argv[i], run.library);
		else
			run_file(&run, argv[i], NULL, false);
	}
	return run.n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
