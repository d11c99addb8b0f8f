// SPDX-License-Identifier: GPL-2.0-or-later
#include "diameter_message.h"

bool ims_diameter_header_parse(struct ims_diameter_header *header,
			       struct ims_slice bytes)
{
	if (bytes.len < IMS_DIAMETER_HEADER_SIZE)
		return false;
	*header = (struct ims_diameter_header){
		.version = (uint8_t)bytes.at[0],
		.length = ims_diameter_u24(bytes.at + 1),
		.flags = (uint8_t)bytes.at[4],
		.command_code = ims_diameter_u24(bytes.at + 5),
		.application_id = ims_diameter_u32(bytes.at + 8),
		.hop_by_hop = ims_diameter_u32(bytes.at + 12),
		.end_to_end = ims_diameter_u32(bytes.at + 16),
	};
	return true;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static struct ims_diameter_walk walk_over(struct ims_slice bytes,
					  size_t declared, size_t offset)
{
	return (struct ims_diameter_walk){
		.rest = ims_slice(bytes.at, smaller(bytes.len, declared)),
		.declared = declared,
		.offset = offset,
	};
}

struct ims_diameter_walk ims_diameter_walk_message(
	const struct ims_diameter_header *header, struct ims_slice bytes)
{
	const size_t skip = IMS_DIAMETER_HEADER_SIZE;
	size_t declared = header->length > skip ? header->length - skip : 0;

	return walk_over(ims_slice(bytes.at + skip, bytes.len - skip), declared,
			 skip);
}

static size_t avp_header_size(uint8_t flags)
{
	return flags & IMS_DIAMETER_AVP_FLAG_VENDOR
		       ? IMS_DIAMETER_AVP_HEADER_SIZE + 4
		       : IMS_DIAMETER_AVP_HEADER_SIZE;
}

struct ims_diameter_walk ims_diameter_walk_group(
	const struct ims_diameter_avp *group)
{
	return walk_over(group->value, group->length,
			 group->offset + avp_header_size(group->flags));
}

/* Steps over an AVP of `length` and its padding to 32 bits (4.1). */
static void walk_past(struct ims_diameter_walk *walk, size_t length)
{
	size_t step = smaller((length + 3) / 4 * 4, walk->declared);
	size_t there = smaller(step, walk->rest.len);

	walk->rest.at += there;
	walk->rest.len -= there;
	walk->declared -= step;
	walk->offset += step;
}

enum ims_diameter_step ims_diameter_next(struct ims_diameter_walk *walk,
					 struct ims_diameter_avp *avp)
{
	const char *at = walk->rest.at;
	size_t there = walk->rest.len;
	size_t header, length;

	*avp = (struct ims_diameter_avp){.offset = walk->offset};
	if (walk->declared == 0)
		return IMS_DIAMETER_STEP_END;
	if (there < IMS_DIAMETER_AVP_HEADER_SIZE)
		return walk->declared > there ? IMS_DIAMETER_STEP_CUT
					      : IMS_DIAMETER_STEP_MALFORMED;
	avp->code = ims_diameter_u32(at);
	avp->flags = (uint8_t)at[4];
	length = ims_diameter_u24(at + 5);
	header = avp_header_size(avp->flags);
	if (header > IMS_DIAMETER_AVP_HEADER_SIZE && there >= header)
		avp->vendor = ims_diameter_u32(at + 8);
	if (length < header || length > walk->declared)
		return IMS_DIAMETER_STEP_MALFORMED;
	avp->length = length - header;
	if (there < length) {
		if (there > header)
			avp->value = ims_slice(at + header, there - header);
		return IMS_DIAMETER_STEP_CUT;
	}
	avp->value = ims_slice(at + header, avp->length);
	walk_past(walk, length);
	return IMS_DIAMETER_STEP_AVP;
}
