/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times and durations as users write them. */
#ifndef IMS_TIMES_H
#define IMS_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>

/* A point in time, or a distance from the first packet. */
struct ims_moment {
	bool is_relative;
	int64_t ns;
};

/*
 * Reads seconds, "12", "-0.25": a sign, digits, at most nine decimals.
 * Returns false, and leaves *ns alone, for anything else or too much.
 */
bool ims_seconds_parse(int64_t *ns,
		       const char *text) IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * Reads RFC 3339: "2024-05-01T10:11:12.5Z", "2024-05-01 12:11:12+02:00".
 * Returns false, and leaves *ns alone, for anything else, for a day that
 * does not exist and for years outside 1970 to 2261.
 */
bool ims_rfc3339_parse(int64_t *ns,
		       const char *text) IMS_NONNULL_ALL IMS_MUST_USE;

/* Either of the two; seconds have no sign here. */
bool ims_moment_parse(struct ims_moment *moment,
		      const char *text) IMS_NONNULL_ALL IMS_MUST_USE;

/* The moment's time; held to what int64_t can say. */
int64_t ims_moment_time(const struct ims_moment *moment,
			int64_t first_ns) IMS_NONNULL_ALL;

#endif
