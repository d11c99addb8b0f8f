/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of users, to be found again where people write prose: in reason
 * phrases and error messages. Only what stood alone before an "@" is one, and
 * none that is a word of such phrases.
 */
#ifndef IMS_NAMES_H
#define IMS_NAMES_H

#include "pseudonyms_internal.h"

void ims_name_learn(struct ims_pseudonyms *p, struct ims_chars user)
	IMS_NONNULL(1);

bool ims_name_is_known(const struct ims_pseudonyms *p, struct ims_chars word)
	IMS_NONNULL(1);

#endif
