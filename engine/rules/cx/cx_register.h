/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The REGISTER that a CSCF asks the HSS about. It fires nothing. */
#ifndef IMS_CX_REGISTER_H
#define IMS_CX_REGISTER_H

#include "check.h"
#include "registrant.h"

/*
 * The leg on which the asker of `cx`, an exchange of the check's attempt, got
 * the REGISTER that it asks about: seen to arrive just before, not answered
 * yet, and the only one there can be. NULL where that is not sure.
 */
const struct ims_hop *ims_cx_asked_about(
	const struct ims_check *check, const struct ims_cx *cx) IMS_NONNULL_ALL;

/* "registers" or "deregisters". */
const char *ims_wish_name(enum ims_wish wish);

/* "Expires 3600, expires=0 in Contact", as far as the REGISTER has them. */
void ims_expires_append(GString *text,
			const struct ims_sip_facts *sip) IMS_NONNULL_ALL;

/* The REGISTER on that leg as evidence, and the fact "register". */
void ims_cx_tell_register(struct ims_draft *draft, const struct ims_hop *hop,
			  const char *expires) IMS_NONNULL_ALL;

#endif
