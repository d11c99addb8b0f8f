/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registrations over time, by outcome. Intervals begin narrow and are joined
 * to wider ones as the capture goes on, so that there are never more of them
 * than a chart can show.
 */
#ifndef IMS_HTML_TIMES_H
#define IMS_HTML_TIMES_H

#include <glib.h>

#include <ims/attributes.h>
#include <ims/registration.h>

#include "json_writer.h"

#define IMS_HTML_MAX_INTERVALS 240

struct ims_html_times;

struct ims_html_times *ims_html_times_new(void) IMS_MUST_USE;
void ims_html_times_free(struct ims_html_times *times);

void ims_html_times_add(struct ims_html_times *times, int64_t time_ns,
			enum ims_outcome outcome) IMS_NONNULL_ALL;

/*
 * {"width" (ms), "intervals": [[start (ms), count, ...], ...]}: the intervals
 * in which something was, a count an outcome in the order of the enum.
 */
void ims_html_times_put(const struct ims_html_times *times,
			struct ims_json *out, const char *key)
	IMS_NONNULL(1, 2);

#endif
