/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of what is known by name. */
#ifndef IMS_LOOKUP_H
#define IMS_LOOKUP_H

#include <stddef.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/*
 * The element of that name, or NULL. Each of the `n` elements begins with its
 * name, a pointer to small letters; they are in order of these. Case ignored.
 */
const void *ims_lookup(struct ims_slice name, const void *table, size_t n,
		       size_t size) IMS_NONNULL_ALL IMS_PURE;

#endif
