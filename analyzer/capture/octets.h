/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Integers of either byte order, and times that stop at their ends. */
#ifndef IMS_CAPTURE_OCTETS_H
#define IMS_CAPTURE_OCTETS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define IMS_HOST_IS_BIG (G_BYTE_ORDER == G_BIG_ENDIAN)

static inline uint16_t ims_load16(const uint8_t *at, bool big)
{
	return (uint16_t)(big ? at[0] << 8 | at[1] : at[1] << 8 | at[0]);
}

static inline uint32_t ims_load32(const uint8_t *at, bool big)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return big == IMS_HOST_IS_BIG ? value : GUINT32_SWAP_LE_BE(value);
}

static inline uint64_t ims_load64(const uint8_t *at, bool big)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return big == IMS_HOST_IS_BIG ? value : GUINT64_SWAP_LE_BE(value);
}

/* a + b, or the end of the range that it would pass. */
static inline int64_t ims_time_add(int64_t a, int64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return b < 0 ? INT64_MIN : INT64_MAX;
}

/* a - b, or the end of the range that it would pass. */
static inline int64_t ims_time_sub(int64_t a, int64_t b)
{
	int64_t difference;

	if (!__builtin_sub_overflow(a, b, &difference))
		return difference;
	return b > 0 ? INT64_MIN : INT64_MAX;
}

#endif
