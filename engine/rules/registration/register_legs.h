/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How rules about the header fields of REGISTER read its legs: which of them
 * is the UE's, what a P-CSCF has left in it, and who made a response. It
 * fires nothing.
 */
#ifndef IMS_REGISTER_LEGS_H
#define IMS_REGISTER_LEGS_H

#include "check.h"

/*
 * The request has what only a P-CSCF puts into a REGISTER (TS 24.229 5.2.2):
 * the leg it is on is none of a UE's, whatever its Vias say. NULL: false.
 */
bool ims_has_passed_pcscf(const struct ims_facts *request);

/*
 * A leg behind the P-CSCF: its request shows a P-CSCF's work, or who was
 * asked asked the HSS. A proxy between the UE and the P-CSCF is none. False
 * where the capture lacks the request.
 */
bool ims_is_behind_pcscf(const struct ims_attempt *attempt,
			 const struct ims_hop *hop) IMS_NONNULL_ALL;

/*
 * The leg between a UE and its neighbour: one Via, and nothing of a P-CSCF in
 * its request or, where that is not captured, in another of the attempt
 * between the same two.
 */
bool ims_is_ues_own_leg(const struct ims_attempt *attempt,
			const struct ims_hop *hop) IMS_NONNULL_ALL;

/* "S-CSCF 10.70.2.13", or "I-CSCF 10.70.2.12 or a node behind it": who made
   the response that `hop` has. Returns out. */
#define IMS_MAKER_TEXT (IMS_PARTY_TEXT + 32)
const char *ims_maker_format(char out[IMS_MAKER_TEXT],
			     const struct ims_hop *hop) IMS_NONNULL_ALL;

#endif
