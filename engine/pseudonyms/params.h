/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parameters, of URIs and of header fields, by their names. */
#ifndef IMS_PARAMS_H
#define IMS_PARAMS_H

#include "pseudonyms_internal.h"

/*
 * Rewrites the parameter at `start`, behind its separator: its value by its
 * name. Returns where it ends: at `separator` or another that ends a value
 * outside quotes, or the end.
 */
size_t ims_rewrite_param(struct ims_pseudonyms *p, struct ims_chars text,
			 size_t start, char separator);

/* Behind a quoted string that begins at `start`: its closing quote, or the
   end. */
size_t ims_quoted_end(struct ims_chars text, size_t start);

#endif
