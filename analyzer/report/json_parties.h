/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The texts of parties as JSON. Each step names two and a core has few, so that
 * those that came last are kept as they were written.
 */
#ifndef IMS_JSON_PARTIES_H
#define IMS_JSON_PARTIES_H

#include <ims/registration.h>

/* More than the text of a party takes up, in quotes and with its comma. */
#define IMS_JSON_PARTY_TEXT 80

struct ims_json_parties; /* to be freed by g_free */

struct ims_json_parties *ims_json_parties_new(void) IMS_MUST_USE;

/*
 * Writes "P-CSCF 10.0.0.1:5060" in quotes and the comma behind it, of a party
 * with an address. Spoils as much as IMS_JSON_PARTY_TEXT. Returns the end.
 */
char *ims_json_parties_put(struct ims_json_parties *parties,
			   char out[IMS_JSON_PARTY_TEXT],
			   const struct ims_party *party) IMS_NONNULL_ALL;

#endif
