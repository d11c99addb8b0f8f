// SPDX-License-Identifier: GPL-2.0-or-later
/* The bounds as they are told. */
#include "network_internal.h"

#define FORGOTTEN(what) what " was forgotten", what "s were forgotten"
#define GIVEN_UP(what)	what " was given up", what "s were given up"
#define TOO_LARGE(what) what " was too large", what "s were too large"

static const struct ims_bound_text texts[IMS_NETWORK_N_BOUNDS] = {
	[IMS_NETWORK_BOUND_CONNECTIONS] = {"tcp_connections",
					   FORGOTTEN("TCP connection"),
					   IMS_NETWORK_MAX_STREAMS / 2,
					   "at once"},
	[IMS_NETWORK_BOUND_STREAM_BYTES] = {"tcp_bytes", GIVEN_UP("TCP stream"),
					    IMS_STREAM_MAX_BYTES,
					    "bytes of messages not complete"},
	[IMS_NETWORK_BOUND_BEHIND_HOLE] = {"tcp_behind_hole",
					   "hole in a TCP stream was given up",
					   "holes in TCP streams were given up",
					   IMS_STREAM_MAX_SEGMENTS,
					   "segments behind one, of 512 KiB"},
	[IMS_NETWORK_BOUND_ASSOCIATIONS] = {"sctp_associations",
					    FORGOTTEN("SCTP association"),
					    IMS_SCTP_MAX, "at once"},
	[IMS_NETWORK_BOUND_CHUNK_BYTES] =
		{"sctp_bytes", "direction of an SCTP association was given up",
		 "directions of SCTP associations were given up",
		 IMS_SCTP_MAX_BYTES, "bytes of messages not complete"},
	[IMS_NETWORK_BOUND_CHUNKS] = {"sctp_chunks", GIVEN_UP("SCTP chunk"),
				      IMS_SCTP_MAX_CHUNKS,
				      "that wait in one direction"},
	[IMS_NETWORK_BOUND_DATAGRAMS] = {"ip_datagrams",
					 GIVEN_UP("IP datagram"),
					 IMS_NETWORK_MAX_FRAGMENTS,
					 "at once that lack fragments"},
	[IMS_NETWORK_BOUND_FRAGMENT_BYTES] = {"fragment_bytes",
					      GIVEN_UP("IP datagram"),
					      IMS_FRAGMENTS_MAX_BYTES,
					      "bytes of fragments"},
	[IMS_NETWORK_BOUND_FRAGMENTS] = {"fragments_of_datagram",
					 GIVEN_UP("IP datagram"),
					 IMS_FRAGMENTS_MAX_PIECES,
					 "fragments of one"},
	[IMS_NETWORK_BOUND_SIP_MESSAGE] = {"sip_message",
					   TOO_LARGE("SIP message"),
					   IMS_SIP_MESSAGE_MAX,
					   "bytes of one, 65536 of header"},
	[IMS_NETWORK_BOUND_DIAMETER_MESSAGE] = {"diameter_message",
						TOO_LARGE("Diameter message"),
						IMS_DIAMETER_MESSAGE_MAX,
						"bytes of one"},
	[IMS_NETWORK_BOUND_MEMORY] = {"memory",
				      "packet was lost for want of memory",
				      "packets were lost for want of memory", 0,
				      ""},
};

_Static_assert(IMS_STREAM_MAX_BEHIND / 1024u == 512, "the words say so");

const struct ims_bound_text *ims_network_bound_text(
	enum ims_network_bound bound)
{
	return &texts[bound];
}
