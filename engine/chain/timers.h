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
	size_t place; /* in the heap, from 1; 0: not set */
	void (*fire)(void *user, struct ims_timer *timer);
};

struct ims_timers;

struct ims_timers *ims_timers_new(void) IMS_MUST_USE;
void ims_timers_free(struct ims_timers *timers); /* NULL: nothing */

/* Sets or moves the timer. */
void ims_timer_set(struct ims_timers *timers, struct ims_timer *timer,
		   int64_t due_ns) IMS_NONNULL_ALL;
void ims_timer_stop(struct ims_timers *timers,
		    struct ims_timer *timer) IMS_NONNULL_ALL;

/* When the earliest is due; INT64_MAX: none is set. */
int64_t ims_timers_due(struct ims_timers *timers) IMS_NONNULL_ALL;

/* Fires, earliest first, all that are due at or before `now_ns`. A timer is
   stopped before it fires, and may set itself again. */
void ims_timers_run(struct ims_timers *timers, int64_t now_ns, void *user)
	IMS_NONNULL(1);

#endif
