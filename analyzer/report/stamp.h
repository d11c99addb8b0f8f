/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as text. */
#ifndef IMS_STAMP_H
#define IMS_STAMP_H

#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

#define IMS_STAMP_TEXT 40

/* "2024-05-01T10:11:12.000000001Z" (RFC 3339, UTC). Returns out. */
const char *ims_stamp(char out[IMS_STAMP_TEXT],
		      int64_t time_ns) IMS_NONNULL_ALL;

/* The last second that was written, for the next one. All zero: none yet. */
struct ims_stamp_clock {
	int64_t second;
	char text[IMS_STAMP_TEXT]; /* "2024-05-01T10:11:12." */
	size_t len;
};

/* As ims_stamp, but without NUL; returns the length. */
size_t ims_stamp_put(char out[IMS_STAMP_TEXT], struct ims_stamp_clock *clock,
		     int64_t time_ns) IMS_NONNULL_ALL;

/* "0.142 s", "12.5 s", "3 min 20 s": for a person. Returns out. */
const char *ims_duration(char out[IMS_STAMP_TEXT],
			 int64_t duration_ns) IMS_NONNULL_ALL;

#endif
