/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers in network byte order, and runs of bytes that may be cut. */
#ifndef IMS_BYTES_H
#define IMS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `len` bytes are there of the `wire` that were sent; more: it was cut. */
struct ims_span {
	const uint8_t *at;
	size_t len;
	size_t wire;
};

static inline uint16_t ims_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t ims_be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

/* Goes on behind `n` bytes. Returns false, unmoved, when they are not there. */
static inline bool ims_span_skip(struct ims_span *span, size_t n)
{
	if (span->len < n)
		return false;
	span->at += n;
	span->len -= n;
	span->wire -= n;
	return true;
}

/*
 * A length field says that `wire` bytes were sent. It is believed as far as
 * the bytes are there: padding behind it goes, and a larger one means that
 * the rest is missing.
 */
static inline void ims_span_limit(struct ims_span *span, size_t wire)
{
	span->wire = wire;
	if (span->len > wire)
		span->len = wire;
}

static inline bool ims_span_is_cut(const struct ims_span *span)
{
	return span->len < span->wire;
}

#endif
