/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The formats that there are, for ims_report_format to find. */
#ifndef IMS_FORMATS_H
#define IMS_FORMATS_H

#include "report.h"

extern const struct ims_report_format ims_report_text;
extern const struct ims_report_format ims_report_json;
extern const struct ims_report_format ims_report_ndjson;
extern const struct ims_report_format ims_report_html;
extern const struct ims_report_format ims_report_csv;
extern const struct ims_report_format ims_report_mermaid;

#endif
