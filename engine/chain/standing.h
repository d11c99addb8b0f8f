/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hears what bears on registrations that stand, as it comes, and keeps the
 * books when an attempt or an exchange is final.
 */
#ifndef IMS_STANDING_H
#define IMS_STANDING_H

#include "core.h"

/* A Diameter message, as it comes. */
void ims_standing_hear_cx(struct ims_engine *engine,
			  const struct ims_facts *facts) IMS_NONNULL_ALL;
/* An answer whose request the capture lacks. */
void ims_standing_hear_orphan(struct ims_engine *engine,
			      const struct ims_facts *facts) IMS_NONNULL_ALL;
/* A REGISTER, as it comes. */
void ims_standing_hear_register(struct ims_engine *engine,
				const struct ims_facts *facts) IMS_NONNULL_ALL;
/* Before the clock goes on to what comes next. */
void ims_standing_pass_time(struct ims_engine *engine,
			    int64_t now_ns) IMS_NONNULL_ALL;

/* After the rules: it stands from now on, or no longer. */
void ims_standing_after_attempt(struct ims_engine *engine,
				const struct ims_attempt *attempt)
	IMS_NONNULL_ALL;
void ims_standing_after_exchange(struct ims_engine *engine,
				 const struct ims_cx *cx) IMS_NONNULL_ALL;

#endif
