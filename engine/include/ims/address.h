/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IP addresses and endpoints as values. */
#ifndef IMS_ADDRESS_H
#define IMS_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/* Family 0: unknown (all bytes 0). IPv4 uses the first 4 bytes, rest 0. */
struct ims_address {
	uint8_t family; /* 0, 4 or 6 */
	uint8_t bytes[16];
};

struct ims_endpoint {
	struct ims_address address;
	uint16_t port; /* host byte order; 0: none or unknown */
};

/* "[" 45 characters "]:" 5 digits and NUL, rounded up. */
#define IMS_ENDPOINT_TEXT 64

static inline bool ims_address_equal(const struct ims_address *a,
				     const struct ims_address *b)
{
	return a->family == b->family &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static inline bool ims_endpoint_equal(const struct ims_endpoint *a,
				      const struct ims_endpoint *b)
{
	return a->port == b->port &&
	       ims_address_equal(&a->address, &b->address);
}

/* Bytes of an address of that family; 0 of none. */
static inline size_t ims_family_size(uint8_t family)
{
	return family == 6 ? 16 : family == 4 ? 4 : 0;
}

/* How far an address can be reached. */
enum ims_reach {
	IMS_REACH_ALL,
	IMS_REACH_PRIVATE, /* RFC 1918, RFC 4193; RFC 6598 */
	IMS_REACH_LINK,	   /* RFC 3927, RFC 4291 2.5.6 */
	IMS_REACH_HOST,	   /* loopback */
};

/* Family 0: all. */
enum ims_reach ims_address_reach(const struct ims_address *address)
	IMS_NONNULL_ALL IMS_PURE;

/* Total order by family, bytes, then port; as memcmp. */
int ims_endpoint_compare(const struct ims_endpoint *a,
			 const struct ims_endpoint *b) IMS_NONNULL_ALL IMS_PURE;

/* For tables, as ims_slice_hash. */
static inline uint32_t ims_address_hash(const struct ims_address *a)
{
	uint64_t halves[2];
	uint64_t hash;

	memcpy(halves, a->bytes, sizeof(halves));
	hash = (halves[0] ^ halves[1] * 0xd1b54a32d192ed03u ^ a->family) *
	       0x9e3779b97f4a7c15u;
	return (uint32_t)(hash >> 32);
}

/* "10.0.0.1" or "2001:db8::1" (RFC 5952); "" for family 0. Returns out. */
const char *ims_address_format(char out[IMS_ENDPOINT_TEXT],
			       const struct ims_address *a) IMS_NONNULL_ALL;

/* "10.0.0.1:5060" or "[2001:db8::1]:5060"; no port where it is 0. */
const char *ims_endpoint_format(char out[IMS_ENDPOINT_TEXT],
				const struct ims_endpoint *e) IMS_NONNULL_ALL;

/* The same without NUL; returns the end. */
char *ims_endpoint_put(char out[IMS_ENDPOINT_TEXT],
		       const struct ims_endpoint *e) IMS_NONNULL_ALL;

/*
 * Reads a literal address, IPv6 with or without brackets. Returns false, and
 * leaves *out alone, for anything else (host names among them).
 */
bool ims_address_parse(struct ims_address *out, struct ims_slice text)
	IMS_NONNULL(1) IMS_MUST_USE;

#endif
