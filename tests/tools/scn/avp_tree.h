/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AVPs before they are bytes: a tree that edits can change. */
#ifndef SCN_AVP_TREE_H
#define SCN_AVP_TREE_H

#include "avps.h"
#include "flow.h"

struct avp {
	const char *name; /* as written: "AVP(494:50)" too */
	uint32_t code;
	uint32_t vendor;
	enum avp_type type;
	bool mandatory;
	GByteArray *data;    /* of a plain one */
	GPtrArray *children; /* of a group */
};

/* A name of the table, or AVP(CODE) or AVP(CODE:VENDOR), which is text. */
struct avp *scn_avp_new(struct scn *scn, const struct scn_line *line,
			const char *name);

/* Gives it the value that `text` writes; a group loses what is in it. */
void scn_avp_set(struct scn *scn, struct avp *avp, const struct scn_line *line,
		 const char *text);

/* Both, at the end of `to`. */
struct avp *scn_avp_add(struct scn *scn, const struct scn_line *line,
			GPtrArray *to, const char *name, const char *text);

/* The first of that name; -1: none. */
gint scn_avp_find(const GPtrArray *avps, const char *name);

struct avp *scn_avp_copy(struct scn *scn, const struct avp *avp);

void scn_avp_write(GByteArray *out, const struct avp *avp);
void scn_put_u32(GByteArray *out, uint32_t value);
void scn_put_u24(GByteArray *out, uint32_t value);

#endif
