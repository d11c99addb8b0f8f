/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the text report says of the captures themselves. */
#ifndef IMS_TEXT_CAPTURES_H
#define IMS_TEXT_CAPTURES_H

#include "text_page.h"

#define IMS_TEXT_MAX_DAMAGED 50 /* captures named */
#define IMS_TEXT_MAX_CLOCKS  50 /* captures whose clock was corrected */

struct ims_text_captures;

struct ims_text_captures *ims_text_captures_new(void) IMS_MUST_USE;
void ims_text_captures_add(struct ims_text_captures *captures,
			   const struct ims_capture_report *c) IMS_NONNULL_ALL;

/* Those that could not be read whole: before and after all else. */
void ims_text_captures_put_damage(const struct ims_text_captures *captures,
				  struct ims_page *page,
				  bool is_first) IMS_NONNULL_ALL;

/* What was in them, when no registration was. */
void ims_text_captures_put_contents(const struct ims_text_captures *captures,
				    struct ims_page *page) IMS_NONNULL_ALL;

/* What may have been missed: drops, bounds met, bytes not readable. */
void ims_text_captures_put_remarks(
	const struct ims_text_captures *captures, struct ims_page *page,
	const struct ims_summary *summary) IMS_NONNULL_ALL;

void ims_text_captures_free(struct ims_text_captures *captures);

#endif
