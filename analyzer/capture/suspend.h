/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many captures are read with few descriptors and little memory. */
#ifndef IMS_CAPTURE_SUSPEND_H
#define IMS_CAPTURE_SUSPEND_H

#include <stdbool.h>

#include <ims/attributes.h>

#include "capture.h"

/* It holds a descriptor that ims_capture_pause would free. */
bool ims_capture_is_pausable(const struct ims_capture *capture) IMS_NONNULL_ALL;

/* Closes its file until it is read on. */
void ims_capture_pause(struct ims_capture *capture) IMS_NONNULL_ALL;

/*
 * Forgets all that was read: the next read opens the file and begins anew.
 * false, with nothing done, where that cannot be (standard input, a pipe).
 */
bool ims_capture_rewind(struct ims_capture *capture) IMS_NONNULL_ALL;

#endif
