/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the page has of the whole: captures, nodes, rules, counts. */
#ifndef IMS_HTML_SUMMARY_H
#define IMS_HTML_SUMMARY_H

#include <glib.h>

#include "json_writer.h"
#include "report.h"

/* Appends a member, an element of a list. */
void ims_html_capture(struct ims_json *out,
		      const struct ims_capture_report *c) IMS_NONNULL_ALL;
void ims_html_node(struct ims_json *out,
		   const struct ims_node *n) IMS_NONNULL_ALL;

/* Members of the object that is open: "filters". */
void ims_html_filters(struct ims_json *out,
		      const struct ims_report_options *o) IMS_NONNULL_ALL;
/* "outcomes", "rules", "commands", "messages". */
void ims_html_summary(struct ims_json *out,
		      const struct ims_summary *s) IMS_NONNULL_ALL;

#endif
