/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Internet checksum (RFC 1071). */
#ifndef IMS_CHECKSUM_H
#define IMS_CHECKSUM_H

#include <ims/attributes.h>

#include "layers.h"

/*
 * Of the bytes, and of `sum`, what was summed before them. 0 over bytes that
 * hold their own checksum means that it is right.
 */
uint16_t ims_checksum(uint32_t sum, const uint8_t *at,
		      size_t len) IMS_NONNULL_ALL IMS_PURE;

/* The same with the pseudo-header of UDP and TCP between these addresses. */
uint16_t ims_checksum_transport(const struct ims_ip *ip, uint8_t protocol,
				const struct ims_span *bytes) IMS_NONNULL_ALL;

#endif
