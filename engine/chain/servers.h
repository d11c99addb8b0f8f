/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where application servers are, by the names that profiles have for them. */
#ifndef IMS_SERVERS_H
#define IMS_SERVERS_H

#include <ims/address.h>

#include "index.h"
#include "set.h"

/* Beyond, all of them are forgotten. */
#define IMS_SERVERS_MAX 1024u

/* All zero: none is known. */
struct ims_servers {
	struct ims_set by_name; /* see servers.c */
};

void ims_servers_clear(struct ims_servers *servers) IMS_NONNULL_ALL;

/* It was seen there last. */
void ims_servers_learn(struct ims_servers *servers,
		       const struct ims_identity *name,
		       const struct ims_address *address) IMS_NONNULL_ALL;
/* Borrowed until one more is learnt; NULL: not known. */
const struct ims_address *ims_servers_find(const struct ims_servers *servers,
					   const struct ims_identity *name)
	IMS_NONNULL_ALL;

#endif
