/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sequence diagram of a registration or request, on a terminal. */
#ifndef IMS_TEXT_LADDER_H
#define IMS_TEXT_LADDER_H

#include "ladder.h"
#include "text_page.h"

/* Where no terminal says how wide it is, and the bounds of what one says. */
#define IMS_TEXT_LADDER_WIDTH	  80
#define IMS_TEXT_LADDER_MIN_WIDTH 40
#define IMS_TEXT_LADDER_MAX_WIDTH 120

/*
 * Draws it, no line wider than page->ladder_width (which is within the bounds
 * above): a lifeline a node, a line a message with its frame and the time
 * since the start, below it what did not fit on the arrow, how often it was
 * sent again, and what its sender changed. Where there is room for fewer
 * nodes the last ones share a lifeline and are named beside the message.
 * `proven` says what the marked messages prove. NULL ladder: nothing.
 */
void ims_text_put_ladder(struct ims_page *page, const struct ims_ladder *ladder,
			 const char *proven) IMS_NONNULL(1);

#endif
