/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line, read and checked. */
#ifndef IMS_OPTIONS_H
#define IMS_OPTIONS_H

#include <glib.h>
#include <stdbool.h>

#include <ims/engine.h>

#include "report.h"
#include "signature_files.h"
#include "times.h"

struct ims_cli_options {
	const struct ims_report_format *format;
	char *output;	/* NULL: standard output */
	char *annotate; /* NULL: no capture is written; "-": standard output */
	char *subscriber; /* NULL: all */
	bool only_failed;
	bool ladder;
	enum ims_severity severity;
	struct ims_moment from; /* INT64_MIN, absolute: no limit */
	struct ims_moment to;
	GArray *hints;			       /* of struct ims_role_hint */
	struct ims_signature_files signatures; /* read, none of them wrong */
	char **time_offsets; /* "CAPTURE=S", NULL at the end; or NULL */
	int64_t answer_timeout_ns;
	int64_t slow_answer_ns;
	unsigned n_threads; /* that may be used; 0: it is not said */
	GBytes *key;	    /* of pseudonyms; NULL: without --anonymize */
	bool quiet;
	bool progress;
	bool separate;
	char *interface;      /* to listen to, "-": a pipe; NULL: captures */
	char *capture_filter; /* NULL: the default; "": none */
	char **captures;      /* as given, NULL at the end; or NULL */
};

enum ims_cli {
	IMS_CLI_RUN,
	IMS_CLI_DONE,  /* all was said: --help, --version */
	IMS_CLI_USAGE, /* wrong, and complained about */
};

/* Reads the arguments. `options` is to be cleared whatever the result. */
enum ims_cli ims_cli_options_read(struct ims_cli_options *options, int argc,
				  char *const *argv)
	IMS_NONNULL_ALL IMS_MUST_USE;

void ims_cli_options_clear(struct ims_cli_options *options) IMS_NONNULL_ALL;

#endif
