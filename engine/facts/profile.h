/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user profile that an HSS hands out (TS 29.228 annexes B and E), read
 * for what a registration needs. The XML is streamed, never kept; nothing
 * outside it is ever loaded, and what it declares itself is not read.
 */
#ifndef IMS_PROFILE_H
#define IMS_PROFILE_H

#include "arena.h"
#include "diameter_facts.h"
#include "xml.h"

#define IMS_PROFILE_MAX_IDENTITIES 256
#define IMS_PROFILE_MAX_IFCS	   256
/* Longer text of an element is no identity and no server: left out. */
#define IMS_PROFILE_MAX_TEXT	   IMS_XML_MAX_TEXT
#define IMS_PROFILE_MAX_ATTRIBUTES IMS_XML_MAX_ATTRIBUTES

/*
 * Fills *profile anew; its texts go to `arena`. What
 * comes before a fault in the XML is kept. *many becomes true when a bound
 * above was met, or the XML is one that is not read here (xml.h). False only
 * when there is no memory.
 */
bool ims_profile_parse(struct ims_profile *profile, bool *many,
		       struct ims_arena *arena, struct ims_slice xml)
	IMS_NONNULL(1, 2, 3) IMS_MUST_USE;

#endif
