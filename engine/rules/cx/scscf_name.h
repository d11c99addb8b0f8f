/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of S-CSCFs, as Cx and SIP write them, compared. It fires nothing. */
#ifndef IMS_SCSCF_NAME_H
#define IMS_SCSCF_NAME_H

#include <ims/slice.h>

/*
 * Whether two URIs name different S-CSCFs for certain. Scheme, user part,
 * parameters, case of the host and a dot at its end make none; nor do a name
 * beside an address, a short name beside the same name in full, and a port
 * beside none, for either may lead to the other by DNS (RFC 3263 4).
 */
bool ims_scscf_differ(struct ims_slice a, struct ims_slice b);

#endif
