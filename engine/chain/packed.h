/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What compact records are packed of: nothing of it is aligned. */
#ifndef IMS_PACKED_H
#define IMS_PACKED_H

#include <ims/address.h>

/* Bytes while they are put together: a place of the caller's, which is large
   enough. */
struct ims_packed {
	char *at;
	size_t size;
};

void ims_packed_put(struct ims_packed *packed, const void *value,
		    size_t size) IMS_NONNULL_ALL;
/* As long as its family has it. */
void ims_packed_put_address(struct ims_packed *packed,
			    const struct ims_address *address) IMS_NONNULL_ALL;
/* A text with its NUL, where there are texts only; one that ends another has
   no place of its own. Returns where it is. */
uint16_t ims_packed_put_text(struct ims_packed *texts,
			     const char *text) IMS_NONNULL_ALL;

/* What was put at *at, which goes on behind it. */
void ims_packed_get(const char **at, void *value, size_t size) IMS_NONNULL_ALL;
void ims_packed_get_address(const char **at,
			    struct ims_address *address) IMS_NONNULL_ALL;

#endif
