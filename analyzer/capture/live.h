/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An interface listened to, as a reader. Only capture.c includes this. */
#ifndef IMS_CAPTURE_LIVE_H
#define IMS_CAPTURE_LIVE_H

#include <ims/attributes.h>

#include "reader.h"
#include "wait.h"

/*
 * Opens it. Never gives more than the wait allows; says END when that was
 * enough, after the last drops. NULL with reading->error set when it cannot be
 * listened to. What is given must live longer.
 */
struct ims_reader *ims_live_reader(
	struct ims_reading *reading, const struct ims_live *live,
	const struct ims_wait *wait) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
