/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a read does while nothing comes: of a pipe, of an interface. */
#ifndef IMS_CAPTURE_WAIT_H
#define IMS_CAPTURE_WAIT_H

#include <stdbool.h>

#include <ims/attributes.h>

#include "capture.h"

/* NULL fn: it waits as long as it takes. */
struct ims_wait {
	ims_wait_fn *fn;
	void *user;
};

/*
 * Waits until there is something to read from `fd`, be it the end or an error,
 * and returns true; false when whoever waits has waited enough, which is asked
 * once at least. fd -1: nobody can say; true after IMS_WAIT_MS.
 */
bool ims_wait(const struct ims_wait *wait, int fd) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
