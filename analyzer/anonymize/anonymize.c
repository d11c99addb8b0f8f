// SPDX-License-Identifier: GPL-2.0-or-later
#include "anonymize.h"

#include "network.h"
#include "network_tap.h"
#include "store.h"

/* Spaces of packets that hold a message alone; the network's are below. */
#define OWN_SPACES (UINT64_C(1) << 63)

/* One thing that was read. */
struct item {
	enum ims_read what;
	struct ims_packet packet;  /* its bytes are the buffer's */
	struct ims_buffer *buffer; /* NULL: it is no packet */
};

/* Where in memory a part of the next event's message is from. */
struct origin {
	const uint8_t *at;
	size_t len;
	uint64_t space;
	uint32_t position;
};

struct ims_anonymize {
	ims_packet_source *source;
	void *user;
	struct ims_network *network;
	struct ims_tap tap;
	struct ims_rewriting rewriting;
	GArray *counts; /* of struct ims_anonymized, by capture */
	GQueue held;	/* of items, in the order in which they were read */
	size_t n_bytes;
	int64_t now_ns;
	bool ended;
	uint64_t n_own;	    /* spaces of packets */
	struct item *given; /* what the caller has */

	/* While a packet is read: */
	struct ims_buffer *packet;
	struct ims_buffer *current; /* it, or what was put together of it */
	const uint8_t *base; /* of `current`, where the network sees it */
	GArray *origins;     /* of struct origin */
};

/* The offset of `at` in the current buffer; false: it is elsewhere. */
static bool offset_of(const struct ims_anonymize *a, size_t *offset,
		      const uint8_t *at, size_t len)
{
	uintptr_t base = (uintptr_t)a->base, place = (uintptr_t)at;

	if (!a->current || place < base || place - base > a->current->len ||
	    len > a->current->len - (place - base))
		return false;
	*offset = place - base;
	return true;
}

static void on_layer(void *user, const struct ims_cursor *cursor)
{
	struct ims_anonymize *a = user;
	struct ims_note note = {
		.layer = cursor->layer,
		.len = cursor->bytes.len,
		.ip = cursor->ip,
	};

	g_array_set_size(a->origins, 0);
	if (!offset_of(a, &note.at, cursor->bytes.at, cursor->bytes.len))
		return;
	note.check = ims_check_before(&note, cursor->bytes.at);
	g_array_append_val(a->current->notes, note);
}

static void on_placed(void *user, const uint8_t *at, size_t len, uint64_t space,
		      uint32_t position)
{
	struct ims_anonymize *a = user;
	struct ims_range range = {
		.len = len, .space = space, .position = position};

	if (len && offset_of(a, &range.at, at, len))
		g_array_append_val(a->current->ranges, range);
}

static void on_whole(void *user, const uint8_t *at, size_t len, uint64_t space)
{
	struct ims_anonymize *a = user;
	struct ims_buffer *whole = ims_buffer_new(at, len);

	ims_store_buffer(a->rewriting.store, space, whole);
	/* The store has it from now on, unless it is beyond its bounds. */
	if (a->current != a->packet)
		ims_buffer_unref(a->current);
	a->current = whole;
	a->base = at;
}

static void on_origin(void *user, const uint8_t *at, size_t len, uint64_t space,
		      uint32_t position)
{
	struct ims_anonymize *a = user;
	const struct origin origin = {at, len, space, position};

	if (len)
		g_array_append_val(a->origins, origin);
	else
		g_array_set_size(a->origins, 0);
}

/* Bytes of the packet that have a place in a stream of several. */
static const struct ims_range *range_of(const struct ims_buffer *buffer,
					size_t at, size_t len)
{
	for (guint i = 0; i < buffer->ranges->len; i++) {
		const struct ims_range *range =
			&g_array_index(buffer->ranges, struct ims_range, i);

		if (at >= range->at && at + len <= range->at + range->len)
			return range;
	}
	return NULL;
}

