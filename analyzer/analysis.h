/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One observation: captures, network, engine and report joined. */
#ifndef IMS_ANALYSIS_H
#define IMS_ANALYSIS_H

#include <stdint.h>

#include "options.h"
#include "progress.h"

struct ims_analysis_input {
	const char *const *files;
	const int64_t *offsets_ns;
	size_t n_files;
};

/* What became of it; errors were complained about. */
struct ims_analysis_result {
	bool is_whole;	 /* every capture was read to its end */
	bool has_errors; /* findings of severity error */
	int write_error; /* errno of the output's failure, or 0 */
};

/*
 * Reads the captures and writes one report. `report` says where to and what
 * is listed; its times are filled in here.
 */
struct ims_analysis_result ims_analysis_run(
	const struct ims_analysis_input *input,
	const struct ims_cli_options *options,
	const struct ims_report_options *report,
	struct ims_progress *progress) IMS_NONNULL_ALL;

#endif
