/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds SIP and Diameter by content, and makes the events. */
#ifndef IMS_MESSAGES_H
#define IMS_MESSAGES_H

#include <ims/attributes.h>
#include <ims/message.h>

#include "bytes.h"
#include "runs.h"

struct ims_network;

/* From whom to whom, and in which packet: what each event says. */
struct ims_flow {
	enum ims_transport transport;
	struct ims_endpoint source;
	struct ims_endpoint destination;
	uint32_t ip_id;
	bool protected;
	bool fragmented; /* the datagram came in fragments */
	struct ims_stamp stamp;
};

/* What begins some bytes. */
struct ims_found {
	enum ims_extent extent;
	enum ims_event_kind kind; /* IMS_EVENT_SIP or IMS_EVENT_DIAMETER */
	size_t length;		  /* of the whole message; 0: not known yet */
};

/*
 * Whether a message may begin with this byte: a capital, or Diameter's
 * version. Turns away media before anything is called.
 */
static inline bool ims_message_may_begin(uint8_t byte)
{
	return (byte >= 'A' && byte <= 'Z') || byte == 1;
}

/* CR and LF at the start: keep-alives (RFC 5626 3.5.1). */
size_t ims_message_blank(const uint8_t *at, size_t len) IMS_NONNULL_ALL;

/* Looks for a message at the very start. */
struct ims_found ims_message_find(const uint8_t *at,
				  size_t len) IMS_NONNULL_ALL;

/* Of bytes that were found FOREIGN: a message that is so for its size alone is
   counted as let go. */
void ims_message_foreign(struct ims_network *network, const uint8_t *at,
			 size_t len) IMS_NONNULL_ALL;

/*
 * Whether the beginning of a message is long enough to tell something when
 * the rest will not come: its start line, or Diameter's header.
 */
bool ims_message_tells(enum ims_event_kind kind, const uint8_t *at,
		       size_t len) IMS_NONNULL_ALL;

/* An event with nothing but what the flow says. */
struct ims_event ims_event_of(const struct ims_flow *flow,
			      enum ims_event_kind kind) IMS_NONNULL_ALL;

void ims_message_emit(struct ims_network *network, const struct ims_flow *flow,
		      enum ims_event_kind kind, struct ims_slice bytes,
		      bool cut) IMS_NONNULL_ALL;

/*
 * The messages of a datagram or of an SCTP user message, which ends them
 * whatever their own length fields say. Returns how many there were.
 */
unsigned ims_message_datagram(struct ims_network *network,
			      const struct ims_flow *flow,
			      const struct ims_span *payload) IMS_NONNULL_ALL;

#endif
