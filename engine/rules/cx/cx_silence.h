/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a Cx request counts as unanswered, for rules on what came of it. */
#ifndef IMS_CX_SILENCE_H
#define IMS_CX_SILENCE_H

#include "check.h"

/*
 * Whether the exchange being checked had no answer, by the proofs of
 * cx_unanswered: its asker gave up, or the connection lives on in silence;
 * and the asker did not act as one that was answered.
 */
bool ims_cx_is_unanswered(const struct ims_check *check) IMS_NONNULL_ALL;

#endif
