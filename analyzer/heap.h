/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where malloc takes memory from: the program's, not the engine's, to say. */
#ifndef IMS_HEAP_H
#define IMS_HEAP_H

/*
 * Lets malloc use large pages, where the system has them on offer: a page costs
 * the system much more to hand out than the program to fill, and so does each
 * new one to find. Before anything else, for what was handed out before is
 * small.
 */
void ims_heap_prepare(void);

/* The threads there will be work on one capture, so they take turns in asking
   for memory. Before there are any. */
void ims_heap_share(void);

#endif
