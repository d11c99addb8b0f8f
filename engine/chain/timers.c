// SPDX-License-Identifier: GPL-2.0-or-later
#include "timers.h"

#include <glib.h>

/* A place in the heap, with the timer's known_ns beside it. */
struct place {
	int64_t time_ns;
	struct ims_timer *timer;
};

struct ims_timers {
	GArray *heap; /* of struct place: place i of a timer is index i - 1 */
};

struct ims_timers *ims_timers_new(void)
{
	struct ims_timers *timers = g_new0(struct ims_timers, 1);

	timers->heap = g_array_new(FALSE, FALSE, sizeof(struct place));
	return timers;
}

void ims_timers_free(struct ims_timers *timers)
{
	if (!timers)
		return;
	g_array_free(timers->heap, TRUE);
	g_free(timers);
}

static struct place *at(const struct ims_timers *timers, size_t place)
{
	return &g_array_index(timers->heap, struct place, place - 1);
}

static void put(struct ims_timers *timers, struct place what, size_t place)
{
	*at(timers, place) = what;
	what.timer->place = place;
	what.timer->known_ns = what.time_ns;
}

static void sift_up(struct ims_timers *timers, struct place what)
{
	size_t place = what.timer->place;

	while (place > 1 && at(timers, place / 2)->time_ns > what.time_ns) {
		put(timers, *at(timers, place / 2), place);
		place /= 2;
	}
	put(timers, what, place);
}

static void sift_down(struct ims_timers *timers, struct place what)
{
	size_t place = what.timer->place;
	size_t n = timers->heap->len;

	while (place * 2 <= n) {
		size_t child = place * 2;

		if (child < n &&
		    at(timers, child + 1)->time_ns < at(timers, child)->time_ns)
			child++;
		if (at(timers, child)->time_ns >= what.time_ns)
			break;
		put(timers, *at(timers, child), place);
		place = child;
	}
	put(timers, what, place);
}

void ims_timer_move(struct ims_timers *timers, struct ims_timer *timer)
{
	struct place what = {timer->due_ns, timer};

	if (!timer->place) {
		g_array_append_val(timers->heap, what);
		timer->place = timers->heap->len;
	}
	sift_up(timers, what);
}

void ims_timer_stop(struct ims_timers *timers, struct ims_timer *timer)
{
	struct place last;
	size_t place = timer->place;

	if (!place)
		return;
	last = *at(timers, timers->heap->len);
	g_array_set_size(timers->heap, timers->heap->len - 1);
	timer->place = 0;
	if (last.timer == timer)
		return;
	put(timers, last, place);
	sift_up(timers, last);
	sift_down(timers, *at(timers, last.timer->place));
}

int64_t ims_timers_due(struct ims_timers *timers, int64_t now_ns)
{
	while (timers->heap->len && at(timers, 1)->time_ns <= now_ns) {
		struct place first = *at(timers, 1);

		if (first.time_ns == first.timer->due_ns)
			return first.time_ns;
		first.time_ns = first.timer->due_ns;
		sift_down(timers, first);
	}
	return INT64_MAX;
}

void ims_timers_run(struct ims_timers *timers, int64_t now_ns, void *user)
{
	while (timers->heap->len && ims_timers_due(timers, now_ns) <= now_ns) {
		struct ims_timer *timer = at(timers, 1)->timer;

		ims_timer_stop(timers, timer);
		timer->fire(user, timer);
	}
}
