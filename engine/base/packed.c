// SPDX-License-Identifier: GPL-2.0-or-later
#include "packed.h"

void ims_packed_put(struct ims_packed *packed, const void *value, size_t size)
{
	memcpy(packed->at + packed->size, value, size);
	packed->size += size;
}

void ims_packed_put_number(struct ims_packed *packed, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		packed->at[packed->size++] = (char)(number | 0x80);
	packed->at[packed->size++] = (char)number;
}

/* Small whichever way it goes: 0, -1, 1, -2 are 0, 1, 2, 3. */
static uint64_t fold(uint64_t distance)
{
	return distance >> 63 ? ~(distance << 1) : distance << 1;
}

static uint64_t unfold(uint64_t folded)
{
	return folded & 1 ? ~(folded >> 1) : folded >> 1;
}

void ims_packed_put_time(struct ims_packed *packed, int64_t time_ns,
			 int64_t from_ns, int64_t none)
{
	uint64_t distance = (uint64_t)time_ns - (uint64_t)from_ns;

	ims_packed_put_number(packed, time_ns == none ? 0 : fold(distance) + 1);
}

void ims_packed_put_address(struct ims_packed *packed,
			    const struct ims_address *address)
{
	ims_packed_put(packed, &address->family, 1);
	ims_packed_put(packed, address->bytes,
		       ims_family_size(address->family));
}

uint16_t ims_packed_put_text(struct ims_packed *texts, struct ims_slice text)
{
	size_t place = texts->size;

	ims_packed_put(texts, text.at, text.len);
	ims_packed_put(texts, "", 1);
	return (uint16_t)place;
}

uint16_t ims_packed_put_ending(struct ims_packed *texts, struct ims_slice text)
{
	size_t end;

	/* It may be there already: from the end of one text to the next. */
	for (size_t i = 0; i < texts->size; i = end + 1) {
		end = i + strlen(texts->at + i);
		if (end - i >= text.len &&
		    memcmp(texts->at + end - text.len, text.at, text.len) == 0)
			return (uint16_t)(end - text.len);
	}
	return ims_packed_put_text(texts, text);
}

void ims_packed_get(const char **at, void *value, size_t size)
{
	memcpy(value, *at, size);
	*at += size;
}

uint64_t ims_packed_get_number(const char **at)
{
	uint64_t number = 0;
	unsigned char byte;

	for (unsigned bits = 0;; bits += 7) {
		byte = (unsigned char)*(*at)++;
		number |= (uint64_t)(byte & 0x7f) << bits;
		if (byte < 0x80)
			return number;
	}
}

void ims_packed_skip_numbers(const char **at, unsigned n)
{
	for (; n; n--)
		while ((unsigned char)*(*at)++ >= 0x80)
			;
}

int64_t ims_packed_get_time(const char **at, int64_t from_ns, int64_t none)
{
	uint64_t folded = ims_packed_get_number(at);

	return folded ? (int64_t)((uint64_t)from_ns + unfold(folded - 1))
		      : none;
}

void ims_packed_get_address(const char **at, struct ims_address *address)
{
	*address = (struct ims_address){0};
	ims_packed_get(at, &address->family, 1);
	ims_packed_get(at, address->bytes, ims_family_size(address->family));
}
