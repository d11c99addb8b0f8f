/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts, and other bytes, that many records have alike, such as the name of
 * an S-CSCF or the domain of identities: one copy of each, for as long as any
 * has it, and a small number to name it by.
 */
#ifndef IMS_SHARED_H
#define IMS_SHARED_H

#include <ims/address.h>
#include <ims/slice.h>

#include "numbered.h"
#include "refs.h"

/* All zero: none. */
struct ims_shared {
	struct ims_numbered texts;
	struct ims_refs numbers;
	uint32_t last; /* that was taken: it often is the next; or 0 */
	size_t size;   /* bytes of all of them */
};

/* Its number, which is 0 for absent. It stays as long as it is not given back
   as often as it was taken. */
uint32_t ims_shared_take(struct ims_shared *shared, struct ims_slice text)
	IMS_NONNULL(1);
/* 0: nothing. */
void ims_shared_give(struct ims_shared *shared,
		     uint32_t number) IMS_NONNULL_ALL;
/* Borrowed until it is given back; absent for 0. */
struct ims_slice ims_shared_bytes(const struct ims_shared *shared,
				  uint32_t number) IMS_NONNULL_ALL;
/* The same, of a text, with a NUL behind it; NULL for 0. */
const char *ims_shared_text(const struct ims_shared *shared,
			    uint32_t number) IMS_NONNULL_ALL;
/* The same of an address; 0 for one of no family. */
uint32_t ims_shared_take_address(struct ims_shared *shared,
				 const struct ims_address *address)
	IMS_NONNULL_ALL;
struct ims_address ims_shared_address(const struct ims_shared *shared,
				      uint32_t number) IMS_NONNULL_ALL;
/* Frees all; it is empty then. */
void ims_shared_clear(struct ims_shared *shared) IMS_NONNULL_ALL;

#endif
