// SPDX-License-Identifier: GPL-2.0-or-later
#include "store.h"

#include <string.h>

struct ims_message {
	unsigned n_references;
	enum ims_event_kind kind;
	bool done; /* rewritten */
	size_t len;
	char bytes[];
};

/* Of a message, or of a buffer. */
struct record {
	uint64_t space;
	uint32_t position;
	size_t len;
	struct ims_message *message; /* NULL: the buffer's */
	size_t offset;
	struct ims_buffer *buffer;
};

struct ims_store {
	GHashTable *spaces; /* of numbers to GQueue, of records */
	GQueue records;	    /* all, the oldest first */
	size_t n_bytes;
};

struct ims_message *ims_message_new(enum ims_event_kind kind,
				    struct ims_slice bytes)
{
	struct ims_message *message = g_malloc(sizeof(*message) + bytes.len);

	message->n_references = 1;
	message->kind = kind;
	message->done = false;
	message->len = bytes.len;
	if (bytes.len)
		memcpy(message->bytes, bytes.at, bytes.len);
	return message;
}

void ims_message_unref(struct ims_message *message)
{
	if (message && --message->n_references == 0)
		g_free(message);
}

static void free_queue(gpointer queue)
{
	g_queue_free(queue);
}

struct ims_store *ims_store_new(void)
{
	struct ims_store *store = g_new0(struct ims_store, 1);

	store->spaces = g_hash_table_new_full(g_int64_hash, g_int64_equal,
					      g_free, free_queue);
	g_queue_init(&store->records);
	return store;
}

/* Records of one space go in the order in which they came. */
static void let_oldest_go(struct ims_store *store)
{
	struct record *record = g_queue_pop_head(&store->records);
	GQueue *space = g_hash_table_lookup(store->spaces, &record->space);

	g_queue_pop_head(space);
	store->n_bytes -= record->len;
	if (g_queue_is_empty(space))
		g_hash_table_remove(store->spaces, &record->space);
	ims_message_unref(record->message);
	ims_buffer_unref(record->buffer);
	g_free(record);
}

void ims_store_free(struct ims_store *store)
{
	if (!store)
		return;
	while (!g_queue_is_empty(&store->records))
		let_oldest_go(store);
	g_hash_table_destroy(store->spaces);
	g_free(store);
}

static void add(struct ims_store *store, const struct record *made)
{
	struct record *record = g_new(struct record, 1);
	GQueue *space = g_hash_table_lookup(store->spaces, &made->space);

	*record = *made;
	if (!space) {
		uint64_t *key = g_new(uint64_t, 1);

		*key = made->space;
		space = g_queue_new();
		g_hash_table_insert(store->spaces, key, space);
	}
	g_queue_push_tail(space, record);
	g_queue_push_tail(&store->records, record);
	store->n_bytes += record->len;
	while (store->n_bytes > IMS_STORE_MAX_BYTES ||
	       store->records.length > IMS_STORE_MAX_RECORDS)
		let_oldest_go(store);
}

void ims_store_message(struct ims_store *store, uint64_t space,
		       uint32_t position, struct ims_message *message,
		       size_t offset, size_t len)
{
	const struct record record = {
		.space = space,
		.position = position,
		.len = len,
		.message = message,
		.offset = offset,
	};

	message->n_references++;
	add(store, &record);
}

void ims_store_buffer(struct ims_store *store, uint64_t space,
		      struct ims_buffer *buffer)
{
	const struct record record = {
		.space = space,
		.len = buffer->len,
		.buffer = ims_buffer_ref(buffer),
	};

	add(store, &record);
}

/* As it is to be. */
static const uint8_t *bytes_of(const struct record *record,
			       const struct ims_rewriting *with)
{
	struct ims_message *message = record->message;

	if (!message) {
		ims_buffer_finish(record->buffer, with);
		return record->buffer->bytes;
	}
	if (!message->done)
		ims_pseudonyms_message(with->pseudonyms, message->kind,
				       message->bytes, message->len);
	message->done = true;
	return (const uint8_t *)message->bytes + record->offset;
}

static size_t apply(uint8_t *bytes, uint8_t *covered,
		    const struct ims_range *range, const struct record *record,
		    const struct ims_rewriting *with)
{
	/* Positions wrap around. */
	int64_t start = (int32_t)(record->position - range->position);
	int64_t end = start + (int64_t)record->len;
	size_t from, n;

	if (start < 0)
		start = 0;
	if (end > (int64_t)range->len)
		end = (int64_t)range->len;
	if (start >= end)
		return 0;
	from = (size_t)(start - (int32_t)(record->position - range->position));
	n = (size_t)(end - start);
	memcpy(bytes + start, bytes_of(record, with) + from, n);
	memset(covered + start, 1, n);
	return n;
}

size_t ims_store_apply(struct ims_store *store, uint8_t *bytes,
		       uint8_t *covered, const struct ims_range *range,
		       const struct ims_rewriting *with)
{
	GQueue *space = g_hash_table_lookup(store->spaces, &range->space);
	size_t n = 0;

	for (GList *l = space ? space->tail : NULL; l && n < range->len;
	     l = l->prev)
		n += apply(bytes, covered, range, l->data, with);
	return n;
}
