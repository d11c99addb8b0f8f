// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts.h"

#include "diameter_facts.h"
#include "sip_facts.h"

/* Bytes up to this are kept as they came, until they are read. Of more, which
   are those of a large body or a profile, the same is kept when they come as
   later: what is read of them. */
#define KEPT_MAX 2048u
/* Lists, and what a message's own bytes do not pay for. */
#define LISTS_SIZE 1024u
/* A body or a profile makes a message larger, and is not kept as it is. */
#define LARGE_SIZE 4096u

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
	facts->length = event->bytes.len;
	if (event->kind != IMS_EVENT_DIAMETER)
		facts->hash = ims_slice_hash(event->bytes);
}

/* What ICMP quotes may be as short as 8 bytes (RFC 792): less than a line is no
   SIP. Of a fragmented datagram the first fragment may be all there is. */
static bool begins_sip(struct ims_slice bytes)
{
	size_t length;

	return ims_sip_extent(bytes, &length) != IMS_EXTENT_FOREIGN &&
	       ims_slice_find_nocase(bytes, "\n") < bytes.len;
}

/* Of an error or a lost datagram; they have the beginning of one at most. */
static bool is_part(const struct ims_facts *facts)
{
	return facts->kind == IMS_EVENT_ICMP_ERROR ||
	       facts->kind == IMS_EVENT_FRAGMENT_LOST;
}

static bool holds_sip(const struct ims_facts *facts, struct ims_slice bytes)
{
	return facts->kind == IMS_EVENT_SIP ||
	       (is_part(facts) && begins_sip(bytes));
}

/* What reading them takes, beside the bytes themselves. */
static size_t likely_size(enum ims_event_kind kind)
{
	return kind == IMS_EVENT_DIAMETER
		       ? sizeof(struct ims_diameter_facts)
		       : sizeof(struct ims_sip_facts) + LISTS_SIZE;
}

static bool holds_message(const struct ims_facts *facts, struct ims_slice bytes)
{
	return facts->kind == IMS_EVENT_DIAMETER || holds_sip(facts, bytes);
}

/* `are_kept`: as long as the arena, which they are of. False only when there is
   no memory. */
static bool read_message(struct ims_facts *facts, struct ims_arena *arena,
			 struct ims_slice bytes, bool are_kept)
{
	bool cut = facts->cut || is_part(facts);

	if (facts->kind == IMS_EVENT_DIAMETER) {
		facts->diameter =
			are_kept ? ims_diameter_facts_read(arena, bytes, cut)
				 : ims_diameter_facts_new(arena, bytes, cut);
		return facts->diameter;
	}
	facts->sip = are_kept ? ims_sip_facts_read(arena, (char *)bytes.at,
						   bytes.len, cut)
			      : ims_sip_facts_new(arena, bytes, cut);
	return facts->sip;
}

/* Bytes that the record has beside itself from the beginning. */
static size_t size_beside(const struct ims_event *event)
{
	size_t len = event->bytes.len;

	if (len <= KEPT_MAX)
		return len;
	return likely_size(event->kind) + (len < LARGE_SIZE ? len : LARGE_SIZE);
}

static bool take_bytes(struct ims_facts *facts, struct ims_slice bytes)
{
	if (bytes.len > KEPT_MAX)
		return !holds_message(facts, bytes) ||
		       read_message(facts, facts->arena, bytes, false);
	facts->bytes = ims_arena_copy(facts->arena, bytes);
	return facts->bytes.at || !bytes.at;
}

struct ims_facts *ims_facts_take(struct ims_pool *pool,
				 const struct ims_event *event)
{
	struct ims_arena *arena = ims_arena_new_in(
		pool, sizeof(struct ims_facts) + size_beside(event));
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
	if (!take_bytes(facts, event->bytes)) {
		ims_arena_free(arena);
		return NULL;
	}
	return facts;
}

bool ims_facts_read(struct ims_facts *facts, struct ims_pool *pool)
{
	struct ims_slice bytes = facts->bytes;
	bool is_read;

	facts->bytes = (struct ims_slice){0};
	if (!bytes.at ||
	    !(facts->kind == IMS_EVENT_DIAMETER || holds_sip(facts, bytes)))
		return true;
	facts->read = ims_arena_new_in(pool, likely_size(facts->kind));
	if (!facts->read)
		return false;
	is_read = read_message(facts, facts->read, bytes, true);
	if (facts->account)
		*facts->account += ims_arena_size(facts->read);
	return is_read;
}

struct ims_facts *ims_facts_new(const struct ims_event *event)
{
	struct ims_facts *facts = ims_facts_take(NULL, event);

	if (facts && !ims_facts_read(facts, NULL)) {
		ims_facts_unref(facts);
		return NULL;
	}
	return facts;
}

size_t ims_facts_size(const struct ims_facts *facts)
{
	return ims_arena_size(facts->arena) +
	       (facts->read ? ims_arena_size(facts->read) : 0);
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
		*facts->account -= ims_facts_size(facts);
	ims_arena_free(facts->read);
	ims_arena_free(facts->arena);
}
