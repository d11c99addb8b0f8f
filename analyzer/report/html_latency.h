/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long Diameter peers took to answer, a command and a peer: fixed
 * histograms, so that memory does not grow with the exchanges.
 */
#ifndef IMS_HTML_LATENCY_H
#define IMS_HTML_LATENCY_H

#include <glib.h>

#include <ims/attributes.h>
#include <ims/exchange.h>

#include "json_writer.h"

/* Peers kept apart, a command counted anew; the rest are one, without
   address. A peer takes up IMS_HTML_LATENCY_BUCKETS * 4 bytes. */
#define IMS_HTML_MAX_PEERS 256
/* A hundred a decade, from 1 us to 100 s; the first and the last hold what is
   beyond. */
#define IMS_HTML_LATENCY_BUCKETS 800

struct ims_html_latency;

struct ims_html_latency *ims_html_latency_new(void) IMS_MUST_USE;
void ims_html_latency_free(struct ims_html_latency *latency);

void ims_html_latency_add(struct ims_html_latency *latency,
			  const struct ims_exchange *e) IMS_NONNULL_ALL;

/*
 * A list of peers by command and address: {"command", "address", "count",
 * "errors", "unanswered", "max" (ms), "buckets": [bucket, count, ...]}.
 */
void ims_html_latency_put(const struct ims_html_latency *latency,
			  struct ims_json *out, const char *key)
	IMS_NONNULL(1, 2);

#endif
