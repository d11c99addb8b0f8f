/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue sorted by scope: a message is asked about by two rules of a
 * hundred, and finding those must cost nothing.
 */
#ifndef IMS_SCOPES_H
#define IMS_SCOPES_H

#include <ims/rule.h>

struct ims_scopes;

/* The rules of a scope in the catalogue's order, and beside them what each of
   them needs (signs.h): most are passed over by that, and are not looked at. */
struct ims_scope_rules {
	const struct ims_rule **rules;
	uint32_t *needs;
	size_t n;
};

struct ims_scopes *ims_scopes_new(void) IMS_MUST_USE;
void ims_scopes_free(struct ims_scopes *scopes); /* NULL: nothing */

/* Borrowed. */
const struct ims_scope_rules *ims_scopes_rules(
	const struct ims_scopes *scopes, enum ims_scope scope) IMS_NONNULL_ALL;

#endif
