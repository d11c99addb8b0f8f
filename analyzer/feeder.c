// SPDX-License-Identifier: GPL-2.0-or-later
#include "feeder.h"

#include <glib.h>

/* A record, or without one the time; of neither: a record that was lost. */
struct item {
	struct ims_facts *record;
	int64_t time_ns; /* LOST */
};

#define LOST INT64_MIN

struct batch {
	GList link; /* in waiting or spare */
	unsigned n;
	size_t bytes;	   /* of its messages */
	int64_t oldest_ns; /* its first item's time */
	struct item items[IMS_FEEDER_BATCH];
};

struct ims_feeder {
	struct ims_engine *engine;
	GThread *thread; /* NULL: without */
	struct batch *filling;

	GMutex lock; /* of what follows */
	GCond changed;
	GQueue waiting; /* batches for the engine, oldest first */
	GQueue spare;	/* empty ones */
	bool ended;	/* no more will come */
};

static struct batch *batch_new(void)
{
	struct batch *batch = g_new(struct batch, 1);

	batch->link = (GList){.data = batch};
	batch->n = 0;
	batch->bytes = 0;
	return batch;
}

static void feed_batch(struct ims_engine *engine, struct batch *batch)
{
	for (unsigned i = 0; i < batch->n; i++) {
		const struct item *item = &batch->items[i];

		if (item->record)
			ims_engine_take(engine, item->record);
		else if (item->time_ns == LOST)
			ims_engine_lost(engine);
		else
			ims_engine_clock(engine, item->time_ns);
	}
	batch->n = 0;
	batch->bytes = 0;
}

/* The oldest batch that waits; NULL: all was fed. Under the lock. */
static struct batch *next_batch(struct ims_feeder *feeder)
{
	GList *link;

	while (!feeder->waiting.head && !feeder->ended)
		g_cond_wait(&feeder->changed, &feeder->lock);
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
		g_mutex_lock(&feeder->lock);
		g_queue_push_tail_link(&feeder->spare, &batch->link);
		g_cond_signal(&feeder->changed);
	}
	g_mutex_unlock(&feeder->lock);
	return NULL;
}

/* Gives the batch being filled to the other thread, when that is not too far
   behind, and takes an empty one. */
static void hand_over(struct ims_feeder *feeder)
{
	GList *spare;

	if (!feeder->filling->n)
		return;
	g_mutex_lock(&feeder->lock);
	while (feeder->waiting.length >= IMS_FEEDER_BATCHES)
		g_cond_wait(&feeder->changed, &feeder->lock);
	g_queue_push_tail_link(&feeder->waiting, &feeder->filling->link);
	spare = g_queue_pop_head_link(&feeder->spare);
	g_cond_signal(&feeder->changed);
	g_mutex_unlock(&feeder->lock);
	feeder->filling = spare ? spare->data : batch_new();
}

/* Times come off the wire: any difference is possible. */
static bool is_haste_due(const struct batch *batch, int64_t now_ns)
{
	return now_ns > batch->oldest_ns &&
	       (uint64_t)now_ns - (uint64_t)batch->oldest_ns >
		       IMS_FEEDER_HASTE_NS;
}

static void add(struct ims_feeder *feeder, struct item item, size_t bytes)
{
	struct batch *batch = feeder->filling;

	if (!batch->n)
		batch->oldest_ns = item.time_ns;
	batch->items[batch->n++] = item;
	batch->bytes += bytes;
	if (batch->n == IMS_FEEDER_BATCH ||
	    batch->bytes > IMS_FEEDER_BATCH_BYTES ||
	    is_haste_due(batch, item.time_ns))
		hand_over(feeder);
}

struct ims_feeder *ims_feeder_new(struct ims_engine *engine, bool is_threaded)
{
	struct ims_feeder *feeder = g_new0(struct ims_feeder, 1);

	feeder->engine = engine;
	g_mutex_init(&feeder->lock);
	g_cond_init(&feeder->changed);
	if (is_threaded)
		feeder->thread = g_thread_try_new("engine", run, feeder, NULL);
	if (feeder->thread)
		feeder->filling = batch_new();
	return feeder;
}

bool ims_feeder_event(struct ims_feeder *feeder, const struct ims_event *event)
{
	struct ims_facts *record;

	if (!feeder->thread)
		return ims_engine_feed(feeder->engine, event);
	record = ims_engine_read(feeder->engine, event);
	add(feeder, (struct item){record, record ? event->time_ns : LOST},
	    event->bytes.len);
	return record;
}

void ims_feeder_clock(struct ims_feeder *feeder, int64_t time_ns)
{
	if (feeder->thread)
		add(feeder, (struct item){NULL, time_ns}, 0);
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
	g_cond_signal(&feeder->changed);
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
	g_cond_clear(&feeder->changed);
	g_free(feeder);
}
