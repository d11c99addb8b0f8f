// SPDX-License-Identifier: GPL-2.0-or-later
/* Call-IDs: what is open under each. */
#include "core.h"

void ims_text_default(struct ims_engine *engine, char **text,
		      struct ims_slice slice)
{
	if (!*text && !ims_slice_is_empty(slice))
		*text = ims_stock_text(engine->stock, slice);
}

struct ims_slice ims_until_nul(struct ims_slice text)
{
	return ims_slice(text.at, text.at ? strnlen(text.at, text.len) : 0);
}

static bool is_of(const void *value, const void *key)
{
	const struct ims_thread *thread = value;
	const struct ims_slice *call_id = key;

	return strncmp(thread->call_id, call_id->at, call_id->len) == 0 &&
	       thread->call_id[call_id->len] == '\0';
}

static struct ims_thread *find(const struct ims_engine *engine, uint32_t hash,
			       struct ims_slice key)
{
	return key.at ? ims_set_find(&engine->threads, hash, is_of, &key)
		      : NULL;
}

struct ims_thread *ims_thread_find(struct ims_engine *engine,
				   struct ims_slice call_id)
{
	struct ims_slice key = ims_until_nul(call_id);

	return find(engine, ims_set_hash_of(key), key);
}

static void call_due(void *user, struct ims_timer *timer)
{
	ims_call_close(user,
		       (struct ims_thread *)((char *)timer -
					     G_STRUCT_OFFSET(struct ims_thread,
							     timer)));
}

/* In use, or gone: no longer among those that are let go for others. */
static void wake(struct ims_engine *engine, struct ims_thread *thread)
{
	if (thread->is_resting)
		g_queue_unlink(&engine->resting, &thread->rest);
	thread->is_resting = false;
}

static size_t size_of(size_t call_id)
{
	return sizeof(struct ims_thread) + call_id + 1;
}

static struct ims_thread *thread_new(struct ims_engine *engine, uint32_t hash,
				     struct ims_slice call_id)
{
	struct ims_thread *thread =
		ims_stock_take(engine->stock, size_of(call_id.len));

	if (call_id.len)
		memcpy(thread->call_id, call_id.at, call_id.len);
	thread->hash = hash;
	ims_few_init(&thread->attempts);
	ims_few_init(&thread->journeys);
	thread->timer.fire = call_due;
	thread->age.data = thread;
	thread->rest.data = thread;
	ims_set_add(&engine->threads, hash, thread);
	return thread;
}

struct ims_thread *ims_thread_get(struct ims_engine *engine,
				  struct ims_slice call_id)
{
	struct ims_slice key = ims_until_nul(call_id);
	uint32_t hash = ims_set_hash_of(key);
	struct ims_thread *thread = find(engine, hash, key);

	if (!thread)
		return thread_new(engine, hash, key);
	wake(engine, thread);
	return thread;
}

static bool holds_anything(const struct ims_thread *thread)
{
	return thread->attempts.n || thread->journeys.n;
}

static int64_t rests_until(const struct ims_thread *thread)
{
	return MAX(thread->closed_until_ns, thread->judged_until_ns);
}

static void thread_free(struct ims_engine *engine, struct ims_thread *thread)
{
	ims_timer_stop(engine->timers, &thread->timer);
	wake(engine, thread);
	ims_set_remove(&engine->threads, thread->hash, thread);
	ims_few_clear(&thread->attempts);
	ims_few_clear(&thread->journeys);
	if (thread->told)
		g_hash_table_destroy(thread->told);
	ims_stock_give(engine->stock, thread, size_of(strlen(thread->call_id)));
}

/* Kept for a while, to know what comes late of what was closed under it. */
static void rest(struct ims_engine *engine, struct ims_thread *thread)
{
	struct ims_thread *oldest;

	ims_timer_set(engine->timers, &thread->timer, rests_until(thread));
	wake(engine, thread);
	thread->is_resting = true;
	g_queue_push_tail_link(&engine->resting, &thread->rest);
	if (engine->resting.length <= IMS_MAX_RESTING)
		return;
	oldest = engine->resting.head->data;
	wake(engine, oldest);
	if (!holds_anything(oldest)) {
		thread_free(engine, oldest);
		ims_let_go(engine, IMS_BOUND_CALL_IDS, 1);
	}
}

void ims_thread_release(struct ims_engine *engine, struct ims_thread *thread)
{
	if (thread->is_call && !thread->journeys.n) {
		g_queue_unlink(&engine->calls, &thread->age);
		thread->is_call = false;
	}
	if (holds_anything(thread))
		return;
	if (!engine->ended && engine->now_ns < rests_until(thread))
		rest(engine, thread);
	else
		thread_free(engine, thread);
}

void ims_threads_release(struct ims_engine *engine)
{
	GPtrArray *all = g_ptr_array_new();
	struct ims_thread *thread;
	size_t place = 0;

	while ((thread = ims_set_next(&engine->threads, &place)))
		g_ptr_array_add(all, thread);
	for (unsigned i = 0; i < all->len; i++)
		ims_thread_release(engine, all->pdata[i]);
	g_ptr_array_free(all, TRUE);
}
