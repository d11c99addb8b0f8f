/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns as people write them for names of files. */
#ifndef IMS_GLOB_H
#define IMS_GLOB_H

#include <stdbool.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/*
 * Whether `pattern` matches all of `text`: `*`, `?` and classes as `[0-9]`
 * and `[!a-z]`; ASCII letters without regard to case. Time: the product of
 * both lengths at most.
 */
bool ims_glob(const char *pattern, struct ims_slice text) IMS_NONNULL(1);

#endif
