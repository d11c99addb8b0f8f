/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each capture on its own, one report after the other (--separate). */
#ifndef IMS_SERIES_H
#define IMS_SERIES_H

#include "analysis.h"
#include "inputs.h"

/*
 * Analyses run side by side, as many as there may be threads; reports and
 * complaints come in the order of the captures, the same as with one thread.
 * Returns what became of all together.
 */
struct ims_analysis_result ims_series_run(
	const struct ims_inputs *inputs, const struct ims_cli_options *options,
	const struct ims_report_options *report, struct ims_progress *progress,
	unsigned n_threads) IMS_NONNULL_ALL;

#endif