/* A message that is in the packet alone. */
static void store_here(struct ims_anonymize *a, struct ims_message *message,
		       struct ims_slice bytes)
{
	const struct ims_range *range;
	struct ims_range own = {.len = bytes.len};

	if (!offset_of(a, &own.at, (const uint8_t *)bytes.at, bytes.len))
		return;
	range = range_of(a->current, own.at, own.len);
	if (range) {
		ims_store_message(a->rewriting.store, range->space,
				  range->position +
					  (uint32_t)(own.at - range->at),
				  message, 0, bytes.len);
		return;
	}
	own.space = OWN_SPACES | ++a->n_own;
	g_array_append_val(a->current->ranges, own);
	ims_store_message(a->rewriting.store, own.space, 0, message, 0,
			  bytes.len);
}

static void store(struct ims_anonymize *a, const struct ims_event *event)
{
	struct ims_message *message =
		ims_message_new(event->kind, event->bytes);
	const uint8_t *start = (const uint8_t *)event->bytes.at;

	if (!a->origins->len)
		store_here(a, message, event->bytes);
	for (guint i = 0; i < a->origins->len; i++) {
		const struct origin *origin =
			&g_array_index(a->origins, struct origin, i);
		uintptr_t offset = (uintptr_t)origin->at - (uintptr_t)start;
		size_t lead = 0;

		/* Line ends before the message are part of the user message. */
		if ((uintptr_t)origin->at < (uintptr_t)start) {
			lead = (size_t)(start - origin->at);
			offset = 0;
		}
		if (lead >= origin->len || offset >= event->bytes.len)
			continue;
		ims_store_message(
			a->rewriting.store, origin->space,
			origin->position + (uint32_t)lead, message, offset,
			MIN(origin->len - lead, event->bytes.len - offset));
	}
	ims_message_unref(message);
}

static void on_event(void *user, const struct ims_event *event)
{
	struct ims_anonymize *a = user;

	if (event->kind != IMS_EVENT_SIP && event->kind != IMS_EVENT_DIAMETER)
		return;
	if (event->bytes.len) {
		ims_pseudonyms_learn(a->rewriting.pseudonyms, event->kind,
				     event->bytes);
		store(a, event);
	}
}

struct ims_anonymize *ims_anonymize_new(struct ims_pseudonyms *pseudonyms,
					ims_packet_source *source, void *user)
{
	struct ims_anonymize *a = g_new0(struct ims_anonymize, 1);

	a->source = source;
	a->user = user;
	a->now_ns = INT64_MIN;
	a->rewriting.pseudonyms = pseudonyms;
	a->rewriting.store = ims_store_new();
	a->counts = g_array_new(FALSE, TRUE, sizeof(struct ims_anonymized));
	a->origins = g_array_new(FALSE, FALSE, sizeof(struct origin));
	a->tap = (struct ims_tap){
		.user = a,
		.layer = on_layer,
		.placed = on_placed,
		.whole = on_whole,
		.origin = on_origin,
	};
	a->network = ims_network_new(on_event, a);
	ims_network_tap(a->network, &a->tap);
	g_queue_init(&a->held);
	return a;
}

static void item_free(struct item *item)
{
	if (item)
		ims_buffer_unref(item->buffer);
	g_free(item);
}

void ims_anonymize_free(struct ims_anonymize *a)
{
	struct item *item;

	if (!a)
		return;
	while ((item = g_queue_pop_head(&a->held)))
		item_free(item);
	item_free(a->given);
	ims_network_free(a->network);
	ims_store_free(a->rewriting.store);
	g_array_free(a->origins, TRUE);
	g_array_free(a->counts, TRUE);
	g_free(a);
}

