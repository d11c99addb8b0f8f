/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the rules about Diameter connections say what they found. */
#ifndef IMS_CX_PEER_WORDS_H
#define IMS_CX_PEER_WORDS_H

#include <glib.h>

#include "cx_links.h"
#include "family.h"

/* The facts of the connection, and as evidence what was asked and answered;
   `n`: connections of this kind. */
void ims_peer_tell(struct ims_draft *draft, const struct ims_link *link,
		   const struct ims_diagnosis *found,
		   unsigned n) IMS_NONNULL_ALL;

/*
 * "Diameter peer 10.0.0.2 of 10.0.0.1 answered CER with an error: ...", to be
 * gone on with and handed to ims_peer_end.
 */
GString *ims_peer_sentence(const struct ims_link *link,
			   const struct ims_diagnosis *found,
			   unsigned n) IMS_NONNULL_ALL IMS_MUST_USE;

/* It is the draft's summary, with its full stop; frees it. */
void ims_peer_end(struct ims_draft *draft, GString *sentence) IMS_NONNULL_ALL;

#endif
