/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a registration leaves to the record of what stands; see bindings.h. */
#ifndef IMS_BINDING_TEXTS_H
#define IMS_BINDING_TEXTS_H

#include "binding_record.h"

/* What the attempt says anew: texts, assignment, agreement and servers. Texts
   go to `arena`; where there is no memory for one, it says nothing of it. */
void ims_binding_take(struct ims_binding_view *view, struct ims_arena *arena,
		      const struct ims_attempt *attempt) IMS_NONNULL_ALL;

#endif
