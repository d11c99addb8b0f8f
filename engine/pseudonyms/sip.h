/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIP messages and what is in them, rewritten where they stand. */
#ifndef IMS_PSEUDONYM_SIP_H
#define IMS_PSEUDONYM_SIP_H

#include "digest.h"

/* Messages in messages, and bodies in bodies. */
#define IMS_BODY_DEPTH 4

/* A message, whole or cut, inside `depth` others. */
void ims_rewrite_sip(struct ims_pseudonyms *p, struct ims_chars message,
		     unsigned depth);

/* A body of that type; of one that is not known nothing is left. */
void ims_rewrite_body(struct ims_pseudonyms *p, struct ims_chars body,
		      struct ims_slice type, unsigned depth);

void ims_rewrite_sdp(struct ims_pseudonyms *p, struct ims_chars text);
void ims_rewrite_xml(struct ims_pseudonyms *p, struct ims_chars text);

/* The lines of a header, up to the empty one. */
void ims_rewrite_fields(struct ims_pseudonyms *p, struct ims_chars lines);

/* The parameters of credentials or of a challenge; the response becomes a
   wrong one. `has_scheme`: a scheme stands before them. */
void ims_rewrite_auth(struct ims_pseudonyms *p, struct ims_chars value,
		      bool has_scheme);

#endif
