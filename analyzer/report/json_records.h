/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of a report as JSON. Each function writes its fields into the
 * object that is open, in the order of imsleuth.schema.json, which says what
 * they mean.
 */
#ifndef IMS_JSON_RECORDS_H
#define IMS_JSON_RECORDS_H

#include "json_writer.h"
#include "report.h"

void ims_json_registration(struct ims_json *o,
			   const struct ims_registration *r) IMS_NONNULL_ALL;
void ims_json_exchange(struct ims_json *o,
		       const struct ims_exchange *e) IMS_NONNULL_ALL;
void ims_json_finding(struct ims_json *o,
		      const struct ims_finding *f) IMS_NONNULL_ALL;
void ims_json_node(struct ims_json *o,
		   const struct ims_node *n) IMS_NONNULL_ALL;
void ims_json_capture(struct ims_json *o,
		      const struct ims_capture_report *c) IMS_NONNULL_ALL;
void ims_json_summary(struct ims_json *o,
		      const struct ims_summary *s) IMS_NONNULL_ALL;

#endif
