/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a scenario: statements, messages before they are bytes. */
#ifndef SCN_FLOW_H
#define SCN_FLOW_H

#include <glib.h>

#include "scn.h"

struct scn_sip;
struct scn_diameter;

enum scn_state {
	SCN_NOT_BUILT,
	SCN_BUILDING,
	SCN_BUILT
};

/* An event's statement and what is edited into it. */
struct scn_item {
	const char *label; /* with its scope: "bob.reg1"; "" for none */
	const char *scope; /* "" or the prefix of `use ... as` */
	struct scn_line head;
	unsigned index; /* in order of reading */
	gint64 delta_ns;
	bool absolute;	  /* delta_ns counts from the start */
	const char *from; /* as written; NULL for `drops` */
	const char *to;
	char **how;	  /* the words behind the endpoints */
	GPtrArray *block; /* of struct scn_line: the indented lines */
	GPtrArray *edits; /* of struct scn_line */
	bool dropped;
	bool idle;	    /* `end`: only its time counts */
	GArray *repeats;    /* of gint64: sent again, that much later */
	GArray *duplicates; /* the same: captured again */

	gint64 time_ns;
	struct ims_event event;
	enum scn_state state;
	struct scn_sip *sip;
	struct scn_diameter *diameter;
	GByteArray *bytes;
	gssize cut; /* bytes that the capture holds; -1: all */
};

struct scn_node {
	struct ims_endpoint endpoint;
	guint16 diameter_port;
	const char *host;
};

struct scn {
	const char *library;
	GPtrArray *pool;  /* all memory of the scenario */
	GPtrArray *lists; /* those of scn_list */
	GPtrArray *byte_arrays;
	GPtrArray *items;      /* of struct scn_item, in order of the flow */
	GHashTable *variables; /* "name" or "scope.name": text */
	GHashTable *nodes;     /* the same: struct scn_node */
	guint cursor;	       /* where the next item goes */
	unsigned n_items;      /* ever made */
	GArray *events;	       /* of struct scn_event */
	GArray *expectations;  /* of struct scn_line */
};

/* What is kept lives as long as the scenario. */
void *scn_new(struct scn *scn, size_t size); /* zeroed */
char *scn_keep(struct scn *scn, char *g_allocated);
char *scn_printf(struct scn *scn, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
GPtrArray *scn_list(struct scn *scn);
char **scn_words(struct scn *scn, const char *text, int most);

/* flow.c */
struct scn_item *scn_find(struct scn *scn, const char *scope, const char *label,
			  const struct scn_line *line);
void scn_statement(struct scn *scn, const char *scope,
		   const struct scn_line *head, GPtrArray *block);

/* read.c: runs the statements of a file; `use` comes back to it. */
void scn_read_file(struct scn *scn, const char *path, const char *scope);

/* expand.c: "${...}" filled in, as seen from a scope. */
const char *scn_expand(struct scn *scn, const char *scope,
		       const struct scn_line *line);
const char *scn_variable(struct scn *scn, const char *scope, const char *name,
			 const struct scn_line *line); /* NULL: none */
const struct scn_node *scn_node(struct scn *scn, const char *scope,
				const char *name); /* NULL: none */

/* build.c: makes the item's event and bytes, once. */
void scn_build(struct scn *scn, struct scn_item *item);
gint64 scn_seconds(const struct scn_line *line, const char *text);
guint64 scn_number(const struct scn_line *line, const char *text);
/* Hexadecimal digits, spaces between them ignored; freed by the caller. */
GByteArray *scn_hex(const struct scn_line *line, const char *text);
/* The operations on bytes: cut, patch. False: not one of them. */
bool scn_edit_bytes(struct scn *scn, struct scn_item *item,
		    const struct scn_line *line);

/* sip_text.c, diameter_text.c: blocks and edits made into item->bytes. */
void scn_build_sip(struct scn *scn, struct scn_item *item);
const char *scn_sip_header(const struct scn_sip *sip, const char *name);
void scn_build_diameter(struct scn *scn, struct scn_item *item);

#endif
