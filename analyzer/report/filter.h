/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of all that the engine hands over a report lists. */
#ifndef IMS_FILTER_H
#define IMS_FILTER_H

#include "report.h"

/*
 * Whether an identity matches: the IMPI or IMPU as written, without its
 * scheme, or its user part or number, with or without the leading +.
 */
bool ims_filter_subscriber(const char *pattern, struct ims_slice impi,
			   struct ims_slice impu) IMS_NONNULL(1);

/* Neither registered nor deregistered. */
bool ims_filter_has_failed(const struct ims_registration *registration)
	IMS_NONNULL_ALL;

bool ims_filter_registration(const struct ims_report_options *options,
			     const struct ims_registration *registration)
	IMS_NONNULL_ALL;
bool ims_filter_exchange(const struct ims_report_options *options,
			 const struct ims_exchange *exchange) IMS_NONNULL_ALL;
bool ims_filter_finding(const struct ims_report_options *options,
			const struct ims_finding *finding) IMS_NONNULL_ALL;

#endif
