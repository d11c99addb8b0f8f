// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "frames.h"

/* A link type that nothing reads. */
#define NO_LINK_TYPE UINT32_MAX
/* Above it no LINKTYPE_ is assigned. */
#define LINK_TYPES 400

/*
 * Wireshark numbers link types its own way, and lets plugins translate only
 * towards that. The first that gives a number is the usual one of it.
 */
static uint32_t link_type_of(int encap)
{
	static int last_encap = -1;
	static uint32_t last = NO_LINK_TYPE;

	if (encap == last_encap)
		return last;
	last_encap = encap;
	last = NO_LINK_TYPE;
	for (int type = 0; type < LINK_TYPES; type++)
		if (encap > WTAP_ENCAP_UNKNOWN &&
		    wtap_pcap_encap_to_wtap_encap(type) == encap) {
			last = (uint32_t)type;
			break;
		}
	return last;
}

bool ims_frame_packet(struct ims_packet *packet, const packet_info *pinfo,
		      tvbuff_t *tvb)
{
	guint captured = tvb_captured_length(tvb);

	if (pinfo->rec->rec_type != REC_TYPE_PACKET)
		return false;
	*packet = (struct ims_packet){
		.number = pinfo->num,
		.time_ns = (int64_t)pinfo->abs_ts.secs * 1000000000 +
			   pinfo->abs_ts.nsecs,
		.link_type = link_type_of(
			pinfo->rec->rec_header.packet_header.pkt_encap),
		.captured = captured,
		.wire = tvb_reported_length(tvb),
		.bytes = captured ? tvb_get_ptr(tvb, 0, (gint)captured)
				  : (const uint8_t *)"",
	};
	return true;
}
