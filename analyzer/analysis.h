/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One observation: captures, network, engine and report joined. */
#ifndef IMS_ANALYSIS_H
#define IMS_ANALYSIS_H

#include <stdint.h>

#include "annotate.h"
#include "options.h"
#include "progress.h"

/* How packets come. */
enum ims_coming {
	IMS_COMING_READ,  /* from files: as fast as they are read */
	IMS_COMING_PIPED, /* from a pipe: live, if they are of now */
	IMS_COMING_LIVE,  /* from a pipe, live */
	IMS_COMING_HEARD, /* from an interface, which is the one file */
};

struct ims_analysis_input {
	const char *const *files;
	const int64_t *offsets_ns;
	size_t n_files;
	struct ims_annotate *annotate; /* is told of all; or NULL */
	enum ims_coming coming;	       /* of several files: READ */
	const char *filter;	       /* of an interface: see ims_live */
};

/* What became of it; errors were complained about. */
struct ims_analysis_result {
	bool is_whole;	 /* every capture was read to its end */
	bool has_errors; /* findings of severity error */
	int write_error; /* errno of the output's failure, or 0 */
};

struct ims_analysis;

/*
 * Nothing is read yet. `report` says where to and what is listed; it is copied,
 * and its times are filled in here. What else is given is borrowed until the
 * end. More than one thread: the engine runs on one of its own.
 */
struct ims_analysis *ims_analysis_new(
	const struct ims_analysis_input *input,
	const struct ims_cli_options *options,
	const struct ims_report_options *report, struct ims_progress *progress,
	unsigned n_threads) IMS_NONNULL_ALL IMS_MUST_USE;

/* Reads the captures to their end. It may be done on any thread. */
void ims_analysis_read(struct ims_analysis *analysis) IMS_NONNULL_ALL;

/* Reading is of no more use: it ends soon. May be called on any thread. */
void ims_analysis_stop(struct ims_analysis *analysis) IMS_NONNULL_ALL;

/* Writes what is left of the report, complains of what was wrong, and frees. */
struct ims_analysis_result ims_analysis_finish(struct ims_analysis *analysis)
	IMS_NONNULL_ALL;

#endif
