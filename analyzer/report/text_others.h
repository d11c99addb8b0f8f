/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registrations with nothing to explain: those that succeeded, a line each
 * when they are few, and those of which the capture does not hold enough.
 */
#ifndef IMS_TEXT_OTHERS_H
#define IMS_TEXT_OTHERS_H

#include "text_page.h"

#define IMS_TEXT_MAX_LINES	 10  /* more: none is listed */
#define IMS_TEXT_MAX_LINES_ASKED 200 /* when one subscriber is asked for */
#define IMS_TEXT_MAX_REASONS	 20  /* of being incomplete */
#define IMS_TEXT_MAX_INCOMPLETE	 10  /* named, a reason */

struct ims_text_others;

/* `is_asked`: for one subscriber, whose registrations are listed anyway. */
struct ims_text_others *ims_text_others_new(bool is_asked,
					    bool with_ladders) IMS_MUST_USE;
void ims_text_others_add(struct ims_text_others *others,
			 const struct ims_registration *r) IMS_NONNULL_ALL;
void ims_text_others_put(struct ims_text_others *others,
			 struct ims_page *page) IMS_NONNULL_ALL;
void ims_text_others_free(struct ims_text_others *others);

#endif
