/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a registration leaves to the record of what stands; see bindings.h. */
#ifndef IMS_BINDING_TEXTS_H
#define IMS_BINDING_TEXTS_H

#include "bindings.h"

/* The texts of a record while they change: borrowed. */
struct ims_binding_texts {
	struct ims_slice impi;
	struct ims_slice impu;
	struct ims_slice call_id;
	struct ims_slice scscf;
	struct ims_slice security_nonce;
};

/* As they are. */
struct ims_binding_texts ims_binding_texts_of(const struct ims_binding *binding)
	IMS_NONNULL_ALL;
/* With their NULs. */
size_t ims_binding_texts_size(const struct ims_binding_texts *texts)
	IMS_NONNULL_ALL;
/* What the attempt says anew: its texts into `texts`; assignment, agreement
   and servers into the record, which owns `security_server` and `servers`,
   each by g_free. */
void ims_binding_take(struct ims_binding *binding,
		      struct ims_binding_texts *texts,
		      const struct ims_attempt *attempt) IMS_NONNULL_ALL;
/* Points the record's texts into a block of them all, to be freed with it. */
char *ims_binding_pack(struct ims_binding *binding,
		       const struct ims_binding_texts *texts)
	IMS_NONNULL_ALL IMS_MUST_USE;

#endif
