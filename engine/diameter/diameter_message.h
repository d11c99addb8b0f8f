/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A view of Diameter bytes (RFC 6733 3 and 4): the header, and a walk over
 * AVPs. Nothing is copied or allocated; a grouped AVP is walked by opening
 * its value, and how deep is the caller's business.
 */
#ifndef IMS_DIAMETER_MESSAGE_H
#define IMS_DIAMETER_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

#define IMS_DIAMETER_HEADER_SIZE     20u
#define IMS_DIAMETER_AVP_HEADER_SIZE 8u /* 12 with a vendor */

/* Command flags (RFC 6733 3). */
#define IMS_DIAMETER_FLAG_REQUEST    0x80u
#define IMS_DIAMETER_FLAG_PROXIABLE  0x40u
#define IMS_DIAMETER_FLAG_ERROR	     0x20u
#define IMS_DIAMETER_FLAG_RETRANSMIT 0x10u
#define IMS_DIAMETER_FLAG_RESERVED   0x0fu
/* AVP flags (RFC 6733 4.1). */
#define IMS_DIAMETER_AVP_FLAG_VENDOR   0x80u
#define IMS_DIAMETER_AVP_FLAG_RESERVED 0x1fu

struct ims_diameter_header {
	uint8_t version;
	uint8_t flags;
	uint32_t length; /* of the whole message, as it says */
	uint32_t command_code;
	uint32_t application_id;
	uint32_t hop_by_hop;
	uint32_t end_to_end;
};

/* Big-endian, from `at` on. */
static inline uint32_t ims_diameter_u24(const char *at)
{
	const unsigned char *byte = (const unsigned char *)at;

	return (uint32_t)byte[0] << 16 | (uint32_t)byte[1] << 8 | byte[2];
}

static inline uint32_t ims_diameter_u32(const char *at)
{
	return (uint32_t)(unsigned char)at[0] << 24 | ims_diameter_u24(at + 1);
}

/*
 * Reads the header at the start of `bytes` as it stands, without judging it.
 * Returns false, and leaves *header alone, when there are fewer than 20.
 */
bool ims_diameter_header_parse(struct ims_diameter_header *header,
			       struct ims_slice bytes)
	IMS_NONNULL(1) IMS_MUST_USE;

struct ims_diameter_avp {
	uint32_t code;
	uint32_t vendor; /* 0: none */
	uint8_t flags;
	size_t offset;		/* of its header, in the message */
	size_t length;		/* of its value, as the header says */
	struct ims_slice value; /* shorter than that where the AVP is cut */
};

enum ims_diameter_step {
	IMS_DIAMETER_STEP_AVP,
	/* The AVP fits its parent, but its bytes end before it does. */
	IMS_DIAMETER_STEP_CUT,
	/*
	 * The AVP is longer than its parent or shorter than its header. Its
	 * code, flags and vendor are filled in where their bytes are there,
	 * else 0. Nothing can be said of what follows: the walk is over.
	 */
	IMS_DIAMETER_STEP_MALFORMED,
	IMS_DIAMETER_STEP_END,
};

/* A place between two AVPs of a message or of a grouped AVP. */
struct ims_diameter_walk {
	struct ims_slice rest; /* bytes that are there */
	size_t declared;       /* bytes that there should be: rest or more */
	size_t offset;	       /* of the place, in the message */
};

/* Before the first AVP of a message whose header was read from `bytes`. */
struct ims_diameter_walk ims_diameter_walk_message(
	const struct ims_diameter_header *header, struct ims_slice bytes)
	IMS_NONNULL(1);

/* Before the first AVP inside a grouped one. */
struct ims_diameter_walk ims_diameter_walk_group(
	const struct ims_diameter_avp *group) IMS_NONNULL_ALL;

/*
 * The next AVP. After AVP the walk stands behind it (and its padding, which
 * may be missing behind a last AVP); any other answer repeats at the next
 * call or is END. *avp is only of use after AVP, CUT and MALFORMED.
 */
enum ims_diameter_step ims_diameter_next(struct ims_diameter_walk *walk,
					 struct ims_diameter_avp *avp)
	IMS_NONNULL_ALL IMS_MUST_USE;

#endif
