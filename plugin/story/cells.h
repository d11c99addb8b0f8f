/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a registration and a finding say, column by column. */
#ifndef IMS_CELLS_H
#define IMS_CELLS_H

#include <glib.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/finding.h>
#include <ims/registration.h>

enum ims_registration_cell {
	IMS_REGISTRATION_ID,
	IMS_REGISTRATION_START,
	IMS_REGISTRATION_KIND,
	IMS_REGISTRATION_OUTCOME,
	IMS_REGISTRATION_CAUSE,
	IMS_REGISTRATION_STATUS,
	IMS_REGISTRATION_DURATION,
	IMS_REGISTRATION_FRAME,
	IMS_REGISTRATION_UE,
	IMS_REGISTRATION_IMPI,
	IMS_REGISTRATION_IMPU,
	IMS_REGISTRATION_SCSCF,
	IMS_N_REGISTRATION_CELLS,
};

enum ims_finding_cell {
	IMS_FINDING_ID,
	IMS_FINDING_SEVERITY,
	IMS_FINDING_RULE,
	IMS_FINDING_CONFIDENCE,
	IMS_FINDING_REGISTRATION,
	IMS_FINDING_FRAME,
	IMS_FINDING_IDENTITY,
	IMS_FINDING_SUMMARY,
	IMS_N_FINDING_CELLS,
};

/* Both: to be freed by g_free; NULL where nothing is known. */
char *ims_registration_cell(const struct ims_registration *r,
			    enum ims_registration_cell cell)
	IMS_NONNULL_ALL IMS_MUST_USE;
char *ims_finding_cell(const struct ims_finding *f,
		       enum ims_finding_cell cell) IMS_NONNULL_ALL IMS_MUST_USE;

/* "12.345", milliseconds; NULL for less than 0: not known. */
char *ims_cell_ms(int64_t duration_ns) IMS_MUST_USE;

/* "12"; NULL for 0: there is none. */
char *ims_cell_number(uint64_t number) IMS_MUST_USE;

#endif
