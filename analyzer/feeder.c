// SPDX-License-Identifier: GPL-2.0-or-later
#include "feeder.h"

#include <glib.h>
#include <string.h>

struct item {
	enum {
		EVENT,
		CLOCK,
		LOST
	} what;
	struct ims_event event; /* of CLOCK its time alone */
};

/*
 * What is handed over at once lies in one piece: one core reads what another
 * one has just written quickly where it goes from line to line, and slowly
 * where it has to look for the next.
 */
struct batch {
	GList link; /* in waiting or spare */
	unsigned n;
	size_t used; /* of the bytes */
	char *large; /* of the one message that finds no room there; or NULL */
	struct item items[IMS_FEEDER_BATCH];
	char bytes[IMS_FEEDER_BATCH_BYTES]; /* of the messages */
};

struct ims_feeder {
	struct ims_engine *engine;
	GThread *thread; /* NULL: without */
	struct batch *filling;

	GMutex lock; /* of what follows */
	GCond has_more;
	GCond has_room;
	GQueue waiting; /* batches for the engine, oldest first */
	GQueue spare;	/* empty ones */
	bool ended;	/* no more will come */
};

static struct batch *batch_new(void)
{
	struct batch *batch = g_new(struct batch, 1);

	batch->link = (GList){.data = batch};
	batch->n = 0;
	batch->used = 0;
	batch->large = NULL;
	return batch;
}

static void batch_clear(struct batch *batch)
{
	g_free(batch->large);
	batch->large = NULL;
	batch->n = 0;
	batch->used = 0;
}

static void feed_batch(struct ims_engine *engine, const struct batch *batch)
{
	for (unsigned i = 0; i < batch->n; i++) {
		const struct item *item = &batch->items[i];

		switch (item->what) {
		case EVENT:
			(void)ims_engine_feed(engine, &item->event);
			break;
		case CLOCK:
			ims_engine_clock(engine, item->event.time_ns);
			break;
		case LOST:
			ims_engine_lost(engine);
			break;
		}
	}
}

/* The oldest batch that waits; NULL: all was fed. Under the lock. */
static struct batch *next_batch(struct ims_feeder *feeder)
{
	GList *link;

	while (!feeder->waiting.head && !feeder->ended)
		g_cond_wait(&feeder->has_more, &feeder->lock);
	link = g_queue_pop_head_link(&feeder->waiting);
	return link ? link->data : NULL;
}

static gpointer run(gpointer user)
{
	struct ims_feeder *feeder = user;
	struct batch *batch;

	g_mutex_lock(&feeder->lock);
	while ((batch = next_batch(feeder))) {
		g_mutex_unlock(&feeder->lock);
		feed_batch(feeder->engine, batch);
		batch_clear(batch);
		g_mutex_lock(&feeder->lock);
		g_queue_push_head_link(&feeder->spare, &batch->link);
		if (feeder->waiting.length <= IMS_FEEDER_BATCHES / 2)
			g_cond_signal(&feeder->has_room);
	}
	g_mutex_unlock(&feeder->lock);
	return NULL;
}

/* Waits where the other thread is too far behind, for a good deal of room: to
   be woken for each batch would cost more than the batch. Under the lock. */
static void wait_for_room(struct ims_feeder *feeder)
{
	if (feeder->waiting.length < IMS_FEEDER_BATCHES)
		return;
	while (feeder->waiting.length > IMS_FEEDER_BATCHES / 2)
		g_cond_wait(&feeder->has_room, &feeder->lock);
}

/* Gives the batch being filled to the other thread and takes an empty one. */
static void hand_over(struct ims_feeder *feeder)
{
	GList *spare;

	if (!feeder->filling->n)
		return;
	g_mutex_lock(&feeder->lock);
	wait_for_room(feeder);
	g_queue_push_tail_link(&feeder->waiting, &feeder->filling->link);
	spare = g_queue_pop_head_link(&feeder->spare);
	g_cond_signal(&feeder->has_more);
	g_mutex_unlock(&feeder->lock);
	feeder->filling = spare ? spare->data : batch_new();
}

