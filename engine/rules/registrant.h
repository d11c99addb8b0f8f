/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How rules about registrations name whom they are about. It fires nothing. */
#ifndef IMS_REGISTRANT_H
#define IMS_REGISTRANT_H

#include "check.h"

/* The UE's own, not the one that an S-CSCF sends for it. */
bool ims_is_own(const struct ims_attempt *attempt) IMS_NONNULL_ALL;

/* The IMPU, else the IMPI, else "an unknown identity". */
struct ims_slice ims_registrant(const struct ims_attempt *attempt)
	IMS_NONNULL_ALL;

/* What a REGISTER wants of its contacts. */
enum ims_wish {
	IMS_WISH_UNCLEAR, /* a part of them, a fetch, or cut off */
	IMS_WISH_STAY,	  /* registers all of them */
	IMS_WISH_END,	  /* deregisters all of them */
};

/* A contact's own expires counts before Expires (RFC 3261 10.2.1.1, 10.2.2).
   NULL: unclear. */
enum ims_wish ims_wish_of(const struct ims_facts *request);

/* Nanoseconds as seconds, for a text. */
double ims_seconds(int64_t ns);

#endif
