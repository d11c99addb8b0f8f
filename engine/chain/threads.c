// SPDX-License-Identifier: GPL-2.0-or-later
/* Call-IDs: what is open under each. */
#include "core.h"

char *ims_text_new(struct ims_slice slice)
{
	return ims_slice_is_set(slice) ? g_strndup(slice.at, slice.len) : NULL;
}

void ims_text_default(char **text, struct ims_slice slice)
{
	if (!*text && !ims_slice_is_empty(slice))
		*text = ims_text_new(slice);
}

struct ims_thread *ims_thread_find(struct ims_engine *engine,
				   struct ims_slice call_id)
{
	char *key = ims_text_new(call_id);
	struct ims_thread *thread =
		key ? g_hash_table_lookup(engine->threads, key) : NULL;

	g_free(key);
	return thread;
}

static void journey_free(gpointer journey)
{
	ims_journey_free(journey);
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

struct ims_thread *ims_thread_get(struct ims_engine *engine,
				  struct ims_slice call_id)
{
	struct ims_thread *thread = ims_thread_find(engine, call_id);

	if (thread) {
		wake(engine, thread);
		return thread;
	}
	thread = g_new0(struct ims_thread, 1);
	thread->call_id = g_strndup(call_id.at, call_id.len);
	thread->attempts = g_ptr_array_new();
	thread->journeys = g_ptr_array_new_with_free_func(journey_free);
	thread->pending = g_ptr_array_new();
	thread->timer.fire = call_due;
	thread->age.data = thread;
	thread->rest.data = thread;
	g_hash_table_insert(engine->threads, thread->call_id, thread);
	return thread;
}

static bool holds_anything(const struct ims_thread *thread)
{
	return thread->attempts->len || thread->journeys->len;
}

static int64_t rests_until(const struct ims_thread *thread)
{
	return MAX(thread->closed_until_ns, thread->judged_until_ns);
}

static void thread_free(struct ims_engine *engine, struct ims_thread *thread)
{
	ims_timer_stop(engine->timers, &thread->timer);
	wake(engine, thread);
	g_hash_table_remove(engine->threads, thread->call_id);
	g_ptr_array_free(thread->attempts, TRUE);
	g_ptr_array_free(thread->journeys, TRUE);
	g_ptr_array_free(thread->pending, TRUE);
	if (thread->told)
		g_hash_table_destroy(thread->told);
	g_free(thread->call_id);
	g_free(thread);
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
		engine->summary.let_go++;
	}
}

void ims_thread_release(struct ims_engine *engine, struct ims_thread *thread)
{
	if (thread->is_call && !thread->journeys->len) {
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
	GList *all = g_hash_table_get_values(engine->threads);

	for (GList *l = all; l; l = l->next)
		ims_thread_release(engine, l->data);
	g_list_free(all);
}