/* The batch being filled, which has room for an item and so many bytes; or it
   is empty, and they are too many for any. */
static struct batch *batch_with_room(struct ims_feeder *feeder, size_t size)
{
	const struct batch *batch = feeder->filling;

	if (batch->n == IMS_FEEDER_BATCH ||
	    size > IMS_FEEDER_BATCH_BYTES - batch->used)
		hand_over(feeder);
	return feeder->filling;
}

/* Room for what will last until the batch was fed; NULL: no memory. */
static char *take_bytes(struct batch *batch, size_t size)
{
	char *at = batch->bytes + batch->used;

	if (size > IMS_FEEDER_BATCH_BYTES)
		return batch->large = g_try_malloc(size);
	batch->used += size;
	return at;
}

static bool add_event(struct ims_feeder *feeder, const struct ims_event *event)
{
	size_t size = event->bytes.len;
	struct batch *batch = batch_with_room(feeder, size);
	struct item *item = &batch->items[batch->n++];
	char *bytes = take_bytes(batch, size);

	item->what = bytes ? EVENT : LOST;
	item->event = *event;
	if (bytes && event->bytes.at) {
		memcpy(bytes, event->bytes.at, size);
		item->event.bytes.at = bytes;
	}
	/* One alone, for the whole of it waits with its batch. */
	if (batch->large)
		hand_over(feeder);
	return bytes;
}

static void add_clock(struct ims_feeder *feeder, int64_t time_ns)
{
	struct batch *batch = batch_with_room(feeder, 0);
	struct item *item = &batch->items[batch->n++];

	item->what = CLOCK;
	item->event.time_ns = time_ns;
}

struct ims_feeder *ims_feeder_new(struct ims_engine *engine, bool is_threaded)
{
	struct ims_feeder *feeder = g_new0(struct ims_feeder, 1);

	feeder->engine = engine;
	g_mutex_init(&feeder->lock);
	g_cond_init(&feeder->has_more);
	g_cond_init(&feeder->has_room);
	if (is_threaded)
		feeder->thread = g_thread_try_new("engine", run, feeder, NULL);
	if (feeder->thread)
		feeder->filling = batch_new();
	return feeder;
}

bool ims_feeder_event(struct ims_feeder *feeder, const struct ims_event *event)
{
	if (feeder->thread)
		return add_event(feeder, event);
	return ims_engine_feed(feeder->engine, event);
}

void ims_feeder_clock(struct ims_feeder *feeder, int64_t time_ns)
{
	if (feeder->thread)
		add_clock(feeder, time_ns);
	else
		ims_engine_clock(feeder->engine, time_ns);
}

void ims_feeder_flush(struct ims_feeder *feeder)
{
	if (feeder->thread)
		hand_over(feeder);
}

/* Waits for the other thread's end, if there is one. */
static void join(struct ims_feeder *feeder)
{
	if (!feeder->thread)
		return;
	hand_over(feeder);
	g_mutex_lock(&feeder->lock);
	feeder->ended = true;
	g_cond_signal(&feeder->has_more);
	g_mutex_unlock(&feeder->lock);
	g_thread_join(feeder->thread);
	feeder->thread = NULL;
}

void ims_feeder_finish(struct ims_feeder *feeder)
{
	join(feeder);
	ims_engine_finish(feeder->engine);
}

void ims_feeder_free(struct ims_feeder *feeder)
{
	GList *link;

	if (!feeder)
		return;
	join(feeder);
	while ((link = g_queue_pop_head_link(&feeder->spare)))
		g_free(link->data);
	g_free(feeder->filling);
	g_mutex_clear(&feeder->lock);
	g_cond_clear(&feeder->has_more);
	g_cond_clear(&feeder->has_room);
	g_free(feeder);
}
