// SPDX-License-Identifier: GPL-2.0-or-later
/* The bounds in words, with their numbers. */
#include "network_internal.h"

/* Constants of the headers, without their suffixes and brackets. */
#define MIB(bytes) ((bytes) / (1024u * 1024u))

#define SAYS(bound, number) \
	_Static_assert((bound) == (number), "the words below say this number")

SAYS(IMS_NETWORK_MAX_STREAMS / 2, 32768);
SAYS(MIB(IMS_STREAM_MAX_BYTES), 16);
SAYS(IMS_STREAM_MAX_BEHIND / 1024u, 512);
SAYS(IMS_STREAM_MAX_SEGMENTS, 512);
SAYS(IMS_SCTP_MAX, 8192);
SAYS(MIB(IMS_SCTP_MAX_BYTES), 8);
SAYS(IMS_SCTP_MAX_CHUNKS, 512);
SAYS(IMS_NETWORK_MAX_FRAGMENTS, 4096);
SAYS(MIB(IMS_FRAGMENTS_MAX_BYTES), 8);
SAYS(IMS_FRAGMENTS_MAX_PIECES, 256);

static const struct {
	const char *what;
	const char *text;
} bounds[IMS_NETWORK_N_BOUNDS] = {
	[IMS_NETWORK_BOUND_CONNECTIONS] = {"TCP connections",
					   "more than 32768 at a time"},
	[IMS_NETWORK_BOUND_STREAM_BYTES] =
		{"TCP streams with messages not complete",
		 "more than 16 MiB of them"},
	[IMS_NETWORK_BOUND_BEHIND_HOLE] = {"holes in TCP streams",
					   "more than 512 segments or 512 KiB "
					   "waited behind one"},
	[IMS_NETWORK_BOUND_ASSOCIATIONS] = {"SCTP associations",
					    "more than 8192 at a time"},
	[IMS_NETWORK_BOUND_CHUNK_BYTES] =
		{"SCTP associations with messages not "
		 "complete",
		 "more than 8 MiB of them"},
	[IMS_NETWORK_BOUND_CHUNKS] = {"SCTP chunks",
				      "more than 512 waited in one "
				      "direction"},
	[IMS_NETWORK_BOUND_DATAGRAMS] = {"IP datagrams not complete",
					 "more than 4096 at a time"},
	[IMS_NETWORK_BOUND_FRAGMENT_BYTES] = {"IP datagrams not complete",
					      "more than 8 MiB of fragments"},
	[IMS_NETWORK_BOUND_FRAGMENTS] = {"IP datagrams not complete",
					 "more than 256 fragments of one"},
	[IMS_NETWORK_BOUND_MEMORY] = {"packets", "no memory"},
};

const char *ims_network_bound_what(enum ims_network_bound bound)
{
	return bounds[bound].what;
}

const char *ims_network_bound_text(enum ims_network_bound bound)
{
	return bounds[bound].text;
}
