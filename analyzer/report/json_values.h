/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single values of a report as JSON: see json_writer.h. The unknown is null. */
#ifndef IMS_JSON_VALUES_H
#define IMS_JSON_VALUES_H

#include <ims/finding.h>
#include <ims/registration.h>

#include "json_writer.h"

/* Text from the wire; absent and empty are null. */
void ims_json_wire(struct ims_json *json, const char *key,
		   struct ims_slice wire) IMS_NONNULL(1);
/* Likewise, of a NUL-terminated string or NULL. */
void ims_json_text(struct ims_json *json, const char *key, const char *text)
	IMS_NONNULL(1);
void ims_json_count(struct ims_json *json, const char *key, uint64_t n)
	IMS_NONNULL(1);
/* Milliseconds; -1 ns is null. */
void ims_json_latency(struct ims_json *json, const char *key, int64_t ns)
	IMS_NONNULL(1);
/* "IP:port"; null for family 0. */
void ims_json_endpoint(struct ims_json *json, const char *key,
		       const struct ims_endpoint *endpoint) IMS_NONNULL(1, 3);
/* {"capture", "frame"}; null for frame 0. */
void ims_json_frame(struct ims_json *json, const char *key,
		    struct ims_frame frame) IMS_NONNULL(1);
/* "P-CSCF 10.0.0.1:5060", or what of it is known. */
void ims_json_party(struct ims_json *json, const char *key,
		    const struct ims_party *party) IMS_NONNULL(1, 3);
void ims_json_fact(struct ims_json *json, const char *key,
		   const struct ims_fact *fact) IMS_NONNULL(1, 3);

#endif
