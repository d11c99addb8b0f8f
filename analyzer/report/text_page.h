/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text report's page: headlines, paragraphs, evidence, frames. */
#ifndef IMS_TEXT_PAGE_H
#define IMS_TEXT_PAGE_H

#include "text_keep.h"

struct ims_page {
	GString *out;
	unsigned width;
	unsigned ladder_width; /* of sequence diagrams */
	bool colour;
	bool unicode;	  /* lines of ladders, beyond ASCII */
	GPtrArray *files; /* of char *: the captures' names, escaped */
	char when[40];	  /* before each headline; "": nothing */
};

/*
 * A line that a reader's eye stops at, with the rule's slug at the right
 * margin. NULL slug: none.
 */
void ims_page_headline(struct ims_page *page, enum ims_severity severity,
		       const char *text, const char *slug) IMS_NONNULL(1, 3);

/* An indented paragraph, `label` (or NULL) before it. */
void ims_page_paragraph(struct ims_page *page, const char *label,
			const char *text) IMS_NONNULL(1, 3);

/* A line a frame: number, who, what. */
void ims_page_evidence(struct ims_page *page,
		       const struct ims_text_finding *finding) IMS_NONNULL_ALL;

/* "Wireshark: frame.number in {1, 2}", a line a capture. Sorts `frames`. */
void ims_page_wireshark(struct ims_page *page, GArray *frames) IMS_NONNULL_ALL;

/* "73", or "1:73" (capture 1) where there are several captures. */
void ims_page_frame(const struct ims_page *page, GString *out,
		    struct ims_frame frame) IMS_NONNULL_ALL;

/* "73, 78, 81". */
void ims_page_frames(const struct ims_page *page, GString *out,
		     const GArray *frames) IMS_NONNULL_ALL;

/* "1 packet", "12 packets"; `many` NULL: the word and an s. */
void ims_page_count(GString *out, uint64_t n, const char *one, const char *many)
	IMS_NONNULL(1, 3);

#endif
