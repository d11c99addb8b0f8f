/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deadlines in capture time: a binary heap of timers that live inside the
 * things they time. To put one off costs nothing until it would have fired.
 */
#ifndef IMS_TIMERS_H
#define IMS_TIMERS_H

#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

struct ims_timer {
	int64_t due_ns;
	int64_t known_ns; /* when it is due as the heap knows it: no later */
	size_t place;	  /* in the heap, from 1; 0: not set */
	void (*fire)(void *user, struct ims_timer *timer);
};

struct ims_timers;

struct ims_timers *ims_timers_new(void) IMS_MUST_USE;
void ims_timers_free(struct ims_timers *timers); /* NULL: nothing */

/* Puts it where it belongs: one that is not set, or due before it was. */
void ims_timer_move(struct ims_timers *timers,
		    struct ims_timer *timer) IMS_NONNULL_ALL;

/* Sets or moves the timer. One that is put off, which is what nearly every
   message does to one, moves down only when it would have fired. */
static inline void ims_timer_set(struct ims_timers *timers,
				 struct ims_timer *timer, int64_t due_ns)
{
	timer->due_ns = due_ns;
	if (!timer->place || due_ns < timer->known_ns)
		ims_timer_move(timers, timer);
}

void ims_timer_stop(struct ims_timers *timers,
		    struct ims_timer *timer) IMS_NONNULL_ALL;

/* When the earliest is due of those that are at or before `now_ns`; INT64_MAX:
   none is. */
int64_t ims_timers_due(struct ims_timers *timers,
		       int64_t now_ns) IMS_NONNULL_ALL;

/* Fires, earliest first, all that are due at or before `now_ns`. A timer is
   stopped before it fires, and may set itself again. */
void ims_timers_run(struct ims_timers *timers, int64_t now_ns, void *user)
	IMS_NONNULL(1);

#endif
