/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which program the plugin runs in, and how far that is. */
#ifndef IMS_HOST_H
#define IMS_HOST_H

#include <stdbool.h>

/* Wireshark's window, not tshark. Known before anything is registered. */
bool ims_host_is_window(void);

/* The window shows a file that has been read to its end. */
bool ims_host_has_read_all(void);

/*
 * A display filter that stood while the file was read was asked before
 * anything was known of the frames: the window asks it again.
 */
void ims_host_filter_again(void);

#endif
