// SPDX-License-Identifier: GPL-2.0-or-later
#include "timers.h"

#include <glib.h>

struct ims_timers {
	GPtrArray *heap; /* place i of a timer is index i - 1 */
};

struct ims_timers *ims_timers_new(void)
{
	struct ims_timers *timers = g_new0(struct ims_timers, 1);

	timers->heap = g_ptr_array_new();
	return timers;
}

void ims_timers_free(struct ims_timers *timers)
{
	if (!timers)
		return;
	g_ptr_array_free(timers->heap, TRUE);
	g_free(timers);
}

static struct ims_timer *at(const struct ims_timers *timers, size_t place)
{
	return timers->heap->pdata[place - 1];
}

static void put(struct ims_timers *timers, struct ims_timer *timer,
		size_t place)
{
	timers->heap->pdata[place - 1] = timer;
	timer->place = place;
}

static void sift_up(struct ims_timers *timers, struct ims_timer *timer)
{
	size_t place = timer->place;

	while (place > 1 && at(timers, place / 2)->due_ns > timer->due_ns) {
		put(timers, at(timers, place / 2), place);
		place /= 2;
	}
	put(timers, timer, place);
}

static void sift_down(struct ims_timers *timers, struct ims_timer *timer)
{
	size_t place = timer->place;
	size_t n = timers->heap->len;

	while (place * 2 <= n) {
		size_t child = place * 2;

		if (child < n &&
		    at(timers, child + 1)->due_ns < at(timers, child)->due_ns)
			child++;
		if (at(timers, child)->due_ns >= timer->due_ns)
			break;
		put(timers, at(timers, child), place);
		place = child;
	}
	put(timers, timer, place);
}

void ims_timer_set(struct ims_timers *timers, struct ims_timer *timer,
		   int64_t due_ns)
{
	timer->due_ns = due_ns;
	if (!timer->place) {
		g_ptr_array_add(timers->heap, timer);
		timer->place = timers->heap->len;
	}
	sift_up(timers, timer);
	sift_down(timers, timer);
}

void ims_timer_stop(struct ims_timers *timers, struct ims_timer *timer)
{
	struct ims_timer *last;
	size_t place = timer->place;

	if (!place)
		return;
	last = at(timers, timers->heap->len);
	g_ptr_array_set_size(timers->heap, (int)timers->heap->len - 1);
	timer->place = 0;
	if (last == timer)
		return;
	put(timers, last, place);
	sift_up(timers, last);
	sift_down(timers, last);
}

int64_t ims_timers_due(const struct ims_timers *timers)
{
	return timers->heap->len ? at(timers, 1)->due_ns : INT64_MAX;
}

void ims_timers_run(struct ims_timers *timers, int64_t now_ns, void *user)
{
	while (timers->heap->len && at(timers, 1)->due_ns <= now_ns) {
		struct ims_timer *timer = at(timers, 1);

		ims_timer_stop(timers, timer);
		timer->fire(user, timer);
	}
}
