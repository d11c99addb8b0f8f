// SPDX-License-Identifier: GPL-2.0-or-later
#include "packed.h"

void ims_packed_put(struct ims_packed *packed, const void *value, size_t size)
{
	memcpy(packed->at + packed->size, value, size);
	packed->size += size;
}

void ims_packed_put_address(struct ims_packed *packed,
			    const struct ims_address *address)
{
	ims_packed_put(packed, &address->family, 1);
	ims_packed_put(packed, address->bytes,
		       ims_family_size(address->family));
}

uint16_t ims_packed_put_text(struct ims_packed *texts, const char *text)
{
	size_t size = strlen(text) + 1;
	const char *found = memmem(texts->at, texts->size, text, size);
	size_t place = found ? (size_t)(found - texts->at) : texts->size;

	if (!found)
		ims_packed_put(texts, text, size);
	return (uint16_t)place;
}

void ims_packed_get(const char **at, void *value, size_t size)
{
	memcpy(value, *at, size);
	*at += size;
}

void ims_packed_get_address(const char **at, struct ims_address *address)
{
	*address = (struct ims_address){0};
	ims_packed_get(at, &address->family, 1);
	ims_packed_get(at, address->bytes, ims_family_size(address->family));
}
