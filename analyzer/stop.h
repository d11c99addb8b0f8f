/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ctrl-C as the end of a live capture, not of the program. */
#ifndef IMS_STOP_H
#define IMS_STOP_H

#include <stdbool.h>

/* From now on SIGINT and SIGTERM ask for the end; the second of them is what
   it was before. */
void ims_stop_on_signals(void);

/* Whether one came. On any thread. */
bool ims_stop_is_asked(void);

#endif
