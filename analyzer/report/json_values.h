/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single values of a report as JSON: see json_writer.h. The unknown is null. */
#ifndef IMS_JSON_VALUES_H
#define IMS_JSON_VALUES_H

#include <ims/finding.h>
#include <ims/registration.h>

#include "json_writer.h"

void ims_json_put_wire(struct ims_json *json, char *at, struct ims_slice wire)
	IMS_NONNULL(1, 2);
void ims_json_put_text(struct ims_json *json, char *at, const char *text)
	IMS_NONNULL(1, 2);
void ims_json_put_name(struct ims_json *json, char *at, const char *name)
	IMS_NONNULL(1, 2);
void ims_json_put_endpoint(struct ims_json *json, char *at,
			   const struct ims_endpoint *endpoint) IMS_NONNULL_ALL;
void ims_json_put_frame(struct ims_json *json, char *at,
			struct ims_frame frame) IMS_NONNULL_ALL;
void ims_json_put_party(struct ims_json *json, char *at,
			const struct ims_party *party) IMS_NONNULL_ALL;

/* Text from the wire; absent and empty are null. */
IMS_INLINE void ims_json_wire(struct ims_json *json, const char *key,
			      struct ims_slice wire)
{
	ims_json_put_wire(json, ims_json_start(json, key), wire);
}

/* Likewise, of a NUL-terminated string or NULL. */
IMS_INLINE void ims_json_text(struct ims_json *json, const char *key,
			      const char *text)
{
	ims_json_put_text(json, ims_json_start(json, key), text);
}

/* One of the program's own short names, which need no escapes; NULL is null. */
IMS_INLINE void ims_json_name(struct ims_json *json, const char *key,
			      const char *name)
{
	ims_json_put_name(json, ims_json_start(json, key), name);
}

/* As ims_json_put_name, of a few letters: it takes longer to ask how many. */
IMS_INLINE void ims_json_put_letters(struct ims_json *json, char *at,
				     const char *name)
{
	if (!name) {
		ims_json_put_word(json, at, "null");
		return;
	}
	*at++ = '"';
	while (*name)
		*at++ = *name++;
	memcpy(at, "\",", 2);
	json->at = at + 2;
}

IMS_INLINE void ims_json_count(struct ims_json *json, const char *key,
			       uint64_t n)
{
	ims_json_integer(json, key, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

/* Milliseconds; -1 ns is null. */
IMS_INLINE void ims_json_latency(struct ims_json *json, const char *key,
				 int64_t ns)
{
	if (ns == -1)
		ims_json_null(json, key);
	else
		ims_json_ms(json, key, ns);
}

/* "IP:port"; null for family 0. */
IMS_INLINE void ims_json_endpoint(struct ims_json *json, const char *key,
				  const struct ims_endpoint *endpoint)
{
	ims_json_put_endpoint(json, ims_json_start(json, key), endpoint);
}

/* {"capture", "frame"}; null for frame 0. */
IMS_INLINE void ims_json_frame(struct ims_json *json, const char *key,
			       struct ims_frame frame)
{
	ims_json_put_frame(json, ims_json_start(json, key), frame);
}

/* "P-CSCF 10.0.0.1:5060", or what of it is known. */
IMS_INLINE void ims_json_party(struct ims_json *json, const char *key,
			       const struct ims_party *party)
{
	ims_json_put_party(json, ims_json_start(json, key), party);
}

void ims_json_fact(struct ims_json *json, const char *key,
		   const struct ims_fact *fact) IMS_NONNULL(1, 3);

#endif
