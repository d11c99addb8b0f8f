/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of text, each rewritten where it stands. */
#ifndef IMS_REWRITING_H
#define IMS_REWRITING_H

#include "pseudonyms_internal.h"

/* Runs of so many digits are numbers of somebody: among words, and where
   numbers of 32 bits may stand. */
#define IMS_PROSE_DIGITS   7
#define IMS_GRAMMAR_DIGITS 11

/* What stands before an "@": every word. */
void ims_rewrite_user(struct ims_pseudonyms *p, struct ims_chars text);

/* A host name or address, and a port. */
void ims_rewrite_host(struct ims_pseudonyms *p, struct ims_chars text);

/* A URI of any scheme; without one user@host, or a host. */
void ims_rewrite_uri(struct ims_pseudonyms *p, struct ims_chars text);

/* A telephone number or IMEI with its separators, then parameters. */
void ims_rewrite_number(struct ims_pseudonyms *p, struct ims_chars text);

/*
 * What may be anything: URIs, addresses and host names are known by their
 * form, parameters by their names; every other word is replaced.
 */
void ims_rewrite_value(struct ims_pseudonyms *p, struct ims_chars text);

/* Words of the protocol, with parameters: these are known by their names, and
   those that are not are replaced. */
void ims_rewrite_params(struct ims_pseudonyms *p, struct ims_chars text);

/* Words are kept, but for URIs, addresses, host names, what has an "@", and
   runs of `digits` digits; of IMS_PROSE_DIGITS, names of users too. */
void ims_rewrite_prose(struct ims_pseudonyms *p, struct ims_chars text,
		       size_t digits);

/* Every letter and digit becomes one and the same: of no use any more. */
void ims_blank(struct ims_chars text);

/* Whether a URI's scheme that is known stands at the start. */
bool ims_has_scheme(struct ims_chars text);

#endif
