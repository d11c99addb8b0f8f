/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vendor signatures that the plugin knows products by. */
#ifndef IMS_PRODUCTS_H
#define IMS_PRODUCTS_H

#include <ims/signature.h>

/*
 * Reads them anew, from where the command line has them too, and from `named`
 * unless it is NULL or empty. A file that is wrong is told to the user, once
 * as long as it is wrong in the same way; then there are none: NULL. Lives
 * until the next call.
 */
const struct ims_signatures *ims_products_read(const char *named);

/* They are let go. */
void ims_products_forget(void);

#endif
