// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is this Diameter? Asked of the start of any stream, so everything that the
 * header fixes is looked at, each part as soon as its bytes are there.
 */
#include <ims/message.h>

#include "diameter_message.h"
#include "diameter_names.h"

/* Application ids that vendors have from IANA (RFC 6733 11.3). */
#define VENDOR_APPLICATION_FIRST 16777216u
#define VENDOR_APPLICATION_LAST	 16777999u
/* Those of the IETF: NASREQ 1 to ERP 13. */
#define IETF_APPLICATION_LAST 13u

/* RFC 6733 3.1: commands of the IETF, and of vendors (first come). */
#define IETF_COMMAND_FIRST   257u
#define IETF_COMMAND_LAST    399u
#define VENDOR_COMMAND_FIRST 8388608u
#define VENDOR_COMMAND_LAST  8389999u

static bool application_is_plausible(uint32_t id)
{
	return id <= IETF_APPLICATION_LAST || (id >= VENDOR_APPLICATION_FIRST &&
					       id <= VENDOR_APPLICATION_LAST);
}

static bool command_is_plausible(uint32_t code)
{
	return (code >= IETF_COMMAND_FIRST && code <= IETF_COMMAND_LAST) ||
	       (code >= VENDOR_COMMAND_FIRST && code <= VENDOR_COMMAND_LAST);
}

static bool length_is_one(uint32_t length)
{
	return length >= IMS_DIAMETER_HEADER_SIZE && length % 4 == 0;
}

static bool length_is_plausible(uint32_t length)
{
	return length_is_one(length) && length <= IMS_DIAMETER_MESSAGE_MAX;
}

static uint32_t byte_at(struct ims_slice bytes, size_t i)
{
	return (unsigned char)bytes.at[i];
}

/* What follows the length, as far as its bytes are there. */
static bool rest_is_plausible(struct ims_slice bytes)
{
	if (bytes.len >= 5 && byte_at(bytes, 4) & IMS_DIAMETER_FLAG_RESERVED)
		return false;
	if (bytes.len >= 8 &&
	    !command_is_plausible(ims_diameter_u24(bytes.at + 5)))
		return false;
	return bytes.len < 12 ||
	       application_is_plausible(ims_diameter_u32(bytes.at + 8));
}

/* The parts of the header whose bytes are there. */
static bool header_is_plausible(struct ims_slice bytes)
{
	if (bytes.len >= 1 && byte_at(bytes, 0) != 1)
		return false;
	/* The first byte of the length alone rules out most text. */
	if (bytes.len >= 2 &&
	    byte_at(bytes, 1) << 16 > IMS_DIAMETER_MESSAGE_MAX)
		return false;
	if (bytes.len >= 4 &&
	    !length_is_plausible(ims_diameter_u24(bytes.at + 1)))
		return false;
	return rest_is_plausible(bytes);
}

/* The first AVP, whose header is in `avp` as far as its bytes are there. */
static bool avp_is_plausible(struct ims_slice avp, size_t room)
{
	size_t header = IMS_DIAMETER_AVP_HEADER_SIZE;
	size_t length;

	if (room < header)
		return false;
	if (avp.len >= 4 && ims_diameter_u32(avp.at) == 0)
		return false;
	if (avp.len >= 5 && byte_at(avp, 4) & IMS_DIAMETER_AVP_FLAG_RESERVED)
		return false;
	if (avp.len < IMS_DIAMETER_AVP_HEADER_SIZE)
		return true;
	if (byte_at(avp, 4) & IMS_DIAMETER_AVP_FLAG_VENDOR)
		header += 4;
	length = ims_diameter_u24(avp.at + 5);
	return length >= header && length <= room;
}

bool ims_diameter_is_too_large(struct ims_slice bytes)
{
	uint32_t length;

	if (bytes.len < IMS_DIAMETER_HEADER_SIZE || byte_at(bytes, 0) != 1)
		return false;
	length = ims_diameter_u24(bytes.at + 1);
	return length > IMS_DIAMETER_MESSAGE_MAX && length_is_one(length) &&
	       rest_is_plausible(bytes);
}

enum ims_extent ims_diameter_extent(struct ims_slice bytes, size_t *length)
{
	const size_t header = IMS_DIAMETER_HEADER_SIZE;

	*length = 0;
	if (!header_is_plausible(bytes))
		return IMS_EXTENT_FOREIGN;
	if (bytes.len >= 4)
		*length = ims_diameter_u24(bytes.at + 1);
	if (bytes.len > header && *length > header &&
	    !avp_is_plausible(ims_slice(bytes.at + header, bytes.len - header),
			      *length - header)) {
		*length = 0;
		return IMS_EXTENT_FOREIGN;
	}
	if (bytes.len < header || bytes.len < *length)
		return IMS_EXTENT_PARTIAL;
	return IMS_EXTENT_WHOLE;
}
