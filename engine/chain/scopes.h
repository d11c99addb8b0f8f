/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue sorted by scope: a message is asked about by two rules of a
 * hundred, and finding those must cost nothing.
 */
#ifndef IMS_SCOPES_H
#define IMS_SCOPES_H

#include <ims/rule.h>

struct ims_scopes;

struct ims_scopes *ims_scopes_new(void) IMS_MUST_USE;
void ims_scopes_free(struct ims_scopes *scopes); /* NULL: nothing */

/* The rules of a scope in the catalogue's order, NULL after the last.
   Borrowed. */
const struct ims_rule *const *ims_scopes_rules(
	const struct ims_scopes *scopes, enum ims_scope scope) IMS_NONNULL_ALL;

#endif
