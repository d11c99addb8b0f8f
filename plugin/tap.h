/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our tap, "imsleuth": every frame is told to it. What comes with a frame is
 * the capture's struct ims_kept, or NULL while it is read for the first time:
 * then what is known of it will be known at the end.
 */
#ifndef IMS_TAP_H
#define IMS_TAP_H

#include <stdbool.h>

#define IMS_TAP "imsleuth"

struct _packet_info;
struct ims_kept;

void ims_tap_register(void);

/* Whether anybody listens. */
bool ims_tap_is_wanted(void);

/* Tells those who listen of the frame; `kept` may be NULL. */
void ims_tap_queue(struct _packet_info *pinfo, const struct ims_kept *kept);

#endif
