/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an exchange's identity was registered as, by the HSS's own word. It
   fires nothing. */
#ifndef IMS_CX_STANDING_H
#define IMS_CX_STANDING_H

#include "check.h"

/* When rules that ask it are silent, for their texts. */
#define IMS_CX_STOOD_UNLESS                                                  \
	"The registration must stand by a SAR and its SAA 2001 in this "     \
	"capture, both from the HSS and realm of this answer, and not have " \
	"expired. Not after anything that may have ended it: an RTR, a "     \
	"SAR of another type than 0, 1 and 2, a REGISTER that deregisters "  \
	"any contact, an attempt that failed or whose end is not in the "    \
	"capture; nor after a hole in the capture (lost bytes of a "         \
	"Diameter connection, drops that the file reports, an RTA or SAA "   \
	"without its request, five minutes without any packet). An "         \
	"emergency registration does not count."

/*
 * The registration that stood when the exchange being checked was asked, of
 * its Public-Identity, and that the HSS which answered had taken note of.
 * NULL where it may have ended since, or where that cannot be told.
 */
const struct ims_binding *ims_cx_stood(const struct ims_check *check)
	IMS_NONNULL_ALL;

/* The SAA by which it did so, as evidence. */
void ims_cx_tell_stood(struct ims_draft *draft,
		       const struct ims_binding *binding) IMS_NONNULL_ALL;

#endif
