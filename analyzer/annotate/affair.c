// SPDX-License-Identifier: GPL-2.0-or-later
#include "affair.h"

#include <glib.h>
#include <string.h>

#include "bytes.h"

/* RFC 6733 3: header, and what of it is in all messages of an exchange. */
#define HEADER	       20
#define COMMAND_AT     5
#define END_TO_END_AT  16
#define AVP_HEADER     8
#define AVP_SESSION_ID 263

/* RFC 6733 3.1: those about the connection. */
enum {
	COMMAND_CAPABILITIES_EXCHANGE = 257,
	COMMAND_DEVICE_WATCHDOG = 280,
	COMMAND_DISCONNECT_PEER = 282,
};

/* What is there of Session-Id, which is the first AVP (RFC 6733 8.8). */
static struct ims_slice session_of(const uint8_t *at, size_t len)
{
	size_t there = len - HEADER, length;

	if (there < AVP_HEADER || ims_be32(at + HEADER) != AVP_SESSION_ID)
		return (struct ims_slice){0};
	length = ims_be32(at + HEADER + 4) & 0xffffff;
	length = MIN(length, there);
	return length < AVP_HEADER ? (struct ims_slice){0}
				   : ims_slice(at + HEADER + AVP_HEADER,
					       length - AVP_HEADER);
}

static struct ims_affair affair_of_diameter(const uint8_t *at, size_t len)
{
	uint32_t command = ims_be32(at + COMMAND_AT - 1) & 0xffffff;
	uint64_t words[3];

	if (command == COMMAND_CAPABILITIES_EXCHANGE ||
	    command == COMMAND_DEVICE_WATCHDOG ||
	    command == COMMAND_DISCONNECT_PEER)
		return (struct ims_affair){.is_of_connection = true};
	words[0] = command;
	words[1] = ims_be32(at + END_TO_END_AT);
	words[2] = ims_slice_hash(session_of(at, len));
	return (struct ims_affair){
		.is_of_exchange = true,
		.exchange = ims_slice_hash(ims_slice(words, sizeof(words))),
	};
}

struct ims_affair ims_affair_of(const struct ims_event *event)
{
	switch (event->kind) {
	case IMS_EVENT_CONNECTION_OPENING:
	case IMS_EVENT_CONNECTION_OPENED:
	case IMS_EVENT_CONNECTION_REFUSED:
	case IMS_EVENT_CONNECTION_CLOSED:
	case IMS_EVENT_CONNECTION_RESET:
		return (struct ims_affair){.is_of_connection = true};
	case IMS_EVENT_DIAMETER:
		if (event->bytes.len >= HEADER)
			return affair_of_diameter(
				(const uint8_t *)event->bytes.at,
				event->bytes.len);
		break;
	case IMS_EVENT_GAP:
		return (struct ims_affair){.is_gap = !event->cut};
	default:
		break;
	}
	return (struct ims_affair){0};
}
