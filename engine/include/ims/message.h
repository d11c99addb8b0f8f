/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine is fed: events. A front end turns packets into them, by its
 * own reassembly (the command line) or by Wireshark's (the plugin); nothing
 * in the engine knows packets.
 */
#ifndef IMS_MESSAGE_H
#define IMS_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/address.h>
#include <ims/attributes.h>
#include <ims/slice.h>

/* A packet of a capture, numbered from 1 as Wireshark numbers it. */
struct ims_frame {
	uint32_t capture; /* index of the capture, from 0 */
	uint64_t number;  /* 0: no frame */
};

enum ims_transport {
	IMS_TRANSPORT_NONE,
	IMS_TRANSPORT_UDP,
	IMS_TRANSPORT_TCP,
	IMS_TRANSPORT_SCTP,
};

enum ims_event_kind {
	/* One SIP message in `bytes`; `cut` when its end is missing. */
	IMS_EVENT_SIP,
	/* One Diameter message in `bytes`; likewise. */
	IMS_EVENT_DIAMETER,
	/* `source` asked `destination` for a connection: SYN, INIT. */
	IMS_EVENT_CONNECTION_OPENING,
	/* `source` agreed: SYN-ACK, COOKIE-ACK. */
	IMS_EVENT_CONNECTION_OPENED,
	/* `source` refused before it stood: RST, ABORT in answer to the above.
	 */
	IMS_EVENT_CONNECTION_REFUSED,
	/* `source` ends it in good order: FIN, SHUTDOWN. */
	IMS_EVENT_CONNECTION_CLOSED,
	/* `source` ended it at once: RST, ABORT. */
	IMS_EVENT_CONNECTION_RESET,
	/*
	 * `missing` bytes (TCP) or chunks (SCTP) that `source` sent to
	 * `destination` are not in the capture; 0: an unknown number. `cut`
	 * when they are the end of a packet that is.
	 */
	IMS_EVENT_GAP,
	/*
	 * `source` says that a packet from `quoted_source` to
	 * `quoted_destination` could not be delivered. `bytes` is what the
	 * error quotes of its payload: evidence, never traffic.
	 */
	IMS_EVENT_ICMP_ERROR,
	/* An ESP packet whose inside was not read; `spi` and `sequence`. */
	IMS_EVENT_ESP,
	/* TLS or DTLS between two ports, seen once a connection and second. */
	IMS_EVENT_TLS,
	/*
	 * An IP datagram to `destination` whose fragments never all came. With
	 * the first one there are ports, and `bytes` is how its payload began;
	 * without it both are missing.
	 */
	IMS_EVENT_FRAGMENT_LOST,
	/* The capture itself says that `missing` packets were dropped. */
	IMS_EVENT_DROPS,
};

struct ims_event {
	enum ims_event_kind kind;
	enum ims_transport transport;
	struct ims_frame frame; /* the packet that completed it */
	int64_t time_ns;	/* since 1970-01-01T00:00:00Z */
	struct ims_endpoint source;
	struct ims_endpoint destination;
	/* IP identification of the packet; 0 for IPv6 and for streams. */
	uint32_t ip_id;
	bool protected;	 /* came inside ESP */
	bool fragmented; /* its IP datagram came in fragments, all of them */
	bool cut;	 /* bytes end before the message does */
	uint8_t icmp_type;
	uint8_t icmp_code;
	uint32_t spi;
	uint32_t sequence;
	uint64_t missing;
	struct ims_endpoint quoted_source;
	struct ims_endpoint quoted_destination;
	struct ims_slice bytes; /* borrowed for the call only */
};

/* The three outcomes of looking for a message at the start of bytes. */
enum ims_extent {
	IMS_EXTENT_WHOLE,   /* *length bytes are one message */
	IMS_EXTENT_PARTIAL, /* the beginning of one; more bytes needed */
	IMS_EXTENT_FOREIGN, /* not this protocol */
};

/* No SIP message above this is waited for on a stream. */
#define IMS_SIP_MESSAGE_MAX (256u * 1024u)
/* No Diameter message above this is (RFC 6733: 24-bit length). */
#define IMS_DIAMETER_MESSAGE_MAX (1024u * 1024u)

/*
 * Whether a SIP message starts `bytes`, and where it ends: a request line or
 * status line of SIP/2.0 with a plausible method, then header fields, an
 * empty line and as many bytes as Content-Length says (RFC 3261 18.3;
 * without Content-Length the message ends with its header on a stream).
 * On WHOLE, *length is its size. On PARTIAL, *length is the size if it can
 * already be told, else 0. CRLFs before the start line are not part of it:
 * the caller skips them (keep-alives of RFC 5626).
 */
enum ims_extent ims_sip_extent(struct ims_slice bytes,
			       size_t *length) IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * Whether a start line of SIP begins `bytes`; PARTIAL: as far as they go. It
 * is the first look of ims_sip_extent, and enough for a datagram, which ends
 * its message whatever Content-Length says (RFC 3261 18.3).
 */
enum ims_extent ims_sip_begins(struct ims_slice bytes) IMS_MUST_USE;

/*
 * As ims_sip_extent, for Diameter: version 1, a length that is a multiple of 4
 * and at least 20, reserved flag bits 0, a command and application that are
 * known or plausible together, and a first AVP (where its bytes are there)
 * that fits. Strict enough to be asked on any port.
 */
enum ims_extent ims_diameter_extent(struct ims_slice bytes, size_t *length)
	IMS_NONNULL_ALL IMS_MUST_USE;

#endif
