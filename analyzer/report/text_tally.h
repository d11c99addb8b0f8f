/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first lines of the text report: how many of what. */
#ifndef IMS_TEXT_TALLY_H
#define IMS_TEXT_TALLY_H

#include "text_page.h"

/* Of the whole, whatever is filtered. */
struct ims_text_tally {
	uint64_t registrations[IMS_N_OUTCOMES][IMS_KIND_FETCH + 1];
	uint64_t n_registrations;
	uint64_t findings[IMS_SEVERITY_ERROR + 1]; /* that are no cause */
	uint64_t n_refused; /* of these, errors that are a refused request */
	uint64_t n_hidden;  /* below the severity shown */
};

/* "3 registrations: 1 registered, 2 rejected.  1 error elsewhere." */
void ims_text_put_tally(struct ims_page *page,
			const struct ims_text_tally *tally) IMS_NONNULL_ALL;

/* The causes, most frequent first, when there are several failures. */
void ims_text_put_causes(struct ims_page *page,
			 const struct ims_summary *summary) IMS_NONNULL_ALL;

#endif
