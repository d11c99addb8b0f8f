/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is written on a packet about a finding. */
#ifndef IMS_ANNOTATE_NOTE_TEXT_H
#define IMS_ANNOTATE_NOTE_TEXT_H

#include <glib.h>

#include <ims/attributes.h>
#include <ims/finding.h>

/* Frames that are listed; of more than that it says how many. */
#define IMS_NOTE_MAX_FRAMES 24

/*
 * The comment of the packet that evidence `which` of the finding is: summary,
 * rule, advice, and which frames of which file prove it. `names` are the
 * captures' names, by ims_frame, fit to be shown. All else is escaped. To be
 * freed with g_free.
 */
char *ims_note_text(const struct ims_finding *finding, size_t which,
		    const char *const *names) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
