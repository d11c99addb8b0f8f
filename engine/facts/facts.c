// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts.h"

#include "diameter_facts.h"
#include "sip_facts.h"

/* Lists, and what a message's own bytes do not pay for. */
#define RECORD_SIZE 1024u
/* A profile makes a Diameter message large, and is not kept as it is. */
#define DIAMETER_SIZE_MAX 4096u

static size_t likely_size(const struct ims_event *event)
{
	size_t size = sizeof(struct ims_facts);

	switch (event->kind) {
	case IMS_EVENT_SIP:
	case IMS_EVENT_ICMP_ERROR:
		return size + sizeof(struct ims_sip_facts) + RECORD_SIZE +
		       event->bytes.len;
	case IMS_EVENT_DIAMETER:
		size += sizeof(struct ims_diameter_facts);
		if (event->bytes.len > DIAMETER_SIZE_MAX)
			return size + DIAMETER_SIZE_MAX;
		return size + event->bytes.len;
	default:
		return size;
	}
}

static void take_event(struct ims_facts *facts, const struct ims_event *event)
{
	facts->references = 1;
	facts->copies = 1;
	facts->kind = event->kind;
	facts->transport = event->transport;
	facts->protected = event->protected;
	facts->fragmented = event->fragmented;
	facts->cut = event->cut;
	facts->icmp_type = event->icmp_type;
	facts->icmp_code = event->icmp_code;
	facts->ip_id = event->ip_id;
	facts->spi = event->spi;
	facts->sequence = event->sequence;
	facts->missing = event->missing;
	facts->frame = event->frame;
	facts->time_ns = event->time_ns;
	facts->source = event->source;
	facts->destination = event->destination;
	facts->quoted_source = event->quoted_source;
	facts->quoted_destination = event->quoted_destination;
	facts->hash = ims_slice_hash(event->bytes);
	facts->length = event->bytes.len;
}

/* What ICMP quotes may be as short as 8 bytes (RFC 792): less than a line is no
   SIP. Of a fragmented datagram the first fragment may be all there is. */
static bool begins_sip(struct ims_slice bytes)
{
	size_t length;

	return ims_sip_extent(bytes, &length) != IMS_EXTENT_FOREIGN &&
	       ims_slice_find_nocase(bytes, "\n") < bytes.len;
}

/* False only when there is no memory. */
static bool read_bytes(struct ims_facts *facts, const struct ims_event *event)
{
	struct ims_slice bytes = event->bytes;
	bool is_part = event->kind == IMS_EVENT_ICMP_ERROR ||
		       event->kind == IMS_EVENT_FRAGMENT_LOST;

	if (event->kind == IMS_EVENT_DIAMETER) {
		facts->diameter =
			ims_diameter_facts_new(facts->arena, bytes, event->cut);
		return facts->diameter;
	}
	if (event->kind == IMS_EVENT_SIP || (is_part && begins_sip(bytes))) {
		facts->sip = ims_sip_facts_new(facts->arena, bytes,
					       event->cut || is_part);
		return facts->sip;
	}
	return true;
}

struct ims_facts *ims_facts_new_in(struct ims_pool *pool,
				   const struct ims_event *event)
{
	struct ims_arena *arena = ims_arena_new_in(pool, likely_size(event));
	struct ims_facts *facts;

	if (!arena)
		return NULL;
	facts = ims_arena_alloc(arena, sizeof(*facts));
	if (!facts) {
		ims_arena_free(arena);
		return NULL;
	}
	facts->arena = arena;
	take_event(facts, event);
	if (!read_bytes(facts, event)) {
		ims_arena_free(arena);
		return NULL;
	}
	return facts;
}

struct ims_facts *ims_facts_ref(struct ims_facts *facts)
{
	facts->references++;
	return facts;
}

void ims_facts_unref(struct ims_facts *facts)
{
	if (!facts || --facts->references)
		return;
	if (facts->account)
		*facts->account -= ims_arena_size(facts->arena);
	ims_arena_free(facts->arena);
}
