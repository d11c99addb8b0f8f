// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "fields.h"
#include "prose.h"

#define LINE_CHARACTERS 110

/* The end of the line that begins at `text`: at a space, if there is one. */
static const char *end_of_line(const char *text)
{
	const char *space = NULL;
	const char *at = text;

	for (unsigned n = 0; *at && n < LINE_CHARACTERS; n++) {
		if (*at == ' ')
			space = at;
		at = g_utf8_next_char(at);
	}
	return *at && space ? space : at;
}

void ims_prose_below(proto_item *item, tvbuff_t *tvb, const char *text)
{
	proto_tree *lines;

	if (g_utf8_strlen(text, -1) <= LINE_CHARACTERS)
		return;
	lines = proto_item_add_subtree(item, ims_tree(IMS_TREE_PROSE));
	while (*text) {
		const char *end = end_of_line(text);

		proto_tree_add_subtree_format(lines, tvb, 0, 0,
					      ims_tree(IMS_TREE_PROSE), NULL,
					      "%.*s", (int)(end - text), text);
		text = *end == ' ' ? end + 1 : end;
	}
}
