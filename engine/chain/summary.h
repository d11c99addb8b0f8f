/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of the whole; latencies in fixed histograms, right within 1 %. */
#ifndef IMS_SUMMARY_H
#define IMS_SUMMARY_H

#include <ims/engine.h>

#include "cx.h"

/* Peers whose latencies are kept apart; the rest share one histogram. */
#define IMS_COUNTS_MAX_PEERS 256

struct ims_counts;

struct ims_counts *ims_counts_new(void) IMS_MUST_USE;
void ims_counts_free(struct ims_counts *counts); /* NULL: nothing */

/* A final exchange. */
void ims_counts_exchange(struct ims_counts *counts,
			 const struct ims_cx *cx) IMS_NONNULL_ALL;
void ims_counts_finding(struct ims_counts *counts, const struct ims_rule *rule,
			enum ims_severity severity) IMS_NONNULL_ALL;
void ims_counts_cause(struct ims_counts *counts,
		      const struct ims_rule *rule) IMS_NONNULL_ALL;

/* Median answer time of that command from that peer so far; -1: none. */
int64_t ims_counts_median(const struct ims_counts *counts,
			  const struct ims_cx *cx) IMS_NONNULL_ALL;

/* Fills rules and commands of the summary; they live as long as `counts`. */
void ims_counts_summary(struct ims_counts *counts,
			struct ims_summary *summary) IMS_NONNULL_ALL;

#endif
