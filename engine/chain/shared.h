/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts, and other bytes, that many records have alike, such as the name of
 * an S-CSCF: one copy of each, for as long as any has it.
 */
#ifndef IMS_SHARED_H
#define IMS_SHARED_H

#include "set.h"

/* All zero: none. */
struct ims_shared {
	struct ims_set texts;
};

/* The copy, with a NUL behind it; NULL for absent. It is borrowed until it is
   given back as often as it was taken. */
const char *ims_shared_take(struct ims_shared *shared, struct ims_slice text)
	IMS_NONNULL(1);
/* All of it; absent for NULL. */
struct ims_slice ims_shared_bytes(const char *text);
/* NULL: nothing. */
void ims_shared_give(struct ims_shared *shared, const char *text)
	IMS_NONNULL(1);
/* All of them have been given back by then. */
void ims_shared_clear(struct ims_shared *shared) IMS_NONNULL_ALL;

#endif
