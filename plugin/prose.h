/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences in the tree: a label ends at 240 characters, they do not. */
#ifndef IMS_PROSE_H
#define IMS_PROSE_H

struct _proto_node;
struct tvbuff;

/* Below an item whose label was cut: the text again, in lines. */
void ims_prose_below(struct _proto_node *item, struct tvbuff *tvb,
		     const char *text);

#endif