static void finish(struct ims_anonymize *a, const struct item *item)
{
	uint32_t capture = item->packet.capture;

	if (capture >= a->counts->len)
		g_array_set_size(a->counts, capture + 1);
	a->rewriting.count =
		&g_array_index(a->counts, struct ims_anonymized, capture);
	ims_buffer_finish(item->buffer, &a->rewriting);
}

/* Nothing that comes later has a part in it: it need not wait, and of media
   little is left. */
static void finish_early(struct ims_anonymize *a, const struct item *item)
{
	struct ims_buffer *buffer = item->buffer;

	if (buffer->ranges->len)
		return;
	finish(a, item);
	buffer->bytes = g_realloc(buffer->bytes, MAX(buffer->kept, 1));
	buffer->len = buffer->kept;
}

static void read_packet(struct ims_anonymize *a, struct item *item)
{
	struct ims_packet *packet = &item->packet;

	item->buffer = ims_buffer_new(packet->bytes, packet->captured);
	item->buffer->is_packet = true;
	packet->bytes = item->buffer->bytes;
	if (packet->wire < packet->captured)
		packet->wire = packet->captured;
	a->packet = a->current = item->buffer;
	a->base = item->buffer->bytes;
	g_array_set_size(a->origins, 0);
	ims_network_packet(a->network, packet);
	if (a->current != a->packet)
		ims_buffer_unref(a->current);
	a->packet = a->current = NULL;
	finish_early(a, item);
	a->now_ns = MAX(a->now_ns, packet->time_ns);
}

static void hold_next(struct ims_anonymize *a)
{
	struct item *item = g_new0(struct item, 1);

	item->what = a->source(a->user, &item->packet);
	if (item->what == IMS_READ_END) {
		a->ended = true;
		ims_network_finish(a->network);
	}
	if (item->what == IMS_READ_PACKET) {
		read_packet(a, item);
		a->n_bytes += item->buffer->len;
	}
	g_queue_push_tail(&a->held, item);
}

static bool is_due(const struct ims_anonymize *a)
{
	const struct item *item = g_queue_peek_head((GQueue *)&a->held);
	int64_t age;

	if (!item)
		return false;
	if (a->ended || a->held.length > IMS_ANONYMIZE_MAX_PACKETS ||
	    a->n_bytes > IMS_ANONYMIZE_MAX_BYTES)
		return true;
	/* Drops and errors wait behind the packets before them. */
	if (item->what != IMS_READ_PACKET)
		return true;
	return __builtin_sub_overflow(a->now_ns, item->packet.time_ns, &age) ||
	       age > IMS_ANONYMIZE_AHEAD_NS;
}

/* The first of those held. */
static enum ims_read give(struct ims_anonymize *a, struct ims_packet *packet)
{
	struct item *item = g_queue_pop_head(&a->held);

	item_free(a->given);
	a->given = item;
	*packet = item->packet;
	if (item->what == IMS_READ_PACKET) {
		a->n_bytes -= item->buffer->len;
		finish(a, item);
		packet->bytes = item->buffer->bytes;
		packet->captured = (uint32_t)item->buffer->kept;
	}
	return item->what;
}

bool ims_anonymize_next(struct ims_anonymize *a, enum ims_read *what,
			struct ims_packet *packet, int64_t now_ns)
{
	a->now_ns = MAX(a->now_ns, now_ns);
	if (a->ended || !is_due(a))
		return false;
	*what = give(a, packet);
	return true;
}

enum ims_read ims_anonymize_read(struct ims_anonymize *a,
				 struct ims_packet *packet)
{
	while (!is_due(a)) {
		/* The end is at hand for ever. */
		if (a->ended) {
			*packet = (struct ims_packet){0};
			return IMS_READ_END;
		}
		hold_next(a);
	}
	return give(a, packet);
}

struct ims_anonymized ims_anonymize_count(const struct ims_anonymize *a,
					  uint32_t capture)
{
	if (capture >= a->counts->len)
		return (struct ims_anonymized){0};
	return g_array_index(a->counts, struct ims_anonymized, capture);
}
