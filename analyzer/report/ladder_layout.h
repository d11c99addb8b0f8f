/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where on a page the parts of a ladder stand, and what they are called. */
#ifndef IMS_LADDER_LAYOUT_H
#define IMS_LADDER_LAYOUT_H

#include "ladder.h"
#include "text_page.h"

/* Columns that a text below an arrow has at least, where it needs them. */
#define IMS_LAYOUT_NOTE 36

/*
 * From the left: a mark, the frame, the time, and behind `gutter` columns the
 * lifelines. Where not every node has room for one, the last line is that of
 * all nodes from there on.
 */
struct ims_layout {
	unsigned frame;	   /* columns of the widest frame */
	unsigned time;	   /* of the widest time */
	unsigned gutter;   /* where the room of lifelines begins */
	const char *unit;  /* of times: "ms" or "s" */
	unsigned n_lines;  /* lifelines: at least 1 */
	unsigned *at;	   /* the column of each */
	char **heads;	   /* what stands above each: ASCII, not empty */
	char **names;	   /* of each of the ladder's columns, in full */
	bool is_shortened; /* heads are not names */
};

struct ims_layout *ims_layout_new(const struct ims_page *page,
				  const struct ims_ladder *ladder)
	IMS_NONNULL_ALL IMS_MUST_USE;
void ims_layout_free(struct ims_layout *layout); /* NULL: nothing */

/* Which lifeline a ladder's column has, and where that stands. */
unsigned ims_layout_place(const struct ims_layout *layout,
			  guint column) IMS_NONNULL_ALL;
unsigned ims_layout_at(const struct ims_layout *layout,
		       guint column) IMS_NONNULL_ALL;
/* "S-CSCF", "S-CSCF 2", "node 3". */
const char *ims_layout_name(const struct ims_layout *layout,
			    guint column) IMS_NONNULL_ALL;

/* Appends "UE 10.0.0.1, P = P-CSCF 10.0.0.2 and 10.1.0.2". */
void ims_layout_add_legend(const struct ims_layout *layout, GString *text,
			   const struct ims_ladder *ladder) IMS_NONNULL_ALL;

/* As they are written beside a message; to be freed. */
char *ims_layout_frame(const struct ims_page *page,
		       struct ims_frame frame) IMS_NONNULL_ALL;
char *ims_layout_time(const struct ims_layout *layout,
		      int64_t offset_ns) IMS_NONNULL_ALL;

#endif
