/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change that a node made, in words. */
#ifndef IMS_CHANGE_WORDS_H
#define IMS_CHANGE_WORDS_H

#include <ims/registration.h>

/*
 * "P-CSCF 10.70.1.1 removed Require: sec-agree", "... changed Contact: expires
 * (600 -> 60)". As it came off the wire: not yet fit to be shown. The bytes are
 * to be freed.
 */
struct ims_slice ims_change_words(const struct ims_party *by,
				  const struct ims_change *change)
	IMS_NONNULL_ALL;

#endif
