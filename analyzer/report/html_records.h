/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registrations and findings as records of the page's data. Each has a row,
 * which the page reads when it is opened, and details, which it reads when
 * somebody asks for them. html/data.js reads what is written here, field by
 * field in the same order.
 */
#ifndef IMS_HTML_RECORDS_H
#define IMS_HTML_RECORDS_H

#include "html_block.h"
#include "report.h"

/* `place` is the number of the block that has its details. */
void ims_html_registration_row(struct ims_html_block *block,
			       const struct ims_registration *r,
			       uint64_t place) IMS_NONNULL_ALL;
void ims_html_registration_details(struct ims_html_block *block,
				   const struct ims_registration *r)
	IMS_NONNULL_ALL;

void ims_html_finding_row(struct ims_html_block *block,
			  const struct ims_finding *f,
			  uint64_t place) IMS_NONNULL_ALL;
void ims_html_finding_details(struct ims_html_block *block,
			      const struct ims_finding *f) IMS_NONNULL_ALL;

#endif
