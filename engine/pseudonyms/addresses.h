/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses in text. Those that begin alike still do, octet by octet and group
 * by group; private, local and multicast ones stay in their range. An octet
 * keeps its number of digits, so that an address takes as much room as before.
 */
#ifndef IMS_ADDRESSES_H
#define IMS_ADDRESSES_H

#include "pseudonyms_internal.h"

/*
 * The length of the address that stands at `start`, without brackets; 0: none.
 * Part of a longer run of letters and digits is none.
 */
size_t ims_address_length(struct ims_chars text, size_t start);

/* Replaces an address that ims_address_length found. */
void ims_address_text(struct ims_pseudonyms *p,
		      struct ims_chars text) IMS_NONNULL_ALL;

#endif
