/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in a diagram of Mermaid. */
#ifndef IMS_MERMAID_TEXT_H
#define IMS_MERMAID_TEXT_H

#include <glib.h>

#include <ims/attributes.h>

/*
 * Appends `text`, valid UTF-8 without controls, so that a reader of the
 * diagram sees just it: what means something to Mermaid, to HTML or to
 * Markdown, and what Mermaid uses for itself, as an entity (#35; is a #).
 */
void ims_mermaid_escape(GString *out, const char *text) IMS_NONNULL_ALL;

/* The same in lines of about `width` columns, <br/> between. */
void ims_mermaid_wrap(GString *out, const char *text,
		      unsigned width) IMS_NONNULL_ALL;

/* Appends `text` with a backslash before all that Markdown may read. */
void ims_markdown_escape(GString *out, const char *text) IMS_NONNULL_ALL;

#endif
